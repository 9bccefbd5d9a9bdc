/** Steps doubled, late, out of order, lost, and their objects evicted: a file reaches one end, once. */
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { Work } from "../../src/jobs/views.ts";
import type { Outcome } from "../../src/lib/failure.ts";
import {
  claim,
  convert,
  env,
  groupStub,
  jobOf,
  released,
  remote,
  ring,
  rowOf,
  type Stub,
  startJob,
  stubOf,
  uploaded,
  viewOf,
} from "./bench.ts";

const DONE = { pages: 1, formats: { mmd: "completed" as const } };

/** What the object has under way, which a test makes look old. */
interface Inside {
  state: { flights: Map<string, { due: number; leased: boolean }>; waits: { values(): Iterable<{ due: number }> } };
}

/** Lets everything under way run out, and every back-off pass. */
function age(stub: Stub): Promise<void> {
  return runInDurableObject(stub, (object) => {
    const { state } = object as unknown as Inside;
    for (const flight of state.flights.values()) flight.due = 0;
    for (const wait of state.waits.values()) wait.due = 0;
  });
}

describe("hints", () => {
  test("a doubled hint finds nothing to do, before and after the end", async () => {
    const { group, stub } = await startJob([uploaded()]);
    const attempt = await released(stub, 0);
    const claims = await Promise.all(Array.from({ length: 20 }, () => stub.claim(0, 0, attempt, "convert")));
    expect(claims.filter((work) => work !== null).length).toBe(1);
    expect(await stub.reserve(0, attempt, 1)).toMatchObject({ ok: true });
    const ends = await Promise.all(Array.from({ length: 5 }, () => stub.done(0, attempt, DONE)));
    expect(ends.filter(Boolean).length).toBe(1);
    expect(await stub.claim(0, 0, attempt, "convert")).toBeNull();
    expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 1, pending: 0, running: 0 });
  });

  test("hints of other steps, parts, attempts and files change nothing", async () => {
    const { group, stub } = await startJob([uploaded()]);
    const attempt = await released(stub, 0);
    const before = await rowOf(stub, 0);
    expect(await stub.claim(0, 0, attempt, "fetch")).toBeNull();
    expect(await stub.claim(0, 0, attempt, "assemble")).toBeNull();
    expect(await stub.claim(0, 0, attempt, "part")).toBeNull();
    expect(await stub.claim(0, 0, attempt + 1, "convert")).toBeNull();
    expect(await stub.claim(7, 0, attempt, "convert")).toBeNull();
    expect(await stub.done(0, attempt, DONE)).toBe(false);
    expect(await stub.partDone(0, 0, attempt)).toBe(false);
    expect(await stub.split(0, attempt, { pages: [1, 2], partPages: 1 })).toBe(false);
    expect(await stub.progress(0, 0, attempt, 1)).toBe(false);
    expect(await stub.fetched(0, attempt, { key: "k", bytes: 1, sha256: "", filename: null })).toBeNull();
    expect(await stub.reserve(0, attempt, 1)).toMatchObject({ ok: false, code: "conflict" });
    await stub.failed(0, 0, attempt, { code: "corrupt_pdf_file", message: "", retry: false });
    await stub.failed(3, 0, attempt, { code: "corrupt_pdf_file", message: "", retry: false });
    expect(await rowOf(stub, 0)).toEqual(before);
    expect((await jobOf(stub, group)).counts.running).toBe(1);
  });

  test("a lost hint is sent again under the same attempt, and only once its time has come", async () => {
    const { stub } = await startJob([uploaded()]);
    const attempt = await released(stub, 0);
    await ring(stub);
    expect(await released(stub, 0)).toBe(attempt);
    await age(stub);
    await ring(stub);
    expect(await released(stub, 0)).toBe(attempt);
    expect(await convert(stub, 0)).toBe(true);
  });

  test("the alarm is armed while anything is open, and not when nothing is", async () => {
    const { stub } = await startJob([uploaded()]);
    const alarm = () => runInDurableObject(stub, (_, state) => state.storage.getAlarm());
    await released(stub, 0);
    expect(await alarm()).toBeGreaterThan(0);
    await convert(stub, 0);
    await vi.waitFor(
      async () => {
        await ring(stub);
        expect(await alarm()).toBeNull();
      },
      { timeout: 10_000 },
    );
  });
});

describe("leases", () => {
  test("one that runs out is another try; the late consumer changes nothing", async () => {
    const { group, stub } = await startJob([uploaded()]);
    const late = await claim(stub, 0);
    await age(stub);
    await ring(stub);
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "pending" });
    await age(stub);
    await ring(stub);
    const next = await claim(stub, 0);
    expect(next.attempt).toBeGreaterThan(late.attempt);
    expect(await stub.done(0, late.attempt, DONE)).toBe(false);
    expect(await stub.progress(0, 0, late.attempt, 1)).toBe(false);
    await stub.failed(0, 0, late.attempt, { code: "corrupt_pdf_file", message: "", retry: false });
    expect(await stub.done(0, next.attempt, DONE)).toBe(true);
    expect((await jobOf(stub, group)).counts).toMatchObject({ completed: 1, errored: 0 });
  });

  test("a lease lost five times ends the file with max_retries_exceeded", async () => {
    const { group, stub } = await startJob([uploaded()]);
    for (let i = 0; i < 5; i++) {
      await claim(stub, 0);
      await age(stub);
      await ring(stub);
      await age(stub);
      await ring(stub);
    }
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "error", error: { code: "max_retries_exceeded" } });
    expect((await jobOf(stub, group)).status).toBe("completed");
  });

  test("progress renews it", async () => {
    const { stub } = await startJob([uploaded()]);
    const { attempt } = await claim(stub, 0);
    await age(stub);
    expect(await stub.progress(0, 0, attempt, 3)).toBe(true);
    await ring(stub);
    expect(await stub.done(0, attempt, DONE)).toBe(true);
  });
});

describe("failures", () => {
  test("a passing one is tried again with back-off, five times, then ends with its code", async () => {
    const { group, stub } = await startJob([uploaded()]);
    for (let i = 1; i <= 5; i++) {
      const { attempt } = await claim(stub, 0);
      const now = Date.now();
      await stub.failed(0, 0, attempt, { code: "source_unreachable", message: "down", retry: true });
      const row = await rowOf(stub, 0);
      if (i === 5) break;
      const wait = Number(row.due) - now;
      const base = 1_000 * 4 ** (i - 1);
      expect(wait).toBeGreaterThanOrEqual(base);
      expect(wait).toBeLessThan(base * 1.5 + 500);
      expect(row).toMatchObject({ state: 0, tries: i });
      await age(stub);
      await ring(stub);
    }
    expect(await viewOf(stub, group, 0)).toMatchObject({
      state: "error",
      error: { code: "source_unreachable", message: "down" },
    });
  });

  test("a lasting one ends the file at once", async () => {
    const { group, stub } = await startJob([uploaded()]);
    const { attempt } = await claim(stub, 0);
    await stub.failed(0, 0, attempt, { code: "pdf_encrypted", message: "locked", retry: false });
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "error", error: { code: "pdf_encrypted" } });
    expect((await jobOf(stub, group)).status).toBe("completed");
  });
});

describe("fetch", () => {
  /** The real consumer is bound to the fetching queue in this project: the hints of these objects go nowhere. */
  async function startQuiet() {
    const started = await startJob([uploaded({ customId: "first" })]);
    await runInDurableObject(started.stub, (object) => {
      const { state } = object as unknown as { state: { env: Record<string, unknown> } };
      state.env = { ...state.env, FETCH_QUEUE: { sendBatch: async () => {} } };
    });
    const { submission } = await import("./bench.ts");
    await started.stub.submit(submission(started.group, started.jobId, [remote()]));
    return started;
  }

  test("a small source goes on in the same claim; the doubled report finds nothing to do", async () => {
    const { group, stub } = await startQuiet();
    const { attempt, sourceUri } = await claim(stub, 1, "fetch");
    expect(sourceUri).toContain("signature=secret");
    const source = { key: "30d/source/x/1", bytes: 1000, sha256: "aa", filename: "named.pdf" };
    const work = (await stub.fetched(1, attempt, source)) as Work | null;
    expect(work).toMatchObject({ step: "convert", attempt, sourceKey: source.key, filename: "named.pdf" });
    expect(await stub.fetched(1, attempt, source)).toBeNull();
    expect(await viewOf(stub, group, 1)).toMatchObject({ loaded: true, step: "convert", state: "running" });
    expect(JSON.stringify(await viewOf(stub, group, 1))).not.toContain("secret");
    expect(await stub.reserve(1, attempt, 2)).toMatchObject({ ok: true });
    expect(await stub.done(1, attempt, DONE)).toBe(true);
    expect(await viewOf(stub, group, 1)).toMatchObject({ state: "completed", numPages: 2, numPagesCompleted: 2 });
  });

  test("a large one leaves the network's queue under a new attempt", async () => {
    const { stub } = await startQuiet();
    const { attempt } = await claim(stub, 1, "fetch");
    const source = { key: "30d/source/x/1", bytes: 2 ** 30, sha256: "aa", filename: null };
    expect(await stub.fetched(1, attempt, source)).toBeNull();
    await stub.failed(1, 0, attempt, { code: "source_unreachable", message: "late", retry: false });
    const work = await claim(stub, 1, "convert");
    expect(work).toMatchObject({ step: "convert", sourceBytes: 2 ** 30 });
    expect(work.attempt).toBeGreaterThan(attempt);
    expect(await stub.done(1, work.attempt, DONE)).toBe(true);
  });
});

describe("evictions", () => {
  test("between every two calls", async () => {
    const { group, stub } = await startJob([uploaded()]);
    const attempt = await released(stub, 0);
    await evictDurableObject(stub);
    expect(await stub.claim(0, 0, attempt, "convert")).not.toBeNull();
    await evictDurableObject(stub);
    expect(await stub.claim(0, 0, attempt, "convert")).toBeNull();
    expect(await stub.reserve(0, attempt, 3)).toMatchObject({ ok: true });
    await evictDurableObject(stub);
    expect(await stub.progress(0, 0, attempt, 2)).toBe(true);
    await evictDurableObject(stub);
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "running", numPages: 3, numPagesCompleted: 2 });
    expect(await stub.done(0, attempt, DONE)).toBe(true);
    await evictDurableObject(stub);
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "completed", numPages: 3 });
    expect((await jobOf(stub, group)).counts.completed).toBe(1);
  });

  test("all objects ended at once: hints go out again within seconds, the group's slots too", async () => {
    const { group, jobId, stub } = await startJob([uploaded(), uploaded()]);
    await released(stub, 0);
    const claimed = await claim(stub, 1);
    await abortAllDurableObjects();
    const again = stubOf(group, jobId);
    expect((await jobOf(again, group)).counts.running).toBe(2);
    const flights = await runInDurableObject(again, (object) =>
      [...(object as unknown as Inside).state.flights.values()].map(({ due, leased }) => ({
        leased,
        seconds: Math.ceil((due - Date.now()) / 1000),
      })),
    );
    expect(flights.find((f) => !f.leased)!.seconds).toBeLessThanOrEqual(2);
    expect(flights.find((f) => f.leased)!.seconds).toBeLessThanOrEqual(10);
    const alarm = await runInDurableObject(again, (_, state) => state.storage.getAlarm());
    expect(alarm! - Date.now()).toBeLessThanOrEqual(2_000);
    expect(await convert(again, 0)).toBe(true);
    // The consumer of the other one lives: its word still counts.
    expect(await again.done(1, claimed.attempt, DONE)).toBe(true);
    expect((await jobOf(again, group)).status).toBe("completed");
  });
});

describe("parts", () => {
  const PAGES = Array.from({ length: 10 }, (_, i) => i + 1);

  async function split(partPages = 4) {
    const started = await startJob([uploaded()]);
    const { attempt } = await claim(started.stub, 0);
    await started.stub.reserve(0, attempt, PAGES.length);
    expect(await started.stub.split(0, attempt, { pages: PAGES, partPages })).toBe(true);
    return { ...started, attempt };
  }

  async function claimPart(stub: Stub, part: number): Promise<Work> {
    return vi.waitFor(
      async () => {
        const attempt = await runInDurableObject(stub, (object) => {
          const inside = object as unknown as { state: { flights: Map<string, { attempt: number }> } };
          return inside.state.flights.get(`0/${part}`)?.attempt;
        });
        if (attempt === undefined) throw new Error(`part ${part} is not released`);
        return (await stub.claim(0, part, attempt, "part")) as Work;
      },
      { timeout: 10_000, interval: 10 },
    );
  }

  test("each is claimed with its pages, done counts once, the last one releases assemble", async () => {
    const { group, stub, attempt } = await split();
    const works = [await claimPart(stub, 0), await claimPart(stub, 1), await claimPart(stub, 2)];
    expect(works.map((w) => [w.part, w.partPages, w.pages.length])).toEqual([
      [0, 4, 10],
      [1, 4, 10],
      [2, 4, 10],
    ]);
    expect(await stub.partDone(0, 2, works[2]!.attempt)).toBe(true);
    expect(await stub.partDone(0, 2, works[2]!.attempt)).toBe(false);
    expect(await viewOf(stub, group, 0)).toMatchObject({ numPages: 10, numPagesCompleted: 2 });
    expect(await stub.partDone(0, 0, works[0]!.attempt)).toBe(true);
    await evictDurableObject(stub);
    expect(await stub.partDone(0, 1, works[1]!.attempt)).toBe(true);
    expect(await stub.partDone(0, 1, works[1]!.attempt)).toBe(false);
    const assemble = await claim(stub, 0, "assemble");
    expect(assemble).toMatchObject({ step: "assemble", pages: PAGES, partPages: 4 });
    // The converter that split the file reports late: it changes nothing.
    await stub.failed(0, 0, attempt, { code: "corrupt_pdf_file", message: "", retry: false });
    expect(await stub.done(0, attempt, DONE)).toBe(false);
    expect(await stub.done(0, assemble.attempt, { ...DONE, pages: 10 })).toBe(true);
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "completed", numPages: 10, numPagesCompleted: 10 });
    const left = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec("SELECT (SELECT count(*) FROM parts) + (SELECT count(*) FROM large) AS n").one(),
    );
    expect(left.n).toBe(0);
  });

  test("a failed part is tried again alone, late words of its first try change nothing", async () => {
    const { group, stub } = await split();
    const first = await claimPart(stub, 1);
    await stub.failed(0, 1, first.attempt, { code: "internal_error", message: "", retry: true });
    await age(stub);
    await ring(stub);
    const second = await claimPart(stub, 1);
    expect(second.attempt).toBeGreaterThan(first.attempt);
    expect(await stub.partDone(0, 1, first.attempt)).toBe(false);
    expect(await stub.partDone(0, 1, second.attempt)).toBe(true);
    for (const part of [0, 2]) await stub.partDone(0, part, (await claimPart(stub, part)).attempt);
    const { attempt } = await claim(stub, 0, "assemble");
    expect(attempt).toBeGreaterThan(second.attempt);
    await stub.done(0, attempt, { ...DONE, pages: 10 });
    expect((await jobOf(stub, group)).counts.completed).toBe(1);
  });

  test("a part that fails for good ends the file, and the other parts' words change nothing", async () => {
    const { group, stub } = await split();
    const [a, b] = [await claimPart(stub, 0), await claimPart(stub, 1)];
    await stub.failed(0, 0, a.attempt, { code: "corrupt_pdf_file", message: "", retry: false });
    expect(await stub.partDone(0, 1, b.attempt)).toBe(false);
    expect(await viewOf(stub, group, 0)).toMatchObject({ state: "error", error: { code: "corrupt_pdf_file" } });
    expect((await jobOf(stub, group)).status).toBe("completed");
  });

  test("parts stay within the group's slots", async () => {
    const { group, stub } = await startJob([uploaded()]);
    await groupStub(group).setLimits({ filesInFlight: 3 });
    const { attempt } = await claim(stub, 0);
    await stub.reserve(0, attempt, 10);
    await stub.split(0, attempt, { pages: PAGES, partPages: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await ring(stub);
    const flying = () => runInDurableObject(stub, (o) => (o as unknown as Inside).state.flights.size);
    expect(await flying()).toBe(3);
    for (let part = 0; part < 10; part++) {
      const work = await claimPart(stub, part);
      expect(await flying()).toBeLessThanOrEqual(3);
      await stub.partDone(0, part, work.attempt);
    }
    const { attempt: last } = await claim(stub, 0, "assemble");
    expect(await stub.done(0, last, { ...DONE, pages: 10 })).toBe(true);
  });
});

test("the page limit of the month is never passed by files that come at once", async () => {
  const { group, stub } = await startJob(Array.from({ length: 40 }, () => uploaded()));
  await groupStub(group).setLimits({ pageMonthlyLimit: 100 });
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async (_, seq) => {
      const { attempt } = await claim(stub, seq);
      const outcome = (await stub.reserve(seq, attempt, 7)) as Outcome<null>;
      if (outcome.ok) await stub.done(seq, attempt, { ...DONE, pages: 7 });
      else await stub.failed(seq, 0, attempt, { code: outcome.code, message: outcome.message, retry: true });
      return outcome;
    }),
  );
  expect(outcomes.filter((o) => o.ok).length).toBe(14);
  expect(outcomes.find((o) => !o.ok)).toMatchObject({
    code: "http_max_requests",
    info: { limit_name: "page_monthly_limit", limit_value: 100 },
  });
  const job = await jobOf(stub, group);
  expect(job.counts).toMatchObject({ completed: 14, errored: 26, pending: 0, running: 0 });
  await ring(stub);
  expect(await groupStub(group).usage()).toMatchObject({ pages: 98, reserved: 0 });
  const billed = await env.DB.prepare("SELECT sum(pages) AS n FROM files WHERE group_id = ?").bind(group).first("n");
  expect(billed).toBe(98);
});
