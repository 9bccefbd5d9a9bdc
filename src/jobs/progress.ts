/** Views → the numbers of progress on the wire (CONTRACT 2.8). */
import type { FileView } from "./views.ts";

/** What a file that is under way may show at most: 100 means that it can be downloaded. */
const PERCENT_OPEN_MAX = 99.9;

/** 0.0 to 100.0 with one decimal. */
export function percentDone(file: Pick<FileView, "state" | "numPages" | "numPagesCompleted">): number {
  if (file.state === "completed") return 100;
  if (file.numPages === 0) return 0;
  const percent = Math.round((1000 * file.numPagesCompleted) / file.numPages) / 10;
  return Math.min(percent, PERCENT_OPEN_MAX);
}
