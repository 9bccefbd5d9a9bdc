/**
 * Upright rules between letters: where a table's rule stands in the white of a line, two cells meet, however narrow that
 * white is. In: the page's paths; out: breaks of a line's words at them.
 */
import { height, width } from "../geometry.ts";
import type { Path } from "../page.ts";
import { BREAK } from "./gaps.ts";
import type { Strip } from "./strip.ts";

/** All in em of the letter before. A cell's rule stands over and under its line; a bar that is type does not. */
const OVER = 0.85;
const UNDER = 0.22;
/** It stands between the letters, give or take this. */
const SLACK = 0.08;
/** Thicker is a bar. */
const THICKEST = 0.3;
/** More are a drawing. */
const MOST = 6_000;

export interface Upright {
  x: number;
  top: number;
  foot: number;
  thickness: number;
}

/** From left to right. */
export function uprightsOf(paths: readonly Path[]): Upright[] {
  const uprights: Upright[] = [];
  for (const { box, stroke, fill, strokeWidth, edges } of paths) {
    if (uprights.length > MOST) return [];
    if (fill && height(box) > 2 * width(box))
      uprights.push({ x: (box[0] + box[2]) / 2, top: box[1], foot: box[3], thickness: width(box) });
    if (!stroke) continue;
    for (const [x, top, right, foot] of edges ?? [])
      if (x === right) uprights.push({ x, top, foot, thickness: strokeWidth });
  }
  return uprights.sort((a, b) => a.x - b.x);
}

/** @param breaks of the upright line of these glyphs, in the order of u; those that a rule parts are set */
export function partAtUprights(
  uprights: readonly Upright[],
  strip: Strip,
  line: readonly number[],
  breaks: Uint8Array,
): void {
  if (uprights.length === 0) return;
  const { u, end, v, glyphs, piece } = strip;
  for (let k = 1; k < line.length; k++) {
    const [a, b] = [line[k - 1]!, line[k]!];
    if (breaks[k] !== BREAK.none || piece[b]) continue;
    const em = glyphs.size[a]!;
    const [from, to] = [end[a]! - SLACK * em, u[b]! + SLACK * em];
    for (let i = firstFrom(uprights, from); i < uprights.length && uprights[i]!.x <= to; i++) {
      const { top, foot, thickness } = uprights[i]!;
      if (thickness > THICKEST * em || top > v[a]! - OVER * em || foot < v[a]! + UNDER * em) continue;
      breaks[k] = BREAK.word;
      break;
    }
  }
}

function firstFrom(uprights: readonly Upright[], x: number): number {
  let low = 0;
  for (let high = uprights.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (uprights[middle]!.x < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
