/** Steps that share an isolate: who waits for the one wasm document keeps its lease, and assembling keeps nobody waiting. */
import { env as untyped } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import pdfium from "../../dist/pdfium.wasm";
import trampoline from "../../src/engine/readers/pdf/trampoline.wasm";
import { artifacts } from "../../src/jobs/artifacts.ts";
import type { StepName } from "../../src/jobs/steps.ts";
import { assembleStep } from "../../src/pipeline/assemble.ts";
import { type Converting, convertStep } from "../../src/pipeline/convert.ts";
import { type Claimed, carryOut } from "../../src/pipeline/index.ts";
import { Lock } from "../../src/pipeline/lock.ts";
import { partStep } from "../../src/pipeline/part.ts";
import { rowOf, type Stub, startJob, uploaded, viewOf } from "../jobs/bench.ts";
import { makePdf } from "../pdf.ts";

const { BUCKET } = untyped as unknown as { BUCKET: R2Bucket };
const PAGES = 3;

function converting(): Converting {
  const locks = { lock: new Lock(), assembling: new Lock() };
  return { bucket: BUCKET, host: { pdfium, trampoline, wasmBytesMax: 96 * 2 ** 20 }, ...locks, partPages: 1 };
}

async function startDocument() {
  const pages = Array.from({ length: PAGES }, (_, i) => ({ lines: [{ text: `Page ${i + 1}`, x: 72, y: 700 }] }));
  const pdf = makePdf(pages);
  const key = artifacts.upload(crypto.randomUUID());
  await BUCKET.put(key, pdf);
  return startJob([uploaded({ upload: { key, bytes: pdf.byteLength, sha256: "00" } })]);
}

/** Claims the next step, as its consumer would. */
function claimed(job: Stub, name: StepName, part = 0): Promise<Claimed> {
  return vi.waitFor(
    async () => {
      const attempt = Number((await rowOf(job, 0)).attempt);
      const work = (await job.claim(0, part, attempt, name)) as Claimed["work"] | null;
      if (work === null) throw new Error(`no ${name} to claim`);
      const step = { step: name, job: work.fileId.replaceAll("-", "").slice(0, 20), seq: 0, part, attempt };
      return { step, work, job } as Claimed;
    },
    { timeout: 10_000, interval: 20 },
  );
}

test("assembling holds no document open: others convert meanwhile, and nobody assembles beside it", async () => {
  const { group, stub } = await startDocument();
  const on = converting();
  await carryOut(await claimed(stub, "convert"), convertStep(on));
  for (let part = 0; part < PAGES; part++) await carryOut(await claimed(stub, "part", part), partStep(on));
  const seen: { document: boolean; assembly: boolean }[] = [];
  const taken = (lock: Lock) =>
    Promise.race([lock.hold(null, async () => true), scheduler.wait(1_000).then(() => false)]);
  const bucket = new Proxy(BUCKET, {
    get(target, name) {
      if (name !== "get") return (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target);
      return async (key: string, options?: R2GetOptions) => {
        if (key.startsWith("1d/") && options === undefined) {
          seen.push({ document: await taken(on.lock), assembly: await taken(on.assembling) });
        }
        return target.get(key, options);
      };
    },
  });
  await carryOut(await claimed(stub, "assemble"), assembleStep({ ...on, bucket }));
  expect(await viewOf(stub, group, 0)).toMatchObject({ state: "completed", numPages: PAGES });
  expect(seen).toEqual(Array.from({ length: PAGES }, () => ({ document: true, assembly: false })));
});

test.each([
  ["convert", "lock"],
  ["assemble", "assembling"],
] as const)("a step that waits for its turn keeps its lease, and stops when it is gone (%s)", async (name, lock) => {
  const { group, stub } = await startDocument();
  const on = converting();
  if (name === "assemble") {
    await carryOut(await claimed(stub, "convert"), convertStep(on));
    for (let part = 0; part < PAGES; part++) await carryOut(await claimed(stub, "part", part), partStep(on));
  }
  let leave = () => {};
  const held = on[lock].hold(null, () => new Promise<void>((resolve) => (leave = resolve)));
  const mine = await claimed(stub, name);
  const { due } = await rowOf(stub, 0);
  const running = carryOut(mine, name === "convert" ? convertStep(on) : assembleStep(on));
  await vi.waitFor(async () => expect(Number((await rowOf(stub, 0)).due)).toBeGreaterThan(Number(due)), {
    timeout: 20_000,
    interval: 100,
  });
  await stub.cancelFile(group, 0);
  // The lock is still held by another one: only the lost lease ends the wait.
  await running;
  expect(await viewOf(stub, group, 0)).toMatchObject({ state: "cancelled" });
  leave();
  await held;
});
