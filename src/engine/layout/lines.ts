/**
 * PageLines → the lines that layout works with: one a segment, cut where hidden words begin or end, at gutters, and before the number of
 * a numbered line, with what every
 * later step asks (main style, size, weight, text). Decides nothing about their place.
 */
import type { LineId, TextLine } from "../document/lines.ts";
import { roleOf, tagsOf } from "../document/tags.ts";
import type { Box } from "../geometry.ts";
import type { PageLines, Source, Word } from "../page-lines.ts";
import { styleKey } from "../profile.ts";
import { columnCuts } from "./column-cuts.ts";
import { lineNumberWords } from "./line-numbers.ts";
import type { Taken } from "./propose/proposal.ts";

export interface Line {
  /** "page.index of its first word": stays when another line of the page is cut. */
  id: LineId;
  /** Index of its first word; the others follow. */
  from: number;
  words: Word[];
  box: Box;
  baseline: number;
  /** Of its main style: the one of most characters that stand on the baseline. */
  size: number;
  style: number;
  styleKey: string;
  /** All of it; mostlyBold: more than half. */
  bold: boolean;
  /** All of it. */
  italic: boolean;
  mostlyBold: boolean;
  /** Its first word with letters or digits; its last one. */
  boldStart: boolean;
  boldEnd: boolean;
  chars: number;
  angle: number;
  hidden: boolean;
  isLineNumber: boolean;
  /** What the tagged file calls all of it. */
  tag?: string;
  /** Its first word stands above the baseline. */
  raised: boolean;
  text: string;
  /** It has no words, but stands for this in the reading order. */
  solid?: Solid;
}

/** What was decided on, as it stands in the reading order. */
export interface Solid {
  taken: Taken;
  /** The lines it took, in the page's order. */
  lines: Line[];
}

export function linesOf(page: PageLines): Line[] {
  const keys = page.styles.map(styleKey);
  const numbers = lineNumberWords(page);
  const tags = tagsOf(page);
  const cuts = columnCuts(page).union(numbers);
  const lines: Line[] = [];
  for (const segment of page.lines) {
    let from = segment.from;
    while (from < segment.to) {
      const hidden = page.words[from]!.hidden === true;
      let to = from + 1;
      while (to < segment.to && (page.words[to]!.hidden === true) === hidden && !cuts.has(to)) to++;
      const words = page.words.slice(from, to);
      const whole = from === segment.from && to === segment.to;
      const box = whole ? segment.box : boxOf(words);
      const line = lineOf(page, keys, from, words, box, segment.angle);
      const tag = tags === null ? undefined : roleOf(words, tags);
      lines.push({ ...line, hidden, isLineNumber: numbers.has(from), ...(tag === undefined ? {} : { tag }) });
      from = to;
    }
  }
  return lines;
}

/** Its words [from, to), as a line of their own. */
export function partOfLine(line: Line, from: number, to: number, page: PageLines): Line {
  if (from === line.from && to === line.from + line.words.length) return line;
  const words = page.words.slice(from, to);
  const part = lineOf(page, page.styles.map(styleKey), from, words, boxOf(words), line.angle);
  const { hidden, isLineNumber, tag } = line;
  return { ...part, hidden, isLineNumber, ...(tag === undefined ? {} : { tag }) };
}

function lineOf(
  page: PageLines,
  keys: readonly string[],
  from: number,
  words: Word[],
  box: Box,
  angle: number,
): Omit<Line, "hidden" | "isLineNumber" | "tag"> {
  const style = mainStyle(page, words);
  const first = words.find((word) => word.style === style) ?? words[0]!;
  return {
    id: `${page.size.number}.${from}`,
    from,
    words,
    box,
    baseline: first.baseline,
    size: page.styles[style]?.size ?? 1000,
    style,
    styleKey: keys[style] ?? "",
    ...boldness(page, words),
    italic: words.every((word) => page.styles[word.style]?.italic === true),
    chars: words.reduce((sum, word) => sum + word.text.length, 0),
    angle,
    raised: (page.styles[words[0]!.style]?.rise ?? 0) > 0,
    text: textOf(words),
  };
}

export function textLine(line: Line, column: number | undefined): TextLine {
  const confidences = line.words.flatMap((word) => (word.confidence === undefined ? [] : [word.confidence]));
  return {
    id: line.id,
    box: line.box,
    size: line.size,
    source: weakest(line.words),
    text: line.text,
    ...(column === undefined ? {} : { column }),
    ...(line.angle === 0 ? {} : { angle: line.angle }),
    ...(confidences.length === 0 ? {} : { confidence: confidences.reduce((a, b) => a * b, 1) }),
  };
}

/** Words with the blanks that the page shows between them. */
export function textOf(words: readonly Word[]): string {
  let text = "";
  words.forEach((word, i) => {
    text += i > 0 && word.gap > 0 ? ` ${word.text}` : word.text;
  });
  return text;
}

/** Around all of them; a page may hold more than a call can take as arguments. */
export function boxOf(things: readonly { box: Box }[]): Box {
  let [x0, y0, x1, y1] = things[0]!.box;
  for (const { box } of things) {
    if (box[0] < x0) x0 = box[0];
    if (box[1] < y0) y0 = box[1];
    if (box[2] > x1) x1 = box[2];
    if (box[3] > y1) y1 = box[3];
  }
  return [x0, y0, x1, y1];
}

function mainStyle(page: PageLines, words: readonly Word[]): number {
  const chars = new Map<number, number>();
  for (const word of words) {
    const raised = page.styles[word.style]?.rise !== 0;
    chars.set(word.style, (chars.get(word.style) ?? 0) + (raised ? 0.01 : 1) * word.text.length);
  }
  let [best, most] = [words[0]!.style, -1];
  for (const [style, count] of chars) if (count > most) [best, most] = [style, count];
  return best;
}

/** By the words with letters; a lone bullet or bracket in another face says nothing. */
function boldness(
  page: PageLines,
  words: readonly Word[],
): Pick<Line, "bold" | "mostlyBold" | "boldStart" | "boldEnd"> {
  let [bold, all] = [0, 0];
  let [boldStart, boldEnd] = [false, false];
  for (const word of words) {
    const style = page.styles[word.style];
    if (style?.rise !== 0 || !/[\p{L}\p{N}]/u.test(word.text)) continue;
    if (all === 0) boldStart = style.bold;
    boldEnd = style.bold;
    all += word.text.length;
    if (style.bold) bold += word.text.length;
  }
  return { bold: all > 0 && bold === all, mostlyBold: bold > all / 2, boldStart, boldEnd };
}

const RELIABILITY: Readonly<Record<Source, number>> = { native: 0, repaired: 1, ocr: 2, model: 3, undecodable: 4 };

function weakest(words: readonly Word[]): Source {
  return words.map((word) => word.source).reduce((a, b) => (RELIABILITY[b] > RELIABILITY[a] ? b : a));
}
