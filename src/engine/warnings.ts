/** What was lost on the way, with its place; a closed list. */
import type { Box } from "./geometry.ts";

export type WarningCode =
  | "page_unreadable" // PDFium could not open the page; it goes on empty
  | "page_size_clamped" // a page beyond 200 inches is read as if it were that large
  | "undecodable_text" // glyphs without any Unicode
  | "too_many_glyphs" // the page's glyphs above the limit were left out
  | "too_many_objects" // paths and pictures above the limit were left out
  | "picture_only"; // the page holds pictures and no text

export interface Warning {
  code: WarningCode;
  page: number;
  box?: Box;
  detail?: string;
}
