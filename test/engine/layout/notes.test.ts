import { expect, test } from "vitest";
import type { Block, BlockOf, TextBlock } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, column, HEAD, ITALIC, LEADING, page, RAISED, type RowSpec, SMALL } from "../page.ts";

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

function referencesIn(block: Block | undefined): unknown[] {
  return (block as TextBlock).runs.flatMap((run) => (run.note === undefined ? [] : [[run.text, run.note]]));
}

test("a mark after a comma in another face than its word belongs to the word", () => {
  const [text, note] = blocksOf([
    ...body(["as in", ["Names", ITALIC], "~,", ["~1", RAISED], "and so on"]),
    { x: 5000, y: 60000, text: [["1", MARK], "~See the first book."], style: SMALL },
  ]);
  expect([referencesIn(text), note?.kind]).toEqual([[["1", "1"]], "note"]);
});

test("several marks in one refer to a note each, a range's dash to the one it leaves out", () => {
  const notes = ["1", "2", "3", "4", "5"].map((mark, i) => ({
    x: 5000,
    y: 60000 + i * 1000,
    text: [[mark, MARK] as const, "~See that book."],
    style: SMALL,
  }));
  const [text, ...rest] = blocksOf([
    ...body(["here is what was said.", ["~1,2", RAISED], "And the end.", ["~3–5", RAISED]]),
    ...notes,
  ]);
  expect(referencesIn(text)).toEqual(["1", "2", "3", "–", "5"].map((said, i) => [said, String(i + 1)]));
  expect(rest.map((block) => block.kind)).toEqual(notes.map(() => "note"));
});

test("addresses under authors, over the text, are no footnotes", () => {
  const blocks = blocksOf([
    { x: 5000, y: 5000, text: ["Anna Smith", ["~1", RAISED], "and Bert Jones", ["~2", RAISED]], style: BODY },
    { x: 5000, y: 7000, text: [["1", MARK], "~University of this."], style: SMALL },
    { x: 5000, y: 8000, text: [["2", MARK], "~University of that."], style: SMALL },
    ...column(5000, 20000, [`The ${FULL}`, FULL, FULL, FULL, FULL, FULL]),
  ]);
  expect(blocks.filter((block) => block.kind === "note")).toEqual([]);
});

test("a note within a page, under the text that refers to it, is one over more text as well", () => {
  const blocks = blocksOf([
    ...column(5000, 5000, ["The box says what it says.", FULL, FULL]),
    { x: 5000, y: 5000 + 3 * LEADING, text: ["and there it ends.", ["~a", RAISED]], style: BODY },
    { x: 5000, y: 11000, text: [["a", MARK], "~Said by nobody."], style: SMALL },
    ...column(5000, 20000, [`The ${FULL}`, FULL, FULL, FULL, FULL, FULL]),
  ]);
  expect(blocks.map((block) => block.kind)).toEqual(["paragraph", "note", "paragraph"]);
});

test("what refers to an address refers to no footnote of the same number", () => {
  const [authors, , text, note] = blocksOf([
    { x: 5000, y: 5000, text: ["Anna Smith", ["~1", RAISED], "and Bert Jones", ["~1", RAISED]], style: BODY },
    { x: 5000, y: 7000, text: [["1", MARK], "~University of this."], style: SMALL },
    ...column(5000, 20000, [`The ${FULL}`, FULL, FULL, FULL, FULL]),
    { x: 5000, y: 20000 + 5 * LEADING, text: ["and there it stops", ["~1", RAISED], "now"], style: BODY },
    { x: 5000, y: 60000, text: [["1", MARK], "~See the first book."], style: SMALL },
  ]);
  expect([referencesIn(authors), referencesIn(text), note?.kind]).toEqual([[], [["1", "1"]], "note"]);
});

test("notes that end the page with their numbers on the line, in the text's own type, are told by marks for all of them", () => {
  const foot = (...texts: string[]): RowSpec[] => texts.map((text, i) => ({ x: 5000, y: 60000 + 2000 * i, text }));
  const said = body(["here is what was said", ["~1", RAISED], "and the end", ["~2", RAISED]]);
  const kinds = (rows: readonly RowSpec[]) =>
    blocksOf(rows).map((block) => (block.kind === "note" ? block.mark : block.kind));
  expect(kinds([...said, ...foot("1 See the first book.", "2 See the second.")])).toEqual(["paragraph", "1", "2"]);
  // A third to which nothing refers: a list, or a table's last rows.
  expect(kinds([...said, ...foot("1 See the first book.", "2 See the second.", "3 See the third.")])).not.toContain(
    "1",
  );
  expect(kinds([...said, ...foot("1 See the first book.", "2 See the second.", "And so it ends.")])).not.toContain("1");
  // Under a heading they are what was cited.
  const heading: RowSpec = { x: 5000, y: 57000, text: "References", style: HEAD };
  expect(kinds([...said, heading, ...foot("1 See the first book.", "2 See the second.")])).not.toContain("1");
});
