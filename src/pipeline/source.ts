/** A kept source as the engine reads it: small ones whole, large ones in ranges, so that 1 GB is never in memory. */
import type { ByteSource } from "../engine/host.ts";
import type { Work } from "../jobs/views.ts";
import { Failure } from "../lib/failure.ts";

/** Above this a source is read in ranges. PDFium needs the file, what it parsed of it and a page in 128 MB. */
const MEMORY_BYTES = 24 * 2 ** 20;

export async function openSource(
  bucket: R2Bucket,
  source: Pick<Work, "sourceKey" | "sourceBytes">,
): Promise<Uint8Array | ByteSource> {
  const key = source.sourceKey;
  if (key === null) throw new Failure("internal_error", "The step was released before its source was stored.");
  if (source.sourceBytes > MEMORY_BYTES) {
    return { size: source.sourceBytes, read: (offset, length) => readRange(bucket, key, { offset, length }) };
  }
  return readRange(bucket, key);
}

async function readRange(
  bucket: R2Bucket,
  key: string,
  range?: { offset: number; length: number },
): Promise<Uint8Array> {
  const object = await bucket.get(key, range ? { range } : undefined);
  if (object === null) throw new Failure("source_expired", "The source is no longer kept; submit the document again.");
  return new Uint8Array(await object.arrayBuffer());
}
