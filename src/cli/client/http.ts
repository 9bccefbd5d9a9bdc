/**
 * Requests to a Sheaf service: sends the key, tries again what may succeed later (429, 5xx, a broken connection), and
 * turns a refusal into a ServerError that says what the server said.
 */
import { note } from "../terminal.ts";
import type { Settings } from "./settings.ts";

/** Six tries, 0.5 s doubling: about 16 s, which outlasts a restart of the service. */
const TRIES = 6;
const FIRST_WAIT_MS = 500;
/** A server may ask for a longer pause (a minute's rate limit); beyond this we give up and say so. */
const LONGEST_WAIT_MS = 90_000;
/** Text of an answer that isn't JSON, shown at most. */
const SHOWN = 300;

export class ServerError extends Error {
  readonly status: number;
  readonly code: string;
  readonly info: Record<string, unknown>;
  constructor(status: number, code: string, message: string, info: Record<string, unknown> = {}) {
    super(message);
    this.name = "ServerError";
    this.status = status;
    this.code = code;
    this.info = info;
  }
  /** No service, or none that knows us: asking it for the next file is no use either. */
  get stopsAll(): boolean {
    return this.status === 0 || this.status === 401;
  }
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  json?: unknown;
  /** Made anew for each try: a sent stream can't be sent again. */
  body?: () => Promise<BodyInit> | BodyInit;
  headers?: Record<string, string>;
  /** With the deployment's secret instead of a key. */
  admin?: boolean;
  /** False = doing it twice would make two: only refusals that did nothing are tried again. */
  repeatable?: boolean;
}

export interface Client {
  settings: Settings;
  /** The answer's JSON; throws ServerError for every status from 400 on. */
  call(path: string, call?: Call): Promise<Record<string, unknown>>;
  /** The answer's body given to `read`, which runs again when the connection breaks on the way. */
  receive<T>(path: string, call: Call, read: (response: Response) => Promise<T>): Promise<T>;
}

/** @param pause for tests: how to wait */
export function connect(settings: Settings, pause: (ms: number, why: Error) => Promise<void> = waitAloud): Client {
  const receive: Client["receive"] = async (path, call, read) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await tryOnce(settings, path, call, read);
      if ("value" in outcome) return outcome.value;
      const wait = outcome.wait ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
      if (!outcome.again || attempt >= TRIES || wait > LONGEST_WAIT_MS) throw outcome.problem;
      await pause(wait, outcome.problem);
    }
  };
  return { settings, receive, call: (path, call = {}) => receive(path, call, readJson) };
}

type Attempt<T> = { value: T } | { problem: Error; again: boolean; wait?: number | undefined };

async function tryOnce<T>(
  settings: Settings,
  path: string,
  call: Call,
  read: (response: Response) => Promise<T>,
): Promise<Attempt<T>> {
  const repeatable = call.repeatable ?? true;
  // Made outside the try: a file that can't be read is no trouble with the network.
  const init = await requestOf(settings, call);
  try {
    const response = await fetch(`${settings.url}${path}`, init);
    if (response.status < 400) return { value: await read(response) };
    const didNothing = response.status === 429 || response.status === 503;
    const again = didNothing || (response.status >= 500 && repeatable);
    return { problem: await refusalOf(response), again, wait: waitAsked(response) };
  } catch (error) {
    if (error instanceof ServerError || !isNetworkError(error)) throw error;
    return { problem: unreachable(settings.url, error), again: repeatable };
  }
}

/** fetch says TypeError for a failed connection and "terminated" for a body cut off. */
function isNetworkError(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof Error && "code" in error && /^(ECONN|EPIPE|UND_ERR)/.test(String(error.code)))
  );
}

async function readJson(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  const value = parseJson(text);
  if (value === null) throw new ServerError(response.status, "unexpected_answer", `not JSON: ${text.slice(0, SHOWN)}`);
  return value;
}

async function requestOf(settings: Settings, call: Call): Promise<RequestInit> {
  const headers: Record<string, string> = { ...call.headers };
  if (call.admin) headers.authorization = `Bearer ${settings.adminSecret ?? ""}`;
  else {
    if (settings.appKey !== undefined) headers.app_key = settings.appKey;
    if (settings.appId !== undefined) headers.app_id = settings.appId;
  }
  const init: RequestInit = { method: call.method ?? "GET", headers };
  if (call.json !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(call.json);
  } else if (call.body !== undefined) init.body = await call.body();
  return init;
}

/** Both envelopes: the Files API's code in `error`, v3's sentence in `error` and code in `error_info.id`. */
async function refusalOf(response: Response): Promise<ServerError> {
  const text = await response.text();
  const value = parseJson(text);
  const info = (value?.error_info ?? {}) as Record<string, unknown>;
  const code = String(info.id ?? value?.error ?? "unexpected_answer");
  const message = String(info.message ?? value?.error ?? (text.slice(0, SHOWN) || response.statusText));
  return new ServerError(response.status, code, message, info);
}

/** Retry-After in seconds or as a date. */
function waitAsked(response: Response): number | undefined {
  const asked = response.headers.get("retry-after");
  if (asked === null) return undefined;
  const seconds = Number(asked);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(asked) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function unreachable(url: string, error: unknown): ServerError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return new ServerError(0, "unreachable", `${url} does not answer (${cause})`);
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function waitAloud(ms: number, why: Error): Promise<void> {
  note(`${why.message}; trying again in ${(ms / 1000).toFixed(1)} s`);
  return new Promise((done) => setTimeout(done, ms));
}

/** What the user can do about it; null when the server's sentence says it all. */
export function adviceFor(error: ServerError): string | null {
  switch (error.code) {
    case "unreachable":
      return "Is the service running there? `npm start` starts a local one; --url or SHEAF_URL names another.";
    case "http_unauthorized":
      return "Check the key: --app-key or SHEAF_APP_KEY (for `sheaf keys`: --admin-secret or SHEAF_ADMIN_SECRET).";
    case "http_max_requests":
      return "Wait and run the same command again: nothing is made twice.";
    default:
      return error.status >= 500 ? "Run the same command again later: nothing is made twice." : null;
  }
}
