/**
 * What can go wrong with a request or a file, as a closed list. `Failure` is thrown anywhere in the service and caught
 * in two places: `api/errors` (code → HTTP status) and `pipeline/index` (another try, or the file ends with this code).
 * Source of the codes: CONTRACT sections 2.0 and 2.13, plus ours where the contract is silent.
 */

/**
 * Codes that a customer can meet: whether the same attempt may succeed later, and what the code means, which is what the
 * API's documentation says of it.
 */
export const CODES = {
  // requests
  bad_request: { retry: false, means: "The request, or a field of it, is not understood; the message says which." },
  http_unauthorized: { retry: false, means: "The app_key is missing, unknown or revoked." },
  forbidden: { retry: false, means: "The file belongs to another group." },
  not_found: { retry: false, means: "There is nothing of this id; with status 410, it was deleted or has expired." },
  data_source_not_found: { retry: false, means: "The address needs a registered data source, and there is none." },
  format_not_ready: { retry: true, means: "The file is still being converted; ask again." },
  conflict: {
    retry: false,
    means: "The request doesn't fit the state of the file, job or key; or an Idempotency-Key came with another body.",
  },
  unsupported_format: { retry: false, means: "There is no such format, or it was not requested for this file." },
  http_max_requests: {
    retry: true,
    means: "A limit of the group is reached: requests a minute, or pages a month (then as a file's end).",
  },
  sys_request_too_large: { retry: false, means: "The body or the file is larger than is taken." },
  not_available: { retry: false, means: "This version does not do that." },
  internal_error: { retry: true, means: "Something went wrong on our side." },
  unavailable: { retry: true, means: "A part of the service does not answer at the moment." },
  // v3 request errors
  json_syntax: { retry: false, means: "v3: the body, or options_json, is not a JSON object." },
  opts_value_out_of_range: { retry: false, means: "v3: an option or parameter has a value that is not allowed." },
  opts_conflict: { retry: false, means: "v3: two options exclude each other." },
  opts_bad_callback: {
    retry: false,
    means: "v3: the callback is not an https address, or its headers are not allowed.",
  },
  pdf_missing: { retry: false, means: "v3: neither an address nor a file was given." },
  pdf_unknown_id: { retry: false, means: "v3: there is no document of this id." },
  cnv_unknown_id: { retry: true, means: "v3: there is no conversion of this id." },
  // a file's end
  cancelled: { retry: false, means: "The file was cancelled before it was done." },
  source_unreachable: {
    retry: true,
    means: "The source's server does not answer, or answers with an error of its own.",
  },
  source_not_found: { retry: false, means: "The source's server says that the document is not there." },
  source_forbidden: { retry: false, means: "The source's server refuses to give the document." },
  source_address_refused: {
    retry: false,
    means: "The source is an address that is not fetched: private, local, or not https.",
  },
  source_too_large: { retry: false, means: "The document is larger than 1 GB." },
  source_timeout: { retry: true, means: "The source was too slow." },
  source_expired: { retry: false, means: "The presigned address has expired, or the source is no longer kept." },
  source_unusable: { retry: false, means: "What the source gives can't be used, however often it is asked." },
  unsupported_file_type: { retry: false, means: "The document is no PDF." },
  pdf_encrypted: { retry: false, means: "The PDF needs a password." },
  corrupt_pdf_file: { retry: false, means: "The PDF is damaged beyond repair." },
  pdf_no_pages: { retry: false, means: "The PDF has no pages." },
  pdf_page_limit_exceeded: { retry: false, means: "The PDF has more than 20,000 pages." },
  invalid_page_number: { retry: false, means: "page_ranges names no page of the document." },
  conversion_error: { retry: false, means: "The file, or this format of it, could not be converted." },
  max_retries_exceeded: { retry: false, means: "The file was tried as often as is allowed." },
  destination_write_failed: { retry: true, means: "The results could not be written to the destination." },
} as const satisfies Record<string, { retry: boolean; means: string }>;

export type Code = keyof typeof CODES;

/** @param info further fields of `error_info` on the wire (limit_name, nearest ...); never a secret. */
export class Failure extends Error {
  readonly code: Code;
  readonly info: Info | undefined;
  constructor(code: Code, message: string, info?: Info, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.code = code;
    this.info = info;
  }
  get retry(): boolean {
    return CODES[this.code].retry;
  }
}

export function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

/** Plain values only: with `unknown` in it a refusal would vanish from the types of RPC. */
export type Info = Record<string, string | number | boolean | null>;

/** What crosses an RPC border: classes of errors don't, so a refusal is a value. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; code: Code; message: string; info?: Info };

export function ok<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(code: Code, message: string, info?: Info): Outcome<never> {
  return info === undefined ? { ok: false, code, message } : { ok: false, code, message, info };
}

/** @throws Failure when the outcome is a refusal */
export function settle<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Failure(outcome.code, outcome.message, outcome.info);
}
