/**
 * The text of a figure: what lies in it, and, for drawings, the ticks, axis titles and legends around it, which have
 * no frame. In: clusters and the page's lines; out: each cluster's lines, and its box with them. Text that runs on is
 * never taken: whether a figure may lie under it, score decides.
 */
import { beginsFigureCaption, beginsTableCaption } from "../../document/captions.ts";
import { type Box, height, overlap, union, width } from "../../geometry.ts";
import type { Profile } from "../../profile.ts";
import { captionsOf } from "../captions.ts";
import type { Line } from "../lines.ts";
import type { Cluster } from "./clusters.ts";

export interface Labelled extends Cluster {
  /** Of the strokes and pictures alone. */
  core: Box;
  labels: Line[];
  /** The captions "(a)", "(b)" of its parts. */
  panels?: Line[];
}

/** A line of so many words, or of so many that is so wide, runs on; with less white between words (in type sizes). */
const PROSE = { words: 8, fewWords: 5, width: 16, white: 0.6 } as const;
/** A line this near below or above text that runs on, from the same edge, is its last or first, in type sizes. */
const SAME_PARAGRAPH = { step: 1.7, edge: 0.5 } as const;
/** This share of a line lies in the figure whose text it is. */
const INSIDE = 0.7;
/** White between a drawing and its labels, in type sizes: beside it, over or under it, and turned text. */
const BESIDE = 1;
const UNDER = 0.9;
const TURNED = 1.6;
/** Labels of labels: ticks, then the axis title, then a legend. */
const ROUNDS = 4;
const MOST_WORDS = 8;
/** Larger type than the text's is a heading's. */
const HEADING = 1.12;

export function labelFigures(clusters: readonly Cluster[], text: readonly Line[], profile: Profile): Labelled[] {
  const prose = proseOf(text);
  // A caption beside its figure stands where labels do; the page's text goes on below its first line.
  for (const caption of captionsOf(text, beginsFigureCaption)) for (const line of caption.lines) prose.add(line);
  const taken = new Set<Line>();
  const figures: Labelled[] = clusters.map((cluster) => ({ ...cluster, core: cluster.box, labels: [] }));
  for (const figure of figures) {
    for (const line of text) if (shareInside(line.box, figure.core) >= INSIDE) take(figure, line, taken);
  }
  for (const figure of figures.filter((one) => isDrawn(one) && !isClosed(one))) {
    for (let round = 0; round < ROUNDS; round++) {
      const near = text.filter((line) => !taken.has(line) && isLabel(line, figure, prose, profile));
      if (near.length === 0) break;
      for (const line of near) take(figure, line, taken);
      for (const line of near) figure.box = union(figure.box, line.box);
    }
  }
  return figures;
}

function isDrawn(figure: Cluster): boolean {
  return figure.paths + figure.bars > 0;
}

/** Its frame has text between it and the strokes: nothing of the figure stands outside. */
function isClosed({ labels, strokes, core }: Labelled): boolean {
  return strokes !== core && labels.some((line) => shareInside(line.box, strokes) < 1 - INSIDE);
}

function take(figure: Labelled, line: Line, taken: Set<Line>): void {
  if (taken.has(line)) return;
  taken.add(line);
  figure.labels.push(line);
}

function shareInside(box: Box, of: Box): number {
  const x = Math.max(0, overlap(box[0], box[2], of[0], of[2]));
  const y = Math.max(0, overlap(box[1], box[3], of[1], of[3]));
  return (x * y) / Math.max(1, width(box) * height(box));
}

function isLabel(line: Line, figure: Labelled, prose: ReadonlySet<Line>, profile: Profile): boolean {
  if (prose.has(line) || (line.words.length > MOST_WORDS && !isSpread(line)) || isCaption(line)) return false;
  const em = profile.bodySize || line.size;
  if (line.angle === 0 && line.size > HEADING * em && profile.headings.has(line.styleKey)) return false;
  const { box } = figure;
  const beside = Math.max(line.box[0] - box[2], box[0] - line.box[2]);
  const under = Math.max(line.box[1] - box[3], box[1] - line.box[3]);
  const middleY = (line.box[1] + line.box[3]) / 2;
  if (line.angle !== 0) return beside <= TURNED * em && within(line.box[1], line.box[3], box[1], box[3], em);
  if (middleY >= box[1] - em / 2 && middleY <= box[3] + em / 2) return beside <= BESIDE * em;
  return under <= UNDER * em && within(...middleOf(line.box), box[0], box[2], em);
}

/** Without its quarters at both ends: a label stands about the end of its axis. */
function middleOf(box: Box): [from: number, to: number] {
  return [box[0] + width(box) / 4, box[2] - width(box) / 4];
}

/** Of lines that run on, those with another above or below: a title in a chart has none. */
export function paragraphLines(lines: readonly Line[], prose: ReadonlySet<Line>): Line[] {
  const running = lines.filter((line) => prose.has(line));
  return running.filter((line) =>
    running.some((other) => {
      const step = Math.abs(other.baseline - line.baseline);
      const together = overlap(line.box[0], line.box[2], other.box[0], other.box[2]) > 0;
      return together && step > 0 && step <= SAME_PARAGRAPH.step * line.size;
    }),
  );
}

function within(from: number, to: number, start: number, end: number, slack: number): boolean {
  return from >= start - slack && to <= end + slack;
}

function isCaption(line: Line): boolean {
  return beginsFigureCaption(line.text) || beginsTableCaption(line.text);
}

/** Lines that run on, with the short ones at their paragraphs' ends. */
export function proseOf(text: readonly Line[]): Set<Line> {
  const level = text.filter((line) => line.angle === 0).sort((a, b) => a.baseline - b.baseline);
  const prose = new Set(level.filter(runsOn));
  const spread = (lines: readonly Line[]) => {
    lines.forEach((line, i) => {
      if (!prose.has(line)) return;
      for (let k = i + 1; k < lines.length; k++) {
        const step = Math.abs(lines[k]!.baseline - line.baseline);
        if (step > SAME_PARAGRAPH.step * line.size) break;
        const edge = Math.abs(lines[k]!.box[0] - line.box[0]) <= SAME_PARAGRAPH.edge * line.size;
        if (edge && step > 0 && Math.abs(lines[k]!.size - line.size) < line.size / 10) prose.add(lines[k]!);
      }
    });
  };
  spread(level);
  spread(level.toReversed());
  return prose;
}

/** Ticks and legends stand in a row with wide white between them. */
function isSpread({ words, size }: Line): boolean {
  return words.slice(1).reduce((sum, word) => sum + word.gap, 0) > PROSE.white * size * words.length;
}

function runsOn(line: Line): boolean {
  const { words, box, size, text } = line;
  const lettered = /\p{L}{2}.*\p{L}{2}/u.test(text);
  if (!lettered || isSpread(line)) return false;
  return words.length >= PROSE.words || (words.length >= PROSE.fewWords && width(box) >= PROSE.width * size);
}
