/**
 * Text rows of a band → its columns, by the white that runs down between them. A row may bridge a gutter (a header over
 * several columns, a section's name), if enough others stand on both sides of it.
 */
import { type Box, union } from "../../geometry.ts";
import type { TextRow } from "./chunks.ts";
import { INTERLEAVED } from "./table-lines.ts";

export interface Column {
  left: number;
  right: number;
}

/** White this wide may be a gutter, in type sizes. */
export const NARROWEST = 0.4;
/** Rows that may bridge a gutter, as a share of those with several chunks; one in so few rows already. */
const BRIDGED = 0.25;
const ONE_OF = 4;
/** Rows with text on both sides of a gutter. */
const SUPPORT = 2;

/** @returns columns from left to right, at the edges of their text; fewer than two when there are none */
export function columnsOf(rows: readonly TextRow[], size: number): Column[] {
  const several = joinStubs(rows).filter((row) => row.chunks.length > 1);
  if (several.length < 2) return [];
  const steps = coverage(several);
  const bridged = Math.max(Math.floor(BRIDGED * several.length), several.length >= ONE_OF ? 1 : 0);
  const gutters: Gutter[] = [];
  for (let level = 0; level <= bridged; level++) {
    for (const white of lowIntervals(steps, level)) {
      if (white.to - white.from < NARROWEST * size) continue;
      if (gutters.some((gutter) => gutter.from < white.to && gutter.to > white.from)) continue;
      const support = supportOf(several, white, size);
      if (support >= Math.max(Math.min(SUPPORT, several.length), 2 * level)) gutters.push(white);
    }
  }
  gutters.sort((a, b) => a.from - b.from);
  return mergeExclusive(between(gutters, rows), several);
}

/** A stub at half height of two rows stands beside them, as one at the height of a row does. */
function joinStubs(rows: readonly TextRow[]): TextRow[] {
  const out: TextRow[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    const near = last !== undefined && row.baseline - last.baseline < INTERLEAVED * Math.min(row.size, last.size);
    const beside = near && row.chunks.every(({ box }) => last.chunks.every((other) => areApart(box, other.box)));
    if (!beside) out.push(row);
    else {
      const chunks = [...last.chunks, ...row.chunks].sort((a, b) => a.box[0] - b.box[0]);
      out[out.length - 1] = { ...last, chunks, box: union(last.box, row.box) };
    }
  }
  return out;
}

function areApart(a: Box, b: Box): boolean {
  return a[2] < b[0] || b[2] < a[0];
}

/**
 * A header that stands beside its figures, not over them, leaves white between: two columns of which no row fills both
 * are one. A debit and a credit column are told apart by their header, which fills both.
 */
function mergeExclusive(columns: readonly Column[], rows: readonly TextRow[]): Column[] {
  const out = [...columns];
  for (let c = 0; c + 1 < out.length; ) {
    const [one, other] = [out[c]!, out[c + 1]!];
    const both = rows.some(
      (row) => row.chunks.some(({ box }) => isIn(box, one)) && row.chunks.some(({ box }) => isIn(box, other)),
    );
    if (both) c++;
    else out.splice(c, 2, { left: one.left, right: other.right });
  }
  return out;
}

function isIn(box: Box, { left, right }: Column): boolean {
  const middle = (box[0] + box[2]) / 2;
  return middle >= left && middle <= right;
}

interface Gutter {
  from: number;
  to: number;
}

interface Step {
  x: number;
  /** Rows that cover the white from here to the next step. */
  count: number;
}

function coverage(rows: readonly TextRow[]): Step[] {
  const events: { x: number; by: number }[] = [];
  for (const row of rows) {
    let end = Number.NEGATIVE_INFINITY;
    for (const { box } of row.chunks) {
      const from = Math.max(box[0], end);
      if (box[2] > from) events.push({ x: from, by: 1 }, { x: box[2], by: -1 });
      end = Math.max(end, box[2]);
    }
  }
  events.sort((a, b) => a.x - b.x);
  const steps: Step[] = [];
  let count = 0;
  for (const { x, by } of events) {
    count += by;
    const last = steps.at(-1);
    if (last !== undefined && last.x === x) last.count = count;
    else steps.push({ x, count });
  }
  return steps;
}

function lowIntervals(steps: readonly Step[], level: number): Gutter[] {
  const found: Gutter[] = [];
  for (let i = 0; i + 1 < steps.length; i++) {
    if (steps[i]!.count > level) continue;
    let end = i + 1;
    while (end + 1 < steps.length && steps[end]!.count <= level) end++;
    if (i > 0 && end < steps.length - 1) found.push({ from: steps[i]!.x, to: steps[end]!.x });
    i = end;
  }
  return found;
}

/** Rows that have a chunk on both sides, with white between them that is wider than a blank. */
function supportOf(rows: readonly TextRow[], white: Gutter, size: number): number {
  const middle = (white.from + white.to) / 2;
  return rows.filter(({ chunks }) =>
    chunks.some((chunk, i) => {
      const next = chunks[i + 1];
      if (next === undefined || chunk.box[2] > middle || next.box[0] < middle) return false;
      return next.box[0] - chunk.box[2] >= NARROWEST * size;
    }),
  ).length;
}

function between(gutters: readonly Gutter[], rows: readonly TextRow[]): Column[] {
  const left = Math.min(...rows.map((row) => row.box[0]));
  const right = Math.max(...rows.map((row) => row.box[2]));
  const columns: Column[] = [];
  let from = left;
  for (const gutter of gutters) {
    columns.push({ left: from, right: gutter.from });
    from = gutter.to;
  }
  columns.push({ left: from, right });
  return columns;
}
