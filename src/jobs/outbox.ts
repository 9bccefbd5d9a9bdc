/**
 * What the job object knows → where it is read: ended files to D1 (listing, ledger), their pages to the group object,
 * the job's row. At least once, in batches and in order; both receivers drop what they have seen.
 */
import { eq, sql } from "drizzle-orm";
import type { Settled } from "../accounts/group-object.ts";
import { argsHash } from "../accounts/usage.ts";
import { type Shard, shardOf } from "../db/client.ts";
import { jobs } from "../db/schema.ts";
import { RETENTION_DAYS } from "./artifacts.ts";
import { goneJob, SharedReader, viewFile } from "./file-views.ts";
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
/** The first thing of a job that can expire is a source. */
const FIRST_EXPIRY_MS = RETENTION_DAYS["30d"] * DAY_MS;

/** @returns whether anything is left to tell */
export async function flush(state: JobState, now: number): Promise<boolean> {
  if (!state.exists) return false;
  while (state.unbilled.size > 0) await flushPages(state);
  while (state.unflushed.size > 0) await flushFiles(state);
  if (isJobUntold(state, now)) await tellJob(state, now);
  return state.unbilled.size + state.unflushed.size > 0;
}

async function flushPages(state: JobState): Promise<void> {
  const rows = take(state, state.unbilled);
  const files: Settled[] = rows.map((row) => ({
    seq: row.seq,
    attempt: row.attempt,
    rev: row.ended_rev ?? 0,
    pages: row.state === COMPLETED ? row.pages_done : 0,
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

/** Kind of a job that was removed: its row has no name, is never listed, and is there for cron alone. */
const GONE = "gone";

/** One statement for all, since a statement may have only 100 parameters. */
const upsertFiles = (records: string) => sql`
INSERT INTO files (id, group_id, job_key, app_id, api, state, code, filename, options, args_hash, pages, created_at,
  ended_at, gone_at, rev, quality)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9,
  value->>10, value->>11, value->>12, value->>13, value->>14,
  value->>15
FROM json_each(${records}) WHERE true
ON CONFLICT (id) DO UPDATE SET state = excluded.state, code = excluded.code, filename = excluded.filename,
  options = excluded.options, args_hash = excluded.args_hash, pages = excluded.pages, ended_at = excluded.ended_at, gone_at = excluded.gone_at,
  rev = excluded.rev, quality = excluded.quality
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
  if (records.length > 0) await shard(state).run(upsertFiles(`[${records.join(",")}]`));
  state.atomically(() => {
    let flushed = state.number("flushed") ?? 0;
    for (const row of sent) {
      flushed = Math.max(flushed, row.rev);
      // Changed meanwhile: it stands at the end of the line again.
      if (state.row(row.seq)?.rev !== row.rev) continue;
      state.unflushed.delete(row.seq);
      if (row.gone !== null) state.sql.exec("UPDATE files SET request = '{}' WHERE seq = ?", row.seq);
    }
    state.setMeta("flushed", flushed);
  });
}

/** One file as D1 keeps it, in the order of upsertFiles' columns. */
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
    options === null ? null : argsHash(options),
    file.state === "completed" ? file.numPagesCompleted : 0,
    file.createdAt,
    file.endedAt ?? file.modifiedAt,
    file.gone?.at ?? null,
    file.rev,
    file.quality === null ? null : JSON.stringify(file.quality),
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

/** Whether the job's row lacks what is so. */
function isJobUntold(state: JobState, now: number): boolean {
  return state.number("told") !== Number(isOpenToD1(state, now));
}

function isOpenToD1(state: JobState, now: number): boolean {
  return state.isOpen || (state.ref.kind === "singles" && now - state.modified < SINGLES_IDLE_MS);
}

/** The job's row and its `open`: before the first answer, and whenever it changes. */
export async function tellJob(state: JobState, now: number): Promise<void> {
  const open = Number(isOpenToD1(state, now));
  const { key, group, jobId, kind } = state.ref;
  const app = state.meta("app");
  const createdAt = state.number("created") ?? now;
  const named = { jobId, kind: goneJob(state) === null ? kind : GONE, appId: app === null ? null : String(app) };
  const row = { key, group, ...named, createdAt, open };
  await shard(state)
    .insert(jobs)
    .values({ ...row, expireAt: now + FIRST_EXPIRY_MS })
    .onConflictDoUpdate({
      target: jobs.key,
      set: { open, ...named, expireAt: sql`coalesce(${jobs.expireAt}, excluded.expire_at)` },
    });
  state.setMeta("told", open);
}

/** When something of the job goes next. */
export async function tellExpiry(state: JobState, next: number | null): Promise<void> {
  await shard(state).update(jobs).set({ expireAt: next }).where(eq(jobs.key, state.ref.key));
}

/**
 * Pages were set aside for a try that is over. When its file has ended, the group may have heard of that end before it
 * set them aside: it hears of it again, which frees them and counts nothing twice. Otherwise the file's own end does.
 */
export function settleAgain(state: JobState, seq: number): void {
  if ((state.row(seq)?.state ?? 0) >= COMPLETED) state.unbilled.add(seq);
}

function shard(state: JobState): Shard {
  return shardOf(state.env.DB, state.ref.group);
}
