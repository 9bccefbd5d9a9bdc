/**
 * Submissions → rows. Claims of custom_id and Idempotency-Key are decided here, in one synchronous run and before any
 * call to the outside, so that a thousand concurrent submissions of a pair make one file.
 */
import { type Outcome, ok, refused } from "../lib/failure.ts";
import { SEQ_MAX } from "../lib/ids.ts";
import { claimOfCustomId, claimOfKey, goneOf, NOTHING_SHARED } from "./file-views.ts";
import type { JobState } from "./job-state.ts";
import {
  CANCELLED,
  COMPLETED,
  ERRORED,
  type FileRow,
  PENDING,
  REFUSED,
  RELEASED,
  type StoredRequest,
  type StoredShared,
  type SubmissionRow,
  stepNumber,
} from "./job-tables.ts";
import { anotherBody, findKey } from "./keys.ts";
import type { FileRequest, SpooledSubmission, Submission, SubmitAnswer } from "./views.ts";

/** Takes a submission whose items are at hand. */
export function takeSubmission(state: JobState, s: Submission, now: number): Outcome<SubmitAnswer> {
  return takeOnce(state, { ...s, count: s.files.length }, now, (shared) => {
    const single = s.files.length === 1 && s.id === null;
    if (single && s.idempotency !== null && s.files[0]!.customId === null) return takeKeyed(state, s, shared, now);
    const n = single ? null : insertSubmission(state, { ...s, count: s.files.length, manifest: null }, shared, now);
    const files = s.files.map((file) => {
      const taken = takeItem(state, file, { n, ...(single ? { shared } : {}) }, now);
      return { fileId: state.fileId(taken.seq), ...taken };
    });
    if (n !== null && files.every(({ repeat }) => repeat)) {
      state.sql.exec("UPDATE submissions SET shared = ? WHERE n = ?", JSON.stringify(NOTHING_SHARED), n);
    }
    return ok({ files, fileCount: s.files.length, registered: state.isRegistered });
  });
}

/** Takes a submission that lies in R2; its items are registered by `expand`, and count as pending until then. */
export function takeSpooled(state: JobState, s: SpooledSubmission, now: number): Outcome<SubmitAnswer> {
  return takeOnce(state, s, now, (shared) => {
    insertSubmission(state, s, shared, now);
    state.spooled += s.count;
    return ok({ files: [], fileCount: s.count, registered: state.isRegistered });
  });
}

/** All of a submission or nothing; one that was taken before is answered as then. */
function takeOnce(
  state: JobState,
  s: Omit<Submission, "files" | "idempotency"> & { count: number },
  now: number,
  take: (shared: StoredShared) => Outcome<SubmitAnswer>,
): Outcome<SubmitAnswer> {
  const stopped = refuseSubmission(state, s, s.count);
  if (stopped !== null) return stopped;
  return state.atomically(() => {
    state.open(s.job, now);
    const known = findSubmission(state, s.id);
    if (known !== null) return repeatSubmission(state, known, s.bodyHash);
    return take({ options: s.shared, warnings: s.warnings, appId: s.appId, api: s.api });
  });
}

/** Whether the job expands this very copy of the list. */
export function isSpooledFrom(state: JobState, { manifest }: SpooledSubmission): boolean {
  return state.sql.exec("SELECT 1 FROM submissions WHERE manifest = ?", manifest).toArray().length > 0;
}

/** A submission with an Idempotency-Key: the key claims its file as a custom_id does, for the same body only. */
function takeKeyed(state: JobState, s: Submission, shared: StoredShared, now: number): Outcome<SubmitAnswer> {
  const { hash, since } = s.idempotency!;
  const known = findKey(state, { hash, since, bodyHash: s.bodyHash });
  if (!known.ok) return known;
  const live = known.value?.live ?? null;
  const origin = { n: null, shared, claim: claimOfKey(hash), body: s.bodyHash };
  const { seq } = live ?? insertFile(state, s.files[0]!, origin, now);
  const files = [{ fileId: state.fileId(seq), seq, repeat: live !== null }];
  return ok({ files, fileCount: 1, registered: state.isRegistered });
}

interface Origin {
  n: number | null;
  shared?: StoredShared;
  claim?: string;
  body?: string;
}

/** Registers one item unless it repeats a live pair. An item that repeats another of its own submission is an error. */
export function takeItem(
  state: JobState,
  file: FileRequest,
  origin: Origin,
  now: number,
): { seq: number; repeat: boolean } {
  if (file.customId === null) return insertFile(state, file, origin, now);
  const claim = claimOfCustomId(file.customId);
  if (origin.n !== null && isInSubmission(state, claim, origin.n)) {
    const message = `custom_id "${file.customId}" stands twice in this submission; only its first item is converted.`;
    return insertFile(state, { ...file, refusal: { code: "bad_request", message } }, { ...origin, claim }, now);
  }
  const live = findLive(state, claim);
  if (live === null) return insertFile(state, file, { ...origin, claim }, now);
  return { seq: live.seq, repeat: true };
}

function isInSubmission(state: JobState, claim: string, n: number): boolean {
  return (
    state.sql.exec("SELECT 1 FROM files WHERE claim = ? AND submission = ? LIMIT 1", claim, n).toArray().length > 0
  );
}

/** The file that holds a claim: pending, running or completed, and its data not gone. */
export function findLive(state: JobState, claim: string): FileRow | null {
  const rows = state.sql
    .exec<FileRow>(`SELECT * FROM files WHERE claim = ? AND state <= ${COMPLETED} AND gone IS NULL`, claim)
    .toArray();
  return rows.find((row) => goneOf(state, row) === null) ?? null;
}

function insertFile(state: JobState, file: FileRequest, origin: Origin, now: number): { seq: number; repeat: false } {
  const { sourceUri, filename, destinationUri, destinationBasename, s3Region, options, upload, refusal } = file;
  const request: StoredRequest = { sourceUri, filename, destinationUri, destinationBasename, s3Region, options };
  if (origin.shared !== undefined) request.shared = origin.shared;
  if (file.warnings !== undefined) request.warnings = file.warnings;
  if (origin.body !== undefined) request.body = origin.body;
  const rev = state.rev + 1;
  const seq = state.lastSeq + 1;
  state.insert({
    seq,
    state: refusal === null ? PENDING : refusal.code === "cancelled" ? CANCELLED : ERRORED,
    step: stepNumber(upload === null ? "fetch" : "convert"),
    attempt: 0,
    tries: 0,
    claimed: refusal === null || refusal.code === "cancelled" ? RELEASED : REFUSED,
    due: 0,
    rev,
    ended_rev: refusal === null ? null : rev,
    submission: origin.n,
    claim: origin.claim ?? null,
    request: JSON.stringify(request),
    source_key: upload?.key ?? null,
    source_bytes: upload?.bytes ?? null,
    source_sha256: upload?.sha256 ?? null,
    pages: 0,
    pages_done: 0,
    parts: null,
    result: null,
    code: refusal?.code ?? null,
    message: refusal?.message ?? null,
    created: now,
    modified: now,
    ended: refusal === null ? null : now,
    gone: null,
    why: null,
    purge: null,
  });
  return { seq, repeat: false };
}

function refuseSubmission(state: JobState, s: Pick<Submission, "job" | "id">, count: number): Outcome<never> | null {
  if (state.job === null) return null;
  if (state.job.group !== s.job.group) return refused("forbidden", "This job belongs to another group.");
  const repeats = findSubmission(state, s.id) !== null;
  if (state.meta("finalized") !== null && !repeats) {
    return refused("conflict", `Job ${s.job.jobId} is finalized and takes no more files; use another job_id.`);
  }
  if (state.lastSeq + state.spooled + count > SEQ_MAX) {
    return refused("conflict", `Job ${s.job.jobId} is full (${SEQ_MAX} files); use another job_id.`);
  }
  return null;
}

function findSubmission(state: JobState, id: string | null): SubmissionRow | null {
  if (id === null || !state.exists) return null;
  return state.sql.exec<SubmissionRow>("SELECT * FROM submissions WHERE id = ?", id).toArray()[0] ?? null;
}

function repeatSubmission(state: JobState, known: SubmissionRow, bodyHash: string): Outcome<SubmitAnswer> {
  if (known.body !== bodyHash) return anotherBody();
  const rows = state.sql.exec<{ seq: number }>("SELECT seq FROM files WHERE submission = ? ORDER BY seq", known.n);
  const files = known.at > 0 ? [] : rows.toArray().map(({ seq }) => ({ fileId: state.fileId(seq), seq, repeat: true }));
  return ok({ files, fileCount: known.count, registered: state.isRegistered });
}

function insertSubmission(
  state: JobState,
  s: { id: string | null; bodyHash: string; count: number; manifest: string | null },
  shared: StoredShared,
  now: number,
): number {
  return state.sql
    .exec<{ n: number }>(
      "INSERT INTO submissions (id, body, count, shared, manifest, next, at, created) VALUES (?, ?, ?, ?, ?, ?, 0, ?) RETURNING n",
      s.id,
      s.bodyHash,
      s.count,
      JSON.stringify(shared),
      s.manifest,
      s.manifest === null ? s.count : 0,
      now,
    )
    .one().n;
}
