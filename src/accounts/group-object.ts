/**
 * What spans a group's jobs: slots in flight dealt fairly, pages of the month with what is reserved, the rate of
 * requests. Files, attempts and the ledger are elsewhere: the job object tells what it has, this one only bounds it.
 *
 * Pages and reservations are rows. Slots and rates are memory: every `sync` carries absolute numbers, so an object that
 * forgot them knows again after one round of its jobs (seconds), and overshoots at most once meanwhile.
 */
import { DurableObject } from "cloudflare:workers";
import { type Outcome, ok, refused } from "../lib/failure.ts";
import type { Limits } from "./groups.ts";
import { dealSlots, type Seat } from "./slots.ts";

export interface GroupBindings {
  /** Jobs rank higher, so only what is called of them is named here. */
  JOB: { getByName(name: string): { poke(): Promise<void> } };
  /** Limits of a group that has none of its own; absent or empty = no limit. */
  DEFAULT_PAGE_MONTHLY_LIMIT?: string;
  DEFAULT_REQUESTS_PER_MINUTE?: string;
  DEFAULT_FILES_IN_FLIGHT?: string;
}

export interface Usage {
  /** `2026-11`, UTC. */
  month: string;
  pages: number;
  reserved: number;
  filesInFlight: number;
}

export interface Admission {
  allowed: boolean;
  limit: number | null;
  remaining: number;
  resetSeconds: number;
}

/** One file's end as the page count sees it: `pages` 0 = released unbilled. */
export interface Settled {
  seq: number;
  attempt: number;
  /** The job's rev at which the file ended: what was settled up to a rev is never counted again. */
  rev: number;
  pages: number;
}

/** What one group puts ahead of others in the queues, unless configured. */
const FILES_IN_FLIGHT = 100;
/** A job says what it has every few seconds while anything is open; one that is silent for longer holds no slot. */
const SEAT_MS = 120_000;
const MINUTE_MS = 60_000;

const TABLES = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS months (month TEXT PRIMARY KEY, pages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settled (job TEXT PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reserved (
  job TEXT, seq INTEGER, attempt INTEGER NOT NULL, pages INTEGER NOT NULL, PRIMARY KEY (job, seq)) WITHOUT ROWID;
`;

export class GroupObject extends DurableObject<GroupBindings> {
  private readonly sql: SqlStorage;
  private readonly seats = new Map<string, Seat>();
  private readonly poked = new Set<string>();
  private window = { startedAt: 0, count: 0 };
  private reservedPages: number;

  constructor(ctx: DurableObjectState, env: GroupBindings) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(TABLES);
    this.reservedPages = Number(this.sql.exec("SELECT total(pages) AS pages FROM reserved").one().pages);
  }

  /** Counts a request against the group's minute. */
  admit(): Admission {
    const limit = this.limits().requestsPerMinute;
    const now = Date.now();
    if (now - this.window.startedAt >= MINUTE_MS) this.window = { startedAt: now - (now % MINUTE_MS), count: 0 };
    const resetSeconds = Math.ceil((this.window.startedAt + MINUTE_MS - now) / 1000);
    if (limit === null) return { allowed: true, limit: null, remaining: 0, resetSeconds };
    const allowed = this.window.count < limit;
    if (allowed) this.window.count++;
    return { allowed, limit, remaining: limit - this.window.count, resetSeconds };
  }

  /** A job's numbers, absolute, so that a repeat changes nothing; the answer is how many steps it may have in flight. */
  sync(job: { job: string; inFlight: number; waiting: number }): { allow: number } {
    const now = Date.now();
    for (const [name, seat] of this.seats) if (now - seat.seenAt > SEAT_MS) this.seats.delete(name);
    if (job.inFlight + job.waiting === 0) this.seats.delete(job.job);
    else {
      const wants = job.inFlight + job.waiting;
      this.seats.set(job.job, { holds: job.inFlight, wants, allowed: 0, seenAt: now });
    }
    const limit = this.limits().filesInFlight ?? FILES_IN_FLIGHT;
    const allow = dealSlots(this.seats, job.job, limit);
    const seat = this.seats.get(job.job);
    if (seat !== undefined) {
      seat.allowed = allow;
      seat.holds = Math.max(seat.holds, allow);
    }
    this.pokeOthers(job.job, limit);
    return { allow };
  }

  /** Sets pages aside before they are converted. Repeating it for the same file changes nothing. */
  reserve(file: { job: string; seq: number; attempt: number; pages: number }): Outcome<null> {
    const limit = this.limits().pageMonthlyLimit;
    if (limit === null) return ok(null);
    const { job, seq, attempt, pages } = file;
    const earlier = this.sql
      .exec<{ pages: number }>("SELECT pages FROM reserved WHERE job = ? AND seq = ?", job, seq)
      .toArray()[0];
    const others = this.reservedPages - (earlier?.pages ?? 0);
    const used = this.pagesOf(monthOf(Date.now()));
    if (used + others + pages > limit) {
      return refused(
        "http_max_requests",
        `The group's limit of ${limit} pages a month leaves ${Math.max(0, limit - used - others)}; this file has ${pages}. Raise the limit or retry the file next month.`,
        { limit_name: "page_monthly_limit", limit_value: limit, count: used + others },
      );
    }
    this.sql.exec("INSERT OR REPLACE INTO reserved VALUES (?, ?, ?, ?)", job, seq, attempt, pages);
    this.reservedPages = others + pages;
    return ok(null);
  }

  /**
   * Files of a job that ended: each completed one's pages are counted once, however often this is called, since a job's
   * revs only grow; what was reserved for them is free again. A reservation of a later attempt (the file was retried
   * meanwhile) stays.
   */
  settle({ job, files }: { job: string; files: Settled[] }): void {
    this.ctx.storage.transactionSync(() => {
      const before =
        this.sql.exec<{ rev: number }>("SELECT rev FROM settled WHERE job = ?", job).toArray()[0]?.rev ?? 0;
      let pages = 0;
      let rev = before;
      for (const file of files) {
        if (file.rev > before) pages += file.pages;
        rev = Math.max(rev, file.rev);
        if (this.reservedPages > 0) this.free(job, file);
      }
      const month = monthOf(Date.now());
      if (rev > before) this.sql.exec("INSERT OR REPLACE INTO settled VALUES (?, ?)", job, rev);
      if (pages > 0) {
        this.sql.exec(
          "INSERT INTO months VALUES (?, ?) ON CONFLICT DO UPDATE SET pages = pages + excluded.pages",
          month,
          pages,
        );
      }
    });
    this.reservedPages = Number(this.sql.exec("SELECT total(pages) AS pages FROM reserved").one().pages);
  }

  /** Gives back what was set aside for a file that won't be converted. */
  release(file: { job: string; seq: number; attempt: number }): void {
    this.free(file.job, file);
    this.reservedPages = Number(this.sql.exec("SELECT total(pages) AS pages FROM reserved").one().pages);
  }

  /** Overrides the defaults; what is absent stays. */
  setLimits(limits: Partial<Limits>): Limits {
    for (const name of ["pageMonthlyLimit", "requestsPerMinute", "filesInFlight"] as const) {
      const value = limits[name];
      if (value === undefined) continue;
      if (value !== null && (!Number.isInteger(value) || value < 0)) throw new RangeError(`${name}: ${value}`);
      this.sql.exec("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value);
    }
    return this.limits();
  }

  limits(): Limits {
    const own = new Map(
      this.sql
        .exec<{ name: string; value: number | null }>("SELECT name, value FROM meta")
        .toArray()
        .map(({ name, value }) => [name, value]),
    );
    const { DEFAULT_PAGE_MONTHLY_LIMIT, DEFAULT_REQUESTS_PER_MINUTE, DEFAULT_FILES_IN_FLIGHT } = this.env;
    return {
      pageMonthlyLimit: own.has("pageMonthlyLimit")
        ? own.get("pageMonthlyLimit")!
        : readLimit(DEFAULT_PAGE_MONTHLY_LIMIT),
      requestsPerMinute: own.has("requestsPerMinute")
        ? own.get("requestsPerMinute")!
        : readLimit(DEFAULT_REQUESTS_PER_MINUTE),
      filesInFlight: own.get("filesInFlight") ?? readLimit(DEFAULT_FILES_IN_FLIGHT) ?? FILES_IN_FLIGHT,
    };
  }

  usage(): Usage {
    const month = monthOf(Date.now());
    let filesInFlight = 0;
    for (const seat of this.seats.values()) filesInFlight += Math.min(seat.holds, seat.wants);
    return { month, pages: this.pagesOf(month), reserved: this.reservedPages, filesInFlight };
  }

  private free(job: string, { seq, attempt }: { seq: number; attempt: number }): void {
    this.sql.exec("DELETE FROM reserved WHERE job = ? AND seq = ? AND attempt <= ?", job, seq, attempt);
  }

  private pagesOf(month: string): number {
    return this.sql.exec<{ pages: number }>("SELECT pages FROM months WHERE month = ?", month).toArray()[0]?.pages ?? 0;
  }

  /** Slots that became free go to jobs that wait for one, and who had more than its share now learns so: both ask again. */
  private pokeOthers(asking: string, limit: number): void {
    for (const [job, seat] of this.seats) {
      if (job === asking || this.poked.has(job)) continue;
      const share = dealSlots(this.seats, job, limit);
      if (share <= seat.holds && share >= seat.allowed) continue;
      this.poked.add(job);
      const poke = this.env.JOB.getByName(job)
        .poke()
        .catch(() => {}) // its own alarm asks again within seconds
        .finally(() => this.poked.delete(job));
      this.ctx.waitUntil(poke);
    }
  }
}

/** The month pages are counted in, UTC. */
export function monthOf(now: number): string {
  return new Date(now).toISOString().slice(0, 7);
}

function readLimit(configured: string | undefined): number | null {
  if (configured === undefined || configured === "") return null;
  const limit = Number(configured);
  if (!Number.isInteger(limit) || limit < 0) throw new RangeError(`a configured limit is not a number: ${configured}`);
  return limit;
}
