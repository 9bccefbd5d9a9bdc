import { expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BOLD, column, HEAD, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";

function kindOf(text: string): string | undefined {
  const rows = [
    ...column(5000, 8000, [FULL, FULL, FULL, FULL, FULL, FULL, "and the last one is short."]),
    ...column(5000, 20000, [text], HEAD),
    ...column(5000, 23000, [FULL, FULL, "and the last one is short."]),
  ];
  const lines = page(1, rows);
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks[1]?.kind;
}

test.each([
  ["What was found", "heading"],
  ["May we go on", "heading"],
  ["Results of 2023", "heading"],
  ["June 2023", "paragraph"],
  ["14 juin 2023", "heading"], // months of languages that the list does not hold stay as they were
  ["3. Oktober 2019", "paragraph"],
  ["Monday, April 4th, 2022", "paragraph"],
  ["12 марта 2020", "paragraph"],
  ["(what was not found)", "paragraph"],
  ["*Prices without tax", "paragraph"],
  ["† Died in office", "paragraph"],
  ["§ 4 Scope of the law", "heading"],
  ["Table: What was found", "paragraph"],
  ["Figure 3. What was found", "paragraph"],
])("%s: %s", (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});

const PARAGRAPH = [FULL, FULL, FULL, "and the last one is short."];

function headingsOf(rows: readonly RowSpec[]): number {
  const lines = page(1, rows);
  const { blocks } = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
  return blocks.filter((block) => block.kind === "heading").length;
}

test("terms over explanations that are set in are no headings, headings over text at their own edge are", () => {
  const text = column(5000, 20000, PARAGRAPH);
  const terms = (under: number) =>
    [30000, 36000, 42000].flatMap((y): RowSpec[] => [
      { x: 5000, y, text: "Local autumn", style: BOLD },
      ...column(under, y + 1200, ["what this term stands for", "and something more about it"]),
    ]);
  expect(headingsOf([...text, ...terms(8000)])).toBe(0);
  expect(headingsOf([...text, ...terms(5000)])).toBe(3);
});

test("headings that hang out over the page's text stay headings", () => {
  const hanging = [20000, 30000, 40000].flatMap((y): RowSpec[] => [
    { x: 5000, y, text: "Local autumn", style: BOLD },
    ...column(9000, y + 1200, PARAGRAPH),
  ]);
  expect(headingsOf(hanging)).toBe(3);
});
