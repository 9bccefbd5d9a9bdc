/**
 * The job object: the one place that knows which files a job has and how far they are, and the scheduler that releases
 * their steps. This class is its outline and its alarm; what each call does lies beside it: intake and expand (what
 * comes in), schedule and work (what goes on), outbox (what is told), removal (what goes).
 *
 * Everything that changes a file changes it in one synchronous run; calls to the outside come before or after, never
 * within. Reading calls name the group that asks.
 */
import { DurableObject } from "cloudflare:workers";
import { type Code, type Outcome, ok, refused } from "../lib/failure.ts";
import { errorFields, log } from "../lib/log.ts";
import { expandSlice } from "./expand.ts";
import { claimOfCustomId, goneOf, SharedReader, viewFile, viewJob } from "./file-views.ts";
import { findKeyed, findLive, isSpooledFrom, takeSpooled, takeSubmission } from "./intake.ts";
import { flightKey, isFailed, type JobBindings, JobState } from "./job-state.ts";
import { COMPLETED, type FileRow, PENDING, RUNNING } from "./job-tables.ts";
import { flush } from "./outbox.ts";
import { expireDue, hasRemovals, isSourceKept, removeJob, removeRow, removeSlice } from "./removal.ts";
import { Schedule } from "./schedule.ts";
import type { StepName } from "./steps.ts";
import type {
  FileView,
  JobView,
  Receipt,
  SourceView,
  SpooledSubmission,
  Submission,
  SubmitAnswer,
  Work,
} from "./views.ts";
import {
  CANCELLATION,
  cancelRow,
  claimStep,
  type Done,
  type Fetched,
  leasedRow,
  markDone,
  markFailed,
  markFetched,
  markPartDone,
  markProgress,
  markReserved,
  markSplit,
  retryRow,
  type TryFailure,
} from "./work.ts";

export type { JobBindings } from "./job-state.ts";

/**
 * While anything is open or untold the alarm comes this often. It bounds how long a step stands still after the process
 * died, and how old the ledger in D1 is; an alarm is a row written.
 */
const HEARTBEAT_MS = 2_000;
/** After a failed flush or purge the next try may wait. */
const TROUBLE_MS = 10_000;
/** Ended files that are told at once, without waiting for the alarm. */
const FLUSH_AT = 500;
/** A page of a listing or of changes. */
const LIST_MAX = 1_000;

export interface Listing {
  /** `pending` is everything that hasn't ended, `error` includes the cancelled; null = all. */
  status: "pending" | "completed" | "error" | "cancelled" | null;
  limit: number;
  /** Seq of the last file of the page before. */
  after: number | null;
}

export class JobObject extends DurableObject<JobBindings> {
  private readonly state: JobState;
  private readonly schedule: Schedule;
  private alarmAt: number | null = null;
  private turning: Promise<void> | null = null;
  private turnAgain = false;
  private settling: Promise<boolean> | null = null;

  constructor(ctx: DurableObjectState, env: JobBindings) {
    super(ctx, env);
    this.state = new JobState(ctx.storage, env);
    this.schedule = new Schedule(this.state);
    if (!this.state.exists) return;
    ctx.blockConcurrencyWhile(async () => {
      this.alarmAt = await ctx.storage.getAlarm();
      this.arm(Date.now());
    });
  }

  // Submitting

  submit(submission: Submission): Outcome<SubmitAnswer> {
    const answer = takeSubmission(this.state, submission, Date.now());
    if (answer.ok) this.noteApp(submission.appId);
    this.nudge();
    return answer;
  }

  spool(submission: SpooledSubmission): Outcome<SubmitAnswer> {
    const answer = takeSpooled(this.state, submission, Date.now());
    if (answer.ok) this.noteApp(submission.appId);
    // A repeat brought its list once more; the first one is what is expanded.
    if (answer.ok && !isSpooledFrom(this.state, submission)) {
      this.ctx.waitUntil(this.env.BUCKET.delete(submission.manifest));
    }
    this.nudge();
    return answer;
  }

  /** What an Idempotency-Key claims here, for `submit` elsewhere when it claims nothing. */
  keyed(hash: string, bodyHash: string, since: number): Outcome<{ seq: number; fileId: string } | null> {
    return findKeyed(this.state, hash, bodyHash, since);
  }

  /** D1 has the job's row. */
  registered(): void {
    if (!this.state.exists || this.state.meta("registered") !== null) return;
    this.state.setMeta("registered", 1);
    this.state.setMeta("told", 1);
  }

  finalize(group: string): Outcome<{ finalizedAt: number }> {
    const refusal = this.refuse(group);
    if (refusal !== null) return refusal;
    const finalizedAt = this.state.number("finalized") ?? Date.now();
    this.state.setMeta("finalized", finalizedAt);
    return ok({ finalizedAt });
  }

  cancel(group: string): Outcome<JobView> {
    const refusal = this.refuse(group);
    if (refusal !== null) return refusal;
    if (this.state.isOpen) this.state.cancelOpen(CANCELLATION, Date.now());
    this.nudge();
    return ok(viewJob(this.state));
  }

  /** Drives errored and cancelled files again: all of them, or those with one of `codes`. */
  retry(group: string, codes: Code[] | null): Outcome<{ retried: number }> {
    const refusal = this.refuse(group);
    if (refusal !== null) return refusal;
    const now = Date.now();
    const rows = this.state.sql
      .exec<FileRow>(`SELECT * FROM files WHERE state > ${COMPLETED} AND gone IS NULL ORDER BY seq`)
      .toArray()
      .filter((row) => codes === null || codes.includes(row.code as Code));
    const retried = this.state.atomically(() => {
      let count = 0;
      for (const row of rows) {
        if (this.refuseRetry(row) !== null) continue;
        retryRow(this.state, row, now);
        count++;
      }
      return count;
    });
    this.nudge();
    return ok({ retried });
  }

  cancelFile(group: string, seq: number): Outcome<FileView> {
    const found = this.find(group, seq);
    if (!found.ok) return found;
    const row = found.value;
    if (row.state !== PENDING && row.state !== RUNNING) {
      if (row.code === "cancelled") return ok(viewFile(this.state, row));
      return refused("conflict", "The file has ended; there is nothing to cancel.");
    }
    const next = cancelRow(this.state, row, Date.now());
    this.nudge();
    return ok(viewFile(this.state, next));
  }

  retryFile(group: string, seq: number): Outcome<FileView> {
    const found = this.find(group, seq);
    if (!found.ok) return found;
    const row = found.value;
    if (row.state === PENDING || row.state === RUNNING) return ok(viewFile(this.state, row));
    const refusal = this.refuseRetry(row);
    if (refusal !== null) return refusal;
    const next = retryRow(this.state, row, Date.now());
    this.nudge();
    return ok(viewFile(this.state, next));
  }

  async remove(group: string): Promise<Outcome<Receipt>> {
    const refusal = this.refuse(group);
    if (refusal !== null) return refusal;
    const receipt = await removeJob(this.state, Date.now());
    this.nudge();
    return receipt;
  }

  async removeFile(group: string, seq: number): Promise<Outcome<Receipt>> {
    const found = this.find(group, seq);
    if (!found.ok) return found;
    if (found.value.state < COMPLETED) {
      return refused("conflict", "The file is still being converted; cancel it or wait, then delete it.");
    }
    const receipt = await removeRow(this.state, found.value, Date.now());
    this.nudge();
    return ok(receipt);
  }

  // Reading

  job(group: string): Outcome<JobView> {
    return this.refuse(group) ?? ok(viewJob(this.state));
  }

  file(group: string, seq: number): Outcome<FileView> {
    const found = this.find(group, seq);
    return found.ok ? ok(viewFile(this.state, found.value)) : found;
  }

  /** The live file of a pair, else the newest; unknown and foreign look the same. */
  fileByCustomId(group: string, customId: string): Outcome<FileView> {
    const unknown = refused("not_found", `There is no file with custom_id "${customId}" in this job.`);
    if (this.refuse(group) !== null) return unknown;
    const claim = claimOfCustomId(customId);
    const row =
      findLive(this.state, claim) ??
      this.state.sql.exec<FileRow>("SELECT * FROM files WHERE claim = ? ORDER BY seq DESC LIMIT 1", claim).toArray()[0];
    return row === undefined || goneOf(this.state, row) !== null ? unknown : ok(viewFile(this.state, row));
  }

  files(group: string, { status, limit, after }: Listing): Outcome<{ files: FileView[]; next: number | null }> {
    const refusal = this.refuse(group);
    if (refusal !== null) return refusal;
    const wanted = { pending: "state <= 1", completed: "state = 2", error: "state >= 3", cancelled: "state = 4" };
    const where = status === null ? "true" : wanted[status];
    const count = Math.min(Math.max(limit, 1), LIST_MAX);
    const rows = this.state.sql
      .exec<FileRow>(`SELECT * FROM files WHERE seq > ? AND ${where} ORDER BY seq LIMIT ?`, after ?? -1, count + 1)
      .toArray();
    const reader = new SharedReader(this.state);
    const files = rows.slice(0, count).map((row) => viewFile(this.state, row, reader));
    return ok({ files, next: rows.length > count ? files.at(-1)!.seq : null });
  }

  /** What changed after `rev`, in the order of the changes; ask again from the answer's `rev` when `more`. */
  changes(group: string, rev: number, limit: number): Outcome<{ files: FileView[]; rev: number; more: boolean }> {
    const refusal = this.refuse(group);
    if (refusal !== null) return refusal;
    const count = Math.min(Math.max(limit, 1), LIST_MAX);
    const seqs = this.state.changedAfter(rev, count + 1);
    const reader = new SharedReader(this.state);
    const files = seqs.slice(0, count).map((seq) => viewFile(this.state, this.state.row(seq)!, reader));
    const more = seqs.length > count;
    return ok({ files, rev: more ? files.at(-1)!.rev : this.state.rev, more });
  }

  /** Where a file's source lies: what a crop needs; null when it is gone or there is none. */
  source(seq: number): SourceView | null {
    const row = this.state.exists ? this.state.row(seq) : null;
    if (row?.source_key == null || goneOf(this.state, row) !== null || !isSourceKept(row, Date.now())) return null;
    return { sourceKey: row.source_key, sourceBytes: row.source_bytes ?? 0, sourceSha256: row.source_sha256 };
  }

  // Working

  claim(seq: number, part: number, attempt: number, step: StepName): Work | null {
    if (!this.state.exists) return null;
    const now = Date.now();
    const releasedAt = this.state.flights.get(flightKey(seq, step === "part" ? part : null))?.releasedAt;
    const work = claimStep(this.state, { seq, part, attempt, step }, now);
    if (work !== null && releasedAt !== undefined) this.schedule.noteClaim(releasedAt, now);
    return work;
  }

  /** Null = queued, or nothing to do; work = go on with it at once. */
  async fetched(seq: number, attempt: number, source: Fetched): Promise<Work | null> {
    if (!this.state.exists) return null;
    const { work, hint } = markFetched(this.state, seq, attempt, source, Date.now());
    if (hint !== null) await this.schedule.send([hint]);
    return work;
  }

  /** Sets the file's pages aside in the group's month, or says why it can't have them. */
  async reserve(seq: number, attempt: number, pages: number): Promise<Outcome<null>> {
    const lost = refused("conflict", "Another try works on this file.");
    if (!this.state.exists || leasedRow(this.state, seq, attempt) === null) return lost;
    const { key, group } = this.state.ref;
    const outcome = (await this.env.GROUP.getByName(group).reserve({ job: key, seq, attempt, pages })) as Outcome<null>;
    if (!outcome.ok) return outcome;
    const row = leasedRow(this.state, seq, attempt);
    if (row === null) return lost;
    markReserved(this.state, row, pages, Date.now());
    return ok(null);
  }

  split(seq: number, attempt: number, cut: { pages: number[]; partPages: number }): boolean {
    const split = this.state.exists && markSplit(this.state, seq, attempt, cut, Date.now());
    this.nudge();
    return split;
  }

  /** False = stop: the lease is gone. */
  progress(seq: number, part: number, attempt: number, pagesDone: number): boolean {
    return this.state.exists && markProgress(this.state, { seq, part, attempt, pagesDone }, Date.now());
  }

  async partDone(seq: number, part: number, attempt: number): Promise<boolean> {
    if (!this.state.exists) return false;
    const { counted, hint } = markPartDone(this.state, seq, part, attempt, Date.now());
    if (hint !== null) await this.schedule.send([hint]);
    this.nudge();
    return counted;
  }

  /** Completes the file; a stale attempt changes nothing. */
  done(seq: number, attempt: number, result: Done): boolean {
    const done = this.state.exists && markDone(this.state, seq, attempt, result, Date.now());
    this.nudge();
    return done;
  }

  /** Another try with back-off, or the file's end. */
  failed(seq: number, part: number, attempt: number, failure: TryFailure): void {
    if (this.state.exists) markFailed(this.state, { seq, part, attempt }, failure, Date.now());
    this.nudge();
  }

  // Living

  /** The group has slots again. */
  poke(): void {
    this.schedule.askAgain();
    this.nudge();
  }

  /** Cron: nothing sleeps that has something to do. */
  async wake(): Promise<void> {
    await this.turn();
    if (this.state.exists) await this.settle();
    this.arm(Date.now());
  }

  /** Cron: what has been kept long enough goes. D1 learns when to ask again. */
  async expire(now: number): Promise<{ objects: number; next: number | null }> {
    if (!this.state.exists) return { objects: 0, next: null };
    const expired = await expireDue(this.state, now);
    await this.env.DB.prepare("UPDATE jobs SET expire_at = ? WHERE key = ?")
      .bind(expired.next, this.state.ref.key)
      .run();
    this.nudge();
    return expired;
  }

  /** Never throws: an alarm that does is given up after six tries. */
  override async alarm(): Promise<void> {
    this.alarmAt = null;
    try {
      await this.turn();
      const settled = await this.settle();
      this.arm(Date.now(), settled ? HEARTBEAT_MS : TROUBLE_MS);
    } catch (error) {
      log("error", "alarm", errorFields(error));
      await this.ctx.storage.setAlarm(Date.now() + TROUBLE_MS);
    }
  }

  /** Schedules in the background, one turn at a time, and makes sure that an alarm follows. */
  private nudge(): void {
    if (!this.state.exists) return;
    this.arm(Date.now());
    this.ctx.waitUntil(this.turn());
  }

  private turn(): Promise<void> {
    this.turnAgain = true;
    this.turning ??= this.turns().finally(() => {
      this.turning = null;
    });
    return this.turning;
  }

  private async turns(): Promise<void> {
    while (this.turnAgain && this.state.exists) {
      this.turnAgain = false;
      try {
        if (await expandSlice(this.state)) this.turnAgain = true;
        await this.schedule.run();
        if (this.state.unflushed.size >= FLUSH_AT) await this.settle();
      } catch (error) {
        log("error", "turn", { job: this.state.ref.key, ...errorFields(error) });
        return;
      }
    }
  }

  /** Tells D1 and the group what ended, and goes on deleting. @returns false when something refused it */
  private settle(): Promise<boolean> {
    this.settling ??= this.settleOnce().finally(() => {
      this.settling = null;
    });
    return this.settling;
  }

  private async settleOnce(): Promise<boolean> {
    if (!this.state.exists) return true;
    try {
      await flush(this.state, Date.now());
      if (hasRemovals(this.state)) await removeSlice(this.state);
      return true;
    } catch (error) {
      log("warn", "outbox", { job: this.state.ref.key, ...errorFields(error) });
      return false;
    }
  }

  /** An alarm within the heartbeat while anything is left to do; none when nothing is. */
  private arm(now: number, delay = HEARTBEAT_MS): void {
    const { state } = this;
    if (!state.exists) return;
    const busy = state.flights.size > 0 || state.ready(now) > 0 || state.spooled > 0;
    const untold = state.unflushed.size + state.unbilled.size > 0 || hasRemovals(state) || this.isUntold();
    let at = busy || untold ? now + (busy ? HEARTBEAT_MS : delay) : Number.POSITIVE_INFINITY;
    for (const wait of state.waits.values()) at = Math.min(at, Math.max(wait.due, now));
    if (at === Number.POSITIVE_INFINITY || (this.alarmAt !== null && this.alarmAt <= at)) return;
    this.alarmAt = at;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(at));
  }

  /** A job that is done, or open again, and D1 doesn't know; singles wait for cron (outbox). */
  private isUntold(): boolean {
    const { state } = this;
    return state.ref.kind === "job" && state.number("told") !== Number(state.isOpen);
  }

  private noteApp(appId: string | null): void {
    if (appId !== null && this.state.meta("app") === null) this.state.setMeta("app", appId);
  }

  private refuse(group: string): Outcome<never> | null {
    if (!this.state.exists) return refused("not_found", "There is no such job.");
    return this.state.ref.group === group ? null : refused("forbidden", "This job belongs to another group.");
  }

  private find(group: string, seq: number): Outcome<FileRow> {
    if (!this.state.exists) return refused("not_found", "There is no such file.");
    if (this.state.ref.group !== group) return refused("forbidden", "This file belongs to another group.");
    const row = this.state.row(seq);
    return row === null ? refused("not_found", "There is no such file.") : ok(row);
  }

  private refuseRetry(row: FileRow): Outcome<never> | null {
    if (!isFailed(row)) return refused("conflict", "The file has completed; there is nothing to try again.");
    const gone = goneOf(this.state, row);
    if (gone !== null) return refused("conflict", `The file's data is ${gone.why}; submit it again.`);
    const view = viewFile(this.state, row);
    if (view.sourceUri === null && !isSourceKept(row, Date.now())) {
      return refused("conflict", "The file has no source any more; submit it again.");
    }
    if (row.claim !== null && findLive(this.state, row.claim) !== null) {
      return refused("conflict", "A later file has the same custom_id and is live; this one keeps its end.");
    }
    return null;
  }
}
