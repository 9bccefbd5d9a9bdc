import { describe, expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, BOLD, column, HEAD, page, type RowSpec, TITLE, tagged } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const TEXT = [FULL, FULL, FULL, "and the last one is short."];

/** Titles (level 0) and headings with their levels. */
function headingsOf(...pages: PageLines[]): [level: number, text: string][] {
  const profile = profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()));
  return pages.flatMap((lines) =>
    layOut(lines, profile).blocks.flatMap((block): [number, string][] => {
      const level = block.kind === "heading" ? block.level : block.kind === "title" ? 0 : null;
      return level === null || !("runs" in block) ? [] : [[level, block.runs.map((run) => run.text).join("")]];
    }),
  );
}

function sections(heads: readonly (readonly [text: string, style: typeof BODY])[]): PageLines {
  const rows = heads.flatMap(([text, style], i): RowSpec[] => [
    { x: 5000, y: 12000 + 9000 * i, text, style },
    ...column(5000, 13200 + 9000 * i, TEXT),
  ]);
  return page(1, rows);
}

const plain = () =>
  sections([
    ["Rivers in Towns", BODY],
    ["How they came to be", BODY],
    ["What was before", BODY],
  ]);
const roles: Readonly<Record<string, string>> = {
  "Rivers in Towns": "H1",
  "How they came to be": "H2",
  "What was before": "H3",
};

describe("headings of a tagged file", () => {
  test("are headings in any type, with the levels of their tags under the one title", () => {
    expect(headingsOf(tagged(plain(), (text) => roles[text] ?? "P"))).toEqual([
      [0, "Rivers in Towns"],
      [1, "How they came to be"],
      [2, "What was before"],
    ]);
    expect(headingsOf(plain())).toEqual([]);
  });

  test("of which the highest is the first where no title stands above them", () => {
    const tags = tagged(plain(), (text) => (text in roles ? "H3" : "P"));
    expect(headingsOf(tags).map(([level]) => level)).toEqual([1, 1, 1]);
  });

  test("what is bold in the text's size but tagged as text or as an item is none; larger type stays one", () => {
    const lines = () =>
      sections([
        ["Rivers in Towns", TITLE],
        ["A term", BOLD],
        ["How they came to be", HEAD],
        ["Another term", BOLD],
        ["A section in print", HEAD],
      ]);
    const found = (role: string) =>
      headingsOf(
        tagged(lines(), (text) => ({ "Rivers in Towns": "H1", "How they came to be": "H2" })[text] ?? role),
      ).map(([, text]) => text);
    expect(found("P")).toEqual(["Rivers in Towns", "How they came to be", "A section in print"]);
    expect(found("LBody")).toEqual(["Rivers in Towns", "How they came to be"]);
    expect(headingsOf(lines())).toHaveLength(5);
  });

  test("a tag for everything says nothing", () => {
    expect(headingsOf(tagged(plain(), () => "H1"))).toEqual([]);
    expect(headingsOf(tagged(plain(), (text) => (text in roles ? "H1" : null)))).toEqual([]);
  });

  test("what two elements claim has no role, but is tagged: numbers of another page's content", () => {
    const lines = tagged(plain(), (text) => roles[text] ?? "P");
    const children = [...lines.tags!.children, { role: "LI", mcids: [0], children: [] }];
    expect(headingsOf({ ...lines, tags: { ...lines.tags!, children } }).map(([, text]) => text)).toEqual([
      "How they came to be",
      "What was before",
    ]);
  });
});
