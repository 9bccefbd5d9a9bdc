/**
 * A group's slots over several job objects: nobody waits for a large job's or file's end, the limit holds meanwhile, and
 * no slot stays with a job that has ended.
 */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { JobObject } from "../../src/jobs/job-object.ts";
import { settle } from "../../src/lib/failure.ts";
import {
  claim,
  convert,
  fresh,
  groupStub,
  jobOf,
  released,
  ring,
  rowOf,
  type Stub,
  startJob,
  stubOf,
  submission,
  uploaded,
} from "./bench.ts";

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

test("more jobs than slots: each has its turn, though one of them is large", async () => {
  const group = fresh("group");
  await groupStub(group).setLimits({ filesInFlight: 1 });
  const large = await start(group, 12);
  await vi.waitFor(async () => expect(await flying(large)).toBe(1));
  const others = [await start(group, 2), await start(group, 2), await start(group, 2)];
  const jobs = [large, ...others];
  const order: number[] = [];
  while (order.length < 9) {
    const counts = await vi.waitFor(
      async () => {
        const now = await Promise.all(jobs.map(flying));
        expect(now.reduce((a, b) => a + b)).toBe(1);
        return now;
      },
      { timeout: 10_000, interval: 10 },
    );
    const turn = counts.indexOf(1);
    await convert(jobs[turn]!, order.filter((job) => job === turn).length);
    order.push(turn);
  }
  // A turn is a second long and may be two files; nobody has another one before everybody had theirs.
  for (const job of [1, 2, 3]) expect(order.slice(0, 7)).toContain(job);
  expect(order.filter((job) => job === 0).length).toBe(3);
});

describe("inside one job", () => {
  const PAGES = Array.from({ length: 50 }, (_, i) => i + 1);

  async function splitOne(limit: number) {
    const { group, jobId, stub } = await startJob([uploaded()]);
    await groupStub(group).setLimits({ filesInFlight: limit });
    const { attempt } = await claim(stub, 0);
    settle((await stub.reserve(0, attempt, PAGES.length)) as never);
    await stub.split(0, attempt, { pages: PAGES, partPages: 1 });
    await vi.waitFor(async () => {
      await ring(stub);
      expect(await flying(stub)).toBe(limit);
    });
    return { group, jobId, stub, attempt: attempt + 1 };
  }

  test("a file of many parts and a small one take turns", async () => {
    const { group, jobId, stub, attempt } = await splitOne(2);
    settle((await stub.submit(submission(group, jobId, [uploaded()]))) as never);
    let done = 0;
    while ((await rowOf(stub, 1)).state === 0 && done < PAGES.length) {
      await vi.waitFor(async () => expect(await stub.claim(0, done, attempt, "part")).not.toBeNull());
      expect(await stub.partDone(0, done++, attempt)).toBe(true);
      await vi.waitFor(async () => expect(await flying(stub)).toBe(2));
    }
    expect(done).toBeLessThanOrEqual(3);
    expect(await released(stub, 1)).toBe(1);
  });

  test("a small file that is tried again doesn't wait for the parts before it", async () => {
    const { group, jobId, stub, attempt } = await splitOne(2);
    settle((await stub.submit(submission(group, jobId, [uploaded()]))) as never);
    const next = async (part: number) => {
      await vi.waitFor(async () => expect(await stub.claim(0, part, attempt, "part")).not.toBeNull());
      expect(await stub.partDone(0, part, attempt)).toBe(true);
    };
    await next(0);
    await next(1);
    const { attempt: first } = await claim(stub, 1);
    await stub.failed(1, 0, first, { code: "internal_error", message: "", retry: true });
    const due = Number((await rowOf(stub, 1)).due);
    await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    for (let part = 2; part < 6; part++) await next(part);
    expect(await released(stub, 1)).toBe(first + 1);
  });

  test("parts that wait for slots don't ring the alarm again and again", async () => {
    const { stub } = await splitOne(2);
    await ring(stub);
    const ahead = await runInDurableObject(stub, async (_, state) => (await state.storage.getAlarm())! - Date.now());
    expect(ahead).toBeGreaterThan(500);
  });
});

describe("seats", () => {
  /** Makes a job object and its group believe that they have heard nothing of each other for so long. */
  async function passTime(group: string, job: Stub, ms: number): Promise<void> {
    await runInDurableObject(job, (object) => {
      const { schedule } = object as unknown as { schedule: { toldAt: number; allowUntil: number } };
      schedule.toldAt -= ms;
      schedule.allowUntil -= ms;
    });
    await runInDurableObject(groupStub(group), (object) => {
      const { seats } = (object as unknown as { table: { seats: Map<string, { seenAt: number }> } }).table;
      for (const seat of seats.values()) seat.seenAt -= ms;
    });
  }
  const isFree = async (group: string) =>
    vi.waitFor(async () => expect(await groupStub(group).usage()).toMatchObject({ filesInFlight: 0 }), {
      timeout: 10_000,
    });

  test("long leases: a job that works for minutes keeps its slots", async () => {
    const group = fresh("group");
    await groupStub(group).setLimits({ filesInFlight: 3 });
    const a = await start(group, 3);
    for (let seq = 0; seq < 3; seq++) await claim(a, seq);
    for (let half = 0; half < 4; half++) {
      await passTime(group, a, 60_000);
      await ring(a);
    }
    const b = await start(group, 3);
    await ring(b);
    expect([await flying(a), await flying(b)]).toEqual([3, 0]);
  });

  test("an old allowance lets nothing start: what was dealt to others meanwhile stays theirs", async () => {
    const group = fresh("group");
    await groupStub(group).setLimits({ filesInFlight: 4 });
    const a = await start(group, 4);
    await vi.waitFor(async () => expect(await flying(a)).toBe(4));
    const b = await start(group, 4);
    for (let seq = 0; seq < 4; seq++) await convert(a, seq);
    await vi.waitFor(async () => expect(await flying(b)).toBe(4), { timeout: 10_000 });
    const more = submission(
      group,
      "",
      Array.from({ length: 4 }, () => uploaded()),
    );
    settle((await a.submit({ ...more, job: (await jobOf(a, group)).job })) as never);
    await passTime(group, a, 2_000);
    await ring(a);
    expect([await flying(a), await flying(b)]).toEqual([0, 4]);
  });

  test("the group object evicted between jobs: the limit holds", async () => {
    const group = fresh("group");
    await groupStub(group).setLimits({ filesInFlight: 3 });
    const jobs: Stub[] = [];
    for (let i = 0; i < 4; i++) {
      const job = await start(group, 3);
      jobs.push(job);
      await ring(job);
      await evictDurableObject(groupStub(group));
    }
    for (const job of jobs) await ring(job);
    const counts = await Promise.all(jobs.map(flying));
    expect(counts.reduce((a, b) => a + b)).toBe(3);
    // The slots still go round: every file of every job ends.
    const drain = async (job: Stub) => {
      for (let seq = 0; seq < 3; seq++) await convert(job, seq);
    };
    await Promise.all(jobs.map(drain));
    await isFree(group);
  });

  test("completed, cancelled, killed at the end: no slot stays behind", async () => {
    const group = fresh("group");
    await groupStub(group).setLimits({ filesInFlight: 25 });
    for (let round = 0; round < 8; round++) {
      const job = await start(group, 1);
      await convert(job, 0);
    }
    await isFree(group);
    const cancelled = await start(group, 60);
    await vi.waitFor(async () => expect(await flying(cancelled)).toBe(25));
    for (let seq = 0; seq < 60; seq++) await cancelled.cancelFile(group, seq);
    await isFree(group);
    const whole = await start(group, 60);
    await vi.waitFor(async () => expect(await flying(whole)).toBe(25));
    await whole.cancel(group);
    await isFree(group);
    const killed = await start(group, 2);
    await convert(killed, 0);
    const { attempt } = await claim(killed, 1);
    // Dead before anything but its row and its alarm is written.
    await runInDurableObject(killed, (object: JobObject, state) => {
      object.done(1, attempt, { pages: 1, formats: {} });
      return state.storage.sync().then(() => state.abort("killed"));
    }).catch(() => {});
    await isFree(group);
  });
});
