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
import type { FileId } from "../lib/ids.ts";
import { Clock } from "./clock.ts";
import { viewFile, viewJob } from "./file-views.ts";
import { isSpooledFrom, takeSpooled, takeSubmission } from "./intake.ts";
import { flightKey, type JobBindings, JobState } from "./job-state.ts";
import { COMPLETED } from "./job-tables.ts";
import { claimKey, findKeyed, type KeyClaim } from "./keys.ts";
import { settleAgain, tellExpiry, tellJob } from "./outbox.ts";
import {
  countPages,
  type FilePage,
  findByCustomId,
  findRow,
  type Listing,
  listFiles,
  refuseGroup,
  viewSource,
} from "./reading.ts";
import { recall } from "./recall.ts";
import { expireDue, removeJob, removeRow } from "./removal.ts";
import { retryFailed, retryFile } from "./retry.ts";
import { Schedule } from "./schedule.ts";
import type { StepName } from "./steps.ts";
import { CANCELLATION, cancelFile, markFailed, type TryFailure } from "./tries.ts";
import type {
  FileView,
  JobRef,
  JobView,
  Receipt,
  SourceView,
  SpooledSubmission,
  Submission,
  SubmitAnswer,
  Work,
} from "./views.ts";
import {
  claimStep,
  type Done,
  type Fetched,
  leasedRow,
  markDone,
  markFetched,
  markPartDone,
  markProgress,
  markReserved,
  markSplit,
} from "./work.ts";

export type { JobBindings } from "./job-state.ts";

export class JobObject extends DurableObject<JobBindings> {
  private readonly state: JobState;
  private readonly schedule: Schedule;
  private readonly clock: Clock;

  constructor(ctx: DurableObjectState, env: JobBindings) {
    super(ctx, env);
    this.state = new JobState(ctx.storage, env, recall);
    this.schedule = new Schedule(this.state);
    this.clock = new Clock(ctx, this.state, this.schedule);
    if (this.state.exists) ctx.blockConcurrencyWhile(() => this.clock.start());
  }

  // Submitting

  submit(submission: Submission): Outcome<SubmitAnswer> {
    const answer = takeSubmission(this.state, submission, Date.now());
    if (answer.ok) this.noteApp(submission.appId);
    this.clock.nudge();
    return answer;
  }

  spool(submission: SpooledSubmission): Outcome<SubmitAnswer> {
    const answer = takeSpooled(this.state, submission, Date.now());
    if (answer.ok) this.noteApp(submission.appId);
    // A repeat brought its list once more; the first one is what is expanded.
    if (answer.ok && !isSpooledFrom(this.state, submission)) {
      this.ctx.waitUntil(this.env.BUCKET.delete(submission.manifest));
    }
    this.clock.nudge();
    return answer;
  }

  /** The live file that an Idempotency-Key claims here; null = none. Refused when it came with another body. */
  keyed(key: KeyClaim): Outcome<{ fileId: FileId } | null> {
    return findKeyed(this.state, key);
  }

  /** Claims an Idempotency-Key for what is submitted to another object. */
  claimKey(object: JobRef, key: KeyClaim): Outcome<{ registered: boolean }> {
    return claimKey(this.state, object, key, Date.now());
  }

  /** Sees to it that D1 has the job's row. */
  async register(): Promise<void> {
    if (!this.state.exists || this.state.meta("registered") !== null) return;
    await tellJob(this.state, Date.now());
    this.state.setMeta("registered", 1);
    this.clock.nudge();
  }

  finalize(group: string): Outcome<{ finalizedAt: number }> {
    const refusal = refuseGroup(this.state, group);
    if (refusal !== null) return refusal;
    const finalizedAt = this.state.number("finalized") ?? Date.now();
    this.state.setMeta("finalized", finalizedAt);
    return ok({ finalizedAt });
  }

  cancel(group: string): Outcome<JobView> {
    const refusal = refuseGroup(this.state, group);
    if (refusal !== null) return refusal;
    if (this.state.isOpen) this.state.cancelOpen(CANCELLATION, Date.now());
    this.clock.nudge();
    return ok(viewJob(this.state));
  }

  /** Drives errored and cancelled files again: all of them, or those with one of `codes`. */
  retry(group: string, codes: Code[] | null): Outcome<{ retried: number }> {
    const refusal = refuseGroup(this.state, group);
    if (refusal !== null) return refusal;
    const retried = retryFailed(this.state, codes, Date.now());
    this.clock.nudge();
    return ok({ retried });
  }

  cancelFile(group: string, seq: number): Outcome<FileView> {
    return this.move(group, seq, cancelFile);
  }

  retryFile(group: string, seq: number): Outcome<FileView> {
    return this.move(group, seq, retryFile);
  }

  async remove(group: string): Promise<Outcome<Receipt>> {
    const refusal = refuseGroup(this.state, group);
    if (refusal !== null) return refusal;
    const receipt = await removeJob(this.state, Date.now());
    this.clock.nudge();
    return receipt;
  }

  async removeFile(group: string, seq: number): Promise<Outcome<Receipt>> {
    const found = findRow(this.state, group, seq);
    if (!found.ok) return found;
    if (found.value.state < COMPLETED) {
      return refused("conflict", "The file is still being converted; cancel it or wait, then delete it.");
    }
    const receipt = await removeRow(this.state, found.value, Date.now());
    this.clock.nudge();
    return ok(receipt);
  }

  // Reading

  job(group: string): Outcome<JobView> {
    return refuseGroup(this.state, group) ?? ok(viewJob(this.state));
  }

  file(group: string, seq: number): Outcome<FileView> {
    const found = findRow(this.state, group, seq);
    return found.ok ? ok(viewFile(this.state, found.value)) : found;
  }

  /** The live file of a pair, else the newest; unknown and foreign look the same. */
  fileByCustomId(group: string, customId: string): Outcome<FileView> {
    return findByCustomId(this.state, group, customId);
  }

  files(group: string, listing: Listing): Outcome<FilePage> {
    return listFiles(this.state, group, listing);
  }

  /** Pages of all its files. */
  pages(group: string): Outcome<{ known: number; completed: number }> {
    return refuseGroup(this.state, group) ?? ok(countPages(this.state));
  }

  /** Where a file's source lies: what a crop needs; null when it is gone or there is none. */
  source(seq: number): SourceView | null {
    return viewSource(this.state, seq, Date.now());
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
    const outcome = await this.env.GROUP.getByName(group).reserve({ job: key, seq, attempt, pages });
    if (!outcome.ok) return outcome;
    const row = leasedRow(this.state, seq, attempt);
    if (row === null) {
      settleAgain(this.state, seq);
      this.clock.nudge();
      return lost;
    }
    markReserved(this.state, row, pages, Date.now());
    return ok(null);
  }

  split(seq: number, attempt: number, cut: { pages: number[]; partPages: number }): boolean {
    const split = this.state.exists && markSplit(this.state, seq, attempt, cut, Date.now());
    this.clock.nudge();
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
    this.clock.nudge();
    return counted;
  }

  /** Completes the file; a stale attempt changes nothing. */
  done(seq: number, attempt: number, result: Done): boolean {
    const done = this.state.exists && markDone(this.state, seq, attempt, result, Date.now());
    this.clock.nudge();
    return done;
  }

  /** Another try with back-off, or the file's end. */
  failed(seq: number, part: number, attempt: number, failure: TryFailure): void {
    if (this.state.exists) markFailed(this.state, { seq, part, attempt }, failure, Date.now());
    this.clock.nudge();
  }

  // Living

  /** The group has slots again. */
  poke(): void {
    this.schedule.askAgain();
    this.clock.nudge();
  }

  /** Cron: nothing sleeps that has something to do. */
  wake(): Promise<void> {
    return this.clock.ring();
  }

  /** Cron: what has been kept long enough goes. D1 learns when to ask again. */
  async expire(now: number): Promise<{ objects: number; next: number | null }> {
    if (!this.state.exists) return { objects: 0, next: null };
    const expired = await expireDue(this.state, now);
    await tellExpiry(this.state, expired.next);
    this.clock.nudge();
    return expired;
  }

  override alarm(): Promise<void> {
    return this.clock.ring();
  }

  private move(group: string, seq: number, move: typeof cancelFile): Outcome<FileView> {
    const found = findRow(this.state, group, seq);
    if (!found.ok) return found;
    const moved = move(this.state, found.value, Date.now());
    if (!moved.ok) return moved;
    this.clock.nudge();
    return ok(viewFile(this.state, moved.value));
  }

  private noteApp(appId: string | null): void {
    if (appId !== null && this.state.meta("app") === null) this.state.setMeta("app", appId);
  }
}
