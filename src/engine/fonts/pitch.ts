/**
 * Fonts that call themselves fixed-pitch → those whose glyphs on this page show it. The flag alone tells nothing: programs
 * that cut a font down to the glyphs used set it when those have one width, as digits do, and so do fonts of Han.
 */
import type { Font, Glyphs } from "../page.ts";
import { isFixedByFlag } from "./classes.ts";

/** Glyphs that are narrow, and glyphs that are not, wherever letters have their own widths. */
const NARROW = pointsOf(".,:;'!|()[]ijlftrI");
const BROAD = pointsOf("ABCDEGHKMNOPQRSTUVWXYZabcdeghkmnopquvwxyz0123456789");
/** In a fixed pitch narrow glyphs advance by this share of the others at least, on average; in Times by half, in Verdana by two thirds. */
const ALIKE = 0.9;

function pointsOf(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (c) => c.codePointAt(0)!));
}

/** Advances of the glyphs of one font that were seen, in em. */
interface Seen {
  narrow: number;
  narrowSum: number;
  broad: number;
  broadSum: number;
}

/** @returns numbers of the fonts */
export function findFixedPitch(glyphs: Glyphs, fonts: readonly Font[]): ReadonlySet<number> {
  const seen = new Map<number, Seen>();
  fonts.forEach((font, number) => {
    if (isFixedByFlag(font)) seen.set(number, { narrow: 0, narrowSum: 0, broad: 0, broadSum: 0 });
  });
  if (seen.size === 0) return new Set();
  for (let i = 0; i < glyphs.count; i++) {
    const of = seen.get(glyphs.font[i]!);
    if (!of) continue;
    const c = glyphs.unicode[i]!;
    const advance = glyphs.advance[i]! / (glyphs.size[i]! || 1);
    if (NARROW.has(c)) [of.narrow, of.narrowSum] = [of.narrow + 1, of.narrowSum + advance];
    else if (BROAD.has(c)) [of.broad, of.broadSum] = [of.broad + 1, of.broadSum + advance];
  }
  return new Set([...seen].filter(([, of]) => isFixed(of)).map(([number]) => number));
}

function isFixed({ narrow, narrowSum, broad, broadSum }: Seen): boolean {
  return narrow > 0 && broad > 0 && narrowSum / narrow >= (ALIKE * broadSum) / broad;
}
