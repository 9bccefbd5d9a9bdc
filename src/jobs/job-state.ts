/**
 * A job object's state: rows, and what is known of them in memory (counters, what waits, what is under way). Every
 * change of a file goes through `write`, so that rows, counters and revs move in one synchronous run. Deciding what to
 * change is left to the verbs beside this file.
 */
import type { GroupObject } from "../accounts/group-object.ts";
import { fileId } from "../lib/ids.ts";
import {
  CANCELLED,
  COMPLETED,
  createTables,
  ERRORED,
  type FileRow,
  hasTables,
  type PartRow,
  PENDING,
  RUNNING,
  type SubmissionRow,
  stateOf,
} from "./job-tables.ts";
import { MOVES } from "./status.ts";
import type { Step } from "./steps.ts";
import type { JobRef } from "./views.ts";
import { Waits } from "./waits.ts";

/** What the object needs of its Worker's environment. */
export interface JobBindings {
  ID_SECRET: string;
  PUBLIC_URL: string;
  GROUP: DurableObjectNamespace<GroupObject>;
  FETCH_QUEUE: Queue<Step>;
  CONVERT_QUEUE: Queue<Step>;
  DB: D1Database;
  BUCKET: R2Bucket;
}

/** A step released to a queue or under a lease. */
export interface Flight {
  seq: number;
  part: number | null;
  attempt: number;
  /** When the hint or the lease counts as lost. */
  due: number;
  leased: boolean;
  releasedAt: number;
}

export const flightKey = (seq: number, part: number | null): string => (part === null ? `${seq}` : `${seq}/${part}`);

/** Columns that `write` may set; rev and modified it sets itself. */
export type Patch = Partial<Omit<FileRow, "seq" | "rev" | "modified">>;

export class JobState {
  readonly sql: SqlStorage;
  readonly env: JobBindings;
  readonly storage: DurableObjectStorage;
  job: JobRef | null = null;
  /** Files by state; items that are spooled and not expanded are in `spooled`. */
  counts: number[] = [0, 0, 0, 0, 0];
  spooled = 0;
  rev = 0;
  lastSeq = -1;
  /** When a file last changed. */
  modified = 0;
  /** Pending files due at once lie from here on, or in `waits`; those before are in `waits`, `flights` or at their end. */
  fresh = 0;
  waits = new Waits();
  flights = new Map<string, Flight>();
  /** Ended files whose newest change D1 doesn't know yet, in the order of their revs. */
  unflushed = new Set<number>();
  /** Ended files whose pages the group object doesn't know yet, in the order in which they ended. */
  unbilled = new Set<number>();
  /** Files whose objects are still to be deleted. */
  purges = new Set<number>();
  /** The whole job is being removed, or was and nobody has looked whether all of it is gone. */
  removing = false;

  private readonly recall: (state: JobState) => void;

  /** @param recall reads all of the above off the rows (recall.ts) */
  constructor(storage: DurableObjectStorage, env: JobBindings, recall: (state: JobState) => void) {
    this.recall = recall;
    this.storage = storage;
    this.sql = storage.sql;
    this.env = env;
    if (hasTables(this.sql)) this.recall(this);
  }

  get exists(): boolean {
    return this.job !== null;
  }

  /** D1 has the job's row. */
  get isRegistered(): boolean {
    return this.meta("registered") !== null;
  }

  /** The job this object is; the first submission says which. */
  open(job: JobRef, now: number): void {
    if (this.job === null) {
      createTables(this.sql);
      this.setMeta("created", now);
    } else if (this.job.jobId === job.jobId) return;
    this.name(job);
  }

  /** The customer's name for the job goes with its data; who submits to it again names it again. D1 is told anew. */
  forgetName(): void {
    this.name({ ...this.ref, jobId: "" });
    for (const name of ["app", "registered", "told"]) this.setMeta(name, null);
  }

  private name(job: JobRef): void {
    this.setMeta("job", JSON.stringify(job));
    this.job = job;
  }

  get ref(): JobRef {
    if (this.job === null) throw new Error("the job object has no job yet");
    return this.job;
  }

  fileId(seq: number): string {
    return fileId(this.env.ID_SECRET, this.ref.key, seq);
  }

  meta(name: string): string | number | null {
    return (
      this.sql.exec<{ value: string | number | null }>("SELECT value FROM meta WHERE name = ?", name).toArray()[0]
        ?.value ?? null
    );
  }

  number(name: string): number | null {
    const value = this.meta(name);
    return value === null ? null : Number(value);
  }

  setMeta(name: string, value: string | number | null): void {
    this.sql.exec("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value);
  }

  row(seq: number): FileRow | null {
    return this.sql.exec<FileRow>("SELECT * FROM files WHERE seq = ?", seq).toArray()[0] ?? null;
  }

  part(seq: number, part: number): PartRow | null {
    return this.sql.exec<PartRow>("SELECT * FROM parts WHERE seq = ? AND part = ?", seq, part).toArray()[0] ?? null;
  }

  submission(n: number): SubmissionRow {
    return this.sql.exec<SubmissionRow>("SELECT * FROM submissions WHERE n = ?", n).one();
  }

  /** Changes a file: the one place where a state, a counter or a rev moves. @returns the row as it is now */
  write(row: FileRow, patch: Patch, now: number): FileRow {
    const to = patch.state ?? row.state;
    if (to !== row.state && !MOVES[stateOf(row)].includes(stateOf({ state: to }))) {
      throw new Error(`file ${row.seq} can't go from ${stateOf(row)} to ${stateOf({ state: to })}`);
    }
    const rev = this.rev + 1;
    const ends = to >= COMPLETED && row.state < COMPLETED;
    const full: Partial<FileRow> = { ...patch, rev, modified: now };
    if (ends) Object.assign(full, { ended: now, ended_rev: rev });
    const names = Object.keys(full) as (keyof FileRow)[];
    this.sql.exec(
      `UPDATE files SET ${names.map((n) => `${n} = ?`).join(", ")} WHERE seq = ?`,
      ...names.map((n) => full[n] ?? null),
      row.seq,
    );
    this.rev = rev;
    this.modified = now;
    this.counts[row.state]!--;
    this.counts[to]!++;
    this.noteEnd(row.seq, to, ends);
    return { ...row, ...full };
  }

  insert(row: FileRow): void {
    const names = Object.keys(row) as (keyof FileRow)[];
    this.sql.exec(
      `INSERT INTO files (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
      ...names.map((n) => row[n]),
    );
    this.rev = row.rev;
    this.modified = row.modified;
    this.lastSeq = row.seq;
    this.counts[row.state]!++;
    this.noteEnd(row.seq, row.state, row.state >= COMPLETED);
  }

  /** Cancels everything that hasn't ended, in one statement, since a job may have 200,000 files. */
  cancelOpen(why: { code: string; message: string }, now: number): void {
    const base = this.rev + 1;
    this.atomically(() => {
      this.setMeta("cancelled", now);
      this.sql.exec(
        `UPDATE files SET state = ${CANCELLED}, claimed = 0, due = 0, code = ?, message = ?, modified = ?, ended = ?,
         rev = ? + seq, ended_rev = ? + seq WHERE state <= ${RUNNING}`,
        why.code,
        why.message,
        now,
        now,
        base,
        base,
      );
      this.sql.exec("DELETE FROM parts");
      this.sql.exec("DELETE FROM large");
    });
    this.recall(this);
  }

  /**
   * Makes many files pending again in one statement.
   * @param change is given the rev that each file's seq is added to, and says which files it changed
   * @returns how many
   */
  writeMany(change: (rev: number) => number[], now: number): number {
    const base = this.rev + 1;
    return this.atomically(() => {
      const seqs = change(base);
      for (const seq of seqs) {
        this.noteEnd(seq, PENDING, false);
        this.rev = Math.max(this.rev, base + seq);
        this.fresh = Math.min(this.fresh, seq);
      }
      if (seqs.length > 0) this.modified = now;
      this.countStates();
      return seqs.length;
    });
  }

  /** Counters, off the rows. */
  countStates(): void {
    this.counts = [0, 0, 0, 0, 0];
    for (const { state, n } of this.sql.exec<{ state: number; n: number }>(
      "SELECT state, count(*) AS n FROM files GROUP BY state",
    )) {
      this.counts[state] = n;
    }
  }

  /** A run of several rows: all of it or nothing, memory included. */
  atomically<T>(run: () => T): T {
    try {
      return this.storage.transactionSync(run);
    } catch (error) {
      this.recall(this);
      throw error;
    }
  }

  get pending(): number {
    return this.counts[PENDING]! + this.spooled;
  }

  get fileCount(): number {
    return this.counts.reduce((a, b) => a + b, 0) + this.spooled;
  }

  /** Anything that hasn't reached its end. */
  get isOpen(): boolean {
    return this.pending + this.counts[RUNNING]! > 0;
  }

  /** Steps that could be released now, but for slots. */
  ready(now: number): number {
    return this.waits.due(now) + this.counts[PENDING]! - this.waits.files;
  }

  private noteEnd(seq: number, state: number, ends: boolean): void {
    this.unflushed.delete(seq);
    if (state >= COMPLETED) this.unflushed.add(seq);
    else this.unbilled.delete(seq);
    if (ends) this.unbilled.add(seq);
  }
}

/** Errors and cancellations: what retry may drive again. */
export const isFailed = (row: FileRow): boolean => row.state === ERRORED || row.state === CANCELLED;
