/** Glyphs made by hand: words of codes on one line, as a reader gives them. */
import { type Font, GLYPH, type Glyphs } from "../../../src/engine/page.ts";

export const FONT: Font = {
  name: "",
  family: "",
  flags: 0,
  weight: 400,
  italicAngle: 0,
  embedded: true,
  ascent: 750,
  descent: -250,
};

/** @param words [font, codes], parted by half an em; unmapped unless a font maps its codes */
export function glyphsOf(
  words: readonly (readonly [font: number, codes: readonly number[]])[],
  mapped: readonly number[] = [],
): Glyphs {
  const count = words.reduce((sum, [, codes]) => sum + codes.length, 0);
  const floats = () => new Float32Array(count);
  const glyphs: Glyphs = {
    count,
    size: floats().fill(1000),
    x: floats(),
    y: floats(),
    advance: floats().fill(500),
    x0: floats(),
    y0: floats(),
    x1: floats(),
    y1: floats(),
    angle: floats(),
    unicode: new Uint32Array(count),
    code: new Uint32Array(count),
    font: new Uint16Array(count),
    color: new Uint32Array(count),
    object: new Uint32Array(count),
    mcid: new Int32Array(count).fill(-1),
    flags: new Uint8Array(count),
  };
  let [n, x] = [0, 0];
  for (const [font, codes] of words) {
    for (const code of codes) {
      glyphs.x[n] = x;
      glyphs.unicode[n] = code;
      glyphs.font[n] = font;
      if (!mapped.includes(font)) glyphs.flags[n] = GLYPH.unmapped;
      n++;
      x += 500;
    }
    x += 500;
  }
  return glyphs;
}

/** A font's words as codes, moved by `by`. */
export function codesOf(text: string, by = 0): number[][] {
  return text.split(" ").map((word) => Array.from(word, (c) => c.codePointAt(0)! + by));
}

export function readBack(glyphs: Glyphs): string {
  let text = "";
  for (let i = 0; i < glyphs.count; i++) {
    if (i > 0 && glyphs.x[i]! - glyphs.x[i - 1]! > 600) text += " ";
    text += (glyphs.flags[i]! & GLYPH.unmapped) !== 0 ? "?" : String.fromCodePoint(glyphs.unicode[i]!);
  }
  return text;
}
