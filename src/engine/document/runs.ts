/** Runs: text of one style as a person would write it. A run never crosses a line. */
import type { Placed } from "../geometry.ts";
import type { LineId } from "./lines.ts";

/** Bits of Run.marks. */
export const MARK = {
  bold: 1,
  italic: 2,
  mono: 4,
  strike: 8,
  underline: 16,
  super: 32,
  sub: 64,
  smallcaps: 128,
} as const;

export interface Run {
  line: LineId;
  text: string;
  marks: number;
  href?: string;
  note?: string;
  math?: Formula;
}

export interface MathFacts {
  /** The words it stands for. */
  plain: string;
  crop?: Placed;
  score: number;
  valid: boolean;
}

export interface Formula extends MathFacts {
  latex: string;
}
