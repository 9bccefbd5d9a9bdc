/** What the pool asks of a worker thread and hears from it. Types only. */

import type { Host } from "../../engine/host.ts";
import type { QualitySummary } from "../../engine/index.ts";
import type { ConvertOptions } from "../../engine/options.ts";
import type { Notice } from "../../engine/warnings.ts";
import type { FigureMode, FigureSizes } from "./figures.ts";
import type { Made } from "./ledger.ts";

export interface WorkerStart {
  host: Host;
  options: ConvertOptions;
  formats: string[];
  figures: FigureMode;
  /** Of options, figures and engine: what, beside the source, decides the outputs. */
  recipe: string;
}

export interface Task {
  index: number;
  path: string;
  /** Output path without extension. */
  base: string;
  /** What is said to be there already; taken when it still is and was made from the same bytes. */
  made: Made | null;
}

export type Message =
  | { kind: "page"; index: number; done: number; total: number }
  | ({ kind: "end"; index: number } & Outcome);

/** How one file ended. */
export interface Outcome {
  status: "converted" | "skipped" | "failed";
  pages: number;
  ms: number;
  /** Extension → size of the file written. */
  sizes: Record<string, number>;
  /** Of the pictures written beside them. */
  figures: FigureSizes;
  sha256: string | null;
  code: string | null;
  message: string | null;
  /** What was lost on the way; of a file that was there already, when it was made. */
  warnings: Notice[];
  /** How far the text is to be trusted; null of a failed file, and of one that an earlier version made. */
  quality: QualitySummary | null;
  /** The engine itself failed, and what it left in memory is not to be trusted. */
  unsound: boolean;
}
