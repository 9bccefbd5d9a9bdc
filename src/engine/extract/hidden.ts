/**
 * Which glyphs nobody sees: outside the page or their clip, painted in no way, as good as transparent, in the colour of what
 * they stand on, under something opaque painted later, minute, or all on one spot. In: the page with its order of painting;
 * out: one flag a glyph. Colours, covers and clips are what the file says, and no proof: a reader's look at the page decides.
 * So a suspicion may be wide, as long as few pages have one.
 */
import { type Box, height, width } from "../geometry.ts";
import { GLYPH, type Glyphs, type Ground, type Page, type Painting, type Twin } from "../page.ts";
import type { Look } from "../reader.ts";
import { holds, indexPlaces, type Looks, type PlaceIndex } from "./grounds.ts";

/** Luminances nearer than this, and no channel further apart: not told from the ground (LAYOUT 1.12). */
const CONTRAST = 1.2;
const CHANNEL = 48;
/** Opacity below which type is not seen, of 255. */
const TRANSPARENT = 13;
/** Against the usual type of the page: smaller is a speck, if it is also smaller than an eye reads on paper, 1/100 pt. */
const MINUTE = 0.2;
const UNREADABLE = 150;
/** Letters nearer to each other than this, in em, and so many of them: one black spot. */
const PILED = 0.05;
const LEAST_PILE = 8;
/** A picture of this share of the page is a scan: an invisible or covered text layer on it is what the reader sees. */
const SCAN_SHARE = 0.5;
/** A rule through or under letters is no ground: the least height of one, in em. */
const LEAST_GROUND = 0.5;
/** Share of a text's letters, or a word's, inside the clip from which on it is read whole. */
const SHOWN = 0.4;
/** White between letters that parts words, in em. */
const WORD_GAP = 0.2;
/** Steps of type size in a doubling. */
const SIZE_STEPS = 12;
/** Colours of fills on a page that each colour of type is compared with. */
const MAX_FILLS = 64;
const PAPER = 0xffffffff;
const SPACE = 0x20;
/** Looks at grounds on one page: a second of work, where thousands of them lie on one spot. */
const MAX_LOOKS = 20_000_000;

/** Of the glyphs of one text object that are said to be hidden so many show ink: all of them are seen. */
const SHOWING = 0.5;

export interface Hiding {
  /** 1 = hidden, by glyph. */
  hidden: Uint8Array;
  /** Of those, by text object: what only colours, covers and clips hide. */
  doubted: Map<number, number[]>;
  /** The looks were spent before all glyphs had theirs. */
  unfinished: boolean;
}

export function findHidden(page: Page, maxLooks = MAX_LOOKS): Hiding {
  const { glyphs } = page;
  const hiding: Hiding = { hidden: new Uint8Array(glyphs.count), doubted: new Map(), unfinished: false };
  const { hidden } = hiding;
  const scanned = isScan(page);
  const minute = Math.min(UNREADABLE, MINUTE * usualSize(glyphs));
  for (let i = 0; i < glyphs.count; i++) {
    const flags = glyphs.flags[i]!;
    if ((flags & GLYPH.clipped) !== 0) hidden[i] = 1;
    else if ((flags & GLYPH.invisible) !== 0) hidden[i] = scanned || isOverImage(page, i) ? 0 : 1;
    else if (glyphs.size[i]! < minute) hidden[i] = 1;
    else if ((glyphs.color[i]! & 255) < TRANSPARENT) {
      // Outlines may be seen where what they hold is not.
      if ((flags & GLYPH.stroked) !== 0) doubt(hiding, glyphs, i);
      else hidden[i] = 1;
    }
  }
  hidePiles(glyphs, hidden);
  if (page.painting) markByPainting(page, page.painting, hiding, scanned, maxLooks);
  return hiding;
}

function doubt({ hidden, doubted }: Hiding, glyphs: Glyphs, i: number): void {
  hidden[i] = 1;
  if (glyphs.unicode[i] === SPACE) return; // shows nothing in any colour
  const object = glyphs.object[i]!;
  const members = doubted.get(object);
  if (members) members.push(i);
  else doubted.set(object, [i]);
}

/** Letters of one object that all stand on one spot. */
function hidePiles({ count, object, size, x, y }: Glyphs, hidden: Uint8Array): void {
  for (let from = 0, to = 0; from < count; from = to) {
    let way = 0;
    for (to = from + 1; to < count && object[to] === object[from]; to++) {
      way += Math.abs(x[to]! - x[to - 1]!) + Math.abs(y[to]! - y[to - 1]!);
    }
    if (to - from >= LEAST_PILE && way < PILED * size[from]! * (to - from)) hidden.fill(1, from, to);
  }
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
  return images.some(({ box }) => holds(box, x, y));
}

/** Of most glyphs; 0 without any. */
function usualSize({ count, size }: Glyphs): number {
  const counts = new Map<number, number>();
  for (let from = 0, to = 0; from < count; from = to) {
    for (to = from + 1; to < count && size[to] === size[from]; ) to++;
    if (size[from]! <= 0) continue;
    const step = Math.round(SIZE_STEPS * Math.log2(size[from]!));
    counts.set(step, (counts.get(step) ?? 0) + to - from);
  }
  let [best, most] = [Number.NEGATIVE_INFINITY, 0];
  for (const [step, n] of counts) if (n > most || (n === most && step < best)) [best, most] = [step, n];
  return 2 ** (best / SIZE_STEPS);
}

/** What the looks of one page share. */
interface Ink {
  glyphs: Glyphs;
  grounds: () => PlaceIndex<Ground>;
  opaque: () => PlaceIndex<Ground>;
  twins: () => PlaceIndex<Twin>;
  /** When the last opaque ground is painted, and the colours that there are of them. */
  lastOpaque: number;
  fills: ReadonlySet<number>;
  /** By colour of type: some fill, or the paper, is like it. */
  losable: Map<number, boolean>;
  looks: Looks;
  /** Colours that can't be told from each other, asked before. */
  alike: Map<number, Map<number, boolean>>;
  /** Every object was read, so that where none is there is paper. */
  complete: boolean;
}

function markByPainting(page: Page, painting: Painting, hiding: Hiding, scanned: boolean, maxLooks: number): void {
  const { glyphs, size } = page;
  const { grounds, textOrder, textClips, twins, complete } = painting;
  const opaque = grounds.filter((ground) => ground.opaque !== undefined);
  const ink: Ink = {
    glyphs,
    grounds: once(() => indexPlaces(grounds, size)),
    opaque: once(() => indexPlaces(opaque, size)),
    twins: once(() => indexPlaces(twins, size)),
    lastOpaque: opaque.at(-1)?.order ?? 0,
    fills: new Set(opaque.map((ground) => ground.opaque!.fillColor)),
    losable: new Map(),
    looks: { left: maxLooks },
    alike: new Map(),
    complete,
  };
  const clipped = clippedAway(glyphs, textClips);
  for (let i = 0; i < glyphs.count; i++) {
    if (hiding.hidden[i] || (glyphs.flags[i]! & GLYPH.invisible) !== 0) continue;
    const order = textOrder[glyphs.object[i]!]!;
    if (order === 0) continue; // not among the objects that were looked at
    if (clipped?.[i] || (!scanned && isCovered(ink, i, order)) || isLost(ink, i, order)) doubt(hiding, glyphs, i);
  }
  hiding.unfinished = ink.looks.left <= 0;
}

/**
 * 1 = the clip leaves too little of it to be read, by glyph; undefined when nothing is. What is cut (in a sheet's narrow
 * cell) is read whole: a text of which enough shows, else each of its words.
 */
function clippedAway(glyphs: Glyphs, clips: ReadonlyMap<number, Box>): Uint8Array | undefined {
  const { count, object } = glyphs;
  let away: Uint8Array | undefined;
  for (let from = 0, to = 0; from < count && clips.size > 0; from = to) {
    for (to = from + 1; to < count && object[to] === object[from]; ) to++;
    const clip = clips.get(object[from]!);
    if (clip === undefined || isRead(glyphs, clip, from, to)) continue;
    away ??= new Uint8Array(count);
    for (let word = from, end = from; word < to; word = end) {
      for (end = word + 1; end < to && !endsWord(glyphs, end - 1); ) end++;
      if (!isRead(glyphs, clip, word, end)) away.fill(1, word, end);
    }
  }
  return away;
}

function isRead(glyphs: Glyphs, clip: Box, from: number, to: number): boolean {
  let [letters, shown] = [0, 0];
  for (let i = from; i < to; i++) {
    if (glyphs.unicode[i] === SPACE) continue;
    letters++;
    if (holds(clip, ...middleOf(glyphs, i))) shown++;
  }
  return shown >= SHOWN * letters;
}

function endsWord({ unicode, x, y, advance, size }: Glyphs, i: number): boolean {
  return unicode[i] === SPACE || Math.hypot(x[i + 1]! - x[i]!, y[i + 1]! - y[i]!) > advance[i]! + WORD_GAP * size[i]!;
}

/** Something opaque painted later holds all of it. */
function isCovered({ glyphs, opaque, lastOpaque, looks }: Ink, i: number, order: number): boolean {
  const { x0, y0, x1, y1 } = glyphs;
  return order < lastOpaque && opaque().over([x0[i]!, y0[i]!, x1[i]!, y1[i]!], order, looks) !== undefined;
}

/** The uppermost ground under it, or the bare paper, has its colour; a picture may have the paper's. */
function isLost(ink: Ink, i: number, order: number): boolean {
  const { glyphs, grounds, twins, looks } = ink;
  const color = glyphs.color[i]!;
  if (!isLosable(ink, color)) return false;
  const likePaper = looksAlike(ink, color, PAPER);
  const [x, y] = middleOf(glyphs, i);
  const least = LEAST_GROUND * glyphs.size[i]!;
  const ground = grounds().under(x, y, order, looks, ({ box }) => height(box) >= least);
  if (looks.left <= 0) return false;
  const under = ground === undefined ? (ink.complete ? PAPER : undefined) : (ground.opaque?.fillColor ?? PAPER);
  if (under === undefined || !(under === PAPER ? likePaper : looksAlike(ink, color, under))) return false;
  // A shadow stands for its twin, whose type is seen.
  return (
    twins().under(x, y, Number.POSITIVE_INFINITY, looks, (twin) => !looksAlike(ink, twin.color, under)) === undefined
  );
}

/** Most type is black, and most grounds are not: those are told by their colours alone. */
function isLosable(ink: Ink, color: number): boolean {
  const known = ink.losable.get(color);
  if (known !== undefined) return known;
  const { fills } = ink;
  const answer =
    looksAlike(ink, color, PAPER) || fills.size >= MAX_FILLS || [...fills].some((fill) => looksAlike(ink, color, fill));
  ink.losable.set(color, answer);
  return answer;
}

/** Made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

function looksAlike({ alike }: Ink, a: number, b: number): boolean {
  const known = alike.get(b) ?? new Map<number, boolean>();
  alike.set(b, known);
  const answer = known.get(a) ?? areAlike(a, b);
  known.set(a, answer);
  return answer;
}

function areAlike(a: number, b: number): boolean {
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
