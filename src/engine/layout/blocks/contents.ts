/**
 * Entries of a table of contents: groups that end with a page number set apart from their text, three or more in a row,
 * the numbers never falling. In: groups in reading order; out: how many from here are one.
 */
import type { Group, Row } from "../rows.ts";

/** Fewer are a coincidence. */
const FEWEST = 3;
/** White before the number, in type sizes, where no leader leads to it. */
const APART = 1.5;
const PAGE = /(?:^|\s|\.|…)(\d{1,4}|[ivxlc]{1,7})$/;
const LEADER = /[\s.…·_]*(?:\.{3,}|…{2,}|(?:\s[.·]){3,}|_{3,})[\s.…·_]*/u;

/** @returns the number of groups from `at` that are entries; 0 when they are none */
export function countContents(groups: readonly Group[], at: number): number {
  let last = 0;
  let count = 0;
  for (let i = at; i < groups.length; i++) {
    const page = pageOf(groups[i]!.rows.at(-1)!);
    if (page === null || (typeof page === "number" && page < last)) break;
    if (typeof page === "number") last = page;
    count++;
  }
  return count < FEWEST ? 0 : count;
}

/** A row that ends with its page: the next one begins an entry. */
export function endsEntry(row: Row): boolean {
  return pageOf(row) !== null;
}

/** Arabic as a number; Roman as its letters, whose order says nothing against the Arabic ones after them. */
function pageOf(row: Row): number | string | null {
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
