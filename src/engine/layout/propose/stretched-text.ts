/**
 * Lines of a narrow column stretched to its width: their blanks are as wide as between cells. All blanks of one line are
 * equal, and those of another line are not the same; in a table what is equal down the page are the columns.
 */
import type { PageLines } from "../../page-lines.ts";
import { type Chunk, type TextRow, textRowsOf } from "./chunks.ts";

/** Blanks of one line differ by less than this, in type sizes; those of different lines by more. */
const EQUAL = 0.12;
/** So many of the lines that have several blanks. */
const MOST = 0.8;

export function isStretchedText(page: PageLines, chunks: readonly Chunk[]): boolean {
  const lines = textRowsOf(chunks)
    .map((row) => blanksOf(page, row))
    .filter((blanks) => blanks.length > 1);
  const equal = lines.filter((blanks) => Math.max(...blanks) - Math.min(...blanks) <= EQUAL);
  if (lines.length < 2 || equal.length < MOST * lines.length) return false;
  const widths = equal.map((blanks) => blanks[0]!);
  return Math.max(...widths) - Math.min(...widths) > 2 * EQUAL;
}

/** In type sizes. */
function blanksOf({ words }: PageLines, { chunks, size }: TextRow): number[] {
  const blanks: number[] = [];
  let last: number | null = null;
  for (const { from, to } of chunks) {
    for (let i = from; i < to; i++) {
      const { box, gap } = words[i]!;
      // Parts of one word have no blank between them.
      if (last !== null && (gap > 0 || i === from)) blanks.push((box[0] - last) / size);
      last = box[2];
    }
  }
  return blanks;
}
