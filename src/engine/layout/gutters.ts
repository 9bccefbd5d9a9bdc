/**
 * White strips between columns of text. In: the lines of a band; out: the gutters that part columns, as against the
 * gaps between the cells of a table or between a label and its text, which are read along the row.
 */
import { isAbove } from "./cards.ts";
import type { Line } from "./lines.ts";
import { notesBeside } from "./margin-notes.ts";
import { FEWEST_ROWS, looksLikeProse } from "./prose.ts";
import { type Row, rowsOf } from "./rows.ts";

/** An interval in x that no line of the band covers. */
export interface Gutter {
  from: number;
  to: number;
}

/** Cards beside each other have so much white between them, in type sizes. */
const CARD_GAP = 2;
/** A gutter is at least this wide, in the band's type size; a narrower one than that parts long columns of prose alone. */
const NARROWEST = 0.6;
const WIDE = 0.8;
const LONG = 8;
/** Columns of two rows are columns where none of these stands on a line with the other side's. */
const FEWEST_APART = 2;
/** Baselines nearer than this are common, in type sizes. */
const COMMON = 0.1;
/** Rows of the two sides that stand on common baselines: at most this share, else the sides must look like prose. */
const ALIGNED = 0.5;

/** The x-intervals that none of the lines covers, from one infinity to the other. */
export function whiteOf(lines: readonly Line[]): Gutter[] {
  const white: Gutter[] = [];
  let at = Number.NEGATIVE_INFINITY;
  for (const line of lines.toSorted((a, b) => a.box[0] - b.box[0])) {
    if (line.box[0] > at) white.push({ from: at, to: line.box[0] });
    at = Math.max(at, line.box[2]);
  }
  white.push({ from: at, to: Number.POSITIVE_INFINITY });
  return white;
}

/** Both lists go from left to right. */
export function commonWhite(a: readonly Gutter[], b: readonly Gutter[]): Gutter[] {
  const common: Gutter[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i]!, b[j]!];
    const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
    if (from < to) common.push({ from, to });
    if (one.to < other.to) i++;
    else j++;
  }
  return common;
}

/** What all but so many of the rows leave white, at least a gutter wide. */
export function valleysOf(rows: readonly Gutter[][], but: number, size: number): Gutter[] {
  const ends = rows.flatMap((white) =>
    white.flatMap(({ from, to }) => [
      { x: from, by: 1 },
      { x: to, by: -1 },
    ]),
  );
  ends.sort((a, b) => a.x - b.x || b.by - a.by);
  const valleys: Gutter[] = [];
  let [white, from] = [0, Number.NaN];
  for (const { x, by } of ends) {
    const was = white >= rows.length - but;
    white += by;
    const is = white >= rows.length - but;
    if (is && !was) from = x;
    if (was && !is && x - from >= NARROWEST * size) valleys.push({ from, to: x });
  }
  return valleys;
}

/** Those wide enough, with text on both sides: what lies within [left, right], where text begins and ends. */
export function gapsOf(white: readonly Gutter[], left: number, right: number, size: number): Gutter[] {
  return white.filter((gap) => gap.to - gap.from >= NARROWEST * size && gap.from > left && gap.to < right);
}

/** Those of the gaps that part columns. */
export function guttersOf(lines: readonly Line[], gaps: readonly Gutter[]): Gutter[] {
  if (gaps.length === 0) return [];
  const size = typeSize(lines);
  return gaps.filter((gap, i) => partsColumns(lines, size, gap, { from: gaps[i - 1], to: gaps[i + 1] }));
}

export function columnsOf(lines: readonly Line[], gutters: readonly Gutter[]): Line[][] {
  const columns: Line[][] = [...gutters, null].map(() => []);
  for (const line of lines) {
    columns[gutters.filter((gutter) => line.box[0] >= gutter.to).length]!.push(line);
  }
  return columns.filter((column) => column.length > 0);
}

/** @param next the gaps beside this one: of more than two columns those next to it tell whether they are prose */
function partsColumns(
  lines: readonly Line[],
  size: number,
  gap: Gutter,
  next: { from: Gutter | undefined; to: Gutter | undefined },
): boolean {
  const sides = [lines.filter((line) => line.box[2] <= gap.from), lines.filter((line) => line.box[0] >= gap.to)];
  // The lines of turned text stand side by side.
  if (sides.every((side) => side.every((line) => line.angle !== 0))) return false;
  const [left, right] = sides.map((side) => rowsOf(side.filter((line) => line.solid === undefined))) as [Row[], Row[]];
  const fewest = Math.min(left.length, right.length);
  // A table or figure beside something is no line of it.
  const isWide = gap.to - gap.from >= WIDE * size;
  if (isWide && fewest < FEWEST_ROWS && standsBeside(sides[0]!, sides[1]!)) return true;
  const [before, after] = [next.from?.to ?? Number.NEGATIVE_INFINITY, next.to?.from ?? Number.POSITIVE_INFINITY];
  const nextToLeft = rowsWithin(left, (line) => line.box[0] >= before);
  const nextToRight = rowsWithin(right, (line) => line.box[2] <= after);
  if (isWide && notesBeside(nextToLeft, nextToRight) !== null) return true;
  if (fewest >= 2 && gap.to - gap.from >= CARD_GAP * size && beginsLikeCard(left) && beginsLikeCard(right)) return true;
  if (fewest < FEWEST_ROWS) return isWide && fewest >= FEWEST_APART && areApart(left, right, size);
  if (left.at(-1)!.baseline < right[0]!.baseline || right.at(-1)!.baseline < left[0]!.baseline) return true;
  if (!isWide) return [left, right].every((rows) => looksLikeProse(rows, LONG));
  const aligned = countAligned(left, right, COMMON * size);
  if (aligned < ALIGNED * Math.min(left.length, right.length)) return true;
  return looksLikeProse(nextToLeft) && looksLikeProse(nextToRight);
}

/** A table or figure on one side, and something at its height on the other. */
function standsBeside(left: readonly Line[], right: readonly Line[]): boolean {
  const isBeside = (solids: readonly Line[], others: readonly Line[]) =>
    solids.some(
      ({ solid, box }) => solid !== undefined && others.some((other) => other.box[1] < box[3] && other.box[3] > box[1]),
    );
  return isBeside(left, right) || isBeside(right, left);
}

/** Side by side, no row of one on a line with a row of the other, and one of them runs over its lines as text does. */
function areApart(left: readonly Row[], right: readonly Row[], size: number): boolean {
  if (left[0]!.baseline > right.at(-1)!.baseline || right[0]!.baseline > left.at(-1)!.baseline) return false;
  if (countAligned(left, right, COMMON * size) > 0) return false;
  return [left, right].some((rows) => looksLikeProse(rows, FEWEST_APART));
}

function rowsWithin(rows: readonly Row[], isWithin: (line: Line) => boolean): Row[] {
  const lines = rows.flatMap((row) => row.lines);
  return lines.every(isWithin) ? [...rows] : rowsOf(lines.filter(isWithin));
}

/** Rows of the right that stand on a baseline of the left; both go down the page. */
function countAligned(left: readonly Row[], right: readonly Row[], slack: number): number {
  let count = 0;
  let i = 0;
  for (const row of right) {
    while (i < left.length && left[i]!.baseline < row.baseline - slack) i++;
    if (i < left.length && left[i]!.baseline <= row.baseline + slack) count++;
  }
  return count;
}

/** Its first row is a heading, and the only one in its style. */
function beginsLikeCard(rows: readonly Row[]): boolean {
  const key = rows[0]!.lines[0]!.styleKey;
  return isAbove(rows) && rows.slice(1).every((row) => row.lines[0]!.styleKey !== key);
}

/** The middle one: a few large lines do not move it. */
export function typeSize(lines: readonly Line[]): number {
  const text = lines.filter((line) => line.solid === undefined);
  const sizes = text.map((line) => line.size).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}
