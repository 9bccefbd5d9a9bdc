/** PDFium's fonts of one page → Font facts, each asked once; pointers are valid while the page is open. */
import { nameGlyphs } from "../../fonts/programs.ts";
import { codeOf } from "../../fonts/readings.ts";
import { type Font, GLYPH, type Glyphs } from "../../page.ts";
import type { Pdfium } from "./pdfium.ts";

/** Glyphs.font is 16 bits; no real page comes near. */
const MAX_FONTS = 65_535;
/** FPDFFont_GetAscent and GetDescent scale by a size: 1000 gives 1/1000 em. */
const EM = 1_000;

/** Larger programs are not looked into: the largest fonts of Chinese and Japanese have 20 MB. */
const MAX_PROGRAM_BYTES = 24 << 20;
/** All programs of one page: two of the largest, or dozens of usual ones. */
const MAX_PROGRAMS_BYTES = 2 * MAX_PROGRAM_BYTES;

export interface FontTable {
  list: Font[];
  /** Pointers by number. */
  pointers: number[];
  numberOf(pointer: number): number;
}

export function openFontTable(pdfium: Pdfium): FontTable {
  const numbers = new Map<number, number>();
  const list: Font[] = [];
  const pointers: number[] = [];
  return {
    list,
    pointers,
    numberOf(pointer) {
      const known = numbers.get(pointer);
      if (known !== undefined) return known;
      if (list.length >= MAX_FONTS) return 0;
      const number = list.push(pointer === 0 ? NO_FONT : readFont(pdfium, pointer)) - 1;
      numbers.set(pointer, number);
      pointers.push(pointer);
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

/** Asks the programs of fonts that leave glyphs without text what those are called. */
export function nameUnread(pdfium: Pdfium, glyphs: Glyphs, fonts: FontTable): void {
  const unread = new Map<number, Set<number>>();
  for (let i = 0; i < glyphs.count; i++) {
    if ((glyphs.flags[i]! & GLYPH.unmapped) !== 0) unread.set(glyphs.font[i]!, new Set());
  }
  if (unread.size === 0) return;
  for (let i = 0; i < glyphs.count; i++) unread.get(glyphs.font[i]!)?.add(codeOf(glyphs, i));
  let left = MAX_PROGRAMS_BYTES;
  for (const [number, codes] of unread) {
    const program = readProgram(pdfium, fonts.pointers[number]!, Math.min(left, MAX_PROGRAM_BYTES), codes);
    left -= program.bytes;
    if (program.names) fonts.list[number]!.glyphNames = program.names;
  }
}

interface Program {
  /** Bytes that were looked into. */
  bytes: number;
  names?: ReadonlyMap<number, number>;
}

function readProgram(pdfium: Pdfium, pointer: number, maxBytes: number, codes: ReadonlySet<number>): Program {
  const { api, scratch } = pdfium;
  const none = { bytes: 0 };
  if (pointer === 0 || api.FPDFFont_GetIsEmbedded(pointer) !== 1) return none;
  if (!api.FPDFFont_GetFontData(pointer, 0, 0, scratch)) return none;
  const size = pdfium.u32(scratch);
  if (size === 0 || size > maxBytes) return none;
  const buffer = api.malloc(size);
  if (buffer === 0) return none;
  try {
    const names = api.FPDFFont_GetFontData(pointer, buffer, size, scratch)
      ? nameGlyphs(pdfium.bytes(buffer, size), codes)
      : undefined;
    return { bytes: size, ...(names ? { names } : {}) };
  } finally {
    api.free(buffer);
  }
}

function withoutSubsetTag(name: string): string {
  return name.replace(/^[A-Z]{6}\+/, "");
}
