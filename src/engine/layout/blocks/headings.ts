/**
 * Whether a group of rows is a heading, and of which level. In: the group and the profile's heading styles and
 * bookmarks; out: level and number, or null. Text in the form of a sentence is never one.
 */
import { beginsFigureCaption, beginsTableCaption } from "../../document/captions.ts";
import { isInSequence, type SectionMark, sectionMarkKey, sectionMarkOf } from "../../document/section-marks.ts";
import { isSectionName, namesAbstract } from "../../document/section-names.ts";
import { isHeadingRole } from "../../document/tags.ts";
import { isBoldStyleKey, outlineKey, type Profile } from "../../profile.ts";
import type { Line } from "../lines.ts";
import { type Group, isCellRow } from "../rows.ts";

export interface Heading {
  level: number;
  number?: string;
  /** The bookmarks say that it is the document's. */
  title?: true;
}

/** Words a heading has at most (LAYOUT section 6: 20 possible). */
const MOST_WORDS = 24;
const MOST_ROWS = 4;
/** A full stop at its end is allowed in title case, in type this much larger than the body's, and so few rows. */
const LARGE = 1.3;
const ROWS_WITH_STOP = 2;
const MAX_LEVEL = 6;
/** "2", "2.", "2.1.3", "IV.", "A.1", "I.A.1.a." at the front; a letter or a Roman number only with a stop. */
const NUMBER =
  /^(\d{1,2}(?:\.(?:\d{1,2}|[A-Za-z]))*\.?|(?:[IVX]{1,5}|[A-H])\.(?:(?:\d{1,2}|[A-Za-z])(?:\.|(?=\s)))*)\s+(?=\S)/u;
const SENTENCE_END = /[^.][.,;]$/;
/** What a chapter or section calls itself may end in a full stop. */
const NAMED = /^(chapter|section|part|appendix|annex)\b/i;

/** Where a file tags its headings, what it tags as these is none, and none in about the text's own size that it does not. */
const OTHERWISE = /^(?:L|LI|Lbl|LBody|Table|TR|TH|TD|Caption|Note|TOCI?|Code|Formula|Figure)$/;
const TEXT_SIZE = 1.1;

/** Lettered sections are those of numbered ones, where there are any. */
const UNDER_ROMAN = sectionMarkKey({ form: "roman", value: 1, set: "capitals" });

/** Captions are set like headings in many a report; so are those without a number. */
const CAPTION = /^(?:table|figure|tabelle|abbildung|tableau|tabla|figura)\s*:/iu;
/** A date alone says when, not what; so does a line in brackets say something about the one before. */
const MONTH =
  "(?:jan|feb|febr|mar|mär|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)[\\p{L}]{0,7}|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]";
const DATE = new RegExp(
  `^(?:\\p{L}+day,?\\s+)?(?:(?:\\d{1,2}(?:st|nd|rd|th)?[.\\s]*)?(?:${MONTH})\\.?,?\\s*(?:\\d{1,2}(?:st|nd|rd|th)?,?\\s*)?\\d{4}|\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4})$`,
  "iu",
);
/** Who owns the text is no heading over it. */
const COPYRIGHT = /^(?:©|\(c\)\s|copyright\b)/iu;
const IN_BRACKETS = /^\([^()]*\)$/u;
/** What begins with a note's mark explains something else, however bold; a paragraph sign numbers a law's sections. */
const MARKED = /^[*∗†‡]\s*[\p{L}\p{N}]/u;

export function headingOf(group: Group, page: number, profile: Profile): Heading | null {
  const lines = group.rows.flatMap((row) => row.lines);
  const text = lines.map((line) => line.text).join(" ");
  const number = NUMBER.exec(text)?.[1];
  const marked = bookmarkOf(text, page, profile);
  if (marked === 0) return { level: 1, title: true };
  if (marked !== undefined) return { level: Math.min(MAX_LEVEL, marked), ...(number === undefined ? {} : { number }) };
  const tag = tagOf(lines);
  const tagged = profile.tags.get(tag ?? "");
  if (tagged !== undefined && isLetters(text))
    return tagged === 0 ? { level: 1, title: true } : { level: tagged, ...(number === undefined ? {} : { number }) };
  if (tag !== undefined && profile.tags.size > 0 && isTaggedOtherwise(tag, group, profile)) return null;
  if (isCaption(text) || DATE.test(text) || IN_BRACKETS.test(text)) return null;
  if (COPYRIGHT.test(text) || MARKED.test(text)) return null;
  if (group.rows.some(isCellRow)) return null;
  const mark = sectionMarkIn(text, lines, profile);
  const level =
    levelOf(lines, profile) ??
    (isNumberedBold(lines, number, profile) || mark !== null ? 1 : null) ??
    (isSectionName(text) && group.rows.length === 1 ? 1 : null);
  if (level === null || !readsLikeHeading(text, group, profile.bodySize)) return null;
  // Set small as it often is, it is a section like others.
  if (number === undefined) return { level: namesAbstract(text) ? 1 : level };
  if (mark?.form === "letter" && profile.marks.has(UNDER_ROMAN)) return { level: 2, number };
  const depth = number.split(".").filter((piece) => piece !== "").length;
  return { level: Math.min(MAX_LEVEL, Math.max(depth, 1)), number };
}

/** What the file calls all of its lines that it tags. */
function tagOf(lines: readonly Line[]): string | undefined {
  const roles = new Set(lines.flatMap(({ tag }) => (tag === undefined ? [] : [tag])));
  return roles.size === 1 ? [...roles][0] : undefined;
}

function isTaggedOtherwise(tag: string, group: Group, { bodySize }: Profile): boolean {
  return OTHERWISE.test(tag) || (!isHeadingRole(tag) && group.rows[0]!.size <= TEXT_SIZE * bodySize);
}

function isLetters(text: string): boolean {
  return /\p{L}{3}|[\p{Script=Han}\p{Script=Hangul}]{2}/u.test(text);
}

function isCaption(text: string): boolean {
  return CAPTION.test(text) || beginsFigureCaption(text) || beginsTableCaption(text);
}

/** Bold and numbered is enough evidence where the text is not bold, however rare the style. */
function isNumberedBold(lines: readonly Line[], number: string | undefined, profile: Profile): boolean {
  return number !== undefined && !isBoldStyleKey(profile.body) && lines.every((line) => line.bold);
}

/** Its number stands in the sequence of the document's, in capitals or italics of its own. */
function sectionMarkIn(text: string, lines: readonly Line[], profile: Profile): SectionMark | null {
  const mark = sectionMarkOf(
    text,
    lines.every((line) => line.italic),
  );
  return mark !== null && isInSequence(mark, profile.marks) ? mark : null;
}

function bookmarkOf(text: string, page: number, { outline }: Profile): number | undefined {
  if (outline.size === 0) return undefined;
  return outline.get(outlineKey(page, text)) ?? outline.get(outlineKey(page, text.replace(NUMBER, "")));
}

/** All its lines are in heading styles. */
function levelOf(lines: readonly Line[], profile: Profile): number | null {
  const letters = lines.filter((line) => /\p{L}/u.test(line.text));
  if (letters.length === 0) return null;
  const levels = letters.map((line) => profile.headings.get(line.styleKey));
  if (levels.some((level) => level === undefined)) return null;
  return Math.min(...(levels as number[]));
}

function readsLikeHeading(text: string, group: Group, bodySize: number): boolean {
  if (!isLetters(text)) return false;
  if (text.split(" ").length > MOST_WORDS || group.rows.length > MOST_ROWS) return false;
  const large = group.rows[0]!.size >= LARGE * bodySize && isTitleCase(text);
  const named = NAMED.test(text) || NUMBER.test(text) || large;
  return !SENTENCE_END.test(text) || (named && group.rows.length <= ROWS_WITH_STOP);
}

/** Most of its longer words begin with a capital. */
function isTitleCase(text: string): boolean {
  const words = text.match(/\p{L}{4,}/gu) ?? [];
  return words.filter((word) => /^\p{Lu}/u.test(word)).length > words.length / 2;
}
