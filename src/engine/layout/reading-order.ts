/**
 * Lines → columns in reading order. Rows of lines that overlap in height are stacked into bands as long as one gutter
 * (white from the band's top to its foot, with text on both sides) runs through; a band's columns are read left to
 * right, each on its own by the same rule. What spans the columns begins a new band by itself.
 *
 *      ┌───── title ─────┐   band 1: no gutter
 *      ┌ left ┐ ┌ right ─┐   band 2: one gutter
 *      └──────┘ └────────┘
 *      ┌──── figure ─────┐   band 3
 */
import type { Box } from "../geometry.ts";
import { cardRowsOf } from "./cards.ts";
import { columnsOf, commonWhite, type Gutter, gapsOf, guttersOf, typeSize, valleysOf, whiteOf } from "./gutters.ts";
import { boxOf, type Line } from "./lines.ts";
import { notesApart } from "./margin-notes.ts";
import { rowsOf } from "./rows.ts";
import { isRightToLeft, withTurnedApart } from "./writing-direction.ts";

export interface Region {
  lines: Line[];
  box: Box;
  /** Notes in the margin of the regions before it, each for the paragraph it stands beside. */
  notes?: true;
}

/** Columns in columns, and no deeper: a page is no tree. */
const MAX_DEPTH = 5;
/** Authors and their addresses take so many rows at most, and are set in from their columns' edges by this, in type sizes. */
const ROWS_ACROSS = 5;
const SET_IN = 1.5;
/** A line's body, in type sizes over its baseline: ascenders and accents of the next line don't make one row of two. */
const BODY = 0.6;
/** A row goes on in the next of its column: their edges are nearer, and their baselines, in type sizes. */
const SAME_EDGE = 0.5;
const NEXT_LINE = 2;
/** So many rows at most lie over a gutter without ending it, and this share of them. */
const BRIDGES = 3;
const BRIDGING = 0.2;
/** Columns whose last lines are nearer than this end together, in type sizes: one has a line more, or began lower. */
const TOGETHER = 2.6;
/** The white after columns that end together is so much more than any within them; without any, in type sizes. */
const WIDER = 1.2;
const WHITE = 0.9;

export function regionsOf(lines: readonly Line[], depth = 0): Region[] {
  if (lines.length === 0) return [];
  const regions: Region[] = [];
  let plain: Line[] = [];
  const flush = () => {
    for (const part of withTurnedApart(plain)) regions.push({ lines: part, box: boxOf(part) });
    plain = [];
  };
  const size = typeSize(lines);
  const bands = bandsOf(lines, size).flatMap((whole) => withoutBridges(whole, size));
  for (const band of bands.flatMap((whole, i) => endedTogether(whole, bands[i + 1], size))) {
    const gutters = depth < MAX_DEPTH ? guttersOf(band.lines, band.gaps) : [];
    if (gutters.length === 0) {
      for (const line of band.lines) plain.push(line);
      continue;
    }
    const { across, below } = takeRowsAcross(band.lines, gutters);
    for (const line of across) plain.push(line);
    flush();
    const columns = columnsOf(below, gutters);
    const { text, notes } = notesApart(columns);
    for (const cards of cardRowsOf(text)) {
      for (const column of isRightToLeft(band.lines) ? cards.toReversed() : cards)
        regions.push(...regionsOf(column, depth + 1));
    }
    for (const lines of notes) regions.push({ lines, box: boxOf(lines), notes: true });
  }
  flush();
  return regions;
}

/**
 * Names side by side over two columns are read along their row: rows at the band's top with text on both sides, none of
 * it at its column's edge.
 */
function takeRowsAcross(lines: readonly Line[], gutters: readonly Gutter[]): { across: Line[]; below: Line[] } {
  const edges = columnsOf(lines, gutters).map((column) => boxOf(column)[0]);
  const across: Line[] = [];
  for (const row of rowsOf(lines).slice(0, ROWS_ACROSS)) {
    const parts = columnsOf(row.lines, gutters);
    const setIn = row.lines.every((line) => edges.every((edge) => Math.abs(line.box[0] - edge) > SET_IN * line.size));
    if (parts.length < 2 || !setIn || row.lines.some((line) => line.solid !== undefined)) break;
    across.push(...row.lines);
  }
  const taken = new Set(across);
  return { across, below: lines.filter((line) => !taken.has(line)) };
}

interface Band {
  /** Rows of lines that overlap in height, top to bottom. */
  groups: Line[][];
  lines: Line[];
  /** What none of its lines covers, and its lines' own extent. */
  white: Gutter[];
  left: number;
  right: number;
  /** White with text on both sides, whether or not it parts columns yet. */
  gaps: Gutter[];
}

/** Grown row by row; what is expensive (do the gaps part columns?) is asked only when a gap would be lost. */
function bandsOf(lines: readonly Line[], size: number): Band[] {
  const bands: Band[] = [];
  for (const group of overlappingRows(lines)) {
    const next = bandOf(group, size);
    const last = bands.at(-1);
    if (last === undefined) {
      bands.push(next);
      continue;
    }
    const [left, right] = [Math.min(last.left, next.left), Math.max(last.right, next.right)];
    const white = commonWhite(last.white, next.white);
    const gaps = gapsOf(white, left, right, size);
    const keeps = gaps.length >= last.gaps.length || !losesGutters(last, group, gaps);
    const goesOn = gaps.length > 0 ? keeps : last.gaps.length + next.gaps.length === 0;
    if (!goesOn) {
      bands.push(withRowsAbove(last, next, size));
      if (last.groups.length === 0) bands.splice(-2, 1);
      continue;
    }
    last.groups.push(group);
    for (const line of group) last.lines.push(line);
    Object.assign(last, { white, left, right, gaps });
  }
  return bands;
}

/**
 * Headings side by side under a title that happens to leave some white above their gap: where a band without gutters
 * ends, its last rows go to the next band when they stand on both sides of a gap that they share with it.
 */
function withRowsAbove(last: Band, next: Band, size: number): Band {
  if (next.gaps.length === 0 || guttersOf(last.lines, last.gaps).length > 0) return next;
  let joined = next;
  while (last.groups.length > 0) {
    const above = bandOf(last.groups.at(-1)!, size);
    const [left, right] = [Math.min(above.left, joined.left), Math.max(above.right, joined.right)];
    const white = commonWhite(above.white, joined.white);
    const goesOn = continues(above.lines, joined);
    const gaps = gapsOf(white, left, right, size).filter((gap) => goesOn || isBetween(gap, above.lines));
    if (gaps.length === 0) break;
    const groups = [...above.groups, ...joined.groups];
    joined = { groups, lines: groups.flat(), white, left, right, gaps };
    last.groups.pop();
  }
  if (joined !== next) Object.assign(last, bandOfGroups(last.groups, size));
  return joined;
}

/** Rows of one column alone: in its style, at its edge, and no further above its next row than a line. */
function continues(above: readonly Line[], { groups }: Band): boolean {
  const next = groups.slice(0, ROWS_ACROSS).flat();
  return above.every((line) =>
    next.some(
      (other) =>
        other.styleKey === line.styleKey &&
        other.solid === undefined &&
        Math.abs(other.box[0] - line.box[0]) < SAME_EDGE * line.size &&
        other.baseline - line.baseline < NEXT_LINE * line.size,
    ),
  );
}

/**
 * A title or a heading may lie over one gutter and leave another white: the band then has lost the gutter that all its other
 * rows share. The rows that bridge it become a band of their own, when what they part has that gutter.
 */
function withoutBridges(band: Band, size: number): Band[] {
  if (band.groups.length < 2 * BRIDGES) return [band];
  const known = guttersOf(band.lines, band.gaps);
  const most = Math.min(BRIDGES, BRIDGING * band.groups.length);
  for (const valley of valleysOf(band.groups.map(whiteOf), most, size)) {
    if (valley.from <= band.left || valley.to >= band.right || known.some((gap) => meet(gap, valley))) continue;
    const bridges = new Set(
      band.groups.filter((group) => group.some(({ box }) => meet({ from: box[0], to: box[2] }, valley))),
    );
    if ([...bridges].some((group) => known.some((gap) => isBetween(gap, group)))) continue;
    const parts = stretchesOf(band.groups, bridges).map((groups) => bandOfGroups(groups, size));
    if (parts.some((part) => guttersOf(part.lines, part.gaps).some((gap) => meet(gap, valley)))) return parts;
  }
  return [band];
}

/**
 * Columns that end together above a wide white, under which one of them alone seems to go on: what stands there belongs to what follows,
 * and happens to be no wider than the column.
 */
function endedTogether(band: Band, next: Band | undefined, size: number): Band[] {
  const gutters = guttersOf(band.lines, band.gaps);
  if (gutters.length === 0) return [band];
  const columnOf = (line: Line) => gutters.filter((gutter) => line.box[0] >= gutter.to).length;
  const last = Array.from({ length: gutters.length + 1 }, () => -1);
  band.groups.forEach((group, i) => {
    for (const line of group) last[columnOf(line)] = i;
  });
  const isWide = next?.lines.some((line) => line.solid === undefined && gutters.every((gap) => crosses(line, gap)));
  const feet = last.map(() => Number.NEGATIVE_INFINITY);
  let widest = 0;
  for (const [i, group] of band.groups.entries()) {
    const [top, foot] = [Math.min(...group.map(topOf)), Math.max(...feet)];
    const apart = foot - Math.min(...feet) <= TOGETHER * size && last.some((end) => end < i);
    if (apart && top - foot >= Math.max(WHITE * size, isWide === true ? 0 : WIDER * widest)) {
      return [band.groups.slice(0, i), band.groups.slice(i)].map((groups) => bandOfGroups(groups, size));
    }
    for (const line of group.toSorted((a, b) => topOf(a) - topOf(b))) {
      const column = columnOf(line);
      if (feet[column]! > Number.NEGATIVE_INFINITY) widest = Math.max(widest, topOf(line) - feet[column]!);
      feet[column] = Math.max(feet[column]!, footOf(line));
    }
  }
  return [band];
}

function crosses({ box }: Line, gap: Gutter): boolean {
  return box[0] < gap.from && box[2] > gap.to;
}

function meet(a: Gutter, b: Gutter): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Runs of groups that are all bridges, or all none. */
function stretchesOf(groups: readonly Line[][], bridges: ReadonlySet<Line[]>): Line[][][] {
  const stretches: Line[][][] = [];
  let last: boolean | null = null;
  for (const group of groups) {
    const is = bridges.has(group);
    if (is === last) stretches.at(-1)!.push(group);
    else stretches.push([group]);
    last = is;
  }
  return stretches;
}

function isBetween(gap: Gutter, lines: readonly Line[]): boolean {
  return lines.some((line) => line.box[2] <= gap.from) && lines.some((line) => line.box[0] >= gap.to);
}

function bandOf(lines: Line[], size: number): Band {
  return bandOfGroups([lines], size);
}

function bandOfGroups(groups: Line[][], size: number): Band {
  const lines = groups.flat();
  if (lines.length === 0) return { groups, lines, white: [], left: 0, right: 0, gaps: [] };
  const [left, , right] = boxOf(lines);
  const white = whiteOf(lines);
  return { groups, lines, white, left, right, gaps: gapsOf(white, left, right, size) };
}

function losesGutters(band: Band, group: readonly Line[], gaps: readonly Gutter[]): boolean {
  return guttersOf(band.lines, band.gaps).length > 0 && guttersOf([...band.lines, ...group], gaps).length === 0;
}

/** Groups of lines whose bodies overlap in height, top to bottom. */
function overlappingRows(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  let foot = Number.NEGATIVE_INFINITY;
  for (const line of lines.toSorted((a, b) => topOf(a) - topOf(b) || a.box[0] - b.box[0])) {
    if (topOf(line) >= foot) groups.push([]);
    groups.at(-1)!.push(line);
    foot = Math.max(foot, footOf(line));
  }
  return groups;
}

function topOf(line: Line): number {
  return line.angle === 0 && line.solid === undefined ? line.baseline - BODY * line.size : line.box[1];
}

function footOf(line: Line): number {
  return line.angle === 0 && line.solid === undefined ? line.baseline : line.box[3];
}
