/**
 * The white between the glyphs of one line → which of it parts words and which parts segments. The file's own spaces
 * count first; where there are none, the line's own gaps tell letters from words.
 */
import { isCjk } from "./decode.ts";
import type { Strip } from "./strip.ts";

/** All in em of the smaller neighbour (LAYOUT 1.1). */
const SURE_SPACE = 0.25;
const MAYBE_SPACE = 0.12;
/** The last step out of the doubtful zone ends here: gaps of 0.17 em and more between touching letters are spaces. */
const OUT_OF_DOUBT = 0.32;
/** A written space parts words unless the next glyph is pulled back over it. */
const WRITTEN_SPACE = 0.03;
/** Beside written spaces a gap of this share of the narrowest of them is one too. */
const LIKE_WRITTEN = 0.85;
/**
 * In glyphs: words of this length on average are none, in a line of more than two of them. What touches throughout is
 * one word however the line is cut, and counts as one of this length at most: an address may be as long as the line.
 */
const LONG = { words: 15, line: 30 } as const;
/** No word starts with these; unless the gap is this wide. */
const CLOSING = new Set(Array.from(".,;:!?)]}%’”…", (c) => c.codePointAt(0)!));
const BEFORE_CLOSING = 0.5;
/** Of such, leaders are one word, unless the file writes spaces. */
const DOTS = new Set(Array.from(".·", (c) => c.codePointAt(0)!));
/** What rows are made of. */
const SIGN = new Set(Array.from(".·•…_-–—=*~", (c) => c.codePointAt(0)!));
/** Between Han or kana a gap is tracking unless it is wide; beside them a quarter em is the usual setting. */
const CJK_SPACE = 0.6;
const CJK_LATIN_SPACE = 0.35;
const CJK_WRITTEN_SPACE = 0.25;
/** Letter-spaced type: so many glyphs whose median gap is above this, and of which hardly any touch. */
const SPACED_OUT = { median: 0.2, glyphs: 4, jump: 1.6, apart: 0.8 } as const;
/** A segment ends at a gap so many times the line's usual word gap, but never below so many em. */
const WIDE = { times: 2.5, em: 1, alone: 1.5 } as const;

export const BREAK = { none: 0, word: 1, segment: 2 } as const;

export interface Gaps {
  /** In units; gap[k] lies before glyph k. */
  gap: Float64Array;
  breaks: Uint8Array;
}

/** @param line the glyphs of one line in the order of u */
export function judgeGaps(strip: Strip, line: readonly number[]): Gaps {
  const count = line.length;
  const gap = new Float64Array(count);
  const breaks = new Uint8Array(count);
  const inEm = new Float64Array(count);
  for (let k = 1; k < count; k++) {
    const [a, b] = [line[k - 1]!, line[k]!];
    if (strip.piece[b] && b === a + 1) continue;
    gap[k] = strip.u[b]! - strip.end[a]!;
    inEm[k] = gap[k]! / (Math.min(strip.glyphs.size[a]!, strip.glyphs.size[b]!) || 1);
  }
  const wordGaps: number[] = [];
  // What stands far apart (columns) is set each with its own spaces.
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && inEm[to]! <= WIDE.alone) to++;
    const threshold = spaceThreshold(strip, line.slice(from, to), inEm.subarray(from, to));
    for (let k = Math.max(1, from); k < to; k++) {
      if (strip.piece[line[k]!] && line[k] === line[k - 1]! + 1) continue;
      if (!partsWords(strip, line[k - 1]!, line[k]!, inEm[k]!, threshold)) continue;
      breaks[k] = BREAK.word;
      wordGaps.push(inEm[k]!);
    }
    from = to;
  }
  markWideGaps(inEm, breaks, wordGaps);
  return { gap, breaks };
}

function partsWords(strip: Strip, a: number, b: number, em: number, threshold: number): boolean {
  const [before, after] = [strip.glyphs.unicode[a]!, strip.glyphs.unicode[b]!];
  const written = isWritten(strip, a, b);
  const cjk = Number(isCjk(before)) + Number(isCjk(after));
  if (cjk > 0) {
    if (written && em > CJK_WRITTEN_SPACE) return true;
    return em > (cjk === 2 ? CJK_SPACE : CJK_LATIN_SPACE);
  }
  if (written) return em > WRITTEN_SPACE;
  if (DOTS.has(before) && before === after && em < WIDE.em) return false;
  return em > threshold && (em > BEFORE_CLOSING || !CLOSING.has(after));
}

/** The file writes a space between the two. In right-to-left text it comes before the left glyph or after the right. */
function isWritten(strip: Strip, a: number, b: number): boolean {
  const { spaceAfter, spaceBefore } = strip;
  // Within words, that is nearly always: nothing is written.
  if ((spaceAfter[a]! | spaceBefore[b]! | spaceBefore[a]! | spaceAfter[b]!) === 0) return false;
  return (
    liesBetween(strip, spaceAfter[a]!, a, b) ||
    liesBetween(strip, spaceBefore[b]!, a, b) ||
    liesBetween(strip, spaceBefore[a]!, a, b) ||
    liesBetween(strip, spaceAfter[b]!, a, b)
  );
}

function liesBetween({ u, end }: Strip, space: number, a: number, b: number): boolean {
  if (space === 0) return false;
  const middle = u[space - 1]! + end[space - 1]!;
  return middle > u[a]! + end[a]! && middle < u[b]! + end[b]!;
}

/** What a gap must exceed to part words where the file writes no space. */
function spaceThreshold(strip: Strip, line: readonly number[], inEm: Float64Array): number {
  const gaps: number[] = [];
  let doubtful = false;
  let written = Number.POSITIVE_INFINITY;
  let [letters, touching] = [0, 0];
  for (let k = 1; k < line.length; k++) {
    const em = inEm[k]!;
    touching = em > MAYBE_SPACE ? 0 : touching + 1;
    if (touching < LONG.words) letters++;
    if (em > WRITTEN_SPACE && isWritten(strip, line[k - 1]!, line[k]!)) {
      written = Math.min(written, em);
      continue;
    }
    // Leaders and rules of signs are as far apart as their maker likes: that tells nothing about letters.
    if (isRow(strip, line[k - 1]!, line[k]!)) continue;
    if (em > MAYBE_SPACE && em < OUT_OF_DOUBT) doubtful = true;
    gaps.push(em);
  }
  // A line that writes spaces writes nearly all of them: what is left must be about as wide.
  if (written < Number.POSITIVE_INFINITY) return Math.min(SURE_SPACE, Math.max(MAYBE_SPACE, LIKE_WRITTEN * written));
  const spread =
    gaps.length >= SPACED_OUT.glyphs &&
    countAbove(gaps, SPACED_OUT.median) * 2 > gaps.length &&
    countAbove(gaps, MAYBE_SPACE) >= SPACED_OUT.apart * gaps.length;
  if (!doubtful && !spread) return SURE_SPACE;
  gaps.sort((a, b) => a - b);
  return spread ? spacedOutThreshold(gaps) : valley(gaps, letters);
}

/** The same sign twice: dots of leaders, dashes, stars. */
function isRow({ glyphs: { unicode } }: Strip, a: number, b: number): boolean {
  return unicode[a] === unicode[b] && SIGN.has(unicode[a]!);
}

function countAbove(gaps: readonly number[], limit: number): number {
  let count = 0;
  for (const gap of gaps) if (gap > limit) count++;
  return count;
}

/** Letter-spaced type: words part at the first jump above the median; without a jump it is one word. */
function spacedOutThreshold(sorted: readonly number[]): number {
  for (let k = sorted.length >> 1; k + 1 < sorted.length; k++) {
    const [a, b] = [sorted[k]!, sorted[k + 1]!];
    if (b > SPACED_OUT.jump * a) return (a + b) / 2;
  }
  const last = sorted.at(-1)!;
  // Gaps all alike and wider than any tracking are cells or single letters, not one word.
  return last > WIDE.em ? SURE_SPACE : last;
}

/**
 * The middle of the widest step between neighbouring gaps in the doubtful zone; the last step leads out of it. A step that
 * leaves a long line words longer than any language's is none: above it lies the white of formulas and sentence ends only.
 * @param letters of the line, of each touching stretch a word's at most
 */
function valley(sorted: readonly number[], letters: number): number {
  let best = SURE_SPACE;
  let widest = 0;
  for (let k = 0; k < sorted.length; k++) {
    const a = Math.max(sorted[k]!, 0);
    const b = Math.min(sorted[k + 1] ?? OUT_OF_DOUBT, OUT_OF_DOUBT);
    if (a >= SURE_SPACE || b <= MAYBE_SPACE || b - a <= widest) continue;
    if (letters >= LONG.line && (sorted.length - 1 - k) * LONG.words < letters) continue;
    [widest, best] = [b - a, Math.min(SURE_SPACE, Math.max(MAYBE_SPACE, (a + b) / 2))];
  }
  return best;
}

function markWideGaps(inEm: Float64Array, breaks: Uint8Array, wordGaps: number[]): void {
  if (wordGaps.length === 0) return;
  wordGaps.sort((a, b) => a - b);
  const usual = wordGaps[(wordGaps.length - 1) >> 1]!;
  const wide = wordGaps.length < 3 ? WIDE.alone : Math.max(WIDE.em, WIDE.times * usual);
  for (let k = 1; k < breaks.length; k++) if (breaks[k] === BREAK.word && inEm[k]! > wide) breaks[k] = BREAK.segment;
}
