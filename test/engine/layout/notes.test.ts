import { expect, test } from "vitest";
import type { Block, BlockOf, TextBlock } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, column, LEADING, page, RAISED, type RowSpec, SMALL } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const MARK = { ...RAISED, size: 500, rise: 300 };

function blocksOf(rows: readonly RowSpec[]): Block[] {
  const lines = page(1, rows);
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks;
}

const body = (marks: RowSpec["text"]): RowSpec[] => [
  ...column(5000, 10000, [`The ${FULL}`, FULL, FULL, FULL, FULL, FULL]),
  { x: 5000, y: 10000 + 6 * LEADING, text: marks, style: BODY },
];

test("small type that begins with a mark is a note of the word that carries the mark", () => {
  const blocks = blocksOf([
    ...body(["here is what was said", ["~1", RAISED], "and the end", ["~2", RAISED]]),
    { x: 5000, y: 60000, text: [["1", MARK], "~See the first book."], style: SMALL },
    { x: 5000, y: 61000, text: [["2", MARK], "~See the second."], style: SMALL },
  ]);
  expect(blocks.map((block) => block.kind)).toEqual(["paragraph", "note", "note"]);
  const [text, first] = blocks as [TextBlock, BlockOf<"note">];
  expect(text.runs.flatMap((run) => (run.note === undefined ? [] : [[run.text, run.note]]))).toEqual([
    ["1", "1"],
    ["2", "2"],
  ]);
  const inner = first.blocks[0] as TextBlock;
  expect([first.mark, inner.runs.map((run) => run.text).join("")]).toEqual(["1", "See the first book."]);
  expect(first.lines).toEqual(inner.lines);
});

test("a mark set apart from its note stands in the note's row", () => {
  const blocks = blocksOf([
    ...body(["here is what was said", ["~7", RAISED], "and the end"]),
    { x: 5000, y: 60000 - 300, text: "7", style: { ...BODY, size: 500 } },
    { x: 5700, y: 60000, text: "See the seventh book.", style: SMALL },
  ]);
  expect(blocks.map((block) => (block.kind === "note" ? block.mark : block.kind))).toEqual(["paragraph", "7"]);
});

test("what nothing refers to stays text, and exponents refer to nothing", () => {
  const rows: RowSpec[] = [{ x: 5000, y: 60000, text: [["2", MARK], "~See the second."], style: SMALL }];
  expect(blocksOf([...body(["an end of it all"]), ...rows]).map((block) => block.kind)).toEqual([
    "paragraph",
    "paragraph",
  ]);
  expect(blocksOf([...body(["with x", ["~2", RAISED], "and the end"]), ...rows]).map((block) => block.kind)).toEqual([
    "paragraph",
    "paragraph",
  ]);
});
