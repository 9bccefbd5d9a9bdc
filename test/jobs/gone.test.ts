/** Deleted and expired data is gone (DESIGN, invariant 8): every column, of every table, of object and ledger. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { listJobs } from "../../src/accounts/usage.ts";
import { shardOf } from "../../src/db/client.ts";
import { submitJob } from "../../src/jobs/request/submit.ts";
import { settle } from "../../src/lib/failure.ts";
import { claim, convert, entrance, env, fresh, jobOf, ring, type Stub, stubOf, uploaded } from "./bench.ts";

const SECRET = "a-customers-own-words";
const DAY_MS = 86_400_000;

/** A job of three files that have ended (one failed), each word of it the customer's. */
async function endedJob() {
  const group = fresh("group");
  const jobId = `${SECRET}-${fresh("job")}`;
  const at = { ...entrance(group), appId: "their-app" };
  await submitJob(at, {
    jobId,
    idempotencyKey: null,
    bodyHash: SECRET,
    shared: { metadata: { note: SECRET } },
    warnings: [SECRET],
    files: [0, 1, 2].map((i) => uploaded({ filename: `${SECRET}.pdf`, customId: `${SECRET}-${i}` })),
  });
  const stub = stubOf(group, jobId);
  await convert(stub, 0, 3);
  await convert(stub, 1, 2);
  const { attempt } = await claim(stub, 2);
  await stub.failed(2, 0, attempt, { code: "corrupt_pdf_file", message: SECRET, retry: false });
  return { group, jobId, stub, at };
}

/** Everything the object keeps but for its alarm. */
function stored(stub: Stub): Promise<string> {
  return runInDurableObject(stub, (_, { storage: { sql } }) =>
    JSON.stringify(
      ["meta", "submissions", "files", "parts", "large"].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray()),
    ),
  );
}

async function ledger(group: string): Promise<string> {
  const files = await env.DB.prepare("SELECT * FROM files WHERE group_id = ?").bind(group).all();
  const jobs = await env.DB.prepare("SELECT * FROM jobs WHERE group_id = ?").bind(group).all();
  return JSON.stringify([files.results, jobs.results]);
}

const listed = async ({ group }: Awaited<ReturnType<typeof endedJob>>) =>
  (await listJobs(shardOf(env.DB, group), group, { start: null, end: null, limit: 10, after: null })).jobs.map(
    (job) => job.jobId,
  );

const pageOf = async (stub: Stub, group: string, status: "completed" | null = null) =>
  settle((await stub.files(group, { status, limit: 10, after: null })) as never) as {
    files: { seq: number }[];
    gone: object | null;
  };

describe("a deleted job", () => {
  test("leaves nothing of the customer's, here and in D1, and is not listed; its counters and pages stay", async () => {
    const job = await endedJob();
    const { group, stub } = job;
    await ring(stub);
    expect(await stored(stub)).toContain(SECRET);
    expect(await ledger(group)).toContain(SECRET);
    expect(await listed(job)).toEqual([job.jobId]);
    settle(await stub.remove(group));
    expect(await listed(job)).toEqual([]);
    expect(await stored(stub)).not.toContain(SECRET);
    expect(await pageOf(stub, group)).toMatchObject({ files: [], gone: { why: "deleted" } });
    await ring(stub);
    expect(await ledger(group)).not.toContain(SECRET);
    expect(await stored(stub)).not.toMatch(/corrupt_pdf_file|their-app/);
    expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 2, errored: 1 });
    const bill = "SELECT sum(pages) AS pages, count(app_id) AS apps FROM files WHERE group_id = ?";
    expect(await env.DB.prepare(bill).bind(group).first()).toEqual({ pages: 5, apps: 3 });
  });

  test("removed before the ledger heard of its files: billed to its application all the same", async () => {
    const { group, stub } = await endedJob();
    settle(await stub.remove(group));
    await ring(stub);
    const rows = await env.DB.prepare("SELECT app_id, api, pages, code FROM files WHERE group_id = ? ORDER BY pages")
      .bind(group)
      .all();
    expect(rows.results).toEqual([0, 2, 3].map((pages) => ({ app_id: "their-app", api: "files", pages, code: null })));
    expect(await stored(stub)).not.toMatch(/their-app/);
  });

  test("is listed again when something is submitted to it", async () => {
    const job = await endedJob();
    const { at, jobId, group, stub } = job;
    settle(await stub.remove(group));
    const wide = { idempotencyKey: null, bodyHash: "b", shared: {}, warnings: [] };
    await submitJob(at, { ...wide, jobId, files: [uploaded()] });
    expect(await listed(job)).toEqual([jobId]);
    expect(await jobOf(stub, group)).toMatchObject({ gone: null, fileCount: 4, job: { jobId } });
    expect((await pageOf(stub, group)).files.map((file) => file.seq)).toEqual([3]);
  });
});

test("what files have in common goes with the last of them; deleted ones leave the listing", async () => {
  const { group, jobId, stub } = await endedJob();
  const note = `"note\\\\":\\\\"${SECRET}`;
  settle(await stub.removeFile(group, 0));
  expect((await pageOf(stub, group)).files.map((file) => file.seq)).toEqual([1, 2]);
  expect((await pageOf(stub, group, "completed")).files.map((file) => file.seq)).toEqual([1]);
  settle(await stub.removeFile(group, 2));
  expect(await stored(stub)).toContain(SECRET);
  settle(await stub.removeFile(group, 1));
  const left = (await stored(stub)).replaceAll(jobId, "");
  expect(left).not.toContain(SECRET);
  expect(left).not.toContain(note);
});

test("expired: the same", async () => {
  const { group, jobId, stub } = await endedJob();
  await ring(stub);
  await stub.expire(Date.now() + 91 * DAY_MS);
  expect((await stored(stub)).replaceAll(jobId, "")).not.toContain(SECRET);
  expect((await pageOf(stub, group)).files).toEqual([]);
});

test("a submission that only repeats keeps nothing of its own", async () => {
  const { group, jobId, stub, at } = await endedJob();
  const again = {
    jobId,
    idempotencyKey: null,
    bodyHash: "b",
    shared: { metadata: { note: "twice-told" } },
    warnings: [],
  };
  await submitJob(at, { ...again, files: [0, 1].map((i) => uploaded({ customId: `${SECRET}-${i}` })) });
  expect((await jobOf(stub, group)).fileCount).toBe(3);
  expect(await stored(stub)).not.toContain("twice-told");
});
