import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, BOLD, column, HEAD, page, type RowSpec, TITLE } from "../page.ts";

const HALF = "half a line of the text of a column";
const NAME = { ...BODY, size: 1300 };

function blocksOf(rows: readonly RowSpec[]): [kind: string, text: string][] {
  const lines = page(1, rows);
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks.map((block) => [
    block.kind,
    textOf(block),
  ]);
}

function textOf(block: Block): string {
  return "runs" in block ? block.runs.map((run) => run.text).join("") : "";
}

const twoColumns = (y: number): RowSpec[] =>
  [8000, 31000].flatMap((x) => column(x, y, [HALF, HALF, HALF, HALF, HALF, HALF, HALF, HALF, HALF, "the end."]));

test("names side by side over two columns come right behind the title", () => {
  const rows: RowSpec[] = [
    { x: 15000, y: 8000, text: "How a title looks in print", style: TITLE },
    { x: 21600, y: 11000, text: "Petrov", style: NAME },
    { x: 31500, y: 11000, text: "Castro", style: NAME },
    { x: 8000, y: 15000, text: "Abstract", style: HEAD },
    ...twoColumns(17000),
  ];
  const kinds = blocksOf(rows);
  expect(kinds.slice(0, 4)).toEqual([
    ["title", "How a title looks in print"],
    ["authors", "Petrov"],
    ["authors", "Castro"],
    ["heading", "Abstract"],
  ]);
});

test("a name of one short word beside another is one of them, a word alone at the title's edge is none", () => {
  const front = (...names: RowSpec[]) => [
    { x: 15000, y: 8000, text: "How a title looks in print", style: TITLE },
    ...names,
    { x: 8000, y: 15000, text: "Abstract", style: HEAD },
    ...twoColumns(17000),
  ];
  const xu = { x: 24200, y: 11000, text: "Xu", style: NAME };
  const castro = { x: 31500, y: 11000, text: "Castro", style: NAME };
  expect(blocksOf(front(xu, castro)).slice(1, 3)).toEqual([
    ["authors", "Xu"],
    ["authors", "Castro"],
  ]);
  expect(blocksOf(front({ ...xu, x: 15000 })).filter(([kind]) => kind === "authors")).toEqual([]);
});

test("addresses belong to the authors, a heading at the title's left edge does not", () => {
  const under = (text: string, style = BODY) =>
    blocksOf([
      { x: 8000, y: 8000, text: "How a title looks in print", style: TITLE },
      { x: 8000, y: 11000, text: "Maria Petrov, Juan Castro", style: BODY },
      { x: 8000, y: 13000, text, style },
      ...column(8000, 17000, [`${HALF} ${HALF}`, `${HALF} ${HALF}`, `${HALF} ${HALF}`, "the end."]),
      { x: 8000, y: 24000, text: "What was found", style: HEAD },
      ...column(8000, 27000, [`${HALF} ${HALF}`, `${HALF} ${HALF}`, `${HALF} ${HALF}`, "the end."]),
    ])[2]![0];
  expect(under("University of Somewhere")).toBe("authors");
  expect(under("petrov@example.org")).toBe("authors");
  expect(under("Getting Started", HEAD)).toBe("heading");
  expect(under("Getting Started", NAME)).not.toBe("authors");
});

test("what follows running text is no title, however large", () => {
  const rows: RowSpec[] = [
    { x: 8000, y: 8000, text: "What was found", style: HEAD },
    ...column(8000, 11000, [`${HALF} ${HALF}`, `${HALF} ${HALF}`, "the end."]),
    { x: 8000, y: 17000, text: "SOTA", style: TITLE },
    ...column(8000, 20000, [`${HALF} ${HALF}`, `${HALF} ${HALF}`, "the end."]),
  ];
  expect(blocksOf(rows).map(([kind]) => kind)).toEqual(["heading", "paragraph", "heading", "paragraph"]);
});

test("bold and a little larger than the text is a heading even when it stands alone in a long document", () => {
  const style = { ...BOLD, size: 1090 };
  const body = [`${HALF} ${HALF}`, `${HALF} ${HALF}`, `${HALF} ${HALF}`, "the end."];
  const first = page(1, [...column(8000, 20000, body), ...column(8000, 28000, ["Rare cohort"], style)]);
  const others = [2, 3].map((number) => page(number, column(8000, 20000, body)));
  const profile = profileOf([first, ...others].map(survey).reduce(mergeSurveys, emptySurvey()));
  expect(layOut(first, profile).blocks.map((block) => block.kind)).toEqual(["paragraph", "heading"]);
});

test("a long word of capitals under the title is read in bounded time", () => {
  const shout = `${"DEPARTMENTOFTRANSPORT".repeat(20)}: REPORT`;
  const rows: RowSpec[] = [
    { x: 15000, y: 8000, text: "How a title looks in print", style: TITLE },
    { x: 8000, y: 11000, text: shout },
    ...column(8000, 15000, [HALF, HALF, HALF, "the end."]),
  ];
  expect(blocksOf(rows).some(([kind, text]) => kind === "paragraph" && text.includes(shout))).toBe(true);
});

describe("a title page", () => {
  const pagesOf = (first: readonly RowSpec[]): string[] => {
    const text = [2, 3, 4].map((n) =>
      page(n, [
        // Larger than the title, as chapters of books are.
        { x: 8000, y: 9000, text: `Of Things ${"abc"[n - 2]}`, style: TITLE },
        ...column(8000, 12000, Array(20).fill(`${HALF} ${HALF}`)),
      ]),
    );
    const pages = [page(1, first), ...text];
    return layOut(pages[0]!, profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()))).blocks.map(
      (block) => `${block.kind}: ${textOf(block)}`,
    );
  };

  test("has the document's title as its largest text, though chapters are set larger", () => {
    const rows = [
      { x: 20000, y: 20000, text: "The Book of Rivers", style: HEAD },
      { x: 23000, y: 26000, text: "Anna Weiss", style: NAME },
      { x: 25000, y: 40000, text: "2020" },
    ];
    expect(pagesOf(rows)).toEqual(["title: The Book of Rivers", "authors: Anna Weiss", "paragraph: 2020"]);
  });

  test("is none that has text, and none whose largest is a section's name", () => {
    const text = column(8000, 30000, [`${HALF} ${HALF}`, `${HALF} ${HALF}`, "the end."]);
    expect(pagesOf([{ x: 8000, y: 20000, text: "Of Springs", style: HEAD }, ...text])[0]).toBe("heading: Of Springs");
    expect(pagesOf([{ x: 8000, y: 20000, text: "Contents", style: HEAD }])[0]).toBe("heading: Contents");
  });
});

test("a numbered first section in the largest type is no title", () => {
  const under = (text: string) =>
    blocksOf([{ x: 8000, y: 8000, text, style: TITLE }, ...column(8000, 12000, Array(9).fill(`${HALF} ${HALF}`))])[0];
  expect(under("1. Scope of agreement")).toEqual(["heading", "1. Scope of agreement"]);
  expect(under("10 ways to agree")).toEqual(["title", "10 ways to agree"]);
});
