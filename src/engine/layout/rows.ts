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
/** A raised mark before its row: smaller than this, nearer and higher than that, in type sizes. */
const MARKS = { smaller: 0.8, gap: 2.5, rise: 0.7 } as const;
const MARK = /^(?:\d{1,3}|[a-z]|[*†‡§¶‖#∗]{1,3})$/u;
/** White between cells, in type sizes. */
const CELL_GAP = 2;

export function rowsOf(lines: readonly Line[]): Row[] {
  const rows: Row[] = [];
  for (const line of lines.toSorted((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0])) {
    const row = rows.at(-1);
    if (row !== undefined && onRow(row, line)) row.lines.push(line);
    else rows.push({ lines: [line], box: line.box, baseline: line.baseline, size: line.size });
  }
  takeMarks(rows);
  for (const row of rows) {
    row.lines.sort((a, b) => a.box[0] - b.box[0] || a.baseline - b.baseline);
    row.box = boxOf(row.lines);
    row.size = row.lines.reduce((a, b) => (b.chars > a.chars ? b : a)).size;
  }
  return rows;
}

/** A note's mark that stands raised and apart is a row of its own so far: it goes to the row it stands before. */
function takeMarks(rows: Row[]): void {
  for (let i = rows.length - 2; i >= 0; i--) {
    const [mark, row] = [rows[i]!, rows[i + 1]!];
    const [alone, first] = [mark.lines[0]!, row.lines.reduce((a, b) => (b.box[0] < a.box[0] ? b : a))];
    if (mark.lines.length > 1 || alone.words.length !== 1 || !isNoteMark(alone.text)) continue;
    const gap = (first.box[0] - alone.box[2]) / first.size;
    const rise = (first.baseline - alone.baseline) / first.size;
    if (alone.size > MARKS.smaller * first.size || gap < 0 || gap > MARKS.gap || rise > MARKS.rise) continue;
    row.lines.push(alone);
    rows.splice(i, 1);
  }
}

/** What stands raised before a note and where it is referred to. */
export function isNoteMark(text: string): boolean {
  return MARK.test(text);
}

function onRow(row: Row, line: Line): boolean {
  return Math.abs(line.baseline - row.baseline) <= SAME_BASELINE * Math.min(line.size, row.size);
}

/** Wide white within a row parts cells; only a number stands so far from its heading. */
export function isCellRow(row: Row): boolean {
  const from = /^[\dIVXA-H.]+$/.test(row.lines[0]!.text) ? 1 : 0;
  return row.lines.some((line, i) => i > from && line.box[0] - row.lines[i - 1]!.box[2] > CELL_GAP * row.size);
}
