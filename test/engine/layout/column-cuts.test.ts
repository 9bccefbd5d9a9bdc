/** Segments that run over a narrow gutter. */
import { expect, test } from "vitest";
import { linesOf } from "../../../src/engine/layout/lines.ts";
import { column, HEAD, page, reach } from "../page.ts";

const LEFT = 5000;
const PROSE = Array.from({ length: 6 }, (_, i) => `left ${i} and the words that fill the line up`);
/** Wide for the text, but no wider than a stretched blank of the heading's type. */
const GUTTER = 900;
const RIGHT = LEFT + reach(PROSE[0]!) + GUTTER;

test("a heading beside the other column's text is parted from it, though the gutter is a blank in its own type", () => {
  const facts = page(1, [
    ...column(LEFT, 10000, PROSE),
    ...column(RIGHT, 11200, ["right and words", "right and more", "right and last"]),
    { x: RIGHT, y: 10000, text: "Severe contract", style: HEAD },
  ]);
  // Read as one line: the first row of the left and the heading.
  const heading = facts.lines.pop()!;
  const [first, ...rest] = facts.lines;
  const joined = [...facts.words.slice(first!.from, first!.to), ...facts.words.slice(heading.from, heading.to)];
  const from = facts.words.length;
  joined[first!.to - first!.from] = { ...facts.words[heading.from]!, gap: GUTTER };
  facts.words.push(...joined);
  const box = [LEFT, heading.box[1], heading.box[2], heading.box[3]] as const;
  facts.lines = [{ from, to: facts.words.length, box: [...box], angle: 0 }, ...rest];
  expect(
    linesOf(facts)
      .map((line) => line.text)
      .filter((text) => /Severe|left 0/.test(text)),
  ).toEqual([PROSE[0], "Severe contract"]);
});
