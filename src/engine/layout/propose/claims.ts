/**
 * Strokes that a caption claims: box diagrams, trees, time lines, too few strokes or too flat to be a drawing by
 * themselves. From the strokes next to a caption that has no figure yet, as far as white and text that runs on let them
 * grow. Frames round running text claim nothing: its lines stand between them.
 */
import { type Box, height, overlap, union, width } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import type { Caption } from "../captions.ts";
import type { Line } from "../lines.ts";
import { type Cluster, isBackground, isSeen } from "./clusters.ts";

/** White between a caption and the strokes next to it, and between strokes above each other, in type sizes. */
const NEAR = 3;
/** White between strokes beside each other; as wide as the column where they stand over the caption's own text. */
const BESIDE = 1.2;
/** Text may overhang strokes beside it by so much, in type sizes. */
const OVERHANG = 0.3;
/** Smaller than this each way, in type sizes, is an ornament, even with a caption near. */
const SMALLEST = { width: 3, height: 0.4 } as const;
/** Shorter strokes say nothing, in type sizes. */
const ORNAMENT = 0.1;
/** A page of more strokes is not searched: charts of so many are drawings without a caption's help. */
const MOST_STROKES = 1_500;
/** A page of more captions without figures lists them; each is a search through all strokes. */
const MOST_CAPTIONS = 20;
/** Rules and fills of so many make a diagram when none of its strokes is slanted or bent. */
const FEWEST_RULES = 4;

type Strokes = Pick<Cluster, "box" | "images" | "paths" | "rules" | "fills"> & { across: boolean; upright: boolean };
type Range = readonly [from: number, to: number];

/** Where a caption's strokes may lie. */
interface Place {
  caption: Box;
  column: Range;
  barriers: readonly Box[];
  em: number;
}

/**
 * @param captions without a figure
 * @param held boxes of the figures that are known
 * @param prose lines that run on
 */
export function claimStrokes(
  captions: readonly Caption[],
  held: readonly Box[],
  prose: ReadonlySet<Line>,
  page: PageLines,
  em: number,
): Cluster[] {
  if (captions.length === 0 || captions.length > MOST_CAPTIONS) return [];
  const strokes = strokesOf(page, em).filter(({ box }) => !held.some((one) => meet(box, one, 0)));
  if (strokes.length === 0 || strokes.length > MOST_STROKES) return [];
  const told = new Set(captions.flatMap((caption) => caption.lines));
  const text = [...prose].filter((line) => !told.has(line)).map((line) => line.box);
  const claimed: Cluster[] = [];
  for (const { box: caption } of captions) {
    const others = captions.map((one) => one.box).filter((box) => box !== caption);
    const place = { caption, column: columnOf(caption, text, em), barriers: [...text, ...others], em };
    for (const near of [isAbove, isBelow, isBeside]) {
      const grown = grow(
        strokes.filter(({ box }) => near(box, place)),
        strokes,
        place,
      );
      if (grown === null || !isDiagram(grown, em) || claimed.some((one) => meet(one.box, grown.box, 0))) continue;
      const { box, images, paths, rules, fills } = grown;
      claimed.push({ box, strokes: box, images, paths, rules, fills, ticks: 0, bars: 0, lying: 0, claimed: true });
      break;
    }
  }
  return claimed;
}

function strokesOf(page: PageLines, em: number): Strokes[] {
  const make = (box: Box, more: Partial<Strokes>): Strokes => ({
    ...{ box, images: 0, paths: 0, rules: 0, fills: 0 },
    ...{ across: width(box) >= height(box), upright: height(box) >= width(box) },
    ...more,
  });
  const both = { across: true, upright: true };
  return [
    ...page.drawings.map(({ box, paths }) => make(box, { paths })),
    ...page.images.map(({ box }) => make(box, { images: 1 })),
    ...page.rules.map(({ box }) => make(box, { rules: 1 })),
    ...page.fills.filter(isSeen).map(({ box }) => make(box, { fills: 1, ...both })),
  ].filter(({ box }) => !isBackground(box, page.size) && Math.max(width(box), height(box)) > ORNAMENT * em);
}

/** From the nearest text that runs on above and below the caption: its column's width, or the page's under a wide one. */
function columnOf(caption: Box, text: readonly Box[], em: number): Range {
  const over = text.filter((box) => overlap(box[0], box[2], caption[0], caption[2]) > 0);
  let [left, right] = [caption[0], caption[2]];
  for (const away of [(box: Box) => caption[1] - box[3], (box: Box) => box[1] - caption[3]]) {
    const side = over.filter((box) => away(box) >= -em / 2);
    const nearest = side.reduce((least, box) => Math.min(least, away(box)), Number.POSITIVE_INFINITY);
    for (const box of side) {
      if (away(box) <= nearest + em) [left, right] = [Math.min(left, box[0]), Math.max(right, box[2])];
    }
  }
  return [left - em, right + em];
}

const isWithin = (box: Box, [from, to]: Range) => box[0] >= from && box[2] <= to;
const isNext = (gap: number, em: number) => gap >= -em / 2 && gap <= NEAR * em;

function isAbove(box: Box, { caption, column, em }: Place): boolean {
  return isWithin(box, column) && isNext(caption[1] - box[3], em);
}

function isBelow(box: Box, { caption, column, em }: Place): boolean {
  return isWithin(box, column) && isNext(box[1] - caption[3], em);
}

function isBeside(box: Box, { caption, em }: Place): boolean {
  const level = overlap(box[1], box[3], caption[1], caption[3]) >= 0;
  return level && (isNext(caption[0] - box[2], em) || isNext(box[0] - caption[2], em));
}

/** From the seed that is nearest; a stroke that would enclose text is none of the figure's, and never will be. */
function grow(seeds: readonly Strokes[], strokes: readonly Strokes[], place: Place): Strokes | null {
  const nearest = seeds.toSorted((a, b) => apart(a.box, place.caption) - apart(b.box, place.caption));
  let grown = nearest.find((seed) => isFree(seed.box, place));
  if (grown === undefined) return null;
  const open = new Set(strokes);
  open.delete(grown);
  for (;;) {
    const { box } = grown;
    const near = [...open].filter((stroke) => isNear(stroke.box, box, place));
    if (near.length === 0) return grown;
    for (const stroke of near) {
      open.delete(stroke);
      const whole = sum(grown, stroke);
      if (isFree(whole.box, place)) grown = whole;
    }
  }
}

function isNear(box: Box, grown: Box, { column, em }: Place): boolean {
  const below = -overlap(box[1], box[3], grown[1], grown[3]);
  const beside = -overlap(box[0], box[2], grown[0], grown[2]);
  return below <= NEAR * em && (beside <= BESIDE * em || (isWithin(box, column) && isWithin(grown, column)));
}

function isFree(box: Box, { caption, barriers, em }: Place): boolean {
  return !meet(box, caption, OVERHANG * em) && !barriers.some((one) => meet(box, one, OVERHANG * em));
}

function sum(a: Strokes, b: Strokes): Strokes {
  return {
    box: union(a.box, b.box),
    images: a.images + b.images,
    paths: a.paths + b.paths,
    rules: a.rules + b.rules,
    fills: a.fills + b.fills,
    across: a.across || b.across,
    upright: a.upright || b.upright,
  };
}

/** Rules across alone are a table's, or stand over a note. */
function isDiagram({ box, images, paths, rules, fills, across, upright }: Strokes, em: number): boolean {
  if (width(box) < SMALLEST.width * em || height(box) < SMALLEST.height * em) return false;
  return images + paths > 0 || (across && upright && rules + fills >= FEWEST_RULES);
}

/** Whether they have more than `slack` in common each way. */
function meet(a: Box, b: Box, slack: number): boolean {
  return overlap(a[0], a[2], b[0], b[2]) > slack && overlap(a[1], a[3], b[1], b[3]) > slack;
}

function apart(a: Box, b: Box): number {
  return Math.max(0, -overlap(a[0], a[2], b[0], b[2])) + Math.max(0, -overlap(a[1], a[3], b[1], b[3]));
}
