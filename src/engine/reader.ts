/** An opened source, as the readers give it. Types only. */
import type { Placed } from "./geometry.ts";
import type { Page } from "./page.ts";
import type { SourceInfo } from "./source-info.ts";

export interface Pixels {
  width: number;
  height: number;
  /** RGBA, row by row. */
  data: Uint8ClampedArray;
  /** The page could not be drawn, and this is one white pixel in its place. */
  blank?: true;
}

/** What some text of a page adds to its picture. */
export interface Look {
  width: number;
  height: number;
  /** Pixels per unit, from the page's upper left corner. */
  scale: number;
  /** 1 a pixel that looks different without that text. */
  changed: Uint8Array;
}

export interface Reader {
  pageCount: number;
  /** Outline, metadata, labels, and the sizes of the pages asked for (each size costs a read of its page object). */
  info(pages: readonly number[]): Promise<SourceInfo>;
  /** @param number in the source, from 1. A page that can't be read comes back empty, with a warning. */
  page(number: number): Promise<Page>;
  /** Pixels of a page's region; dpi is lowered when memory would not do. */
  render(crop: Placed, dpi: number): Promise<Pixels>;
  /** @param texts numbers of text objects (Glyphs.object); @returns undefined when the page can't be drawn */
  look(number: number, texts: ReadonlySet<number>): Promise<Look | undefined>;
  close(): void;
}
