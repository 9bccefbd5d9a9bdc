/**
 * The address of a document, as a customer writes it → which store it lies in, and where there. Whether we may go
 * there is left to public-address, whether anything lies there to the store.
 */
import { Failure } from "../lib/failure.ts";

/** As every browser and most servers take it; object keys have at most 1,024 bytes. */
export const URI_LENGTH_MAX = 2_048;

export type SourceUri =
  /** Anyone who has the address may read: public, or presigned by its query. */
  | { store: "https"; url: URL; presigned: boolean }
  | { store: "s3"; bucket: string; key: string }
  | { store: "gs"; bucket: string; key: string }
  | { store: "azure"; account: string; container: string; blob: string };

/** Public Azure and its sovereign clouds. */
const AZURE_HOST = /^([a-z0-9]{3,24})\.blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/;

/** Query parameters that carry a signature: S3 (two versions), Google, Azure SAS, CloudFront. */
const SIGNATURES = ["x-amz-signature", "x-goog-signature", "signature", "sig"];

/** @throws Failure bad_request when it is no address of a known kind; the message never quotes its query */
export function parseUri(text: string): SourceUri {
  if (text.length > URI_LENGTH_MAX) {
    throw new Failure("bad_request", `The address has more than ${URI_LENGTH_MAX} characters; give a shorter one.`);
  }
  if (!URL.canParse(text)) {
    throw new Failure("bad_request", "This is not an address; give one like https://example.com/paper.pdf.");
  }
  const url = new URL(text);
  switch (url.protocol) {
    case "https:":
    case "http:":
      return parseWeb(url);
    case "s3:":
    case "gs:":
      return parseBucket(text);
    default:
      throw new Failure(
        "bad_request",
        `Addresses of the kind ${url.protocol.slice(0, 20)} can't be read; give https://.`,
      );
  }
}

function parseWeb(url: URL): SourceUri {
  const presigned = isPresigned(url);
  const azure = AZURE_HOST.exec(url.hostname);
  if (azure === null || presigned) return { store: "https", url, presigned };
  const [container = "", ...rest] = url.pathname.slice(1).split("/");
  const blob = decodePath(rest.join("/"));
  if (container === "" || blob === "") {
    throw new Failure(
      "bad_request",
      "An Azure address needs a container and a blob: https://account.blob.core.windows.net/container/blob.",
    );
  }
  return { store: "azure", account: azure[1]!, container, blob };
}

/**
 * Cut as text: a key may hold `?`, `#` and `..`, which a URL parser would take for something else.
 * Keys with dot segments go to another object on the way (fetch normalises them), so they are refused.
 */
function parseBucket(text: string): SourceUri {
  const match = /^(s3|gs):\/\/([^/]+)\/(.+)$/is.exec(text);
  if (match === null) throw new Failure("bad_request", "A bucket's address needs a bucket and a key: s3://bucket/key.");
  const [, scheme = "", bucket = "", key = ""] = match;
  if (key.split("/").some((segment) => segment === "." || segment === "..")) {
    throw new Failure("bad_request", "A key with a segment . or .. can't be read; rename the object.");
  }
  return { store: scheme.toLowerCase() === "s3" ? "s3" : "gs", bucket, key };
}

export function isPresigned(url: URL): boolean {
  return [...url.searchParams.keys()].some((name) => SIGNATURES.includes(name.toLowerCase()));
}

/** When a presigned address ends by its own query, in milliseconds since 1970; null when it doesn't say. */
export function expiryOf(url: URL): number | null {
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  for (const vendor of ["amz", "goog"]) {
    const begun = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get(`x-${vendor}-date`) ?? "");
    const seconds = query.get(`x-${vendor}-expires`);
    if (begun === null || seconds === undefined) continue;
    const [year, month, day, hour, minute, second] = begun.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return orNull(Date.UTC(year, month - 1, day, hour, minute, second) + Number(seconds) * 1000);
  }
  if (query.has("sig")) return orNull(Date.parse(query.get("se") ?? ""));
  const expires = query.get("expires");
  return expires === undefined ? null : orNull(Number(expires) * 1000);
}

const orNull = (time: number): number | null => (Number.isFinite(time) ? time : null);

/** For listings, messages and logs: the query of a presigned address is a secret, and so is a password. */
export function withoutQuery(text: string): string {
  const bare = text.replace(/[?#].*$/s, "");
  return bare.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
}

/** Percent signs that encode nothing stay as they are. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
