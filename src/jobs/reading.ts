/**
 * What the job object answers to who reads: the group is checked, rows become views. And what may be driven again, which
 * is read off the same rows.
 */
import { type Outcome, ok, refused } from "../lib/failure.ts";
import { claimOfCustomId, goneOf, SharedReader, viewFile } from "./file-views.ts";
import { findLive } from "./intake.ts";
import { isFailed, type JobState } from "./job-state.ts";
import type { FileRow } from "./job-tables.ts";
import { isSourceKept } from "./removal.ts";
import type { FileView } from "./views.ts";

/** A page of a listing or of changes. */
const LIST_MAX = 1_000;

export interface Listing {
  /** `pending` is everything that hasn't ended, `error` includes the cancelled; null = all. */
  status: "pending" | "completed" | "error" | "cancelled" | null;
  limit: number;
  /** Seq of the last file of the page before. */
  after: number | null;
}

export function refuseGroup(state: JobState, group: string): Outcome<never> | null {
  if (!state.exists) return refused("not_found", "There is no such job.");
  return state.ref.group === group ? null : refused("forbidden", "This job belongs to another group.");
}

export function findRow(state: JobState, group: string, seq: number): Outcome<FileRow> {
  if (!state.exists) return refused("not_found", "There is no such file.");
  if (state.ref.group !== group) return refused("forbidden", "This file belongs to another group.");
  const row = state.row(seq);
  return row === null ? refused("not_found", "There is no such file.") : ok(row);
}

/** The live file of a pair, else the newest; unknown and foreign look the same. */
export function findByCustomId(state: JobState, group: string, customId: string): Outcome<FileView> {
  const unknown = refused("not_found", `There is no file with custom_id "${customId}" in this job.`);
  if (refuseGroup(state, group) !== null) return unknown;
  const claim = claimOfCustomId(customId);
  const row =
    findLive(state, claim) ??
    state.sql.exec<FileRow>("SELECT * FROM files WHERE claim = ? ORDER BY seq DESC LIMIT 1", claim).toArray()[0];
  return row === undefined || goneOf(state, row) !== null ? unknown : ok(viewFile(state, row));
}

export function listFiles(
  state: JobState,
  group: string,
  { status, limit, after }: Listing,
): Outcome<{ files: FileView[]; next: number | null }> {
  const refusal = refuseGroup(state, group);
  if (refusal !== null) return refusal;
  const wanted = { pending: "state <= 1", completed: "state = 2", error: "state >= 3", cancelled: "state = 4" };
  const where = status === null ? "true" : wanted[status];
  const count = Math.min(Math.max(limit, 1), LIST_MAX);
  const rows = state.sql
    .exec<FileRow>(`SELECT * FROM files WHERE seq > ? AND ${where} ORDER BY seq LIMIT ?`, after ?? -1, count + 1)
    .toArray();
  const reader = new SharedReader(state);
  const files = rows.slice(0, count).map((row) => viewFile(state, row, reader));
  return ok({ files, next: rows.length > count ? files.at(-1)!.seq : null });
}

/** What changed after `rev`, in the order of the changes; ask again from the answer's `rev` when `more`. */
export function listChanges(
  state: JobState,
  group: string,
  rev: number,
  limit: number,
): Outcome<{ files: FileView[]; rev: number; more: boolean }> {
  const refusal = refuseGroup(state, group);
  if (refusal !== null) return refusal;
  const count = Math.min(Math.max(limit, 1), LIST_MAX);
  const seqs = state.changedAfter(rev, count + 1);
  const reader = new SharedReader(state);
  const files = seqs.slice(0, count).map((seq) => viewFile(state, state.row(seq)!, reader));
  const more = seqs.length > count;
  return ok({ files, rev: more ? files.at(-1)!.rev : state.rev, more });
}

export function refuseRetry(state: JobState, row: FileRow): Outcome<never> | null {
  if (!isFailed(row)) return refused("conflict", "The file has completed; there is nothing to try again.");
  const gone = goneOf(state, row);
  if (gone !== null) return refused("conflict", `The file's data is ${gone.why}; submit it again.`);
  const view = viewFile(state, row);
  if (view.sourceUri === null && !isSourceKept(row, Date.now())) {
    return refused("conflict", "The file has no source any more; submit it again.");
  }
  if (row.claim !== null && findLive(state, row.claim) !== null) {
    return refused("conflict", "A later file has the same custom_id and is live; this one keeps its end.");
  }
  return null;
}
