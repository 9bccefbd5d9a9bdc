import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Failure } from "../../src/lib/failure.ts";
import { inUnits, PART_BYTES, putStream, withStallTimeout } from "../../src/lib/streams.ts";
import { chunked, random } from "./chunks.ts";

const { BUCKET } = env as unknown as { BUCKET: R2Bucket };
const LIMIT = 64 * 2 ** 20;

/** Bytes that repeat with no power of two, so that a part put in another's place shows. */
function pattern(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + (i >> 13)) % 251);
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(c) {
      const { done, value } = await chunks.next();
      if (done) c.close();
      else if (value.byteLength > 0) c.enqueue(value);
      else await this.pull!(c);
    },
  });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function stored(key: string): Promise<{ bytes: Uint8Array; object: R2ObjectBody }> {
  const object = await BUCKET.get(key);
  if (object === null) throw new Error(`nothing lies at ${key}`);
  return { bytes: new Uint8Array(await object.arrayBuffer()), object };
}

/** How many uploads a bucket was asked to begin, end and abort: the bucket itself is real. */
function watched(bucket: R2Bucket) {
  const seen = { begun: 0, completed: 0, aborted: 0, parts: 0 };
  const create = async (key: string, options?: R2MultipartOptions): Promise<R2MultipartUpload> => {
    seen.begun++;
    const upload = await bucket.createMultipartUpload(key, options);
    return {
      key: upload.key,
      uploadId: upload.uploadId,
      uploadPart: (...part) => {
        seen.parts++;
        return upload.uploadPart(...part);
      },
      abort: () => {
        seen.aborted++;
        return upload.abort();
      },
      complete: (parts) => {
        seen.completed++;
        return upload.complete(parts);
      },
    };
  };
  const put = (key: string, value: Uint8Array, options?: R2PutOptions) => bucket.put(key, value, options);
  return { seen, bucket: { put, createMultipartUpload: create } as unknown as R2Bucket };
}

describe("putStream", () => {
  test.each([
    ["nothing", 0, 1, 0],
    ["one byte", 1, 1, 0],
    ["less than a part", 300_000, 7_000, 0],
    ["exactly a part", PART_BYTES, 65_536, 0],
    ["a part and a byte", PART_BYTES + 1, 65_536, 2],
    ["exactly two parts, in pieces that cross the border", 2 * PART_BYTES, 1_000_003, 2],
    ["three parts in one piece", 2 * PART_BYTES + 12_345, 2 ** 30, 3],
  ])("%s", async (name, size, piece, parts) => {
    const bytes = pattern(size);
    const { seen, bucket } = watched(BUCKET);
    const result = await putStream(bucket, name, pieces(bytes, piece), {
      limit: LIMIT,
      contentType: "application/pdf",
    });
    expect(result).toEqual({ bytes: size, sha256: sha256(bytes) });
    const back = await stored(name);
    expect(sha256(back.bytes)).toBe(result.sha256);
    expect(back.object.httpMetadata?.contentType).toBe("application/pdf");
    expect(seen).toEqual({ begun: parts ? 1 : 0, completed: parts ? 1 : 0, aborted: 0, parts });
  });

  test("a ReadableStream, in random pieces", async () => {
    const bytes = pattern(100_000);
    const stream = streamOf(chunked(bytes, random(5)));
    expect((await putStream(BUCKET, "random", stream, { limit: LIMIT })).sha256).toBe(sha256(bytes));
  });

  test("a source that uses one buffer again and again", async () => {
    const bytes = pattern(PART_BYTES + 100_000);
    async function* reused() {
      const buffer = new Uint8Array(10_000);
      for await (const piece of pieces(bytes, buffer.byteLength)) {
        buffer.set(piece);
        yield buffer.subarray(0, piece.byteLength);
        buffer.fill(0);
      }
    }
    expect((await putStream(BUCKET, "reused", reused(), { limit: LIMIT })).sha256).toBe(sha256(bytes));
    expect(sha256((await stored("reused")).bytes)).toBe(sha256(bytes));
  });

  test("exactly the limit is taken; one byte more ends with the caller's code and cancels the source", async () => {
    await putStream(BUCKET, "limit", pieces(pattern(1_000), 10), { limit: 1_000 });
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(1_000);
      } finally {
        ended = true;
      }
    }
    const { seen, bucket } = watched(BUCKET);
    const putting = putStream(bucket, "endless", endless(), { limit: 2 * PART_BYTES, code: "source_too_large" });
    const error = await putting.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: "source_too_large", message: expect.stringContaining("10 MiB") });
    expect(ended).toBe(true);
    expect(seen).toMatchObject({ begun: 1, completed: 0, aborted: 1 });
    expect(await BUCKET.head("endless")).toBeNull();
  });

  test("a source that breaks off aborts the upload and passes its own error on", async () => {
    async function* broken() {
      yield pattern(PART_BYTES + 1);
      throw new Error("client gone");
    }
    const { seen, bucket } = watched(BUCKET);
    await expect(putStream(bucket, "broken", broken(), { limit: LIMIT })).rejects.toThrow("client gone");
    expect(seen).toMatchObject({ begun: 1, completed: 0, aborted: 1 });
    expect(await BUCKET.head("broken")).toBeNull();
  });
});

describe("withStallTimeout", () => {
  /** Chunks at the given times in milliseconds, then silence or the end. */
  function at(times: number[], end: boolean) {
    const state = { cancelled: false };
    const stream = new ReadableStream<Uint8Array>({
      async pull(c) {
        const wait = times.shift();
        if (wait === undefined) {
          if (end) c.close();
          else await new Promise(() => undefined);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
        c.enqueue(new Uint8Array([wait]));
      },
      cancel: () => {
        state.cancelled = true;
      },
    });
    return { stream, state };
  }

  test("a slow stream passes, however long it takes altogether", async () => {
    const seen: number[] = [];
    for await (const chunk of withStallTimeout(at([60, 60, 60, 60], true).stream, 200)) seen.push(chunk[0]!);
    expect(seen).toEqual([60, 60, 60, 60]);
  });

  test("a silent one ends with source_timeout and is cancelled", async () => {
    const { stream, state } = at([1], false);
    const reading = (async () => {
      for await (const _ of withStallTimeout(stream, 50));
    })();
    await expect(reading).rejects.toMatchObject({ code: "source_timeout" });
    expect(state.cancelled).toBe(true);
  });
});

test("sizes for people", () => {
  expect([0, 10, 1023, 1024, 200 * 2 ** 20, 2 ** 30, 1.5 * 2 ** 30].map(inUnits)).toEqual([
    "0 bytes",
    "10 bytes",
    "1023 bytes",
    "1 KiB",
    "200 MiB",
    "1 GiB",
    "1.5 GiB",
  ]);
});
