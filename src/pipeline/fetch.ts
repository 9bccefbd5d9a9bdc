/**
 * Step fetch: a source from where the customer keeps it → R2, as it arrives. A small one goes straight on to its
 * conversion: one hop. The same source fetched twice lies at the same key. What kind of file it is, the engine says.
 */
import { artifacts } from "../jobs/artifacts.ts";
import type { Step } from "../jobs/steps.ts";
import type { Work } from "../jobs/views.ts";
import { Failure } from "../lib/failure.ts";
import { putStream } from "../lib/streams.ts";
import { type HttpsRules, openHttps, SOURCE_BYTES_MAX } from "../stores/https.ts";
import type { OpenedObject } from "../stores/store.ts";
import { parseUri } from "../stores/uri.ts";
import { carryOut, type Handler, LeaseLost } from "./index.ts";

/** How often a fetch says that it lives, byte or no byte: a server may take a minute to answer. Well under the lease. */
const BEAT_MS = 5_000;
/** A queue consumer has 15 minutes of wall time, and what follows in the same run needs some of it. */
const FETCH_MS_MAX = 12 * 60_000;

export interface Source {
  key: string;
  bytes: number;
  sha256: string;
  filename: string | null;
}

export interface SourceRules extends HttpsRules {
  bucket: R2Bucket;
  /** Called every few seconds with the bytes so far; false = the lease is gone, another one works on it. */
  onProgress?: (bytes: number) => Promise<boolean>;
  beatMs?: number;
  fetchMs?: number;
}

export interface Fetching {
  bucket: R2Bucket;
  allowLocal: boolean;
  /** Goes on with a claimed file at once. */
  convert: (step: Step, work: Work) => Promise<void>;
}

export function fetchStep(on: Fetching): Handler {
  return async (claimed) => {
    const { step, work, job } = claimed;
    const source = await fetchSource(step, work, {
      bucket: on.bucket,
      allowLocal: on.allowLocal,
      onProgress: () => job.progress(step.seq, step.part, step.attempt, 0),
    });
    const next = await job.fetched(step.seq, step.attempt, source);
    if (next === null) return;
    // Small enough to go on, and claimed already. A converter that dies on it is this file's failure, under the conversion's own attempt.
    const following = { step: { ...step, step: next.step, attempt: next.attempt }, work: next, job };
    await carryOut(following, () => on.convert(following.step, next));
  };
}

/** @throws Failure with one of the source_* codes, or LeaseLost */
export async function fetchSource(step: Pick<Step, "job" | "seq">, work: Work, rules: SourceRules): Promise<Source> {
  const { bucket, maxBytes = SOURCE_BYTES_MAX, fetchMs = FETCH_MS_MAX } = rules;
  const key = artifacts.source(step.job, step.seq);
  const beat = new Heartbeat(rules);
  try {
    const object = await beat.orLost(open(work.sourceUri, rules));
    const chunks = beat.watch(object.stream, Date.now() + fetchMs);
    // The type a server declares is not kept: the engine looks at the bytes.
    const { bytes, sha256 } = await putStream(bucket, key, chunks, { limit: maxBytes, code: "source_too_large" });
    return { key, bytes, sha256, filename: object.filename };
  } finally {
    beat.stop();
  }
}

async function open(address: string | null, rules: HttpsRules): Promise<OpenedObject> {
  if (address === null) throw new Failure("internal_error", "The step was released for a file without an address.");
  const source = parseUri(address);
  switch (source.store) {
    case "https":
      return await openHttps(address, rules);
    case "s3":
    case "gs":
    case "azure": {
      const message = "The group has no data source for this address; give a presigned https:// address.";
      throw new Failure("data_source_not_found", message);
    }
    default:
      return source satisfies never;
  }
}

/** Keeps the lease of a fetch alive from a timer, and ends the fetch when the lease is gone. */
class Heartbeat {
  private bytes = 0;
  private lost = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Rejects what is waited for at the moment. */
  private giveUp: ((reason: LeaseLost) => void) | null = null;

  constructor({ onProgress, beatMs = BEAT_MS }: SourceRules) {
    const beat = async () => {
      // A job object out of reach for a moment is no reason to stop: the lease outlives several beats.
      this.lost = (await onProgress?.(this.bytes).catch(() => true)) === false;
      if (this.lost) this.giveUp?.(new LeaseLost());
      else if (this.timer !== undefined) this.timer = setTimeout(beat, beatMs);
    };
    this.timer = setTimeout(beat, beatMs);
  }

  /** Not a race against one promise for all chunks: that would remember every chunk until it ends. */
  orLost<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.lost) reject(new LeaseLost());
      this.giveUp = reject;
      promise.then(resolve, reject);
    });
  }

  async *watch(chunks: AsyncIterable<Uint8Array>, until: number): AsyncGenerator<Uint8Array, void, undefined> {
    const source = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.orLost(source.next());
        if (done === true) return;
        this.bytes += value.byteLength;
        if (Date.now() > until)
          throw new Failure(
            "source_unusable",
            "The document came too slowly to be worth another try; give a faster address.",
          );
        yield value;
      }
    } finally {
      // Not awaited: while the source is silent its generator returns only when its own time-out ends that.
      source.return?.().catch(() => undefined);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
