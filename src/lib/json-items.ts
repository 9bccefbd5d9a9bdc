/**
 * A JSON object too large to parse at once, read byte by byte. In: a request body (or a range of it from R2) and the
 * key of its large array. Out: the raw text of each element, where it ends, and the other members. Elements and other
 * members are checked by JSON.parse one at a time; json-scanner finds where each begins and ends. What an element means
 * is the caller's business.
 */
import { Failure } from "./failure.ts";
import { type Item, type Place, parse, Scanner } from "./json-scanner.ts";
import type { ByteChunks } from "./streams.ts";

/** One element: a source URI (2 KiB), a destination and options; a megabyte leaves room for any metadata. */
export const ITEM_BYTES_MAX = 2 ** 20;
/** All members but the large array, keys included. */
export const REST_BYTES_MAX = 2 ** 20;

export type { Item, Place };

export interface BodyLimits {
  key: string;
  maxItemBytes?: number;
  maxRestBytes?: number;
  /** Another item than this many is refused while the body still arrives. */
  maxItems?: number;
  /** Sees each element as it passes; what it throws ends the scan. */
  onItem?: (value: unknown) => void;
}

export interface BodyScan {
  /** 0 also when the key is missing. */
  count: number;
  /** All other top-level members. */
  rest: Record<string, unknown>;
}

/**
 * The elements of the top-level array `key`, as they arrive. Stops at the array's end: that all is well behind it, and
 * that each element is valid JSON, is what `tapBody` has checked before.
 * @param from the stream begins at `from.offset` of the body, just after an element; absent = at its beginning
 */
export async function* scanItems(
  source: ByteChunks,
  { key, from, maxItemBytes = ITEM_BYTES_MAX }: { key: string; from?: Place; maxItemBytes?: number },
): AsyncGenerator<Item, void, undefined> {
  const found: Item[] = [];
  const scanner = new Scanner(key, { item: maxItemBytes, rest: null }, (item) => found.push(item), from);
  for await (const chunk of source) {
    scanner.feed(chunk);
    yield* found.splice(0);
    if (scanner.pastItems) return;
  }
  scanner.finish();
}

/**
 * The first pass: syntax, count and the other members of a body, read while something else consumes it:
 * `putStream(bucket, key, tap.chunks, …)`, then `tap.result()`. A body that is malformed breaks the consumer's iteration
 * with a Failure (bad_request) that names the byte where it goes wrong.
 */
export function tapBody(
  source: ByteChunks,
  limits: BodyLimits,
): { chunks: AsyncIterable<Uint8Array>; result(): BodyScan } {
  const { key, maxItems = Number.MAX_SAFE_INTEGER } = limits;
  let count = 0;
  const scanner = new Scanner(
    key,
    { item: limits.maxItemBytes ?? ITEM_BYTES_MAX, rest: limits.maxRestBytes ?? REST_BYTES_MAX },
    (item) => {
      const value = parse(item.text, item.offset, `${key}[${item.index}]`);
      limits.onItem?.(value);
      count++;
      if (count > maxItems)
        throw new Failure("bad_request", `${key} has more than ${maxItems} items; send them in several requests.`);
    },
  );
  async function* chunks() {
    for await (const chunk of source) {
      scanner.feed(chunk);
      yield chunk;
    }
    scanner.finish();
  }
  return { chunks: chunks(), result: () => ({ count, rest: Object.fromEntries(scanner.rest) }) };
}
