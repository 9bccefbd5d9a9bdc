/** Driving files again: which may be, one by one and all at once, and what a large job's retry leaves in memory. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { itemToFileRequest } from "../../src/jobs/request/items.ts";
import { submitJob } from "../../src/jobs/request/submit.ts";
import { refuseRetry } from "../../src/jobs/retry.ts";
import type { Work } from "../../src/jobs/views.ts";
import { settle } from "../../src/lib/failure.ts";
import {
  claim,
  convert,
  entrance,
  env,
  fresh,
  jobOf,
  released,
  remote,
  ring,
  rowOf,
  type Stub,
  startJob,
  stubOf,
  submission,
  uploaded,
  viewOf,
} from "./bench.ts";

const CORRUPT = { code: "corrupt_pdf_file", message: "no", retry: false } as const;

async function fail(stub: Stub, seq: number): Promise<void> {
  const { attempt } = await claim(stub, seq);
  await stub.failed(seq, 0, attempt, CORRUPT);
}

describe("a file that was refused when it was submitted", () => {
  const refused = [
    { source_uri: "https://documents.invalid/a.pdf", page_ranges: "0-zz" },
    { source_uri: "https://documents.invalid/b.pdf", destination_uri: "s3://bkt/out/", page_ranges: "1" },
    { source_uri: "https://documents.invalid/c.pdf", conversion_formats: { docs: true } },
  ].map((item) => itemToFileRequest(item));

  test("can't be driven again: not by the job's retry, not by its codes, not alone", async () => {
    const { group, stub } = await startJob([...refused, uploaded({ customId: "a" }), uploaded({ customId: "a" })]);
    await fail(stub, 3);
    const before = await Promise.all([0, 1, 2, 4].map((seq) => rowOf(stub, seq)));
    expect(settle(await stub.retry(group, ["bad_request", "data_source_not_found"]))).toEqual({ retried: 0 });
    expect(settle(await stub.retry(group, null))).toEqual({ retried: 1 });
    expect(await viewOf(stub, group, 3)).toMatchObject({ error: null });
    for (const seq of [0, 1, 2, 4]) {
      expect(await stub.retryFile(group, seq)).toMatchObject({
        ok: false,
        code: "conflict",
        message: expect.stringMatching(/submit it again/),
      });
    }
    expect(await Promise.all([0, 1, 2, 4].map((seq) => rowOf(stub, seq)))).toEqual(before);
    expect((await jobOf(stub, group)).counts).toMatchObject({ errored: 4 });
  });

  test("stays refused when its job was cancelled before its item was read", async () => {
    const group = fresh("group");
    const jobId = fresh("job");
    const items = Array.from({ length: 3_000 }, (_, i) =>
      i % 2 === 0 ? { source_uri: `https://documents.invalid/${i}` } : { source_uri: "ftp://documents.invalid/" },
    );
    const manifest = `30d/manifest/${crypto.randomUUID()}`;
    await env.BUCKET.put(manifest, JSON.stringify({ files: items }));
    const wide = { idempotencyKey: null, bodyHash: "b", shared: {}, warnings: [] };
    const spooled = { manifest, id: crypto.randomUUID(), count: items.length };
    const stub = stubOf(group, jobId);
    await Promise.all([submitJob(entrance(group), { ...wide, jobId, spooled }), stub.cancel(group)]);
    await stub.cancel(group);
    for (let i = 0; (await jobOf(stub, group)).status === "processing" && i < 100; i++) await ring(stub);
    const { counts } = await jobOf(stub, group);
    expect(counts).toMatchObject({ errored: 1_500, cancelled: 1_500 });
    expect(settle(await stub.retry(group, null))).toEqual({ retried: 1_500 });
    // Else their fetches go on behind the other tests.
    await stub.cancel(group);
  });
});

test("the job's retry drives exactly the files that could be driven alone", async () => {
  const { group, jobId, stub } = await startJob([
    uploaded(), // 0 failed, source kept
    remote(), // 1 cancelled, to be fetched again
    uploaded(), // 2 completed
    uploaded(), // 3 cancelled
    uploaded(), // 4 failed, then deleted
    uploaded({ customId: "twice" }), // 5 failed; 8 is live
    uploaded({ customId: "again" }), // 6 failed; 9 failed too
    uploaded(), // 7 pending for ever
  ]);
  for (const seq of [0, 4, 5, 6]) await fail(stub, seq);
  await stub.cancelFile(group, 1);
  await convert(stub, 2);
  await stub.cancelFile(group, 3);
  await stub.removeFile(group, 4);
  await stub.submit(submission(group, jobId, [uploaded({ customId: "twice" }), uploaded({ customId: "again" })]));
  await fail(stub, 9);
  const alone: number[] = [];
  for (let seq = 0; seq <= 9; seq++) {
    const { state } = await viewOf(stub, group, seq);
    if (state === "pending" || state === "running") continue;
    const may = await runInDurableObject(stub, (object) => {
      const inside = (object as unknown as { state: Parameters<typeof refuseRetry>[0] }).state;
      return refuseRetry(inside, inside.row(seq)!, Date.now()) === null;
    });
    if (may) alone.push(seq);
  }
  expect(alone).toEqual([0, 1, 3, 6, 9]);
  // 6 and 9 are of one pair: only one of them may live.
  expect(settle(await stub.retry(group, null))).toEqual({ retried: 4 });
  const after = await Promise.all(alone.map((seq) => viewOf(stub, group, seq)));
  expect(after.map((view) => view.error)).toEqual([null, null, null, null, expect.anything()]);
  expect(after.map((view) => view.step).slice(0, 3)).toEqual(["convert", "fetch", "convert"]);
  expect(settle(await stub.retry(group, null))).toEqual({ retried: 0 });
  for (const seq of [0, 3, 6]) expect(await convert(stub, seq)).toBe(true);
  await stub.cancel(group);
});

test("5,000 files at once: counted at once, none of them held in memory, all of them released, also after an eviction", async () => {
  const { group, stub } = await startJob(Array.from({ length: 5_000 }, () => uploaded()));
  await stub.cancel(group);
  expect((await jobOf(stub, group)).counts).toMatchObject({ cancelled: 5_000 });
  expect(settle(await stub.retry(group, ["cancelled"]))).toEqual({ retried: 5_000 });
  const { counts } = await jobOf(stub, group);
  expect(counts.pending + counts.running).toBe(5_000);
  const waiting = () =>
    runInDurableObject(stub, (o) => (o as unknown as { state: { waits: { size: number } } }).state.waits.size);
  expect(await waiting()).toBe(0);
  await released(stub, 0);
  await evictDurableObject(stub).catch(() => undefined);
  expect(await waiting()).toBe(0);
  expect((await jobOf(stub, group)).fileCount).toBe(5_000);
  for (let seq = 0; seq < 150; seq++) expect(await convert(stub, seq)).toBe(true);
  await stub.cancel(group);
  expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 150, cancelled: 4_850 });
});

test("a try of assembling that fails takes no page back", async () => {
  const { group, stub } = await startJob([uploaded()]);
  const { attempt } = await claim(stub, 0);
  settle<null>(await stub.reserve(0, attempt, 4));
  await stub.split(0, attempt, { pages: [1, 2, 3, 4], partPages: 4 });
  await expect.poll(() => stub.claim(0, 0, attempt + 1, "part") as Promise<Work | null>).not.toBeNull();
  await stub.partDone(0, 0, attempt + 1);
  const assemble = await claim(stub, 0, "assemble");
  await stub.failed(0, 0, assemble.attempt, { code: "internal_error", message: "", retry: true });
  expect(await viewOf(stub, group, 0)).toMatchObject({ state: "pending", numPagesCompleted: 4 });
});
