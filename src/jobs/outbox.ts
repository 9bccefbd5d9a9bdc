/**
 * What the job object knows → where it is read: ended files to D1 (listing, ledger), their pages to the group object,
 * the job's row. At least once, in batches and in order; both receivers drop what they have seen.
 */
import type { Settled } from "../accounts/group-object.ts";
import { SharedReader, viewFile } from "./file-views.ts";
import type { JobState } from "./job-state.ts";
import { COMPLETED, type FileRow } from "./job-tables.ts";
import type { FileView } from "./views.ts";

/** Files in one statement; with options of some KB each far under the 2 MB a parameter may have. */
const BATCH_FILES = 200;
/** A statement's parameter is cut before it gets longer than this. */
const BATCH_CHARS = 1_000_000;
/**
 * An implicit job of single files is done and open again with every file: D1 hears that it is done only when it has
 * been so for this long.
 */
const SINGLES_IDLE_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The first thing of a job that can expire: a source, 30 days after its file's end. */
const FIRST_EXPIRY_MS = 30 * DAY_MS;

/** @returns whether anything is left to tell */
export async function flush(state: JobState, now: number): Promise<boolean> {
  if (!state.exists) return false;
  while (state.unbilled.size > 0) await flushPages(state);
  while (state.unflushed.size > 0) await flushFiles(state);
  await flushJob(state, now);
  return state.unbilled.size + state.unflushed.size > 0;
}

async function flushPages(state: JobState): Promise<void> {
  const rows = take(state, state.unbilled);
  const files: Settled[] = rows.map((row) => ({
    seq: row.seq,
    attempt: row.attempt,
    rev: row.ended_rev ?? 0,
    pages: row.state === COMPLETED ? row.pages : 0,
  }));
  const { key, group } = state.ref;
  if (files.length > 0) await state.env.GROUP.getByName(group).settle({ job: key, files });
  let billed = state.number("billed") ?? 0;
  for (const row of rows) {
    billed = Math.max(billed, row.ended_rev ?? 0);
    // Retried and ended again meanwhile: that end is settled by a later turn.
    if (state.row(row.seq)?.ended_rev === row.ended_rev) state.unbilled.delete(row.seq);
  }
  state.setMeta("billed", billed);
}

const UPSERT = `
INSERT INTO files (id, group_id, job_key, app_id, api, state, code, filename, options, pages, created_at, ended_at, gone_at, rev)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9,
  value->>10, value->>11, value->>12, value->>13
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET state = excluded.state, code = excluded.code, filename = excluded.filename,
  options = excluded.options, pages = excluded.pages, ended_at = excluded.ended_at, gone_at = excluded.gone_at,
  rev = excluded.rev
WHERE excluded.rev > files.rev`;

async function flushFiles(state: JobState): Promise<void> {
  const reader = new SharedReader(state);
  const records: string[] = [];
  const sent: FileRow[] = [];
  let chars = 0;
  for (const row of take(state, state.unflushed)) {
    const record = JSON.stringify(recordOf(viewFile(state, row, reader)));
    chars += record.length;
    if (records.length > 0 && chars > BATCH_CHARS) break;
    records.push(record);
    sent.push(row);
  }
  if (records.length > 0)
    await state.env.DB.prepare(UPSERT)
      .bind(`[${records.join(",")}]`)
      .run();
  let flushed = state.number("flushed") ?? 0;
  for (const row of sent) {
    flushed = Math.max(flushed, row.rev);
    // Changed meanwhile: it stands at the end of the line again.
    if (state.row(row.seq)?.rev === row.rev) state.unflushed.delete(row.seq);
  }
  state.setMeta("flushed", flushed);
}

/** One file as D1 keeps it, in the order of UPSERT's columns. */
function recordOf(file: FileView): (string | number | null)[] {
  const { key, group } = file.job;
  const options = file.gone === null ? JSON.stringify(file.options) : null;
  return [
    file.fileId,
    group,
    key,
    file.appId,
    file.api,
    file.state,
    file.error?.code ?? null,
    file.filename,
    options,
    file.state === "completed" ? file.numPages : 0,
    file.createdAt,
    file.endedAt ?? file.modifiedAt,
    file.gone?.at ?? null,
    file.rev,
  ];
}

/** The rows of the first files in line. */
function take(state: JobState, line: Set<number>): FileRow[] {
  const rows: FileRow[] = [];
  for (const seq of line) {
    const row = state.row(seq);
    if (row !== null) rows.push(row);
    if (rows.length === BATCH_FILES) break;
  }
  return rows;
}

/** The job's row: written before its first answer by `submit`, or here when that process died, and its `open`. */
async function flushJob(state: JobState, now: number): Promise<void> {
  const open = state.isOpen || (state.ref.kind === "singles" && now - state.modified < SINGLES_IDLE_MS);
  if (state.number("told") === Number(open)) return;
  const { key, group, jobId, kind } = state.ref;
  const created = state.number("created") ?? now;
  await state.env.DB.prepare(
    `INSERT INTO jobs (key, group_id, job_id, kind, app_id, created_at, open, expire_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET open = excluded.open, expire_at = coalesce(jobs.expire_at, excluded.expire_at)`,
  )
    .bind(key, group, jobId, kind, state.meta("app"), created, Number(open), now + FIRST_EXPIRY_MS)
    .run();
  state.setMeta("told", Number(open));
}
