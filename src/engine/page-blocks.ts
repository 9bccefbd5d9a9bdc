/** A Document part that may still be open at its ends. Types only. */
import type { Part } from "./document/index.ts";
import type { Box } from "./geometry.ts";

export interface PageBlocks extends Part {
  seams: Seam[];
}

/**
 * A block at the page's head or tail that may go on over the break. A page has up to three of an end, of one role each:
 * its text, the notes under it, and a table, which may stand after the text that a page's end cuts.
 */
export interface Seam {
  at: "head" | "tail";
  role: "text" | "note" | "table";
  /** Index into blocks. */
  block: number;
  column: Box;
  /** Of the type, 1/100 pt. */
  size: number;
  /** At the tail: its last line ends no sentence. At the head: it begins within one. */
  openSentence: boolean;
  /** At the tail: its last line is full to the column's edge. At the head: its first line is no first line of a paragraph. */
  full: boolean;
  /** Of a table: what its cells cover from left to right, a column each; columns without a cell of their own are empty. */
  columns?: readonly (readonly [from: number, to: number])[];
}
