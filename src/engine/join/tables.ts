/**
 * A table that goes on at the next page's head → its rows under the first's (LAYOUT 1.10): the same columns, and no
 * caption of its own but one that says so. What the page's end repeats (header, caption, notices) is not written again;
 * the table's part keeps it. A row that the page's end cuts is made one.
 */
import type { Block, BlockOf, Cell } from "../document/blocks.ts";
import { isCaptionAgain, isContinuedNotice } from "../document/continued.ts";
import { beginsWithin, endsOpen } from "../document/sentences.ts";
import type { Seam } from "../page-blocks.ts";
import type { End } from "./open.ts";
import { append, takeLines } from "./paragraphs.ts";

type Table = BlockOf<"table">;

/** Columns of the two parts share an edge or their middle, within this, in type sizes. */
const SAME_EDGE = 0.5;
/** Type of the two parts, as a ratio. */
const SAME_SIZE = 0.1;
/** Of the columns with text on both sides, the share that must agree: a column's texts may be short on one page. */
const AGREE = 0.7;

/** @returns the block at the head, when it went into the tail; it is then gone from its part */
export function continueTable(tail: End, head: End, words: ReadonlySet<number>): Block[] {
  const [first, second] = [tail.block, head.block];
  if (first.kind !== "table" || second.kind !== "table" || first.columns !== second.columns) return [];
  if (second.caption !== undefined && !isCaptionAgain(textOfRuns(second.caption))) return [];
  const repeated = countRepeated(first, second);
  if (!sameColumns(tail.seam, head.seam) && repeated === 0) return [];
  dropNotices(first);
  setNoticesApart(tail, head);
  const cut = isCut(first, second, repeated);
  appendRows(tail, first, second, { repeated, cut, words });
  head.part.blocks.splice(head.part.blocks.indexOf(second), 1);
  return [second];
}

function sameColumns(tail: Seam, head: Seam): boolean {
  const [a, b] = [tail.columns ?? [], head.columns ?? []];
  const size = Math.max(1, tail.size);
  if (Math.abs(tail.size - head.size) > SAME_SIZE * size) return false;
  const both = a.flatMap((extent, i) => (isFilled(extent) && isFilled(b[i]!) ? [[extent, b[i]!] as const] : []));
  const agree = both.filter(([[from, to], [other, end]]) =>
    [from - other, to - end, (from + to - other - end) / 2].some((by) => Math.abs(by) <= SAME_EDGE * size),
  );
  const apart = both.some(([[from, to], [other, end]]) => from >= end || other >= to);
  return both.length > 1 && !apart && agree.length >= AGREE * both.length;
}

function isFilled([from, to]: readonly [number, number]): boolean {
  return from < to;
}

/** Rows at the second's top that say what the first's top says; not all of it, which would be the same table twice. */
function countRepeated(first: Table, second: Table): number {
  const rows = rowCount(second);
  let count = 0;
  while (count < rows - 1 && rowText(second, count) !== "" && rowText(first, count) === rowText(second, count)) count++;
  // What spans a repeated and a new row is not repeated as a whole.
  const cut = second.cells.some((cell) => cell.row < count && cell.row + cell.rowSpan > count);
  return cut || !/\p{L}/u.test(rowText(second, 0)) ? 0 : count;
}

function rowText(table: Table, row: number): string {
  return table.cells
    .filter((cell) => cell.row === row)
    .map((cell) => [cell.column, cell.columnSpan, textOf(cell)] as const)
    .filter(([, , text]) => text !== "")
    .sort((a, b) => a[0] - b[0])
    .map((place) => place.join("|"))
    .join("\n");
}

/** "Continued on next page" as the table's last row is no row of it. */
function dropNotices(table: Table): void {
  const last = table.parts.at(-1)!;
  const row = last.to - 1;
  const cells = table.cells.filter((cell) => cell.row === row && textOf(cell) !== "");
  if (cells.length !== 1 || row <= last.from || !isContinuedNotice(textOf(cells[0]!))) return;
  table.cells = table.cells
    .filter((cell) => cell.row !== row)
    .map((cell) => (cell.row + cell.rowSpan > row ? { ...cell, rowSpan: row - cell.row } : cell));
  last.to = row;
}

/** Notices under the first part and over the second are furniture of the break. */
function setNoticesApart(tail: End, head: End): void {
  const [below, above] = [tail.last.blocks, head.part.blocks];
  markNotices(below, "foot", below.indexOf(tail.block) + 1, below.length);
  markNotices(above, "head", 0, above.indexOf(head.block));
}

function markNotices(blocks: Block[], role: "head" | "foot", from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const block = blocks[i]!;
    if (block.kind === "paragraph" && isContinuedNotice(textOfRuns(block.runs)))
      blocks[i] = { ...block, kind: "furniture", role };
  }
}

/** The second's first row goes on with the first's last: nothing in its first column, and sentences that go on. */
function isCut(first: Table, second: Table, repeated: number): boolean {
  const last = first.parts.at(-1)!.to - 1;
  const spans = second.cells.some((cell) => cell.row === repeated && cell.rowSpan > 1);
  const cells = second.cells.filter((cell) => cell.row === repeated && textOf(cell) !== "");
  if (spans || cells.length === 0 || cells.some((cell) => cell.column === 0)) return false;
  return cells.every((cell) => {
    const before = cellAt(first, last, cell);
    return before !== undefined && endsOpen(textOf(before)) && beginsWithin(textOf(cell));
  });
}

function cellAt(table: Table, row: number, { column, columnSpan }: Cell): Cell | undefined {
  return table.cells.find((cell) => cell.row === row && cell.column === column && cell.columnSpan === columnSpan);
}

interface How {
  repeated: number;
  /** The first row after the repeated ones is the end of the first's last. */
  cut: boolean;
  words: ReadonlySet<number>;
}

function appendRows({ part }: End, first: Table, second: Table, { repeated, cut, words }: How): void {
  const to = first.parts.at(-1)!.to;
  const by = to - repeated - (cut ? 1 : 0);
  const again = second.cells.filter((cell) => cell.row < repeated).flatMap(linesOf);
  for (const cell of second.cells) {
    if (cell.row < repeated) continue;
    const before = cut && cell.row === repeated ? cellAt(first, to - 1, cell) : undefined;
    if (before === undefined) {
      if (!cut || cell.row > repeated) first.cells.push({ ...cell, row: cell.row + by, header: false });
      continue;
    }
    const [block, more] = [before.blocks.at(-1), cell.blocks[0]];
    if (block?.kind === "paragraph" && more?.kind === "paragraph") append(part, block, more, words);
  }
  for (const one of second.parts) {
    const [from, end] = [Math.max(repeated, one.from) + by, one.to + by];
    first.parts.push({ ...one, from, to: end, repeatedRows: repeated, repeatedHeader: [...new Set(again)] });
  }
  first.notes.push(...second.notes);
  takeLines(first, second);
}

function rowCount(table: Table): number {
  return table.parts.at(-1)?.to ?? 0;
}

function linesOf(cell: Cell): string[] {
  return cell.blocks.flatMap((block) => block.lines);
}

function textOf(cell: Cell): string {
  return cell.blocks.map((block) => ("runs" in block ? textOfRuns(block.runs) : "")).join(" ");
}

function textOfRuns(runs: readonly { text: string }[]): string {
  return runs
    .map((run) => run.text)
    .join("")
    .trim();
}
