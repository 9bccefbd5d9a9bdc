/**
 * Page → PageLines: what one page says, decided on that page and its fonts alone.
 *
 *   strip      glyphs along their baselines, spaces set apart
 *   baselines  runs, lines, scripts to their lines
 *   hidden     glyphs that nobody sees
 *   words      doubled glyphs dropped, gaps judged, text decoded, segments cut
 *   drawn-marks  bullets and tick boxes that are drawn, made words
 *   rules      paths sorted into rules, fills and drawings
 */
import type { Page } from "../page.ts";
import type { PageLines, Style, Word } from "../page-lines.ts";
import type { Warning } from "../warnings.ts";
import { takeDrawnMarks } from "./drawn-marks.ts";
import { findHidden, type Hiding, reveal } from "./hidden.ts";
import { sortPaths } from "./rules.ts";
import { readText } from "./words.ts";

/** Type size of a page without text, 1/100 pt. */
const USUAL_SIZE = 1_000;

export { findHidden, reveal };

export function extract(page: Page, { hidden, unfinished }: Hiding = findHidden(page)): PageLines {
  const text = readText(page, hidden);
  const { styles, lost } = text;
  const em = usualSize(text.words, styles);
  const { words, lines, paths } = takeDrawnMarks(text, page.paths, em);
  const { rules, fills, drawings } = sortPaths(paths, em);
  const { number } = page.size;
  const warnings: Warning[] = [...page.warnings];
  if (lost) warnings.push({ code: "undecodable_text", page: number, box: lost.box, detail: `${lost.glyphs} glyphs` });
  if (text.hidden) {
    const { glyphs, box } = text.hidden;
    warnings.push({ code: "hidden_text", page: number, box, detail: `${glyphs} glyphs` });
  }
  if (unfinished) warnings.push({ code: "hidden_unjudged", page: number });
  if (words.length === 0 && page.images.length > 0) warnings.push({ code: "picture_only", page: number });
  return {
    size: page.size,
    styles,
    words,
    lines,
    rules,
    fills,
    drawings,
    images: page.images,
    links: page.links,
    widgets: page.widgets,
    ...(page.tags ? { tags: page.tags } : {}),
    warnings,
  };
}

/** The type size of most letters; the smaller one among equals. */
function usualSize(words: readonly Word[], styles: readonly Style[]): number {
  const letters = new Map<number, number>();
  for (const { style, text } of words) {
    const { size } = styles[style]!;
    letters.set(size, (letters.get(size) ?? 0) + text.length);
  }
  let [best, most] = [USUAL_SIZE, 0];
  for (const [size, count] of letters) {
    if (size > 0 && (count > most || (count === most && size < best))) [best, most] = [size, count];
  }
  return best;
}
