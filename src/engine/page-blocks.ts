/** A Document part that may still be open at its ends. Types only. */
import type { Block } from "./document/blocks.ts";
import type { Part } from "./document/index.ts";
import type { Box } from "./geometry.ts";

export interface PageBlocks extends Part {
  seams: Seam[];
}

/** A block at the page's head or tail that may go on over the break. */
export interface Seam {
  at: "head" | "tail";
  /** Index into blocks. */
  block: number;
  kind: Block["kind"];
  column: Box;
  /** At the tail: its last line ends no sentence. At the head: it begins within one. */
  openSentence: boolean;
  /** At the tail: its last line is full to the column's edge. At the head: its first line is no first line of a paragraph. */
  full: boolean;
  hyphen: boolean;
  columns?: number[];
}
