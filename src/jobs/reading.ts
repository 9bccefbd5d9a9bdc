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
import { type Condition, conditionOf, type QualityFilter, SCAN_ROWS, SORT_FILES_MAX, TRUST } from "./quality-filter.ts";
import { isSourceKept } from "./removal.ts";
import type { FileView, JobView, SourceView } from "./views.ts";

/** A page of a listing. */
const LIST_MAX = 1_000;

export interface Listing {
  /** `pending` is everything that hasn't ended, `error` includes the cancelled; null = all. */
  status: "pending" | "completed" | "error" | "cancelled" | null;
  limit: number;
  after: FileCursor | null;
  quality?: QualityFilter;
  /** The least trusted first, instead of the order of registering. */
  byTrust?: boolean;
}

/** The last file looked at for the page before: its seq, with its trust when sorted by it. */
export type FileCursor = number | { trust: number; seq: number };

/** Files whose data is gone are left out, as a directory leaves out what was deleted; counters go on counting them. */
export interface FilePage {
  files: FileView[];
  next: FileCursor | null;
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

export function listFiles(state: JobState, group: string, listing: Listing): Outcome<FilePage> {
  const refusal = refuseGroup(state, group);
  if (refusal !== null) return refusal;
  if (listing.byTrust === true && state.lastSeq >= SORT_FILES_MAX) {
    return refused("bad_request", `A job of more than ${SORT_FILES_MAX} files can't be sorted; filter it instead.`);
  }
  const count = Math.min(Math.max(listing.limit, 1), LIST_MAX);
  const { rows, next } = listing.byTrust === true ? sortedRows(state, listing, count) : rowsOf(state, listing, count);
  const reader = new SharedReader(state);
  return ok({ files: rows.map((row) => viewFile(state, row, reader)), next, gone: goneJob(state) });
}

interface Found {
  rows: FileRow[];
  next: FileCursor | null;
}

/** In the order of registering; with a filter of quality of a bounded stretch. */
function rowsOf(state: JobState, { status, after, quality }: Listing, count: number): Found {
  const from = Math.max(seqOf(after), state.number("removedTo") ?? -1);
  const to = quality === undefined ? state.lastSeq : Math.min(from + SCAN_ROWS, state.lastSeq);
  const where = conditionFor(status, quality);
  const rows = state.sql
    .exec<FileRow>(
      `SELECT * FROM files WHERE seq > ? AND seq <= ? AND gone IS NULL AND ${where.sql} ORDER BY seq LIMIT ?`,
      from,
      to,
      ...where.bindings,
      count + 1,
    )
    .toArray();
  const page = rows.slice(0, count);
  if (rows.length > count) return { rows: page, next: page.at(-1)!.seq };
  return { rows: page, next: to < state.lastSeq ? to : null };
}

function sortedRows(state: JobState, { status, after, quality = {} }: Listing, count: number): Found {
  const { trust, seq } = typeof after === "object" && after !== null ? after : { trust: -1, seq: seqOf(after) };
  const where = conditionFor(status, quality);
  const rows = state.sql
    .exec<FileRow & { trust: number }>(
      `SELECT *, ${TRUST} AS trust FROM files WHERE seq > ? AND gone IS NULL AND ${where.sql}
       AND (${TRUST}, seq) > (?, ?) ORDER BY trust, seq LIMIT ?`,
      state.number("removedTo") ?? -1,
      ...where.bindings,
      trust,
      seq,
      count + 1,
    )
    .toArray();
  const page = rows.slice(0, count);
  const last = page.at(-1);
  return { rows: page, next: rows.length > count && last !== undefined ? { trust: last.trust, seq: last.seq } : null };
}

const STATUS_SQL = {
  pending: "state <= 1",
  completed: "state = 2",
  error: "state >= 3",
  cancelled: "state = 4",
} as const;

function conditionFor(status: Listing["status"], quality: QualityFilter | undefined): Condition {
  const ofState = status === null ? "true" : STATUS_SQL[status];
  if (quality === undefined) return { sql: ofState, bindings: [] };
  const { sql, bindings } = conditionOf(quality);
  return { sql: `${ofState} AND ${sql}`, bindings };
}

const seqOf = (after: FileCursor | null): number =>
  typeof after === "object" && after !== null ? after.seq : (after ?? -1);

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
