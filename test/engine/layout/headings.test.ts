import { expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { column, HEAD, page } from "../page.ts";

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
  ["Table: What was found", "paragraph"],
  ["Figure 3. What was found", "paragraph"],
])("%s: %s", (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});
