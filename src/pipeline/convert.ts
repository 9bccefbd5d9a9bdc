/**
 * Step convert: a kept source → outputs, in one run with nothing stored in between; a large document is only opened,
 * reserved and split into parts here. Read, compute, write, mark: run twice, or after a later step, it does no harm.
 */

import type { Host } from "../engine/host.ts";
import { type Converted, convert, open, readPageRanges, summarise, WRITERS } from "../engine/index.ts";
import { noticesOf } from "../engine/warnings.ts";
import type { WriteContext } from "../engine/writers/index.ts";
import { artifacts } from "../jobs/artifacts.ts";
import { ALWAYS_MADE } from "../jobs/request/formats.ts";
import { toConvertOptions } from "../jobs/request/options.ts";
import type { FormatState, Work } from "../jobs/views.ts";
import type { Done } from "../jobs/work.ts";
import { cropLink } from "../lib/crop-links.ts";
import { settle } from "../lib/failure.ts";
import { type Claimed, type Handler, LeaseLost } from "./index.ts";
import type { Lock } from "./lock.ts";
import { openSource } from "./source.ts";

export interface Converting {
  bucket: R2Bucket;
  host: Host;
  /** Held while a wasm document is open. */
  lock: Lock;
  /** Held while a document is assembled, which takes a part's facts in memory and, but for a moment, no wasm document. */
  assembling: Lock;
  /** A document of more pages is converted in parts of this many. */
  partPages: number;
}

/** How often a long step says that it lives; well under the lease. */
const PROGRESS_MS = 3_000;

export function convertStep(on: Converting): Handler {
  return async (claimed) => {
    const { step, work, job } = claimed;
    await on.lock.hold(ticker(claimed), async (renew) => {
      const reader = await open(await openSource(on.bucket, work), on.host);
      try {
        const options = toConvertOptions(work.options);
        const pages = readPageRanges(options.pageRanges, reader.pageCount);
        settle(await job.reserve(step.seq, step.attempt, pages.length));
        if (pages.length > on.partPages) {
          await job.split(step.seq, step.attempt, { pages, partPages: on.partPages });
          return;
        }
        const formats = writable(work);
        const onPage = ticker(claimed, renew);
        const { outputs, ...told } = await convert(reader, { pages, formats, context: contextOf(work), onPage });
        await store(on.bucket, claimed, outputs);
        await job.done(step.seq, step.attempt, ended(pages.length, formats, told));
      } finally {
        reader.close();
      }
    });
  };
}

/** What converting tells beside the outputs. */
type Told = Pick<Converted, "warnings" | "quality">;

/** What `done` tells the job object of a converted document. */
export function ended(pages: number, formats: string[], { warnings, quality }: Told): Done {
  const states: Record<string, FormatState> = Object.fromEntries(formats.map((f) => [f, "completed"]));
  const unreadable = new Set(warnings.filter((w) => w.code === "page_unreadable").map((w) => w.page)).size;
  const sentences = noticesOf(warnings).map((notice) => notice.text);
  return { pages, unreadable, formats: states, warnings: sentences, quality: summarise(quality) };
}

/** The formats this deployment can write of those asked for. */
export function writable(work: Work): string[] {
  return [...new Set([...ALWAYS_MADE, ...work.formats])].filter((f) => f in WRITERS);
}

export function contextOf(work: Work): WriteContext {
  return {
    fileId: work.fileId,
    sourceHash: work.sourceSha256 ?? "",
    options: toConvertOptions(work.options),
    cropUrl: (crop) => cropLink(work.publicUrl, work.cropKey, work.fileId, crop),
  };
}

/**
 * Keeps the lock and, on long documents and in long queues for the lock, the lease alive; a lost lease ends the step,
 * since another one works on it.
 */
export function ticker(claimed: Claimed, renew = () => {}): (done?: number) => Promise<void> {
  const { step, job } = claimed;
  let last = Date.now();
  return async (done = 0) => {
    renew();
    if (Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    if (!(await job.progress(step.seq, step.part, step.attempt, done))) throw new LeaseLost();
  };
}

async function store(bucket: R2Bucket, { step }: Claimed, outputs: Map<string, string>): Promise<void> {
  const encoder = new TextEncoder();
  await Promise.all(
    [...outputs].map(async ([format, text]) => {
      const writer = WRITERS[format]!;
      await bucket.put(artifacts.output(step.job, step.seq, writer.extension), encoder.encode(text), {
        httpMetadata: { contentType: writer.contentType },
      });
    }),
  );
}
