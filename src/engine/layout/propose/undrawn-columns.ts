/**
 * A frame whose uprights stand in some of its rows alone → the same with its other rows cut at them, where the text stands
 * in columns. Office programs draw uprights in the header only, or in every other row: the rest is not merged.
 */
import type { Chunk } from "./chunks.ts";
import type { DrawnCell, Frame } from "./ruled.ts";

/** Text reaches over the side of its cell by at most this, in type sizes. */
const OVER = 0.3;

/** @returns the frame itself when its text bears its drawing out */
export function withUndrawnColumns(frame: Frame, chunks: readonly Chunk[], size: number): Frame {
  const { xs, cells } = frame;
  const cut = cells.map((cell) => (cell.columnSpan > 1 ? piecesOf(cell, xs, chunks, size) : [cell]));
  const told = cut.filter((pieces) => pieces.length > 1).length;
  if (told === 0) return frame;
  // What its strokes leave open is told by white: the drawing is not all of the truth.
  const drawn = Math.max(0, frame.drawn - told / cells.length);
  return { ...frame, cells: cut.flat(), drawn };
}

/** Cut at all columns' sides that no text lies across, if text on one line stands at both sides of one. */
function piecesOf(cell: DrawnCell, xs: readonly number[], chunks: readonly Chunk[], size: number): DrawnCell[] {
  const { box, column, columnSpan } = cell;
  const own = chunks.filter(({ box: b, baseline, size: em }) => {
    const [x, y] = [(b[0] + b[2]) / 2, baseline - OVER * em];
    return x > box[0] && x < box[2] && y > box[1] && y < box[3];
  });
  const slack = OVER * size;
  const free: number[] = [];
  for (let i = column + 1; i < column + columnSpan; i++)
    if (!own.some(({ box: b }) => b[0] < xs[i]! - slack && b[2] > xs[i]! + slack)) free.push(i);
  const pieceAt = ({ box: b }: Chunk) => free.findLastIndex((i) => (b[0] + b[2]) / 2 > xs[i]!);
  const places = new Map<number, number>();
  const inColumns = own.some((chunk) => {
    const known = places.get(chunk.baseline);
    places.set(chunk.baseline, pieceAt(chunk));
    return known !== undefined && known !== pieceAt(chunk);
  });
  if (!inColumns) return [cell];
  return [column, ...free].map((from, i) => {
    const to = free[i] ?? column + columnSpan;
    return { ...cell, column: from, columnSpan: to - from, box: [xs[from]!, box[1], xs[to]!, box[3]] };
  });
}
