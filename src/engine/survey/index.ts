/**
 * PageLines → Survey → Profile. In: one page's facts at a time; out: counts that merge by sum and union, and the
 * profile read off them once. What a single page means is layout's.
 */
import { bareWord, endsWithHyphen, wordHash } from "../document/hyphens.ts";
import { sectionMarkKey, sectionMarkOf } from "../document/section-marks.ts";
import { headingTags } from "../document/tags.ts";
import type { PageLines, Segment, Word } from "../page-lines.ts";
import { marginEdge, type Survey, styleKey } from "../profile.ts";
import { countCaptions } from "./captions.ts";
import { noteMargins } from "./margins.ts";

export { mergeSurveys } from "./merge.ts";
export { profileOf, withOutline } from "./profile.ts";
export { decodeSurvey, encodeSurvey } from "./store.ts";

/** A heading is rarely longer (LAYOUT: 12 words sure). */
const SHORT_WORDS = 12;
/** A line is of one style when at least this share of its characters is. */
const PURE = 0.8;
const LETTERS = /\p{L}{2}|[\p{Script=Han}\p{Script=Hangul}]/u;
const MATH = /[\u2200-\u22ff\u2a00-\u2aff\u{1d400}-\u{1d7ff}\u03b1-\u03c9\u2190-\u21ff]/gu;

export function emptySurvey(): Survey {
  return {
    styles: new Map(),
    follows: new Map(),
    margins: new Map(),
    words: new Set(),
    marks: new Set(),
    tags: new Map(),
    captions: { above: 0, below: 0 },
    mathChars: 0,
    pages: 0,
  };
}

export function survey(page: PageLines): Survey {
  const counts = emptySurvey();
  counts.pages = 1;
  const keys = page.styles.map(styleKey);
  let previous: string | null = null;
  for (const line of page.lines) {
    if (line.angle !== 0) continue;
    const words = page.words.slice(line.from, line.to).filter((word) => word.hidden !== true);
    if (words.length === 0) continue;
    const edge = marginEdge("", (line.box[1] + line.box[3]) / 2 / page.size.height);
    const style = countStyles(counts, words, keys, page, edge?.inner === false);
    if (previous !== null) add(counts.follows, `${previous}>${style}`, 1);
    previous = style;
    for (const word of words) counts.mathChars += word.text.match(MATH)?.length ?? 0;
  }
  noteWords(counts.words, page.lines, page.words);
  noteMargins(counts.margins, page);
  counts.tags = headingTags(page);
  countCaptions(counts.captions, page);
  return counts;
}

/** @returns the key of the style that most of the line is in */
function countStyles(
  counts: Survey,
  words: readonly Word[],
  keys: readonly string[],
  page: PageLines,
  outer: boolean,
): string {
  const chars = new Map<string, number>();
  let total = 0;
  for (const word of words) {
    const key = keys[word.style] ?? "";
    total += word.text.length;
    // A raised mark says nothing about the style of the text that it stands in.
    if (page.styles[word.style]?.rise === 0 || words.length === 1) add(chars, key, word.text.length);
  }
  let main = keys[words[0]!.style] ?? "";
  let most = -1;
  for (const [key, count] of chars) {
    const entry = counts.styles.get(key) ?? { chars: 0, outer: 0, lines: 0, short: 0, front: 0 };
    entry.chars += count;
    if (outer) entry.outer += count;
    counts.styles.set(key, entry);
    if (count > most) [main, most] = [key, count];
  }
  const entry = counts.styles.get(main);
  const text = words.map((word) => word.text).join(" ");
  // A number standing alone beside its heading is no line of the style.
  const mark = sectionMarkOf(
    text,
    words.every((word) => page.styles[word.style]?.italic === true),
  );
  if (mark !== null) counts.marks.add(sectionMarkKey(mark));
  if (entry && most >= PURE * total && LETTERS.test(text)) {
    entry.lines++;
    if (page.size.number === 1) entry.front++;
    if (words.length <= SHORT_WORDS && !/[,;]$/.test(text)) entry.short++;
  }
  return main;
}

/** Halves of broken words are left out, else they would vouch for themselves. */
function noteWords(known: Set<number>, lines: readonly Segment[], words: readonly Word[]): void {
  let broken = false;
  for (const line of lines) {
    for (let i = line.from; i < line.to; i++) {
      const text = words[i]!.text;
      const cut = i === line.to - 1 && endsWithHyphen(text);
      const glued = i > line.from && words[i]!.gap === 0;
      const before = i + 1 < line.to && words[i + 1]!.gap === 0;
      const word = bareWord(text);
      if (word !== null && !cut && !broken && !glued && !before) known.add(wordHash(word));
      broken = cut;
    }
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
