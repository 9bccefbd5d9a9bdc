/**
 * Page → PageLines: what one page says, decided on that page and its fonts alone.
 *
 *   strip      glyphs along their baselines, spaces set apart
 *   baselines  runs, lines, scripts to their lines
 *   words      doubled glyphs dropped, gaps judged, text decoded, segments cut
 *   rules      paths sorted into rules, fills and drawings
 */
import type { Page } from "../page.ts";
import type { PageLines } from "../page-lines.ts";
import type { Warning } from "../warnings.ts";
import { sortPaths } from "./rules.ts";
import { readText } from "./words.ts";

export function extract(page: Page): PageLines {
  const { words, lines, styles, lost } = readText(page);
  const { rules, fills, drawings } = sortPaths(page.paths);
  const { number } = page.size;
  const warnings: Warning[] = [...page.warnings];
  if (lost) warnings.push({ code: "undecodable_text", page: number, box: lost.box, detail: `${lost.glyphs} glyphs` });
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
