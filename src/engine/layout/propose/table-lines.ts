/** Lines of a table (text rows whose chunks know their columns), and what their heights tell: which stand beside each other. */
import { type Chunk, isNumeric } from "./chunks.ts";

/** A chunk and the columns it stands in, both ends included. */
export interface Entry {
  chunk: Chunk;
  first: number;
  last: number;
}

export interface TableLine {
  entries: Entry[];
  baseline: number;
  top: number;
  foot: number;
  size: number;
}

/** Baselines nearer than this, in type sizes, can't be two lines of one cell: they stand side by side, centred. */
export const INTERLEAVED = 0.8;
/** Or than this, if one stands at half height of two others. */
const TOO_NEAR = 1.08;
/** Cells set at half height of their row have their middles this near to each other, in type sizes. */
const ONE_MIDDLE = 0.35;

/** A stub that stands at half height beside two lines. */
export function mergeInterleaved(lines: readonly TableLine[]): TableLine[] {
  const out: TableLine[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    const near = last !== undefined && line.baseline - last.baseline < INTERLEAVED * Math.min(line.size, last.size);
    if (near && areApart(line, last)) takeIn(last, line);
    else out.push({ ...line });
  }
  return out;
}

/** The same in a header, whose lines stand farther apart: at half height of two lines too near for one between them. */
export function mergeBetween(lines: readonly TableLine[]): TableLine[] {
  const out: TableLine[] = [];
  for (const [i, line] of lines.entries()) {
    const last = out.at(-1);
    if (last !== undefined && areApart(line, last) && isBetween(last, line, lines[i + 1])) takeIn(last, line);
    else out.push({ ...line });
  }
  return out;
}

function takeIn(line: TableLine, other: TableLine): void {
  line.entries = [...line.entries, ...other.entries].sort((a, b) => a.first - b.first);
  line.foot = Math.max(line.foot, other.foot);
  line.top = Math.min(line.top, other.top);
}

/** In none of each other's columns. */
export function areApart(one: TableLine, other: TableLine): boolean {
  return one.entries.every((entry) => other.entries.every((theirs) => apart(entry, theirs)));
}

function isBetween(above: TableLine, line: TableLine, below: TableLine | undefined): boolean {
  if (below === undefined || !areApart(line, below)) return false;
  const [over, under] = [line.baseline - above.baseline, below.baseline - line.baseline];
  return Math.min(over, under) < TOO_NEAR * line.size && Math.abs(over - under) < 2 * ONE_MIDDLE * line.size;
}

function apart(a: Entry, b: Entry): boolean {
  return a.last < b.first || b.last < a.first;
}

export function ruledGroups(lines: readonly TableLine[], ruled: readonly boolean[]): TableLine[][] {
  const groups: TableLine[][] = [];
  lines.forEach((line, i) => {
    if (i === 0 || ruled[i]) groups.push([line]);
    else groups.at(-1)!.push(line);
  });
  return groups;
}

/** Cells of one row, set at half its height: of different numbers of lines, none of them several figures, and all about one middle. */
export function isCentred(lines: readonly TableLine[]): boolean {
  const heights = new Map<number, number[]>();
  const figures = new Set<number>();
  for (const { chunk, first } of lines.flatMap((line) => line.entries)) {
    heights.set(first, [...(heights.get(first) ?? []), chunk.baseline]);
    if (!isNumeric(chunk.text)) continue;
    if (figures.has(first)) return false;
    figures.add(first);
  }
  const middles = [...heights.values()].map((own) => (Math.min(...own) + Math.max(...own)) / 2);
  const counts = [...heights.values()].map((own) => own.length).sort((a, b) => b - a);
  // Two columns of as many lines are rows beside a stub at half their height.
  return (
    counts[0]! > (counts[1] ?? counts[0]!) && Math.max(...middles) - Math.min(...middles) < ONE_MIDDLE * lines[0]!.size
  );
}
