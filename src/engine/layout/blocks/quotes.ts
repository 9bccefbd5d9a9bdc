/**
 * Whether a piece is a quotation: whole lines set in on both sides, in the midst of text that reaches both edges. The
 * right side counts only where lines end although the next word would have fitted, or all at one edge: ragged text
 * set in on the left alone (definitions, items) ends anywhere. An abstract stands under a heading, not in text.
 */
import type { Block } from "../../document/blocks.ts";
import { beginsFigureCaption, beginsTableCaption } from "../../document/captions.ts";
import type { Piece } from "../flow.ts";
import type { Row } from "../rows.ts";
import { labelOf } from "./labels.ts";

/* In type sizes. */

/** On either side. */
const SET_IN = 1.2;
/** Edges nearer than this are one. */
const SAME_EDGE = 0.4;
/** A line's first word may be set in by this. */
const INDENT = 2.5;
/** A word would have fitted with this much white to spare. */
const SPARE = 0.6;
/** A quotation's type is the text's or smaller. */
const LARGEST = 1.03;
const FEWEST_ROWS = 2;
/** Words of letters that a quotation has at least, and their share. */
const FEWEST_WORDS = 8;
const SPELLED = 0.7;
const WORD = /^[\p{Ps}\p{Pi}"'‘“]*\p{L}[\p{L}'’-]+[\p{P}]*$|^(?:a|A|I|O|y|e|o|à|é)$/u;
const FEWEST_TEXTS = 2;

/**
 * @param before what its text follows: running text, or another part of the quotation
 * @param columns edgesOf the page
 */
export function isQuote(
  piece: Piece,
  before: { block: Block; piece: Piece } | undefined,
  columns: ReadonlyMap<string, Edges>,
): boolean {
  const { rows, parts, heading } = piece;
  const edges = columns.get(keyOf(piece));
  if (before?.block.kind !== "paragraph" && before?.block.kind !== "quote") return false;
  if (edges === undefined || heading !== null || parts.length > 1 || rows.length < FEWEST_ROWS) return false;
  const text = rows.flatMap((row) => row.lines.map((line) => line.text)).join(" ");
  if (!isProse(text) || rows.every((row) => row.lines.every((line) => line.mostlyBold))) return false;
  if (labelOf(rows[0]!) !== null || beginsFigureCaption(text) || beginsTableCaption(text)) return false;
  const { size } = rows[0]!;
  const left = Math.min(...rows.map((row) => row.box[0]));
  if (size > LARGEST * edges.size) return false;
  // What is set in like the paragraph before it goes on with that: an abstract has several.
  if (before.block.kind === "paragraph" && before.piece.box[0] - edges.left >= SET_IN * size) return false;
  if (left - edges.left < SET_IN * size || edges.right - piece.box[2] < SET_IN * size) return false;
  const flush = rows.slice(1).every((row) => row.box[0] - left < SAME_EDGE * size);
  return flush && rows[0]!.box[0] - left < INDENT * size && endsSetIn(rows, edges.right, size);
}

/** A display's symbols are none. */
function isProse(text: string): boolean {
  const words = text.split(" ");
  const spelled = words.filter((word) => WORD.test(word));
  return spelled.length >= FEWEST_WORDS && spelled.length >= SPELLED * words.length;
}

export interface Edges {
  left: number;
  right: number;
  /** Type size of the largest. */
  size: number;
}

/** Column → where its paragraphs begin and end: those of two lines or more, of which there must be two. */
export function edgesOf(pieces: readonly Piece[]): Map<string, Edges> {
  const texts = new Map<string, Piece[]>();
  for (const piece of pieces) {
    if (piece.rows.length < FEWEST_ROWS || piece.heading !== null || piece.solid !== undefined) continue;
    texts.set(keyOf(piece), [...(texts.get(keyOf(piece)) ?? []), piece]);
  }
  const edges = new Map<string, Edges>();
  for (const [key, text] of texts) {
    if (text.length < FEWEST_TEXTS) continue;
    edges.set(key, {
      left: Math.min(...text.map(({ box }) => box[0])),
      right: Math.max(...text.map(({ box }) => box[2])),
      size: Math.max(...text.map(({ rows }) => rows[0]!.size)),
    });
  }
  return edges;
}

function keyOf({ column }: Piece): string {
  return `${column[0]}-${column[2]}`;
}

function endsSetIn(rows: readonly Row[], right: number, size: number): boolean {
  const full = rows.slice(0, -1);
  const edge = Math.max(...full.map((row) => row.box[2]));
  if (full.length > 1 && full.every((row) => edge - row.box[2] < SAME_EDGE * size)) return true;
  return full.some((row, i) => {
    const [x0, , x1] = rows[i + 1]!.lines[0]!.words[0]!.box;
    return row.box[2] + (x1 - x0) + SPARE * size < right;
  });
}
