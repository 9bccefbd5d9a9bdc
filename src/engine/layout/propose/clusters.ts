/**
 * Pictures, drawings, bars → clusters that are one figure each as far as their strokes say: tiles of one picture made one,
 * drawings near each other joined, the rules and fills that lie in them added. Text is not looked at.
 */
import { type Box, height, overlap, union, width } from "../../geometry.ts";
import type { Fill, PageLines } from "../../page-lines.ts";

export interface Cluster {
  box: Box;
  /** Without the frame round it. */
  strokes: Box;
  images: number;
  /** Paths that are neither rule nor fill. */
  paths: number;
  rules: number;
  fills: number;
  /** Those of the rules that are as short as an axis' ticks. */
  ticks: number;
  /** Bars of a chart. */
  bars: number;
  /** Those of the bars that lie. */
  lying: number;
  /** Found by its caption: without one it is none. */
  claimed: boolean;
}

/** A picture or drawing that covers more of the page, or of its width and height, is its background or its frame. */
export const BACKGROUND = 0.85;
const FRAME = 0.9;
/** Thinner pictures are rules, in type sizes. */
const THIN = 0.5;
/** Tiles touch: this near, in type sizes, along this share of the shorter side. */
const TILE = { gap: 0.15, side: 0.5 } as const;
/** White within a drawing, in type sizes (LAYOUT 1.11: 1 to 1.5). */
const WITHIN = 1.2;
/** Rules and fills so near to a drawing are part of it, when so much of their length lies within it. */
const PART = { gap: 0.5, share: 0.3 } as const;
/** A drawing fills so much of its frame; a smaller one is an icon on a card. A plot's frame lies in the chart's. */
const FRAMES = { share: 0.3, depth: 2, slack: 0.3 } as const;
/** An axis' ticks are shorter, in type sizes; the rules of tables and forms are not. */
const TICK = 1;
/** A page of more strokes is not looked at one against the other. */
const MOST_PARTS = 3_000;
/** Bars stand on one line, are equally broad, and have so many different lengths. */
const BARS = { edge: 0.15, breadth: 0.1, lengths: 3 } as const;
/** 0xRRGGBBAA: lighter than this in each colour is white; below this alpha it is not seen. */
const WHITE = 0xf7;
const CLEAR = 0x10;

/** @param em type size of the text around, 1/100 pt */
export function clustersOf(page: PageLines, em: number): Cluster[] {
  const parts = [...picturesOf(page, em), ...drawingsOf(page), ...barsOf(page, em)];
  if (parts.length === 0 || parts.length > MOST_PARTS) return [];
  const joined = joinAll(parts, em);
  addStrokes(joined, page, em);
  const whole = joinAll(joined, em);
  for (const cluster of whole) {
    cluster.strokes = cluster.box;
    cluster.box = framed(cluster, page, em);
  }
  return joinAll(whole, em);
}

function picturesOf({ images, size }: PageLines, em: number): Cluster[] {
  return images
    .filter(({ box }) => Math.min(width(box), height(box)) > THIN * em && !isBackground(box, size))
    .map(({ box }) => ({
      box,
      strokes: box,
      images: 1,
      paths: 0,
      rules: 0,
      fills: 0,
      ticks: 0,
      bars: 0,
      lying: 0,
      claimed: false,
    }));
}

function drawingsOf({ drawings, size }: PageLines): Cluster[] {
  return drawings
    .filter(({ box }) => !isBackground(box, size))
    .map(({ box, paths }) => ({
      box,
      strokes: box,
      images: 0,
      paths,
      rules: 0,
      fills: 0,
      ticks: 0,
      bars: 0,
      lying: 0,
      claimed: false,
    }));
}

export function isBackground(box: Box, { width: w, height: h }: { width: number; height: number }): boolean {
  const whole = width(box) > FRAME * w && height(box) > FRAME * h;
  return whole || width(box) * height(box) > BACKGROUND * w * h;
}

/** Filled rectangles on one base line, equally broad and of different lengths; upright or lying. */
function barsOf({ fills, size }: PageLines, em: number): Cluster[] {
  const seen = fills.filter((fill) => isSeen(fill) && !isBackground(fill.box, size));
  if (seen.length < BARS.lengths || seen.length > MOST_PARTS) return [];
  const found: Cluster[] = [];
  for (const upright of [true, false]) {
    const base = ({ box }: Fill) => (upright ? box[3] : box[0]);
    const breadth = ({ box }: Fill) => (upright ? width(box) : height(box));
    const length = ({ box }: Fill) => (upright ? height(box) : width(box));
    const sorted = seen.filter((fill) => breadth(fill) > 0.2 * em).sort((a, b) => base(a) - base(b));
    for (let from = 0; from < sorted.length; ) {
      let to = from + 1;
      while (to < sorted.length && base(sorted[to]!) - base(sorted[from]!) <= BARS.edge * em) to++;
      const row = sorted.slice(from, to);
      const like = row.filter((fill) => Math.abs(breadth(fill) - breadth(row[0]!)) <= BARS.breadth * breadth(row[0]!));
      const lengths = new Set(like.map((fill) => Math.round(length(fill) / (0.3 * em))));
      if (like.length >= BARS.lengths && lengths.size >= BARS.lengths) {
        const box = like.map((fill) => fill.box).reduce(union);
        found.push({
          box,
          strokes: box,
          images: 0,
          paths: 0,
          rules: 0,
          fills: like.length,
          ticks: 0,
          bars: like.length,
          lying: upright ? 0 : like.length,
          claimed: false,
        });
      }
      from = to;
    }
  }
  return found;
}

export function isSeen({ color }: Fill): boolean {
  if ((color & 0xff) < CLEAR) return false;
  return [24, 16, 8].some((shift) => ((color >>> shift) & 0xff) < WHITE);
}

/** Until nothing joins any more: a box that grew may reach another. */
export function joinAll(parts: readonly Cluster[], em: number): Cluster[] {
  let clusters = parts.map((part) => ({ ...part }));
  for (;;) {
    clusters.sort((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0]);
    const kept: Cluster[] = [];
    for (const cluster of clusters) {
      const other = kept.find((one) => belong(one, cluster, em));
      if (other === undefined) kept.push(cluster);
      else Object.assign(other, merge(other, cluster));
    }
    if (kept.length === clusters.length) return kept;
    clusters = kept;
  }
}

export function merge(a: Cluster, b: Cluster): Cluster {
  return {
    box: union(a.box, b.box),
    strokes: union(a.strokes, b.strokes),
    images: a.images + b.images,
    paths: a.paths + b.paths,
    rules: a.rules + b.rules,
    fills: a.fills + b.fills,
    ticks: a.ticks + b.ticks,
    bars: a.bars + b.bars,
    lying: a.lying + b.lying,
    claimed: a.claimed && b.claimed,
  };
}

function belong(a: Cluster, b: Cluster, em: number): boolean {
  const x = overlap(a.box[0], a.box[2], b.box[0], b.box[2]);
  const y = overlap(a.box[1], a.box[3], b.box[1], b.box[3]);
  const drawn = a.images === 0 && b.images === 0;
  if (drawn) return Math.min(x, y) >= -WITHIN * em;
  const [w, h] = [Math.min(width(a.box), width(b.box)), Math.min(height(a.box), height(b.box))];
  if (x > 0 && y > 0)
    return x * y > TILE.side * Math.min(w * h, Number.MAX_VALUE) || x > TILE.side * w || y > TILE.side * h;
  const tile = Math.max(x / w, y / h) >= TILE.side;
  return tile && Math.min(x, y) >= -TILE.gap * em;
}

/** Axes, grids, boxes of a flow chart. */
function addStrokes(clusters: Cluster[], page: PageLines, em: number): void {
  const strokes = [
    ...page.rules.map(({ box }) => ({ box, rules: 1, fills: 0 })),
    ...page.fills
      .filter((fill) => isSeen(fill) && !isBackground(fill.box, page.size))
      .map(({ box }) => ({ box, rules: 0, fills: 1 })),
  ];
  for (const cluster of clusters) {
    if (cluster.images > 0 && cluster.paths === 0) continue;
    let rest = strokes;
    for (let before = -1; before !== rest.length; ) {
      before = rest.length;
      rest = rest.filter((stroke) => {
        if (!isPart(stroke.box, cluster.box, em)) return true;
        cluster.box = union(cluster.box, stroke.box);
        cluster.rules += stroke.rules;
        if (stroke.rules > 0 && Math.max(width(stroke.box), height(stroke.box)) <= TICK * em) cluster.ticks += 1;
        cluster.fills += stroke.fills;
        return false;
      });
    }
  }
}

function isPart(box: Box, of: Box, em: number): boolean {
  const x = overlap(box[0], box[2], of[0] - PART.gap * em, of[2] + PART.gap * em);
  const y = overlap(box[1], box[3], of[1] - PART.gap * em, of[3] + PART.gap * em);
  return x >= PART.share * width(box) && y >= PART.share * height(box) && x >= 0 && y >= 0;
}

/** The frame drawn round a chart, its title and its legend; and the one round that. */
function framed(cluster: Cluster, page: PageLines, em: number): Box {
  let box = cluster.box;
  if (cluster.paths + cluster.bars === 0) return box;
  for (let depth = 0; depth < FRAMES.depth; depth++) {
    const frames = [...page.fills.map((fill) => fill.box), ...ruledFrames(box, page, em)].filter((frame) => {
      const share = (width(box) * height(box)) / Math.max(1, width(frame) * height(frame));
      return (
        share >= FRAMES.share && share < 1 && holds(frame, box, FRAMES.slack * em) && !isBackground(frame, page.size)
      );
    });
    const nearest = frames.toSorted((a, b) => width(a) * height(a) - width(b) * height(b))[0];
    if (nearest === undefined) return box;
    box = union(box, nearest);
  }
  return box;
}

function holds(outer: Box, inner: Box, slack: number): boolean {
  return (
    outer[0] <= inner[0] + slack &&
    outer[1] <= inner[1] + slack &&
    outer[2] >= inner[2] - slack &&
    outer[3] >= inner[3] - slack
  );
}

/** Of four rules that meet at the corners, with the box between them. */
function ruledFrames(box: Box, page: PageLines, em: number): Box[] {
  const slack = FRAMES.slack * em;
  const across = page.rules.filter(
    (rule) => rule.horizontal && rule.box[0] <= box[0] + slack && rule.box[2] >= box[2] - slack,
  );
  const upright = page.rules.filter(
    (rule) => !rule.horizontal && rule.box[1] <= box[1] + slack && rule.box[3] >= box[3] - slack,
  );
  const found: Box[] = [];
  for (const top of across.filter((rule) => rule.box[1] <= box[1] + slack)) {
    const sides = upright.filter((rule) => Math.abs(rule.box[1] - top.box[1]) <= slack);
    const left = sides.find((rule) => Math.abs(rule.box[0] - top.box[0]) <= slack);
    const right = sides.find((rule) => Math.abs(rule.box[2] - top.box[2]) <= slack);
    if (left === undefined || right === undefined) continue;
    const foot = across.some((rule) => Math.abs(rule.box[3] - left.box[3]) <= slack && rule.box[3] >= box[3] - slack);
    if (foot) found.push([top.box[0], top.box[1], top.box[2], left.box[3]]);
  }
  return found;
}
