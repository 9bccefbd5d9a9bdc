import { expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BOLD, column, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const before = column(5000, 8000, [FULL, FULL, FULL, "and the last one is short, as one put it:"]);
const after = column(5000, 20000, [FULL, FULL, FULL, "and the last one is short."]);

function kindsOf(rows: readonly RowSpec[]): string[] {
  const lines = page(1, [...before, ...rows, ...after]);
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks.map(({ kind }) => kind);
}

const SAYING = [
  "The smallest things are those that nobody",
  "sees, and the largest are those that noone",
  "sees at once.",
];

test("lines set in on both sides, in the midst of text, are a quotation", () => {
  expect(kindsOf(column(7000, 14500, SAYING))).toEqual(["paragraph", "quote", "paragraph"]);
});

test("what is set in on the left alone is none: its lines reach as far as words allow", () => {
  const rows = column(7000, 14500, [
    "The smallest things are those that nobody sees or",
    "understands, and those that noone sees at once are",
    "incomprehensible.",
  ]);
  expect(kindsOf(rows)).toEqual(["paragraph", "paragraph", "paragraph"]);
});

test("neither are a display of symbols, a bold statement, or a line at the text's edge", () => {
  expect(kindsOf(column(12000, 14500, ["x = a + b - c * d", "= k! ( n - k ) !"]))).not.toContain("quote");
  expect(kindsOf(column(7000, 14500, SAYING, BOLD))).not.toContain("quote");
  expect(kindsOf(column(5000, 14500, SAYING))).not.toContain("quote");
});

test("what follows a paragraph set in like itself goes on with that", () => {
  const rows = [...column(7000, 15000, SAYING), ...column(7000, 20000, SAYING)];
  const lines = page(1, [
    ...rows,
    ...column(5000, 26000, [FULL, FULL, "ends."]),
    ...column(5000, 32000, [FULL, FULL, "ends."]),
  ]);
  const { blocks } = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
  expect(blocks.map(({ kind }) => kind)).toEqual(["paragraph", "paragraph", "paragraph", "paragraph"]);
});
