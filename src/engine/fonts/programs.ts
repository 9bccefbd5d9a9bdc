/**
 * An embedded TrueType or OpenType program → what it calls its glyphs: the table cmap read backwards, then the names in
 * post; a bare CFF program → what it calls the glyphs of its codes. Hostile input: every offset is checked, every loop
 * bounded, and what can't be read is left out.
 */
import { nameCodes } from "./compact.ts";
import { MAC_UPPER } from "./encodings.ts";

/** Glyph, or code of a CFF program → Unicode. */
export type GlyphNames = Map<number, number>;

/** What is being read, and how many characters of its maps may still be looked at. */
interface Names {
  view: DataView;
  found: GlyphNames;
  /** The glyphs, or codes, that names are wanted of: a page shows few of the 65,000 that a font may have. */
  asked: ReadonlySet<number> | undefined;
  left: number;
}

const MAX_TABLES = 64;
const MAX_SUBTABLES = 32;
/** Segments of one map, and characters looked at in all: twice what the largest fonts have. */
const MAX_SEGMENTS = 20_000;
const MAX_CHARACTERS = 140_000;
/** Names of Apple's standard order before those of its own that post writes out. */
const STANDARD_NAMES = 258;
const POST_HEAD = 32;
/** Letters → the character of their ligature. */
const LIGATURES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 7 }, (_, i) => [String.fromCodePoint(0xfb00 + i).normalize("NFKD"), 0xfb00 + i]),
);
const SFNT = [0x00010000, 0x4f54544f, 0x74727565]; // 1.0, OTTO, true

/**
 * @param bytes a font program
 * @param asked the glyphs or codes to be named; all of them without it
 * @returns undefined when it is none of these or names nothing
 */
export function nameGlyphs(bytes: Uint8Array, asked?: ReadonlySet<number>): GlyphNames | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: Names = { view, found: new Map(), asked, left: MAX_CHARACTERS };
  const tables = unlessDamaged(() => readTables(view)) ?? new Map<string, number>();
  const [cmap, post] = [tables.get("cmap"), tables.get("post")];
  // What one table says stays, however damaged the next is.
  if (cmap !== undefined) unlessDamaged(() => readCmap(names, cmap));
  if (post !== undefined) unlessDamaged(() => readPost(names, post));
  if (tables.size === 0) unlessDamaged(() => readCodes(names));
  return names.found.size > 0 ? names.found : undefined;
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a DataView beyond its end: a damaged program
    throw error;
  }
}

function readCodes(names: Names): void {
  for (const [code, text] of nameCodes(names.view) ?? []) {
    const unicode = text.length === 1 ? text.charCodeAt(0) : unicodeOfName(text);
    if (unicode !== undefined) name(names, code, unicode);
  }
}

function readTables(view: DataView): Map<string, number> {
  const tables = new Map<string, number>();
  if (view.byteLength < 12 || !SFNT.includes(view.getUint32(0))) return tables;
  const count = Math.min(MAX_TABLES, view.getUint16(4));
  for (let i = 0; i < count; i++) {
    const at = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
    tables.set(tag, view.getUint32(at + 8));
  }
  return tables;
}

/** Unicode subtables, the fullest kind first; a symbol font's private characters say nothing. */
function readCmap(names: Names, cmap: number): void {
  const { view } = names;
  const count = Math.min(MAX_SUBTABLES, view.getUint16(cmap + 2));
  const found: { at: number; format: number }[] = [];
  for (let i = 0; i < count; i++) {
    const at = cmap + 4 + 8 * i;
    const [platform, encoding] = [view.getUint16(at), view.getUint16(at + 2)];
    if (platform !== 0 && !(platform === 3 && (encoding === 1 || encoding === 10))) continue;
    const offset = cmap + view.getUint32(at + 4);
    found.push({ at: offset, format: view.getUint16(offset) });
  }
  for (const { at } of found.filter(({ format }) => format === 12)) readGroups(names, at);
  for (const { at } of found.filter(({ format }) => format === 4)) readSegments(names, at);
}

function readGroups(names: Names, at: number): void {
  const { view } = names;
  const groups = Math.min(MAX_SEGMENTS, view.getUint32(at + 12));
  for (let i = 0; i < groups; i++) {
    const group = at + 16 + 12 * i;
    const [from, to, glyph] = [view.getUint32(group), view.getUint32(group + 4), view.getUint32(group + 8)];
    for (let c = from; c <= to && names.left-- > 0; c++) {
      name(names, glyph + c - from, c);
    }
  }
}

function readSegments(names: Names, at: number): void {
  const { view } = names;
  const doubled = view.getUint16(at + 6);
  const segments = Math.min(MAX_SEGMENTS, doubled >> 1);
  for (let i = 0; i < segments; i++) {
    const end = view.getUint16(at + 14 + 2 * i);
    const start = view.getUint16(at + 16 + doubled + 2 * i);
    const delta = view.getUint16(at + 16 + 2 * doubled + 2 * i);
    const place = at + 16 + 3 * doubled + 2 * i;
    const offset = view.getUint16(place);
    for (let c = start; c <= end && c !== 0xffff && names.left-- > 0; c++) {
      if (offset === 0) name(names, (c + delta) & 0xffff, c);
      else {
        const glyph = view.getUint16(place + offset + 2 * (c - start));
        if (glyph !== 0) name(names, (glyph + delta) & 0xffff, c);
      }
    }
  }
}

function readPost(names: Names, post: number): void {
  const { view } = names;
  if (view.getUint32(post) !== 0x00020000) return;
  const count = view.getUint16(post + POST_HEAD);
  const own: number[] = []; // where each name is: few are asked for
  let at = post + POST_HEAD + 2 + 2 * count;
  while (at < view.byteLength && own.length < count) {
    own.push(at);
    at += 1 + view.getUint8(at);
  }
  for (let glyph = 0; glyph < count; glyph++) {
    if (names.asked?.has(glyph) === false) continue;
    const index = view.getUint16(post + POST_HEAD + 2 + 2 * glyph);
    const place = own[index - STANDARD_NAMES];
    const unicode =
      index < STANDARD_NAMES
        ? standardGlyph(index)
        : place === undefined
          ? undefined
          : unicodeOfName(textAt(view, place));
    if (unicode !== undefined) name(names, glyph, unicode);
  }
}

/** A name after its length; cut off at the end of the program. */
function textAt(view: DataView, at: number): string {
  const length = Math.min(view.getUint8(at), view.byteLength - at - 1);
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 1, length));
}

/** Apple's standard order of glyphs: ASCII from 3 on, then its Roman letters, whose end few fonts use. */
function standardGlyph(index: number): number | undefined {
  if (index >= 3 && index < 98) return index + 29;
  return index < 98 ? undefined : MAC_UPPER.charCodeAt(index - 98) || undefined;
}

/** "uni20AC", "u1F600", "A", "f_f_i": the names that say what they are (Adobe Glyph List specification). */
function unicodeOfName(text: string): number | undefined {
  const hex = /^(?:uni([0-9A-F]{4})|u([0-9A-F]{4,6}))(?:\..*)?$/.exec(text);
  if (hex) return Number.parseInt(hex[1] ?? hex[2]!, 16);
  if (/^[A-Za-z]$/.test(text)) return text.charCodeAt(0);
  return /^[a-z](?:_[a-z])+(?:\..*)?$/.test(text) ? LIGATURES.get(text.replace(/\..*|_/g, "")) : undefined;
}

/** The first character of a glyph holds; private ones tell nothing. */
function name({ found, asked }: Names, glyph: number, unicode: number): void {
  if (asked?.has(glyph) === false) return;
  const tells = unicode > 0x1f && unicode <= 0x10ffff && !(unicode >= 0xd800 && unicode <= 0xf8ff) && unicode < 0xf0000;
  if (tells && !found.has(glyph)) found.set(glyph, unicode);
}
