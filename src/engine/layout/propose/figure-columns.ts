/**
 * Chunks → chunks, cut between figures that stand side by side line after line at one place: columns set so tight that the
 * white between them is hardly more than a blank. A figure whose thousands are parted by a blank has less; in type of one
 * width every blank has as much, and nothing is told by it.
 */
import type { PageLines } from "../../page-lines.ts";
import { type Chunk, splitChunk } from "./chunks.ts";
import { NARROWEST } from "./columns.ts";

/** So many lines with white at one place are no coincidence. */
const FEWEST_LINES = 3;
const FIGURE = /^[-–−+±]?[\d.,]*\d[%*†‡]*$/;

interface Cut {
  chunk: Chunk;
  /** The word after the white. */
  at: number;
  from: number;
  to: number;
}

export function cutFigures(page: PageLines, chunks: readonly Chunk[], size: number): readonly Chunk[] {
  const cuts = chunks.flatMap((chunk) => cutsOf(page, chunk)).sort((a, b) => a.to - b.to);
  const good = new Map<Chunk, number[]>();
  for (let i = 0; i < cuts.length; ) {
    // The white of all of them has a part in common.
    const { to } = cuts[i]!;
    let end = i;
    while (end < cuts.length && cuts[end]!.from <= to - NARROWEST * size) end++;
    const group = cuts.slice(i, end);
    if (new Set(group.map(({ chunk }) => chunk.baseline)).size >= FEWEST_LINES) {
      for (const { chunk, at } of group) good.set(chunk, [...(good.get(chunk) ?? []), at]);
    }
    i = Math.max(end, i + 1);
  }
  return good.size === 0 ? chunks : chunks.flatMap((chunk) => cutAt(page, chunk, good.get(chunk) ?? []));
}

function cutsOf({ words, styles }: PageLines, chunk: Chunk): Cut[] {
  const cuts: Cut[] = [];
  for (let at = chunk.from + 1; at < chunk.to; at++) {
    const [before, after] = [words[at - 1]!, words[at]!];
    const [from, to] = [before.box[2], after.box[0]];
    if (after.gap === 0 || to - from < NARROWEST * chunk.size || styles[after.style]!.mono) continue;
    if (FIGURE.test(before.text) && FIGURE.test(after.text)) cuts.push({ chunk, at, from, to });
  }
  return cuts;
}

function cutAt(page: PageLines, chunk: Chunk, at: readonly number[]): Chunk[] {
  const parts: Chunk[] = [];
  let rest = chunk;
  for (const word of at.toSorted((a, b) => a - b)) {
    const [left, right] = splitChunk(page, rest, word);
    parts.push(left);
    rest = right;
  }
  return [...parts, rest];
}
