/** Rows of the job object → the plain values it tells: views of files and of the job, and the work of a claimed step. */
import { cropKey } from "../lib/crop-links.ts";
import { withoutQuery } from "../stores/uri.ts";
import type { JobState } from "./job-state.ts";
import {
  CANCELLED,
  COMPLETED,
  ERRORED,
  type FileRow,
  PENDING,
  RUNNING,
  type StoredRequest,
  type StoredResult,
  type StoredShared,
  stateOf,
  stepOf,
} from "./job-tables.ts";
import { ALWAYS_MADE } from "./request/formats.ts";
import { formatsOf } from "./request/options.ts";
import type { FileView, FormatState, JobView, Json, Work } from "./views.ts";

/** Claims of a custom_id; `k:` is an Idempotency-Key's. */
const CUSTOM_ID = "c:";

export const claimOfCustomId = (customId: string): string => `${CUSTOM_ID}${customId}`;
export const claimOfKey = (hash: string): string => `k:${hash}`;

/** Of a file whose data is gone. */
export const NOTHING: StoredRequest = {
  sourceUri: null,
  filename: null,
  destinationUri: null,
  destinationBasename: null,
  s3Region: null,
  options: null,
};

export const NOTHING_SHARED: StoredShared = { options: {}, warnings: [], appId: null, api: "files" };

export function requestOf(row: FileRow): StoredRequest {
  return JSON.parse(row.request) as StoredRequest;
}

/** Reads each submission once for a listing. */
export class SharedReader {
  private readonly read = new Map<number, StoredShared>();
  private readonly state: JobState;
  constructor(state: JobState) {
    this.state = state;
  }
  of(row: FileRow, request: StoredRequest): StoredShared {
    if (request.shared !== undefined) return request.shared;
    if (row.submission === null) return NOTHING_SHARED;
    let shared = this.read.get(row.submission);
    if (shared === undefined) {
      shared = JSON.parse(this.state.submission(row.submission).shared) as StoredShared;
      this.read.set(row.submission, shared);
    }
    return shared;
  }
}

/** When a file's data went: its own removal, or the job's that has not reached its row yet. */
export function goneOf(state: JobState, row: FileRow): FileView["gone"] {
  if (row.gone !== null) return { at: row.gone, why: row.why === "expired" ? "expired" : "deleted" };
  const at = state.number("removed");
  return at !== null && row.seq <= (state.number("removedTo") ?? -1) ? { at, why: "deleted" } : null;
}

export function viewFile(state: JobState, row: FileRow, reader = new SharedReader(state)): FileView {
  const gone = goneOf(state, row);
  const stored = requestOf(row);
  const shared = reader.of(row, stored);
  const request = gone === null ? stored : NOTHING;
  const options = { ...shared.options, ...request.options } as Record<string, Json>;
  const result = gone === null && row.result !== null ? (JSON.parse(row.result) as StoredResult) : null;
  return {
    fileId: state.fileId(row.seq),
    seq: row.seq,
    job: state.ref,
    state: stateOf(row),
    step: stepOf(row),
    loaded: row.source_key !== null,
    filename: request.filename,
    customId: gone === null && row.claim?.startsWith(CUSTOM_ID) ? row.claim.slice(CUSTOM_ID.length) : null,
    sourceUri: request.sourceUri === null ? null : withoutQuery(request.sourceUri),
    numPages: row.pages,
    numPagesCompleted: row.pages_done,
    formats: formatStates(row, gone === null ? formatsOf(options) : [], result),
    destinationUri: request.destinationUri,
    destinationBasename: request.destinationBasename,
    error:
      row.code === null
        ? null
        : { code: row.code as NonNullable<FileView["error"]>["code"], message: row.message ?? "" },
    warnings: gone === null ? [...shared.warnings, ...(request.warnings ?? []), ...(result?.warnings ?? [])] : [],
    quality: result?.quality ?? null,
    options: gone === null ? options : {},
    appId: shared.appId,
    api: shared.api,
    createdAt: row.created,
    modifiedAt: row.modified,
    endedAt: row.ended,
    gone,
    rev: row.rev,
  };
}

/** Each requested format beside the always-made ones; what the converter didn't report of a completed file failed. */
function formatStates(row: FileRow, requested: string[], result: StoredResult | null): Record<string, FormatState> {
  const waiting: FormatState = row.state === PENDING ? "pending" : row.state === RUNNING ? "processing" : "error";
  return Object.fromEntries(
    requested.filter((f) => !ALWAYS_MADE.includes(f)).map((f) => [f, result?.formats[f] ?? waiting]),
  );
}

/** When the whole job was removed, and nothing was submitted to it since. */
export function goneJob(state: JobState): JobView["gone"] {
  const at = state.number("removed");
  return at !== null && state.lastSeq <= (state.number("removedTo") ?? -1) ? { at, why: "deleted" } : null;
}

export function viewJob(state: JobState): JobView {
  const { counts } = state;
  const created = state.number("created") ?? 0;
  return {
    job: state.ref,
    status: state.isOpen ? "processing" : "completed",
    counts: {
      pending: state.pending,
      running: counts[RUNNING]!,
      completed: counts[COMPLETED]!,
      errored: counts[ERRORED]!,
      cancelled: counts[CANCELLED]!,
    },
    fileCount: state.fileCount,
    createdAt: created,
    modifiedAt: Math.max(state.modified, created),
    finalizedAt: state.number("finalized"),
    cancelledAt: state.number("cancelled"),
    gone: goneJob(state),
    rev: state.rev,
  };
}

export function viewWork(state: JobState, row: FileRow, part: number | null, attempt: number): Work {
  const request = requestOf(row);
  const shared = new SharedReader(state).of(row, request);
  const options = { ...shared.options, ...request.options } as Record<string, Json>;
  const large =
    row.parts === null
      ? undefined
      : state.sql
          .exec<{ pages: string; part_pages: number }>("SELECT pages, part_pages FROM large WHERE seq = ?", row.seq)
          .toArray()[0];
  return {
    fileId: state.fileId(row.seq),
    group: state.ref.group,
    step: stepOf(row),
    part: part ?? 0,
    attempt,
    sourceUri: request.sourceUri,
    sourceKey: row.source_key,
    sourceBytes: row.source_bytes ?? 0,
    sourceSha256: row.source_sha256,
    filename: request.filename,
    options,
    formats: formatsOf(options),
    pages: large === undefined ? [] : (JSON.parse(large.pages) as number[]),
    partPages: large?.part_pages ?? 0,
    publicUrl: state.env.PUBLIC_URL,
    cropKey: cropKey(state.env.ID_SECRET, state.fileId(row.seq)),
  };
}
