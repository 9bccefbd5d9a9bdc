/**
 * One number by which a million files can be sorted: the share of what a file's pages say that stands in its text,
 * each character weighed by how sure it is.
 *
 *   trust = (weighed characters / characters) * (pages that could be read / pages)
 *
 * A page that could not be read is one that PDFium could not open, or one that is a picture; a page without anything on
 * it says nothing and loses nothing. A picture beside text counts for nothing either way, since nobody knows whether it is a
 * photograph or a table: picture_only_area tells of those. 1 = everything was there as text; 0 = nothing was.
 */
import type { FileQuality, PageQuality } from "../document/quality.ts";
import type { Source } from "../page-lines.ts";

/** A ranking, not a measurement: what the file says itself, what was put right, what was read off pixels, and soup. */
const WEIGHTS: Readonly<Record<Source, number>> = { native: 1, repaired: 0.9, ocr: 0.8, model: 0.7, undecodable: 0 };
/** In 1/10,000 of the page: a picture that is most of the page. */
const MOST_OF_PAGE = 5_000;
/** Beside such a picture so few characters are a stamp, a running head or a page number: some two lines. */
const STAMP_CHARACTERS = 160;

export const SOURCES = Object.keys(WEIGHTS) as readonly Source[];

/** Visible characters, wherever their text comes from. */
export function charactersOf({ characters }: PageQuality): number {
  return SOURCES.reduce((sum, source) => sum + characters[source], 0);
}

/** What the page says only its picture tells: no text beside a picture, or no more than a stamp beside a scan. */
export function isPicture(page: PageQuality): boolean {
  const characters = charactersOf(page);
  if (page.pictureArea === 0) return false;
  return characters === 0 || (page.pictureArea >= MOST_OF_PAGE && characters <= STAMP_CHARACTERS);
}

/** @returns 0 to 1 */
export function trustOf(file: FileQuality): number {
  const all = charactersOf(file);
  const sure = SOURCES.reduce((sum, source) => sum + WEIGHTS[source] * file.characters[source], 0);
  const unread = file.picturePages + (file.warnings.get("page_unreadable") ?? 0);
  const read = file.pages === 0 ? 1 : Math.max(0, 1 - unread / file.pages);
  return (all === 0 ? 1 : sure / all) * read;
}
