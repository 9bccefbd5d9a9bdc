/**
 * What a tagged file says of its words. In: a page's part of the structure tree; out: each tagged word's role, or null
 * where most of the page's text is in no tag, or no tree: then nothing follows from what isn't in it.
 */
import type { Tag } from "../page.ts";
import type { PageLines, Word } from "../page-lines.ts";

/** Of the page's visible words: of a page that was tagged, only heads, feet and what is drawn are not. */
const COVERED = 0.7;

/**
 * Marked content → the role of the innermost element that says more than that it is a part; undefined where several claim
 * it: an element that goes on over pages names what it holds on all of them, by numbers that each page counts anew.
 */
export type Tags = ReadonlyMap<number, string | undefined>;

export interface TagCount {
  elements: number;
  chars: number;
}

/** Roles that only hold others together. */
const PARTS = new Set(["Document", "NonStruct", "Span", "Div", "Sect", "Part", "Art", "Private", "Link"]);
const HEADING = /^H[1-6]?$/;

export function tagsOf(page: PageLines): Tags | null {
  if (page.tags === undefined) return null;
  const tags = new Map<number, string | undefined>();
  collect(page.tags, "", tags);
  const visible = page.words.filter((word) => word.hidden !== true);
  const tagged = visible.filter((word) => isTagged(word, tags));
  return tagged.length > 0 && tagged.length >= COVERED * visible.length ? tags : null;
}

export function isTagged({ mcid }: Word, tags: Tags): boolean {
  return mcid !== undefined && tags.has(mcid);
}

/** The one role of all the words that are tagged. */
export function roleOf(words: readonly Word[], tags: Tags): string | undefined {
  let found: string | undefined;
  for (const { mcid } of words) {
    if (mcid === undefined || !tags.has(mcid)) continue;
    const role = tags.get(mcid);
    if (role === undefined || (found !== undefined && found !== role)) return undefined;
    found = role;
  }
  return found;
}

export function isHeadingRole(role: string | undefined): boolean {
  return role !== undefined && HEADING.test(role);
}

/** Role of headings → elements of it on the page, and characters in them. */
export function headingTags(page: PageLines): Map<string, TagCount> {
  const counts = new Map<string, TagCount>();
  const tags = tagsOf(page);
  if (tags === null || page.tags === undefined) return counts;
  const shown = new Set<number>();
  for (const { mcid, text } of page.words) {
    const role = mcid === undefined ? undefined : tags.get(mcid);
    if (mcid === undefined || role === undefined || !isHeadingRole(role)) continue;
    shown.add(mcid);
    const count = counts.get(role) ?? { elements: 0, chars: 0 };
    count.chars += text.length;
    counts.set(role, count);
  }
  countElements(page.tags, shown, counts);
  return counts;
}

function countElements(tag: Tag, shown: ReadonlySet<number>, counts: ReadonlyMap<string, TagCount>): void {
  const count = counts.get(tag.role);
  if (count !== undefined && holds(tag, shown)) count.elements++;
  else for (const child of tag.children) countElements(child, shown, counts);
}

function holds({ mcids, children }: Tag, shown: ReadonlySet<number>): boolean {
  return mcids.some((mcid) => shown.has(mcid)) || children.some((child) => holds(child, shown));
}

/** The reader bounds depth and number. */
function collect(tag: Tag, above: string, tags: Map<number, string | undefined>): void {
  const role = PARTS.has(tag.role) ? above : tag.role;
  for (const mcid of tag.mcids) tags.set(mcid, tags.has(mcid) && tags.get(mcid) !== role ? undefined : role);
  for (const child of tag.children) collect(child, role, tags);
}
