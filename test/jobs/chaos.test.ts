/**
 * Everything at once and in any order: doubled, late and lost words, failures, evictions, cancels, retries, repeats,
 * large files in parts, under a page limit. Counters sum at every look; in the end every file has ended once, what the
 * group counted is what D1 bills, and both are the pages of the completed files.
 */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { FileView, Work } from "../../src/jobs/views.ts";
import { type Outcome, settle } from "../../src/lib/failure.ts";
import { env, fresh, groupStub, jobOf, ring, type Stub, stubOf, submission, uploaded } from "./bench.ts";

interface Inside {
  state: {
    flights: Map<string, { seq: number; part: number | null; attempt: number; due: number; leased: boolean }>;
    waits: { values(): Iterable<{ due: number }> };
  };
}

function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const FILES = 25;
const PAGE_LIMIT = 400;

/** Pages of a file: every fifth is large. */
const pagesOf = (seq: number) => (seq % 5 === 0 ? 12 : 1 + (seq % 4));

class Consumer {
  readonly stub: Stub;
  readonly random: (n: number) => number;
  /** Words said before, to be said again late. */
  private readonly said: (() => Promise<unknown>)[] = [];

  constructor(stub: Stub, random: (n: number) => number) {
    this.stub = stub;
    this.random = random;
  }

  private async say(word: () => Promise<unknown>): Promise<void> {
    this.said.push(word);
    await word();
    if (this.random(4) === 0) await word();
    if (this.said.length > 0 && this.random(3) === 0) await this.said[this.random(this.said.length)]!();
  }

  /** Takes any hint that is out, as a queue in no order would give it, and works on it, well or badly. */
  async work(luck: number): Promise<void> {
    const { stub, random } = this;
    const flights = await runInDurableObject(stub, (object) =>
      [...(object as unknown as Inside).state.flights.values()].map((f) => ({ ...f })),
    );
    const flight = flights.filter((f) => !f.leased)[random(Math.max(1, flights.length))];
    if (flight === undefined) return;
    const { seq, attempt } = flight;
    const part = flight.part ?? 0;
    const view = settle((await stub.file(this.group, seq)) as Outcome<FileView>);
    const work = (await stub.claim(seq, part, attempt, view.step)) as Work | null;
    if (work === null) return;
    if (random(luck) === 0) return; // the consumer dies without a word
    if (random(luck) === 0) {
      const failure = random(2) === 0 ? ("internal_error" as const) : ("corrupt_pdf_file" as const);
      return this.say(() =>
        stub.failed(seq, part, attempt, { code: failure, message: "", retry: failure === "internal_error" }),
      );
    }
    if (work.step === "part") return this.say(() => stub.partDone(seq, part, attempt));
    const pages = pagesOf(seq);
    if (work.step === "convert") {
      const reserved = (await stub.reserve(seq, attempt, pages)) as Outcome<null>;
      if (!reserved.ok) {
        const { code, message } = reserved;
        return this.say(() => stub.failed(seq, 0, attempt, { code, message, retry: true }));
      }
      if (pages > 10) {
        const list = Array.from({ length: pages }, (_, i) => i + 1);
        return this.say(() => stub.split(seq, attempt, { pages: list, partPages: 5 }));
      }
    }
    if (random(3) === 0) await this.say(() => stub.progress(seq, 0, attempt, 1));
    await this.say(() => stub.done(seq, attempt, { pages, formats: { mmd: "completed" } }));
  }

  group = "";
}

/** Leases and hints run out, back-off passes. */
function age(stub: Stub): Promise<void> {
  return runInDurableObject(stub, (object) => {
    const { state } = object as unknown as Inside;
    for (const flight of state.flights.values()) flight.due = 0;
    for (const wait of state.waits.values()) wait.due = 0;
  });
}

test.each([1, 2, 3, 4])("seed %i", async (seed) => {
  const random = dice(seed);
  const group = fresh("chaos");
  const jobId = "job";
  const stub = stubOf(group, jobId);
  await groupStub(group).setLimits({ pageMonthlyLimit: PAGE_LIMIT, filesInFlight: 8 });
  const consumer = new Consumer(stub, random);
  consumer.group = group;
  const files = () => Array.from({ length: FILES }, (_, i) => uploaded({ customId: `doc-${i}` }));
  await stub.submit(submission(group, jobId, files()));
  for (let step = 0; step < 250; step++) {
    await consumer.work(6);
    await jobOf(stub, group);
    const event = random(40);
    if (event === 0) await evictDurableObject(stub).catch(() => {});
    else if (event === 1) await age(stub);
    else if (event === 2) await ring(stub);
    else if (event === 3) await stub.retry(group, null);
    else if (event === 4) await stub.cancelFile(group, random(FILES));
    else if (event === 5) await stub.submit(submission(group, jobId, files()));
    else if (event === 6) await stub.retryFile(group, random(FILES));
    else if (event === 7) await Promise.all([ring(stub), stub.wake(), stub.poke()]);
    else if (event === 8 && random(3) === 0) await stub.cancel(group);
    const usage = await groupStub(group).usage();
    expect(usage.pages + usage.reserved).toBeLessThanOrEqual(PAGE_LIMIT);
  }
  for (let step = 0; (await jobOf(stub, group)).status === "processing"; step++) {
    if (step > 3_000) throw new Error(`never ends: ${JSON.stringify(await jobOf(stub, group))}`);
    await consumer.work(50);
    if (step % 10 === 0) await age(stub);
    if (step % 10 === 0) await ring(stub);
  }
  await ring(stub);
  await evictDurableObject(stub).catch(() => {});
  await ring(stub);
  const { files: views } = settle(
    (await stub.files(group, { status: null, limit: 1_000, after: null })) as unknown as Outcome<{ files: FileView[] }>,
  );
  const completed = views.filter((f) => f.state === "completed");
  expect(completed.length).toBeGreaterThan(0);
  expect(views.every((f) => f.endedAt !== null)).toBe(true);
  const live = completed.map((f) => f.customId);
  expect(new Set(live).size).toBe(live.length);
  const pages = completed.reduce((sum, f) => sum + pagesOf(f.seq), 0);
  expect(completed.reduce((sum, f) => sum + f.numPages, 0)).toBe(pages);
  expect(await groupStub(group).usage()).toMatchObject({ pages, reserved: 0 });
  const billed = await env.DB.prepare("SELECT count(*) AS files, sum(pages) AS pages FROM files WHERE group_id = ?")
    .bind(group)
    .first();
  expect(billed).toEqual({ files: views.length, pages });
  const left = await runInDurableObject(stub, (_, ctx) =>
    ctx.storage.sql.exec("SELECT (SELECT count(*) FROM parts) + (SELECT count(*) FROM large) AS n").one(),
  );
  expect(left.n).toBe(0);
});
