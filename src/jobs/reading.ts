/**
 * What the job object answers to who reads: the group is checked, rows become views.
 *
 * Who will want news (webhooks, server-sent events) hooks on here: `SELECT ... WHERE rev > ? ORDER BY rev`, as recall
 * reads what D1 hasn't been told, so that each of them can begin again where it stopped.
 */
import { type Outcome, ok, refused } from "../lib/failure.ts";
import { claimOfCustomId, goneJob, goneOf, SharedReader, viewFile } from "./file-views.ts";
import { findLive } from "./intake.ts";
import type { JobState } from "./job-state.ts";
import type { FileRow } from "./job-tables.ts";
import { isSourceKept } from "./removal.ts";
import type { FileView, JobView, SourceView } from "./views.ts";

/** A page of a listing. */
const LIST_MAX = 1_000;

export interface Listing {
  /** `pending` is everything that hasn't ended, `error` includes the cancelled; null = all. */
  status: "pending" | "completed" | "error" | "cancelled" | null;
  limit: number;
  /** Seq of the last file of the page before. */
  after: number | null;
}

/** Files whose data is gone are left out, as a directory leaves out what was deleted; counters go on counting them. */
export interface FilePage {
  files: FileView[];
  next: number | null;
  gone: JobView["gone"];
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

export function listFiles(state: JobState, group: string, { status, limit, after }: Listing): Outcome<FilePage> {
  const refusal = refuseGroup(state, group);
  if (refusal !== null) return refusal;
  const wanted = { pending: "state <= 1", completed: "state = 2", error: "state >= 3", cancelled: "state = 4" };
  const where = status === null ? "true" : wanted[status];
  const count = Math.min(Math.max(limit, 1), LIST_MAX);
  const from = Math.max(after ?? -1, state.number("removedTo") ?? -1);
  const rows = state.sql
    .exec<FileRow>(
      `SELECT * FROM files WHERE seq > ? AND gone IS NULL AND ${where} ORDER BY seq LIMIT ?`,
      from,
      count + 1,
    )
    .toArray();
  const reader = new SharedReader(state);
  const files = rows.slice(0, count).map((row) => viewFile(state, row, reader));
  return ok({ files, next: rows.length > count ? files.at(-1)!.seq : null, gone: goneJob(state) });
}

export function countPages(state: JobState): { known: number; completed: number } {
  return state.sql
    .exec<{ known: number; completed: number }>(
      `SELECT total(pages) AS known, total(pages_done) AS completed FROM files`,
    )
    .one();
}

export function viewSource(state: JobState, seq: number, now: number): SourceView | null {
  const row = state.exists ? state.row(seq) : null;
  if (row?.source_key == null || goneOf(state, row) !== null || !isSourceKept(row, now)) return null;
  return { sourceKey: row.source_key, sourceBytes: row.source_bytes ?? 0, sourceSha256: row.source_sha256 };
}
