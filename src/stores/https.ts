/**
 * Documents behind https addresses, public or presigned. In: an address. Out: its bytes as they come, or a Failure that
 * says what to do and never quotes path or query. Every hop's address is checked (public-address); keeping the bytes is
 * left to the caller.
 */
import { type Code, Failure } from "../lib/failure.ts";
import { baseName, decodeHeader, readHeader } from "../lib/header-parameters.ts";
import { inUnits, withStallTimeout } from "../lib/streams.ts";
import { type AddressRules, publicUrl } from "./public-address.ts";
import type { OpenedObject } from "./store.ts";
import { decodePath, expiryOf, isPresigned } from "./uri.ts";

/** CONTRACT section 9: 1 GB a file. */
export const SOURCE_BYTES_MAX = 2 ** 30;
/** CONTRACT section 14, row 11. */
const REDIRECTS_MAX = 5;
/** From the first request to the headers of the last answer. */
const HEADERS_MS = 60_000;
/** CONTRACT section 14, row 11: without a byte. */
const STALL_MS = 5 * 60_000;
/** As jobs take it for a display name. */
const NAME_LENGTH_MAX = 255;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** The server asks to come back later, or is out of order. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429]);
/** What servers say to a signature that has run out: S3 and Azure 403, S3 with a session token 400. */
const UNAUTHORIZED: ReadonlySet<number> = new Set([400, 401, 403]);

export interface HttpsRules extends AddressRules {
  maxBytes?: number;
  headersMs?: number;
  stallMs?: number;
}

/** @throws Failure with one of the source_* codes; the stream breaks with them too */
export async function openHttps(address: string, rules: HttpsRules): Promise<OpenedObject> {
  const { maxBytes = SOURCE_BYTES_MAX, stallMs = STALL_MS } = rules;
  const { response, url } = await follow(address, rules);
  const encoded = response.headers.has("content-encoding");
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const failure =
    refusalOf(response.status, url, Date.now()) ??
    (length > maxBytes &&
      new Failure("source_too_large", `The document has ${inUnits(length)}; at most ${inUnits(maxBytes)} are taken.`));
  if (failure) {
    await discard(response);
    throw failure;
  }
  // The length of an encoded answer is that of the encoded bytes; what comes out here is decoded.
  const size = encoded || !Number.isSafeInteger(length) ? null : length;
  return {
    size,
    stream: read(response.body, { host: url.host, size, stallMs }),
    etag: response.headers.get("etag"),
    contentType: response.headers.get("content-type"),
    filename: nameOf(response.headers.get("content-disposition"), url),
  };
}

async function follow(address: string, rules: HttpsRules): Promise<{ response: Response; url: URL }> {
  const { headersMs = HEADERS_MS } = rules;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), headersMs);
  try {
    let url = publicUrl(address, rules);
    for (let hop = 0; ; hop++) {
      const response = await request(url, deadline.signal, headersMs);
      const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
      if (location === null) return { response, url };
      await discard(response);
      if (hop === REDIRECTS_MAX) {
        throw new Failure(
          "source_unusable",
          `${url.host} redirects more than ${REDIRECTS_MAX} times; give the address it leads to.`,
        );
      }
      url = publicUrl(location, rules, url);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: URL, signal: AbortSignal, headersMs: number): Promise<Response> {
  try {
    // No credentials, and no compression: a document is compressed already, and its length is worth knowing.
    const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "Sheaf" };
    return await fetch(url, { headers, redirect: "manual", signal });
  } catch (cause) {
    if (signal.aborted) {
      const message = `${url.host} did not answer within ${headersMs / 1000} seconds.`;
      throw new Failure("source_timeout", message, undefined, { cause });
    }
    const message = `${url.host} can't be reached; check that the address is right and open to the internet.`;
    throw new Failure("source_unreachable", message, undefined, { cause });
  }
}

/** What an answer other than the document means. */
function refusalOf(status: number, url: URL, now: number): Failure | null {
  if (status === 200 || status === 203) return null;
  const said = (code: Code, advice: string) => new Failure(code, `${url.host} answered ${status}: ${advice}.`);
  if (status === 404 || status === 410) return said("source_not_found", "nothing lies at this address");
  if (TRANSIENT.has(status) || status >= 500)
    return said("source_unreachable", "it is busy or out of order; it was tried again");
  const until = isPresigned(url) ? expiryOf(url) : null;
  if (UNAUTHORIZED.has(status) && until !== null && until <= now) {
    return said("source_expired", `the presigned address ended ${new Date(until).toISOString()}; submit a fresh one`);
  }
  if (isPresigned(url) && (status === 401 || status === 403)) {
    return until === null
      ? said("source_expired", "the presigned address is no longer valid; submit a fresh one")
      : said("source_forbidden", "the signature of the address does not allow reading; presign it again");
  }
  if (status === 401 || status === 403 || status === 407) {
    return said("source_forbidden", "the document is not public; give a presigned address");
  }
  if (status >= 400) return said("source_forbidden", "it refuses to give the document");
  return said("source_unusable", "that is no document; give the address of the file itself");
}

/** Chunks as they come; a source that falls silent or breaks off ends with a Failure of ours. */
async function* read(
  body: ReadableStream<Uint8Array> | null,
  { host, size, stallMs }: { host: string; size: number | null; stallMs: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  const brokeOff = (cause?: unknown) =>
    new Failure("source_unreachable", `${host} broke off after ${inUnits(bytes)}; it was tried again.`, undefined, {
      cause,
    });
  const silent = () =>
    new Failure("source_timeout", `${host} sent nothing for ${stallMs / 1000} seconds after ${inUnits(bytes)}.`);
  if (body !== null) {
    try {
      for await (const chunk of withStallTimeout(body, stallMs, silent)) {
        bytes += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      throw error instanceof Failure ? error : brokeOff(error);
    }
  }
  if (size !== null && bytes !== size) throw brokeOff();
}

/** From Content-Disposition, else the last segment of the path. */
function nameOf(disposition: string | null, url: URL): string | null {
  // Header bytes arrive as ISO 8859-1 characters; servers that write UTF-8 raw mean UTF-8.
  const raw = disposition === null ? "" : decodeHeader(Buffer.from(disposition, "latin1"));
  const given = baseName(readHeader(raw)[1].get("filename") ?? "");
  const name = given === "" ? baseName(decodePath(url.pathname.split("/").at(-1) ?? "")) : given;
  return name === "" ? null : name.slice(0, NAME_LENGTH_MAX);
}

/** Frees the connection; an answer's body that fails to be given up is of no interest. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
