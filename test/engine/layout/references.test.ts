import { expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { column, HEAD, LEADING, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const before = column(5000, 8000, [FULL, FULL, FULL, "and the last one is short."]);
const heading: RowSpec = { x: 5000, y: 16000, text: "References", style: HEAD };

function rows(x: number, y: number, ...specs: readonly (readonly [by: number, text: string])[]): RowSpec[] {
  return specs.map(([by, text], i) => ({ x: x + by, y: y + i * LEADING, text }));
}

function blocksOf(specs: readonly RowSpec[], lead: readonly RowSpec[] = [...before, heading]): unknown[] {
  const lines = page(1, [...lead, ...specs]);
  const { blocks } = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
  return blocks.slice(lead.length === 0 ? 0 : 2).map(shape);
}

function shape(block: Block): unknown {
  if (!("runs" in block)) return [block.kind];
  const text = block.runs.map((run) => run.text).join("");
  return block.kind === "reference" ? text : [block.kind, text];
}

const LONG = "Measuring what is there and what is not there at all, In";

test("a hanging indent parts entries, whatever their lines end with", () => {
  const entries = rows(
    5000,
    18500,
    [0, "Abel, A. and Author, B. On the size of things. Journal of Small"],
    [1500, "Things, 12(3):45–67, 1999."],
    [0, "Bauer, C. All about Things and more things."],
    [1500, "Small Press, Berlin, 2001."],
    [0, `Cunha, D. ${LONG}`],
    [1500, "Proceedings of the Conference. Pages"],
    [1500, "1–10, 2005."],
  );
  expect(blocksOf(entries)).toEqual([
    "Abel, A. and Author, B. On the size of things. Journal of Small Things, 12(3):45–67, 1999.",
    "Bauer, C. All about Things and more things. Small Press, Berlin, 2001.",
    `Cunha, D. ${LONG} Proceedings of the Conference. Pages 1–10, 2005.`,
  ]);
});

test("labels part entries; what follows the next heading is none", () => {
  const entries = rows(
    5000,
    18500,
    [0, "[1] A. Author. On the size of things that nobody has seen."],
    [2000, "Things, 1999."],
    [0, "[2] C. Writer. All about Things, 2001."],
    [0, "[3] D. Scribe. More. 2005."],
  );
  const after = [{ ...heading, y: 26000, text: "Afterword" }, ...column(5000, 28500, [FULL, "goes on."])];
  expect(blocksOf([...entries, ...after])).toEqual([
    "[1] A. Author. On the size of things that nobody has seen. Things, 1999.",
    "[2] C. Writer. All about Things, 2001.",
    "[3] D. Scribe. More. 2005.",
    ["heading", "Afterword"],
    ["paragraph", `${FULL} goes on.`],
  ]);
});

test("a page that goes on with entries needs no heading, a page of text with brackets is none", () => {
  const entries = (year: string) =>
    rows(
      5000,
      8000,
      [2000, `of Things, ${year}.`],
      [0, `[12] A. Author. On the size of things, ${year}.`],
      [0, `[13] C. Writer. All about Things, ${year}.`],
      [0, `[14] D. Scribe. More, ${year}.`],
    );
  expect(blocksOf(entries("1999"), [])).toHaveLength(4);
  expect(blocksOf(entries("1999"), []).every((one) => typeof one === "string")).toBe(true);
  expect(blocksOf(entries("soon"), []).every((one) => typeof one !== "string")).toBe(true);
});
