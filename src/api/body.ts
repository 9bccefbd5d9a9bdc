/** A request's body, bounded while it is read: JSON that fits in memory, or the beginning of one that doesn't. */
import { type Code, Failure } from "../lib/failure.ts";
import { inUnits } from "../lib/streams.ts";
import type { Ctx } from "./env.ts";

/** JSON that is parsed at once: options and a document's metadata are small, /v3/converter takes 10 MB of MMD. */
const JSON_BYTES_MAX = 10_000_000;

export interface JsonBody {
  value: Record<string, unknown>;
  /** As sent, for the hash behind an Idempotency-Key. */
  text: string;
}

/** @throws Failure sys_request_too_large, or `syntax` when it is not a JSON object; an empty body is `{}` when allowed */
export async function readJson(c: Ctx, { optional = false, limit = JSON_BYTES_MAX } = {}): Promise<JsonBody> {
  const start = await readStart(c, limit);
  if (start.rest !== null) {
    await start.rest.cancel().catch(() => undefined);
    throw new Failure(
      "sys_request_too_large",
      `The body is larger than ${inUnits(limit)}, the most that is taken here.`,
    );
  }
  const text = decodeText(start.bytes, syntaxCode(c));
  if (text.trim() === "" && optional) return { value: {}, text };
  return { value: parseObject(text, syntaxCode(c)), text };
}

/** The first `limit` bytes; `rest` goes on behind them and is null when there is nothing more. */
export async function readStart(
  c: Ctx,
  limit: number,
): Promise<{ bytes: Uint8Array; rest: ReadableStreamDefaultReader<Uint8Array> | null }> {
  const reader = c.req.raw.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
    if (length > limit) return { bytes: Buffer.concat(chunks), rest: reader };
  }
  return { bytes: Buffer.concat(chunks), rest: null };
}

export function syntaxCode(c: Ctx): Code {
  return c.req.path.startsWith("/v3/") ? "json_syntax" : "bad_request";
}

/** @param advice what to do about text that is no JSON. @throws Failure `syntax` when it is not a JSON object */
export function parseObject(
  text: string,
  syntax: Code,
  what = "The body",
  advice = "send an object with Content-Type: application/json",
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure(syntax, `${what} is not valid JSON; ${advice}.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Failure(syntax, `${what} must be a JSON object.`);
}

export function decodeText(bytes: Uint8Array, syntax: Code): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new Failure(syntax, "The body is not UTF-8 text.");
  }
}
