/**
 * One item of a batch, or the body of a single submission → FileRequest. Never throws: what is wrong with an item
 * becomes the refusal its file ends with; a single submission turns the refusal into its own failure. Whether the
 * source can be reached is left to pipeline/fetch.
 */
import { Failure } from "../../lib/failure.ts";
import { baseName } from "../../lib/header-parameters.ts";
import { parseUri, type SourceUri, URI_LENGTH_MAX } from "../../stores/uri.ts";
import type { FileRequest } from "../views.ts";
import { FILES_CODES, type OptionCodes, readOptions } from "./options.ts";

/** CONTRACT section 7: custom_id, job_id and Idempotency-Key. */
export const IDENTIFIER = /^[A-Za-z0-9_\-.:]{1,256}$/;

const NAME_LENGTH_MAX = 512;
const REGION_LENGTH_MAX = 64;
/** Characters of a value that a message quotes; never of an address, whose query may be a secret. */
const SHOWN_LENGTH = 40;
const PLACE_SHOWN_LENGTH = 80;

export function itemToFileRequest(raw: unknown, codes: OptionCodes = FILES_CODES): FileRequest {
  const request = emptyRequest();
  try {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
      throw new Failure("bad_request", 'a file must be an object like {"source_uri": "https://..."}');
    }
    fillRequest(request, raw as Record<string, unknown>, codes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    request.refusal = { code: error.code, message: error.message };
  }
  return request;
}

/** The options beside an upload → FileRequest. @throws Failure, since an upload is a single submission */
export function uploadToFileRequest(
  raw: Record<string, unknown>,
  upload: NonNullable<FileRequest["upload"]>,
  codes: OptionCodes = FILES_CODES,
): FileRequest {
  const request = { ...emptyRequest(), upload };
  fillCommon(request, raw);
  refuseDestination(raw.destination_uri);
  fillOptions(request, raw, codes);
  return request;
}

/** Nothing said yet, and nothing refused. */
export function emptyRequest(): FileRequest {
  return {
    sourceUri: null,
    upload: null,
    customId: null,
    filename: null,
    destinationUri: null,
    destinationBasename: null,
    s3Region: null,
    options: null,
    refusal: null,
  };
}

/** What is understood of an item stands in the request even when something else of it is refused. */
function fillRequest(request: FileRequest, item: Record<string, unknown>, codes: OptionCodes): void {
  // Kept even when refused: the listing shows it, without its query.
  if (typeof item.source_uri === "string" && item.source_uri.length <= URI_LENGTH_MAX) {
    request.sourceUri = item.source_uri;
  }
  fillCommon(request, item);
  checkSourceUri(item.source_uri);
  refuseDestination(item.destination_uri);
  fillOptions(request, item, codes);
}

function fillCommon(request: FileRequest, item: Record<string, unknown>): void {
  request.customId = readIdentifier("custom_id", item.custom_id);
  request.filename = baseName(readName("filename", item.filename, NAME_LENGTH_MAX) ?? "") || null;
  request.destinationBasename = readBasename(item.destination_basename);
  request.s3Region = readName("s3_region", item.s3_region, REGION_LENGTH_MAX);
}

function fillOptions(request: FileRequest, item: Record<string, unknown>, codes: OptionCodes): void {
  const { options, warnings } = readOptions(item, codes);
  if (Object.keys(options).length > 0) request.options = options;
  if (warnings.length > 0) request.warnings = warnings;
}

/** @throws Failure bad_request when the value is no identifier */
export function readIdentifier(name: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && IDENTIFIER.test(value)) return value;
  const shown =
    typeof value === "string" ? ` "${value.slice(0, SHOWN_LENGTH)}${value.length > SHOWN_LENGTH ? "…" : ""}"` : "";
  throw new Failure("bad_request", `${name}${shown} must be 1 to 256 characters out of A-Z a-z 0-9 _ - . :`);
}

/** A display name or the like: text without control characters. @throws Failure bad_request */
export function readName(name: string, value: unknown, max = NAME_LENGTH_MAX): string | null {
  if (value === undefined || value === null) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (typeof value === "string" && value.length >= 1 && value.length <= max && !/[\u0000-\u001f\u007f]/.test(value)) {
    return value;
  }
  throw new Failure("bad_request", `${name} must be text of 1 to ${max} characters without control characters`);
}

function readBasename(value: unknown): string | null {
  const name = readName("destination_basename", value);
  if (name === null || !/[/\\]|^\.{1,2}$/.test(name)) return name;
  throw new Failure("bad_request", "destination_basename must be a name without slashes");
}

function checkSourceUri(value: unknown): void {
  if (value === undefined || value === null || value === "") {
    throw new Failure("bad_request", "source_uri is missing; give the https:// address of the document");
  }
  if (typeof value !== "string") throw new Failure("bad_request", "source_uri must be a string");
  const source = readUri(value);
  switch (source.store) {
    case "https":
      return;
    case "s3":
    case "gs":
      throw unregistered(`${source.store}://${source.bucket}`);
    case "azure":
      throw unregistered(`${source.account} of Azure`);
    default:
      source satisfies never;
  }
}

function readUri(text: string): SourceUri {
  try {
    return parseUri(text);
  } catch (error) {
    throw error instanceof Failure ? new Failure(error.code, `source_uri: ${error.message}`) : error;
  }
}

/** No data source can be registered in this version, so a destination is refused by name instead of being ignored. */
function refuseDestination(value: unknown): void {
  if (value === undefined || value === null || value === "") return;
  if (typeof value !== "string") throw new Failure("bad_request", "destination_uri must be a string");
  throw new Failure(
    "data_source_not_found",
    "destination_uri needs a registered data source, and there is none; leave it out and download the results",
  );
}

function unregistered(place: string): Failure {
  const shown = place.length > PLACE_SHOWN_LENGTH ? `${place.slice(0, PLACE_SHOWN_LENGTH)}…` : place;
  return new Failure(
    "data_source_not_found",
    `source_uri is in "${shown}", and the group has no data source for that; give a presigned https:// address`,
  );
}
