/**
 * Which glyphs nobody sees: outside the page or their clip, painted in no way, as good as transparent, in the colour of what
 * they stand on, under an opaque rectangle painted later, or minute. In: the page with its order of painting; out: one flag
 * a glyph. What is not known (gradients, pictures, shapes) hides nothing. Colours and covers are what the file says, and no
 * proof: a reader's look at the page decides.
 */
import { type Box, height, width } from "../geometry.ts";
import { GLYPH, type Glyphs, type Ground, type Page, type Painting } from "../page.ts";
import type { Look } from "../reader.ts";
import { isRectangle } from "./rules.ts";

/** Luminances nearer than this, and no channel further apart: not told from the ground (LAYOUT 1.12). */
const CONTRAST = 1.2;
const CHANNEL = 48;
/** Opacity below which type is not seen, of 255. */
const TRANSPARENT = 13;
/** Against the usual type of the page: smaller is a speck. */
const MINUTE = 0.1;
/** A picture of this share of the page is a scan: an invisible or covered text layer on it is what the reader sees. */
const SCAN_SHARE = 0.5;
/** A rule through or under letters is no ground: the least height of one, in em. */
const LEAST_GROUND = 0.5;
const PAPER = 0xffffffff;
const SPACE = 0x20;
/** Looks at grounds on one page; a map has 100,000 of them and more. */
const MAX_LOOKS = 4_000_000;

/** Of the glyphs of one text object that are said to be hidden so many show ink: all of them are seen. */
const SHOWING = 0.5;

export interface Hiding {
  /** 1 = hidden, by glyph. */
  hidden: Uint8Array;
  /** Of those, by text object: what only colours and covers hide. */
  doubted: Map<number, number[]>;
}

export function findHidden(page: Page): Hiding {
  const { glyphs } = page;
  const doubted: Hiding["doubted"] = new Map();
  const hidden = new Uint8Array(glyphs.count);
  const scanned = isScan(page);
  const minute = MINUTE * usualSize(glyphs);
  for (let i = 0; i < glyphs.count; i++) {
    const flags = glyphs.flags[i]!;
    if ((flags & GLYPH.clipped) !== 0) hidden[i] = 1;
    else if ((flags & GLYPH.invisible) !== 0) hidden[i] = scanned || isOverImage(page, i) ? 0 : 1;
    else if (glyphs.size[i]! < minute || isTransparent(glyphs, i)) hidden[i] = 1;
  }
  if (page.painting) markByPainting(page, page.painting, { hidden, doubted }, scanned);
  return { hidden, doubted };
}

/** What shows ink is not hidden. */
export function reveal({ hidden, doubted }: Hiding, glyphs: Glyphs, look: Look): void {
  for (const members of doubted.values()) {
    const showing = members.filter((i) => showsInk(look, glyphs, i)).length;
    if (showing >= SHOWING * members.length) for (const i of members) hidden[i] = 0;
  }
}

function showsInk({ width, height, scale, changed }: Look, { x0, y0, x1, y1 }: Glyphs, i: number): boolean {
  const [left, right] = [Math.max(0, Math.floor(x0[i]! * scale)), Math.min(width, Math.ceil(x1[i]! * scale))];
  const [top, bottom] = [Math.max(0, Math.floor(y0[i]! * scale)), Math.min(height, Math.ceil(y1[i]! * scale))];
  for (let y = top; y < bottom; y++) if (changed.subarray(y * width + left, y * width + right).includes(1)) return true;
  return false;
}

function isScan({ images, size }: Page): boolean {
  return images.some(({ box }) => width(box) * height(box) > SCAN_SHARE * size.width * size.height);
}

function isOverImage({ images, glyphs }: Page, i: number): boolean {
  const [x, y] = middleOf(glyphs, i);
  return images.some(({ box }) => contains(box, x, y));
}

const isTransparent = ({ color, flags }: Glyphs, i: number) =>
  (color[i]! & 255) < TRANSPARENT && (flags[i]! & GLYPH.stroked) === 0;

/** Of most glyphs, in whole points; 0 without any. */
function usualSize({ count, size }: Glyphs): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const step = Math.round(size[i]! / 100);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  let [best, most] = [0, 0];
  for (const [step, n] of counts) if (n > most || (n === most && step < best)) [best, most] = [step, n];
  return best * 100;
}

/** What the looks of one page share. */
interface Ink {
  glyphs: Glyphs;
  grounds: readonly Ground[];
  /** Opaque rectangles, in order. */
  even: readonly Ground[];
  twins: readonly Box[];
  /** By colour of type: those that it can't be told from. */
  alike: Map<number, ReadonlySet<Ground>>;
  /** Grounds that may still be looked at. */
  left: number;
}

function markByPainting(page: Page, painting: Painting, { hidden, doubted }: Hiding, scanned: boolean): void {
  const { glyphs } = page;
  const { grounds, textOrder, textClips, twins } = painting;
  const even = grounds.filter(({ opaque }) => opaque !== undefined && isRectangle(opaque));
  const ink: Ink = { glyphs, grounds, even, twins, alike: new Map(), left: MAX_LOOKS };
  const clippedAway = objectsOutside(glyphs, textClips);
  for (let i = 0; i < glyphs.count; i++) {
    if (hidden[i] || (glyphs.flags[i]! & GLYPH.invisible) !== 0) continue;
    const object = glyphs.object[i]!;
    const order = textOrder[object]!;
    if (order === 0) continue; // not among the objects that were looked at
    if (clippedAway.has(object)) hidden[i] = 1;
    else if (
      (!scanned && isCovered(ink, i, order)) ||
      ((glyphs.flags[i]! & GLYPH.stroked) === 0 && isLost(ink, i, order, painting.complete))
    ) {
      hidden[i] = 1;
      if (glyphs.unicode[i] === SPACE) continue; // shows nothing in any colour
      const members = doubted.get(object);
      if (members) members.push(i);
      else doubted.set(object, [i]);
    }
  }
}

/** Text objects of which the clip leaves no glyph; a word that is cut (in a sheet's narrow cell) is read whole. */
function objectsOutside(glyphs: Glyphs, clips: ReadonlyMap<number, Box>): Set<number> {
  const outside = new Set(clips.keys());
  for (let i = 0; i < glyphs.count && outside.size > 0; i++) {
    const clip = clips.get(glyphs.object[i]!);
    if (clip && contains(clip, ...middleOf(glyphs, i))) outside.delete(glyphs.object[i]!);
  }
  return outside;
}

/** A rectangle painted later holds all of it. */
function isCovered(ink: Ink, i: number, order: number): boolean {
  const { x0, y0, x1, y1 } = ink.glyphs;
  for (let g = ink.even.length - 1; g >= 0 && ink.left-- > 0; g--) {
    const { box, order: painted } = ink.even[g]!;
    if (painted < order) return false;
    if (box[0] <= x0[i]! && box[2] >= x1[i]! && box[1] <= y0[i]! && box[3] >= y1[i]!) return true;
  }
  return false;
}

/** The uppermost ground under it, or the bare paper, has its colour. */
function isLost(ink: Ink, i: number, order: number, complete: boolean): boolean {
  const { glyphs, grounds, even } = ink;
  const color = glyphs.color[i]!;
  let alike = ink.alike.get(color);
  if (!alike) {
    if (ink.left <= 0) return false;
    ink.left -= even.length;
    alike = new Set(even.filter(({ opaque }) => looksAlike(color, opaque!.fillColor)));
    ink.alike.set(color, alike);
  }
  const onPaper = complete && looksAlike(color, PAPER);
  if (!onPaper && alike.size === 0) return false;
  const [x, y] = middleOf(glyphs, i);
  if (ink.twins.some((box) => contains(box, x, y))) return false; // a shadow, whose type is its twin
  const least = LEAST_GROUND * glyphs.size[i]!;
  for (let g = grounds.length - 1; g >= 0; g--) {
    if (ink.left-- <= 0) return false;
    const ground = grounds[g]!;
    if (ground.order < order && contains(ground.box, x, y) && height(ground.box) >= least) return alike.has(ground);
  }
  return onPaper;
}

function looksAlike(a: number, b: number): boolean {
  if (Math.max(...[8, 16, 24].map((shift) => Math.abs(((a >>> shift) & 255) - ((b >>> shift) & 255)))) > CHANNEL) {
    return false;
  }
  const [dark, light] = [luminance(a), luminance(b)].sort((p, q) => p - q) as [number, number];
  return (light + 0.05) / (dark + 0.05) < CONTRAST;
}

/** WCAG's relative luminance of 0xRRGGBBAA. */
function luminance(color: number): number {
  const linear = (shift: number) => {
    const c = ((color >>> shift) & 255) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(24) + 0.7152 * linear(16) + 0.0722 * linear(8);
}

const middleOf = ({ x0, y0, x1, y1 }: Glyphs, i: number): [number, number] => [
  (x0[i]! + x1[i]!) / 2,
  (y0[i]! + y1[i]!) / 2,
];

const contains = (box: Box, x: number, y: number) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
