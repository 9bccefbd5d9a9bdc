/** Bands of columns under what spans them. */
import { expect, test } from "vitest";
import { linesOf } from "../../../src/engine/layout/lines.ts";
import { regionsOf } from "../../../src/engine/layout/reading-order.ts";
import { column, HEAD, page, TITLE } from "../page.ts";

const prose = (word: string) => Array.from({ length: 8 }, (_, i) => `${word} ${i} and the words that fill the line up`);

test("headings side by side stay with their columns, though the title leaves white over their gap", () => {
  const facts = page(1, [
    // Narrow and set off the middle: there is white both beside it and between the headings.
    { x: 17000, y: 8000, text: "A title over both", style: TITLE },
    { x: 5000, y: 12000, text: "Left part", style: HEAD },
    { x: 32000, y: 12000, text: "Right part", style: HEAD },
    ...column(5000, 14000, prose("left")),
    ...column(32000, 14000, prose("right")),
  ]);
  const regions = regionsOf(linesOf(facts)).map((region) => region.lines.map((line) => line.text.split(" ")[0]));
  expect(regions).toEqual([["A"], ["Left", ...Array(8).fill("left")], ["Right", ...Array(8).fill("right")]]);
});

test("names side by side under a title are no columns' headings", () => {
  const facts = page(1, [
    { x: 17000, y: 8000, text: "A title over both", style: TITLE },
    { x: 12000, y: 10000, text: "Ada Author" },
    { x: 38000, y: 10000, text: "Ben Writer" },
    ...column(5000, 14000, prose("left")),
    ...column(32000, 14000, prose("right")),
  ]);
  const first = regionsOf(linesOf(facts))[0]!.lines.map((line) => line.text);
  expect(first).toEqual(["A title over both", "Ada Author", "Ben Writer"]);
});
