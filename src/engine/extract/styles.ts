/** Fonts, sizes and colours of glyphs → Style indexes, each distinct style once. */
import { classOf, type FontClass } from "../fonts/classes.ts";
import { findFixedPitch } from "../fonts/pitch.ts";
import { type Font, GLYPH, type Glyphs } from "../page.ts";
import type { Style } from "../page-lines.ts";

/** Flags that change how type looks. */
const LOOK = GLYPH.stroked | GLYPH.slanted | GLYPH.overprinted;

export interface StyleTable {
  list: Style[];
  /** @param rise baseline shift of the glyph against its line, in units */
  numberOf(glyph: number, rise: number): number;
}

export function openStyleTable(glyphs: Glyphs, fonts: readonly Font[]): StyleTable {
  const fixed = findFixedPitch(glyphs, fonts);
  const classes: FontClass[] = fonts.map((font, number) => {
    const of = classOf(font);
    return { ...of, mono: of.mono || fixed.has(number) };
  });
  const list: Style[] = [];
  const byKey = new Map<string, number>();
  // Neighbours nearly always share everything: the last answer saves building a key.
  let last = { font: -1, size: -1, color: -1, look: -1, rise: 0, number: 0 };
  return {
    list,
    numberOf(glyph, rise) {
      const font = glyphs.font[glyph]!;
      const size = Math.round(glyphs.size[glyph]!);
      const color = glyphs.color[glyph]!;
      const look = glyphs.flags[glyph]! & LOOK;
      if (
        last.font === font &&
        last.size === size &&
        last.color === color &&
        last.look === look &&
        last.rise === rise
      ) {
        return last.number;
      }
      const of = classes[font]!;
      const style: Style = {
        family: of.family,
        size,
        bold: of.bold || (look & (GLYPH.stroked | GLYPH.overprinted)) !== 0,
        italic: of.italic || (look & GLYPH.slanted) !== 0,
        mono: of.mono,
        color,
        rise,
      };
      const key = `${style.family}|${size}|${style.bold}|${style.italic}|${style.mono}|${color}|${rise}`;
      let number = byKey.get(key);
      if (number === undefined) {
        number = list.push(style) - 1;
        byKey.set(key, number);
      }
      last = { font, size, color, look, rise, number };
      return number;
    },
  };
}
