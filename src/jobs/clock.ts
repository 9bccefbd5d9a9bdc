/**
 * When the job object does something by itself: a turn in the background after each call, and the alarm as the net under
 * it. While anything is open or untold an alarm stands; what a turn does is expand's, schedule's, outbox's and removal's.
 */
import { errorFields, log } from "../lib/log.ts";
import { expandSlice } from "./expand.ts";
import type { JobState } from "./job-state.ts";
import { flush } from "./outbox.ts";
import { hasRemovals, removeSlice } from "./removal.ts";
import type { Schedule } from "./schedule.ts";

/**
 * While anything is open or untold the alarm comes this often. It bounds how long a step stands still after the process
 * died, and how old the ledger in D1 is; an alarm is a row written.
 */
const HEARTBEAT_MS = 2_000;
/** After a failed flush or purge the next try may wait. */
const TROUBLE_MS = 10_000;
/** Ended files that are told at once, without waiting for the alarm. */
const FLUSH_AT = 500;
export class Clock {
  private readonly ctx: DurableObjectState;
  private readonly state: JobState;
  private readonly schedule: Schedule;
  private alarmAt: number | null = null;
  private turning: Promise<void> | null = null;
  private turnAgain = false;
  private beat = false;
  private settling: Promise<boolean> | null = null;

  constructor(ctx: DurableObjectState, state: JobState, schedule: Schedule) {
    this.ctx = ctx;
    this.state = state;
    this.schedule = schedule;
  }

  /** After a start: what is left to do has an alarm, also when the last process died before it set one. */
  async start(): Promise<void> {
    this.alarmAt = await this.ctx.storage.getAlarm();
    this.arm(Date.now());
  }

  /** The alarm, or cron in its place. Never throws: an alarm that does is given up after six tries. */
  async ring(): Promise<void> {
    this.alarmAt = null;
    try {
      await this.turn(true);
      const settled = await this.settle();
      this.arm(Date.now(), settled ? HEARTBEAT_MS : TROUBLE_MS);
    } catch (error) {
      log("error", "alarm", errorFields(error));
      this.setAlarm(Date.now() + TROUBLE_MS);
    }
  }

  /** Schedules in the background, one turn at a time, and makes sure that an alarm follows. */
  nudge(): void {
    if (!this.state.exists) return;
    this.arm(Date.now());
    this.ctx.waitUntil(this.turn());
  }

  private turn(beat = false): Promise<void> {
    this.turnAgain = true;
    this.beat ||= beat;
    this.turning ??= this.turns().finally(() => {
      this.turning = null;
    });
    return this.turning;
  }

  private async turns(): Promise<void> {
    while (this.turnAgain && this.state.exists) {
      this.turnAgain = false;
      const { beat } = this;
      this.beat = false;
      try {
        await this.schedule.run(beat);
        if (await expandSlice(this.state)) this.turnAgain = true;
        if (this.state.unflushed.size >= FLUSH_AT) this.ctx.waitUntil(this.settle());
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
    const untold =
      state.unflushed.size + state.unbilled.size > 0 || hasRemovals(state) || this.isUntold() || this.schedule.isSeated;
    const beat = busy ? HEARTBEAT_MS : untold ? delay : Number.POSITIVE_INFINITY;
    const next = state.waits.next(now);
    // What is due already waits for a slot, and a slot comes with a poke or the heartbeat.
    const at = Math.min(now + beat, next !== null && next > now ? next : Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY || (this.alarmAt !== null && this.alarmAt <= at)) return;
    this.setAlarm(at);
  }

  /** Storage that refuses an alarm is asked again by the next call, or by cron. */
  private setAlarm(at: number): void {
    this.alarmAt = at;
    const failed = (error: unknown) => {
      this.alarmAt = null;
      log("error", "no alarm", errorFields(error));
    };
    this.ctx.waitUntil(this.ctx.storage.setAlarm(at).catch(failed));
  }

  /** A job that is done, or open again, and D1 doesn't know; singles wait for cron (outbox). */
  private isUntold(): boolean {
    const { state } = this;
    return state.ref.kind === "job" && state.number("told") !== Number(state.isOpen);
  }
}
