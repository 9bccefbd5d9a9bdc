/**
 * What spans a group's jobs: slots in flight dealt fairly, pages of the month with what is reserved, the rate of
 * requests. Files, attempts and the ledger are elsewhere: the job object tells what it has, this one only bounds it.
 *
 * Every `sync` of a job carries absolute numbers, so a repeat changes nothing. A job repeats them while anything of it is
 * open and says 0 at its end until that is heard (jobs/schedule). What jobs were given is rows (seats), so that after a
 * restart nothing is dealt twice; the rate of requests is memory.
 */
import { DurableObject } from "cloudflare:workers";
import { type Outcome, ok, refused } from "../lib/failure.ts";
import type { Limits } from "./groups.ts";
import { Reservations } from "./reservations.ts";
import { dealSlots } from "./slots.ts";
import { Table } from "./table.ts";

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
const MINUTE_MS = 60_000;

const TABLES = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS months (month TEXT PRIMARY KEY, pages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settled (job TEXT PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID;
`;

export class GroupObject extends DurableObject<GroupBindings> {
  private readonly sql: SqlStorage;
  private readonly table: Table;
  private readonly reservations: Reservations;
  private readonly poked = new Set<string>();
  private window = { startedAt: 0, count: 0 };

  constructor(ctx: DurableObjectState, env: GroupBindings) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(TABLES);
    this.table = new Table(this.sql, Date.now());
    this.reservations = new Reservations(this.sql);
    // After a restart: whoever was given slots says what is left of them.
    for (const job of this.table.seats.keys()) this.poke(job);
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
    const limit = this.limits().filesInFlight ?? FILES_IN_FLIGHT;
    const allow = this.table.seat(job, limit, Date.now());
    this.pokeOthers(job.job, limit);
    return { allow };
  }

  /** The month's pages, converted and set aside, beside their limit; null = no limit. */
  budget(): { limit: number; count: number } | null {
    const limit = this.limits().pageMonthlyLimit;
    return limit === null ? null : { limit, count: this.pagesOf(monthOf(Date.now())) + this.reservations.pages };
  }

  /** Sets pages aside before they are converted. Repeating it for the same file changes nothing. */
  reserve(file: { job: string; seq: number; attempt: number; pages: number }): Outcome<null> {
    const limit = this.limits().pageMonthlyLimit;
    if (limit !== null) {
      const count = this.pagesOf(monthOf(Date.now())) + this.reservations.besides(file);
      if (count + file.pages > limit) {
        return refused(
          "http_max_requests",
          `The group's limit of ${limit} pages a month leaves ${Math.max(0, limit - count)}; this file has ${file.pages}. Raise the limit or retry the file next month.`,
          { limit_name: "page_monthly_limit", limit_value: limit, count },
        );
      }
    }
    this.reservations.set(file, limit !== null);
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
    for (const { seq, attempt } of files) this.reservations.free({ job, seq, attempt });
  }

  /** Null = none of its own, so that the deployment's default holds; what is absent stays. */
  setLimits(limits: Partial<Limits>): Limits {
    for (const name of ["pageMonthlyLimit", "requestsPerMinute", "filesInFlight"] as const) {
      const value = limits[name];
      if (value === undefined) continue;
      if (value === null) this.sql.exec("DELETE FROM meta WHERE name = ?", name);
      else if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name}: ${value}`);
      else this.sql.exec("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value);
    }
    const now = this.limits();
    if (now.pageMonthlyLimit !== null) this.reservations.storeAll();
    return now;
  }

  limits(): Limits {
    const own = new Map<string, number | null>();
    for (const { name, value } of this.sql.exec<{ name: string; value: number | null }>("SELECT name, value FROM meta"))
      own.set(name, value);
    const { DEFAULT_PAGE_MONTHLY_LIMIT, DEFAULT_REQUESTS_PER_MINUTE, DEFAULT_FILES_IN_FLIGHT } = this.env;
    return {
      pageMonthlyLimit: own.get("pageMonthlyLimit") ?? readLimit(DEFAULT_PAGE_MONTHLY_LIMIT),
      requestsPerMinute: own.get("requestsPerMinute") ?? readLimit(DEFAULT_REQUESTS_PER_MINUTE),
      filesInFlight: own.get("filesInFlight") ?? readLimit(DEFAULT_FILES_IN_FLIGHT) ?? FILES_IN_FLIGHT,
    };
  }

  usage(): Usage {
    const month = monthOf(Date.now());
    const { reservations, table } = this;
    return { month, pages: this.pagesOf(month), reserved: reservations.pages, filesInFlight: table.inFlight };
  }

  private pagesOf(month: string): number {
    return this.sql.exec<{ pages: number }>("SELECT pages FROM months WHERE month = ?", month).toArray()[0]?.pages ?? 0;
  }

  /** Slots that became free go to jobs that wait for one, and who had more than its share now learns so: both ask again. */
  private pokeOthers(asking: string, limit: number): void {
    const shares = dealSlots(this.table.seats, limit);
    for (const [job, seat] of this.table.seats) {
      if (job === asking) continue;
      const share = shares.get(job)!;
      if (share > seat.holds || share < seat.allowed) this.poke(job);
    }
  }

  private poke(job: string): void {
    if (this.poked.has(job)) return;
    this.poked.add(job);
    const poke = this.env.JOB.getByName(job)
      .poke()
      .catch(() => {}) // its own alarm speaks again within seconds
      .finally(() => this.poked.delete(job));
    this.ctx.waitUntil(poke);
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
