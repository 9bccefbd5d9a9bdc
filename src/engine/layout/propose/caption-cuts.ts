/**
 * Lines that run through from the text, or a diagram's labels, into the caption beside them, where both stand on one
 * baseline → cut where the caption's column begins: at its first words, and below them at the words on the same edge.
 */
import { beginsFigureCaption } from "../../document/captions.ts";
import type { PageLines } from "../../page-lines.ts";
import { type Line, partOfLine } from "../lines.ts";

/** White before a caption in a line, in type sizes; it is also the widest of its line. */
const GAP = 0.6;
/** Lines of a caption begin at one edge, and follow each other, in type sizes. */
const EDGE = 0.2;
const LEADING = 1.6;
/** In the middle of a line a name and a number may be a reference: a caption's number has its stop. */
const STOPPED = /^\S+\s+\S*\d[.:]/;

interface Edge {
  x: number;
  baseline: number;
  size: number;
}

export function cutAtCaptions(text: readonly Line[], page: PageLines): Line[] {
  const cuts = new Map<Line, number>();
  const edges = text.flatMap((line) => edgeOf(line, cuts));
  if (edges.length === 0) return [...text];
  const sorted = text.filter((line) => line.angle === 0).sort((a, b) => a.baseline - b.baseline);
  for (const edge of edges) cutBelow(edge, sorted, cuts);
  return text.flatMap((line) => {
    const at = cuts.get(line);
    if (at === undefined) return [line];
    const [from, end] = [line.from, line.from + line.words.length];
    return [partOfLine(line, from, from + at, page), partOfLine(line, from + at, end, page)];
  });
}

/** Where a caption begins in the line, if one does; one that begins within it is noted as a cut. */
function edgeOf(line: Line, cuts: Map<Line, number>): Edge[] {
  const { words, size, baseline, angle, box } = line;
  if (angle !== 0) return [];
  if (beginsFigureCaption(line.text)) return [{ x: box[0], baseline, size }];
  const widest = words.reduce((most, word, i) => (i > 0 ? Math.max(most, word.gap) : most), 0);
  if (widest < GAP * size) return [];
  const at = words.findIndex((word, i) => i > 0 && word.gap === widest);
  const rest = words
    .slice(at)
    .map((word) => word.text)
    .join(" ");
  if (!STOPPED.test(rest) || !beginsFigureCaption(rest)) return [];
  cuts.set(line, at);
  return [{ x: words[at]!.box[0], baseline, size }];
}

/** As far as lines begin, or can be cut, at the edge. */
function cutBelow({ x, baseline, size }: Edge, sorted: readonly Line[], cuts: Map<Line, number>): void {
  let last = baseline;
  for (const line of sorted) {
    if (line.baseline <= baseline + size / 2) continue;
    if (line.baseline - last > LEADING * size) return;
    if (line.box[2] <= x || line.box[0] > x + EDGE * size) continue;
    if (line.box[0] < x - EDGE * size) {
      const at = line.words.findIndex(
        (word, i) => i > 0 && word.gap >= GAP * size && Math.abs(word.box[0] - x) <= EDGE * size,
      );
      if (at < 0) return;
      cuts.set(line, at);
    }
    last = line.baseline;
  }
}
