/** A glyph → its text and how far to trust it; what fonts leave out is repaired before (fonts/readings). */
import { isUnread } from "../fonts/readings.ts";
import { GLYPH, type Glyphs } from "../page.ts";

export const DECODED = { native: 0, repaired: 1, undecodable: 2 } as const;
/** What stands for a glyph nobody can read. */
export const REPLACEMENT = "\u{fffd}";
const SOFT_HYPHEN = 0xad;

/** Ligatures and their letters: searching and hyphenation want letters. */
const LIGATURES: Record<number, string> = {
  64256: "ff",
  64257: "fi",
  64258: "fl",
  64259: "ffi",
  64260: "ffl",
  64261: "st",
  64262: "st",
};

export interface Decoder {
  /** @returns "" for what draws nothing */
  text(glyph: number): string;
  /** One of DECODED, of the glyph decoded last. */
  trust: number;
}

/** @param glyphs after repair */
export function openDecoder(glyphs: Glyphs): Decoder {
  const letters = new Map<number, string>();
  const decoder: Decoder = {
    trust: DECODED.native,
    text(glyph) {
      const unicode = glyphs.unicode[glyph]!;
      const flags = glyphs.flags[glyph]!;
      decoder.trust = (flags & GLYPH.repaired) !== 0 ? DECODED.repaired : DECODED.native;
      if ((flags & GLYPH.hyphen) !== 0 || unicode === SOFT_HYPHEN) return "-";
      if (isUnread(glyphs, glyph)) {
        decoder.trust = DECODED.undecodable;
        return REPLACEMENT;
      }
      let text = letters.get(unicode);
      if (text === undefined) {
        text = LIGATURES[unicode] ?? String.fromCodePoint(unicode);
        letters.set(unicode, text);
      }
      return text;
    },
  };
  return decoder;
}

/** White space of any width; it draws nothing. */
export function isSpace(c: number): boolean {
  return (
    c === 0x20 ||
    c === 0xa0 ||
    (c >= 0x09 && c <= 0x0d) ||
    (c >= 0x2000 && c <= 0x200a) ||
    c === 0x2028 ||
    c === 0x2029 ||
    c === 0x202f ||
    c === 0x205f ||
    c === 0x3000
  );
}

/** Scripts written without spaces between words: Han, kana, and their punctuation (not Hangul). */
export function isCjk(c: number): boolean {
  return (
    c >= 0x2e80 &&
    ((c <= 0x312f && c !== 0x3000) ||
      (c >= 0x31a0 && c <= 0x9fff) ||
      (c >= 0xf900 && c <= 0xfaff) ||
      (c >= 0xfe30 && c <= 0xfe4f) ||
      (c >= 0xff01 && c <= 0xff9f) ||
      (c >= 0x20000 && c <= 0x3ffff))
  );
}

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms. */
export function isRightToLeft(c: number): boolean {
  return (
    c >= 0x0590 &&
    (c <= 0x08ff || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc) || (c >= 0x10800 && c <= 0x10fff)) &&
    !(c >= 0x0660 && c <= 0x0669) && // Arabic-Indic digits run left to right
    !(c >= 0x06f0 && c <= 0x06f9)
  );
}
