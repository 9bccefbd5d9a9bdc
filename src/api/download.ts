/** An output in R2 → a response: one range, ETag and its conditions, type and name. Which output is the caller's matter. */
import type { Ctx } from "./env.ts";
import { Gone, RangeRefused } from "./errors.ts";

export interface Served {
  key: string;
  contentType: string;
  filename: string;
}

type ByteRange = { offset: number; length?: number } | { suffix: number };

/** R2's own code for a range behind the end. */
const REFUSED_BY_R2 = /10039|range not satisfiable/i;

/** @throws Gone when the object is not there any more */
export async function serveObject(c: Ctx, served: Served): Promise<Response> {
  const { BUCKET: bucket } = c.env;
  const headers = new Headers({
    "content-type": served.contentType,
    "content-disposition": contentDisposition(served.filename),
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
  });
  if (c.req.raw.method === "HEAD") {
    const head = (await bucket.head(served.key)) ?? missing();
    headers.set("etag", head.httpEtag);
    headers.set("content-length", String(head.size));
    return new Response(null, { status: 200, headers });
  }
  const range = await wantedRange(c, served.key);
  const object = (await getObject(bucket, served.key, c, range)) ?? missing();
  if (object === "refused") {
    const head = (await bucket.head(served.key)) ?? missing();
    c.header("content-range", `bytes */${head.size}`);
    throw new RangeRefused(`The range lies behind the end: the output has ${head.size} bytes.`);
  }
  headers.set("etag", object.httpEtag);
  if (!hasBody(object)) {
    const unchanged = c.req.header("if-none-match") !== undefined;
    return new Response(null, { status: unchanged ? 304 : 412, headers });
  }
  if (range === null) {
    headers.set("content-length", String(object.size));
    return new Response(object.body, { status: 200, headers });
  }
  const start = "suffix" in range ? Math.max(0, object.size - range.suffix) : range.offset;
  const end = "suffix" in range ? object.size : Math.min(object.size, start + (range.length ?? object.size));
  headers.set("content-range", `bytes ${start}-${end - 1}/${object.size}`);
  headers.set("content-length", String(end - start));
  return new Response(object.body, { status: 206, headers });
}

async function getObject(
  bucket: R2Bucket,
  key: string,
  c: Ctx,
  range: ByteRange | null,
): Promise<R2ObjectBody | R2Object | "refused" | null> {
  const options: R2GetOptions = range === null ? {} : { range };
  try {
    return await bucket.get(key, { ...options, onlyIf: conditionsOf(c) });
  } catch (error) {
    if (range !== null && error instanceof Error && REFUSED_BY_R2.test(error.message)) return "refused";
    throw error;
  }
}

/** An object whose conditions failed comes without a body. */
function hasBody(object: R2Object | R2ObjectBody): object is R2ObjectBody {
  return "body" in object;
}

/** Only what concerns the object: `Range` and `If-Range` are settled here. */
function conditionsOf(c: Ctx): Headers {
  const conditions = new Headers();
  for (const name of ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]) {
    const value = c.req.header(name);
    if (value !== undefined) conditions.set(name, value);
  }
  return conditions;
}

/** Null = the whole object: no range, several, one that isn't bytes, or `If-Range` names another version. */
async function wantedRange(c: Ctx, key: string): Promise<ByteRange | null> {
  const range = readRange(c.req.header("range"));
  const version = c.req.header("if-range");
  if (range === null || version === undefined) return range;
  const head = await c.env.BUCKET.head(key);
  return head?.httpEtag === version ? range : null;
}

/** One range of bytes (RFC 9110 section 14.1.2). */
export function readRange(header: string | undefined): ByteRange | null {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return null;
  if (from === "") return Number(to) === 0 ? null : { suffix: Number(to) };
  if (to === "") return { offset: Number(from) };
  return Number(to) < Number(from) ? null : { offset: Number(from), length: Number(to) - Number(from) + 1 };
}

/** RFC 6266: plain ASCII for old clients, the real name beside it. */
export function contentDisposition(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function missing(): never {
  throw new Gone("This output has expired; submit the file again to convert it anew.");
}

/** A name with its last extension replaced. */
export function renamed(filename: string, ext: string): string {
  return `${filename.replace(/\.[^./\\]{1,8}$/, "") || "document"}.${ext}`;
}
