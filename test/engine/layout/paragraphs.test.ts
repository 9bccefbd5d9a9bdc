import { expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, BOLD, column, HEAD, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";

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

test("a heading of several rows is one where its larger type has wider leading than the text", () => {
  const rows = [
    ...column(5000, 8000, [FULL, FULL, FULL, "and the last one is short."], BODY, 1500),
    // 1.5 of its own size, as browsers set it.
    ...column(5000, 15500, ["What was", "found in the", "end"], HEAD, 2100),
    ...column(5000, 23000, [FULL, FULL, FULL, "and the last one is short."], BODY, 1500),
  ];
  expect(blocksOf(rows)[1]).toEqual(["heading", "What was found in the end"]);
});

test("a bold lead is one paragraph with the text after it, however much of its row it fills", () => {
  const rows: RowSpec[] = [
    ...column(5000, 8000, [FULL, FULL, "and the last one is short."]),
    { x: 5000, y: 12500, text: [["What the ablation of the data sets shows to us.", BOLD], "We now", "show"] },
    ...column(5000, 13700, [FULL, "and the last one is short."]),
  ];
  const [, lead, ...rest] = blocksOf(rows);
  expect(lead![0]).toBe("paragraph");
  expect(lead![1]).toContain("We now show the lines");
  expect(rest).toEqual([]);
});

test("rows of few words, justified to both edges, are no rows of cells", () => {
  const wide = (y: number, a: string, b: string): RowSpec[] => [
    { x: 5000, y, text: a },
    { x: 5000 + 29500 - b.length * 500, y, text: b },
  ];
  const rows = [
    ...column(5000, 8000, [FULL, FULL]),
    ...wide(10400, "incomprehensibilities", "unconstitutionally"),
    ...wide(11600, "counterrevolutionary", "disproportionately"),
    ...column(5000, 12800, [FULL, "and the last one is short."]),
  ];
  expect(blocksOf(rows)).toHaveLength(1);
});

test("a full line that ends within a sentence or a word goes on, however the next one is set in", () => {
  const item = (first: string, second: string) =>
    blocksOf([
      ...column(5000, 8000, [FULL, FULL, FULL, "and the last one is short."]),
      { x: 5000, y: 15000, text: first },
      { x: 7000, y: 16200, text: second },
      ...column(5000, 20000, [FULL, FULL, FULL, "and the last one is short."]),
    ]).length;
  expect(item("Section three explains what it is about and what it de-", "scribes to everyone.")).toBe(3);
  expect(item(FULL, "and goes on.")).toBe(3);
  expect(item("the lines of a paragraph are full to the edge of a columns.", "But this begins another.")).toBe(4);
});
