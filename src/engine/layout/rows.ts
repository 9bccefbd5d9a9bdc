/** Lines → rows: lines of one baseline, left to right, rows from top to bottom. */
import type { Box } from "../geometry.ts";
import { boxOf, type Line } from "./lines.ts";

export interface Row {
  lines: Line[];
  box: Box;
  baseline: number;
  /** Of the line of most characters. */
  size: number;
}

/** Rows that are one block, as paragraphs parts them. */
export interface Group {
  rows: Row[];
  box: Box;
}

/** Baselines nearer than this share of the smaller type are one (LAYOUT section 6). */
const SAME_BASELINE = 0.3;
/** White between cells, in type sizes. */
const CELL_GAP = 2;

export function rowsOf(lines: readonly Line[]): Row[] {
  const rows: Row[] = [];
  for (const line of lines.toSorted((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0])) {
    const row = rows.at(-1);
    if (row !== undefined && onRow(row, line)) row.lines.push(line);
    else rows.push({ lines: [line], box: line.box, baseline: line.baseline, size: line.size });
  }
  for (const row of rows) {
    row.lines.sort((a, b) => a.box[0] - b.box[0] || a.baseline - b.baseline);
    row.box = boxOf(row.lines);
    row.size = row.lines.reduce((a, b) => (b.chars > a.chars ? b : a)).size;
  }
  return rows;
}

function onRow(row: Row, line: Line): boolean {
  return Math.abs(line.baseline - row.baseline) <= SAME_BASELINE * Math.min(line.size, row.size);
}

/** Wide white within a row parts cells; only a number stands so far from its heading. */
export function isCellRow(row: Row): boolean {
  const from = /^[\dIVXA-H.]+$/.test(row.lines[0]!.text) ? 1 : 0;
  return row.lines.some((line, i) => i > from && line.box[0] - row.lines[i - 1]!.box[2] > CELL_GAP * row.size);
}
