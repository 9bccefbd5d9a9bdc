/**
 * Lines of a page's outer zone, counted by text without digits and by height: what recurs is furniture. Further in only
 * what stands outside the text counts: the head row of a table that goes on recurs too.
 */
import { numberIn } from "../document/page-numbers.ts";
import type { PageLines, Segment } from "../page-lines.ts";
import { marginEdge, marginKey, marginStep, standing } from "../profile.ts";

/** Longer lines are text, whatever their place. */
const LONGEST_CHARS = 160;
/** Heads and feet have so many rows at most. */
const OUTER_ROWS = 3;
/** White between them and the text, in type sizes. */
const APART = 0.8;
/** Left edges nearer than this are one, in type sizes; a row with so many in common with the next one is a table's. */
const SAME_EDGE = 0.3;
const COMMON_EDGES = 2;

export function noteMargins(margins: Map<string, { page: number; value: number }[]>, page: PageLines): void {
  const { number } = page.size;
  let outside: ReadonlySet<Segment> | null = null;
  for (const line of page.lines) {
    const place = standing(line, page.size);
    if (place === null) continue;
    const { middle, height } = place;
    const text = page.words
      .slice(line.from, line.to)
      .map((word) => word.text)
      .join(" ");
    const edge = marginEdge(text, middle / height);
    if (edge === null || text.length > LONGEST_CHARS) continue;
    if (edge.inner) outside ??= linesOutside(page);
    if (edge.inner && outside?.has(line) !== true) continue;
    const key = marginKey(text, edge, marginStep(edge.side === "top" ? middle : height - middle, page.size));
    const places = margins.get(key) ?? [];
    places.push({ page: number, value: numberIn(text) });
    margins.set(key, places);
  }
}

/**
 * Upright lines over or under the text: the outermost rows, as far as white sets them apart from it. Where there are no
 * more rows than a head and a foot may have, nobody knows which are the text.
 */
function linesOutside(page: PageLines): ReadonlySet<Segment> {
  const rows: Segment[][] = [];
  let foot = Number.NEGATIVE_INFINITY;
  for (const line of page.lines.filter(({ angle }) => angle === 0).sort((a, b) => a.box[1] - b.box[1])) {
    if (line.box[1] >= foot) rows.push([line]);
    else rows.at(-1)!.push(line);
    foot = Math.max(foot, line.box[3]);
  }
  const outside = new Set<Segment>();
  for (const inward of [rows, rows.toReversed()]) {
    let from = 0;
    for (let i = 0; i < Math.min(OUTER_ROWS, inward.length - 1 - OUTER_ROWS); i++) {
      const [row, next] = [inward[i]!, inward[i + 1]!];
      const size = page.styles[page.words[row[0]!.from]!.style]?.size ?? 0;
      const white = Math.max(
        topOf(next) - footOf(row), // inwards from the top
        topOf(row) - footOf(next),
      );
      if (white < APART * size || commonEdges(row, next, SAME_EDGE * size) >= COMMON_EDGES) continue;
      for (const line of inward.slice(from, i + 1).flat()) outside.add(line);
      from = i + 1;
    }
  }
  return outside;
}

function topOf(row: readonly Segment[]): number {
  return Math.min(...row.map(({ box }) => box[1]));
}

function footOf(row: readonly Segment[]): number {
  return Math.max(...row.map(({ box }) => box[3]));
}

function commonEdges(row: readonly Segment[], next: readonly Segment[], near: number): number {
  return row.filter(({ box }) => next.some((other) => Math.abs(other.box[0] - box[0]) <= near)).length;
}
