/**
 * What a hypothesis claims about a stretch of the page, as against "this is ordinary text". Types only: one file a
 * hypothesis makes them, score weighs them, decide takes the best set, blocks/ builds what was taken.
 */
import type { Side } from "../../document/blocks.ts";
import type { Box } from "../../geometry.ts";
import type { Widget } from "../../page.ts";

interface Claim {
  box: Box;
  /** Indexes into PageLines.words of what it explains; they leave the text when it is taken. */
  words: number[];
  /** Each about 0..1, so that weights can be compared; a name that the model does not know weighs nothing. */
  features: Record<string, number>;
  /** Log odds against ordinary text: above 0 it is the better explanation. Set by score. */
  score: number;
}

export interface TableProposal extends Claim {
  kind: "table";
  /** How it was found. */
  method: "ruled" | "banded" | "unruled";
  grid: Grid;
  /** Those of `words` that are its caption; found once it is decided on. */
  caption?: number[];
  captionSide?: Side;
}

export interface FigureProposal extends Claim {
  kind: "figure";
  /** As the document's figure block has it: "", "chart", ... */
  subtype: string;
  /** The picture alone; `box` has the caption too. */
  crop: Box;
  /** Those of `words` that are its caption. */
  caption: number[];
  captionSide: Side;
}

export type Proposal = TableProposal | FigureProposal;

/** A form's field has no rival: the file itself says what it is. */
export interface Field {
  kind: "field";
  /** With its label. */
  box: Box;
  /** Its label's, and what is printed in it. */
  words: number[];
  label: number[];
  widget: Widget;
}

/** Its title and steps between rules; no rival either. */
export interface Algorithm {
  kind: "algorithm";
  box: Box;
  words: number[];
}

/** What leaves the text as one thing. */
export type Taken = Proposal | Field | Algorithm;

export interface Grid {
  rows: number;
  columns: number;
  cells: GridCell[];
}

/** A place that no cell covers is empty. */
export interface GridCell {
  row: number;
  column: number;
  rowSpan: number;
  columnSpan: number;
  header: boolean;
  align: "left" | "right" | "center";
  /** In reading order. */
  words: number[];
  box: Box;
}

/** For those who want to see why: every proposal, and whether it was taken. */
export interface Traced {
  proposal: Proposal;
  chosen: boolean;
}
