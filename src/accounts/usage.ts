/**
 * Reads of the ledger in D1: pages billed, results, the list of jobs. A file is there once it has ended and its job
 * object has told of it (seconds); what is under way is asked of the job object.
 */
import { and, asc, desc, eq, gt, gte, lt, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { files, jobs } from "../db/schema.ts";
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

/** Pages billed by span of time and what else is asked for, oldest first. */
export async function ocrUsage(db: Database, group: string, query: UsageQuery): Promise<UsageRow[]> {
  const span = sql<string>`strftime(${sql.raw(`'${SPAN_FORMAT[query.timespan]}'`)}, ${files.endedAt} / 1000, 'unixepoch')`;
  const rows = await db
    .select({
      span,
      appId: files.appId,
      api: files.api,
      options:
        query.groupBy.includes("request_args_hash") || query.requestArgsHash !== null ? files.options : sql<null>`null`,
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
      ),
    )
    .groupBy(sql`1, 2, 3, 4`);
  return mergeUsage(rows, query);
}

interface UsageCell {
  span: string;
  appId: string | null;
  api: string;
  options: string | null;
  pages: number;
}

function mergeUsage(cells: UsageCell[], query: UsageQuery): UsageRow[] {
  const merged = new Map<string, UsageRow>();
  for (const cell of cells) {
    const usageType = USAGE_TYPES[cell.api === "v3" ? "v3" : "files"];
    const hash = cell.options === null ? null : argsHash(cell.options);
    if (query.usageType !== null && query.usageType !== usageType) continue;
    if (query.requestArgsHash !== null && query.requestArgsHash !== hash) continue;
    const parts = { usage_type: usageType, app_id: cell.appId ?? "", request_args_hash: hash ?? "" };
    const key = [cell.span, ...query.groupBy.map((name) => parts[name])].join("\0");
    let row = merged.get(key);
    if (row === undefined) {
      row = { from: Date.parse(cell.span), appIds: [], usageType, requestArgsHashes: [], count: 0 };
      merged.set(key, row);
    }
    if (row.usageType !== usageType) row.usageType = null;
    if (cell.appId !== null && !row.appIds.includes(cell.appId)) row.appIds.push(cell.appId);
    if (hash !== null && !row.requestArgsHashes.includes(hash)) row.requestArgsHashes.push(hash);
    row.count += cell.pages;
  }
  const sorted = [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return sorted.slice((query.page - 1) * query.perPage, query.page * query.perPage);
}

/** Names a set of options in `request_args_hash`. */
function argsHash(options: string): string {
  return sha256Hex(options).slice(0, 32);
}

export interface Bill {
  /** `2026-11`, UTC. */
  month: string;
  pages: number;
  dollars: number;
}

/** Pages and their price, a row a month that has any, oldest first. */
export async function monthlyBills(
  db: Database,
  group: string,
  period: { from: number; to: number },
  tiers: Tiers,
): Promise<Bill[]> {
  const month = sql<string>`strftime('%Y-%m', ${files.endedAt} / 1000, 'unixepoch')`;
  const rows = await db
    .select({ month, pages: sql<number>`sum(${files.pages})` })
    .from(files)
    .where(
      and(eq(files.group, group), gte(files.endedAt, period.from), lt(files.endedAt, period.to), gt(files.pages, 0)),
    )
    .groupBy(sql`1`)
    .orderBy(sql`1`);
  return rows.map((row) => ({ ...row, dollars: priceOf(0, row.pages, tiers) }));
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
}

/** Ended files, newest first. */
export async function listResults(db: Database, group: string, query: ResultQuery): Promise<ResultRow[]> {
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
  return rows.map(({ id, filename, state, code, pages, options, createdAt, endedAt, goneAt }) => ({
    fileId: id,
    filename,
    state: state as ResultRow["state"],
    code,
    pages,
    options: options === null ? {} : (JSON.parse(options) as Record<string, unknown>),
    createdAt,
    endedAt,
    goneAt,
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
  db: Database,
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
