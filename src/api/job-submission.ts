/**
 * `POST /files/v1/jobs`: accept and defer. A small body is parsed here; a large one goes raw to R2 while its syntax,
 * its number of items and its other members are read off the passing bytes, and the job object expands it later.
 */
import { artifacts } from "../jobs/artifacts.ts";
import { itemToFileRequest, readIdentifier } from "../jobs/request/items.ts";
import { readOptions } from "../jobs/request/options.ts";
import { submitJob } from "../jobs/request/submit.ts";
import { Failure } from "../lib/failure.ts";
import { sha256Hex } from "../lib/hash.ts";
import { tapBody } from "../lib/json-items.ts";
import { putStream } from "../lib/streams.ts";
import { decodeText, parseObject, readStart } from "./body.ts";
import type { Ctx } from "./env.ts";
import { entranceOf, idempotencyKeyOf } from "./submission.ts";

/** CONTRACT section 9. */
export const ITEMS_MAX = 200_000;
/** Up to here a body is parsed in memory: some 5,000 items. */
const DIRECT_BYTES_MAX = 1_000_000;
/** 200,000 items of 1 kB each. */
const SPOOLED_BYTES_MAX = 200_000_000;

export async function submitBatch(c: Ctx): Promise<{ jobId: string; fileCount: number }> {
  idempotencyKeyOf(c);
  const start = await readStart(c, DIRECT_BYTES_MAX);
  if (start.rest !== null) return submitSpooled(c, start.bytes, start.rest);
  const text = decodeText(start.bytes, "bad_request");
  const { files, ...rest } = parseObject(text, "bad_request");
  if (files !== undefined && !Array.isArray(files))
    throw new Failure("bad_request", "files must be an array of objects");
  const items: unknown[] = files ?? [];
  const jobWide = readJobWide(c, rest, items.length);
  const requests = items.map((item) => itemToFileRequest(item));
  if (requests.some((request) => request.customId !== null)) requireJobId(jobWide);
  return submitJob(entranceOf(c), { ...jobWide, bodyHash: sha256Hex(text), files: requests });
}

async function submitSpooled(
  c: Ctx,
  begun: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ jobId: string; fileCount: number }> {
  const id = crypto.randomUUID().replaceAll("-", "");
  const key = artifacts.manifest(id);
  try {
    let named = false;
    const onItem = (item: unknown) => {
      named ||= itemToFileRequest(item).customId !== null;
    };
    const tap = tapBody(goOn(begun, reader), { key: "files", maxItems: ITEMS_MAX, onItem });
    const { sha256 } = await putStream(c.env.BUCKET, key, tap.chunks, { limit: SPOOLED_BYTES_MAX });
    const { count, rest } = tap.result();
    const jobWide = readJobWide(c, rest, count);
    if (named) requireJobId(jobWide);
    return await submitJob(entranceOf(c), {
      ...jobWide,
      bodyHash: sha256,
      spooled: { manifest: key, id, count },
    });
  } catch (error) {
    // A refusal left nothing behind; after anything else the job may hold the manifest already.
    if (error instanceof Failure && !error.retry) await c.env.BUCKET.delete(key).catch(() => undefined);
    throw error;
  }
}

function requireJobId({ jobId }: { jobId: string | null }): void {
  if (jobId === null) throw new Failure("bad_request", "custom_id needs a job_id: the pair of both names the file");
}

async function* goOn(begun: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield begun;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function readJobWide(c: Ctx, rest: Record<string, unknown>, count: number) {
  if (count === 0)
    throw new Failure("bad_request", 'files is missing or empty; give at least one {"source_uri": "https://..."}');
  if (count > ITEMS_MAX) {
    throw new Failure(
      "bad_request",
      `files has more than ${ITEMS_MAX} items; send them in several requests of the same job_id`,
    );
  }
  for (const field of ["source_uri", "custom_id", "destination_uri"]) {
    if (rest[field] !== undefined) throw new Failure("bad_request", `${field} belongs into the items of files`);
  }
  const { options, warnings } = readOptions(rest);
  return {
    jobId: readIdentifier("job_id", rest.job_id ?? rest.scs_job_id),
    idempotencyKey: idempotencyKeyOf(c),
    shared: options,
    warnings,
  };
}
