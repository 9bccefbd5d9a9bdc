/** Rows of text → whether they are prose: they fill their column with words, as cells and figures don't. */
import type { Row } from "./rows.ts";

/** Fewer rows tell nothing. */
export const FEWEST_ROWS = 3;
/** Prose fills its column: the median line has at least this share of the widest. */
const FILLED = 0.7;
/** And has so many words with letters a row in the mean, and among all words this share. */
const PROSE_WORDS = 3;
const LETTERED = 0.6;
/** Chinese and Japanese have no blanks: so many of their characters count as a word. */
const IDEOGRAPHS = 2;
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
/** In a narrow column fewer words do, when so many of its rows begin in the middle of a sentence. */
const NARROW_WORDS = 2;
const RUNS_ON = 0.5;

/** Rows that fill their column with words: cells rarely do, and figures are no words. */
export function looksLikeProse(rows: readonly Row[], fewest = FEWEST_ROWS): boolean {
  if (rows.length < fewest) return false;
  const widths = rows.map((row) => row.box[2] - row.box[0]).sort((a, b) => a - b);
  const median = widths[Math.floor(widths.length / 2)]!;
  const texts = rows.flatMap((row) => row.lines.flatMap((line) => line.words.map((word) => word.text)));
  const lettered = texts.filter((text) => /\p{L}/u.test(text));
  if (median < FILLED * widths.at(-1)! || lettered.length < LETTERED * texts.length) return false;
  const words = lettered.reduce((sum, text) => sum + wordsIn(text), 0);
  return words >= PROSE_WORDS * rows.length || (words >= NARROW_WORDS * rows.length && runsOn(rows));
}

function wordsIn(text: string): number {
  return Math.max(1, Math.floor((text.match(IDEOGRAPH)?.length ?? 0) / IDEOGRAPHS));
}

/** Its rows begin within sentences, as those of a narrow column do and cells don't. */
function runsOn(rows: readonly Row[]): boolean {
  return rows.filter((row) => /^\p{Ll}/u.test(row.lines[0]!.text)).length >= RUNS_ON * rows.length;
}
