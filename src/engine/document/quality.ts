/** How far a page's or a file's text is to be trusted: counts, so that a file's are the sums of its pages'. Types only. */
import type { Source } from "../page-lines.ts";
import type { WarningCode } from "../warnings.ts";

export interface PageQuality {
  /** Visible characters by where their text comes from. */
  characters: Record<Source, number>;
  /** Characters drawn invisibly or outside the page. */
  hidden: number;
  /** Language (BCP 47) → letters of the lines read as it. */
  languages: Map<string, number>;
  /** Area of pictures on which no text lies, in 1/10,000 of the page: what only OCR could read. */
  pictureArea: number;
  tables: number;
  figures: number;
}

export interface FileQuality extends PageQuality {
  pages: number;
  /** Pages that are a picture, with no more text than a stamp. */
  picturePages: number;
  warnings: Map<WarningCode, number>;
}
