import { expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { Style } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, column, LEADING, page, type RowSpec } from "../page.ts";

const MONO: Style = { ...BODY, family: "Mono", mono: true };
const FULL = "the lines of a paragraph are full to the edge of the column";
const before = column(5000, 8000, [FULL, FULL, FULL, FULL, FULL, FULL, "and the last one is short."]);
const after = column(5000, 50000, [FULL, FULL, "and the last one is short."]);

/** Each row as it is indented; an empty one is left out, its height kept. */
function listing(lines: readonly string[], style = MONO): RowSpec[] {
  return lines.flatMap((line, i) => {
    const text = line.trimStart();
    return text === "" ? [] : [{ x: 6000 + (line.length - text.length) * 500, y: 25000 + i * LEADING, text, style }];
  });
}

function blocksOf(rows: readonly RowSpec[]) {
  const lines = page(1, rows);
  return layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks;
}

const codeIn = (rows: readonly RowSpec[]): string[] =>
  blocksOf(rows)
    .filter((block): block is BlockOf<"code"> => block.kind === "code")
    .map((block) => block.runs.map((run) => run.text).join("\n"));

test("a listing keeps its indentation and its empty lines", () => {
  const lines = [
    "def main(argv):",
    "    total = 0",
    "",
    "    for arg in argv:",
    "        total += 1",
    "    return total",
  ];
  const rows = [...before, ...listing(lines), ...after];
  expect(blocksOf(rows).map((block) => block.kind)).toEqual(["paragraph", "code", "paragraph"]);
  expect(codeIn(rows)).toEqual([lines.join("\n")]);
});

test("white within a line stays", () => {
  const [row] = listing(["amount = 1"]);
  const comment: RowSpec = { x: 6000 + 20 * 500, y: row!.y, text: "# one", style: MONO };
  const rows = [...before, row!, comment, ...listing(["", "y = 2"]).slice(-1), ...after];
  expect(codeIn(rows)).toEqual([`${"amount = 1".padEnd(20)}# one\ny = 2`]);
});

test("a command alone is one, an address is none, nor is a page typed in monospace", () => {
  expect(codeIn([...before, ...listing(["$ make install"]), ...after])).toEqual(["$ make install"]);
  expect(codeIn([...before, ...listing(["{me,you}@here.org"]), ...after])).toEqual([]);
  const typed = [...before, ...after].map((row) => ({ ...row, style: MONO }));
  expect(codeIn(typed)).toEqual([]);
});

test("words in monospace within a sentence stay in it", () => {
  const rows: RowSpec[] = [
    ...before,
    { x: 5000, y: 30000, text: ["Use", ["make install", MONO], "for it."] },
    ...after,
  ];
  expect(codeIn(rows)).toEqual([]);
});

test("numbers before the lines are not the code's, and no table is made of them", () => {
  const lines = [
    "def main(argv):",
    "    total = 0",
    "",
    "    for arg in argv:",
    "        total += 1",
    "    return total",
  ];
  const rows = lines.flatMap((text, i): RowSpec[] => {
    const y = 20000 + i * LEADING;
    const at = text.length - text.trimStart().length;
    const code = { x: 6000 + at * 500, y, text: text.trim(), style: MONO };
    return [{ x: 5000, y, text: `${i + 1}` }, ...(text === "" ? [] : [code])];
  });
  expect(codeIn([...before, ...rows, ...after])).toEqual([lines.join("\n")]);
});

test("words of a listing are a blank apart, however far their ink is", () => {
  const wide = page(1, [...before, ...listing(["yield i, level(day, hour)", "return i"]), ...after]);
  // Its ink begins more than half a character late.
  wide.words.forEach((word, i) => {
    if (word.text !== "hour)") return;
    word.gap += 270;
    const [x0, y0, x1, y1] = word.box;
    wide.words[i] = { ...word, box: [x0 + 270, y0, x1 + 270, y1] };
  });
  const { blocks } = layOut(wide, profileOf(mergeSurveys(emptySurvey(), survey(wide))));
  const code = blocks.find((block): block is BlockOf<"code"> => block.kind === "code");
  expect(code?.runs.map((run) => run.text)).toEqual(["yield i, level(day, hour)", "return i"]);
});
