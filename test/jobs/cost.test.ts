/**
 * Rows written, counted: each is money (DESIGN section 8, $1 a million), and an index or a careless update shows here.
 * The figures are what the code does today; raise one only with a reason.
 */
import { runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { Work } from "../../src/jobs/views.ts";
import { settle } from "../../src/lib/failure.ts";
import { claim, convert, env, jobOf, ring, type Stub, startJob, submission, uploaded } from "./bench.ts";

/** Counts what the object writes from now on. */
async function meter(stub: Stub): Promise<() => Promise<{ rows: number; alarms: number }>> {
  interface Counting {
    cursors: { rowsWritten: number }[];
    alarms: number;
  }
  await runInDurableObject(stub, (object, ctx) => {
    const counting: Counting = { cursors: [], alarms: 0 };
    const inside = object as unknown as { counting: Counting; state: { sql: SqlStorage } };
    inside.counting = counting;
    const { sql } = inside.state;
    inside.state.sql = new Proxy(sql, {
      get: (target, name) =>
        name === "exec"
          ? (...args: Parameters<SqlStorage["exec"]>) => {
              const cursor = target.exec(...args);
              counting.cursors.push(cursor);
              return cursor;
            }
          : Reflect.get(target, name),
    });
    const setAlarm = ctx.storage.setAlarm.bind(ctx.storage);
    ctx.storage.setAlarm = (...args) => {
      counting.alarms++;
      return setAlarm(...args);
    };
  });
  return () =>
    runInDurableObject(stub, (object) => {
      const { counting } = object as unknown as { counting: Counting };
      return { rows: counting.cursors.reduce((sum, c) => sum + c.rowsWritten, 0), alarms: counting.alarms };
    });
}

const filesOf = (count: number, customId = false) =>
  Array.from({ length: count }, (_, i) => uploaded(customId ? { customId: `doc-${i}` } : {}));

async function metered() {
  const { group, jobId, stub } = await startJob([uploaded()]);
  await convert(stub, 0);
  await ring(stub);
  return { group, jobId, stub, read: await meter(stub) };
}

test("a one-page file: 5 rows in the job object, 6 with a custom_id", async () => {
  const { group, jobId, stub, read } = await metered();
  await stub.submit(submission(group, jobId, filesOf(100)));
  for (let seq = 1; seq <= 100; seq++) await convert(stub, seq);
  await ring(stub);
  const plain = await read();
  expect((await jobOf(stub, group)).counts.completed).toBe(101);
  await stub.submit(submission(group, jobId, filesOf(100, true)));
  for (let seq = 101; seq <= 200; seq++) await convert(stub, seq);
  await ring(stub);
  const named = await read();
  // Beside the files' own: the submission with its unique id, what is told to D1, alarms; the same for any number.
  expect(plain.rows / 100).toBeGreaterThan(4);
  expect(plain.rows / 100).toBeLessThan(5.2);
  expect((named.rows - plain.rows) / 100).toBeLessThan(6.2);
  expect(named.alarms).toBeLessThan(30);
});

test.each([
  [100, 7],
  [10, 51],
])("a 100-page file in parts of %i pages: at most %i rows", async (partPages, most) => {
  const { group, jobId, stub, read } = await metered();
  await stub.submit(submission(group, jobId, [uploaded()]));
  const { attempt } = await claim(stub, 1);
  settle<null>(await stub.reserve(1, attempt, 100));
  const parts = Math.ceil(100 / partPages);
  if (parts > 1) {
    const pages = Array.from({ length: 100 }, (_, i) => i + 1);
    await stub.split(1, attempt, { pages, partPages });
    for (let part = 0; part < parts; part++) {
      await vi.waitFor(async () => {
        const work = (await stub.claim(1, part, attempt + 1, "part")) as Work | null;
        expect(work).not.toBeNull();
      });
      expect(await stub.partDone(1, part, attempt + 1)).toBe(true);
    }
    const assemble = await claim(stub, 1, "assemble");
    expect(await stub.done(1, assemble.attempt, { pages: 100, formats: {} })).toBe(true);
  } else expect(await stub.done(1, attempt, { pages: 100, formats: {} })).toBe(true);
  await ring(stub);
  const { rows } = await read();
  expect(rows).toBeGreaterThan(4);
  expect(rows).toBeLessThanOrEqual(most);
});

test("D1: 3 rows a file (table, primary key, one index), told in batches", async () => {
  const { group, jobId, stub } = await metered();
  await stub.submit(submission(group, jobId, filesOf(50)));
  for (let seq = 1; seq <= 50; seq++) await convert(stub, seq);
  await ring(stub);
  const n = await env.DB.prepare("SELECT count(*) AS n FROM files WHERE group_id = ?").bind(group).first("n");
  expect(n).toBe(51);
  const copy = await env.DB.prepare(
    "INSERT INTO files SELECT id || 'x', group_id, job_key, app_id, api, state, code, filename, options, pages, created_at, ended_at, gone_at, rev, args_hash, quality FROM files WHERE group_id = ?",
  )
    .bind(group)
    .run();
  expect(copy.meta.rows_written / 51).toBe(3);
});
