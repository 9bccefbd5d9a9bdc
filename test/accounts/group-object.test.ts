/** What spans a group's jobs: pages reserved and counted once, slots dealt fairly, requests of a minute. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env as untyped } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { GroupObject } from "../../src/accounts/group-object.ts";
import { dealSlots, type Seat } from "../../src/accounts/slots.ts";
import type { Outcome } from "../../src/lib/failure.ts";

const env = untyped as unknown as { GROUP: DurableObjectNamespace<GroupObject> };
const group = () => env.GROUP.getByName(crypto.randomUUID());

describe("pages of the month", () => {
  test("500 concurrent reservations never pass the limit, evictions included", async () => {
    const stub = group();
    await stub.setLimits({ pageMonthlyLimit: 1_000 });
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, seq) => stub.reserve({ job: `job-${seq % 7}`, seq, attempt: 1, pages: 3 })),
    );
    expect(outcomes.filter((o) => o.ok).length).toBe(333);
    expect(await stub.usage()).toMatchObject({ pages: 0, reserved: 999 });
    await evictDurableObject(stub);
    expect(await stub.reserve({ job: "late", seq: 0, attempt: 1, pages: 2 })).toMatchObject({
      ok: false,
      code: "http_max_requests",
      info: { limit_name: "page_monthly_limit", limit_value: 1_000, count: 999 },
    });
    expect(await stub.reserve({ job: "late", seq: 0, attempt: 1, pages: 1 })).toMatchObject({ ok: true });
  });

  test("reserving the same file again replaces, settling twice counts once, a later attempt's reservation stays", async () => {
    const stub = group();
    await stub.setLimits({ pageMonthlyLimit: 10 });
    for (let i = 0; i < 5; i++) {
      expect(await stub.reserve({ job: "a", seq: 1, attempt: 1 + i, pages: 8 })).toMatchObject({ ok: true });
    }
    expect(await stub.usage()).toMatchObject({ reserved: 8 });
    // The end of attempt 3, late: attempt 5 works.
    await stub.settle({ job: "a", files: [{ seq: 1, attempt: 3, rev: 4, pages: 0 }] });
    expect(await stub.usage()).toMatchObject({ reserved: 8, pages: 0 });
    const end = { job: "a", files: [{ seq: 1, attempt: 5, rev: 9, pages: 8 }] };
    await stub.settle(end);
    await stub.settle(end);
    await evictDurableObject(stub);
    await stub.settle(end);
    expect(await stub.usage()).toMatchObject({ reserved: 0, pages: 8 });
    expect(await stub.reserve({ job: "b", seq: 1, attempt: 1, pages: 3 })).toMatchObject({ ok: false });
    expect(await stub.reserve({ job: "b", seq: 1, attempt: 1, pages: 2 })).toMatchObject({ ok: true });
    await stub.release({ job: "b", seq: 1, attempt: 1 });
    expect(await stub.usage()).toMatchObject({ reserved: 0, pages: 8 });
  });

  test("without a limit nothing is refused and pages still count", async () => {
    const stub = group();
    expect(((await stub.reserve({ job: "a", seq: 0, attempt: 1, pages: 1e6 })) as Outcome<null>).ok).toBe(true);
    await stub.settle({ job: "a", files: [{ seq: 0, attempt: 1, rev: 1, pages: 1e6 }] });
    expect(await stub.usage()).toMatchObject({ pages: 1e6, reserved: 0 });
    await stub.setLimits({ pageMonthlyLimit: 1e6 });
    expect(await stub.reserve({ job: "a", seq: 1, attempt: 1, pages: 1 })).toMatchObject({ ok: false });
    await stub.setLimits({ pageMonthlyLimit: null });
    expect(await stub.reserve({ job: "a", seq: 1, attempt: 1, pages: 1 })).toMatchObject({ ok: true });
  });
});

describe("slots", () => {
  const table = (seats: Record<string, [holds: number, wants: number]>): Map<string, Seat> =>
    new Map(Object.entries(seats).map(([job, [holds, wants]]) => [job, { holds, wants, allowed: 0, seenAt: 0 }]));

  test("a large job can't starve a small one, and takes what others leave", () => {
    expect(dealSlots(table({ big: [0, 200_000] }), "big", 100)).toBe(100);
    // The newcomer waits for slots to be given back ...
    expect(dealSlots(table({ big: [100, 200_000], small: [0, 1] }), "small", 100)).toBe(0);
    expect(dealSlots(table({ big: [100, 200_000], small: [0, 1] }), "big", 100)).toBe(99);
    // ... and the big one doesn't get the next free one back.
    expect(dealSlots(table({ big: [99, 200_000], small: [0, 1] }), "small", 100)).toBe(1);
    expect(dealSlots(table({ big: [98, 200_000], small: [1, 1] }), "big", 100)).toBe(99);
    expect(dealSlots(table({ a: [0, 500], b: [0, 500], c: [0, 10] }), "c", 100)).toBe(10);
    expect(dealSlots(table({ a: [0, 500], b: [0, 500], c: [0, 10] }), "a", 100)).toBe(45);
  });

  test("whatever is asked in whatever order, no more than the limit is held, and everybody is served", () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % n;
    };
    for (let round = 0; round < 200; round++) {
      const limit = 1 + random(20);
      const jobs = Array.from({ length: 1 + random(8) }, (_, i) => ({
        name: `j${i}`,
        left: 1 + random(60),
        flying: 0,
      }));
      const seats = new Map<string, Seat>();
      let steps = 0;
      while (jobs.some((j) => j.left + j.flying > 0)) {
        if (++steps > 20_000) throw new Error("somebody starves");
        const job = jobs[random(jobs.length)]!;
        if (job.flying > 0 && random(2) === 0) job.flying--;
        if (job.left + job.flying === 0) seats.delete(job.name);
        else seats.set(job.name, { holds: job.flying, wants: job.flying + job.left, allowed: 0, seenAt: 0 });
        const allow = dealSlots(seats, job.name, limit);
        const release = Math.min(job.left, Math.max(0, allow - job.flying));
        job.flying += release;
        job.left -= release;
        if (seats.has(job.name)) seats.get(job.name)!.holds = job.flying;
        expect(jobs.reduce((sum, j) => sum + j.flying, 0)).toBeLessThanOrEqual(limit);
      }
    }
  });

  test("numbers are absolute: a repeated sync changes nothing; the limit holds over jobs", async () => {
    const stub = group();
    await stub.setLimits({ filesInFlight: 10 });
    const a = { job: "0".repeat(20), inFlight: 0, waiting: 50 };
    expect(await stub.sync(a)).toEqual({ allow: 10 });
    expect(await stub.sync(a)).toEqual({ allow: 10 });
    expect(await stub.sync({ job: "1".repeat(20), inFlight: 0, waiting: 2 })).toEqual({ allow: 0 });
    expect(await stub.sync({ ...a, inFlight: 9, waiting: 40 })).toEqual({ allow: 8 });
    expect(await stub.sync({ ...a, inFlight: 8, waiting: 40 })).toEqual({ allow: 8 });
    expect(await stub.sync({ job: "1".repeat(20), inFlight: 0, waiting: 2 })).toEqual({ allow: 2 });
    expect(await stub.sync({ ...a, inFlight: 0, waiting: 0 })).toEqual({ allow: 0 });
    expect(await stub.usage()).toMatchObject({ filesInFlight: 2 });
  });
});

test("requests of a minute", async () => {
  const stub = group();
  expect(await stub.admit()).toMatchObject({ allowed: true, limit: null });
  await stub.setLimits({ requestsPerMinute: 5 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => stub.admit()));
  const allowed = answers.filter((a) => a.allowed);
  // A minute may have begun between two of them.
  expect(allowed.length).toBeGreaterThanOrEqual(4);
  expect(allowed.length).toBeLessThanOrEqual(10);
  expect(answers.at(-1)).toMatchObject({ limit: 5 });
  expect(answers[0]!.resetSeconds).toBeGreaterThan(0);
  expect(answers[0]!.resetSeconds).toBeLessThanOrEqual(60);
});

test("limits: what is left out stays, null lifts, nonsense is refused", async () => {
  const stub = group();
  expect(await stub.limits()).toEqual({ pageMonthlyLimit: null, requestsPerMinute: null, filesInFlight: 100 });
  await stub.setLimits({ pageMonthlyLimit: 5, filesInFlight: 7 });
  await evictDurableObject(stub);
  expect(await stub.setLimits({ pageMonthlyLimit: null })).toEqual({
    pageMonthlyLimit: null,
    requestsPerMinute: null,
    filesInFlight: 7,
  });
  await runInDurableObject(stub, (object) => {
    expect(() => object.setLimits({ filesInFlight: -1 })).toThrow("filesInFlight");
  });
});
