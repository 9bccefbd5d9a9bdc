/**
 * A thrown Failure → HTTP: code → status, and the two envelopes of the contract. One of the two places that catch a
 * Failure; anything else thrown is a bug, logged once and answered as internal_error.
 */
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Code, Failure } from "../lib/failure.ts";
import { errorFields, log } from "../lib/log.ts";
import type { Ctx } from "./env.ts";

/** Status of each code as a request's answer. Codes that only end files never answer a request but in a 422. */
const STATUS: Partial<Record<Code, ContentfulStatusCode>> = {
  bad_request: 400,
  json_syntax: 400,
  opts_value_out_of_range: 400,
  opts_conflict: 400,
  opts_bad_callback: 400,
  pdf_missing: 400,
  http_unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  pdf_unknown_id: 404,
  cnv_unknown_id: 404,
  data_source_not_found: 404,
  format_not_ready: 404,
  conflict: 409,
  sys_request_too_large: 413,
  source_too_large: 413,
  unsupported_format: 415,
  conversion_error: 422,
  http_max_requests: 429,
  internal_error: 500,
  not_available: 501,
  unavailable: 503,
};

/** Where a code that only ends files answers a request after all. */
const OTHERWISE = 422;

/** v3 tells these with HTTP 200 and an `error` in the body (CONTRACT 2.13). */
const OK_IN_V3: ReadonlySet<Code> = new Set([
  "bad_request",
  "json_syntax",
  "opts_value_out_of_range",
  "opts_conflict",
  "opts_bad_callback",
  "pdf_missing",
  "pdf_unknown_id",
  "cnv_unknown_id",
  "data_source_not_found",
]);

/** The contract's own words for a refused key, in both envelopes. */
export const INVALID_CREDENTIALS = "Invalid credentials";

const CLIENT_GONE = /client disconnected|network connection lost/i;

/** Gone is not unknown, though both say not_found: a status that differs from its code's. */
export const GONE = 410;
export class Gone extends Failure {
  constructor(message: string) {
    super("not_found", message);
  }
}

export const RANGE_REFUSED = 416;
export class RangeRefused extends Failure {
  constructor(message: string) {
    super("bad_request", message);
  }
}

export function statusOf(code: Code, v3: boolean): ContentfulStatusCode {
  return v3 && OK_IN_V3.has(code) ? 200 : (STATUS[code] ?? OTHERWISE);
}

export function answerFailure(c: Ctx, failure: Failure): Response {
  const v3 = c.req.path.startsWith("/v3/");
  const { id, message } = { id: failure.code, message: failure.message };
  const status = failure instanceof Gone ? GONE : failure instanceof RangeRefused ? RANGE_REFUSED : statusOf(id, v3);
  const { status: fileStatus, ...info } = failure.info ?? {};
  const error = v3 || id === "http_unauthorized" ? message : id;
  const body = {
    error,
    error_info: { id, message, ...info },
    ...(fileStatus === undefined ? {} : { status: fileStatus }),
  };
  const headers: Record<string, string> = { "content-type": "application/json" };
  const wait = RETRY_AFTER_SECONDS[id] ?? 0;
  if (wait > 0 && !c.res.headers.has("retry-after")) headers["retry-after"] = String(wait);
  return c.body(JSON.stringify(body), status, headers);
}

/** What a client should wait before it asks again, where no better figure is at hand. */
const RETRY_AFTER_SECONDS: Partial<Record<Code, number>> = { format_not_ready: 2, unavailable: 5, internal_error: 5 };

export function onError(error: unknown, c: Ctx): Response {
  if (error instanceof Failure) return answerFailure(c, error);
  if (error instanceof HTTPException) return answerFailure(c, new Failure("bad_request", error.message));
  const gone = error instanceof Error && CLIENT_GONE.test(error.message);
  log(gone ? "warn" : "error", gone ? "client gone" : "unexpected error", {
    request: c.get("requestId"),
    method: c.req.method,
    ...errorFields(error),
  });
  if (gone) return answerFailure(c, new Failure("bad_request", "The request was cut off; send it again."));
  return answerFailure(c, new Failure("internal_error", "Something went wrong on our side; try again."));
}

export function onNotFound(c: Ctx): Response {
  return answerFailure(
    c,
    new Failure("not_found", `There is no ${c.req.method} of this path; /docs lists what there is`),
  );
}
