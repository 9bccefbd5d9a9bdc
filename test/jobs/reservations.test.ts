/** Pages set aside in the group's month: they come back whatever becomes of the file meanwhile. */
import { runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { JobObject } from "../../src/jobs/job-object.ts";
import type { Outcome } from "../../src/lib/failure.ts";
import { claim, convert, groupStub, ring, type Stub, startJob, uploaded } from "./bench.ts";

/** Lets the group object answer a reservation only after `meanwhile` has happened to the file. */
async function reserveLate(stub: Stub, seq: number, attempt: number, meanwhile: (job: JobObject) => Promise<void>) {
  return runInDurableObject(stub, async (job: JobObject) => {
    const env = (job as unknown as { env: { GROUP: DurableObjectNamespace } }).env;
    const { GROUP } = env;
    env.GROUP = {
      getByName: (name: string) =>
        new Proxy(GROUP.getByName(name), {
          get(on, property) {
            const call = (on as unknown as Record<string | symbol, (...args: unknown[]) => Promise<unknown>>)[property];
            if (property !== "reserve") return call;
            return async (...args: unknown[]) => {
              env.GROUP = GROUP;
              await meanwhile(job);
              return (on as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>).reserve!(...args);
            };
          },
        }),
    } as unknown as DurableObjectNamespace;
    return job.reserve(seq, attempt, 60) as Promise<Outcome<null>>;
  });
}

test("cancelled, and told to the group, while its pages were being set aside: they are free again", async () => {
  const { group, stub } = await startJob([uploaded(), uploaded()]);
  await groupStub(group).setLimits({ pageMonthlyLimit: 100 });
  const { attempt } = await claim(stub, 0);
  const outcome = await reserveLate(stub, 0, attempt, async (job) => {
    job.cancelFile(group, 0);
    await job.alarm();
  });
  expect(outcome).toMatchObject({ ok: false, code: "conflict" });
  await vi.waitFor(
    async () => {
      await ring(stub);
      expect(await groupStub(group).usage()).toMatchObject({ reserved: 0, pages: 0 });
    },
    { timeout: 10_000 },
  );
  expect(await convert(stub, 1, 100)).toBe(true);
});

test("another try took over while pages were being set aside: its end frees them, and counts once", async () => {
  const { group, stub } = await startJob([uploaded()]);
  await groupStub(group).setLimits({ pageMonthlyLimit: 100 });
  const { attempt } = await claim(stub, 0);
  const outcome = await reserveLate(stub, 0, attempt, async (job) => {
    job.cancelFile(group, 0);
    await job.alarm();
    job.retryFile(group, 0);
  });
  expect(outcome).toMatchObject({ ok: false, code: "conflict" });
  expect(await convert(stub, 0, 60)).toBe(true);
  await ring(stub);
  expect(await groupStub(group).usage()).toMatchObject({ reserved: 0, pages: 60 });
});
