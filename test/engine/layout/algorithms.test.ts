import { expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { Rule } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BOLD, column, LEADING, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const text = (y: number) => column(5000, y, [`The ${FULL}`, FULL, FULL, "and the last one is short."]);
const rule = (y: number, right = 40000): Rule => ({
  box: [5000, y, right, y + 50],
  horizontal: true,
  thickness: 50,
  color: 0xff,
});
const TOP = 20000;
const steps: RowSpec[] = [
  { x: 5000, y: TOP, text: [["Algorithm 1", BOLD], "A divisor of both"] },
  { x: 5000, y: TOP + 1.5 * LEADING, text: "Require: two numbers" },
  ...(
    [
      [7000, "while b is not 0 do"],
      [8000, "a becomes b"],
      [8000, "b becomes the rest"],
      [7000, "end while"],
    ] as const
  ).flatMap(([x, step], i): RowSpec[] => {
    const y = TOP + (i + 2.5) * LEADING;
    return [
      { x: 5500, y, text: `${i + 1}:` },
      { x, y, text: step },
    ];
  }),
];

function blocksOf(rules: Rule[]) {
  const lines = page(1, [...text(5000), ...steps, ...text(40000)], { rules });
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks;
}

test("a title between rules, the steps under it and a third rule are one listing, set in as on the page", () => {
  const blocks = blocksOf([rule(TOP - 1200), rule(TOP + 400), rule(TOP + 6.5 * LEADING)]);
  expect(blocks.map((block) => block.kind)).toEqual(["paragraph", "code", "paragraph"]);
  const code = blocks[1] as BlockOf<"code">;
  expect(code.algorithm).toBe(true);
  expect(code.runs.map((run) => run.text)).toEqual([
    "Algorithm 1 A divisor of both",
    "Require: two numbers",
    "1: while b is not 0 do",
    "2:   a becomes b",
    "3:   b becomes the rest",
    "4: end while",
  ]);
});

test("without the rules, or with rules of different widths, it is text that begins so", () => {
  for (const rules of [[], [rule(TOP - 1200), rule(TOP + 400, 30000), rule(TOP + 6.5 * LEADING, 20000)]])
    expect(blocksOf(rules).some((block) => block.kind === "code")).toBe(false);
});
