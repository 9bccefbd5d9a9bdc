/**
 * D1: groups, keys, the list of jobs, one record per ended file. A directory and a ledger, never on the hot path;
 * the truth about a live file is its job object. Times are milliseconds since 1970.
 */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const groups = sqliteTable("groups", {
  id: text().primaryKey(),
  createdAt: integer("created_at").notNull(),
  /** As the group object says it (accounts/groups); null = requests are not counted. */
  requestsPerMinute: integer("requests_per_minute"),
});

export const keys = sqliteTable(
  "keys",
  {
    group: text("group_id").notNull(),
    appId: text("app_id").notNull(),
    /** HMAC of the key (lib/hash.keyHash); the key itself is shown once and kept nowhere. */
    hash: text().notNull(),
    createdAt: integer("created_at").notNull(),
    revokedAt: integer("revoked_at"),
  },
  (t) => [primaryKey({ columns: [t.group, t.appId, t.hash] }), uniqueIndex("keys_hash").on(t.hash)],
);

/** One row a job (written before the first submission is answered): listing, recovery, sweep. */
export const jobs = sqliteTable(
  "jobs",
  {
    key: text().primaryKey(),
    group: text("group_id").notNull(),
    jobId: text("job_id").notNull(),
    /** job | singles | gone: a job that was removed, whose name is empty */
    kind: text().notNull(),
    appId: text("app_id"),
    createdAt: integer("created_at").notNull(),
    /** 1 while any file is not at its end: what cron walks. */
    open: integer().notNull(),
    /** When something of it may be expired next; null = nothing left. */
    expireAt: integer("expire_at"),
  },
  (t) => [
    index("jobs_group").on(t.group, t.createdAt),
    index("jobs_open").on(t.open),
    index("jobs_expire").on(t.expireAt),
  ],
);

/** One record per ended file: listing of results and the ledger. Upserted by rev; never deleted. */
export const files = sqliteTable(
  "files",
  {
    id: text().primaryKey(),
    group: text("group_id").notNull(),
    job: text("job_key").notNull(),
    appId: text("app_id"),
    /** files | v3 */
    api: text().notNull(),
    /** completed | error | cancelled */
    state: text().notNull(),
    code: text(),
    /** Name and options go when the file's data goes. */
    filename: text(),
    options: text(),
    /** Names the set of options (`request_args_hash` of usage), so that D1 groups by it; goes with them. */
    argsHash: text("args_hash"),
    /** Pages billed: those converted, and 0 unless completed. */
    pages: integer().notNull(),
    createdAt: integer("created_at").notNull(),
    endedAt: integer("ended_at").notNull(),
    goneAt: integer("gone_at"),
    rev: integer().notNull(),
    /** JSON: how far its text is to be trusted, as the engine sums it up; goes with the file's data. */
    quality: text(),
  },
  (t) => [index("files_group").on(t.group, t.endedAt)],
);
