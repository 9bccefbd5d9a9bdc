/** What the object remembers and says: after a first submission that was rolled back, and of a job's pages. */
import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { JobObject } from "../../src/jobs/job-object.ts";
import { settle } from "../../src/lib/failure.ts";
import { claim, convert, fresh, jobOf, startJob, stubOf, submission, uploaded } from "./bench.ts";

test("a first submission that is rolled back leaves no job behind, and the next one makes it", async () => {
  const group = fresh("group");
  const jobId = fresh("job");
  const stub = stubOf(group, jobId);
  await runInDurableObject(stub, (object: JobObject) => {
    // The first file is registered when the second one turns out not to be JSON.
    const files = [uploaded(), uploaded({ options: { pages: 1n } })];
    expect(() => object.submit(submission(group, jobId, files))).toThrow(/BigInt/);
  });
  expect(await stub.job(group)).toMatchObject({ ok: false, code: "not_found" });
  settle(await stub.submit(submission(group, jobId, [uploaded()])));
  expect(await jobOf(stub, group)).toMatchObject({ fileCount: 1, counts: { errored: 0 } });
  expect(await convert(stub, 0)).toBe(true);
});

test("pages of a job are those of all its files, however many", async () => {
  const { group, stub } = await startJob(Array.from({ length: 12_000 }, () => uploaded()));
  await convert(stub, 0, 3);
  const { attempt } = await claim(stub, 1);
  settle<null>(await stub.reserve(1, attempt, 5));
  await stub.progress(1, 0, attempt, 2);
  await runInDurableObject(stub, (_, ctx) => {
    ctx.storage.sql.exec("UPDATE files SET pages = 7 WHERE seq = 11999");
  });
  expect(settle(await stub.pages(group))).toEqual({ known: 15, completed: 5 });
  await stub.cancel(group);
});

test("an alarm that storage refuses throws nothing, and the next call sets it", async () => {
  const { group, stub } = await startJob([uploaded()]);
  await runInDurableObject(stub, async (object, ctx) => {
    const { storage } = ctx;
    const inside = object as unknown as { state: { ready(now: number): number } };
    const [setAlarm, ready] = [storage.setAlarm, inside.state.ready];
    storage.setAlarm = () => Promise.reject(new Error("refused"));
    inside.state.ready = () => {
      throw new Error("a bug");
    };
    await (object as unknown as { alarm(): Promise<void> }).alarm();
    Object.assign(storage, { setAlarm });
    inside.state.ready = ready;
    await storage.deleteAlarm();
  });
  await stub.poke();
  expect(await runInDurableObject(stub, (_, ctx) => ctx.storage.getAlarm())).not.toBeNull();
  await stub.cancel(group);
});
