/**
 * Frames of shaded cells → the same with the unshaded rows at their ends and between them. Where every other row is
 * shaded, the shades alone leave out the header above the first and the row below the last.
 */
import { union } from "../../geometry.ts";
import { boxOf } from "../lines.ts";
import { CAPTION, FARTHEST } from "./bands.ts";
import { type Chunk, isNumeric, type TextRow, textRowsOf } from "./chunks.ts";
import { covered, type Edge } from "./edges.ts";
import type { DrawnCell, Frame } from "./ruled.ts";

/** Text reaches over the side of its cell by at most this, in type sizes. */
const OVER = 0.3;
/** A row's first line is at most so far from the shade, and lines of one row from each other, in type sizes. */
const PADDING = 1.6;
const LEADING = 1.7;
/** An end of more lines is text beside shades. */
const MOST_LINES = 12;
/** What stands above names so many of the columns when it is their header; addresses and dates name two or three. */
const NAMED = 0.6;
/** A rule over this share of the frame ends it. */
const ACROSS = 0.8;

/** @returns those frames that gained a row, whole */
export function stripedFrames(
  frames: readonly Frame[],
  chunks: readonly Chunk[],
  rules: readonly Edge[],
  size: number,
): Frame[] {
  const shaded = frames.filter(({ xs, edges }) => xs.length > 2 && edges.horizontal.some((edge) => !edge.drawn));
  const joined: Frame[] = [];
  for (const frame of shaded.toSorted((a, b) => a.box[1] - b.box[1])) {
    const at = joined.findLastIndex((above) => areOne(above, frame, chunks, size));
    if (at < 0) joined.push(frame);
    else joined[at] = joinedFrame(joined[at]!, frame);
  }
  return joined
    .map((frame) => withUnshadedEnds(frame, chunks, rules, size) ?? frame)
    .filter((frame) => !frames.includes(frame));
}

/** The unshaded row between is higher than those whose sides go on through it, but all of it stands in the columns. */
function areOne(above: Frame, below: Frame, chunks: readonly Chunk[], size: number): boolean {
  const { box, xs } = above;
  const [from, to] = [box[3], below.box[1]];
  if (to < from || to - from > MOST_LINES * LEADING * size || xs.length !== below.xs.length) return false;
  if (xs.some((x, i) => Math.abs(x - below.xs[i]!) > OVER * size)) return false;
  const between = chunks.filter((chunk) => chunk.box[3] > from && chunk.box[1] < to && isAcross(chunk, box));
  const own = between.filter(({ baseline, size: em }) => baseline - 0.3 * em > from && baseline - 0.3 * em < to);
  const places = own.map((chunk) => placeOf(chunk, xs, size));
  return !places.includes(-1) && new Set(places).size > 1;
}

function joinedFrame(above: Frame, below: Frame): Frame {
  const { xs, ys } = above;
  const cells = [
    ...above.cells,
    ...rowOf(ys.length - 1, xs, ys.at(-1)!, below.ys[0]!),
    ...below.cells.map((cell) => ({ ...cell, row: cell.row + ys.length })),
  ];
  const edges = {
    horizontal: [...above.edges.horizontal, ...below.edges.horizontal],
    vertical: [...above.edges.vertical, ...below.edges.vertical],
  };
  return { box: union(above.box, below.box), xs, ys: [...ys, ...below.ys], cells, edges, drawn: 0 };
}

function isAcross({ box }: Chunk, frame: Frame["box"]): boolean {
  return box[2] > frame[0] && box[0] < frame[2];
}

/** @returns null when nothing belongs to it that is not in it */
function withUnshadedEnds(frame: Frame, chunks: readonly Chunk[], rules: readonly Edge[], size: number): Frame | null {
  const { box, xs, ys, edges } = frame;
  const reach = MOST_LINES * LEADING * size;
  const near = chunks.filter(
    (chunk) => isAcross(chunk, box) && chunk.box[3] > box[1] - reach && chunk.box[1] < box[3] + reach,
  );
  const rows = textRowsOf(near);
  const middle = (row: TextRow) => row.baseline - 0.3 * row.size;
  const above = rows.filter((row) => middle(row) < box[1]).reverse();
  const head = endOf(above, frame, rules, size, Math.max(2, NAMED * (xs.length - 1)));
  const below = rows.filter((row) => middle(row) > box[3]);
  const foot = endOf(below, frame, rules, size, 2);
  if (head.length === 0 && foot.length === 0) return null;
  const tops = head.length === 0 ? [] : [Math.min(...head.map((row) => row.box[1]))];
  const feet = rowsIn(foot).map((row) => Math.max(...row.map((line) => line.box[3])));
  const down = tops.length;
  const cells = frame.cells.map((cell) => ({ ...cell, row: cell.row + down }));
  if (down > 0) cells.unshift(...rowOf(0, xs, tops[0]!, ys[0]!));
  feet.forEach((end, i) => {
    cells.push(...rowOf(ys.length - 1 + down + i, xs, feet[i - 1] ?? ys.at(-1)!, end));
  });
  const whole = union(box, boxOf([...head, ...foot]));
  return {
    box: [box[0], whole[1], box[2], whole[3]],
    xs,
    ys: [...tops, ...ys, ...feet],
    cells,
    edges,
    drawn: 0,
  };
}

/**
 * Lines from the frame on, nearest first, that stand in its columns: several cells, then what is wrapped in them. None
 * where rows go on beyond: then not every other row is shaded, but the header alone; and none in fewer columns than asked.
 */
function endOf(
  rows: readonly TextRow[],
  { box, xs }: Frame,
  rules: readonly Edge[],
  size: number,
  fewest: number,
): TextRow[] {
  const found: TextRow[] = [];
  const filled = new Set<number>();
  for (const row of rows) {
    const before = found.at(-1);
    const step = before === undefined ? gapOf(row, box) : Math.abs(row.baseline - before.baseline);
    const places = row.chunks.map((chunk) => placeOf(chunk, xs, size));
    if (step > FARTHEST * size || found.length === MOST_LINES) break;
    if (before !== undefined && isParted(before, row, rules, box, size)) break;
    if (places.includes(-1) || row.chunks.some(({ text }) => CAPTION.test(text))) break;
    if (step > (before === undefined ? PADDING : LEADING) * size) return [];
    for (const place of places) filled.add(place);
    found.push(row);
  }
  return filled.size >= fewest ? found : [];
}

/** Sums stand under the last row, and each line of figures is one of its own. */
function rowsIn(lines: readonly TextRow[]): TextRow[][] {
  const rows: TextRow[][] = [];
  for (const line of lines) {
    const begins = line.chunks.length > 1 && line.chunks.some(({ text }) => isNumeric(text));
    if (rows.length === 0 || begins) rows.push([line]);
    else rows.at(-1)!.push(line);
  }
  return rows;
}

function gapOf({ box }: TextRow, frame: Frame["box"]): number {
  return Math.max(frame[1] - box[3], box[1] - frame[3], 0);
}

/** The column that the chunk stands in, -1 when it reaches out of it. */
function placeOf({ box, size: own }: Chunk, xs: readonly number[], size: number): number {
  const slack = OVER * Math.min(own, size);
  return xs.findIndex((x, i) => i + 1 < xs.length && box[0] >= x - slack && box[2] <= xs[i + 1]! + slack);
}

function isParted(a: TextRow, b: TextRow, rules: readonly Edge[], box: Frame["box"], size: number): boolean {
  const [above, below] = a.baseline < b.baseline ? [a, b] : [b, a];
  const at = (above.baseline + below.box[1]) / 2;
  const slack = Math.max(below.box[1] - above.baseline, 0.3 * size);
  return covered(rules, at, slack, box[0], box[2]) >= ACROSS * (box[2] - box[0]);
}

function rowOf(row: number, xs: readonly number[], top: number, foot: number): DrawnCell[] {
  return xs.slice(1).map((right, column) => ({
    row,
    column,
    rowSpan: 1,
    columnSpan: 1,
    box: [xs[column]!, top, right, foot],
  }));
}
