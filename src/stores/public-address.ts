/**
 * Whether we may send a request to an address a customer gave. In: the address, or a redirect's and where it came from.
 * Out: a URL on the public internet, or a refusal. Everything is judged after parsing: the URL parser turns each
 * spelling of an IP address (decimal, hex, octal, short, full-width, percent-encoded) into the one that is tested.
 *
 * What this can't see is a public name that resolves to a private address. A Worker can't pin an address; on Cloudflare
 * its requests leave from the public edge, and `global_fetch_strictly_public` keeps them out of our own zone. A local
 * server reaches whatever its machine reaches.
 */
import { Failure } from "../lib/failure.ts";
import { URI_LENGTH_MAX } from "./uri.ts";

export interface AddressRules {
  /** Configuration for tests: plain http everywhere, and this machine (localhost, 127.x.x.x, ::1) on any port. */
  allowLocal: boolean;
}

/**
 * Names that never lead to the public internet: RFC 6761, 6762, 7686, 8375, 9476 and ICANN's reserved `.internal`, and
 * those that home and office routers use.
 */
const PRIVATE_SUFFIXES = new Set([
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "arpa",
  "onion",
  "test",
  "invalid",
  "example",
  "alt",
]);

const PUBLIC_PORTS = new Set(["", "80", "443"]);

/**
 * @param from where a redirect came from: relative ones are resolved against it, and https never becomes http
 * @throws Failure source_address_refused; its sentence names the host, never the path or query
 */
export function publicUrl(text: string, { allowLocal }: AddressRules, from?: URL): URL {
  if (text.length > URI_LENGTH_MAX) throw refused(`it has more than ${URI_LENGTH_MAX} characters`);
  if (!URL.canParse(text, from?.href)) throw refused("it is not an address");
  const url = new URL(text, from?.href);
  const local = allowLocal && isThisMachine(url.hostname);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refused(`it is not an https:// address`);
  if (url.protocol === "http:" && !allowLocal) throw refused("it is plain http; give the https:// address");
  if (url.protocol === "http:" && from?.protocol === "https:") throw refused("it leads from https to plain http");
  if (url.username !== "" || url.password !== "")
    throw refused("it holds a user name or password; use a presigned address");
  if (local) return url;
  if (!PUBLIC_PORTS.has(url.port)) throw refused(`port ${url.port} is not allowed; use 443`);
  const problem = problemOfHost(url.hostname);
  if (problem !== null) throw refused(`the host ${url.hostname.slice(0, 100)} ${problem}`);
  return url;
}

/** The public ones are refused too: no document of anybody's lies under a bare IP address. */
function problemOfHost(host: string): string | null {
  if (host.startsWith("[") || isIpv4(host)) return "is an IP address; give a host name";
  if (host.endsWith(".")) return "ends with a dot; leave it out";
  const labels = host.split(".");
  if (labels.length < 2) return "is not a name on the public internet";
  if (labels.includes("")) return "is not a valid name";
  if (PRIVATE_SUFFIXES.has(labels.at(-1)!)) return "is not a name on the public internet";
  return null;
}

/** The parser has brought every spelling into this form. */
const isIpv4 = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host);

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "[::1]" || (isIpv4(host) && host.startsWith("127."));
}

function refused(why: string): Failure {
  return new Failure("source_address_refused", `The address was refused: ${why}.`);
}
