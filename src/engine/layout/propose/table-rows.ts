/**
 * Lines of a table (text rows whose chunks know their columns) → its rows: which lines are the wrapped rest of the row
 * above, which belong to the header. In: lines, columns, rules between; out: groups of lines.
 */
import { type Chunk, isNumeric } from "./chunks.ts";
import type { Column } from "./columns.ts";
import { covered, type Edge } from "./edges.ts";
import {
  areApart,
  type Entry,
  isCentred,
  mergeBetween,
  mergeInterleaved,
  ruledGroups,
  type TableLine,
} from "./table-lines.ts";

export interface Rows {
  /** Lines of each row. */
  rows: TableLine[][];
  /** How many of the rows are header. */
  header: number;
  /** Rows that begin a group: a rule across stands over them. */
  groups: ReadonlySet<number>;
}

/** A rule over this share of the table's width parts rows. */
const FULL_RULE = 0.6;
/** Lines of one cell are at most so far apart, in type sizes; what is further is a row of its own. */
const WIDEST_LEADING = 2.4;
/** Two leadings, when the larger is so many times the smaller. */
const TWO_LEADINGS = 1.2;
/** Room beyond the next word, in type sizes, that shows a line was ended on purpose. */
const ROOM = 0.3;
const MOST_HEADER_LINES = 6;
const MOST_STACKED = 3;
/** Weights of what speaks for the rest of a row (positive) or a row of its own; the sum decides. */
const WEIGHT = {
  keyEmpty: 1,
  within: 0.4,
  outside: -1.2,
  few: 0.4,
  numeric: -1.4,
  figuresUnder: -2,
  full: 0.9,
  early: -1.3,
  lowerCase: 0.9,
  lowerCaseEarly: 0.3,
  open: 0.8,
  tight: 1.2,
  loose: -2.5,
  keyFilled: -1.1,
  aloneAbove: 1,
  complete: -1.2,
} as const;

export function rowsOfLines(lines: readonly TableLine[], columns: readonly Column[], rules: readonly Edge[]): Rows {
  const merged = mergeInterleaved(lines);
  const ruled = merged.map((line, i) => i > 0 && isRuledOff(merged[i - 1]!, line, columns, rules));
  const headerLines = countHeaderLines(merged, ruled);
  const body = bodyRows(merged.slice(headerLines), columns, ruled.slice(headerLines));
  const head = headerRows(mergeBetween(merged.slice(0, headerLines)), rules, body);
  const groups = new Set<number>([head.length]);
  const off = new Set(merged.filter((_, i) => ruled[i]));
  for (const [i, row] of body.entries()) if (off.has(row[0]!)) groups.add(head.length + i);
  return { rows: [...head, ...body], header: head.length, groups };
}

function isRuledOff(above: TableLine, below: TableLine, columns: readonly Column[], rules: readonly Edge[]): boolean {
  const [left, right] = [columns[0]!.left, columns.at(-1)!.right];
  const places = rules.filter(
    (rule) => rule.at > above.baseline - 0.1 * above.size && rule.at < below.baseline - 0.4 * below.size,
  );
  const key = (columns[0]!.left + columns[0]!.right) / 2;
  return places.some((rule) => {
    const slack = 0.3 * below.size;
    // Rules under header groups leave the key column out.
    const atKey = places.some((one) => Math.abs(one.at - rule.at) <= slack && one.from <= key && one.to >= key);
    return atKey && covered(places, rule.at, slack, left, right) >= FULL_RULE * (right - left);
  });
}

function countHeaderLines(lines: readonly TableLine[], ruled: readonly boolean[]): number {
  const first = ruled.findIndex((is, i) => is && i > 0);
  if (first > 0 && first <= MOST_HEADER_LINES && first <= Math.ceil(lines.length * 0.6) && first < lines.length) {
    // A shade may end below the first figures.
    const figures = lines.findIndex((line, i) => i > 0 && shareNumeric(line) >= 0.5 && !namesYears(line));
    return figures > 0 && figures < first && shareNumeric(lines[0]!) < 0.5 ? figures : first;
  }
  // Without a rule: what stands above the first line of figures, if it is no line of figures itself.
  const data = lines.findIndex((line, i) => i > 0 && shareNumeric(line) >= 0.5);
  if (data > 0 && data <= MOST_HEADER_LINES && lines.slice(0, data).every((line) => shareNumeric(line) < 0.5)) {
    return Math.min(data, lines.length - 1);
  }
  const plain = lines.findIndex((line) => !line.entries.every(({ chunk }) => chunk.bold));
  if (plain > 0 && plain <= MOST_HEADER_LINES) return plain;
  return lines.length > 1 ? 1 : 0;
}

function namesYears(line: TableLine): boolean {
  return line.entries.some(({ chunk }) => /^(?:19|20)\d\d\b/.test(chunk.text));
}

/** Of the cells beside the key column. */
function shareNumeric(line: TableLine): number {
  const cells = line.entries.filter((entry) => entry.first > 0);
  return cells.length === 0 ? 0 : cells.filter(({ chunk }) => isNumeric(chunk.text)).length / cells.length;
}

/** Stacked lines of a header are one row, unless a cell spans several columns or a partial rule parts them. */
function headerRows(lines: readonly TableLine[], rules: readonly Edge[], body: readonly TableLine[][]): TableLine[][] {
  const rows: TableLine[][] = [];
  const leading = tightest(body);
  // So many lines that all name something in the key column are rows, whatever the rule below them.
  if (lines.filter((line) => line.entries[0]!.first === 0).length > MOST_STACKED) return lines.map((line) => [line]);
  lines.forEach((line, i) => {
    const above = lines[i - 1];
    const row = rows.at(-1);
    const begins =
      above === undefined ||
      row === undefined ||
      above.entries.some((entry) => entry.last > entry.first) !==
        line.entries.some((entry) => entry.last > entry.first) ||
      hasPartialRule(above, line, rules) ||
      row.every((one) => areApart(one, line)) ||
      (leading > 0 && line.baseline - above.baseline > 1.6 * Math.max(leading, 1.1 * line.size));
    if (begins) rows.push([line]);
    else row.push(line);
  });
  return rows;
}

function tightest(rows: readonly TableLine[][]): number {
  const lines = rows.flat();
  return Math.min(...lines.slice(1).map((line, i) => line.baseline - lines[i]!.baseline), Number.MAX_SAFE_INTEGER);
}

function hasPartialRule(above: TableLine, below: TableLine, rules: readonly Edge[]): boolean {
  return rules.some(
    (rule) => rule.at > above.baseline - 0.1 * above.size && rule.at < below.baseline - 0.4 * below.size && rule.drawn,
  );
}

function bodyRows(lines: readonly TableLine[], columns: readonly Column[], ruled: readonly boolean[]): TableLine[][] {
  const split = leadingSplit(lines);
  const ruledRows = ruled.slice(1).filter(Boolean).length;
  // Where most rows are ruled off, what is not is wrapped, or stands in one drawn row with others.
  const mostly = lines.length > 2 && ruledRows >= 0.5 * (lines.length - 1);
  const rows: TableLine[][] = [];
  for (const group of ruledGroups(lines, ruled)) {
    if (ruledRows > 0 && isCentred(group)) {
      rows.push(group);
      continue;
    }
    group.forEach((line, i) => {
      const row = rows.at(-1);
      if (row === undefined || i === 0 || !continues(line, row, columns, split, mostly)) rows.push([line]);
      else row.push(line);
    });
  }
  return rows;
}

/** Where two leadings can be told apart, the limit between them; else 0. */
function leadingSplit(lines: readonly TableLine[]): number {
  const steps = lines.slice(1).map((line, i) => (line.baseline - lines[i]!.baseline) / line.size);
  steps.sort((a, b) => a - b);
  let [jump, limit] = [TWO_LEADINGS, 0];
  for (let i = 1; i < steps.length; i++) {
    const ratio = steps[i]! / Math.max(steps[i - 1]!, 0.01);
    if (ratio > jump && i >= 0.15 * steps.length && i <= 0.9 * steps.length) {
      [jump, limit] = [ratio, Math.sqrt(steps[i]! * steps[i - 1]!)];
    }
  }
  return limit;
}

function continues(
  line: TableLine,
  row: readonly TableLine[],
  columns: readonly Column[],
  split: number,
  mostlyRuled: boolean,
): boolean {
  const above = row.at(-1)!;
  const filled = new Set(row.flatMap((one) => one.entries.flatMap(columnsIn)));
  const own = line.entries.flatMap(columnsIn);
  const step = (line.baseline - above.baseline) / line.size;
  if (step > WIDEST_LEADING) return false;
  let sum = mostlyRuled ? 1 : 0;
  const key = own.includes(0);
  sum += key ? WEIGHT.keyFilled : WEIGHT.keyEmpty;
  const outside = own.filter((column) => !filled.has(column)).length;
  sum += outside === 0 ? WEIGHT.within : WEIGHT.outside * (outside / own.length);
  if (own.length <= filled.size / 2) sum += WEIGHT.few;
  const figures = line.entries.filter(({ chunk }) => isNumeric(chunk.text));
  if (figures.some(({ first }) => first > 0)) sum += WEIGHT.numeric * (1 + (2 * figures.length) / line.entries.length);
  sum += (WEIGHT.figuresUnder * figures.filter((entry) => isUnderFigure(entry, row)).length) / line.entries.length;
  if (split > 0) sum += step < split ? WEIGHT.tight : WEIGHT.loose;
  const words = line.entries.filter((entry) => !figures.includes(entry));
  const ends = words.map((entry) => endingAbove(entry, row, columns)).filter((end) => end !== null);
  if (ends.length > 0) {
    const full = ends.filter((end) => end === "full").length / ends.length;
    sum += full * WEIGHT.full + (1 - full) * WEIGHT.early;
  }
  const goOn = line.entries.filter((entry) => goesOn(entry, row));
  if (goOn.length > 0) {
    const full = goOn.some((entry) => endingAbove(entry, row, columns) === "full");
    sum += full ? WEIGHT.lowerCase : WEIGHT.lowerCaseEarly;
  }
  if (line.entries.some((entry) => isOpenAbove(entry, row))) sum += WEIGHT.open;
  if (key && own.length > 1 && own.length >= filled.size) sum += WEIGHT.complete;
  // A label over two lines whose values stand beside its second.
  if (filled.size === 1 && filled.has(0) && key && own.length > 1 && ends.includes("full")) sum += WEIGHT.aloneAbove;
  return sum > 0;
}

function columnsIn({ first, last }: Entry): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function above(entry: Entry, row: readonly TableLine[]): Chunk | null {
  for (const line of row.toReversed()) {
    const found = line.entries.find((other) => other.first === entry.first);
    if (found !== undefined) return found.chunk;
  }
  return null;
}

/** Whether the entry's first word would have fitted behind the line above it in its cell. */
function endingAbove(entry: Entry, row: readonly TableLine[], columns: readonly Column[]): "full" | "early" | null {
  const chunk = above(entry, row);
  if (chunk === null) return null;
  const column = columns[entry.first]!;
  const room = columns[entry.last]!.right - column.left - (chunk.box[2] - chunk.box[0]);
  const word = entry.chunk.text.split(" ")[0]!.length / Math.max(1, entry.chunk.text.length);
  return room > word * (entry.chunk.box[2] - entry.chunk.box[0]) + ROOM * entry.chunk.size ? "early" : "full";
}

/** A figure under a figure is one of the next row, but for a list of them that goes on. */
function isUnderFigure(entry: Entry, row: readonly TableLine[]): boolean {
  const chunk = above(entry, row);
  return entry.first > 0 && chunk !== null && isNumeric(chunk.text) && !/[-–,;/(]$/.test(chunk.text);
}

function goesOn(entry: Entry, row: readonly TableLine[]): boolean {
  const chunk = above(entry, row);
  return chunk !== null && /^\p{Ll}{2}/u.test(entry.chunk.text) && !/[.;:]$/.test(chunk.text);
}

function isOpenAbove(entry: Entry, row: readonly TableLine[]): boolean {
  const chunk = above(entry, row);
  return chunk !== null && /(?:[\p{L}][-,&/(]|\b(?:and|or|of|the|und|et|de|for|in|to|with))$/u.test(chunk.text);
}
