/** What was lost on the way, with its place: a closed list of codes, and the sentences that tell them to people. */
import type { Box } from "./geometry.ts";

export type WarningCode =
  | "page_unreadable" // PDFium could not open the page; it goes on empty
  | "page_size_clamped" // a page beyond 200 inches is read as if it were that large
  | "undecodable_text" // glyphs without any Unicode
  | "hidden_text" // glyphs that nobody sees: white on white, covered, outside the page
  | "hidden_unjudged" // the looks for such glyphs were spent before all had theirs
  | "too_many_glyphs" // the page's glyphs above the limit were left out
  | "too_many_objects" // paths and pictures above the limit were left out
  | "too_many_fields" // fields above the limit, or of a form above it, were left out
  | "too_many_links" // links above the limit are text alone
  | "picture_only" // the page holds pictures and no text
  | "figure_not_drawn"; // a crop is a white pixel

export interface Warning {
  code: WarningCode;
  page: number;
  box?: Box;
  detail?: string;
}

/** A code for people: whoever shows a warning shows this, and the code behind it. */
export const WARNING_TEXT: Record<WarningCode, string> = {
  page_unreadable: "the page could not be read and stays empty",
  page_size_clamped: "the page is larger than 200 inches and was read as if it were that large",
  undecodable_text: "the font doesn't say which letters some of its glyphs are; they were left out",
  hidden_text: "the page holds text that nobody sees on it; it was left out",
  hidden_unjudged: "the page has more shapes around its text than are looked at; text that nobody sees may be among it",
  too_many_glyphs: "the page has more text than is read of one page; the rest was left out",
  too_many_objects: "the page has more drawings and pictures than are read of one page; the rest was left out",
  too_many_fields: "the form has more fields than are read; what is filled in there was left out",
  too_many_links: "the page has more links than are read of one page; what the rest leads to was left out",
  figure_not_drawn: "figures could not be drawn; a white pixel stands for their pictures",
  picture_only: "the page is a picture without text; OCR is not available in this version",
};

/** A kind of loss in one document. */
export interface Notice {
  code: WarningCode;
  /** Where, what and the code: "pages 1-3, 7: the page is ... (picture_only)". */
  text: string;
}

/** Runs of pages that a notice names; the rest is counted. */
const RUNS_SHOWN = 10;

/** One notice a code, in the order the codes first appear: a scan of 5,000 pages is told in one sentence. */
export function noticesOf(warnings: readonly Warning[]): Notice[] {
  const byCode = new Map<WarningCode, Warning[]>();
  for (const warning of warnings) {
    const same = byCode.get(warning.code);
    if (same === undefined) byCode.set(warning.code, [warning]);
    else same.push(warning);
  }
  return [...byCode].map(([code, same]) => {
    const detail = same.length === 1 && same[0]!.detail !== undefined ? `, ${same[0]!.detail}` : "";
    return { code, text: `${namePages(same.map((each) => each.page))}: ${WARNING_TEXT[code]} (${code}${detail})` };
  });
}

/** "page 3", "pages 1-3, 7". */
function namePages(numbers: readonly number[]): string {
  const pages = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: [from: number, to: number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last?.[1] === page - 1) last[1] = page;
    else runs.push([page, page]);
  }
  const shown = runs.slice(0, RUNS_SHOWN);
  const left = runs.slice(RUNS_SHOWN).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const names = shown.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
  return `${pages.length === 1 ? "page" : "pages"} ${names}${left > 0 ? ` and ${left} more` : ""}`;
}
