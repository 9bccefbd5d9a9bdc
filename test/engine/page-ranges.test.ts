import { expect, test } from "vitest";
import { EngineError } from "../../src/engine/errors.ts";
import { isPageRanges, readPageRanges } from "../../src/engine/page-ranges.ts";

test.each([
  [null, [1, 2, 3, 4, 5, 6, 7, 8]],
  ["2,4-6", [2, 4, 5, 6]],
  ["2--2", [2, 3, 4, 5, 6, 7]],
  ["2 - -2", [2, 3, 4, 5, 6, 7]],
  ["-1", [8]],
  ["-3--1", [6, 7, 8]],
  ["6,2,6-7", [2, 6, 7]],
  ["7-999999999", [7, 8]],
  ["5-2,3", [3]],
])("%s of 8 pages", (text, pages) => {
  expect(readPageRanges(text, 8)).toEqual(pages);
});

test.each(["", "a", "1;2", "0", "1-0", "2-3-4", "1,,2", "1.5", "9", "9-12", "-9", "5-2"])("%s is refused", (text) => {
  expect(() => readPageRanges(text, 8)).toThrow(EngineError);
});

test("a range that runs backwards is told so", () => {
  expect(() => readPageRanges("5-3", 8)).toThrow('"5-3" runs backwards');
  expect(() => readPageRanges("-1--3", 8)).toThrow('"-1--3" runs backwards');
});

test("the form is judged before the page count is known", () => {
  expect(isPageRanges("900-901")).toBe(true);
  expect(isPageRanges("1..3")).toBe(false);
});
