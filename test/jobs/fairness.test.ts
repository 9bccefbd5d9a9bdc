/** A group's slots over several job objects: nobody waits for a large job's end, and the limit holds meanwhile. */
import { runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { settle } from "../../src/lib/failure.ts";
import { convert, fresh, groupStub, jobOf, type Stub, stubOf, submission, uploaded } from "./bench.ts";

const flying = (stub: Stub) =>
  runInDurableObject(stub, (o) => (o as unknown as { state: { flights: Map<string, object> } }).state.flights.size);

async function start(group: string, count: number): Promise<Stub> {
  const jobId = fresh("job");
  const stub = stubOf(group, jobId);
  settle(
    (await stub.submit(
      submission(
        group,
        jobId,
        Array.from({ length: count }, () => uploaded()),
      ),
    )) as never,
  );
  return stub;
}

test("one file beside a job that holds every slot gets the next free one", async () => {
  const group = fresh("group");
  await groupStub(group).setLimits({ filesInFlight: 3 });
  const large = await start(group, 30);
  await vi.waitFor(async () => expect(await flying(large)).toBe(3));
  const small = await start(group, 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await flying(small)).toBe(0);
  expect(await convert(large, 0)).toBe(true);
  await vi.waitFor(async () => expect(await flying(small)).toBe(1), { timeout: 5_000, interval: 20 });
  expect((await jobOf(large, group)).counts.pending).toBeGreaterThan(20);
  expect((await flying(large)) + (await flying(small))).toBeLessThanOrEqual(3);
  expect(await convert(small, 0)).toBe(true);
  // The small job's slot goes back to the large one.
  for (let seq = 1; seq < 6; seq++) expect(await convert(large, seq)).toBe(true);
  await vi.waitFor(async () => expect(await flying(large)).toBe(3), { timeout: 5_000 });
});

test("two large jobs share, and the limit is never passed", async () => {
  const group = fresh("group");
  await groupStub(group).setLimits({ filesInFlight: 6 });
  const [a, b] = [await start(group, 20), await start(group, 20)];
  let most = 0;
  const drain = async (stub: Stub) => {
    for (let seq = 0; seq < 20; seq++) {
      await convert(stub, seq);
      most = Math.max(most, (await flying(a)) + (await flying(b)));
    }
  };
  await Promise.all([drain(a), drain(b)]);
  expect(most).toBeLessThanOrEqual(6);
  expect((await jobOf(a, group)).counts.completed + (await jobOf(b, group)).counts.completed).toBe(40);
});
