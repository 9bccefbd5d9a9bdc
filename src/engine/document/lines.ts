/** Lines of the document: what the page says, word for word. */
import type { Box } from "../geometry.ts";
import type { Source } from "../page-lines.ts";

/** "page.index"; the 32 hex digits of lines.json are its hash with the source's. */
export type LineId = string;

export interface TextLine {
  id: LineId;
  box?: Box;
  /** Flat x, y list. */
  contour?: number[];
  /** Type size, 1/100 pt. */
  size?: number;
  column?: number;
  /** Degrees counter-clockwise; missing: upright. */
  angle?: number;
  source: Source;
  confidence?: number;
  /** As the page says it, hyphen included; type, parent and labels follow from the block. */
  text: string;
}
