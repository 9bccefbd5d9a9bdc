/**
 * Rules and fills of the page → the edges that tables are drawn with: horizontal and vertical lines. Underlines of words
 * are dropped; the sides of shaded boxes that text stands in count as lines.
 */
import { height, overlap, width } from "../../geometry.ts";
import type { Fill, PageLines } from "../../page-lines.ts";
import type { Chunk } from "./chunks.ts";

export interface Edge {
  /** y of a horizontal edge, x of a vertical one. */
  at: number;
  from: number;
  to: number;
  /** Drawn as a stroke or thin rectangle; else the side of a fill. */
  drawn: boolean;
}

export interface Edges {
  horizontal: Edge[];
  vertical: Edge[];
}

/** The drawn ones alone: where they make a grid, shades in its cells say nothing more. */
export function drawnOf({ horizontal, vertical }: Edges): Edges {
  return { horizontal: horizontal.filter((edge) => edge.drawn), vertical: vertical.filter((edge) => edge.drawn) };
}

/** An underline lies so near below its words' baseline, and is as long as they are, give or take this; in type sizes. */
const UNDERLINE = { below: 0.22, ends: 0.3 } as const;
/** A fill behind more than this of the page is its background. */
const BACKGROUND = 0.4;
/** And one lower than this, in type sizes, is a bar. */
const LOWEST_FILL = 0.8;
/** One fill lies in another of its colour, give or take this. */
const INSIDE = 0.1;
/** A fill that leaves less than this of another free at its sides, in type sizes, is the shade of a paragraph in a cell. */
const PARAGRAPH = 2;
/** Sides nearer than this are one, in type sizes; an unshaded row is at most so many times as high as a shaded one. */
const SAME_SIDE = 0.15;
const STRIPE = 1.6;
/** So many fills make a picture of tiles, and its edges say nothing. */
const MOST_FILLS = 800;
const WHITE = 0xffffff;

export function edgesOf(page: PageLines, chunks: readonly Chunk[], size: number): Edges {
  const horizontal: Edge[] = [];
  const vertical: Edge[] = [];
  const sides: Edge[] = [];
  for (const { box, horizontal: flat } of page.rules) {
    if (flat) horizontal.push({ at: (box[1] + box[3]) / 2, from: box[0], to: box[2], drawn: true });
    else vertical.push({ at: (box[0] + box[2]) / 2, from: box[1], to: box[3], drawn: true });
  }
  for (const { box } of page.fills.length > MOST_FILLS ? [] : shades(page, chunks, size)) {
    for (const at of [box[1], box[3]]) horizontal.push({ at, from: box[0], to: box[2], drawn: false });
    for (const at of [box[0], box[2]]) sides.push({ at, from: box[1], to: box[3], drawn: false });
  }
  vertical.push(...overUnshaded(sides, chunks, size));
  return { horizontal: withoutUnderlines(horizontal, chunks), vertical };
}

/** Where every other row is shaded, the sides of its cells go on through the row between, but not through a text: it is none of its cells. */
function overUnshaded(sides: readonly Edge[], chunks: readonly Chunk[], size: number): Edge[] {
  const out: (Edge & { last: number })[] = [];
  const slack = SAME_SIDE * size;
  for (const side of sides.toSorted((a, b) => a.from - b.from || a.at - b.at)) {
    const above = out.findLast((edge) => Math.abs(edge.at - side.at) <= slack && edge.from < side.from);
    const gap = above === undefined ? 0 : side.from - above.to;
    const rows = above === undefined ? 0 : STRIPE * Math.max(side.to - side.from, above.last);
    const goesOn = above !== undefined && gap > 0 && gap <= rows;
    if (goesOn && !isThroughText(sides, chunks, above.to, side.from, slack)) {
      above.to = side.to;
      above.last = side.to - side.from;
    } else out.push({ ...side, last: side.to - side.from });
  }
  return out;
}

/** Whether a text between these heights lies across a side of the shades below: then it is in none of their columns. */
function isThroughText(
  sides: readonly Edge[],
  chunks: readonly Chunk[],
  top: number,
  foot: number,
  slack: number,
): boolean {
  const below = sides.filter((side) => Math.abs(side.from - foot) <= slack);
  return chunks.some(
    ({ box }) =>
      box[1] >= top - slack &&
      box[3] <= foot + slack &&
      below.some(({ at }) => box[0] < at - slack && box[2] > at + slack),
  );
}

/** Fills that text stands in, and that are neither the page's background nor white on white. */
function shades(page: PageLines, chunks: readonly Chunk[], size: number): Fill[] {
  const area = page.size.width * page.size.height;
  const shades = page.fills.filter(({ box, color }) => {
    if (color >>> 8 === WHITE || height(box) < LOWEST_FILL * size || width(box) < size) return false;
    if (width(box) * height(box) > BACKGROUND * area) return false;
    return chunks.some((chunk) => {
      const [x, y] = [(chunk.box[0] + chunk.box[2]) / 2, (chunk.box[1] + chunk.box[3]) / 2];
      return x > box[0] && x < box[2] && y > box[1] && y < box[3];
    });
  });
  // Shaded paragraphs in shaded cells: the cell counts.
  const slack = INSIDE * size;
  return shades.filter(
    ({ box, color }, i) =>
      !shades.some(
        (other, j) =>
          j !== i &&
          (other.color === color || width(other.box) - width(box) < PARAGRAPH * size) &&
          other.box[0] - slack <= box[0] &&
          other.box[2] + slack >= box[2] &&
          other.box[1] - slack <= box[1] &&
          other.box[3] + slack >= box[3] &&
          (width(other.box) * height(other.box) > width(box) * height(box) || j < i),
      ),
  );
}

function withoutUnderlines(edges: readonly Edge[], chunks: readonly Chunk[]): Edge[] {
  if (edges.length === 0) return [];
  const sorted = chunks.toSorted((a, b) => a.baseline - b.baseline);
  return edges.filter((edge) => {
    if (!edge.drawn) return true;
    let low = 0;
    for (let high = sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.baseline < edge.at - 3 * 1000) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < sorted.length && sorted[i]!.baseline <= edge.at; i++) {
      const { box, baseline, size } = sorted[i]!;
      if (edge.at - baseline > UNDERLINE.below * size) continue;
      const slack = UNDERLINE.ends * size;
      const inside = edge.from >= box[0] - slack && edge.to <= box[2] + slack;
      if (inside && overlap(edge.from, edge.to, box[0], box[2]) > 0) return false;
    }
    return true;
  });
}

/** Sorted places, those nearer than the slack made one (their mean). */
export function snap(places: readonly number[], slack: number): number[] {
  const out: number[] = [];
  let group: number[] = [];
  for (const place of places.toSorted((a, b) => a - b)) {
    if (group.length > 0 && place - group.at(-1)! > slack) {
      out.push(mean(group));
      group = [];
    }
    group.push(place);
  }
  if (group.length > 0) out.push(mean(group));
  return out;
}

function mean(values: readonly number[]): number {
  return Math.round(values.reduce((a, b) => a + b, 0) / values.length);
}

/** How much of [from, to] the edges at this place cover. */
export function covered(edges: readonly Edge[], at: number, slack: number, from: number, to: number): number {
  const near = edges
    .filter((edge) => Math.abs(edge.at - at) <= slack && edge.to > from && edge.from < to)
    .sort((a, b) => a.from - b.from);
  let sum = 0;
  let end = from;
  for (const edge of near) {
    const start = Math.max(end, edge.from);
    const stop = Math.min(to, edge.to);
    if (stop > start) sum += stop - start;
    end = Math.max(end, stop);
  }
  return sum;
}
