/**
 * What can go wrong with a request or a file, as a closed list. `Failure` is thrown anywhere in the service and caught
 * in two places: `api/errors` (code → HTTP status) and `pipeline/index` (another try, or the file ends with this code).
 * Source of the codes: CONTRACT sections 2.0 and 2.13, plus ours where the contract is silent.
 */

/** Codes that a customer can meet; the value says whether the same attempt may succeed later. */
export const CODES = {
  // requests
  bad_request: { retry: false },
  http_unauthorized: { retry: false },
  forbidden: { retry: false },
  not_found: { retry: false },
  data_source_not_found: { retry: false },
  format_not_ready: { retry: true },
  conflict: { retry: false },
  unsupported_format: { retry: false },
  http_max_requests: { retry: true },
  sys_request_too_large: { retry: false },
  not_available: { retry: false },
  internal_error: { retry: true },
  unavailable: { retry: true },
  // v3 request errors
  json_syntax: { retry: false },
  opts_value_out_of_range: { retry: false },
  opts_conflict: { retry: false },
  opts_bad_callback: { retry: false },
  pdf_missing: { retry: false },
  pdf_unknown_id: { retry: false },
  cnv_unknown_id: { retry: true },
  // a file's end
  cancelled: { retry: false },
  source_unreachable: { retry: true },
  source_not_found: { retry: false },
  source_forbidden: { retry: false },
  source_address_refused: { retry: false },
  source_too_large: { retry: false },
  source_timeout: { retry: true },
  source_expired: { retry: false },
  unsupported_file_type: { retry: false },
  pdf_encrypted: { retry: false },
  corrupt_pdf_file: { retry: false },
  pdf_no_pages: { retry: false },
  pdf_page_limit_exceeded: { retry: false },
  invalid_page_number: { retry: false },
  conversion_error: { retry: false },
  max_retries_exceeded: { retry: false },
  destination_write_failed: { retry: true },
} as const satisfies Record<string, { retry: boolean }>;

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
