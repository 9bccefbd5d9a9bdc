import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { join } from "../../../src/engine/join/index.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BOLD, column, HEAD, page, type RowSpec, SMALL, TITLE } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const SHOWN = ["We show what rivers do in towns and how they came to be so.", FULL, "and end."];

async function blocksOf(pages: readonly PageLines[]): Promise<Block[]> {
  const profile = profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()));
  const blocks: Block[] = [];
  const laid = (async function* () {
    for (const one of pages) yield layOut(one, profile);
  })();
  for await (const part of join(laid, profile)) blocks.push(...part.blocks);
  return blocks;
}

function kindsOf(blocks: readonly Block[]): string[] {
  return blocks.map((block) => (block.kind === "abstract" ? `abstract of ${block.blocks.length}` : block.kind));
}

const title: RowSpec = { x: 5000, y: 8000, text: "Rivers in Towns", style: TITLE };
const text = (y: number): RowSpec[] => [
  { x: 5000, y, text: "1 Introduction", style: HEAD },
  ...column(5000, y + 2000, [FULL, FULL, FULL, FULL, FULL, FULL, "and the last one is short."]),
];

describe("the abstract", () => {
  test.each(["Abstract", "Zusammenfassung", "Résumé"])("stands under its name: %s", async (name) => {
    const rows = [
      title,
      { x: 5000, y: 12000, text: name, style: BOLD },
      ...column(5000, 14000, SHOWN),
      ...column(5000, 19000, SHOWN),
      ...column(5000, 24000, ["Keywords: rivers, towns"]),
      ...text(30000),
    ];
    expect(kindsOf(await blocksOf([page(1, rows)]))).toEqual([
      "title",
      "heading",
      "abstract of 2",
      "paragraph",
      "heading",
      "paragraph",
    ]);
  });

  test("begins with its name", async () => {
    const rows = [
      title,
      ...[["Abstract—", BOLD] as const].map((lead): RowSpec => ({ x: 5000, y: 12000, text: [lead, `~${SHOWN[0]}`] })),
      ...column(5000, 13200, SHOWN.slice(1)),
      ...text(20000),
    ];
    expect(kindsOf(await blocksOf([page(1, rows)]))).toEqual(["title", "abstract of 1", "heading", "paragraph"]);
  });

  test("ends where text in another type begins, though no heading says so", async () => {
    const rows = [
      title,
      { x: 5000, y: 12000, text: "Abstract", style: BOLD },
      ...column(5000, 14000, SHOWN, SMALL),
      ...column(5000, 20000, [FULL, FULL, FULL, FULL, FULL, "and the last one is short."]),
    ];
    expect(kindsOf(await blocksOf([page(1, rows)]))).toEqual(["title", "heading", "abstract of 1", "paragraph"]);
  });

  test("is none behind another section: a summary closes the text", async () => {
    const rows = [
      title,
      ...text(12000),
      { x: 5000, y: 30000, text: "Summary", style: HEAD },
      ...column(5000, 32000, SHOWN),
    ];
    expect(kindsOf(await blocksOf([page(1, rows)]))).not.toContain("abstract of 1");
  });

  test("goes on over the page's end", async () => {
    const first = [
      title,
      { x: 5000, y: 70000, text: "Abstract", style: BOLD },
      ...column(5000, 72000, [FULL, FULL, FULL]),
    ];
    const second = [...column(5000, 8000, [FULL, "and the end of it."]), ...text(16000)];
    const blocks = await blocksOf([page(1, first), page(2, second)]);
    expect(kindsOf(blocks)).toEqual(["title", "heading", "abstract of 1", "heading", "paragraph"]);
    expect(blocks[2]!.lines).toHaveLength(5);
    expect(blocks[2]!.places.map((place) => place.page)).toEqual([1, 2]);
  });
});
