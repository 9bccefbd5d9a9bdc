import { expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, BOLD, column, HEAD, ITALIC, page, type RowSpec, SMALL, TITLE } from "../page.ts";

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

/** [level, text] of the headings among sections of a paragraph each. */
function sectionsOf(heads: readonly Omit<RowSpec, "x" | "y">[]): [number, string][] {
  const rows = heads.flatMap((head, i): RowSpec[] => [
    { x: 5000, y: 8000 + 9000 * i, ...head },
    ...column(5000, 10000 + 9000 * i, PARAGRAPH),
  ]);
  const lines = page(1, rows);
  return layOut(lines, profileOf(survey(lines))).blocks.flatMap((block): [number, string][] =>
    block.kind === "heading" ? [[block.level, block.runs.map((run) => run.text).join("")]] : [],
  );
}

test("sections numbered in sequence are headings in any type: capitals, and italics under them", () => {
  const found = sectionsOf([
    { text: "I. INTRODUCTION", style: SMALL },
    { text: "II. METHOD", style: SMALL },
    { text: "A. Sampling of Signals", style: ITALIC },
    { text: "B. Choice of Parameters", style: ITALIC },
    { text: ["III. R", ["~ESULTS AND MORE", SMALL]] },
  ]);
  expect(found).toEqual([
    [1, "I. INTRODUCTION"],
    [1, "II. METHOD"],
    [2, "A. Sampling of Signals"],
    [2, "B. Choice of Parameters"],
    [1, "III. RESULTS AND MORE"],
  ]);
});

test("a number without its neighbour, a name's initials, and lines in the text's own face are no sections", () => {
  const found = (...heads: Omit<RowSpec, "x" | "y">[]) => sectionsOf(heads);
  expect(found({ text: "IV. METHOD", style: SMALL }, { text: "B. Choice of Parameters", style: ITALIC })).toEqual([]);
  expect(found({ text: "A. B. Li", style: ITALIC }, { text: "B. C. Wu", style: ITALIC })).toEqual([]);
  expect(found({ text: "A. Sampling of Signals" }, { text: "B. Choice of Parameters" })).toEqual([]);
});

test("the only large text is the title, be it of two lines; two texts are headings", () => {
  const kinds = (second: number) => {
    const rows = [
      { x: 5000, y: 8000, text: "Adaptive Flow Control in", style: { ...BODY, size: 2000 } },
      { x: 5000, y: second, text: "Distributed Networks", style: { ...BODY, size: 2000 } },
      ...column(5000, 30000, [...PARAGRAPH, ...PARAGRAPH]),
    ];
    const lines = page(1, rows);
    return layOut(lines, profileOf(survey(lines))).blocks.map(({ kind }) => kind);
  };
  expect(kinds(10400).slice(0, 2)).toEqual(["title", "paragraph"]);
  expect(kinds(20000).slice(0, 2)).toEqual(["heading", "heading"]);
});

test("a chapter's label and its name are of one level, however they are set", () => {
  const levels = (label: string, under: number) => {
    const lines = page(1, [
      { x: 5000, y: 8000, text: "Rivers in Towns", style: { ...TITLE, size: 2600 } },
      ...column(5000, 12000, PARAGRAPH),
      { x: 5000, y: 30000, text: label, style: HEAD },
      { x: 5000, y: 30000 + under, text: "Of Springs", style: TITLE },
      ...column(5000, 45000, PARAGRAPH),
    ]);
    return layOut(lines, profileOf(survey(lines))).blocks.flatMap((block) =>
      block.kind === "heading" ? [block.level] : [],
    );
  };
  expect(levels("Chapter 3", 3000)).toEqual([1, 1]);
  expect(levels("Kapitel IV", 3000)).toEqual([1, 1]);
  expect(levels("What is new", 3000)).toEqual([2, 1]);
  expect(levels("Chapter 3", 9000)).toEqual([2, 1]);
});

test("an abstract is a section like others, however small its name is set", () => {
  const lines = page(1, [
    { x: 5000, y: 5000, text: "Rivers in Towns", style: TITLE },
    { x: 5000, y: 8000, text: "Of Springs", style: HEAD },
    ...column(5000, 10000, [...PARAGRAPH, ...PARAGRAPH, ...PARAGRAPH]),
    { x: 5000, y: 30000, text: "Abstract", style: BOLD },
    ...column(5000, 32000, PARAGRAPH),
    { x: 5000, y: 40000, text: "On birds", style: BOLD },
    ...column(5000, 42000, PARAGRAPH),
  ]);
  const levels = layOut(lines, profileOf(survey(lines))).blocks.flatMap((block) =>
    block.kind === "heading" ? [block.level] : [],
  );
  expect(levels).toEqual([1, 1, 2]);
});
