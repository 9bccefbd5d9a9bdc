/**
 * Reads of the ledger in D1: pages billed, results, the list of jobs. A file is there once it has ended and its job
 * object has told of it (seconds); what is under way is asked of the job object.
 */
import { and, asc, count, desc, eq, gt, gte, lt, or, type SQL, sql } from "drizzle-orm";
import type { Shard } from "../db/client.ts";
import { files, jobs } from "../db/schema.ts";
import type { QualitySummary } from "../engine/index.ts";
import { sha256Hex } from "../lib/hash.ts";
import { priceOf, type Tiers } from "./price.ts";

export { priceOf, readTiers, type Tiers } from "./price.ts";

const DAY_MS = 86_400_000;

/** What a page counts as, by where its file came in (CONTRACT section 10). */
const USAGE_TYPES = { v3: "pdf-page", files: "files-page" } as const;
export type UsageType = (typeof USAGE_TYPES)[keyof typeof USAGE_TYPES];

export type Timespan = "hour" | "day" | "month" | "year";
export type GroupBy = "usage_type" | "app_id" | "request_args_hash";

export interface UsageQuery {
  /** Milliseconds, inclusive. */
  from: number;
  /** Milliseconds, exclusive. */
  to: number;
  appId: string | null;
  usageType: UsageType | null;
  requestArgsHash: string | null;
  timespan: Timespan;
  groupBy: GroupBy[];
  /** From 1. */
  page: number;
  perPage: number;
}

export interface UsageRow {
  /** Begin of the span, milliseconds. */
  from: number;
  appIds: string[];
  usageType: UsageType | null;
  requestArgsHashes: string[];
  /** Pages billed. */
  count: number;
}

const SPAN_FORMAT: Record<Timespan, string> = {
  hour: "%Y-%m-%dT%H:00:00Z",
  day: "%Y-%m-%dT00:00:00Z",
  month: "%Y-%m-01T00:00:00Z",
  year: "%Y-01-01T00:00:00Z",
};

/** Pages billed by span of time and what else is asked for, oldest first: counted, grouped and cut to the page in D1. */
export async function ocrUsage(db: Shard, group: string, query: UsageQuery): Promise<UsageRow[]> {
  const span = sql<string>`strftime(${sql.raw(`'${SPAN_FORMAT[query.timespan]}'`)}, ${files.endedAt} / 1000, 'unixepoch')`;
  const byHash = query.groupBy.includes("request_args_hash") || query.requestArgsHash !== null;
  const parts = [span, ...query.groupBy.map((name) => GROUP_COLUMN[name])];
  const rows = await db
    .select({
      span,
      appIds: sql<string>`json_group_array(distinct ${files.appId})`,
      v3: sql<number>`sum(${files.api} = 'v3')`,
      files: count(),
      argsHash: byHash ? sql<string | null>`max(${files.argsHash})` : sql<null>`null`,
      pages: sql<number>`sum(${files.pages})`,
    })
    .from(files)
    .where(
      and(
        eq(files.group, group),
        gte(files.endedAt, query.from),
        lt(files.endedAt, query.to),
        gt(files.pages, 0),
        query.appId === null ? undefined : eq(files.appId, query.appId),
        query.usageType === null ? undefined : eq(USAGE_TYPE, query.usageType),
        query.requestArgsHash === null ? undefined : eq(files.argsHash, query.requestArgsHash),
      ),
    )
    .groupBy(...parts)
    .orderBy(...parts)
    .limit(query.perPage)
    .offset((query.page - 1) * query.perPage);
  return rows.map((row) => ({
    from: Date.parse(row.span),
    appIds: (JSON.parse(row.appIds) as (string | null)[]).filter((id) => id !== null),
    usageType: row.v3 === 0 ? USAGE_TYPES.files : row.v3 === row.files ? USAGE_TYPES.v3 : null,
    requestArgsHashes: row.argsHash === null ? [] : [row.argsHash],
    count: row.pages,
  }));
}

const USAGE_TYPE = sql`iif(${files.api} = 'v3', ${USAGE_TYPES.v3}, ${USAGE_TYPES.files})`;
const GROUP_COLUMN: Record<GroupBy, SQL> = {
  usage_type: USAGE_TYPE,
  app_id: sql`coalesce(${files.appId}, '')`,
  request_args_hash: sql`coalesce(${files.argsHash}, '')`,
};

/** Names a set of options in `request_args_hash`. */
export function argsHash(options: string): string {
  return sha256Hex(options).slice(0, 32);
}

export interface Bill {
  /** `2026-11`, UTC. */
  month: string;
  pages: number;
  dollars: number;
}

/**
 * Pages and their price, a row a month that has any, oldest first. Tiers count by the month: what came before the period
 * in its first month has been priced already, and moves what follows up the tiers.
 */
export async function monthlyBills(
  db: Shard,
  group: string,
  period: { from: number; to: number },
  tiers: Tiers,
): Promise<Bill[]> {
  const month = sql<string>`strftime('%Y-%m', ${files.endedAt} / 1000, 'unixepoch')`;
  const inPeriod = sql`${files.endedAt} >= ${period.from}`;
  const pages = sql<number>`total(iif(${inPeriod}, ${files.pages}, 0))`;
  const rows = await db
    .select({ month, pages, before: sql<number>`total(iif(${inPeriod}, 0, ${files.pages}))` })
    .from(files)
    .where(
      and(
        eq(files.group, group),
        gte(files.endedAt, monthBegin(period.from)),
        lt(files.endedAt, period.to),
        gt(files.pages, 0),
      ),
    )
    .groupBy(sql`1`)
    .having(sql`${pages} > 0`)
    .orderBy(sql`1`);
  return rows.map(({ before, ...row }) => ({ ...row, dollars: priceOf(before, row.pages, tiers) }));
}

function monthBegin(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

export interface ResultQuery {
  from: number | null;
  to: number | null;
  appId: string | null;
  api: "files" | "v3" | null;
  /** From 1. */
  page: number;
  perPage: number;
}

export interface ResultRow {
  fileId: string;
  filename: string | null;
  state: "completed" | "error" | "cancelled";
  code: string | null;
  pages: number;
  options: Record<string, unknown>;
  createdAt: number;
  endedAt: number;
  goneAt: number | null;
  /** As the job object tells it. */
  quality: QualitySummary | null;
}

/** Ended files, newest first. */
export async function listResults(db: Shard, group: string, query: ResultQuery): Promise<ResultRow[]> {
  const rows = await db
    .select()
    .from(files)
    .where(
      and(
        eq(files.group, group),
        query.from === null ? undefined : gte(files.endedAt, query.from),
        query.to === null ? undefined : lt(files.endedAt, query.to),
        query.appId === null ? undefined : eq(files.appId, query.appId),
        query.api === null ? undefined : eq(files.api, query.api),
      ),
    )
    .orderBy(desc(files.endedAt), asc(files.id))
    .limit(query.perPage)
    .offset((query.page - 1) * query.perPage);
  return rows.map(({ id, filename, state, code, pages, options, createdAt, endedAt, goneAt, quality }) => ({
    fileId: id,
    filename,
    state: state as ResultRow["state"],
    code,
    pages,
    options: options === null ? {} : (JSON.parse(options) as Record<string, unknown>),
    createdAt,
    endedAt,
    goneAt,
    quality: quality === null ? null : (JSON.parse(quality) as QualitySummary),
  }));
}

export interface JobCursor {
  createdAt: number;
  key: string;
}

export interface JobQuery {
  /** `yyyy-MM-dd`, UTC, both inclusive; one alone means that day. */
  start: string | null;
  end: string | null;
  limit: number;
  /** Where the page before ended. */
  after: JobCursor | null;
}

export interface ListedJob {
  jobId: string;
  key: string;
  appId: string | null;
  createdAt: number;
}

/** A group's jobs, newest first; the implicit ones of single files are never among them. */
export async function listJobs(
  db: Shard,
  group: string,
  { start, end, limit, after }: JobQuery,
): Promise<{ jobs: ListedJob[]; next: JobCursor | null }> {
  const first = start ?? end;
  const last = end ?? start;
  const conditions: (SQL | undefined)[] = [eq(jobs.group, group), eq(jobs.kind, "job")];
  if (first !== null) conditions.push(gte(jobs.createdAt, Date.parse(first)));
  if (last !== null) conditions.push(lt(jobs.createdAt, Date.parse(last) + DAY_MS));
  if (after !== null) {
    conditions.push(
      or(lt(jobs.createdAt, after.createdAt), and(eq(jobs.createdAt, after.createdAt), gt(jobs.key, after.key))),
    );
  }
  const rows = await db
    .select({ jobId: jobs.jobId, key: jobs.key, appId: jobs.appId, createdAt: jobs.createdAt })
    .from(jobs)
    .where(and(...conditions))
    .orderBy(desc(jobs.createdAt), asc(jobs.key))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const bottom = page.at(-1);
  return {
    jobs: page,
    next: rows.length > limit && bottom !== undefined ? { createdAt: bottom.createdAt, key: bottom.key } : null,
  };
}
