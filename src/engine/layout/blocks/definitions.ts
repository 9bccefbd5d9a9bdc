/**
 * Terms and what they mean → a list, a term and its explanation an item: a term in a face of its own that hangs over the
 * lines it begins, or that stands alone over a text set in. In: pieces that are text; out: the list at one of them.
 */
import type { Piece } from "../flow.ts";
import type { Row } from "../rows.ts";
import { labelOf } from "./labels.ts";
import type { Item, Items } from "./lists.ts";

/* Lengths are in the type size of the term's row. */

/** Terms of one list, and the lines of an explanation, begin at one edge, within this. */
const SAME_EDGE = 0.4;
/** The lines of an explanation are set in against the term that begins it; under a term alone by more than a first line is. */
const HANGS = { least: 0.8, most: 8 } as const;
const SET_IN = 1;
const SET_IN_ROW = 2;
/** White over an explanation that belongs to the term above it. */
const UNDER = 1;
/** One hanging paragraph is no list; two are, or one between others of a single line. */
const FEWEST = 2;
const FEWEST_WITH_ONE = 3;
/** A term is no sentence. */
const TERM_CHARACTERS = 60;

/** @returns the list that begins at pieces[at], or null */
export function definitionsAt(pieces: readonly Piece[], at: number, isText: (piece: Piece) => boolean): Items | null {
  const items: Item[] = [];
  let sure = 0;
  let i = at;
  while (i < pieces.length) {
    const found = definitionAt(pieces, i, isText);
    if (found === null || Math.abs(setIn(pieces[i]!, pieces[at]!)) > SAME_EDGE) break;
    items.push({ label: { text: "", words: 0, kind: "bullet", value: 0 }, parts: pieces.slice(i, i + found.count) });
    if (found.sure) sure++;
    i += found.count;
  }
  if (items.length < FEWEST || sure === 0 || (sure < FEWEST && items.length < FEWEST_WITH_ONE)) return null;
  return { ordered: false, items, count: i - at };
}

interface Definition {
  count: number;
  /** Its own lines show where the explanation stands. */
  sure: boolean;
}

function definitionAt(pieces: readonly Piece[], at: number, isText: (piece: Piece) => boolean): Definition | null {
  const piece = pieces[at]!;
  const [first, second] = piece.rows as [Row, Row | undefined];
  if (!isText(piece) || labelOf(first) !== null || !beginsInLetters(first)) return null;
  const next = pieces[at + 1];
  if (second === undefined && next !== undefined && isText(next) && standsOver(first, next)) {
    let end = at + 2;
    while (end < pieces.length && isText(pieces[end]!) && goesOn(pieces[end]!, next)) end++;
    return { count: end - at, sure: true };
  }
  if (!hasTerm(first, second)) return null;
  if (second === undefined) return { count: 1, sure: false };
  const by = (second.box[0] - first.box[0]) / first.size;
  if (by < HANGS.least || by > HANGS.most) return null;
  const aligned = piece.rows.slice(1).every((row) => Math.abs(row.box[0] - second.box[0]) <= SAME_EDGE * row.size);
  return aligned ? { count: 1, sure: true } : null;
}

function beginsInLetters({ lines: [line] }: Row): boolean {
  return line !== undefined && !line.raised && /\p{L}/u.test(line.words[0]!.text);
}

/** Its first word is set as the rest is not. */
function hasTerm({ lines }: Row, second: Row | undefined): boolean {
  const words = lines.flatMap((line) => line.words);
  const { style } = second === undefined ? lines.at(-1)! : second.lines[0]!;
  return words[0]!.style !== style && words.some((word) => word.style === style);
}

/** A line in one face over a text in another that is set in under it. */
function standsOver(term: Row, next: Piece): boolean {
  const styles = new Set(term.lines.flatMap((line) => line.words.map((word) => word.style)));
  if (styles.size > 1 || term.lines[0]!.text.length > TERM_CHARACTERS) return false;
  const [row] = next.rows as [Row];
  if (styles.has(row.lines[0]!.style) || labelOf(row) !== null) return false;
  if (Math.abs(row.size - term.size) > SAME_EDGE * term.size || row.box[1] - term.box[3] > UNDER * term.size)
    return false;
  const least = next.rows.length === 1 ? SET_IN_ROW : SET_IN;
  return row.box[1] >= term.baseline && next.rows.every(({ box }) => isSetIn(box[0] - term.box[0], term.size, least));
}

function isSetIn(by: number, size: number, least: number): boolean {
  return by >= least * size && by <= HANGS.most * size;
}

/** A further paragraph at the explanation's edge. */
function goesOn(piece: Piece, explanation: Piece): boolean {
  return (
    piece.region === explanation.region &&
    labelOf(piece.rows[0]!) === null &&
    Math.abs(setIn(piece, explanation)) <= SAME_EDGE
  );
}

/** In another column or band the columns' edges count. */
function setIn(piece: Piece, first: Piece): number {
  const { size, box } = first.rows[0]!;
  const by = (piece.rows[0]!.box[0] - box[0]) / size;
  if (piece.region === first.region || Math.abs(by) <= SAME_EDGE) return by;
  return by - (piece.column[0] - first.column[0]) / size;
}
