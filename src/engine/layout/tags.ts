/**
 * What a tagged file says of its words. In: the page's part of the structure tree; out: each tagged word's role, or null
 * where most of the page's text is in no tag, or no tree: then nothing follows from what isn't in it.
 */
import type { Tag } from "../page.ts";
import type { PageLines, Word } from "../page-lines.ts";

/** Of the page's visible words: of a page that was tagged, only heads, feet and what is drawn are not. */
const COVERED = 0.7;

/** Marked content → the role of the innermost element that says more than that it is a part. */
export type Tags = ReadonlyMap<number, string>;

/** Roles that only hold others together. */
const PARTS = new Set(["Document", "NonStruct", "Span", "Div", "Sect", "Part", "Art", "Private"]);

export function tagsOf(page: PageLines): Tags | null {
  if (page.tags === undefined) return null;
  const tags = new Map<number, string>();
  collect(page.tags, "", tags);
  const visible = page.words.filter((word) => word.hidden !== true);
  const tagged = visible.filter((word) => isTagged(word, tags));
  return tagged.length > 0 && tagged.length >= COVERED * visible.length ? tags : null;
}

export function isTagged({ mcid }: Word, tags: Tags): boolean {
  return mcid !== undefined && tags.has(mcid);
}

/** The reader bounds depth and number. */
function collect(tag: Tag, above: string, tags: Map<number, string>): void {
  const role = PARTS.has(tag.role) ? above : tag.role;
  for (const mcid of tag.mcids) tags.set(mcid, role);
  for (const child of tag.children) collect(child, role, tags);
}
