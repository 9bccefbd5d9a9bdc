/** One page's facts, lossless and small; what a chunk stores. Integers only. Types only. */
import type { Box } from "./geometry.ts";
import type { Image, Link, Tag, Widget } from "./page.ts";
import type { PageSize } from "./source-info.ts";
import type { Warning } from "./warnings.ts";

export interface PageLines {
  size: PageSize;
  styles: Style[];
  words: Word[];
  lines: Segment[];
  rules: Rule[];
  fills: Fill[];
  drawings: Drawing[];
  images: Image[];
  links: Link[];
  widgets: Widget[];
  tags?: Tag;
  warnings: Warning[];
}

export interface Style {
  family: string;
  /** 1/100 pt. */
  size: number;
  bold: boolean;
  italic: boolean;
  mono: boolean;
  color: number;
  /** Baseline shift against the line's, 1/100 pt, up is positive; 0 = on the line. */
  rise: number;
}

/** Where a word's text comes from. */
export type Source = "native" | "repaired" | "ocr" | "model" | "undecodable";

export interface Word {
  text: string;
  box: Box;
  /** y of its baseline; in turned text the distance of the baseline from the origin, growing downwards as the text stands. */
  baseline: number;
  /** Index into styles. */
  style: number;
  /** White space before it in its line, 1/100 pt; 0 = glued to the word before (a change of style inside a word). */
  gap: number;
  source: Source;
  /** Drawn invisibly or outside the page. */
  hidden?: boolean;
  /** The hyphen at its end is a U+00AD: a mere line break. Other hyphens are for join to judge. */
  softHyphen?: true;
  confidence?: number;
  mcid?: number;
}

/** Words [from, to) of one baseline, never across a wide gap. */
export interface Segment {
  from: number;
  to: number;
  box: Box;
  /** Degrees counter-clockwise, 0..359. Vertical Chinese and Japanese is 270: it runs down. */
  angle: number;
}

/** A straight stroke or a thin filled rectangle. */
export interface Rule {
  box: Box;
  horizontal: boolean;
  thickness: number;
  color: number;
}

export interface Fill {
  box: Box;
  color: number;
}

/** A cluster of paths that is neither rule nor fill. */
export interface Drawing {
  box: Box;
  /** The dots of dotted lines are in the box, but not counted. */
  paths: number;
}
