/**
 * The job object's tables and the types of their rows. A row written costs money and every index is a row more, so the
 * only index is the one of claims; counters, queues and due times live in memory and are read off the rows at start
 * (job-state). Columns that hold what a customer gave us are emptied when a file goes; the rest is its tombstone.
 */
import type { QualitySummary } from "../engine/index.ts";
import type { FileState } from "./status.ts";
import { STEPS, type StepName } from "./steps.ts";
import type { FileRequest, FormatState } from "./views.ts";

const TABLES = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE submissions (
  n INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT, count INTEGER NOT NULL, shared TEXT NOT NULL,
  manifest TEXT, next INTEGER NOT NULL, at INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE TABLE files (
  seq INTEGER PRIMARY KEY, state INTEGER NOT NULL, step INTEGER NOT NULL, attempt INTEGER NOT NULL, tries INTEGER NOT NULL,
  claimed INTEGER NOT NULL, due INTEGER NOT NULL, rev INTEGER NOT NULL, ended_rev INTEGER,
  submission INTEGER, claim TEXT, request TEXT NOT NULL,
  source_key TEXT, source_bytes INTEGER, source_sha256 TEXT,
  pages INTEGER NOT NULL, pages_done INTEGER NOT NULL, parts TEXT, result TEXT, code TEXT, message TEXT,
  created INTEGER NOT NULL, modified INTEGER NOT NULL, ended INTEGER, gone INTEGER, why TEXT, purge TEXT);
CREATE INDEX files_claim ON files (claim) WHERE claim IS NOT NULL;
CREATE TABLE large (seq INTEGER PRIMARY KEY, pages TEXT NOT NULL, part_pages INTEGER NOT NULL);
CREATE TABLE parts (
  seq INTEGER, part INTEGER, claimed INTEGER NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL,
  PRIMARY KEY (seq, part)) WITHOUT ROWID;
`;

/** An object that nobody ever submitted to keeps no storage: its tables are made by the first submission. */
export function hasTables(sql: SqlStorage): boolean {
  return hasTable(sql, "meta");
}

export function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", name).toArray().length > 0;
}

export function createTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

/** States and steps as they are stored. */
export const STATES: readonly FileState[] = ["pending", "running", "completed", "error", "cancelled"];
export const PENDING = 0;
export const RUNNING = 1;
export const COMPLETED = 2;
export const ERRORED = 3;
export const CANCELLED = 4;

export const stateOf = (row: { state: number }): FileState => STATES[row.state]!;
export const stepOf = (row: { step: number }): StepName => STEPS[row.step]!;
export const stepNumber = (step: StepName): number => STEPS.indexOf(step);

/** `claimed`: how far a step under way is. */
export const RELEASED = 0;
export const LEASED = 1;
/** Of a part only: waits for another try. */
export const WAITING = 2;
/** Of an errored file: it was never accepted, so nothing is known that could be tried. */
export const REFUSED = 3;

/** A type, not an interface, since SqlStorage wants an index signature. */
export type FileRow = {
  seq: number;
  state: number;
  step: number;
  /** Of the newest hint; of a file in parts, of every part's first one. */
  attempt: number;
  /** Failed or lost tries of this step. */
  tries: number;
  claimed: number;
  /** pending: not before; running: the hint or the lease counts as lost. */
  due: number;
  rev: number;
  ended_rev: number | null;
  submission: number | null;
  /** `c:` custom_id, or `k:` hash of an Idempotency-Key. */
  claim: string | null;
  /** A StoredRequest; of a file whose data is gone only which application it was for. */
  request: string;
  source_key: string | null;
  source_bytes: number | null;
  source_sha256: string | null;
  pages: number;
  pages_done: number;
  /** Of a file in parts: one character a part, 1 = done. */
  parts: string | null;
  /** A StoredResult; a StoredRemoval once the data is gone. */
  result: string | null;
  code: string | null;
  message: string | null;
  created: number;
  modified: number;
  ended: number | null;
  gone: number | null;
  why: string | null;
  /** Keys in R2 that a removal has still to delete. */
  purge: string | null;
};

export type PartRow = { seq: number; part: number; claimed: number; tries: number; due: number };

export type SubmissionRow = {
  n: number;
  id: string | null;
  /** Hash of the request's body: another body under the same id is a conflict. */
  body: string | null;
  count: number;
  /** A StoredShared. */
  shared: string;
  /** Key in R2 of the spooled body, until it is expanded. */
  manifest: string | null;
  /** The first item that is not expanded yet, and the byte where the scan goes on. */
  next: number;
  at: number;
  created: number;
};

/** What the files of a submission have in common. */
export interface StoredShared {
  options: Record<string, unknown>;
  warnings: string[];
  appId: string | null;
  api: "files" | "v3";
}

/** One file's own part; a submission of one file needs no row of its own and carries `shared` here. */
export interface StoredRequest
  extends Pick<
    FileRequest,
    "sourceUri" | "filename" | "destinationUri" | "destinationBasename" | "s3Region" | "options"
  > {
  shared?: StoredShared;
  /** Of the item's own options. */
  warnings?: string[];
  /** Hash of the body that came with an Idempotency-Key. */
  body?: string;
}

export interface StoredResult {
  formats: Record<string, FormatState>;
  warnings: string[];
  /** How far its text is to be trusted; absent of files that earlier versions converted. */
  quality?: QualitySummary;
}

/** What is left of a result when a file's data is gone. */
export interface StoredRemoval {
  removed: string[];
}
