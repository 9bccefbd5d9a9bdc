/**
 * A text page → columns of glyphs, in content order. What PDFium adds by itself (spaces, line ends) is dropped: the
 * file does not contain it. Hot loop: five calls a glyph; all that a text object shares is asked once per object.
 */
import { type Font, GLYPH, type Glyphs } from "../../page.ts";
import { type FontTable, nameUnread, openFontTable } from "./fonts.ts";
import { type Frame, frameX, frameY } from "./frame.ts";
import { learnAdvances } from "./overhangs.ts";
import type { Pdfium } from "./pdfium.ts";

/** A dense map has 60,000 glyphs; a hostile page has millions. */
export const MAX_GLYPHS = 200_000;
/** Text rendering modes that paint nothing (ISO 32000-1 table 106): 3 invisible, 7 clip only. */
const INVISIBLE_MODE = 3;
const CLIP_MODE = 7;
/** Outlines alone: their colour is the stroke's. */
const STROKE_MODES = [1, 5];
/** Fill, then stroke: the usual way to fake bold. */
const FILL_STROKE_MODES = [2, 6];
/** Share of an em within which ink and loose box end at the same place. */
const OVERHANG = 0.004;
/** Width for height: type narrower than this is a line, whatever its letters are; the narrowest in use is a third. */
const SQUEEZED = 0.05;
const HYPHEN = 0x02; // what PDFium makes of a hyphen at a line's end
const SPACE = 0x20;
const BLACK = 0x000000ff;

/** What all glyphs of one text object share. */
interface TextObject {
  pointer: number;
  number: number;
  font: number;
  size: number;
  angle: number;
  /** Direction of writing in user space. */
  cos: number;
  sin: number;
  /** Written along an axis. */
  axis: boolean;
  /** Of the loose box, in points. */
  lineHeight: number;
  color: number;
  mcid: number;
  flags: number;
}

export interface PageText {
  glyphs: Glyphs;
  fonts: Font[];
  /** Pointers of the text objects, by number. */
  objects: number[];
  /** Glyphs left out because of the limit. */
  leftOut: number;
}

export function readGlyphs(pdfium: Pdfium, textPage: number, frame: Frame): PageText {
  const total = Math.max(0, pdfium.api.FPDFText_CountChars(textPage));
  const count = Math.min(total, MAX_GLYPHS);
  const glyphs = allocate(count);
  const fonts = openFontTable(pdfium);
  let object: TextObject | undefined;
  const overhanging: number[] = [];
  const objects: number[] = [];
  let n = 0;
  for (let index = 0; index < count; index++) {
    const pointer = pdfium.api.FPDFText_GetTextObject(textPage, index);
    if (pointer === 0) continue; // generated between text objects
    const unicode = pdfium.api.FPDFText_GetUnicode(textPage, index);
    if (unicode === SPACE && isGenerated(pdfium, textPage, index)) continue;
    if (object?.pointer !== pointer) {
      object = readObject(pdfium, textPage, index, pointer, objects.push(pointer) - 1, fonts, frame);
    }
    if (n > 0 && isLowSurrogate(unicode) && isHighSurrogate(glyphs.unicode[n - 1]!)) {
      glyphs.unicode[n - 1] = 0x10000 + ((glyphs.unicode[n - 1]! - 0xd800) << 10) + (unicode - 0xdc00);
      continue;
    }
    glyphs.unicode[n] = unicode;
    let flags = object.flags;
    if (unicode === HYPHEN && pdfium.api.FPDFText_IsHyphen(textPage, index) === 1) flags |= GLYPH.hyphen;
    else if (pdfium.api.FPDFText_HasUnicodeMapError(textPage, index) === 1) {
      flags |= GLYPH.unmapped;
      glyphs.code[n] = unicode; // PDFium then gives the code itself
    }
    writeShared(glyphs, n, object);
    if (placeGlyph(pdfium, textPage, index, frame, object, glyphs, n)) overhanging.push(n);
    if (glyphs.x1[n]! < 0 || glyphs.y1[n]! < 0 || glyphs.x0[n]! > frame.width || glyphs.y0[n]! > frame.height) {
      flags |= GLYPH.clipped;
    }
    glyphs.flags[n] = flags;
    n++;
  }
  glyphs.count = n;
  learnAdvances(glyphs, overhanging);
  nameUnread(pdfium, glyphs, fonts);
  return { glyphs, fonts: fonts.list, objects, leftOut: total - count };
}

/** Pointers of the text objects by the numbers that readGlyphs gives them, of a page that is opened again. */
export function listTextObjects(pdfium: Pdfium, textPage: number): number[] {
  const count = Math.min(Math.max(0, pdfium.api.FPDFText_CountChars(textPage)), MAX_GLYPHS);
  const objects: number[] = [];
  for (let index = 0; index < count; index++) {
    const pointer = pdfium.api.FPDFText_GetTextObject(textPage, index);
    if (pointer === 0 || pointer === objects.at(-1)) continue;
    if (pdfium.api.FPDFText_GetUnicode(textPage, index) === SPACE && isGenerated(pdfium, textPage, index)) continue;
    objects.push(pointer);
  }
  return objects;
}

function allocate(count: number): Glyphs {
  const floats = () => new Float32Array(count);
  return {
    count,
    size: floats(),
    x: floats(),
    y: floats(),
    advance: floats(),
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
    mcid: new Int32Array(count),
    flags: new Uint8Array(count),
  };
}

function writeShared(glyphs: Glyphs, n: number, object: TextObject): void {
  glyphs.size[n] = object.size;
  glyphs.angle[n] = object.angle;
  glyphs.font[n] = object.font;
  glyphs.color[n] = object.color;
  glyphs.object[n] = object.number;
  glyphs.mcid[n] = object.mcid;
}

function readObject(
  pdfium: Pdfium,
  textPage: number,
  index: number,
  pointer: number,
  number: number,
  fonts: FontTable,
  frame: Frame,
): TextObject {
  const { api, scratch } = pdfium;
  api.FPDFText_GetMatrix(textPage, index, scratch);
  const a = pdfium.f32(scratch);
  const b = pdfium.f32(scratch + 4);
  const c = pdfium.f32(scratch + 8);
  const d = pdfium.f32(scratch + 12);
  api.FPDFTextObj_GetFontSize(pointer, scratch);
  const tf = pdfium.f32(scratch);
  // The em is what the matrix makes of the vertical unit; a mirrored page (d < 0 with a < 0) is turned, not negative.
  const em = Math.hypot(c, d) || Math.hypot(a, b) || 1;
  const forward = tf < 0 ? -1 : 1;
  const direction = Math.atan2(b * forward, a * forward);
  const angle = direction - (frame.turns * Math.PI) / 2;
  let flags = 0;
  const mode = api.FPDFTextObj_GetTextRenderMode(pointer);
  if (mode === INVISIBLE_MODE || mode === CLIP_MODE) flags |= GLYPH.invisible;
  if (FILL_STROKE_MODES.includes(mode)) flags |= GLYPH.stroked;
  if (isSlanted(a, b, c, d)) flags |= GLYPH.slanted;
  if (Math.hypot(a, b) < SQUEEZED * em) flags |= GLYPH.clipped;
  const ask = STROKE_MODES.includes(mode) ? "FPDFText_GetStrokeColor" : "FPDFText_GetFillColor";
  const known = api[ask](textPage, index, scratch, scratch + 4, scratch + 8, scratch + 12);
  const color = known ? rgba(pdfium, scratch) : BLACK;
  const font = fonts.numberOf(api.FPDFTextObj_GetFont(pointer));
  const size = finite(Math.abs(tf) * em * 100);
  const { ascent, descent } = fonts.list[font]!;
  return {
    pointer,
    number,
    font,
    size,
    lineHeight: ((ascent - descent) * size) / 100_000,
    angle: normalAngle(finite(angle)),
    cos: Math.cos(direction),
    sin: Math.sin(direction),
    axis: Math.abs(Math.sin(2 * direction)) < 2e-3,
    color,
    mcid: api.FPDFPageObj_GetMarkedContentID(pointer),
    flags,
  };
}

/** The vertical axis leans to the right of the normal to the baseline by 8 to 30 degrees: italics by matrix. */
function isSlanted(a: number, b: number, c: number, d: number): boolean {
  const lean = (a * c + b * d) / (Math.hypot(a, b) * Math.hypot(c, d) || 1);
  return lean > 0.14 && lean < 0.5;
}

export function rgba(pdfium: Pdfium, pointer: number): number {
  return (
    (((pdfium.u32(pointer) & 255) << 24) |
      ((pdfium.u32(pointer + 4) & 255) << 16) |
      ((pdfium.u32(pointer + 8) & 255) << 8) |
      (pdfium.u32(pointer + 12) & 255)) >>>
    0
  );
}

/** @returns true when the advance is only known to end before the ink does: PDFium's loose box holds both */
function placeGlyph(
  pdfium: Pdfium,
  textPage: number,
  index: number,
  frame: Frame,
  object: TextObject,
  glyphs: Glyphs,
  n: number,
): boolean {
  const { api, scratch } = pdfium;
  const [box, loose] = [scratch + 16, scratch + 48];
  api.FPDFText_GetCharOrigin(textPage, index, scratch, scratch + 8);
  api.FPDFText_GetCharBox(textPage, index, box, box + 8, box + 16, box + 24);
  api.FPDFText_GetLooseCharBox(textPage, index, loose);
  const ox = pdfium.f64(scratch);
  const oy = pdfium.f64(scratch + 8);
  const left = pdfium.f64(box);
  const right = pdfium.f64(box + 8);
  const bottom = pdfium.f64(box + 16);
  const top = pdfium.f64(box + 24);
  glyphs.x[n] = finite(frameX(frame, ox, oy));
  glyphs.y[n] = finite(frameY(frame, ox, oy));
  const ax = finite(frameX(frame, left, bottom));
  const ay = finite(frameY(frame, left, bottom));
  const bx = finite(frameX(frame, right, top));
  const by = finite(frameY(frame, right, top));
  glyphs.x0[n] = Math.min(ax, bx);
  glyphs.x1[n] = Math.max(ax, bx);
  glyphs.y0[n] = Math.min(ay, by);
  glyphs.y1[n] = Math.max(ay, by);
  // FS_RECTF: left, top, right, bottom.
  const reach = reachOf(
    pdfium.f32(loose),
    pdfium.f32(loose + 12),
    pdfium.f32(loose + 8),
    pdfium.f32(loose + 4),
    ox,
    oy,
    object,
  );
  const advance = reach * 100;
  glyphs.advance[n] = finite(advance);
  return (
    object.axis && Math.abs(advance - reachOf(left, bottom, right, top, ox, oy, object) * 100) < OVERHANG * object.size
  );
}

/** How far a box goes from the origin (x, y) along the writing. */
function reachOf(
  left: number,
  bottom: number,
  right: number,
  top: number,
  x: number,
  y: number,
  object: TextObject,
): number {
  const { cos, sin } = object;
  if (object.axis) {
    if (Math.abs(cos) > Math.abs(sin)) return cos > 0 ? right - x : x - left;
    return sin > 0 ? top - y : y - bottom;
  }
  // An upright box round advance x line height turned by the angle, solved for the advance.
  const [w, h, c, s] = [right - left, top - bottom, Math.abs(cos), Math.abs(sin)];
  return Math.max(0, c > s ? (w - object.lineHeight * s) / c : (h - object.lineHeight * c) / s);
}

const isGenerated = (pdfium: Pdfium, textPage: number, index: number) =>
  pdfium.api.FPDFText_IsGenerated(textPage, index) === 1;
const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
const finite = (value: number) => (Number.isFinite(value) ? value : 0);

/** 0 .. 2 pi */
function normalAngle(angle: number): number {
  const full = 2 * Math.PI;
  const turned = ((angle % full) + full) % full;
  return full - turned < 1e-4 ? 0 : turned;
}
