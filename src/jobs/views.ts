/** What the job object tells about its files and itself: plain values that cross RPC. Types only. */
import type { QualitySummary } from "../engine/index.ts";
import type { Code } from "../lib/failure.ts";
import type { FileId, JobKey } from "../lib/ids.ts";
import type { FileState } from "./status.ts";
import type { StepName } from "./steps.ts";

export type FormatState = "pending" | "processing" | "completed" | "error";

/** Which object a job is; `singles` is a group's implicit job of single submissions, never listed. */
export interface JobRef {
  key: JobKey;
  group: string;
  /** The customer's id, or an internal name for singles. */
  jobId: string;
  kind: "job" | "singles";
}

/** One file to convert: what is particular to it. Absent fields come from the submission's shared options. */
export interface FileRequest {
  /** As given, with its query (a secret); null for an upload. */
  sourceUri: string | null;
  /** An upload that lies in R2 already. */
  upload: { key: string; bytes: number; sha256: string } | null;
  customId: string | null;
  filename: string | null;
  destinationUri: string | null;
  destinationBasename: string | null;
  s3Region: string | null;
  /** Options of this item that override the shared ones, validated, in the wire's names; null = none. */
  options: Record<string, unknown> | null;
  /** About this item alone, beside the submission's. */
  warnings?: string[];
  /** A refusal found while expanding a manifest: the file is registered and ends with it. */
  refusal: { code: Code; message: string } | null;
}

export interface Submission {
  job: JobRef;
  /** Same id = same submission: the original's answer again, or a conflict when `bodyHash` differs; null = none. */
  id: string | null;
  bodyHash: string;
  /** An Idempotency-Key that claims its one file, as a custom_id does, unless it did so before `since`; null = none. */
  idempotency: { hash: string; since: number } | null;
  /** The key's application, recorded for usage. */
  appId: string | null;
  /** Validated job-wide options, in the wire's names (jobs/request/options). */
  shared: Record<string, unknown>;
  /** Unknown option names and the like, shown in each file's status. */
  warnings: string[];
  /** `api` is where the file came in: it decides nothing but which results list shows it. */
  api: "files" | "v3";
  files: FileRequest[];
}

/** A submission of many items: spooled raw to R2 before anything else, expanded in slices by the job object's alarm. */
export interface SpooledSubmission extends Omit<Submission, "files" | "idempotency" | "id"> {
  id: string;
  /** Key of the raw request body in R2 (artifacts.manifest); its `files` array is read by lib/json-items. */
  manifest: string;
  count: number;
}

export interface SubmitAnswer {
  /** In the order of `files`; empty for a spooled submission. */
  files: { fileId: FileId; seq: number; repeat: boolean }[];
  /** Items of this submission. */
  fileCount: number;
  /** Whether D1 has the job's row already; the caller writes it and calls `registered()` when not. */
  registered: boolean;
}

export interface FileView {
  fileId: FileId;
  seq: number;
  job: JobRef;
  state: FileState;
  step: StepName;
  /** True once the source lies in R2. */
  loaded: boolean;
  filename: string | null;
  customId: string | null;
  /** Without its query. */
  sourceUri: string | null;
  /** 0 until known. */
  numPages: number;
  numPagesCompleted: number;
  /** Requested formats beside the ones that are always made, each with its state. */
  formats: Record<string, FormatState>;
  destinationUri: string | null;
  destinationBasename: string | null;
  error: { code: Code; message: string } | null;
  warnings: string[];
  /** Of a completed file; null of those that earlier versions converted. */
  quality: QualitySummary | null;
  /** Validated options, shared and the item's own merged, in the wire's names. */
  options: Record<string, Json>;
  appId: string | null;
  api: "files" | "v3";
  createdAt: number;
  modifiedAt: number;
  endedAt: number | null;
  /** When its data went, and why; the rest of the view is then a tombstone. */
  gone: { at: number; why: "deleted" | "expired" } | null;
  rev: number;
}

export interface JobView {
  job: JobRef;
  status: "processing" | "completed";
  counts: { pending: number; running: number; completed: number; errored: number; cancelled: number };
  fileCount: number;
  createdAt: number;
  modifiedAt: number;
  finalizedAt: number | null;
  cancelledAt: number | null;
  /** When the whole job was removed, and nothing was submitted to it since. */
  gone: { at: number; why: "deleted" | "expired" } | null;
  rev: number;
}

/** What a removal took away; a repeat says the same. */
export interface Receipt {
  at: number;
  /** Files whose data is gone. */
  files: number;
  /** Classes of what lay in R2 and is deleted: source, and outputs by extension. */
  removed: string[];
  /** False while objects of a large job are still being deleted; the job object goes on by itself. */
  complete: boolean;
}

/** Where a file's source lies: what a crop needs. */
export interface SourceView {
  sourceKey: string;
  sourceBytes: number;
  sourceSha256: string | null;
}

/** A region in the pixels of lines.json; width or height 0 = to the page's edge. */
export interface CropRequest {
  job: JobKey;
  seq: number;
  /** From 1. */
  page: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The answer to a claim: everything a step needs. */
export interface Work {
  fileId: FileId;
  group: string;
  step: StepName;
  part: number;
  attempt: number;
  sourceUri: string | null;
  /** Key in R2 once it lies there (artifacts.source or the upload). */
  sourceKey: string | null;
  sourceBytes: number;
  sourceSha256: string | null;
  filename: string | null;
  options: Record<string, Json>;
  formats: string[];
  /** For part and assemble: the selected pages and how they are cut, as stored by `split`. */
  pages: number[];
  partPages: number;
  /** Absolute links in results start with it (a queue consumer has no request to take it from). */
  publicUrl: string;
  /** Signs the file's links to crops (lib/crop-links). */
  cropKey: string;
}

/**
 * Any JSON value. Not `unknown`, with which the types of whole answers vanish over RPC, and not the recursive type,
 * which makes them infinitely deep.
 */
export type Json = string | number | boolean | null | object;
