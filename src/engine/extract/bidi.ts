/**
 * The words of a segment as they stand from left to right → as they are read, for Hebrew, Arabic and their kin: words
 * against the direction turned round, letters inside them too, numbers and Latin kept. Signs at a word's edge belong to
 * the line: the stop of a sentence stands to the left of its last word, whatever that is written in.
 */
import { isRightToLeft } from "./decode.ts";
import type { Strip } from "./strip.ts";

type GlyphWord = number[];

/** @returns false for segments without any right-to-left letter: nothing to do */
export function readsRightToLeft(strip: Strip, words: readonly GlyphWord[]): boolean {
  for (const word of words) for (const i of word) if (isRightToLeft(strip.glyphs.unicode[i]!)) return true;
  return false;
}

type Kind = "right" | "left" | "number" | "neutral";

/** What the producer and PDFium made of right-to-left text, told by the page as a whole. */
export interface Hand {
  /** Brackets have the shape of the other hand. */
  mirrored: boolean;
  /** The letters of a ligature come in the order of the eye, as PDFium leaves them. */
  backwards: boolean;
}

const BRACKETS = "()[]{}«»‹›";
const LAM = 0x644;
const ALEFS = [0x622, 0x623, 0x625, 0x627];
/** Signs that close or part what is said: at the edge of a word they are the line's. */
const EDGE = new Set(Array.from(`.,:;!?"'،؛؟…${BRACKETS}`, (c) => c.codePointAt(0)!));
const PERCENT = [0x25, 0x66a];

/** @param segments the segments of a page that are read from the right, words as they stand from left to right */
export function learnHand(strip: Strip, segments: readonly (readonly GlyphWord[])[]): Hand {
  const { unicode } = strip.glyphs;
  const [opening, closing] = [new Set<number>(), new Set<number>()];
  Array.from(BRACKETS, (c, i) => (i % 2 === 0 ? opening : closing).add(c.codePointAt(0)!));
  let [mirrored, backwards] = [0, 0];
  for (const words of segments) {
    // Each pair has a vote: from the right, what opens comes first.
    let first = 0;
    for (const i of orderForReading(strip, words, { mirrored: false, backwards: false }).flatMap(
      ({ turned }) => turned,
    )) {
      const hand = opening.has(unicode[i]!) ? 1 : closing.has(unicode[i]!) ? -1 : 0;
      if (hand === 0) continue;
      if (first !== 0 && hand === -first) mirrored -= first;
      first = first === 0 || hand === first ? hand : 0;
    }
    for (const i of words.flat()) {
      if (strip.piece[i] !== 1) continue;
      if (unicode[i] === LAM && ALEFS.includes(unicode[i - 1]!)) backwards++;
      else if (unicode[i - 1] === LAM && ALEFS.includes(unicode[i]!)) backwards--;
    }
  }
  return { mirrored: mirrored > 0, backwards: backwards >= 0 };
}

/** The bracket of the other hand; other characters as they are. */
export function mirror(text: string): string {
  const at = BRACKETS.indexOf(text);
  return at < 0 || text === "" ? text : BRACKETS[at ^ 1]!;
}

export interface ReadWord {
  glyphs: GlyphWord;
  /** Those of them that are read from the right. */
  turned: GlyphWord;
}

/** @param words from left to right, glyphs from left to right; @returns in reading order */
export function orderForReading(strip: Strip, words: readonly GlyphWord[], hand: Hand): ReadWord[] {
  const kinds = words.map((word) => kindOf(strip, word));
  const rightWords = kinds.filter((kind) => kind === "right").length;
  const leftWords = kinds.filter((kind) => kind === "left").length;
  // The base direction is that of most words; runs against it are turned round, numbers and signs between them too.
  const against = rightWords >= leftWords ? "left" : "right";
  const inner = words.map((word, i): ReadWord => {
    const edge = against === "left" ? kinds[i]! : "right";
    const core = coreOf(strip, word, kinds[i]!, kinds[i - 1] !== edge, kinds[i + 1] !== edge);
    if (kinds[i] === "right")
      return against === "left" ? turnWhole(strip, word, hand) : turnCore(strip, word, core, hand);
    return against === "left" ? turnEdges(word, core) : { glyphs: word, turned: [] };
  });
  const ordered: ReadWord[] = [];
  for (let i = 0; i < inner.length; ) {
    let end = i + 1;
    if (kinds[i] === against || kinds[i] === "number") {
      for (let j = end; j < inner.length && kinds[j] !== (against === "left" ? "right" : "left"); j++) {
        if (kinds[j] === against || kinds[j] === "number") end = j + 1;
      }
    }
    const run = inner.slice(i, end);
    ordered.push(...(against === "left" ? run.reverse() : kinds[i] === "right" ? run.reverse() : run));
    i = end;
  }
  return against === "left" ? ordered.reverse() : ordered;
}

function turnWhole(strip: Strip, word: GlyphWord, hand: Hand): ReadWord {
  const glyphs = turnLetters(strip, word, hand);
  return { glyphs, turned: glyphs };
}

/** A right-to-left word in a line that is read from the left: the signs at its ends stay where they are. */
function turnCore(strip: Strip, word: GlyphWord, [from, to]: Core, hand: Hand): ReadWord {
  const turned = turnLetters(strip, word.slice(from, to), hand);
  return { glyphs: [...word.slice(0, from), ...turned, ...word.slice(to)], turned };
}

/** A number or a Latin word in a line that is read from the right: the signs at its left end are read after it. */
function turnEdges(word: GlyphWord, [from, to]: Core): ReadWord {
  const [left, right] = [word.slice(0, from).reverse(), word.slice(to).reverse()];
  return { glyphs: [...right, ...word.slice(from, to), ...left], turned: [...right, ...left] };
}

type Core = [from: number, to: number];

/** What is left of a word without the signs at its ends that are the line's. */
function coreOf(strip: Strip, word: GlyphWord, kind: Kind, freeLeft: boolean, freeRight: boolean): Core {
  const at = (k: number) => strip.glyphs.unicode[word[k]!]!;
  let [from, to] = [0, word.length];
  while (freeLeft && from < to && EDGE.has(at(from))) from++;
  while (freeRight && to > from && EDGE.has(at(to - 1))) to--;
  if (kind === "number" && from < to && PERCENT.includes(at(from))) from++;
  return [from, to];
}

function kindOf(strip: Strip, word: GlyphWord): Kind {
  let kind: "left" | "number" | "neutral" = "neutral";
  for (const i of word) {
    const c = strip.glyphs.unicode[i]!;
    if (isRightToLeft(c)) return "right";
    if (isDigit(c)) kind = kind === "left" ? kind : "number";
    else if (isLetter(c)) kind = "left";
  }
  return kind;
}

/** Letters right to left; digits and Latin inside a word left to right; pieces of a ligature and marks with their base. */
function turnLetters(strip: Strip, word: GlyphWord, { backwards }: Hand): GlyphWord {
  const clusters = clustersOf(strip, word);
  if (backwards) for (const cluster of clusters) turnLigature(strip, cluster);
  const out: GlyphWord = [];
  let keep: number[][] = [];
  const flush = () => {
    for (const cluster of keep) out.push(...cluster);
    keep = [];
  };
  for (let k = clusters.length - 1; k >= 0; k--) {
    const cluster = clusters[k]!;
    const c = strip.glyphs.unicode[cluster[0]!]!;
    const between = k > 0 && keep.length > 0 && isNumberSign(c) && isDigit(strip.glyphs.unicode[clusters[k - 1]![0]!]!);
    if (isDigit(c) || between || (isLetter(c) && !isRightToLeft(c))) keep.unshift(cluster);
    else {
      flush();
      out.push(...cluster);
    }
  }
  flush();
  return out;
}

/** PDFium turns the letters of right-to-left text round, those of one ligature too. */
function turnLigature(strip: Strip, cluster: number[]): void {
  let end = 1;
  while (end < cluster.length && strip.piece[cluster[end]!] === 1) end++;
  if (end > 1 && isRightToLeft(strip.glyphs.unicode[cluster[0]!]!))
    cluster.splice(0, end, ...cluster.slice(0, end).reverse());
}

function clustersOf(strip: Strip, word: GlyphWord): number[][] {
  const clusters: number[][] = [];
  for (const i of word) {
    const last = clusters.at(-1);
    const joins = last && (isMark(strip.glyphs.unicode[i]!) || (strip.piece[i] === 1 && last.at(-1) === i - 1));
    if (joins) last.push(i);
    else clusters.push([i]);
  }
  return clusters;
}

const isDigit = (c: number) => (c >= 0x30 && c <= 0x39) || (c >= 0x660 && c <= 0x669) || (c >= 0x6f0 && c <= 0x6f9);
const isNumberSign = (c: number) => c === 0x2c || c === 0x2e || c === 0x2f || c === 0x3a || c === 0x66b || c === 0x66c;
const isLetter = (c: number) => /\p{L}/u.test(String.fromCodePoint(c));
/** Vowel signs and points of Hebrew and Arabic. */
const isMark = (c: number) =>
  (c >= 0x0591 && c <= 0x05c7 && c !== 0x05be && c !== 0x05c0 && c !== 0x05c3) ||
  (c >= 0x0610 && c <= 0x061a) ||
  (c >= 0x064b && c <= 0x065f) ||
  c === 0x0670;
