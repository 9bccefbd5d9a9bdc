/**
 * Cron. Daily: what has been kept long enough goes; each minute: no open job sleeps. D1 says which job objects to ask,
 * the job objects do the work; R2's lifecycle rules do the same to what nobody asks about, and where they don't run (a
 * laptop) this does it by the same prefixes and ages. Everything is bounded, and what is left comes with the next cron.
 */
import { and, asc, eq, gt, lte, or } from "drizzle-orm";
import type { Shard } from "../db/client.ts";
import { jobs as jobRows } from "../db/schema.ts";
import { RETENTION_DAYS } from "../jobs/artifacts.ts";
import type { JobObject } from "../jobs/job-object.ts";
import { errorFields, log } from "../lib/log.ts";

/** Rows of D1 read at once. */
const SLICE_JOBS = 200;
/** Calls of job objects in one sweep; an invocation has 10,000 subrequests, and D1 and R2 take some. */
const SWEEP_CALLS_MAX = 8_000;
/** Of one job, some 1,000 files each. */
const JOB_CALLS_MAX = 300;
/** A cron invocation has 15 minutes of wall time. */
const SWEEP_MS_MAX = 10 * 60_000;
/** Jobs woken in one minute; from a random place, so that all have their turn when there are more. */
const WAKE_JOBS_MAX = 1_000;
/** The next minute's cron shall find this one gone. */
const WAKE_MS_MAX = 50_000;
/** An invocation may have 6 connections waiting. */
const CALLS_AT_ONCE = 6;
/** 200,000 objects of each class; a bucket of more is one that lifecycle rules look after. */
const LIST_PAGES_MAX = 200;
const DAY_MS = 86_400_000;
/** Digits of a job key. */
const KEY_DIGITS = 20;

type Expired = Awaited<ReturnType<JobObject["expire"]>>;

export interface Sweeping {
  shards: Shard[];
  jobs: DurableObjectNamespace<JobObject>;
  bucket: R2Bucket;
  /** Milliseconds since 1970. */
  now: number;
}

/** @returns job objects asked, and objects deleted */
export async function sweep(on: Sweeping): Promise<{ jobs: number; objects: number }> {
  const budget = { calls: SWEEP_CALLS_MAX, until: Date.now() + SWEEP_MS_MAX };
  const swept = { jobs: 0, objects: 0 };
  for await (const slice of dueJobs(on)) {
    await eachOf(slice, async (key) => {
      swept.objects += await expireJob(on, key, budget);
      swept.jobs++;
    });
    if (budget.calls <= 0 || Date.now() > budget.until) {
      log("warn", "sweep stopped at its bound", { count: swept.jobs });
      break;
    }
  }
  for (const [prefix, days] of Object.entries(RETENTION_DAYS)) {
    swept.objects += await removeOlder(on.bucket, `${prefix}/`, on.now - days * DAY_MS);
  }
  log("info", "sweep", { count: swept.objects });
  return swept;
}

/** Calls `wake` on the jobs that D1 holds open. @returns how many */
export async function wake(on: Pick<Sweeping, "shards" | "jobs">): Promise<number> {
  const share = Math.floor(WAKE_JOBS_MAX / on.shards.length);
  const keys = (await Promise.all(on.shards.map((shard) => openJobs(shard, randomKey(), share)))).flat();
  const until = Date.now() + WAKE_MS_MAX;
  let woken = 0;
  await eachOf(keys, async (key) => {
    if (Date.now() > until) return;
    await told(key, on.jobs.getByName(key).wake());
    woken++;
  });
  return woken;
}

/** Slices of keys in the order they are due, each job once whatever it answers. */
async function* dueJobs({ shards, now }: Sweeping): AsyncGenerator<string[]> {
  for (const shard of shards) yield* dueJobsOf(shard, now);
}

async function* dueJobsOf(db: Shard, now: number): AsyncGenerator<string[]> {
  let last = { key: "", expireAt: 0 };
  for (;;) {
    const after = or(
      gt(jobRows.expireAt, last.expireAt),
      and(eq(jobRows.expireAt, last.expireAt), gt(jobRows.key, last.key)),
    );
    const rows = await db
      .select({ key: jobRows.key, expireAt: jobRows.expireAt })
      .from(jobRows)
      .where(and(lte(jobRows.expireAt, now), after))
      .orderBy(asc(jobRows.expireAt), asc(jobRows.key))
      .limit(SLICE_JOBS);
    if (rows.length > 0) yield rows.map(({ key }) => key);
    if (rows.length < SLICE_JOBS) return;
    const { key, expireAt } = rows.at(-1)!;
    last = { key, expireAt: expireAt ?? 0 };
  }
}

/** A large job expires in slices: it is asked again while something of it is still due. */
async function expireJob(on: Sweeping, key: string, budget: { calls: number; until: number }): Promise<number> {
  let objects = 0;
  for (let slice = 0; slice < JOB_CALLS_MAX; slice++) {
    if (budget.calls-- <= 0 || Date.now() > budget.until) break;
    const expired = (await told(key, on.jobs.getByName(key).expire(on.now))) as Expired | null;
    objects += expired?.objects ?? 0;
    if (expired === null || expired.next === null || expired.next > on.now) break;
  }
  return objects;
}

/** Open jobs from a key on, then those before it. */
async function openJobs(db: Shard, from: string, most: number): Promise<string[]> {
  const isOpen = eq(jobRows.open, 1);
  const some = (limit: number) => db.select({ key: jobRows.key }).from(jobRows).orderBy(asc(jobRows.key)).limit(limit);
  const behind = await some(most).where(and(isOpen, gt(jobRows.key, from)));
  const before = await some(most - behind.length).where(and(isOpen, lte(jobRows.key, from)));
  return [...behind, ...before].map(({ key }) => key);
}

/** Keys are evenly spread digests, so a random one is a fair place to start. */
function randomKey(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, KEY_DIGITS);
}

/** One job object in trouble keeps nobody else from their turn. */
async function told<T>(key: string, call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    log("error", "cron left a job out", { job: key, ...errorFields(error) });
    return null;
  }
}

/** Deletes what was stored before a time, page by page. */
async function removeOlder(bucket: R2Bucket, prefix: string, before: number): Promise<number> {
  let removed = 0;
  let cursor: string | undefined;
  for (let page = 0; page < LIST_PAGES_MAX; page++) {
    const listed = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    const old = listed.objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key);
    if (old.length > 0) await bucket.delete(old);
    removed += old.length;
    if (!listed.truncated) break;
    cursor = listed.cursor;
  }
  return removed;
}

/** Runs `work` on every item, a few at a time. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
}
