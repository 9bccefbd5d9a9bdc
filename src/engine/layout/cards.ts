/**
 * Columns → rows of cards: where every column begins anew with a heading on one baseline, and not only once, the columns
 * are a grid of cards, read row by row. In an article's columns headings meet on one line by chance, and that once.
 */
import type { Line } from "./lines.ts";
import { type Row, rowsOf } from "./rows.ts";

/** A heading is set larger than the text under it by this, or bold above what is not. */
const HEADING = 1.08;
/** It has so many rows at most. */
const HEADING_ROWS = 3;
/** White above it: so many type sizes from baseline to baseline. */
const ABOVE = 1.8;
/** Baselines nearer than this are one, in type sizes. */
const SAME_BASELINE = 0.3;
/** Rows of cards that make a grid. */
const FEWEST = 2;

/** @returns rows of columns, top to bottom; one row when the columns are no cards */
export function cardRowsOf(columns: readonly Line[][]): Line[][][] {
  if (columns.length < 2) return [[...columns]];
  const heads = columns.map((column) => headsOf(rowsOf(column)));
  const [first, ...others] = heads;
  const starts = first!.filter((head) =>
    others.every((other) => other.some((one) => Math.abs(one.baseline - head.baseline) <= SAME_BASELINE * head.size)),
  );
  if (starts.length < FEWEST) return [[...columns]];
  const tops = starts.slice(1).map((head) => head.baseline - SAME_BASELINE * head.size);
  const rows: Line[][][] = [];
  for (let i = 0; i <= tops.length; i++) {
    const [from, to] = [tops[i - 1] ?? Number.NEGATIVE_INFINITY, tops[i] ?? Number.POSITIVE_INFINITY];
    const cards = columns.map((column) => column.filter(({ baseline }) => baseline >= from && baseline < to));
    rows.push(cards.filter((card) => card.length > 0));
  }
  return rows;
}

function headsOf(rows: readonly Row[]): Row[] {
  return rows.filter((row, i) => {
    if (i > 0 && row.baseline - rows[i - 1]!.baseline < ABOVE * row.size) return false;
    return isAbove(rows.slice(i));
  });
}

/** Its first row is set above what follows: a card's heading. Where several stand side by side, the first of them counts. */
export function isAbove([head, ...below]: readonly Row[]): boolean {
  const line = head!.lines[0]!;
  const text = below
    .slice(0, HEADING_ROWS)
    .map((row) => row.lines[0]!)
    .find((one) => one.styleKey !== line.styleKey);
  if (text === undefined || line.solid !== undefined || text.solid !== undefined) return false;
  return line.size >= HEADING * text.size || (line.bold && !text.mostlyBold && line.size >= text.size / HEADING);
}
