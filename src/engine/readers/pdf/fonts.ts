/** PDFium's fonts of one page → Font facts, each asked once; pointers are valid while the page is open. */
import type { Font } from "../../page.ts";
import type { Pdfium } from "./pdfium.ts";

/** Glyphs.font is 16 bits; no real page comes near. */
const MAX_FONTS = 65_535;
/** FPDFFont_GetAscent and GetDescent scale by a size: 1000 gives 1/1000 em. */
const EM = 1_000;

export interface FontTable {
  list: Font[];
  numberOf(pointer: number): number;
}

export function openFontTable(pdfium: Pdfium): FontTable {
  const numbers = new Map<number, number>();
  const list: Font[] = [];
  return {
    list,
    numberOf(pointer) {
      const known = numbers.get(pointer);
      if (known !== undefined) return known;
      if (list.length >= MAX_FONTS) return 0;
      const number = list.push(pointer === 0 ? NO_FONT : readFont(pdfium, pointer)) - 1;
      numbers.set(pointer, number);
      return number;
    },
  };
}

const NO_FONT: Font = {
  name: "",
  family: "",
  flags: 0,
  weight: 400,
  italicAngle: 0,
  embedded: false,
  ascent: 750,
  descent: -250,
};

function readFont(pdfium: Pdfium, pointer: number): Font {
  const { api, scratch } = pdfium;
  const name = pdfium.utf8((buffer, size) => api.FPDFFont_GetBaseFontName(pointer, buffer, size));
  const family = pdfium.utf8((buffer, size) => api.FPDFFont_GetFamilyName(pointer, buffer, size));
  const italicAngle = api.FPDFFont_GetItalicAngle(pointer, scratch) ? pdfium.u32(scratch) | 0 : 0;
  const ascent = api.FPDFFont_GetAscent(pointer, EM, scratch) ? pdfium.f32(scratch) : NO_FONT.ascent;
  const descent = api.FPDFFont_GetDescent(pointer, EM, scratch) ? pdfium.f32(scratch) : NO_FONT.descent;
  return {
    name: withoutSubsetTag(name),
    family: withoutSubsetTag(family),
    flags: api.FPDFFont_GetFlags(pointer) | 0,
    weight: api.FPDFFont_GetWeight(pointer),
    italicAngle,
    embedded: api.FPDFFont_GetIsEmbedded(pointer) === 1,
    ascent,
    descent,
  };
}

function withoutSubsetTag(name: string): string {
  return name.replace(/^[A-Z]{6}\+/, "");
}
