import { expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { DEFAULTS } from "../../../src/engine/options.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { WRITERS } from "../../../src/engine/writers/index.ts";
import { BOLD, column, LEADING, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const before = column(5000, 8000, [FULL, FULL, FULL, "and the last one is short."]);

/** Rows from y = 20000 on, each at its x. */
function rows(...specs: readonly (readonly [x: number, text: string])[]): RowSpec[] {
  return specs.map(([x, text], i) => ({ x, y: 20000 + i * LEADING, text }));
}

function blocksOf(specs: readonly RowSpec[]) {
  const lines = page(1, [...before, ...specs]);
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
}

function shape(block: Block): unknown {
  if (block.kind === "list") return block.items.map((item) => [item.label, ...item.blocks.map(shape)]);
  return "runs" in block ? block.runs.map((run) => run.text).join("") : block.kind;
}

test("lists in items, by their indent", () => {
  const { blocks } = blocksOf(
    rows(
      [5000, "1. The first thing"],
      [6500, "(a) its one side"],
      [6500, "(b) its other side"],
      [8000, "• a point of it"],
      [5000, "2. The second thing"],
    ),
  );
  expect(blocks.slice(1).map(shape)).toEqual([
    [
      [
        "1.",
        "The first thing",
        [
          ["(a)", "its one side"],
          ["(b)", "its other side", [["•", "a point of it"]]],
        ],
      ],
      ["2.", "The second thing"],
    ],
  ]);
});

test("a second paragraph of an item is the item's when the list goes on after it", () => {
  const specs = rows([5000, "1. The first thing."], [6500, "It has more to it."], [5000, "2. The second thing"]);
  const apart = specs.map((row, i) => ({ ...row, y: row.y + i * LEADING }));
  expect(blocksOf(apart).blocks.slice(1).map(shape)).toEqual([
    [
      ["1.", "The first thing.", "It has more to it."],
      ["2.", "The second thing"],
    ],
  ]);
});

test("Roman numbers and letters", () => {
  const roman = rows([5000, "(i) one thing"], [5000, "(ii) two things"], [5000, "(iii) three things"]);
  expect(blocksOf(roman).blocks.slice(1).map(shape)).toEqual([
    [
      ["(i)", "one thing"],
      ["(ii)", "two things"],
      ["(iii)", "three things"],
    ],
  ]);
  expect(blocksOf(rows([5000, "h) one thing"], [5000, "i) two things"])).blocks.some((b) => b.kind === "list")).toBe(
    false,
  );
});

test("an abbreviation at a line's front is no label", () => {
  const { blocks } = blocksOf(column(5000, 20000, [FULL, `p. 12 ${FULL.slice(0, 50)}`, "and then it ends."]));
  expect(blocks).toHaveLength(2);
});

test("in Markdown a list stands in its item without a blank line, in mmd in an environment of its own", () => {
  const part = blocksOf(rows([5000, "1. One"], [6500, "• a point"], [6500, "• another"], [5000, "2. Two"]));
  const context = { fileId: "0f", sourceHash: "5a".repeat(32), options: DEFAULTS, cropUrl: () => "https://here/crop" };
  const write = (format: string) =>
    WRITERS[format]!.write(
      { source: { pages: [], outline: [], tagged: false, metadata: {} }, engine: "" },
      context,
    ).part(part);
  expect(write("md")).toContain("1. One\n   - a point\n   - another\n2. Two");
  expect(write("mmd")).toContain(
    "\\begin{enumerate}\n\\item One\n\\begin{itemize}\n\\item a point\n\\item another\n\\end{itemize}\n\\item Two\n\\end{enumerate}",
  );
});

test("ticked and not ticked are items of one list", () => {
  const { blocks } = blocksOf(rows([5000, "☑ Papers copied"], [5000, "☐ Fee paid"], [5000, "☐ Key returned"]));
  expect(blocks.slice(1).map(shape)).toEqual([
    [
      ["☑", "Papers copied"],
      ["☐", "Fee paid"],
      ["☐", "Key returned"],
    ],
  ]);
});

test("a glyph that nothing maps, alone before a line, is a bullet", () => {
  const lines = page(1, [...before, ...rows([5000, "\ufffd The first thing"], [5000, "\ufffd The second"])]);
  for (const word of lines.words) if (word.text === "\ufffd") word.source = "undecodable";
  const { blocks } = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
  expect(blocks.slice(1).map(shape)).toEqual([
    [
      ["•", "The first thing"],
      ["•", "The second"],
    ],
  ]);
});

test("a term in a face of its own hangs over its definition", () => {
  const { blocks } = blocksOf([
    { x: 5000, y: 20000, text: "The types are" },
    { x: 5000, y: 20000 + LEADING, text: [["Atom", BOLD], "A thing that nobody can cut, as was believed before it"] },
    { x: 6500, y: 20000 + 2 * LEADING, text: "Was cut by those who did not." },
    { x: 5000, y: 20000 + 3 * LEADING, text: [["Crystal", BOLD], "Many of them that hang together in good and firm"] },
    { x: 6500, y: 20000 + 4 * LEADING, text: "Order." },
  ]);
  expect(blocks.slice(1).map(shape)).toEqual([
    "The types are",
    [
      ["", "Atom A thing that nobody can cut, as was believed before it Was cut by those who did not."],
      ["", "Crystal Many of them that hang together in good and firm Order."],
    ],
  ]);
});

test("the first definition begins after a full line that ends a sentence", () => {
  const { blocks } = blocksOf([
    { x: 5000, y: 20000, text: "There are two kinds of them, as is told in full in these:" },
    { x: 5000, y: 20000 + LEADING, text: [["Atom", BOLD], "A thing that nobody can cut, as was believed before it"] },
    { x: 6500, y: 20000 + 2 * LEADING, text: "was cut by those who did not." },
    { x: 5000, y: 20000 + 3 * LEADING, text: [["Crystal", BOLD], "Many of them that hang together in good and firm"] },
    { x: 6500, y: 20000 + 4 * LEADING, text: "ordering." },
  ]);
  expect(blocks.slice(1).map((block) => block.kind)).toEqual(["paragraph", "list"]);
});

test("terms alone over what is set in under them are a list; one hanging paragraph is none", () => {
  const term = (y: number, text: string) => ({ x: 5000, y, text, style: BOLD });
  const { blocks } = blocksOf([
    term(20000, "Atom"),
    ...column(7500, 20000 + LEADING, [FULL, "and no one saw it."]),
    term(20000 + 3 * LEADING, "Crystal"),
    { x: 7500, y: 20000 + 4 * LEADING, text: "Many of them." },
    { x: 7500, y: 20000 + 5.5 * LEADING, text: "And more of them." },
  ]);
  expect(blocks.slice(1).map(shape)).toEqual([
    [
      ["", "Atom", `${FULL} and no one saw it.`],
      ["", "Crystal", "Many of them.", "And more of them."],
    ],
  ]);
  const one = blocksOf([
    { x: 5000, y: 30000, text: [["Dust", BOLD], "is what is left of all that when it"] },
    { x: 6500, y: 30000 + LEADING, text: "has been cut." },
  ]);
  expect(one.blocks.slice(1).map((block) => block.kind)).toEqual(["paragraph"]);
});
