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
    await stub.settle({ job: "b", files: [{ seq: 1, attempt: 1, rev: 1, pages: 0 }] });
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

test("a limit set while files are under way binds the files that come later", async () => {
  const stub = group();
  expect(await stub.reserve({ job: "a", seq: 0, attempt: 1, pages: 60 })).toMatchObject({ ok: true });
  expect(await stub.reserve({ job: "a", seq: 1, attempt: 1, pages: 30 })).toMatchObject({ ok: true });
  const rows = () =>
    runInDurableObject(stub, (_, state) => state.storage.sql.exec("SELECT * FROM reserved").toArray().length);
  expect(await rows()).toBe(0);
  await stub.setLimits({ pageMonthlyLimit: 100 });
  await evictDurableObject(stub);
  expect(await stub.reserve({ job: "a", seq: 2, attempt: 1, pages: 11 })).toMatchObject({ ok: false });
  await stub.settle({ job: "a", files: [{ seq: 0, attempt: 1, rev: 2, pages: 0 }] });
  expect(await stub.reserve({ job: "a", seq: 2, attempt: 1, pages: 70 })).toMatchObject({ ok: true });
  expect(await stub.usage()).toMatchObject({ pages: 0, reserved: 100 });
  await stub.settle({ job: "a", files: [1, 2].map((seq) => ({ seq, attempt: 1, rev: 3 + seq, pages: 0 })) });
  expect(await rows()).toBe(0);
});

describe("slots", () => {
  const seat = (holds: number, wants: number, servedAt = 0): Seat => ({
    holds,
    wants,
    allowed: 0,
    servedAt,
    seenAt: 0,
  });
  const table = (seats: Record<string, [holds: number, wants: number]>): Map<string, Seat> =>
    new Map(Object.entries(seats).map(([job, [holds, wants]]) => [job, seat(holds, wants)]));

  test("a large job can't starve a small one, and takes what others leave", () => {
    expect(dealSlots(table({ big: [0, 200_000] }), 100).get("big")).toBe(100);
    // The newcomer waits for slots to be given back ...
    expect(dealSlots(table({ big: [100, 200_000], small: [0, 1] }), 100).get("small")).toBe(0);
    expect(dealSlots(table({ big: [100, 200_000], small: [0, 1] }), 100).get("big")).toBe(99);
    // ... and the big one doesn't get the next free one back.
    expect(dealSlots(table({ big: [99, 200_000], small: [0, 1] }), 100).get("small")).toBe(1);
    expect(dealSlots(table({ big: [98, 200_000], small: [1, 1] }), 100).get("big")).toBe(99);
    expect(dealSlots(table({ a: [0, 500], b: [0, 500], c: [0, 10] }), 100).get("c")).toBe(10);
    expect(dealSlots(table({ a: [0, 500], b: [0, 500], c: [0, 10] }), 100).get("a")).toBe(45);
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
        const servedAt = seats.get(job.name)?.servedAt ?? 0;
        if (job.left + job.flying === 0) seats.delete(job.name);
        else seats.set(job.name, seat(job.flying, job.flying + job.left, servedAt));
        const allow = dealSlots(seats, limit).get(job.name) ?? 0;
        const release = Math.min(job.left, Math.max(0, allow - job.flying));
        if (release > 0) seats.get(job.name)!.servedAt = steps;
        job.flying += release;
        job.left -= release;
        if (seats.has(job.name)) seats.get(job.name)!.holds = job.flying;
        expect(jobs.reduce((sum, j) => sum + j.flying, 0)).toBeLessThanOrEqual(limit);
      }
    }
  });

  test.each([
    ["four jobs that want one each, and a large one", [1, 1, 1, 1, 200_000], 4],
    ["equal jobs, one more than slots", Array.from({ length: 101 }, () => 50), 100],
    ["many jobs at one slot", Array.from({ length: 30 }, () => 3), 1],
  ])("more jobs than slots: every job has its turn, again and again (%s)", (_, wants, limit) => {
    const seats = new Map(wants.map((want, i) => [`job-${i}`, seat(0, want)]));
    const turns = new Map([...seats.keys()].map((job) => [job, 0]));
    const flying: string[] = [];
    for (let grant = 1; grant <= 3 * seats.size; grant++) {
      if (flying.length === limit) seats.get(flying.shift()!)!.holds = 0;
      const next = [...dealSlots(seats, limit)].filter(([job, allow]) => allow > seats.get(job)!.holds);
      expect(next.length).toBe(Math.min(limit - flying.length, seats.size));
      const [job] = next[0]!;
      Object.assign(seats.get(job)!, { holds: 1, servedAt: grant });
      turns.set(job, turns.get(job)! + 1);
      flying.push(job);
      expect([...seats.values()].reduce((sum, { holds }) => sum + holds, 0)).toBeLessThanOrEqual(limit);
    }
    expect(new Set(turns.values())).toEqual(new Set([3]));
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

  test("what was dealt survives the object: after an eviction nothing is dealt twice", async () => {
    const stub = group();
    await stub.setLimits({ filesInFlight: 3 });
    const jobs = [0, 1, 2, 3].map((i) => ({ job: String(i).repeat(20), inFlight: 0, waiting: 3 }));
    let allowed = 0;
    for (const job of jobs) {
      allowed += (await stub.sync(job)).allow;
      await evictDurableObject(stub);
    }
    expect(allowed).toBe(3);
    // The first job says that it has ended: the next one has its slots, and no row is left of a job that is done.
    await stub.sync({ ...jobs[0]!, waiting: 0 });
    expect(await stub.sync(jobs[1]!)).toEqual({ allow: 3 });
    for (const job of jobs) await stub.sync({ ...job, waiting: 0 });
    const rows = await runInDurableObject(stub, (_, state) => state.storage.sql.exec("SELECT * FROM seats").toArray());
    expect(rows).toEqual([]);
    expect(await stub.usage()).toMatchObject({ filesInFlight: 0 });
  });

  test("few rows: a job that grows to 100 slots writes its seat eight times", async () => {
    const stub = group();
    await runInDurableObject(stub, (object, state) => {
      const written = new Set<unknown>();
      for (let inFlight = 0; inFlight < 100; inFlight++) {
        object.sync({ job: "0".repeat(20), inFlight, waiting: 1 });
        written.add(state.storage.sql.exec("SELECT slots FROM seats").one().slots);
      }
      expect([...written]).toEqual([1, 2, 4, 8, 16, 32, 64, 100]);
    });
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
