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
import { type Box, union } from "../geometry.ts";
import { columnsOf, type Gutter, gapsOf, guttersOf, whiteOf } from "./gutters.ts";
import type { Line } from "./lines.ts";

export interface Region {
  lines: Line[];
  box: Box;
}

/** Columns in columns, and no deeper: a page is no tree. */
const MAX_DEPTH = 5;
/** A line's body, in type sizes over its baseline: ascenders and accents of the next line don't make one row of two. */
const BODY = 0.6;

export function regionsOf(lines: readonly Line[], depth = 0): Region[] {
  if (lines.length === 0) return [];
  const regions: Region[] = [];
  let plain: Line[] = [];
  const flush = () => {
    if (plain.length > 0) regions.push({ lines: plain, box: plain.map((line) => line.box).reduce(union) });
    plain = [];
  };
  for (const band of bandsOf(lines)) {
    if (band.gutters.length === 0 || depth >= MAX_DEPTH) {
      plain.push(...band.lines);
      continue;
    }
    flush();
    for (const column of columnsOf(band.lines, band.gutters)) regions.push(...regionsOf(column, depth + 1));
  }
  flush();
  return regions;
}

interface Band {
  lines: Line[];
  /** White with text on both sides, whether or not it parts columns yet. */
  gaps: Gutter[];
  /** Those of them that do. */
  gutters: Gutter[];
}

function bandsOf(lines: readonly Line[]): Band[] {
  const left = Math.min(...lines.map((line) => line.box[0]));
  const right = Math.max(...lines.map((line) => line.box[2]));
  const band = (of: Line[]): Band => {
    const gaps = gapsOf(of, whiteOf(of, left, right));
    return { lines: of, gaps, gutters: guttersOf(of, gaps) };
  };
  const bands: Band[] = [];
  for (const group of overlappingRows(lines)) {
    const next = band(group);
    const last = bands.at(-1);
    if (last !== undefined) {
      const both = band([...last.lines, ...group]);
      const goesOn =
        both.gaps.length > 0
          ? last.gutters.length === 0 || both.gutters.length > 0
          : last.gaps.length + next.gaps.length === 0;
      if (goesOn) {
        bands[bands.length - 1] = both;
        continue;
      }
    }
    bands.push(next);
  }
  return bands;
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
  return line.angle === 0 ? line.baseline - BODY * line.size : line.box[1];
}

function footOf(line: Line): number {
  return line.angle === 0 ? line.baseline : line.box[3];
}
