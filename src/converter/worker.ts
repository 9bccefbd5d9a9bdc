/**
 * The converting Worker: its queue → pipeline, and RPC for what the front must have at once. It parses hostile files,
 * so it holds only R2 and the job object.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import pdfium from "../../dist/pdfium.wasm";
import type { Host } from "../engine/host.ts";
import trampoline from "../engine/readers/pdf/trampoline.wasm";
import type { JobObject } from "../jobs/job-object.ts";
import type { Step } from "../jobs/steps.ts";
import type { CropRequest, Work } from "../jobs/views.ts";
import { assembleStep } from "../pipeline/assemble.ts";
import { type Converting, convertStep } from "../pipeline/convert.ts";
import { cropOf } from "../pipeline/crop.ts";
import { carryOut, consume, type Handlers } from "../pipeline/index.ts";
import { Lock } from "../pipeline/lock.ts";
import { partStep } from "../pipeline/part.ts";

export interface ConverterEnv {
  BUCKET: R2Bucket;
  JOB: DurableObjectNamespace<JobObject>;
  /** A document of more pages is converted in parts of this many. */
  PART_PAGES: string;
}

/** 96 MiB: an isolate has 128 MB, and a page's facts, the blocks of a source and outputs lie beside the wasm memory. */
const WASM_BYTES_MAX = 96 * 2 ** 20;
const host: Host = { pdfium, trampoline, wasmBytesMax: WASM_BYTES_MAX };
/** One live wasm document an isolate, whatever asks for it. */
const lock = new Lock();
/** One assembly an isolate, beside at most one document. */
const assembling = new Lock();

export default {
  queue: (batch, env) => consume(batch, env.JOB, handlers(env)),
} satisfies ExportedHandler<ConverterEnv>;

export class Converter extends WorkerEntrypoint<ConverterEnv> {
  /** Goes on with a claimed file at once: small files take one hop from their source to their outputs. */
  convert(step: Step, work: Work): Promise<void> {
    const running = carryOut({ step, work, job: this.env.JOB.getByName(step.job) }, convertStep(converting(this.env)));
    this.ctx.waitUntil(running);
    return running;
  }

  /** A region of a page as JPEG; null when there is no such page or the source is gone. */
  crop(request: CropRequest): Promise<Uint8Array | null> {
    const cutting = cropOf(request, converting(this.env));
    this.ctx.waitUntil(cutting.catch(() => null));
    return cutting;
  }
}

function handlers(env: ConverterEnv): Handlers {
  const on = converting(env);
  return { convert: convertStep(on), part: partStep(on), assemble: assembleStep(on) };
}

function converting(env: ConverterEnv): Converting & { jobs: ConverterEnv["JOB"] } {
  return { bucket: env.BUCKET, host, lock, assembling, partPages: Number(env.PART_PAGES), jobs: env.JOB };
}
