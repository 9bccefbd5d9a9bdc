/** What the file draws on one page, as it draws it. Dies in extract, never stored. Types only. */
import type { Box } from "./geometry.ts";
import type { PageSize } from "./source-info.ts";
import type { Warning } from "./warnings.ts";

export interface Page {
  size: PageSize;
  glyphs: Glyphs;
  fonts: Font[];
  paths: Path[];
  images: Image[];
  links: Link[];
  widgets: Widget[];
  tags?: Tag;
  painting?: Painting;
  warnings: Warning[];
}

/** What lies over and under what: the order of painting, 0 = first. */
export interface Painting {
  grounds: Ground[];
  /** By Glyphs.object: when it is painted, and the box that its clip path leaves of it. */
  textOrder: Uint32Array;
  textClips: ReadonlyMap<number, Box>;
  /** Text that the reader leaves out since it stands there already: the other half of a shadow. */
  twins: Twin[];
  /** Every object is in it: a page of too many has parts that nobody looked at. */
  complete: boolean;
}

/** Anything painted that is no text. */
export interface Ground {
  box: Box;
  order: number;
  /** A filled path that hides what is under it, as far as its shape goes; undefined = not known to. */
  opaque?: Path;
}

export interface Twin {
  box: Box;
  order: number;
  /** 0xRRGGBBAA fill. */
  color: number;
}

/** Bits of Glyphs.flags. */
export const GLYPH = {
  /** The font maps nothing: `code` holds the raw code. */
  unmapped: 1,
  /** A hyphen at a line's end, which PDFium gives as U+0002. */
  hyphen: 2,
  invisible: 4,
  /** Outside the CropBox, or squeezed until nothing is left of it. */
  clipped: 8,
  /** Drawn twice, one of them dropped: bold by overprint. */
  overprinted: 16,
  /** Filled and stroked: bold by outline. */
  stroked: 32,
  /** Italic by matrix. */
  slanted: 64,
  /** The font gave no text or a wrong one; what stands in `unicode` was found out. */
  repaired: 128,
} as const;

/** Columns of `count` entries in content order. Lengths in 1/100 pt as floats; angle in radians, 0 = upright. */
export interface Glyphs {
  count: number;
  /** Type size after the text matrix. */
  size: Float32Array;
  /** Baseline origin. */
  x: Float32Array;
  y: Float32Array;
  advance: Float32Array;
  /** Ink box. */
  x0: Float32Array;
  y0: Float32Array;
  x1: Float32Array;
  y1: Float32Array;
  angle: Float32Array;
  /** Scalar as PDFium gives it, surrogates joined. */
  unicode: Uint32Array;
  /** Raw character code where the font maps nothing; 0 is a real code, so test GLYPH.unmapped. */
  code: Uint32Array;
  /** Index into Page.fonts. */
  font: Uint16Array;
  /** 0xRRGGBBAA fill. */
  color: Uint32Array;
  /** Number of the text object on the page. */
  object: Uint32Array;
  /** Marked content id, -1 = none. */
  mcid: Int32Array;
  flags: Uint8Array;
}

export interface Font {
  name: string; // base font name without the subset tag
  family: string;
  flags: number; // PDF 32000-1 table 123
  weight: number;
  italicAngle: number;
  embedded: boolean;
  ascent: number; // 1/1000 em
  descent: number;
  /** What the embedded program calls its glyphs, by number; asked only of fonts that leave glyphs without text. */
  glyphNames?: ReadonlyMap<number, number>;
}

/** One subpath. */
export interface Path {
  box: Box;
  /** Segments flattened to points: moves, lines, curve ends. */
  points: number;
  curves: number;
  stroke: boolean;
  fill: boolean;
  strokeWidth: number;
  strokeColor: number;
  fillColor: number;
  /** Its straight axis-parallel edges, each a box without width or height, when it consists of nothing else. */
  edges?: Box[];
}

export interface Image {
  box: Box;
  pixelWidth: number;
  pixelHeight: number;
  mcid: number;
}

export interface Link {
  box: Box;
  uri?: string;
  page?: number;
}

export interface Widget {
  box: Box;
  control: "text" | "checkbox" | "radio" | "choice" | "button" | "signature";
  name: string;
  value: string;
  checked?: boolean;
}

/** Structure tree element (PDF 32000-1 section 14.7). */
export interface Tag {
  role: string;
  mcids: number[];
  actualText?: string;
  alt?: string;
  children: Tag[];
}
