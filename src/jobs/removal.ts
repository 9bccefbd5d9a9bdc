/**
 * Deleting and expiring: a row is marked gone and emptied first, with the keys it had in `purge`; then the objects are
 * deleted; then `purge` is cleared. Whatever dies in between is finished by a later turn, and a repeat says the same.
 */
import { type Outcome, ok, refused } from "../lib/failure.ts";
import { errorFields, log } from "../lib/log.ts";
import { artifacts, RETENTION_DAYS } from "./artifacts.ts";
import { goneOf, NOTHING, NOTHING_SHARED, requestOf, SharedReader } from "./file-views.ts";
import type { JobState } from "./job-state.ts";
import { COMPLETED, type FileRow, type StoredRemoval, type StoredRequest, type StoredResult } from "./job-tables.ts";
import { expireKeys } from "./keys.ts";
import { tellJob } from "./outbox.ts";
import { ALWAYS_MADE, FORMATS } from "./request/formats.ts";
import { formatsOf } from "./request/options.ts";
import type { Receipt } from "./views.ts";

/** Files marked in one run. */
const SLICE_FILES = 200;
/** Slices that a call waits for; the alarm does the rest of a large job. */
const SLICES_NOW = 5;
/** Rows on either side of a removed one that are asked first whether its submission is still needed. */
const NEIGHBOURS = 500;
/** What one call of R2 deletes. */
const DELETE_MAX = 1_000;
const DAY_MS = 86_400_000;
/** CONTRACT section 8: counted from the file's end. */
export const SOURCE_MS = RETENTION_DAYS["30d"] * DAY_MS;
const TEXT_MS = RETENTION_DAYS["90d"] * DAY_MS;

type Why = "deleted" | "expired";

/** Removes one file's data; the file has ended. */
export async function removeRow(state: JobState, row: FileRow, now: number): Promise<Receipt> {
  const gone = goneOf(state, row);
  if (row.gone === null) markAllGone(state, [row], gone?.why ?? "deleted", gone?.at ?? now);
  await purge(state);
  const after = state.row(row.seq)!;
  return { at: after.gone!, files: 1, removed: removedOf(after), complete: after.purge === null };
}

/** Removes every file of the job that nobody works on. */
export async function removeJob(state: JobState, now: number): Promise<Outcome<Receipt>> {
  if (state.isOpen) {
    const open = state.pending + state.counts[1]!;
    return refused("conflict", `${open} files of the job have not ended; cancel the job or wait, then delete it.`);
  }
  if (state.number("removed") === null || (state.number("removedTo") ?? -1) < state.lastSeq) {
    state.atomically(() => {
      state.setMeta("removed", now);
      state.setMeta("removedTo", state.lastSeq);
      state.forgetName();
    });
    state.removing = true;
  }
  // It leaves the list of jobs before the answer; where D1 is out of reach, the alarm tells it.
  if (state.meta("told") === null) {
    await tellJob(state, now).catch((error) => log("warn", "outbox", { job: state.ref.key, ...errorFields(error) }));
  }
  for (let slice = 0; slice < SLICES_NOW; slice++) if (!(await removeSlice(state))) break;
  const removed = JSON.parse(String(state.meta("removedClasses") ?? "[]")) as string[];
  const complete = !hasRemovals(state);
  return ok({ at: state.number("removed")!, files: (state.number("removedTo") ?? -1) + 1, removed, complete });
}

/** Marks and deletes one slice of a removed job. @returns whether there is more */
export async function removeSlice(state: JobState): Promise<boolean> {
  await purge(state);
  const to = state.number("removedTo");
  if (to === null || !state.removing) return false;
  const rows = state.sql
    .exec<FileRow>("SELECT * FROM files WHERE seq <= ? AND gone IS NULL ORDER BY seq LIMIT ?", to, SLICE_FILES)
    .toArray();
  state.removing = rows.length > 0;
  if (!state.removing) return false;
  const at = state.number("removed")!;
  state.atomically(() => {
    const classes = new Set(JSON.parse(String(state.meta("removedClasses") ?? "[]")) as string[]);
    for (const name of markAllGone(state, rows, "deleted", at)) classes.add(name);
    state.setMeta("removedClasses", JSON.stringify([...classes].sort()));
  });
  await purge(state);
  return true;
}

/** Whether a removal is under way. */
export const hasRemovals = (state: JobState): boolean => state.purges.size > 0 || state.removing;

/**
 * What is due by now goes: sources and requested formats 30 days after a file's end, everything 90 days after.
 * @returns objects deleted, and when something is due next (null = never)
 */
export async function expireDue(state: JobState, now: number): Promise<{ objects: number; next: number | null }> {
  let objects = await purge(state);
  for (let slice = 0; slice < SLICES_NOW; slice++) {
    const sources = await expireSources(state, now - SOURCE_MS);
    const rows = state.sql
      .exec<FileRow>(
        `SELECT * FROM files WHERE gone IS NULL AND state >= ${COMPLETED} AND ended <= ? ORDER BY seq LIMIT ?`,
        now - TEXT_MS,
        SLICE_FILES,
      )
      .toArray();
    markAllGone(state, rows, "expired", now);
    objects += sources + (await purge(state));
    if (sources === 0 && rows.length === 0) break;
  }
  const next = [expireKeys(state, now), nextExpiry(state, now)].filter((at) => at !== null);
  return { objects, next: next.length === 0 ? null : Math.min(...next) };
}

/** Whether a file's source is still kept. */
export function isSourceKept(row: FileRow, now: number): boolean {
  return row.source_key !== null && row.gone === null && (row.ended === null || now < row.ended + SOURCE_MS);
}

/**
 * Sources need no mark on each row, which would cost a write a file: they are gone by the clock (isSourceKept), and a
 * watermark says up to which end they have been deleted.
 */
async function expireSources(state: JobState, endedBy: number): Promise<number> {
  const from = state.number("sourcesGone") ?? 0;
  const last = state.sql
    .exec<{ ended: number }>(
      `SELECT ended FROM files WHERE state >= ${COMPLETED} AND gone IS NULL AND ended > ? AND ended <= ?
       ORDER BY ended LIMIT 1 OFFSET ?`,
      from,
      endedBy,
      SLICE_FILES - 1,
    )
    .toArray()[0]?.ended;
  const to = last ?? endedBy;
  const keys: string[] = [];
  for (const row of state.sql.exec<FileRow>(
    `SELECT * FROM files WHERE state >= ${COMPLETED} AND gone IS NULL AND ended > ? AND ended <= ?`,
    from,
    to,
  )) {
    keys.push(
      ...keysOf(state, row)
        .filter(({ key }) => key.startsWith("30d/"))
        .map(({ key }) => key),
    );
  }
  await deleteObjects(state.env.BUCKET, keys);
  if (to > from) state.setMeta("sourcesGone", to);
  return keys.length;
}

function nextExpiry(state: JobState, now: number): number | null {
  if (state.isOpen) return now + DAY_MS;
  const first = (after: number): number | null =>
    state.sql
      .exec<{ ended: number | null }>(
        `SELECT min(ended) AS ended FROM files WHERE state >= ${COMPLETED} AND gone IS NULL AND ended > ?`,
        after,
      )
      .one().ended;
  const source = first(state.number("sourcesGone") ?? 0);
  const text = first(0);
  const due = [source === null ? null : source + SOURCE_MS, text === null ? null : text + TEXT_MS];
  const known = due.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/**
 * Empties a row to its tombstone. What stays is there for a reason: seq is the id; state, since counters must go on
 * summing; times, page count and rev, which the ledger is told; attempt and ended_rev, by which the group settles pages;
 * the classes that were removed, since a repeat says the same. Which application and API it was for stays only until
 * the ledger in D1, which bills by them, has heard of it (outbox).
 * @returns the classes of objects that go
 */
function markGone(state: JobState, row: FileRow, why: Why, at: number): string[] {
  const keys = keysOf(state, row);
  const { appId, api } = new SharedReader(state).of(row, requestOf(row));
  const tombstone: StoredRequest = { ...NOTHING, shared: { options: {}, warnings: [], appId, api } };
  const removal: StoredRemoval = { removed: [...new Set(keys.map(({ name }) => name))] };
  state.write(
    row,
    {
      gone: at,
      why,
      submission: null,
      claim: null,
      request: JSON.stringify(tombstone),
      result: JSON.stringify(removal),
      code: null,
      message: null,
      source_key: null,
      source_bytes: null,
      source_sha256: null,
      parts: null,
      purge: keys.length === 0 ? null : JSON.stringify(keys.map(({ key }) => key)),
    },
    Math.max(at, row.modified),
  );
  if (keys.length > 0) state.purges.add(row.seq);
  return removal.removed;
}

/** Marks some files in one run, and empties the submissions that no file with data refers to any more. */
function markAllGone(state: JobState, rows: FileRow[], why: Why, at: number): string[] {
  return state.atomically(() => {
    const classes = new Set<string>();
    const submissions = new Map<number, number>();
    for (const row of rows) {
      for (const name of markGone(state, row, why, at)) classes.add(name);
      if (row.submission !== null) submissions.set(row.submission, row.seq);
    }
    for (const [n, seq] of submissions) emptySubmission(state, n, seq);
    return [...classes];
  });
}

/**
 * Empties what the files of a submission had in common, its key included, when the last of them is gone and none is to
 * come. Its files lie mostly side by side and there is no index, so the neighbours of the file that went are asked first.
 */
export function emptySubmission(state: JobState, n: number, seq: number): void {
  const refers = (from: number, to: number) =>
    state.sql.exec("SELECT 1 FROM files WHERE submission = ? AND seq BETWEEN ? AND ? LIMIT 1", n, from, to).toArray()
      .length > 0;
  if (refers(seq - NEIGHBOURS, seq + NEIGHBOURS) || refers(0, state.lastSeq)) return;
  state.sql.exec(
    "UPDATE submissions SET shared = ?, id = NULL, body = NULL WHERE n = ? AND manifest IS NULL",
    JSON.stringify(NOTHING_SHARED),
    n,
  );
}

/** Every object a file may have, by class. */
function keysOf(state: JobState, row: FileRow): { name: string; key: string }[] {
  const { key: job } = state.ref;
  const keys: { name: string; key: string }[] = [];
  if (row.source_key !== null) keys.push({ name: "source", key: row.source_key });
  if (row.state === COMPLETED) {
    const request = requestOf(row);
    const asked = formatsOf({ ...new SharedReader(state).of(row, request).options, ...request.options });
    const made = Object.keys((JSON.parse(row.result ?? "{}") as Partial<StoredResult>).formats ?? {});
    for (const format of new Set([...ALWAYS_MADE, ...asked, ...made])) {
      const ext = FORMATS[format]?.written ? FORMATS[format].ext : null;
      if (ext !== null) keys.push({ name: ext, key: artifacts.output(job, row.seq, ext) });
    }
  }
  for (let part = 0; part < (row.parts?.length ?? 0); part++) {
    keys.push({ name: "facts", key: artifacts.facts(job, row.seq, part) });
  }
  return keys;
}

function removedOf(row: FileRow): string[] {
  return (JSON.parse(row.result ?? "{}") as Partial<StoredRemoval>).removed ?? [];
}

/** Deletes what marked rows left. @returns objects deleted */
async function purge(state: JobState): Promise<number> {
  let objects = 0;
  while (state.purges.size > 0) {
    const seqs = [...state.purges].slice(0, SLICE_FILES);
    const keys = seqs.flatMap((seq) => JSON.parse(state.row(seq)?.purge ?? "[]") as string[]);
    await deleteObjects(state.env.BUCKET, keys);
    objects += keys.length;
    for (const seq of seqs) {
      state.sql.exec("UPDATE files SET purge = NULL WHERE seq = ?", seq);
      state.purges.delete(seq);
    }
  }
  return objects;
}

async function deleteObjects(bucket: R2Bucket, keys: string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += DELETE_MAX) await bucket.delete(keys.slice(at, at + DELETE_MAX));
}
