/** One live file for a (job_id, custom_id) pair or an Idempotency-Key, whatever comes at once. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { submitFile, submitJob } from "../../src/jobs/request/submit.ts";
import type { FileView, SubmitAnswer } from "../../src/jobs/views.ts";
import { type Outcome, settle } from "../../src/lib/failure.ts";
import {
  claim,
  convert,
  entrance,
  env,
  fresh,
  jobOf,
  ring,
  startJob,
  stubOf,
  submission,
  uploaded,
  viewOf,
} from "./bench.ts";

const plain = { idempotencyKey: null, bodyHash: "b", shared: {}, warnings: [], api: "files" as const };

describe("custom_id", () => {
  test("1,000 concurrent submissions of 10 pairs make 10 files", async () => {
    const group = fresh("group");
    const jobId = fresh("race");
    const at = entrance(group);
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        submitFile(at, { ...plain, jobId, file: uploaded({ customId: `doc-${i % 10}` }) }),
      ),
    );
    expect(new Set(answers.map((a) => a.fileId)).size).toBe(10);
    expect(answers.filter((a) => !a.repeat).length).toBe(10);
    expect((await jobOf(stubOf(group, jobId), group)).fileCount).toBe(10);
    const rows = await env.DB.prepare("SELECT * FROM jobs WHERE group_id = ?").bind(group).all();
    expect(rows.results.length).toBe(1);
  });

  test("a live or completed pair is a repeat; after an error it is a new file and the old one keeps its end", async () => {
    const { group, jobId, stub } = await startJob([uploaded({ customId: "x" })]);
    const again = async () => {
      const s = submission(group, jobId, [uploaded({ customId: "x" })]);
      return settle((await stub.submit(s)) as Outcome<SubmitAnswer>).files[0]!;
    };
    expect(await again()).toMatchObject({ seq: 0, repeat: true });
    const { attempt } = await claim(stub, 0);
    await stub.failed(0, 0, attempt, { code: "corrupt_pdf_file", message: "no", retry: false });
    expect(await again()).toMatchObject({ seq: 1, repeat: false });
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "error", error: { code: "corrupt_pdf_file" } });
    expect((await jobOf(stub, group)).fileCount).toBe(2);
    const named = settle((await stub.fileByCustomId(group, "x")) as Outcome<FileView>);
    expect(named.seq).toBe(1);
    await convert(stub, 1);
    expect(await again()).toMatchObject({ seq: 1, repeat: true });
  });

  test("twice in one submission is the second item's error", async () => {
    const { group, stub } = await startJob([
      uploaded({ customId: "a" }),
      uploaded({ customId: "a" }),
      uploaded({ customId: "b" }),
    ]);
    expect(await viewOf(stub, group, 1)).toMatchObject({
      state: "error",
      customId: "a",
      error: { code: "bad_request" },
    });
    expect((await jobOf(stub, group)).counts).toMatchObject({ errored: 1 });
    expect(settle((await stub.fileByCustomId(group, "a")) as Outcome<FileView>).seq).toBe(0);
  });

  test("another group finds nothing by name and is refused by number", async () => {
    const { stub } = await startJob([uploaded({ customId: "a" })]);
    expect(await stub.fileByCustomId("next-door", "a")).toMatchObject({ ok: false, code: "not_found" });
    expect(await stub.file("next-door", 0)).toMatchObject({ ok: false, code: "forbidden" });
    expect(await stub.job("next-door")).toMatchObject({ ok: false, code: "forbidden" });
    expect(await stub.removeFile("next-door", 0)).toMatchObject({ ok: false, code: "forbidden" });
    expect(await stub.cancel("next-door")).toMatchObject({ ok: false, code: "forbidden" });
  });

  test("an object nobody submitted to keeps no storage", async () => {
    const stub = stubOf(fresh("group"), "never");
    expect(await stub.job("g")).toMatchObject({ ok: false, code: "not_found" });
    expect(await stub.file("g", 0)).toMatchObject({ ok: false, code: "not_found" });
    expect(await stub.claim(0, 0, 1, "convert")).toBeNull();
    await ring(stub);
  });
});

describe("Idempotency-Key", () => {
  test("200 concurrent single submissions of one key make one file; another body is a conflict", async () => {
    const at = entrance(fresh("group"));
    const key = { ...plain, jobId: null, idempotencyKey: "once" };
    const answers = await Promise.all(Array.from({ length: 200 }, () => submitFile(at, { ...key, file: uploaded() })));
    expect(new Set(answers.map((a) => a.fileId)).size).toBe(1);
    expect(answers.filter((a) => !a.repeat).length).toBe(1);
    await expect(submitFile(at, { ...key, bodyHash: "other", file: uploaded() })).rejects.toMatchObject({
      code: "conflict",
    });
    const other = await submitFile({ ...at, group: fresh("group") }, { ...key, file: uploaded() });
    expect(other.fileId).not.toBe(answers[0]!.fileId);
  });

  test("last month's key still finds its file, a key older than 30 days does not", async () => {
    const group = fresh("group");
    const file = () => uploaded();
    const key = { ...plain, jobId: null, idempotencyKey: "monthly" };
    const now = Date.now();
    const first = await submitFile(entrance(group, now), { ...key, file: file() });
    const nextMonth = new Date(now);
    nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1, 1);
    const later = await submitFile(entrance(group, nextMonth.getTime()), { ...key, file: file() });
    expect(later).toEqual({ fileId: first.fileId, repeat: true });
    const muchLater = await submitFile(entrance(group, now + 62 * 86_400_000), { ...key, file: file() });
    expect(muchLater.repeat).toBe(false);
  });

  test("one key, one body in the whole group, wherever the request goes", async () => {
    const at = entrance(fresh("group"));
    const conflict = { code: "conflict" };
    const single = { ...plain, jobId: null, idempotencyKey: "k1", bodyHash: "single" };
    const inJob = { ...plain, jobId: "j", idempotencyKey: "k1", bodyHash: "in a job" };
    const batch = { idempotencyKey: "k1", bodyHash: "batch", shared: {}, warnings: [], jobId: null };
    const spooled = { manifest: "30d/manifest/none", id: "x", count: 1 };
    const first = await submitFile(at, { ...single, file: uploaded() });
    await expect(submitFile(at, { ...inJob, file: uploaded() })).rejects.toMatchObject(conflict);
    await expect(submitJob(at, { ...batch, files: [uploaded()] })).rejects.toMatchObject(conflict);
    await expect(submitJob(at, { ...batch, spooled })).rejects.toMatchObject(conflict);
    expect(await submitFile(at, { ...single, file: uploaded() })).toEqual({ ...first, repeat: true });
    // The other way round, in another group and with another job.
    const next = entrance(fresh("group"));
    const placed = await submitFile(next, { ...inJob, file: uploaded() });
    await expect(submitFile(next, { ...single, file: uploaded() })).rejects.toMatchObject(conflict);
    await expect(
      submitFile(next, { ...inJob, jobId: "another", bodyHash: "another", file: uploaded() }),
    ).rejects.toMatchObject(conflict);
    await expect(submitJob(next, { ...batch, files: [uploaded()] })).rejects.toMatchObject(conflict);
    expect(await submitFile(next, { ...inJob, file: uploaded() })).toEqual({ ...placed, repeat: true });
    expect(await stubOf(next.group, "another").job(next.group)).toMatchObject({ ok: false, code: "not_found" });
  });

  test("100 concurrent requests with a key and a job_id make one file; of two bodies one wins", async () => {
    const at = entrance(fresh("group"));
    const request = { ...plain, jobId: "j", idempotencyKey: "race" };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => submitFile(at, { ...request, file: uploaded() })),
    );
    expect(new Set(answers.map((a) => a.fileId)).size).toBe(1);
    expect(answers.filter((a) => !a.repeat).length).toBe(1);
    const two = await Promise.allSettled(
      ["a", "b"].map((bodyHash) =>
        submitFile(at, { ...plain, jobId: bodyHash, idempotencyKey: "two", bodyHash, file: uploaded() }),
      ),
    );
    expect(two.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("another body is refused also when the first one's file has failed; the same one makes a new file", async () => {
    const at = entrance(fresh("group"));
    const request = { ...plain, jobId: "j", idempotencyKey: "failed" };
    const first = await submitFile(at, { ...request, file: uploaded() });
    const stub = stubOf(at.group, "j");
    const { attempt } = await claim(stub, 0);
    await stub.failed(0, 0, attempt, { code: "corrupt_pdf_file", message: "no", retry: false });
    await expect(submitFile(at, { ...request, bodyHash: "other", file: uploaded() })).rejects.toMatchObject({
      code: "conflict",
    });
    const again = await submitFile(at, { ...request, file: uploaded() });
    expect(again).toMatchObject({ repeat: false });
    expect(again.fileId).not.toBe(first.fileId);
  });

  test("a key with a job_id is remembered over the month's end, and forgotten after 30 days, rows too", async () => {
    const group = fresh("group");
    const now = Date.now();
    const request = { ...plain, jobId: "j", idempotencyKey: "monthly" };
    const other = { ...request, bodyHash: "other" };
    const first = await submitFile(entrance(group, now), { ...request, file: uploaded() });
    const nextMonth = new Date(now);
    nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1, 1);
    const at = entrance(group, nextMonth.getTime());
    await expect(submitFile(at, { ...other, file: uploaded() })).rejects.toMatchObject({ code: "conflict" });
    const muchLater = entrance(group, now + 62 * 86_400_000);
    const later = await submitFile(muchLater, { ...other, file: uploaded() });
    expect(later.fileId).not.toBe(first.fileId);
    const row = await env.DB.prepare("SELECT key FROM jobs WHERE group_id = ? AND kind = 'singles'")
      .bind(group)
      .all<{ key: string }>();
    for (const { key } of row.results) {
      const object = env.JOB.getByName(key);
      const count = () =>
        runInDurableObject(object, (_, ctx) => ctx.storage.sql.exec("SELECT count(*) AS n FROM keys").one().n);
      expect(await count()).toBe(1);
      expect((await object.expire(Date.now())).next).toBeGreaterThan(Date.now() + 29 * 86_400_000);
      expect(await object.expire(Date.now() + 31 * 86_400_000)).toEqual({ objects: 0, next: null });
      expect(await count()).toBe(0);
    }
  });

  test("a pair wins over the header", async () => {
    const at = entrance(fresh("group"));
    const request = { ...plain, jobId: "j", idempotencyKey: "k" };
    const a = await submitFile(at, { ...request, file: uploaded({ customId: "a" }) });
    const b = await submitFile(at, { ...request, bodyHash: "other", file: uploaded({ customId: "b" }) });
    expect(b.fileId).not.toBe(a.fileId);
  });

  test("a job's key gives its id, and a repeat its answer without new files", async () => {
    const at = entrance(fresh("group"));
    const request = { ...plain, jobId: null, idempotencyKey: "batch" };
    const files = () => [uploaded(), uploaded(), uploaded()];
    const answers = await Promise.all(Array.from({ length: 5 }, () => submitJob(at, { ...request, files: files() })));
    expect(new Set(answers.map((a) => a.jobId)).size).toBe(1);
    expect(answers.every((a) => a.fileCount === 3)).toBe(true);
    expect((await jobOf(stubOf(at.group, answers[0]!.jobId), at.group)).fileCount).toBe(3);
    await expect(submitJob(at, { ...request, bodyHash: "other", files: files() })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

test("a finalized job takes no more files, and says so each time the same way", async () => {
  const { group, jobId, stub } = await startJob([uploaded()]);
  const first = await stub.finalize(group);
  expect(first).toMatchObject({ ok: true });
  expect(await stub.finalize(group)).toEqual(first);
  const refusal = await stub.submit(submission(group, jobId, [uploaded()]));
  expect(refusal).toMatchObject({ ok: false, code: "conflict" });
  expect((await jobOf(stub, group)).finalizedAt).toBeGreaterThan(0);
});
