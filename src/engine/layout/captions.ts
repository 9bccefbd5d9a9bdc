/**
 * Captions: lines that begin with what a figure or table is called and its number, with the lines that go on below.
 * In: the page's text and the figures' boxes; out: which lines belong to which figure. Tables get theirs by the same
 * rules once they are decided on: no table is found by its caption's words.
 */
import type { Side } from "../document/blocks.ts";
import { beginsTableCaption } from "../document/captions.ts";
import { type Box, overlap, union } from "../geometry.ts";
import type { Line } from "./lines.ts";
import type { Proposal } from "./propose/proposal.ts";

/** A caption lies nearer to its figure than this, in type sizes (LAYOUT 1.11: 1.8 line heights). */
const NEAR = 2.4;
/** A caption's lines are closer than this, in type sizes, and than this against its first step. */
const LEADING = 1.6;
const STEP = 1.15;
const MOST_LINES = 15;
/** A name and a number alone, and the white before the title that follows, in type sizes. */
const NAME_WORDS = 3;
const NAME_GAP = 4;
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

/**
 * @param free lines that nothing holds
 * @param begins whether a text begins a caption of the kind
 */
export function captionsOf(free: readonly Line[], begins: (text: string) => boolean): Caption[] {
  const starts = free.filter((line) => line.angle === 0 && begins(line.text));
  if (starts.length === 0) return [];
  const heads = new Set(starts);
  return starts.map((first) => goOn(first, free, heads));
}

function goOn(first: Line, free: readonly Line[], heads: ReadonlySet<Line>): Caption {
  const caption: Caption = { lines: [first], box: first.box };
  const below = free
    .filter((line) => line.angle === 0 && line !== first && line.baseline >= first.baseline - SAME_EDGE * first.size)
    .sort((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0]);
  let [last, step] = [first, 0];
  for (const line of below) {
    const by = line.baseline - last.baseline;
    if (by > LEADING * Math.max(line.size, last.size)) break;
    if (by < SAME_EDGE * line.size) {
      if (last === first && isTitleBeside(line, first)) add(caption, line);
      continue;
    }
    if (overlap(line.box[0], line.box[2], caption.box[0], caption.box[2]) <= 0) continue;
    if (heads.has(line) || !isInType(line, first)) break;
    if ((step > 0 && by > STEP * step) || !stands(line, caption) || caption.lines.length >= MOST_LINES) break;
    step = step === 0 ? by : step;
    last = line;
    add(caption, line);
  }
  return caption;
}

/** Small capitals are smaller than the capitals among them. */
function isInType(line: Line, first: Line): boolean {
  if (Math.abs(line.size - first.size) <= SAME_SIZE * first.size) return true;
  return line.size < first.size && line.words.some((word) => word.style === first.style);
}

function add(caption: Caption, line: Line): void {
  caption.lines.push(line);
  caption.box = union(caption.box, line.box);
}

/** "Figure 3" and its title after a wide blank; in the next column other text begins. */
function isTitleBeside(line: Line, first: Line): boolean {
  const gap = line.box[0] - first.box[2];
  return first.words.length <= NAME_WORDS && gap > 0 && gap <= NAME_GAP * first.size;
}

/** At the edge of the lines above it, about their middle, or beside the number that the first line hangs out. */
function stands(line: Line, { lines, box }: Caption): boolean {
  const slack = SAME_EDGE * line.size;
  const left = Math.min(...lines.slice(1).map((one) => one.box[0]), Number.POSITIVE_INFINITY);
  const edge = lines.length > 1 ? Math.abs(line.box[0] - left) < slack : line.box[0] > box[0] - slack;
  const middle = Math.abs(line.box[0] + line.box[2] - box[0] - box[2]) / 2 < slack;
  return edge || middle;
}

/**
 * @param side where captions of the kind stand in this document
 * @returns a caption for each figure, or undefined
 */
export function tieCaptions(
  captions: readonly Caption[],
  figures: readonly Box[],
  side: Side,
): (Caption | undefined)[] {
  const pairs = captions.flatMap((caption) =>
    figures.map((figure, i) => ({ caption, i, away: distance(caption, figure, side) })),
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
function distance({ box, lines }: Caption, figure: Box, usual: Side): number {
  const em = lines[0]!.size || 1;
  const common = overlap(box[0], box[2], figure[0], figure[2]);
  if (common >= COMMON * Math.min(box[2] - box[0], figure[2] - figure[0])) {
    const [below, above] = [(box[1] - figure[3]) / em, (figure[1] - box[3]) / em];
    const away = Math.max(below, above);
    if (away > NEAR || away < -1) return Number.POSITIVE_INFINITY;
    const side = below > above ? "below" : "above";
    return Math.abs(away) + (side === usual ? 0 : OTHER_SIDE);
  }
  const level = overlap(box[1], box[3], figure[1] - em, figure[3] + em);
  const apart = Math.max(box[0] - figure[2], figure[0] - box[2]) / em;
  return level >= COMMON * Math.min(box[3] - box[1], figure[3] - figure[1]) && apart <= NEAR
    ? Math.max(0, apart) + BESIDE
    : Number.POSITIVE_INFINITY;
}

export function sideOf({ box }: Caption, of: Box): Side {
  return box[1] + box[3] < of[1] + of[3] ? "above" : "below";
}

/** Adds to each table of the chosen the words of its caption. */
export function addTableCaptions(chosen: readonly Proposal[], text: readonly Line[]): void {
  const tables = chosen.filter((proposal) => proposal.kind === "table");
  if (tables.length === 0) return;
  const held = new Set(chosen.flatMap((proposal) => proposal.words));
  const free = text.filter((line) => line.words.every((_, i) => !held.has(line.from + i)));
  const boxes = tables.map((table) => table.box);
  tieCaptions(captionsOf(free, beginsTableCaption), boxes, "above").forEach((caption, i) => {
    if (caption === undefined) return;
    const table = tables[i]!;
    table.caption = caption.lines.flatMap((line) => line.words.map((_, w) => line.from + w));
    table.captionSide = sideOf(caption, table.box);
    table.words = [...table.words, ...table.caption];
    table.box = union(table.box, caption.box);
  });
}
