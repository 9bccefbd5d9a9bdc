/**
 * Numbers that count the lines of a draft or a law: words at the ends of lines, in smaller type, one under another, growing
 * by a constant step over much of the page. In: the page; out: the indexes of those words, so that lines can be cut
 * before them. A column of figures in a table is never so small and so tall.
 */
import type { PageLines } from "../page-lines.ts";

/** Their type against their line's. */
const SMALLER = 0.85;
const FEWEST = 4;
/** A column of which fewer stand at the ends of lines is a table's. */
const ATTACHED = 2;
/** Share of the page's height that they run over. */
const TALL = 0.35;
/** Edges nearer than this are one, in their type sizes. */
const SAME_EDGE = 0.2;

interface Candidate {
  word: number;
  value: number;
  left: number;
  right: number;
  y: number;
  size: number;
  /** At the end of a line of larger type; the others stand alone. */
  attached: boolean;
}

export function lineNumberWords(page: PageLines): ReadonlySet<number> {
  const found = new Set<number>();
  const candidates = candidatesOf(page);
  if (candidates.length < FEWEST) return found;
  for (const edge of ["left", "right"] as const) {
    for (const column of columnsBy(candidates, edge)) {
      if (countsLines(column, page.size.height)) for (const { word } of column) found.add(word);
    }
  }
  return found;
}

function candidatesOf(page: PageLines): Candidate[] {
  const out: Candidate[] = [];
  for (const line of page.lines) {
    const index = line.to - 1;
    const word = page.words[index]!;
    if (line.angle !== 0 || !/^\d{1,4}$/.test(word.text)) continue;
    const size = page.styles[word.style]?.size ?? 0;
    const beside = page.words[line.from]!;
    const attached = line.to - line.from > 1;
    if (attached && size > SMALLER * (page.styles[beside.style]?.size ?? 0)) continue;
    out.push({
      word: index,
      value: Number(word.text),
      left: word.box[0],
      right: word.box[2],
      y: word.box[1],
      size,
      attached,
    });
  }
  return out;
}

function columnsBy(candidates: readonly Candidate[], edge: "left" | "right"): Candidate[][] {
  const columns: Candidate[][] = [];
  for (const one of candidates.toSorted((a, b) => a[edge] - b[edge])) {
    const column = columns.at(-1);
    if (column !== undefined && one[edge] - column[0]![edge] < SAME_EDGE * one.size) column.push(one);
    else columns.push([one]);
  }
  return columns;
}

function countsLines(column: readonly Candidate[], pageHeight: number): boolean {
  if (column.length < FEWEST || column.filter((one) => one.attached).length < ATTACHED) return false;
  const down = column.toSorted((a, b) => a.y - b.y);
  const steps = down.slice(1).map((one, i) => one.value - down[i]!.value);
  const step = Math.min(...steps);
  // One in a display or a picture may be missing.
  return step > 0 && steps.every((by) => by % step === 0) && down.at(-1)!.y - down[0]!.y > TALL * pageHeight;
}
