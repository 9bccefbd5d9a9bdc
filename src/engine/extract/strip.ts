/**
 * Glyphs → their places along their own baselines: u grows with the writing, v away from it downwards, so that turned
 * text is handled like upright text. Drops what draws nothing and remembers the spaces that the file itself wrote.
 */
import { isInvisible, shapes } from "../fonts/invisible.ts";
import { GLYPH, type Glyphs } from "../page.ts";
import { composed, isBase, mergeGlyphs } from "./accents.ts";
import { isCjk, isRightToLeft, isSpace } from "./decode.ts";

/** Vertical writing: steps of about an em straight down, at least so many in a row. */
const MIN_VERTICAL_STEPS = 3;
const VERTICAL_STEP = { from: 0.8, to: 1.6, drift: 0.1 } as const;
export const DOWNWARDS = 270;
/** Share of an em that a written space may lie off its neighbour's baseline. */
const SPACE_SHIFT = 0.3;
/** Slices of one glyph's ink touch, but for the rounding of floats; 1/100 pt. */
const SLICE = 1;

/** Glyphs between a capital and its accent in the order of writing: a line of small type. */
const ADOPTED_WITHIN = 200;

export interface Strip {
  glyphs: Glyphs;
  /** Ink glyphs in content order: indexes into the columns. */
  ink: Int32Array;
  /** Per glyph: start and end along the baseline, distance of the baseline, degrees counter-clockwise. */
  u: Float64Array;
  end: Float64Array;
  v: Float64Array;
  degrees: Int16Array;
  /** 1 = a further letter of the glyph before it (a ligature that PDFium has spelled out). */
  piece: Uint8Array;
  /** The space that the file writes before / after it, as 1 + its index; 0 = none. */
  spaceBefore: Int32Array;
  spaceAfter: Int32Array;
  /** 1 = dropped: the same glyph drawn again. */
  doubled: Uint8Array;
}

export function stripOf(glyphs: Glyphs): Strip {
  const { count } = glyphs;
  const strip: Strip = {
    glyphs,
    ink: new Int32Array(count),
    u: new Float64Array(count),
    end: new Float64Array(count),
    v: new Float64Array(count),
    degrees: new Int16Array(count),
    piece: new Uint8Array(count),
    spaceBefore: new Int32Array(count),
    spaceAfter: new Int32Array(count),
    doubled: new Uint8Array(count),
  };
  let inked = 0;
  let space = -1;
  for (let i = 0; i < count; i++) {
    placeGlyph(strip, i);
    const unicode = glyphs.unicode[i]!;
    const unmapped = (glyphs.flags[i]! & GLYPH.unmapped) !== 0;
    if (!unmapped && isSpace(unicode)) {
      space = i;
      if (inked > 0 && onSameBaseline(strip, strip.ink[inked - 1]!, i)) strip.spaceAfter[strip.ink[inked - 1]!] = i + 1;
      continue;
    }
    if (!unmapped && isInvisible(unicode) && !joinsNeighbours(glyphs, i)) continue;
    if (space >= 0 && onSameBaseline(strip, space, i)) strip.spaceBefore[i] = space + 1;
    space = -1;
    const before = inked > 0 ? strip.ink[inked - 1]! : -1;
    const whole = before >= 0 && !unmapped ? composed(glyphs, before, i) : 0;
    if (whole !== 0) {
      inked--;
      const keep = joinDrawn(strip, before, i, whole);
      strip.ink[inked++] = keep;
      continue;
    }
    if (before >= 0 && isPiece(glyphs, before, i)) strip.piece[i] = 1;
    strip.ink[inked++] = i;
  }
  strip.ink = strip.ink.subarray(0, inked);
  adoptAccents(strip);
  turnVerticalWriting(strip);
  return strip;
}

const joinsNeighbours = ({ unicode, count }: Glyphs, i: number) =>
  i > 0 && i + 1 < count && shapes(unicode[i]!, unicode[i - 1]!, unicode[i + 1]!);

/** Two glyphs that show one character: the base stays, which stands on the line, with the space before both. */
function joinDrawn(strip: Strip, a: number, b: number, character: number): number {
  const { glyphs } = strip;
  const keep = isBase(glyphs.unicode[a]!) ? a : b;
  const other = keep === a ? b : a;
  strip.spaceBefore[keep] = strip.spaceBefore[a]!;
  mergeGlyphs(glyphs, keep, other, character);
  return keep;
}

/** Accents of capitals stand higher, and may be written before or after the rest of their line. */
function adoptAccents(strip: Strip): void {
  const { glyphs, ink } = strip;
  let kept = 0;
  for (let k = 0; k < ink.length; k++) {
    const i = ink[k]!;
    if (isBase(glyphs.unicode[i]!) || !adopt(strip, i)) ink[kept++] = i;
  }
  strip.ink = ink.subarray(0, kept);
}

function adopt({ glyphs }: Strip, accent: number): boolean {
  const to = Math.min(glyphs.count, accent + ADOPTED_WITHIN);
  for (let j = Math.max(0, accent - ADOPTED_WITHIN); j < to; j++) {
    if (j === accent || glyphs.y[j]! <= glyphs.y[accent]! || (glyphs.flags[j]! & GLYPH.unmapped) !== 0) continue;
    const whole = composed(glyphs, accent, j);
    if (whole === 0) continue;
    mergeGlyphs(glyphs, j, accent, whole);
    return true;
  }
  return false;
}

function placeGlyph(strip: Strip, i: number): void {
  const { glyphs } = strip;
  const angle = glyphs.angle[i]!;
  const advance = glyphs.advance[i]!;
  if (angle === 0) {
    strip.u[i] = glyphs.x[i]!;
    strip.v[i] = glyphs.y[i]!;
    // The width that a file gives a letter of Arabic may be that of another form of it; its ink joins the next.
    const told = advance > 0 && !isRightToLeft(glyphs.unicode[i]!);
    strip.end[i] = told ? glyphs.x[i]! + advance : Math.max(glyphs.x[i]! + advance, glyphs.x1[i]!);
    return;
  }
  const degrees = Math.round((angle * 180) / Math.PI) % 360;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  strip.degrees[i] = degrees;
  strip.u[i] = glyphs.x[i]! * cos - glyphs.y[i]! * sin;
  strip.v[i] = glyphs.x[i]! * sin + glyphs.y[i]! * cos;
  strip.end[i] = strip.u[i]! + (advance > 0 ? advance : glyphs.size[i]! / 2);
}

function onSameBaseline(strip: Strip, a: number, b: number): boolean {
  const em = Math.max(strip.glyphs.size[a]!, strip.glyphs.size[b]!);
  return strip.degrees[a] === strip.degrees[b] && Math.abs(strip.v[a]! - strip.v[b]!) <= SPACE_SHIFT * em;
}

/**
 * A glyph that stands for several letters: PDFium gives each the glyph's origin, and either all of its ink or, in upright
 * text, the next slice of it.
 */
function isPiece(glyphs: Glyphs, before: number, i: number): boolean {
  const { object, x, y, x0, x1, advance } = glyphs;
  if (before !== i - 1 || object[before] !== object[i] || x[before] !== x[i] || y[before] !== y[i]) return false;
  const whole = x0[before] === x0[i] && x1[before] === x1[i];
  const slice = Math.abs(x0[i]! - x1[before]!) <= SLICE && x1[i]! > x0[i]!;
  return (whole || slice) && advance[i]! > 0;
}

/** Chinese and Japanese set in columns: upright glyphs, each below the one before it. */
function turnVerticalWriting(strip: Strip): void {
  const { ink, glyphs } = strip;
  let start = 0;
  for (let k = 1; k <= ink.length; k++) {
    if (k < ink.length && isStepDown(glyphs, ink[k - 1]!, ink[k]!)) continue;
    if (k - start > MIN_VERTICAL_STEPS) {
      for (let j = start; j < k; j++) {
        const i = ink[j]!;
        strip.degrees[i] = DOWNWARDS;
        strip.u[i] = glyphs.y0[i]!;
        strip.end[i] = j + 1 < k ? glyphs.y0[ink[j + 1]!]! : glyphs.y1[i]!;
        strip.v[i] = -(glyphs.x0[i]! + glyphs.x1[i]!) / 2;
      }
    }
    start = k;
  }
}

function isStepDown(glyphs: Glyphs, a: number, b: number): boolean {
  if (glyphs.angle[a] !== 0 || glyphs.angle[b] !== 0) return false;
  const em = glyphs.size[a]!;
  const down = glyphs.y[b]! - glyphs.y[a]!;
  if (down < VERTICAL_STEP.from * em || down > VERTICAL_STEP.to * em) return false;
  const across = Math.abs(glyphs.x0[b]! + glyphs.x1[b]! - glyphs.x0[a]! - glyphs.x1[a]!) / 2;
  return across <= VERTICAL_STEP.drift * 2 * em && isCjk(glyphs.unicode[a]!) && isCjk(glyphs.unicode[b]!);
}
