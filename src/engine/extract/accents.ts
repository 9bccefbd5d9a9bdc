/**
 * Letters that a file draws in two: an accent over, under or through its base, as TeX sets them in fonts without accented
 * letters ("¨" and "u"), and the stroke through a relation ("/" and "∈"). Two glyphs written one after the other whose ink
 * overlaps become the one character they show.
 */
import type { Glyphs } from "../page.ts";

/** Spacing accents → their combining forms. */
const COMBINING: ReadonlyMap<number, string> = new Map(
  (
    [
      ["`", "\u0300"],
      ["´", "\u0301"],
      ["^ˆ", "\u0302"],
      ["~˜", "\u0303"],
      ["¯ˉ", "\u0304"],
      ["˘", "\u0306"],
      ["˙", "\u0307"],
      ["¨", "\u0308"],
      ["˚", "\u030a"],
      ["˝", "\u030b"],
      ["ˇ", "\u030c"],
      ["¸", "\u0327"],
      ["˛", "\u0328"],
      ["/∕\u0338", "\u0338"],
    ] as const
  ).flatMap(([spacing, combining]) => Array.from(spacing, (c): [number, string] => [c.codePointAt(0)!, combining])),
);
const STROKE = "\u0338";
/** ↦ is a foot and an arrow. */
const [MAPS_TO, ARROW] = [0x21a6, 0x2192];
/** Share of the narrower ink that lies over the other's; what stands beside a letter (a quote) has next to none. */
const OVERLAP = 0.5;
/** A stroke's middle is its base's: em. A slash over letters is a fraction's. */
const CENTRED = 0.15;
/** Accents of capitals are raised by so much at most, and are of the same type size. */
const RAISED = 0.5;
const SIZE = 0.1;

/** @returns the character that glyphs a and b, written in this order, show together; 0 = they are two */
export function composed(glyphs: Glyphs, a: number, b: number): number {
  const { unicode } = glyphs;
  const [first, second] = [unicode[a]!, unicode[b]!];
  const marked = COMBINING.get(first) ?? COMBINING.get(second);
  if (marked === undefined && first !== MAPS_TO) return 0;
  if (!isOver(glyphs, a, b)) return 0;
  if (marked === undefined) return second === ARROW ? MAPS_TO : 0;
  return combine(glyphs, a, b, first, second) || combine(glyphs, b, a, second, first);
}

function combine(glyphs: Glyphs, accent: number, base: number, mark: number, letter: number): number {
  const combining = COMBINING.get(mark);
  if (combining === undefined || (combining === STROKE && !isCentred(glyphs, accent, base))) return 0;
  const bare = letter === 0x131 ? 0x69 : letter === 0x237 ? 0x6a : letter; // without their dots
  const whole = (String.fromCodePoint(bare) + combining).normalize("NFC");
  const code = whole.codePointAt(0)!;
  return whole.length === (code > 0xffff ? 2 : 1) ? code : 0;
}

function isOver({ x0, x1, y, size, angle }: Glyphs, a: number, b: number): boolean {
  if (angle[a] !== 0 || angle[b] !== 0) return false;
  const em = Math.max(size[a]!, size[b]!);
  if (Math.abs(size[a]! - size[b]!) > SIZE * em || Math.abs(y[a]! - y[b]!) > RAISED * em) return false;
  const common = Math.min(x1[a]!, x1[b]!) - Math.max(x0[a]!, x0[b]!);
  return common > 0 && common >= OVERLAP * Math.min(x1[a]! - x0[a]!, x1[b]! - x0[b]!);
}

function isCentred({ x0, x1, size }: Glyphs, a: number, b: number): boolean {
  return Math.abs(x0[a]! + x1[a]! - x0[b]! - x1[b]!) / 2 <= CENTRED * size[b]!;
}

/** It carries an accent and is none. */
export const isBase = (c: number) => !COMBINING.has(c) && c !== MAPS_TO;

/** Makes glyph `keep` the character, with the ink of both. */
export function mergeGlyphs({ unicode, x0, y0, x1, y1 }: Glyphs, keep: number, other: number, character: number): void {
  unicode[keep] = character;
  x0[keep] = Math.min(x0[keep]!, x0[other]!);
  y0[keep] = Math.min(y0[keep]!, y0[other]!);
  x1[keep] = Math.max(x1[keep]!, x1[other]!);
  y1[keep] = Math.max(y1[keep]!, y1[other]!);
}
