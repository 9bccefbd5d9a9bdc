/** Document → text, one table: a format's name → how it is written. A new format costs one file and one row. */
import { linesJson, linesMmdJson } from "./markdown/lines-json.ts";
import { md, mmd } from "./markdown/text.ts";
import type { Writer } from "./writer.ts";

export type { Crop, WriteContext, Writer, Writing } from "./writer.ts";

export const WRITERS: Readonly<Record<string, Writer>> = {
  mmd,
  md,
  "lines.json": linesJson,
  "lines.mmd.json": linesMmdJson,
};
