/**
 * The text of a band whose columns are parted by white alone → a grid: chunks to columns, lines to rows, what is set
 * over several columns to spans.
 */
import { height } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import { boxOf } from "../lines.ts";
import { type Chunk, splitChunk, textRowsOf, wordsOf } from "./chunks.ts";
import { type Column, columnsOf } from "./columns.ts";
import type { Edge } from "./edges.ts";
import { cutFigures } from "./figure-columns.ts";
import type { Grid, GridCell } from "./proposal.ts";
import type { Entry, TableLine } from "./table-lines.ts";
import { rowsOfLines } from "./table-rows.ts";

/** A header over several columns stands so near to their middle, in type sizes. */
const CENTRED = 0.8;
const MOST_COLUMNS = 60;
/** Stubs stand in the first columns. */
const MOST_STUBS = 2;
/** A blank of a header that parts cells, in type sizes, and against the line's narrowest blank. */
const HEADER_GAP = 0.42;
const WIDER = 1.3;
/** A blank between words of one cell is narrower, in type sizes, unless the line is stretched. */
const PLAIN_BLANK = 0.34;
/** Text stands at an edge of its column, give or take this, in type sizes. */
const ALIGNED = 0.25;
/** Edges that agree as well as others but for this share of a cell's height are as good: rounding doesn't decide. */
const EVEN = 0.1;

export interface WhiteGrid {
  grid: Grid;
  columns: Column[];
  lines: TableLine[];
  /** Lines of each row. */
  rows: TableLine[][];
}

/** @param rules horizontal ones of the band */
export function whiteGridOf(
  page: PageLines,
  chunks: readonly Chunk[],
  rules: readonly Edge[],
  size: number,
): WhiteGrid | null {
  const textRows = textRowsOf(cutFigures(page, chunks, size));
  const columns = columnsOf(textRows, size);
  if (columns.length < 2 || columns.length > MOST_COLUMNS) return null;
  const lines = textRows.map((row): TableLine => {
    const entries = row.chunks.flatMap((chunk) => entriesOf(page, chunk, columns));
    return { entries, baseline: row.baseline, top: row.box[1], foot: row.box[3], size: row.size };
  });
  const { rows, header, groups } = rowsOfLines(lines, columns, rules);
  const grid = gridOf(rows, header, columns, rules);
  stretchStubs(grid, header, groups);
  return { grid, columns, lines, rows };
}

/** A chunk in one column, or over several; cut where it has a blank at a gutter. */
export function entriesOf(page: PageLines, chunk: Chunk, columns: readonly Column[]): Entry[] {
  const [first, last] = [columnAt(chunk.box[0], columns, 0), columnAt(chunk.box[2], columns, 1)];
  if (first === last) return [{ chunk, first, last }];
  for (let c = 1; c < columns.length; c++) {
    const [from, to] = [columns[c - 1]!.right, columns[c]!.left];
    if (chunk.box[0] >= from || chunk.box[2] <= to) continue;
    for (let i = chunk.from + 1; i < chunk.to; i++) {
      const [before, after] = [page.words[i - 1]!.box[2], page.words[i]!.box[0]];
      if (page.words[i]!.gap === 0 || before > to || after < from) continue;
      // All of the gutter's white is between the two words, or nearly.
      if (before <= from + 0.1 * chunk.size && after >= to - 0.1 * chunk.size) {
        const [left, right] = splitChunk(page, chunk, i);
        return [...entriesOf(page, left, columns), ...entriesOf(page, right, columns)];
      }
    }
  }
  const cut = widestGapAtGutter(page, chunk, columns);
  if (cut > 0) {
    const [left, right] = splitChunk(page, chunk, cut);
    return [...entriesOf(page, left, columns), ...entriesOf(page, right, columns)];
  }
  return [{ chunk, first, last }];
}

/** Headers wider than their figures stand nearer together than the columns: a blank at a gutter that is wider than the others. */
function widestGapAtGutter(page: PageLines, chunk: Chunk, columns: readonly Column[]): number {
  const gaps = Array.from({ length: chunk.to - chunk.from - 1 }, (_, i) => page.words[chunk.from + i + 1]!.gap);
  const usual = gaps.filter((gap) => gap > 0).sort((a, b) => a - b)[0] ?? 0;
  let [cut, widest] = [0, Math.max(HEADER_GAP * chunk.size, WIDER * usual)];
  for (let i = chunk.from + 1; i < chunk.to; i++) {
    const { gap } = page.words[i]!;
    const [before, after] = [page.words[i - 1]!.box[2], page.words[i]!.box[0]];
    const atGutter = columns.some((column, c) => c > 0 && before < column.left && after > columns[c - 1]!.right);
    if (atGutter && gap > widest) [cut, widest] = [i, gap];
  }
  return cut > 0 ? cut : alignedCut(page, chunk, columns);
}

/** No wider blank, but both parts begin or end where the texts of their columns do: the blank where they do best. */
function alignedCut(page: PageLines, chunk: Chunk, columns: readonly Column[]): number {
  const [first, last] = [columnAt(chunk.box[0], columns, 0), columnAt(chunk.box[2], columns, 1)];
  const slack = ALIGNED * chunk.size;
  let [cut, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = chunk.from + 1; i < chunk.to; i++) {
    if (page.words[i]!.gap < PLAIN_BLANK * chunk.size) continue;
    const [before, after] = [page.words[i - 1]!.box[2], page.words[i]!.box[0]];
    const c = columns.findIndex((column, n) => n > 0 && before < column.left && after > columns[n - 1]!.right);
    if (c < 1) continue;
    const [left, right] = [columns[c - 1]!, columns[c]!];
    const off = Math.max(
      Math.min(Math.abs(chunk.box[0] - columns[first]!.left), Math.abs(before - left.right)),
      Math.min(Math.abs(after - right.left), Math.abs(chunk.box[2] - columns[last]!.right)),
    );
    const by = off + Math.min(Math.abs(after - right.left), Math.abs(before - left.right));
    if (off <= slack && by < least) [cut, least] = [i, by];
  }
  return cut;
}

/** An end that reaches into a gutter belongs to the column it comes from. */
function columnAt(x: number, columns: readonly Column[], end: 0 | 1): number {
  let found = 0;
  for (let c = 1; c < columns.length; c++) {
    const limit = end === 0 ? columns[c - 1]!.right : columns[c]!.left;
    if (end === 0 ? x >= limit : x > limit) found = c;
  }
  return found;
}

function gridOf(
  rows: readonly TableLine[][],
  header: number,
  columns: readonly Column[],
  rules: readonly Edge[],
): Grid {
  const cells: GridCell[] = [];
  rows.forEach((lines, row) => {
    const inHeader = row < header;
    const merged = mergeEntries(lines.flatMap((line) => line.entries));
    for (const cell of merged) {
      const [first, last] =
        inHeader && row < header - 1 ? spanOf(cell, merged, lines, columns, rules) : [cell.first, cell.last];
      const box = boxOf(cell.chunks);
      const words = wordsOf(cell.chunks);
      cells.push({
        row,
        column: first,
        rowSpan: 1,
        columnSpan: last - first + 1,
        header: inHeader,
        align: "left",
        words,
        box,
      });
    }
  });
  stretchHeaders(cells, header);
  align(cells, columns);
  return { rows: rows.length, columns: columns.length, cells };
}

interface Merged {
  first: number;
  last: number;
  chunks: Chunk[];
}

/** Lines of one cell stand in the same columns; where they overlap but differ, the cell takes them all. */
function mergeEntries(entries: readonly Entry[]): Merged[] {
  const cells: Merged[] = [];
  for (const { chunk, first, last } of entries.toSorted(
    (a, b) => a.first - b.first || a.chunk.baseline - b.chunk.baseline,
  )) {
    const cell = cells.at(-1);
    if (cell !== undefined && first <= cell.last) {
      cell.chunks.push(chunk);
      cell.last = Math.max(cell.last, last);
    } else cells.push({ first, last, chunks: [chunk] });
  }
  for (const cell of cells) cell.chunks.sort((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0]);
  return cells;
}

/** A header's columns: those of the partial rule below it, or those it stands centred over. */
function spanOf(
  cell: Merged,
  row: readonly Merged[],
  lines: readonly TableLine[],
  columns: readonly Column[],
  rules: readonly Edge[],
): [number, number] {
  const box = boxOf(cell.chunks);
  const last = lines.at(-1)!;
  const below = rules.filter(
    (rule) => rule.at > last.baseline - 0.1 * last.size && rule.at < last.baseline + 1.2 * last.size,
  );
  const rule = below.find((one) => one.from <= box[0] + 0.5 * last.size && one.to >= box[2] - 0.5 * last.size);
  if (rule !== undefined) {
    const under = columns.flatMap(({ left, right }, c) => {
      const middle = (left + right) / 2;
      return middle > rule.from && middle < rule.to ? [c] : [];
    });
    const others = row.some(
      (other) => other !== cell && other.last >= (under[0] ?? 0) && other.first <= (under.at(-1) ?? -1),
    );
    if (under.length > 0 && !others) return [Math.min(under[0]!, cell.first), Math.max(under.at(-1)!, cell.last)];
  }
  return centredOver(cell, row, columns, box, last.size);
}

function centredOver(
  cell: Merged,
  row: readonly Merged[],
  columns: readonly Column[],
  box: readonly number[],
  size: number,
): [number, number] {
  const at = row.indexOf(cell);
  const [from, to] = [(row[at - 1]?.last ?? 0) + 1, (row[at + 1]?.first ?? columns.length) - 1];
  const middle = (box[0]! + box[2]!) / 2;
  let [best, off] = [[cell.first, cell.last] as [number, number], Number.POSITIVE_INFINITY];
  for (let a = Math.min(from, cell.first); a <= cell.first; a++) {
    for (let b = cell.last; b <= Math.max(to, cell.last); b++) {
      if (a < 1 && b > a && cell.first > 0) continue;
      const distance = Math.abs((columns[a]!.left + columns[b]!.right) / 2 - middle);
      if (distance < off - 0.1 * size && distance < CENTRED * size) [best, off] = [[a, b], distance];
    }
  }
  return best;
}

/** A stub at half height of the rows between two rules stands for all of them. */
function stretchStubs(grid: Grid, header: number, groups: ReadonlySet<number>): void {
  const starts = [...groups].sort((a, b) => a - b);
  // One group that is the whole body says nothing.
  if (starts.length < 2) return;
  starts.forEach((from, i) => {
    const to = starts[i + 1] ?? grid.rows;
    if (from < header || to - from < 2) return;
    for (let column = 0; column < MOST_STUBS; column++) {
      const own = grid.cells.filter((cell) => cell.row >= from && cell.row < to && cell.column === column);
      const [stub] = own;
      if (own.length !== 1 || stub === undefined || stub.columnSpan > 1 || stub.row === from) continue;
      const middle = (from + to - 1) / 2;
      if (Math.abs(stub.row - middle) > 1) continue;
      stub.row = from;
      stub.rowSpan = to - from;
    }
  });
}

/** A header with nothing under it reaches down to the data. */
function stretchHeaders(cells: readonly GridCell[], header: number): void {
  for (const cell of cells) {
    if (!cell.header || cell.row === header - 1) continue;
    const below = cells.some(
      (other) =>
        other.header &&
        other.row > cell.row &&
        other.column < cell.column + cell.columnSpan &&
        other.column + other.columnSpan > cell.column,
    );
    if (!below) cell.rowSpan = header - cell.row;
  }
}

/** A column's cells agree at one edge or in the middle; figures stand at the right. */
export function align(cells: readonly GridCell[], columns: readonly Column[]): void {
  columns.forEach((_, c) => {
    const own = cells.filter((cell) => cell.column === c && cell.columnSpan === 1 && !cell.header);
    const spread = (edge: (cell: GridCell) => number) => {
      const values = own.map(edge);
      return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
    };
    const [left, right] = [spread(({ box }) => box[0]), spread(({ box }) => box[2])];
    const middle = spread(({ box }) => (box[0] + box[2]) / 2);
    const even = Math.min(left, right, middle) + EVEN * Math.min(...own.map(({ box }) => height(box)));
    const to = own.length < 2 || left <= even ? "left" : right <= even ? "right" : "center";
    for (const cell of cells) if (cell.column === c && cell.columnSpan === 1) cell.align = to;
  });
  for (const cell of cells) if (cell.columnSpan > 1) cell.align = "center";
}
