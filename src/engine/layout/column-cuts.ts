/**
 * Where a segment runs over a narrow gutter: on one line the white between two columns may look like a stretched blank,
 * over the page it does not, since the words after it stand at the edge at which other lines begin. In: the page; out:
 * the indexes of the words before which their segment is to be cut.
 */
import type { PageLines } from "../page-lines.ts";

/** White that may be a gutter, in type sizes: TeX's own columns are 10 pt apart. */
const GUTTER = 0.7;
/** Left edges nearer than this are one, in type sizes. */
const SAME_EDGE = 0.12;
/** Lines that begin at the edge, and wide blanks that end at it: so many of the first, or of both. */
const BEGIN = 3;
const BEGIN_OR_END = 6;

export function columnCuts(page: PageLines): ReadonlySet<number> {
  const candidates: { word: number; x: number; near: number }[] = [];
  const starts: number[] = [];
  for (const line of page.lines) {
    if (line.angle !== 0) continue;
    starts.push(page.words[line.from]!.box[0]);
    for (let i = line.from + 1; i < line.to; i++) {
      const word = page.words[i]!;
      // A heading beside text, a script before it: the smaller type is the one that knows what a blank is.
      const size = Math.min(sizeOf(page, i), sizeOf(page, i - 1));
      if (word.gap >= GUTTER * size) candidates.push({ word: i, x: word.box[0], near: SAME_EDGE * size });
    }
  }
  if (candidates.length === 0) return new Set();
  starts.sort((a, b) => a - b);
  const ends = candidates.map(({ x }) => x).sort((a, b) => a - b);
  const cuts = candidates.filter(({ x, near }) => {
    const begin = countNear(starts, x, near);
    return begin >= BEGIN || begin + countNear(ends, x, near) >= BEGIN_OR_END;
  });
  return new Set(cuts.map(({ word }) => word));
}

function sizeOf({ words, styles }: PageLines, word: number): number {
  return styles[words[word]!.style]?.size ?? 0;
}

function countNear(sorted: readonly number[], x: number, near: number): number {
  return firstAbove(sorted, x + near) - firstAbove(sorted, x - near);
}

function firstAbove(sorted: readonly number[], x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
