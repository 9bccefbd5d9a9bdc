/**
 * The table at which a group's jobs sit: who holds how many slots and who waits. What a job says goes in, what it may
 * have comes out; how slots are dealt is in `slots`, who is told of it is the group object's business.
 *
 * A seat's row says how many slots its job may have at most, rounded up so that it is seldom written: once when a job
 * takes its seat, a few times while it grows, and once when it leaves. After a restart a job counts as holding all of
 * that until it has spoken, so that no slot is dealt twice.
 */
import { dealSlots, type Seat } from "./slots.ts";

/** A job says what it has every 10 s (jobs/schedule). One that has been silent for this long is gone for good. */
const SEAT_MS = 120_000;
/** One that holds nothing keeps nobody waiting for longer than this. */
const SILENT_MS = 30_000;

const TABLE = "CREATE TABLE IF NOT EXISTS seats (job TEXT PRIMARY KEY, slots INTEGER NOT NULL) WITHOUT ROWID;";

export class Table {
  readonly seats = new Map<string, Seat>();
  private readonly sql: SqlStorage;
  private readonly rows = new Map<string, number>();
  private served = 0;

  constructor(sql: SqlStorage, now: number) {
    this.sql = sql;
    sql.exec(TABLE);
    for (const { job, slots } of sql.exec<{ job: string; slots: number }>("SELECT job, slots FROM seats")) {
      this.rows.set(job, slots);
      this.seats.set(job, { holds: slots, wants: slots, allowed: slots, servedAt: 0, seenAt: now });
    }
  }

  /** Slots that jobs use or were given. */
  get inFlight(): number {
    let held = 0;
    for (const { holds, wants } of this.seats.values()) held += Math.min(holds, wants);
    return held;
  }

  /** Takes a job's numbers. @returns how many slots it may hold */
  seat({ job, inFlight, waiting }: { job: string; inFlight: number; waiting: number }, limit: number, now: number) {
    this.dropSilent(now);
    const wants = inFlight + waiting;
    if (wants === 0) {
      this.leave(job);
      return 0;
    }
    const seat = { holds: inFlight, wants, allowed: 0, servedAt: this.seats.get(job)?.servedAt ?? 0, seenAt: now };
    this.seats.set(job, seat);
    const allow = dealSlots(this.seats, limit).get(job)!;
    seat.allowed = allow;
    seat.holds = Math.max(inFlight, allow);
    if (allow > inFlight) seat.servedAt = ++this.served;
    this.store(job, seat.holds, limit);
    return allow;
  }

  private dropSilent(now: number): void {
    for (const [job, { holds, seenAt }] of this.seats) {
      if (now - seenAt > (holds > 0 ? SEAT_MS : SILENT_MS)) this.leave(job);
    }
  }

  private leave(job: string): void {
    this.seats.delete(job);
    if (this.rows.delete(job)) this.sql.exec("DELETE FROM seats WHERE job = ?", job);
  }

  private store(job: string, holds: number, limit: number): void {
    if (holds <= (this.rows.get(job) ?? 0)) return;
    const slots = Math.max(holds, Math.min(limit, 2 ** Math.ceil(Math.log2(holds))));
    this.rows.set(job, slots);
    this.sql.exec("INSERT OR REPLACE INTO seats VALUES (?, ?)", job, slots);
  }
}
