/**
 * The entries of a bibliography, one each: by their labels ("[3]", "[Knu84]", "3."), by a hanging indent, or as the
 * paragraphs stand. In: pieces under a heading that says what they are, or at a page's beginning, where they must look
 * like entries themselves; out: the rows of each entry.
 */
import { type Box, union } from "../../geometry.ts";
import type { Piece } from "../flow.ts";
import type { Row } from "../rows.ts";

export interface Entry {
  rows: Row[];
  /** The piece it begins in. */
  piece: Piece;
}

const LABEL = /^\[(?:\d{1,4}|[\p{L}][\p{L}\p{N}+*&'’.-]{0,14}\s?\d{0,4}[a-z]?)\]$/u;
const NUMBER = /^\d{1,3}\.$/;
const YEAR = /(?<![\d-])(?:1[5-9]|20)\d\d[a-z]?(?!\d)/;
/** Rows set in against the edge at which entries begin, in type sizes, and the share of rows that shows the habit. */
const HANGING = { least: 0.5, most: 5 } as const;
const HANGING_SHARE = 0.2;
/** A row further below the last entry than this, in type sizes, is none of its. */
const APART = 4;
/** Two edges closer than this are one, in type sizes. */
const SAME_EDGE = 0.35;
/** Labels may be set to the right of their column: "[9]" over "[10]". */
const LABEL_EDGE = 1.5;
/** Without a heading so many entries, and this share of them with a year. */
const FEWEST = 3;
const WITH_YEAR = 0.7;

/**
 * @param known a heading has said that a bibliography begins
 * @returns the entries, and the number of pieces from `at` that they take; null when they are none
 */
export function referencesAt(
  pieces: readonly Piece[],
  at: number,
  isText: (piece: Piece) => boolean,
  known: boolean,
): { entries: Entry[]; count: number } | null {
  let count = 0;
  while (at + count < pieces.length && isText(pieces[at + count]!) && goesOn(pieces, at, count)) count++;
  const own = pieces.slice(at, at + count);
  const entries = byLabel(own) ?? byIndent(own) ?? (known ? own.map((piece) => ({ rows: piece.rows, piece })) : null);
  if (entries === null || entries.length === 0 || (!known && !lookLikeEntries(entries))) return null;
  return { entries, count };
}

/** A lone row far below is a page number, or whatever else, but no entry. */
function goesOn(pieces: readonly Piece[], at: number, count: number): boolean {
  const last = pieces[at + count - 1]?.rows.at(-1);
  const { rows } = pieces[at + count]!;
  return count === 0 || rows.length > 1 || rows[0]!.baseline - last!.baseline <= APART * rows[0]!.size;
}

/** What stands before the first label goes on from the page before. */
function byLabel(pieces: readonly Piece[]): Entry[] | null {
  const rows = rowsOf(pieces);
  for (const form of [LABEL, NUMBER]) {
    const labelled = rows.filter(({ row, left }) => isLabelled(row, form) && atEdge(row, left, LABEL_EDGE));
    if (labelled.length < 2 || (form === NUMBER && !ascend(labelled.map(({ row }) => row)))) continue;
    const begins = new Set(labelled.map(({ row }) => row));
    return cut(rows, (row) => begins.has(row));
  }
  return null;
}

function byIndent(pieces: readonly Piece[]): Entry[] | null {
  const rows = rowsOf(pieces);
  const setIn = rows.filter(({ row, left }) => {
    const by = (row.box[0] - left) / row.size;
    return by >= HANGING.least && by <= HANGING.most;
  });
  if (setIn.length < HANGING_SHARE * rows.length || setIn.length === rows.length) return null;
  const atLeft = rows.filter(({ row, left }) => atEdge(row, left));
  // Where first lines are set in, most lines stand at the edge and paragraphs are long.
  if (atLeft.length + setIn.length < rows.length || atLeft.length > 2 * setIn.length + 1) return null;
  const begins = new Set(atLeft.map(({ row }) => row));
  return cut(rows, (row) => begins.has(row));
}

interface Placed {
  row: Row;
  piece: Piece;
  /** The edge of its column. */
  left: number;
}

/** Rows with the left edge of the stretch that goes down the page without a jump back up. */
function rowsOf(pieces: readonly Piece[]): Placed[] {
  const placed: Placed[] = [];
  let stretch: Placed[] = [];
  const flush = () => {
    const left = Math.min(...stretch.map(({ row }) => row.box[0]));
    placed.push(...stretch.map((one) => ({ ...one, left })));
    stretch = [];
  };
  for (const piece of pieces) {
    for (const row of piece.rows) {
      const last = stretch.at(-1);
      if (last !== undefined && row.baseline < last.row.baseline) flush();
      stretch.push({ row, piece, left: 0 });
    }
  }
  if (stretch.length > 0) flush();
  return placed;
}

/** Boxes of its rows, one a column. */
export function partsOf(rows: readonly Row[]): Box[] {
  const parts: Box[] = [];
  rows.forEach((row, i) => {
    const last = parts.at(-1);
    if (last === undefined || row.baseline < rows[i - 1]!.baseline) parts.push(row.box);
    else parts[parts.length - 1] = union(last, row.box);
  });
  return parts;
}

function cut(rows: readonly Placed[], begins: (row: Row) => boolean): Entry[] {
  const entries: Entry[] = [];
  for (const { row, piece } of rows) {
    const last = entries.at(-1);
    if (last === undefined || begins(row)) entries.push({ rows: [row], piece });
    else last.rows.push(row);
  }
  return entries;
}

function isLabelled(row: Row, form: RegExp): boolean {
  const first = row.lines[0]!.words[0];
  if (first === undefined) return false;
  return form.test(first.text) || form.test(textOf(row).match(/^\[[^\]]{1,20}\]/)?.[0] ?? "");
}

function atEdge(row: Row, left: number, within = SAME_EDGE): boolean {
  return row.box[0] - left <= within * row.size;
}

function ascend(rows: readonly Row[]): boolean {
  const numbers = rows.map((row) => Number.parseInt(row.lines[0]!.text, 10));
  return numbers.every((number, i) => i === 0 || number === numbers[i - 1]! + 1);
}

function lookLikeEntries(entries: readonly Entry[]): boolean {
  const whole = entries.slice(1);
  if (whole.length < FEWEST) return false;
  const dated = whole.filter(({ rows }) => YEAR.test(rows.map(textOf).join(" ")));
  return dated.length >= WITH_YEAR * whole.length;
}

function textOf(row: Row): string {
  return row.lines.map((line) => line.text).join(" ");
}
