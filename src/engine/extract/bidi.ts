/**
 * The words of a segment as they stand from left to right → as they are read, for Hebrew, Arabic and their kin: words
 * against the direction turned round, letters inside them too, numbers and Latin kept. PDFium has mirrored brackets.
 */
import { isRightToLeft } from "./decode.ts";
import type { Strip } from "./strip.ts";

type GlyphWord = number[];

/** @returns false for segments without any right-to-left letter: nothing to do */
export function readsRightToLeft(strip: Strip, line: readonly number[]): boolean {
  for (const i of line) if (isRightToLeft(strip.glyphs.unicode[i]!)) return true;
  return false;
}

/** @param words from left to right, glyphs from left to right; @returns in reading order */
export function orderForReading(strip: Strip, words: readonly GlyphWord[]): GlyphWord[] {
  const kinds = words.map((word) => kindOf(strip, word));
  const rightWords = kinds.filter((kind) => kind === "right").length;
  const leftWords = kinds.filter((kind) => kind === "left").length;
  const inner = words.map((word, i) => (kinds[i] === "right" ? turnLetters(strip, word) : word));
  // The base direction is that of most words; runs against it are turned round, numbers and signs between them too.
  const against = rightWords >= leftWords ? "left" : "right";
  const turned: GlyphWord[] = [];
  for (let i = 0; i < inner.length; ) {
    let end = i + 1;
    if (kinds[i] === against || kinds[i] === "number") {
      for (let j = end; j < inner.length && kinds[j] !== (against === "left" ? "right" : "left"); j++) {
        if (kinds[j] === against || kinds[j] === "number") end = j + 1;
      }
    }
    const run = inner.slice(i, end);
    turned.push(...(against === "left" ? run.reverse() : kinds[i] === "right" ? run.reverse() : run));
    i = end;
  }
  return against === "left" ? turned.reverse() : turned;
}

function kindOf(strip: Strip, word: GlyphWord): "right" | "left" | "number" | "neutral" {
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
function turnLetters(strip: Strip, word: GlyphWord): GlyphWord {
  const clusters = clustersOf(strip, word);
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
