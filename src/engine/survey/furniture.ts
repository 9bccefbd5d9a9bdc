/** What recurs in the pages' margins: texts that are furniture wherever they stand, and places whose texts change by chapter. */
import { NO_NUMBER } from "../document/page-numbers.ts";
import { isInnerKey, type Profile, placeOfMarginKey, type Survey } from "../profile.ts";

/** A running head stands on at least so many pages; in documents of few pages on two. */
const RECURS = 3;
const FEW_PAGES = 4;
/** Further in than heads and feet usually are: on this share of all pages, or of the odd or the even ones. */
const INNER_PAGES = 0.5;
/** Heads that change stand on this share of the pages, or of the odd or the even ones: chapters' first pages have none. */
const CHANGING_PAGES = 0.4;
/** Each of them stands on two pages or more, but for those of short sections: on this share of the place's pages. */
const AGAIN = 2;
const AGAIN_SHARE = 0.5;
const LETTERS = /\p{L}{2}/u;

export function furniture(survey: Survey): Pick<Profile, "furniture" | "pageOffsets" | "headPlaces"> {
  const needed = survey.pages <= FEW_PAGES ? 2 : RECURS;
  const found = new Set<string>();
  const pageOffsets = new Set<number>();
  for (const [key, places] of survey.margins) {
    const pages = new Set(places.map((place) => place.page));
    if (pages.size < (isInnerKey(key) ? Math.max(RECURS, shareOf(pages, survey.pages, INNER_PAGES)) : needed)) continue;
    const lettered = LETTERS.test(textOf(key));
    const offsets = lettered ? [] : offsetsIn(places, needed);
    if (lettered || offsets.length > 0) found.add(key);
    for (const offset of offsets) pageOffsets.add(offset);
  }
  return { furniture: found, pageOffsets, headPlaces: headPlaces(survey) };
}

/** Heights at which heads stand whose text is the chapter's: many pages have a line there, and most of its texts recur. */
function headPlaces(survey: Survey): Set<string> {
  const places = new Map<string, { pages: Set<number>; again: Set<number> }>();
  for (const [key, standing] of survey.margins) {
    if (!LETTERS.test(textOf(key))) continue;
    const place = places.get(placeOfMarginKey(key)) ?? { pages: new Set(), again: new Set() };
    const pages = new Set(standing.map(({ page }) => page));
    for (const page of pages) {
      place.pages.add(page);
      if (pages.size >= AGAIN) place.again.add(page);
    }
    places.set(placeOfMarginKey(key), place);
  }
  const found = new Set<string>();
  for (const [place, { pages, again }] of places) {
    const needed = Math.max(RECURS, shareOf(pages, survey.pages, CHANGING_PAGES));
    if (pages.size >= needed && again.size >= Math.max(RECURS, AGAIN_SHARE * pages.size)) found.add(place);
  }
  return found;
}

/** A share of all pages, where only odd or only even ones are counted of those. */
function shareOf(pages: ReadonlySet<number>, all: number, share: number): number {
  const odd = [...pages].filter((page) => page % 2 === 1).length;
  const alternate = odd === 0 || odd === pages.size;
  return share * (alternate ? all / 2 : all);
}

function textOf(key: string): string {
  return key.slice(key.indexOf("|") + 1);
}

/** By how much numbers that grow with the pages differ from them: page numbers, whatever number the first page has. */
function offsetsIn(places: readonly { page: number; value: number }[], needed: number): number[] {
  const offsets = new Map<number, number>();
  for (const { page, value } of places) {
    if (value !== NO_NUMBER) offsets.set(page - value, (offsets.get(page - value) ?? 0) + 1);
  }
  return [...offsets].flatMap(([offset, count]) => (count >= needed ? [offset] : []));
}
