/**
 * What a browser prints over and under a page: its title, its address, the date and the page's number of all pages. In:
 * lines of a page; out: those of its first and its last row, where together they say all of that; one page is enough.
 */
import type { Line } from "./lines.ts";
import { type Row, rowsOf } from "./rows.ts";

/** Rows further from the sheet's edge than this, as a share of its height, are the text's. */
const EDGE = 0.06;
const ADDRESS = /^(?:https?:\/\/|file:\/\/|about:)\S+$/iu;
const OF_ALL = /^(?:\p{L}+\s+)?\d{1,4}\s*(?:\/|of|von|de|sur|di|из)\s*\d{1,4}$/iu;
/** A date in digits or with its month's name; its time, if any, may stand before or after it. */
const DATE =
  /(?<!\d)(?:\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{1,2}\.?\s+\p{L}{3,10}\.?,?\s+\d{4}|\p{L}{3,10}\.?\s+\d{1,2},\s+\d{4})(?!\d)/u;

export function printStamps(lines: readonly Line[], height: number): Line[] {
  const rows = rowsOf(lines.filter((line) => line.angle === 0));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  if (first.box[3] > EDGE * height || last.box[1] < (1 - EDGE) * height) return [];
  const stamps = [...first.lines, ...last.lines];
  const says = (what: RegExp) => stamps.some(({ text }) => what.test(text.trim()));
  return says(ADDRESS) && says(OF_ALL) && says(DATE) && isSmall(first, last) ? stamps : [];
}

function isSmall(...rows: Row[]): boolean {
  return rows.every((row) => row.lines.length <= 2);
}
