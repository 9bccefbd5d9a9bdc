/**
 * Lines → chunks (words of one line with no wide white between them: what a cell's line is made of) → text rows (chunks
 * on one baseline). What tables are looked for in.
 */
import { type Box, union } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import { boxOf, type Line } from "../lines.ts";

export interface Chunk {
  /** Words [from, to) of the page. */
  from: number;
  to: number;
  box: Box;
  baseline: number;
  size: number;
  bold: boolean;
  text: string;
}

export interface TextRow {
  chunks: Chunk[];
  box: Box;
  baseline: number;
  size: number;
}

/** White that may part cells, in type sizes; a stretched blank may be as wide, but not line after line at one place. */
export const CHUNK_GAP = 0.75;
/** Baselines nearer than this share of the smaller type are one (LAYOUT section 6). */
const SAME_BASELINE = 0.3;

export function chunksOf(page: PageLines, lines: readonly Line[]): Chunk[] {
  const chunks: Chunk[] = [];
  for (const line of lines) {
    if (line.angle !== 0 || line.words.length === 0) continue;
    let from = 0;
    for (let to = 1; to <= line.words.length; to++) {
      if (to < line.words.length && line.words[to]!.gap < CHUNK_GAP * line.size) continue;
      chunks.push(chunkOf(page, line, line.from + from, line.from + to));
      from = to;
    }
  }
  return chunks;
}

function chunkOf(page: PageLines, line: Line, from: number, to: number): Chunk {
  const words = page.words.slice(from, to);
  return {
    from,
    to,
    box: boxOf(words),
    baseline: line.baseline,
    size: line.size,
    bold: words.every((word) => page.styles[word.style]?.bold === true),
    text: textBetween(page, from, to),
  };
}

export function textBetween(page: PageLines, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++)
    text += i > from && page.words[i]!.gap > 0 ? ` ${page.words[i]!.text}` : page.words[i]!.text;
  return text;
}

/** Its words before and from `at`. */
export function splitChunk(page: PageLines, chunk: Chunk, at: number): [Chunk, Chunk] {
  const part = (from: number, to: number): Chunk => {
    const words = page.words.slice(from, to);
    const bold = words.every((word) => page.styles[word.style]?.bold === true);
    return { ...chunk, from, to, box: boxOf(words), bold, text: textBetween(page, from, to) };
  };
  return [part(chunk.from, at), part(at, chunk.to)];
}

export function textRowsOf(chunks: readonly Chunk[]): TextRow[] {
  const rows: TextRow[] = [];
  for (const chunk of chunks.toSorted((a, b) => a.baseline - b.baseline || a.box[0] - b.box[0])) {
    const row = rows.at(-1);
    if (
      row !== undefined &&
      Math.abs(chunk.baseline - row.baseline) <= SAME_BASELINE * Math.min(chunk.size, row.size)
    ) {
      row.chunks.push(chunk);
      row.box = union(row.box, chunk.box);
    } else {
      rows.push({ chunks: [chunk], box: chunk.box, baseline: chunk.baseline, size: chunk.size });
    }
  }
  for (const row of rows) {
    row.chunks.sort((a, b) => a.box[0] - b.box[0]);
    row.size = row.chunks.reduce((a, b) => (b.text.length > a.text.length ? b : a)).size;
  }
  return rows;
}

export function medianSize(chunks: readonly Chunk[]): number {
  const sizes = chunks.map((chunk) => chunk.size).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

export function wordsOf(chunks: readonly Chunk[]): number[] {
  const words: number[] = [];
  for (const { from, to } of chunks) for (let word = from; word < to; word++) words.push(word);
  return words;
}

/** Of a letter beyond 16 bits each half counts. */
function isLetter(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  const start = c >= 0xdc00 && c < 0xe000 && i > 0 ? i - 1 : i;
  return /^\p{L}/u.test(String.fromCodePoint(text.codePointAt(start)!));
}

/** Figures, with what stands around them in tables: signs, units, marks, ranges. */
export function isNumeric(text: string): boolean {
  let [digits, letters] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x30 && c <= 0x39) digits++;
    else if (c < 0x80 ? (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a : isLetter(text, i)) letters++;
  }
  if (digits === 0) return letters <= 2 && /^(?:[-–—.…]+|n\/?a\.?|\*+)$/i.test(text);
  return letters <= 2 && letters <= digits;
}
