/** Cron over real job objects, D1 and R2; time is what the sweep is told. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { allShards } from "../../src/db/client.ts";
import { jobs as jobRows } from "../../src/db/schema.ts";
import { artifacts } from "../../src/jobs/artifacts.ts";
import type { JobObject } from "../../src/jobs/job-object.ts";
import { submitJob } from "../../src/jobs/request/submit.ts";
import type { FileRequest } from "../../src/jobs/views.ts";
import { jobKey } from "../../src/lib/ids.ts";
import { sweep, wake } from "../../src/pipeline/expire.ts";

const { DB, BUCKET, JOB, ID_SECRET } = env as unknown as {
  DB: D1Database;
  BUCKET: R2Bucket;
  JOB: DurableObjectNamespace<JobObject>;
  ID_SECRET: string;
};
const shards = allShards(DB);
const db = shards[0]!;
const DAY = 86_400_000;
const GROUP = "expiring";

function request(more: Partial<FileRequest>): FileRequest {
  const none = { sourceUri: null, upload: null, customId: null, filename: null, destinationUri: null };
  return { ...none, destinationBasename: null, s3Region: null, options: null, refusal: null, ...more };
}

async function submit(jobId: string, files: FileRequest[]) {
  const at = { group: GROUP, appId: null, idSecret: ID_SECRET, jobs: JOB, now: Date.now() };
  await submitJob(at, { jobId, idempotencyKey: null, bodyHash: jobId, shared: {}, warnings: [], files });
  const key = jobKey(ID_SECRET, GROUP, jobId);
  return { key, job: JOB.getByName(key) };
}

/** A job of one uploaded file, converted by hand: its object and what it keeps. */
async function completed(jobId: string) {
  const upload = { key: artifacts.upload(jobId), bytes: 4, sha256: "0".repeat(64) };
  await BUCKET.put(upload.key, "%PDF");
  const { key, job } = await submit(jobId, [request({ upload, filename: "a.pdf" })]);
  await expect.poll(() => job.claim(0, 0, 1, "convert")).not.toBeNull();
  const outputs = ["mmd", "lines.json", "lines.mmd.json"].map((ext) => artifacts.output(key, 0, ext));
  for (const output of outputs) await BUCKET.put(output, "text");
  const formats = { mmd: "completed", "lines.json": "completed", "lines.mmd.json": "completed" } as const;
  expect(await job.done(0, 1, { pages: 1, formats })).toBe(true);
  await runDurableObjectAlarm(job);
  return { key, job, upload: upload.key, outputs };
}

const expireAt = async (key: string) =>
  (await db.select({ expireAt: jobRows.expireAt }).from(jobRows).where(eq(jobRows.key, key)))[0]!.expireAt;
const kept = async (keys: string[]) =>
  (await Promise.all(keys.map((key) => BUCKET.head(key)))).filter((object) => object !== null).length;
const sweepAt = (days: number, jobs = JOB) => sweep({ shards, jobs, bucket: BUCKET, now: Date.now() + days * DAY });
const gone = async (job: { file(group: string, seq: number): unknown }) =>
  ((await job.file(GROUP, 0)) as { value: { gone: { why: string } | null } }).value.gone?.why ?? null;

describe("the daily sweep", () => {
  test("sources go after 30 days, the rest after 90, and a repeat finds nothing", async () => {
    const { key, job, upload, outputs } = await completed("by-age");
    await sweepAt(29);
    expect(await kept([upload, ...outputs])).toBe(4);
    await sweepAt(31);
    expect([await kept([upload]), await kept(outputs), await gone(job)]).toEqual([0, 3, null]);
    const due = await expireAt(key);
    expect(due).toBeGreaterThan(Date.now() + 85 * DAY);
    await sweepAt(91);
    expect([await kept(outputs), await gone(job), await expireAt(key)]).toEqual([0, "expired", null]);
    expect(await sweepAt(91)).toEqual({ jobs: 0, objects: 0 });
  });

  test("a job of more files than one call expires is asked until all of it has gone", async () => {
    const refusal = { code: "source_not_found", message: "Nothing lies there." } as const;
    const files = Array.from({ length: 2_300 }, () => request({ sourceUri: "https://example.com/a.pdf", refusal }));
    const { key, job } = await submit("large", files);
    await runDurableObjectAlarm(job);
    expect(await sweepAt(91)).toMatchObject({ jobs: 1 });
    expect(await expireAt(key)).toBeNull();
    expect(await gone(job)).toBe("expired");
  });

  test("one job object in trouble keeps no other from its turn", async () => {
    const bad = await completed("bad");
    const good = await completed("good");
    const trouble = async () => {
      throw new Error("overloaded");
    };
    const getByName = (name: string) => (name === bad.key ? { expire: trouble } : JOB.getByName(name));
    await sweepAt(91, { getByName } as unknown as typeof JOB);
    expect([await gone(bad.job), await gone(good.job)]).toEqual([null, "expired"]);
    await sweepAt(91);
    expect(await gone(bad.job)).toBe("expired");
  });

  test("what no job knows goes by prefix and age", async () => {
    const keys = ["1d/facts/x/0/0", "30d/upload/orphan", "30d/manifest/x/y", "90d/output/x/0/mmd", "other/thing"];
    for (const key of keys) await BUCKET.put(key, "x");
    const left = async (days: number) => {
      const { objects } = await sweepAt(days);
      return [objects, await kept(keys)];
    };
    expect(await left(0)).toEqual([0, 5]);
    expect(await left(2)).toEqual([1, 4]);
    expect(await left(31)).toEqual([2, 2]);
    expect(await left(91)).toEqual([1, 1]);
  });
});

test("each minute, jobs that D1 holds open are woken, and no others", async () => {
  await completed("closed");
  const before = await wake({ shards, jobs: JOB });
  const open = await Promise.all(
    ["open-1", "open-2", "open-3"].map((id) =>
      submit(id, [request({ upload: { key: "30d/upload/none", bytes: 1, sha256: "" } })]),
    ),
  );
  expect(await wake({ shards, jobs: JOB })).toBe(before + 3);
  const trouble = {
    getByName: (name: string) =>
      name === open[0]!.key ? { wake: () => Promise.reject(new Error("no")) } : JOB.getByName(name),
  };
  expect(await wake({ shards, jobs: trouble as unknown as typeof JOB })).toBe(before + 3);
  for (const { job } of open) {
    await job.cancel(GROUP);
    await runDurableObjectAlarm(job);
  }
  expect(await wake({ shards, jobs: JOB })).toBe(before);
});
