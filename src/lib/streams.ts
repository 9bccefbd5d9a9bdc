/**
 * Streams of unknown length → R2. In: chunks of bytes. Out: one object, its size and hash. What the bytes mean, and
 * which code a stream that is too long ends with, is the caller's business.
 *
 * R2 refuses a plain put of unknown length, so whatever outgrows one part goes up as a multipart upload.
 */
import { createHash } from "node:crypto";
import { type Code, Failure } from "./failure.ts";

/** R2's smallest part (5 MiB; all but the last must be equal). An isolate holds one such buffer for each upload. */
export const PART_BYTES = 5 * 2 ** 20;
/** What a buffer starts with, so that ten small files at once don't cost ten whole parts. */
const FIRST_BUFFER_BYTES = 64 * 1024;
/** R2 takes 10,000 parts: 48.8 GiB at this size. */
const PARTS_MAX = 10_000;

export type ByteChunks = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export interface PutOptions {
  /** Bytes; one more ends the upload with `code`. */
  limit: number;
  /** Default: sys_request_too_large. */
  code?: Code;
  contentType?: string;
}

/**
 * Never holds more than one part. On any failure the source is cancelled and the upload aborted, so that no parts lie
 * about unseen; an invocation that is cut off altogether leaves them to R2's own rule for unfinished uploads (7 days).
 */
export async function putStream(
  bucket: R2Bucket,
  key: string,
  source: ByteChunks,
  options: PutOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  const sink = new PartSink(bucket, key, options.contentType);
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > options.limit) throw tooLarge(options);
      hash.update(chunk);
      await sink.write(chunk);
    }
    await sink.finish();
  } catch (error) {
    await sink.abort();
    throw error;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function tooLarge({ limit, code = "sys_request_too_large" }: PutOptions): Failure {
  return new Failure(
    code,
    `It is larger than ${inUnits(limit)}, the most that is taken; send a smaller one or parts of it.`,
  );
}

/** Bytes for people: 1 GiB, 200 MiB, 10 bytes. */
export function inUnits(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power]}`;
}

/** Collects equal parts in one buffer that is used again; only what outgrows a part becomes a multipart upload. */
class PartSink {
  private readonly bucket: R2Bucket;
  private readonly key: string;
  private readonly httpMetadata: R2HTTPMetadata;
  private buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  private filled = 0;
  private upload: R2MultipartUpload | null = null;
  private readonly parts: R2UploadedPart[] = [];

  constructor(bucket: R2Bucket, key: string, contentType: string | undefined) {
    this.bucket = bucket;
    this.key = key;
    this.httpMetadata = contentType === undefined ? {} : { contentType };
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; ) {
      // A full part goes only when more follows: an object of exactly one part is a plain put.
      if (this.filled === PART_BYTES) await this.sendPart();
      const take = Math.min(PART_BYTES - this.filled, chunk.byteLength - at);
      this.makeRoom(this.filled + take);
      this.buffer.set(chunk.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
    }
  }

  async finish(): Promise<void> {
    if (this.upload === null) {
      await this.bucket.put(this.key, this.buffer.subarray(0, this.filled), { httpMetadata: this.httpMetadata });
      return;
    }
    if (this.filled > 0) await this.sendPart();
    await this.upload.complete(this.parts);
  }

  /** The failure that led here is what counts; one of the clean-up is left to R2's rule for unfinished uploads. */
  async abort(): Promise<void> {
    await this.upload?.abort().catch(() => undefined);
  }

  private makeRoom(bytes: number): void {
    if (bytes <= this.buffer.byteLength) return;
    const larger = new Uint8Array(Math.min(PART_BYTES, Math.max(bytes, this.buffer.byteLength * 4)));
    larger.set(this.buffer.subarray(0, this.filled));
    this.buffer = larger;
  }

  private async sendPart(): Promise<void> {
    this.upload ??= await this.bucket.createMultipartUpload(this.key, { httpMetadata: this.httpMetadata });
    if (this.parts.length === PARTS_MAX) throw new Failure("sys_request_too_large", "It is larger than storage takes.");
    // Awaited before the buffer is filled again.
    this.parts.push(await this.upload.uploadPart(this.parts.length + 1, this.buffer.subarray(0, this.filled)));
    this.filled = 0;
  }
}

/** Passes a stream on and ends it with `stalled()` when no byte comes for `ms`; the source is cancelled then. */
export async function* withStallTimeout(
  stream: ReadableStream<Uint8Array>,
  ms: number,
  stalled: () => Error = () => new Failure("source_timeout", `No byte arrived for ${ms / 1000} seconds.`),
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), ms, stalled);
      if (done) return;
      if (value.byteLength > 0) yield value;
    }
  } finally {
    // Not awaited: cancelling a source that hangs may hang as well.
    reader.cancel().catch(() => undefined);
  }
}

/** A promise's value, or a throw of `late()` when it takes longer than `ms`. */
export async function within<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
