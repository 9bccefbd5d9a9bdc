/**
 * The rows of one region → groups that are one block each: paragraphs are parted by white, by a change of type, by an
 * indent that recurs, by a last line that ends early. What kind of block a group is, headings and lists decide.
 */

import { endsWithHyphen } from "../../document/hyphens.ts";
import { isHeadingRole } from "../../document/tags.ts";
import { type Box, union } from "../../geometry.ts";
import { boxOf, type Line } from "../lines.ts";
import { markOf } from "../note-marks.ts";
import { type Group, isCellRow, type Row } from "../rows.ts";
import { labelOf } from "./labels.ts";
import { endsEntry } from "./page-numbers.ts";

/** White over the region's modal leading that parts paragraphs (LAYOUT 1.4), and the limit without a mode, in type sizes. */
const LOOSE = 1.25;
const LOOSE_WITHOUT_MODE = 1.75;
/** No leading within a paragraph is wider, in type sizes, unless the whole region is set so. */
const WIDEST_LEADING = 2.2;
/** Modal leading is counted in steps of this, in the region's type size. */
const LEADING_STEP = 0.025;
/** A real change of type size, as a share of it. */
const SIZE_CHANGE = 0.06;
/** A first line's indent, in type sizes. */
const INDENT = { least: 0.8, most: 3.5 } as const;
/** White at a line's end beyond the next word's width, in type sizes, that shows the line was ended on purpose. */
const ROOM = 0.5;
/** Two edges closer than this are one, in type sizes. */
const SAME_EDGE = 0.4;
/** A justified line's blanks differ by less, in type sizes. */
const SAME_GAP = 0.4;

/** @param headings keys of the document's heading styles */
export function groupRows(rows: readonly Row[], headings: ReadonlyMap<string, number>): Group[] {
  if (rows.length === 0) return [];
  const region = measure(rows, headings);
  const groups: Group[] = [];
  rows.forEach((row, i) => {
    const previous = rows[i - 1];
    const group = groups.at(-1);
    if (previous === undefined || group === undefined || beginsBlock(row, previous, group, region, rows[i + 1])) {
      groups.push({ rows: [row], box: row.box });
    } else {
      group.rows.push(row);
      group.box = union(group.box, row.box);
    }
  });
  return groups;
}

interface Region {
  left: number;
  right: number;
  /** Most frequent distance of baselines; 0 when none recurs. */
  leading: number;
  /** Middle type size of its rows. */
  size: number;
  headings: ReadonlyMap<string, number>;
}

function measure(rows: readonly Row[], headings: ReadonlyMap<string, number>): Region {
  const size = middleSize(rows);
  const unit = Math.max(1, LEADING_STEP * size);
  const steps = new Map<number, number>();
  rows.slice(1).forEach((row, i) => {
    const step = Math.round((row.baseline - rows[i]!.baseline) / unit);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  let [mode, most] = [0, 1];
  for (const [step, count] of steps)
    if (count > most || (count === most && count > 1 && step < mode)) [mode, most] = [step, count];
  const [left, , right] = boxOf(rows);
  return {
    left,
    right,
    leading: mode * unit,
    size,
    headings,
  };
}

function middleSize(rows: readonly Row[]): number {
  return rows.map((row) => row.size).toSorted((a, b) => a - b)[rows.length >> 1] ?? 0;
}

function beginsBlock(row: Row, previous: Row, group: Group, region: Region, next: Row | undefined): boolean {
  const step = row.baseline - previous.baseline;
  const size = Math.max(row.size, previous.size);
  if (isTaggedHeading(row) !== isTaggedHeading(previous)) return true;
  if (changesType(row, previous)) return true;
  if (step > limit(region, size, group)) return true;
  // Of turned text, which way its lines begin and end is not told by their left and right.
  if (row.lines[0]!.angle !== 0 && row.lines[0]!.angle === previous.lines[0]!.angle) return false;
  const label = labelOf(row);
  if (label !== null && (label.doubtful !== true || endsSentence(previous) || endsEarly(previous, row, region)))
    return true;
  if (endsEntry(previous)) return true;
  // A note begins where another one went before.
  if (markOf(row) !== null && markOf(group.rows[0]!) !== null) return true;
  // Rows of cells are not running text: until they make a table, each stands for itself.
  if (isCellRow(row) && isCellRow(previous) && !(isJustified(row, region) && isJustified(previous, region)))
    return true;
  if (goesOnAsHeading(row, previous, region)) return false;
  if (beginsDefinition(row, previous, region, next)) return true;
  if (goesOnInSentence(row, previous, region)) return false;
  if (hangs(row, group)) return endsEarly(previous, row, region) && startsSentence(row);
  if (indented(row, previous, region, next)) return true;
  return endsEarly(previous, row, region) && startsSentence(row) && !centred(row, previous, region);
}

function isTaggedHeading({ lines }: Row): boolean {
  return lines.some(({ tag }) => isHeadingRole(tag));
}

/** A heading of tight leading, and a first line whose spacing is its own: the group's own leading counts first. */
function limit(region: Region, size: number, group: Group): number {
  const own = group.rows.length > 1 ? group.rows.at(-1)!.baseline - group.rows.at(-2)!.baseline : 0;
  if (own > 0) return Math.min(LOOSE * own, Math.max(WIDEST_LEADING * size, region.leading));
  // Larger type has wider leading in proportion, or at least its own height.
  const leading = size > region.size ? (region.leading * size) / region.size : region.leading;
  if (leading >= size) return Math.min(LOOSE * leading, Math.max(WIDEST_LEADING * size, region.leading));
  return LOOSE_WITHOUT_MODE * size;
}

function changesType(row: Row, previous: Row): boolean {
  if (Math.abs(row.size - previous.size) >= SIZE_CHANGE * Math.min(row.size, previous.size))
    return !isMark(row) && !isMark(previous);
  if (isBold(row) === isBold(previous) || isMark(row) || isMark(previous)) return false;
  // A bold lead and the text after it are one paragraph: the weight changes within a row, not between the two.
  return previous.lines.at(-1)!.boldEnd !== row.lines[0]!.boldStart;
}

/** Lines of one heading are broken where it pleases: only a number begins another. */
function goesOnAsHeading(row: Row, previous: Row, { headings }: Region): boolean {
  const key = row.lines[0]!.styleKey;
  if (!headings.has(key) || isMark(row)) return false;
  if (![...row.lines, ...previous.lines].every((line) => line.styleKey === key)) return false;
  return !/^(?:\d|[IVXA-H]+\.)/.test(row.lines[0]!.text);
}

/** A full line that ends within a sentence, or within a word, is no paragraph's end, wherever the next one begins. */
function goesOnInSentence(row: Row, previous: Row, { right }: Region): boolean {
  const last = previous.lines.at(-1)!;
  if (endsWithStop(last) || !/^\p{Ll}/u.test(row.lines[0]!.text)) return false;
  return endsWithHyphen(last.text) || right - previous.box[2] < SAME_EDGE * previous.size;
}

/** A full line of few words: the blanks between them are wide, but all alike. */
function isJustified(row: Row, { left, right }: Region): boolean {
  const edge = SAME_EDGE * row.size;
  if (row.box[0] - left > edge || right - row.box[2] > edge) return false;
  const words = row.lines.flatMap((line) => line.words).filter((word, i) => i === 0 || word.gap > 0);
  if (/^[\p{Sc}\p{Pd}(]*\d/u.test(words.at(-1)!.text)) return false;
  const gaps = words.slice(1).map((word, i) => word.box[0] - words[i]!.box[2]);
  return Math.max(...gaps) - Math.min(...gaps) <= SAME_GAP * row.size;
}

/** A line of one or two characters (a note's mark, an operator) is no evidence of a change of type. */
function isMark(row: Row): boolean {
  return row.lines.reduce((sum, line) => sum + line.chars, 0) <= 2;
}

function isBold(row: Row): boolean {
  return row.lines.every((line) => line.mostlyBold);
}

/** In a group that begins with a label, lines stand at the text's edge: an indent there says nothing. */
function hangs(row: Row, group: Group): boolean {
  const [first, second] = group.rows;
  const by = (row.box[0] - first!.box[0]) / row.size;
  if (labelOf(first!) !== null) return by > SAME_EDGE;
  if (!beginsWithTerm(first!) || by < INDENT.least) return false;
  return second === undefined || Math.abs(second.box[0] - row.box[0]) < SAME_EDGE * row.size;
}

/** A word in a face of its own, then the text: what a definition defines, hanging over its lines. */
function beginsWithTerm(row: Row): boolean {
  const line = row.lines[0]!;
  const word = line.words[0]!;
  return !line.raised && word.style !== line.style && /\p{L}/u.test(word.text);
}

/** The first definition of a list, whose next line shows the indent. */
function beginsDefinition(row: Row, previous: Row, region: Region, next: Row | undefined): boolean {
  if (next === undefined || !beginsWithTerm(row)) return false;
  if (!endsEarly(previous, row, region) && !endsSentence(previous)) return false;
  const by = (next.box[0] - row.box[0]) / row.size;
  return by >= INDENT.least && by <= INDENT.most && !endsEarly(row, next, region);
}

function indented(row: Row, previous: Row, region: Region, next: Row | undefined): boolean {
  const by = row.box[0] - previous.box[0];
  if (by < INDENT.least * row.size || by > INDENT.most * row.size) return false;
  if (previous.box[0] - region.left > INDENT.least * row.size && by > 0 && next === undefined) return false;
  // The next line goes back to the edge: a first line's indent. A lone last line needs the previous one to have ended.
  if (next !== undefined)
    return Math.abs(next.box[0] - previous.box[0]) < SAME_EDGE * row.size || endsSentence(previous);
  return endsSentence(previous) && startsSentence(row);
}

/** The next line's first word would have fitted. */
function endsEarly(previous: Row, row: Row, region: Region): boolean {
  const word = row.lines[0]!.words[0]!;
  const room = region.right - previous.box[2];
  return room > word.box[2] - word.box[0] + ROOM * previous.size;
}

function centred(row: Row, previous: Row, region: Region): boolean {
  const middle = (box: Box) => (box[0] + box[2]) / 2;
  const both = Math.abs(middle(row.box) - middle(previous.box)) < SAME_EDGE * row.size;
  const inset = Math.max(row.box[0], previous.box[0]) - region.left > SAME_EDGE * row.size;
  return both && inset && Math.abs(row.box[0] - previous.box[0]) > SAME_EDGE * row.size;
}

function startsSentence(row: Row): boolean {
  return /^[\p{Ps}\p{Pi}"']*[^\p{Ll}\p{P}]/u.test(row.lines[0]!.text);
}

function endsSentence(row: Row): boolean {
  return endsWithStop(row.lines.at(-1)!);
}

function endsWithStop(line: Line): boolean {
  return /[.:!?;。！？][\p{Pe}\p{Pf}"'\d]*$/u.test(line.text);
}
