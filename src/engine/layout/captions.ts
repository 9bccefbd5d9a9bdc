/**
 * Captions of figures: lines that begin with what a figure is called and its number, with the lines that go on below.
 * In: the page's text and the figures' boxes; out: which lines belong to which figure. Captions of tables stay text.
 */
import { beginsFigureCaption } from "../document/captions.ts";
import { type Box, overlap, union } from "../geometry.ts";
import type { Profile } from "../profile.ts";
import type { Line } from "./lines.ts";

/** A caption lies nearer to its figure than this, in type sizes (LAYOUT 1.11: 1.8 line heights). */
const NEAR = 2.4;
/** A caption's lines are closer than this, in type sizes, and than this against its first step. */
const LEADING = 1.6;
const STEP = 1.15;
const MOST_LINES = 15;
/** Lines of one caption begin at one edge, or lie about one middle; or the first is set in or out. In type sizes. */
const SAME_EDGE = 0.5;
/** Real changes of type size, as a ratio. */
const SAME_SIZE = 0.05;
/** A figure and its caption have so much of the narrower one's width in common. */
const COMMON = 0.5;
/** What a caption on the other side than the document's is further off, in type sizes; and one beside its figure. */
const OTHER_SIDE = 1;
const BESIDE = 1.5;

export interface Caption {
  lines: Line[];
  box: Box;
}

/** @param free lines that no figure holds */
export function captionsOf(free: readonly Line[]): Caption[] {
  const starts = free.filter((line) => line.angle === 0 && beginsFigureCaption(line.text));
  if (starts.length === 0) return [];
  const heads = new Set(starts);
  return starts.map((first) => goOn(first, free, heads));
}

function goOn(first: Line, free: readonly Line[], heads: ReadonlySet<Line>): Caption {
  const caption: Caption = { lines: [first], box: first.box };
  // What stands on the first line's right, after a wide blank.
  const below = free
    .filter((line) => line.angle === 0 && line !== first && line.baseline >= first.baseline - SAME_EDGE * first.size)
    .sort((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0]);
  let [last, step] = [first, 0];
  for (const line of below) {
    const by = line.baseline - last.baseline;
    if (by > LEADING * Math.max(line.size, last.size)) break;
    if (overlap(line.box[0], line.box[2], caption.box[0] - line.size, caption.box[2] + line.size) <= 0) continue;
    if (heads.has(line) || Math.abs(line.size - first.size) > SAME_SIZE * first.size) break;
    const sameRow = by < SAME_EDGE * line.size;
    if (!sameRow) {
      if ((step > 0 && by > STEP * step) || !stands(line, caption) || caption.lines.length >= MOST_LINES) break;
      step = step === 0 ? by : step;
      last = line;
    }
    caption.lines.push(line);
    caption.box = union(caption.box, line.box);
  }
  return caption;
}

/** At the edge of the lines above it, about their middle, or beside the number that the first line hangs out. */
function stands(line: Line, { lines, box }: Caption): boolean {
  const slack = SAME_EDGE * line.size;
  const left = Math.min(...lines.slice(1).map((one) => one.box[0]), Number.POSITIVE_INFINITY);
  const edge = lines.length > 1 ? Math.abs(line.box[0] - left) < slack : line.box[0] > box[0] - slack;
  const middle = Math.abs(line.box[0] + line.box[2] - box[0] - box[2]) / 2 < slack;
  return edge || middle;
}

/** @returns a caption for each figure, or undefined */
export function tieCaptions(
  captions: readonly Caption[],
  figures: readonly Box[],
  profile: Profile,
): (Caption | undefined)[] {
  const pairs = captions.flatMap((caption) =>
    figures.map((figure, i) => ({ caption, i, away: distance(caption, figure, profile) })),
  );
  const tied: (Caption | undefined)[] = figures.map(() => undefined);
  const used = new Set<Caption>();
  for (const { caption, i, away } of pairs.sort((a, b) => a.away - b.away)) {
    if (!Number.isFinite(away) || used.has(caption) || tied[i] !== undefined) continue;
    tied[i] = caption;
    used.add(caption);
  }
  return tied;
}

/** In type sizes of the caption; infinite when they don't belong together. */
function distance({ box, lines }: Caption, figure: Box, { captionSide }: Profile): number {
  const em = lines[0]!.size || 1;
  const common = overlap(box[0], box[2], figure[0], figure[2]);
  if (common >= COMMON * Math.min(box[2] - box[0], figure[2] - figure[0])) {
    const [below, above] = [(box[1] - figure[3]) / em, (figure[1] - box[3]) / em];
    const away = Math.max(below, above);
    if (away > NEAR || away < -1) return Number.POSITIVE_INFINITY;
    const side = below > above ? "below" : "above";
    return Math.abs(away) + (side === captionSide ? 0 : OTHER_SIDE);
  }
  const level = overlap(box[1], box[3], figure[1] - em, figure[3] + em);
  const apart = Math.max(box[0] - figure[2], figure[0] - box[2]) / em;
  return level >= COMMON * (box[3] - box[1]) && apart <= NEAR ? Math.max(0, apart) + BESIDE : Number.POSITIVE_INFINITY;
}
