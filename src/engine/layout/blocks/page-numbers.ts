/** Rows of a table of contents: a page number at their end, set apart from their text. */
import type { Row } from "../rows.ts";

/** White before the number, in type sizes, where no leader leads to it. */
const APART = 1.5;
const PAGE = /(?:^|\s|\.|…)(\d{1,4}|[ivxlc]{1,7})$/;
const LEADER = /[\s.…·_]*(?:\.{3,}|…{2,}|(?:\s[.·]){3,}|_{3,})[\s.…·_]*/u;

/** A row that ends with its page: the next one begins an entry. */
export function endsEntry(row: Row): boolean {
  return pageOf(row) !== null;
}

/** Arabic as a number; Roman as its letters, whose order says nothing against the Arabic ones after them. */
export function pageOf(row: Row): number | string | null {
  const line = row.lines.at(-1)!;
  const page = PAGE.exec(line.text)?.[1];
  if (page === undefined) return null;
  const text = row.lines.map((one) => one.text).join(" ");
  if (!/\p{L}/u.test(text.slice(0, text.length - page.length))) return null;
  const alone = line.words.length === 1 && row.lines.length > 1;
  const gap = alone ? line.box[0] - row.lines.at(-2)!.box[2] : (line.words.at(-1)!.gap ?? 0);
  if (!LEADER.test(text) && gap < APART * line.size) return null;
  return /^\d/.test(page) ? Number(page) : page;
}
