/** Keys and the ledger, on a real D1. */
import { env as untyped } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { saveRequestLimit } from "../../src/accounts/groups.ts";
import { createKey, findKey, listKeys, revokeKey } from "../../src/accounts/keys.ts";
import { priceOf } from "../../src/accounts/price.ts";
import { argsHash, listJobs, listResults, monthlyBills, ocrUsage, type UsageQuery } from "../../src/accounts/usage.ts";
import { directoryOf, shardOf } from "../../src/db/client.ts";
import { files, jobs } from "../../src/db/schema.ts";

const { DB } = untyped as unknown as { DB: D1Database };
const directory = directoryOf(DB);
const db = shardOf(DB, "");
const SECRET = "id-secret-of-the-tests";
const name = (what: string) => `${what}-${crypto.randomUUID().slice(0, 8)}`;

describe("keys", () => {
  test("made, found with and without an app_id, stored only as a hash", async () => {
    const group = name("group");
    const made = await createKey(directory, SECRET, group);
    expect(made.appKey).toMatch(/^[0-9a-f]{64}$/);
    expect(await findKey(directory, SECRET, made.appKey, null)).toMatchObject({ group, appId: made.appId });
    expect(await findKey(directory, SECRET, made.appKey, "somebody-else's")).toMatchObject({
      group,
      appId: made.appId,
    });
    const second = await createKey(directory, SECRET, group, { appId: name("app") });
    expect(await findKey(directory, SECRET, made.appKey, second.appId)).toMatchObject({ group, appId: second.appId });
    expect(await findKey(directory, SECRET, `${made.appKey}0`, null)).toBeNull();
    expect(await findKey(directory, "another secret", made.appKey, null)).toBeNull();
    expect(JSON.stringify(await directory.query.keys.findMany())).not.toContain(made.appKey);
  });

  test("imported: the same pair again is fine; another group's key or app_id is a conflict", async () => {
    const [group, other] = [name("group"), name("group")];
    const pair = { appId: name("app"), appKey: name("imported-key") };
    const answers = await Promise.all(Array.from({ length: 5 }, () => createKey(directory, SECRET, group, pair)));
    expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
    expect((await listKeys(directory, group)).length).toBe(1);
    await expect(createKey(directory, SECRET, other, { appKey: pair.appKey })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(createKey(directory, SECRET, other, { appId: pair.appId })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(
      createKey(directory, SECRET, group, { appId: name("app"), appKey: pair.appKey }),
    ).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("rotated: the old key stops at once; revoked: told once", async () => {
    const group = name("group");
    const first = await createKey(directory, SECRET, group, { appId: name("app") });
    const second = await createKey(directory, SECRET, group, { appId: first.appId });
    expect(await findKey(directory, SECRET, first.appKey, null)).toBeNull();
    expect(await findKey(directory, SECRET, second.appKey, null)).toMatchObject({ appId: first.appId });
    expect((await listKeys(directory, group)).map((k) => k.revokedAt === null)).toHaveLength(2);
    expect(await revokeKey(directory, group, first.appId)).toBe(true);
    expect(await revokeKey(directory, group, first.appId)).toBe(false);
    expect(await revokeKey(directory, name("group"), first.appId)).toBe(false);
    expect(await findKey(directory, SECRET, second.appKey, null)).toBeNull();
  });

  test("a key brings along whether its group's requests are counted", async () => {
    const group = name("group");
    const { appKey } = await createKey(directory, SECRET, group);
    const found = async () => (await findKey(directory, SECRET, appKey, null))!.requestsPerMinute;
    expect(await found()).toBeNull();
    await saveRequestLimit(directory, group, 60);
    expect(await found()).toBe(60);
    await saveRequestLimit(directory, group, null);
    expect(await found()).toBeNull();
  });
});

test("price by tiers", () => {
  const tiers = { per1000: 1.5, per1000Above: 1, tierPages: 30_000_000 };
  expect(priceOf(0, 1_000, tiers)).toBe(1.5);
  expect(priceOf(0, 30_000_000, tiers)).toBe(45_000);
  expect(priceOf(29_999_000, 3_000, tiers)).toBe(1.5 + 2);
  expect(priceOf(40_000_000, 1_000, tiers)).toBe(1);
  expect(priceOf(0, 0, tiers)).toBe(0);
});

/** The binding, and how many rows came through it. */
function counted(binding: D1Database): { binding: D1Database; rows: () => number } {
  let rows = 0;
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(on, property) {
        const value = Reflect.get(on, property) as unknown;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const answer = value.apply(on, args) as unknown;
          if (property === "prepare" || property === "bind") return watch(answer as object);
          return Promise.resolve(answer).then((result) => {
            rows += Array.isArray(result) ? result.length : ((result as { results?: unknown[] }).results?.length ?? 0);
            return result;
          });
        };
      },
    });
  return { binding: watch(binding), rows: () => rows };
}

describe("the ledger", () => {
  const at = (text: string) => Date.parse(text);
  async function fill(group: string) {
    const row = (id: string, fields: Partial<typeof files.$inferInsert>): typeof files.$inferInsert => ({
      id: `${group}-${id}`,
      group,
      job: "j",
      appId: "app-1",
      api: "files",
      state: "completed",
      code: null,
      filename: `${id}.pdf`,
      options: '{"a":1}',
      pages: 10,
      createdAt: at("2026-10-01T00:00:00Z"),
      endedAt: at("2026-10-01T10:30:00Z"),
      goneAt: null,
      rev: 1,
      ...fields,
    });
    for (const r of [
      row("a", {}),
      row("b", { endedAt: at("2026-10-01T10:59:59Z"), appId: "app-2", pages: 5 }),
      row("c", { endedAt: at("2026-10-02T01:00:00Z"), api: "v3", options: '{"b":2}' }),
      row("d", { endedAt: at("2026-10-02T02:00:00Z"), state: "error", code: "pdf_encrypted", pages: 0 }),
      row("e", { endedAt: at("2026-11-01T00:00:00Z"), options: null, filename: null, goneAt: 1, pages: 7 }),
    ]) {
      await db.insert(files).values({ ...r, argsHash: r.options == null ? null : argsHash(r.options) });
    }
  }
  const query = (more: Partial<UsageQuery>): UsageQuery => ({
    from: at("2026-10-01T00:00:00Z"),
    to: at("2026-12-01T00:00:00Z"),
    appId: null,
    usageType: null,
    requestArgsHash: null,
    timespan: "month",
    groupBy: [],
    page: 1,
    perPage: 100,
    ...more,
  });

  test("pages by span, application and type; errors count nothing; another group sees nothing", async () => {
    const group = name("group");
    await fill(group);
    const months = await ocrUsage(db, group, query({}));
    expect(months.map((r) => [new Date(r.from).toISOString().slice(0, 7), r.count])).toEqual([
      ["2026-10", 25],
      ["2026-11", 7],
    ]);
    expect(months[0]).toMatchObject({ usageType: null, appIds: ["app-1", "app-2"] });
    const days = await ocrUsage(db, group, query({ timespan: "day", groupBy: ["usage_type"] }));
    expect(days.map((r) => [r.usageType, r.count])).toEqual([
      ["files-page", 15],
      ["pdf-page", 10],
      ["files-page", 7],
    ]);
    const apps = await ocrUsage(db, group, query({ groupBy: ["app_id"], usageType: "files-page" }));
    expect(apps.map((r) => [r.appIds.join(), r.count])).toEqual([
      ["app-1", 10],
      ["app-2", 5],
      ["app-1", 7],
    ]);
    const hashes = await ocrUsage(db, group, query({ groupBy: ["request_args_hash"] }));
    const hash = hashes.find((r) => r.count === 15)!.requestArgsHashes[0]!;
    expect((await ocrUsage(db, group, query({ requestArgsHash: hash }))).map((r) => r.count)).toEqual([15]);
    expect((await ocrUsage(db, group, query({ page: 2, perPage: 1 }))).map((r) => r.count)).toEqual([7]);
    expect(await ocrUsage(db, name("group"), query({}))).toEqual([]);
  });

  test("10,000 sets of options: a page of usage is all that leaves D1", async () => {
    const group = name("group");
    await DB.prepare(
      `INSERT INTO files (id, group_id, job_key, app_id, api, state, options, args_hash, pages, created_at, ended_at, rev)
       SELECT ? || value, ?, 'j', 'app-' || (value % 3), 'files', 'completed', '{}', printf('%032x', value), 1, 0, ?, 1
       FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 10000) SELECT value FROM n)`,
    )
      .bind(group, group, at("2026-10-05T00:00:00Z"))
      .run();
    const counting = counted(DB);
    const page = await ocrUsage(
      shardOf(counting.binding, group),
      group,
      query({ groupBy: ["request_args_hash"], page: 3, perPage: 50 }),
    );
    expect(page.map((row) => Number.parseInt(row.requestArgsHashes[0]!, 16))).toEqual(
      Array.from({ length: 50 }, (_, i) => 101 + i),
    );
    expect(counting.rows()).toBe(50);
    const [whole] = await ocrUsage(db, group, query({}));
    expect(whole).toMatchObject({ count: 10_000, appIds: ["app-1", "app-2", "app-0"], requestArgsHashes: [] });
  });

  test("bills of parts of a month add up to the month's", async () => {
    const group = name("group");
    await fill(group);
    const tiers = { per1000: 1_000, per1000Above: 500, tierPages: 12 };
    const bill = (from: string, to: string) => monthlyBills(db, group, { from: at(from), to: at(to) }, tiers);
    const [whole] = await bill("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
    const [first] = await bill("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z");
    const [second] = await bill("2026-10-02T00:00:00Z", "2026-11-01T00:00:00Z");
    expect(first).toEqual({ month: "2026-10", pages: 15, dollars: 13.5 });
    expect(second).toEqual({ month: "2026-10", pages: 10, dollars: 5 });
    expect(whole!.dollars).toBe(first!.dollars + second!.dollars);
    expect(await bill("2026-10-03T00:00:00Z", "2026-11-01T00:00:00Z")).toEqual([]);
    expect(await bill("2026-10-02T00:00:00Z", "2026-12-01T00:00:00Z")).toEqual([
      second,
      { month: "2026-11", pages: 7, dollars: 7 },
    ]);
  });

  test("bills by month", async () => {
    const group = name("group");
    await fill(group);
    const period = { from: 0, to: at("2027-01-01T00:00:00Z") };
    const tiers = { per1000: 1_000, per1000Above: 500, tierPages: 20 };
    expect(await monthlyBills(db, group, period, tiers)).toEqual([
      { month: "2026-10", pages: 25, dollars: 22.5 },
      { month: "2026-11", pages: 7, dollars: 7 },
    ]);
  });

  test("results, newest first, by page", async () => {
    const group = name("group");
    await fill(group);
    const all = { from: null, to: null, appId: null, api: null, page: 1, perPage: 10 };
    const names = async (more: Partial<typeof all>) =>
      (await listResults(db, group, { ...all, ...more })).map((r) => r.fileId.at(-1));
    expect(await names({})).toEqual(["e", "d", "c", "b", "a"]);
    expect(await names({ page: 2, perPage: 2 })).toEqual(["c", "b"]);
    expect((await listResults(db, group, { ...all, api: "v3" }))[0]).toMatchObject({ options: { b: 2 }, pages: 10 });
  });

  test("jobs: newest first, keyset pages without gaps at equal times, days, singles left out", async () => {
    const group = name("group");
    const job = (i: number, createdAt: number, kind = "job") =>
      db.insert(jobs).values({ key: `${group}-${i}`, group, jobId: `job-${i}`, kind, createdAt, open: 1 });
    for (let i = 0; i < 7; i++) await job(i, at("2026-10-05T00:00:00Z") + (i < 4 ? 0 : i));
    await job(8, at("2026-10-06T00:00:00Z"));
    await job(9, at("2026-10-05T00:00:00Z"), "singles");
    const seen: string[] = [];
    let after: Awaited<ReturnType<typeof listJobs>>["next"] = null;
    do {
      const page = await listJobs(db, group, { start: null, end: null, limit: 3, after });
      seen.push(...page.jobs.map((j) => j.jobId));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(["job-8", "job-6", "job-5", "job-4", "job-0", "job-1", "job-2", "job-3"]);
    const day = await listJobs(db, group, { start: "2026-10-06", end: null, limit: 10, after: null });
    expect(day.jobs.map((j) => j.jobId)).toEqual(["job-8"]);
    const before = await listJobs(db, group, { start: null, end: "2026-10-05", limit: 10, after: null });
    expect(before.jobs).toHaveLength(7);
    expect((await listJobs(db, name("group"), { start: null, end: null, limit: 10, after: null })).jobs).toEqual([]);
  });
});
