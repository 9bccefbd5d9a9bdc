/** The merged Survey → Profile: body type, heading styles, furniture. Read off once, in a fixed order. */
import {
  faceOfStyleKey,
  isBoldStyleKey,
  isMonoStyleKey,
  outlineKey,
  type Profile,
  type StyleCount,
  type Survey,
  sizeOfStyleKey,
} from "../profile.ts";
import type { SourceInfo } from "../source-info.ts";
import { furniture } from "./furniture.ts";

/** A heading's type is at least this much larger than the body's (LAYOUT section 6). */
const LARGER = 1.15;
/** With a face of its own or in bold, a little is enough: 12 over 11 pt. */
const LARGER_OTHER_FACE = 1.05;
/** Same size, when the style is bold and the body is not. */
const BOLD_AT_LEAST = 0.95;
/** A heading style holds at most this share of the characters. */
const RARE_CHARS = 0.15;
/** On a page or two a large title alone may pass that; still never most of the text. */
const RARE_CHARS_SHORT_DOCUMENT = 0.35;
const SHORT_DOCUMENT_PAGES = 2;
/** This share of a heading style's lines are short ones. */
const SHORT_LINES = 0.6;
/** Bold at body size is weak evidence: in a document of some length it must recur. */
const BOLD_SUPPORT = 2;
/** Fonts of formulas are larger than the text for other reasons. */
const MATH_FAMILY = /^(CM(EX|MI|SY|R|BX)|MS[AB]M|EU[FRS]M|Symbol|.*Math)/i;
const MAX_LEVEL = 6;
/** Role of a tagged file's first headings. */
const FIRST = "H1";
/** More of the text in headings' tags than this share: they are tags for large type, or for everything. */
const TAGGED_CHARS = 0.35;
/** The title's style: the largest, this much over the body's, on so many lines in all, with other headings below it. */
const TITLE_LARGER = 1.3;
const TITLE_LINES = 4;
/** Share of characters that are mathematical, above which the document is. */
const MATH_SHARE = 0.002;

export function profileOf(survey: Survey, source?: Pick<SourceInfo, "outline">): Profile {
  const body = bodyStyle(survey);
  const chars = [...survey.styles.values()].reduce((sum, style) => sum + style.chars, 0);
  const profile: Profile = {
    body,
    bodySize: sizeOfStyleKey(body),
    ...headingStyles(survey, body, chars),
    ...furniture(survey),
    words: survey.words,
    marks: survey.marks,
    tags: tagLevels(survey.tags, chars),
    captionSide: survey.captions.above > survey.captions.below ? "above" : "below",
    math: survey.mathChars > chars * MATH_SHARE,
    outline: new Map(),
  };
  return source === undefined ? profile : withOutline(profile, source);
}

export function withOutline(profile: Profile, source: Pick<SourceInfo, "outline">): Profile {
  const outline = new Map<string, number>();
  const above = hasRoot(source.outline) ? 1 : 0;
  for (const entry of source.outline) {
    const key = outlineKey(entry.page, entry.title);
    const level = Math.max(1 - above, entry.level - above);
    if (!key.endsWith("|")) outline.set(key, Math.min(outline.get(key) ?? MAX_LEVEL, level));
  }
  return { ...profile, outline };
}

/** One bookmark on the first page with all others below it is the document's title. */
function hasRoot([first, ...rest]: SourceInfo["outline"]): boolean {
  return first !== undefined && first.page === 1 && rest.length > 0 && rest.every((entry) => entry.level > first.level);
}

/** The one heading of the first level is the document's title, where others stand under it; else the highest is the first. */
function tagLevels(tags: Survey["tags"], chars: number): Map<string, number> {
  const tagged = [...tags.values()].reduce((sum, count) => sum + count.chars, 0);
  if (tagged > TAGGED_CHARS * chars) return new Map();
  const levels = [...tags.keys()].map((role) => Number(role.slice(1)) || 1);
  const above = tags.get(FIRST)?.elements === 1 && tags.size > 1 ? 1 : Math.min(...levels) - 1;
  return new Map([...tags.keys()].map((role, i) => [role, levels[i]! - above]));
}

/**
 * The style of most characters, where there are pages enough without those of heads and feet: slides have more of them
 * than of text. Ties go to the key that sorts first, so that order of counting can't show.
 */
function bodyStyle(survey: Survey): string {
  let best = "";
  let most = -1;
  for (const [key, { chars, outer }] of survey.styles) {
    const inside = survey.pages > SHORT_DOCUMENT_PAGES ? chars - outer : chars;
    if (inside > most || (inside === most && key < best)) [best, most] = [key, inside];
  }
  return best;
}

function headingStyles(
  survey: Survey,
  body: string,
  chars: number,
): Pick<Profile, "headings" | "title" | "titleLines"> {
  const bodySize = sizeOfStyleKey(body);
  const rare = survey.pages <= SHORT_DOCUMENT_PAGES ? RARE_CHARS_SHORT_DOCUMENT : RARE_CHARS;
  const found: { key: string; size: number; bold: boolean }[] = [];
  for (const [key, style] of survey.styles) {
    const size = sizeOfStyleKey(key);
    const bold = isBoldStyleKey(key);
    if (key === body || style.short === 0 || style.chars > chars * rare) continue;
    if (style.short < style.lines * SHORT_LINES) continue;
    const evidence = evidenceFor(key, body, bodySize);
    const support = survey.pages <= SHORT_DOCUMENT_PAGES ? 1 : BOLD_SUPPORT;
    if (evidence === "size" || (evidence === "face" && style.short >= support)) found.push({ key, size, bold });
  }
  found.sort((a, b) => b.size - a.size || Number(b.bold) - Number(a.bold) || (a.key < b.key ? -1 : 1));
  const top = found[0];
  const lines = top === undefined ? 0 : survey.styles.get(top.key)!.lines;
  // Where there is no other heading, several lines might be headings of one rank, if they are not one text.
  const sure = found.length > 1 ? found[1]!.size < top!.size : lines === 1;
  const isTitle = top !== undefined && lines <= TITLE_LINES && top.size >= bodySize * TITLE_LARGER;
  const title = isTitle && (sure || found.length === 1) ? top.key : null;
  const levels = new Map<string, number>();
  let level = 0;
  let last: { size: number; bold: boolean } | null = null;
  for (const style of found) {
    if (survey.pages > SHORT_DOCUMENT_PAGES && style.key !== title && isFrontMatter(survey.styles.get(style.key)!)) {
      levels.set(style.key, Math.min(MAX_LEVEL, level + 1));
      continue;
    }
    // Two faces of one size and weight are one rank.
    if (last === null || last.size !== style.size || last.bold !== style.bold) level = Math.min(MAX_LEVEL, level + 1);
    levels.set(style.key, level);
    // A title is above the levels: the next style begins them again.
    if (style.key === title) level = 0;
    last = style;
  }
  return { headings: levels, title, titleLines: title === null || sure ? 0 : lines };
}

/** Names, dates and the like on a longer document's first page: they are no rank among its headings. */
function isFrontMatter({ lines, front }: StyleCount): boolean {
  return lines > 0 && front === lines;
}

/** What sets a style above the body's: its size alone, or its face with the size at least kept. */
function evidenceFor(key: string, body: string, bodySize: number): "size" | "face" | null {
  const size = sizeOfStyleKey(key);
  if (size >= bodySize * LARGER) return "size";
  const [own, other] = [faceOfStyleKey(key), faceOfStyleKey(body)];
  const bold = isBoldStyleKey(key);
  if (bold && !isBoldStyleKey(body) && size >= bodySize * BOLD_AT_LEAST)
    return size >= bodySize * LARGER_OTHER_FACE ? "size" : "face";
  if (bold && own.color !== other.color && size >= bodySize * BOLD_AT_LEAST) return "face";
  // Code is set a little larger for its own reasons.
  if (isMonoStyleKey(key) && !isMonoStyleKey(body)) return null;
  return size >= bodySize * LARGER_OTHER_FACE && own.family !== other.family && !MATH_FAMILY.test(own.family)
    ? "face"
    : null;
}
