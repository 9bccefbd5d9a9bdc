/** The one document type in the middle: a head, then one part a page. A block stands where it begins. Types only. */
import type { PageSize, SourceInfo } from "../source-info.ts";
import type { Warning } from "../warnings.ts";
import type { Block } from "./blocks.ts";
import type { LineId, TextLine } from "./lines.ts";
import type { PageQuality } from "./quality.ts";

export interface Document {
  head: { source: SourceInfo; engine: string };
  /** In page order; holding one at a time keeps 5,000 pages flat. */
  parts: AsyncIterable<Part>;
}

export interface Part {
  /** Missing for sources without pages (office, MMD). */
  size?: PageSize;
  /** Degrees counter-clockwise that the page's text stands turned by on its sheet; missing: upright. */
  turn?: 90 | 180 | 270;
  lines: TextLine[];
  blocks: Block[];
  edits: Edit[];
  warnings: Warning[];
  /** Missing where nothing was read from a page. */
  quality?: PageQuality;
}

/** A changed character. */
export interface Edit {
  line: LineId;
  from: string;
  to: string;
  reason: "hyphen" | "ligature" | "space" | "repeatedHeader" | "repair";
}
