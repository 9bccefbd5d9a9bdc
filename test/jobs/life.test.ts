/** A job's life beyond its steps: cancelled, retried, spooled, told to D1, removed, expired; counters sum throughout. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { artifacts } from "../../src/jobs/artifacts.ts";
import { submitJob } from "../../src/jobs/request/submit.ts";
import type { FileView, JobView, Receipt } from "../../src/jobs/views.ts";
import { type Outcome, settle } from "../../src/lib/failure.ts";
import {
  claim,
  convert,
  entrance,
  env,
  fresh,
  groupStub,
  jobOf,
  ring,
  rowOf,
  type Stub,
  startJob,
  stubOf,
  submission,
  uploaded,
  viewOf,
} from "./bench.ts";

const DAY_MS = 86_400_000;

const failWith = async (stub: Stub, seq: number, code: "pdf_encrypted" | "corrupt_pdf_file") => {
  const { attempt } = await claim(stub, seq);
  await stub.failed(seq, 0, attempt, { code, message: "it is broken", retry: false });
};

describe("cancel", () => {
  test("ends what is open, leaves what has ended; late words change nothing", async () => {
    const { group, stub } = await startJob([uploaded(), uploaded(), uploaded()]);
    await convert(stub, 0);
    const { attempt } = await claim(stub, 1);
    const view = settle((await stub.cancel(group)) as Outcome<JobView>);
    expect(view).toMatchObject({ status: "completed", counts: { completed: 1, cancelled: 2, pending: 0, running: 0 } });
    expect(view.cancelledAt).toBeGreaterThan(0);
    expect(await stub.done(1, attempt, { pages: 1, formats: {} })).toBe(false);
    await stub.failed(1, 0, attempt, { code: "internal_error", message: "", retry: true });
    expect(await viewOf(stub, group, 1)).toMatchObject({ state: "cancelled", error: { code: "cancelled" } });
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "completed", error: null });
    expect((await jobOf(stub, group)).fileCount).toBe(3);
  });

  test("one file, twice the same; a completed one is a conflict", async () => {
    const { group, stub } = await startJob([uploaded(), uploaded()]);
    const first = settle((await stub.cancelFile(group, 0)) as Outcome<FileView>);
    expect(first).toMatchObject({ state: "cancelled", error: { code: "cancelled" } });
    expect(settle((await stub.cancelFile(group, 0)) as Outcome<FileView>)).toEqual(first);
    await convert(stub, 1);
    expect(await stub.cancelFile(group, 1)).toMatchObject({ ok: false, code: "conflict" });
  });
});

describe("retry", () => {
  test("drives errors again, all or by code, and counts each end once", async () => {
    const { group, stub } = await startJob([uploaded(), uploaded(), uploaded()]);
    await failWith(stub, 0, "pdf_encrypted");
    await failWith(stub, 1, "corrupt_pdf_file");
    await convert(stub, 2);
    expect(await stub.retry(group, ["pdf_encrypted"])).toEqual({ ok: true, value: { retried: 1 } });
    expect(await viewOf(stub, group, 0)).toMatchObject({ error: null });
    expect(await jobOf(stub, group)).toMatchObject({ status: "processing", counts: { errored: 1, completed: 1 } });
    await convert(stub, 0, 5);
    expect(await stub.retry(group, null)).toEqual({ ok: true, value: { retried: 1 } });
    await convert(stub, 1, 7);
    expect(await stub.retry(group, null)).toEqual({ ok: true, value: { retried: 0 } });
    expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 3, errored: 0 });
    await ring(stub);
    expect(await groupStub(group).usage()).toMatchObject({ pages: 13, reserved: 0 });
  });

  test("a completed file, and one whose pair lives in a later file, are conflicts", async () => {
    const { group, jobId, stub } = await startJob([uploaded({ customId: "x" })]);
    await failWith(stub, 0, "pdf_encrypted");
    await stub.submit(submission(group, jobId, [uploaded({ customId: "x" })]));
    expect(await stub.retryFile(group, 0)).toMatchObject({ ok: false, code: "conflict" });
    await convert(stub, 1);
    expect(await stub.retryFile(group, 1)).toMatchObject({ ok: false, code: "conflict" });
    expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 1, errored: 1 });
  });

  test("evicted between error and retry and end, billed once", async () => {
    const { group, stub } = await startJob([uploaded()]);
    await groupStub(group).setLimits({ pageMonthlyLimit: 10 });
    const { attempt } = await claim(stub, 0);
    expect(await stub.reserve(0, attempt, 8)).toMatchObject({ ok: true });
    await stub.failed(0, 0, attempt, { code: "corrupt_pdf_file", message: "", retry: false });
    await ring(stub);
    expect(await groupStub(group).usage()).toMatchObject({ pages: 0, reserved: 0 });
    await stub.retryFile(group, 0);
    await evictDurableObject(stub);
    await convert(stub, 0, 8);
    await evictDurableObject(stub);
    await ring(stub);
    await ring(stub);
    expect(await groupStub(group).usage()).toMatchObject({ pages: 8, reserved: 0 });
  });
});

describe("spooled submissions", () => {
  async function spool(count: number, more: { cut?: number; customIds?: boolean } = {}) {
    const files = Array.from({ length: count }, (_, i) => ({
      source_uri: `https://documents.invalid/${i}.pdf`,
      ...(more.customIds ? { custom_id: `doc-${i % (more.cut ?? count)}` } : {}),
    }));
    const manifest = artifacts.manifest(crypto.randomUUID().replaceAll("-", ""));
    await env.BUCKET.put(manifest, JSON.stringify({ job_id: "ignored", files }));
    return { manifest, id: crypto.randomUUID(), count };
  }
  const wide = { idempotencyKey: null, bodyHash: "b", shared: {}, warnings: [] };

  test("count at once, expand in slices, sum at every poll", async () => {
    const at = entrance(fresh("group"));
    const spooled = await spool(3_500, { customIds: true });
    const stub = stubOf(at.group, "big");
    await groupStub(at.group).setLimits({ filesInFlight: 0 });
    expect(await submitJob(at, { ...wide, jobId: "big", spooled })).toEqual({ jobId: "big", fileCount: 3_500 });
    const first = await jobOf(stub, at.group);
    expect(first).toMatchObject({ fileCount: 3_500, counts: { pending: 3_500 } });
    await vi.waitFor(
      async () => {
        expect((await jobOf(stub, at.group)).fileCount).toBe(3_500);
        expect((await stub.fileByCustomId(at.group, "doc-3499")).ok).toBe(true);
      },
      { timeout: 15_000, interval: 20 },
    );
    expect(await env.BUCKET.head(spooled.manifest)).toBeNull();
    expect((await jobOf(stub, at.group)).counts.pending).toBe(3_500);
  });

  test("submitted and expanded again, with evictions on the way, registers each item once", async () => {
    const at = entrance(fresh("group"));
    await groupStub(at.group).setLimits({ filesInFlight: 0 });
    const stub = stubOf(at.group, "twice");
    const spooled = await spool(2_500);
    const twin = { ...spooled, manifest: `${spooled.manifest}-copy` };
    await env.BUCKET.put(twin.manifest, await (await env.BUCKET.get(spooled.manifest))!.text());
    await submitJob(at, { ...wide, jobId: "twice", spooled });
    await evictDurableObject(stub).catch(() => {});
    await submitJob(at, { ...wide, jobId: "twice", spooled: twin });
    await expect(submitJob(at, { ...wide, bodyHash: "x", jobId: "twice", spooled })).rejects.toMatchObject({
      code: "conflict",
    });
    await Promise.all(Array.from({ length: 5 }, () => ring(stub)));
    await vi.waitFor(
      async () => {
        await ring(stub);
        const rows = await runInDurableObject(stub, (_, s) =>
          s.storage.sql.exec("SELECT count(*) AS n FROM files").one(),
        );
        expect(rows.n).toBe(2_500);
      },
      { timeout: 15_000 },
    );
    expect((await jobOf(stub, at.group)).fileCount).toBe(2_500);
    expect(await env.BUCKET.head(twin.manifest)).toBeNull();
  });

  test("repeats of live pairs leave the count; a pair twice in the list is an error", async () => {
    const at = entrance(fresh("group"));
    await groupStub(at.group).setLimits({ filesInFlight: 0 });
    const stub = stubOf(at.group, "pairs");
    await submitJob(at, { ...wide, jobId: "pairs", spooled: await spool(10, { customIds: true }) });
    await submitJob(at, { ...wide, jobId: "pairs", spooled: await spool(12, { customIds: true }) });
    await vi.waitFor(async () => expect((await jobOf(stub, at.group)).fileCount).toBe(12), { timeout: 10_000 });
    const doubled = () => spool(20, { customIds: true, cut: 15 });
    await submitJob(at, { ...wide, jobId: "doubled", spooled: await doubled() });
    const other = stubOf(at.group, "doubled");
    const ended = { fileCount: 20, counts: { pending: 15, errored: 5 } };
    await vi.waitFor(async () => expect(await jobOf(other, at.group)).toMatchObject(ended), { timeout: 10_000 });
    // Sent once more, the doubled pairs are repeats like the others: nothing grows.
    await submitJob(at, { ...wide, jobId: "doubled", spooled: await doubled() });
    await vi.waitFor(async () => expect(await jobOf(other, at.group)).toMatchObject(ended), { timeout: 10_000 });
  });

  test("cancelled before it is expanded, every item is cancelled", async () => {
    const at = entrance(fresh("group"));
    const stub = stubOf(at.group, "stop");
    await groupStub(at.group).setLimits({ filesInFlight: 0 });
    await submitJob(at, { ...wide, jobId: "stop", spooled: await spool(3_000) });
    await stub.cancel(at.group);
    await vi.waitFor(
      async () =>
        expect(await jobOf(stub, at.group)).toMatchObject({
          status: "completed",
          fileCount: 3_000,
          counts: { cancelled: 3_000 },
        }),
      { timeout: 15_000 },
    );
  });

  test("a lost list ends each item with an error", async () => {
    const at = entrance(fresh("group"));
    const stub = stubOf(at.group, "lost");
    const spooled = await spool(30);
    await env.BUCKET.delete(spooled.manifest);
    await submitJob(at, { ...wide, jobId: "lost", spooled });
    await vi.waitFor(
      async () =>
        expect(await jobOf(stub, at.group)).toMatchObject({
          status: "completed",
          fileCount: 30,
          counts: { errored: 30 },
        }),
      { timeout: 10_000 },
    );
    expect(await viewOf(stub, at.group, 29)).toMatchObject({ error: { code: "internal_error" } });
  });
});

describe("what is told", () => {
  test("D1 has one record a file, by its newest change, and the job's open", async () => {
    const { group, stub } = await startJob([uploaded(), uploaded()]);
    await convert(stub, 0, 4);
    await failWith(stub, 1, "pdf_encrypted");
    await ring(stub);
    const records = () =>
      env.DB.prepare("SELECT * FROM files WHERE group_id = ? ORDER BY rev").bind(group).all<Record<string, unknown>>();
    expect((await records()).results).toMatchObject([
      { state: "completed", pages: 4, code: null, app_id: "app", api: "files", filename: "paper.pdf" },
      { state: "error", pages: 0, code: "pdf_encrypted" },
    ]);
    const job = () => env.DB.prepare("SELECT * FROM jobs WHERE group_id = ?").bind(group).first();
    expect(await job()).toMatchObject({ open: 0, kind: "job" });
    await stub.retryFile(group, 1);
    await ring(stub);
    expect(await job()).toMatchObject({ open: 1 });
    await convert(stub, 1, 2);
    await ring(stub);
    expect((await records()).results).toMatchObject([{ pages: 4 }, { state: "completed", pages: 2, code: null }]);
    expect(await job()).toMatchObject({ open: 0 });
  });

  test("listing: keyset pages, filters", async () => {
    const { group, stub } = await startJob(Array.from({ length: 5 }, () => uploaded()));
    await failWith(stub, 1, "pdf_encrypted");
    await stub.cancelFile(group, 3);
    type Page = { files: FileView[]; next: number | null };
    const list = async (status: "pending" | "error" | "cancelled" | null, limit: number, after: number | null) => {
      const page = settle((await stub.files(group, { status, limit, after })) as unknown as Outcome<Page>);
      return { seqs: page.files.map((f) => f.seq), next: page.next };
    };
    expect(await list(null, 2, null)).toEqual({ seqs: [0, 1], next: 1 });
    expect(await list(null, 2, 1)).toEqual({ seqs: [2, 3], next: 3 });
    expect(await list(null, 2, 3)).toEqual({ seqs: [4], next: null });
    expect(await list("error", 10, null)).toEqual({ seqs: [1, 3], next: null });
    expect(await list("cancelled", 10, null)).toEqual({ seqs: [3], next: null });
    expect(await list("pending", 10, null)).toEqual({ seqs: [0, 2, 4], next: null });
  });
});

describe("removal", () => {
  const put = async (stub: Stub, seq: number) => {
    const row = await rowOf(stub, seq);
    const key = await runInDurableObject(
      stub,
      (o) => (o as unknown as { state: { ref: { key: string } } }).state.ref.key,
    );
    const keys = [
      String(row.source_key),
      ...["mmd", "lines.json", "lines.mmd.json", "md"].map((e) => artifacts.output(key, seq, e)),
    ];
    for (const k of keys) await env.BUCKET.put(k, "x");
    return keys;
  };
  const present = async (keys: string[]) =>
    (await Promise.all(keys.map((k) => env.BUCKET.head(k)))).filter(Boolean).length;

  test("a file: conflict while open, then everything goes, and a repeat says the same", async () => {
    const { group, jobId, stub } = await startJob([uploaded({ customId: "x" })]);
    expect(await stub.removeFile(group, 0)).toMatchObject({ ok: false, code: "conflict" });
    await convert(stub, 0, 3);
    const keys = await put(stub, 0);
    const receipts = await Promise.all([stub.removeFile(group, 0), stub.removeFile(group, 0)]);
    const receipt = settle(receipts[0] as Outcome<Receipt>);
    expect(receipt).toMatchObject({ files: 1, complete: true });
    expect(receipt.removed.sort()).toEqual(["lines.json", "lines.mmd.json", "md", "mmd", "source"]);
    await evictDurableObject(stub);
    const again = settle((await stub.removeFile(group, 0)) as Outcome<Receipt>);
    expect({ ...again, removed: again.removed.sort() }).toEqual(receipt);
    expect(await present(keys)).toBe(0);
    const view = await viewOf(stub, group, 0);
    expect(view).toMatchObject({
      gone: { why: "deleted", at: receipt.at },
      numPages: 3,
      customId: null,
      filename: null,
      sourceUri: null,
      options: {},
    });
    expect(await stub.source(0)).toBeNull();
    expect(JSON.stringify(await rowOf(stub, 0))).not.toContain("paper.pdf");
    expect(await stub.fileByCustomId(group, "x")).toMatchObject({ ok: false, code: "not_found" });
    await ring(stub);
    const record = await env.DB.prepare("SELECT * FROM files WHERE group_id = ?").bind(group).first();
    expect(record).toMatchObject({ filename: null, options: null, pages: 3, app_id: "app", gone_at: receipt.at });
    expect(await groupStub(group).usage()).toMatchObject({ pages: 3 });
    await stub.submit(submission(group, jobId, [uploaded({ customId: "x" })]));
    expect((await jobOf(stub, group)).fileCount).toBe(2);
  });

  test("a file deleted before it was billed is billed, once", async () => {
    const { group, stub } = await startJob([uploaded(), uploaded()]);
    await convert(stub, 0, 3);
    await convert(stub, 1, 5);
    await stub.removeFile(group, 0);
    await ring(stub);
    await stub.removeFile(group, 1);
    await ring(stub);
    expect(await groupStub(group).usage()).toMatchObject({ pages: 8 });
    const pages = await env.DB.prepare("SELECT sum(pages) AS n FROM files WHERE group_id = ?").bind(group).first("n");
    expect(pages).toBe(8);
  });

  test("a whole job of 1,500: conflict while open, receipt, the alarm finishes, repeats agree, counters stay", async () => {
    const { group, jobId, stub } = await startJob(Array.from({ length: 1_500 }, () => uploaded()));
    expect(await stub.remove(group)).toMatchObject({ ok: false, code: "conflict" });
    await stub.cancel(group);
    const keys = await Promise.all([0, 700, 1_499].map(async (seq) => String((await rowOf(stub, seq)).source_key)));
    for (const key of keys) await env.BUCKET.put(key, "x");
    const receipt = settle((await stub.remove(group)) as Outcome<Receipt>);
    expect(receipt).toMatchObject({ files: 1_500, removed: ["source"], complete: false });
    expect(await viewOf(stub, group, 1_499)).toMatchObject({ gone: { at: receipt.at } });
    await vi.waitFor(
      async () => {
        await ring(stub);
        expect(settle((await stub.remove(group)) as Outcome<Receipt>)).toEqual({ ...receipt, complete: true });
      },
      { timeout: 15_000 },
    );
    expect(await present(keys)).toBe(0);
    const view = await jobOf(stub, group);
    expect(view).toMatchObject({ gone: { at: receipt.at, why: "deleted" }, counts: { cancelled: 1_500 } });
    await stub.submit(submission(group, jobId, [uploaded()]));
    expect(await jobOf(stub, group)).toMatchObject({ gone: null, fileCount: 1_501 });
    expect((await viewOf(stub, group, 1_500)).gone).toBeNull();
  });

  test("expiry: sources after 30 days, the rest after 90, D1 knows when to ask again", async () => {
    const { group, stub } = await startJob([uploaded(), uploaded()]);
    await convert(stub, 0, 2);
    const keys = await put(stub, 0);
    await stub.cancelFile(group, 1);
    await ring(stub);
    const ended = (await viewOf(stub, group, 0)).endedAt!;
    const due = () => env.DB.prepare("SELECT expire_at FROM jobs WHERE group_id = ?").bind(group).first("expire_at");
    expect(await stub.expire(ended + 29 * DAY_MS)).toMatchObject({ objects: 0 });
    expect(await due()).toBe(ended + 30 * DAY_MS);
    expect(await stub.expire(ended + 31 * DAY_MS)).toMatchObject({ objects: 3, next: ended + 90 * DAY_MS });
    expect(await present(keys)).toBe(3);
    expect(await env.BUCKET.head(keys[0]!)).toBeNull();
    expect(await stub.expire(ended + 32 * DAY_MS)).toMatchObject({ objects: 0 });
    expect(await viewOf(stub, group, 0)).toMatchObject({ gone: null, filename: "paper.pdf" });
    expect(await stub.expire(ended + 91 * DAY_MS)).toMatchObject({ next: null });
    expect(await present(keys)).toBe(0);
    expect(await viewOf(stub, group, 0)).toMatchObject({ gone: { why: "expired" }, numPages: 2, filename: null });
    expect(await due()).toBeNull();
    expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 1, cancelled: 1 });
  });
});

test("cron's wake drives a job whose alarm is gone", async () => {
  const { group, stub } = await startJob([uploaded()]);
  await convert(stub, 0);
  await runInDurableObject(stub, (_, state) => state.storage.deleteAlarm());
  await stub.wake();
  expect(await env.DB.prepare("SELECT open FROM jobs WHERE group_id = ?").bind(group).first("open")).toBe(0);
});
