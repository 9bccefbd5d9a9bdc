/**
 * A file's states and the moves that are allowed, as a table. The wire's words follow from state and pages.
 */

/**
 * - pending: registered, or waiting for another try; no lease
 * - running: released to a queue or claimed, under a lease
 * - completed, error, cancelled: ends; only `retry` leaves an error or a cancellation
 */
export type FileState = "pending" | "running" | "completed" | "error" | "cancelled";

export const MOVES: Record<FileState, readonly FileState[]> = {
  pending: ["running", "error", "cancelled"],
  running: ["pending", "completed", "error", "cancelled"],
  completed: [],
  error: ["pending"],
  cancelled: ["pending"],
};

export const isEnd = (state: FileState): boolean => state === "completed" || state === "error" || state === "cancelled";

/** Status on the wire of the Files API: CONTRACT 2.8. */
export function wireStatus(file: { state: FileState; numPages: number }): "pending" | "split" | "completed" | "error" {
  if (file.state === "completed") return "completed";
  if (file.state === "error" || file.state === "cancelled") return "error";
  return file.numPages > 0 ? "split" : "pending";
}

/** Status on the wire of v3/pdf: CONTRACT 2.13. */
export function v3Status(file: {
  state: FileState;
  numPages: number;
  loaded: boolean;
}): "received" | "loaded" | "split" | "completed" | "error" {
  const status = wireStatus(file);
  if (status !== "pending") return status;
  return file.loaded ? "loaded" : "received";
}
