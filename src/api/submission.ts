/**
 * A request that brings one file → jobs/submit: the identifiers around it, and the form of an upload, whose file goes
 * to R2 as it arrives, wherever in the form it stands.
 */
import { artifacts } from "../jobs/artifacts.ts";
import { readIdentifier, uploadToFileRequest } from "../jobs/request/items.ts";
import { FILES_CODES, type OptionCodes, readOptions } from "../jobs/request/options.ts";
import { type Entrance, submitFile } from "../jobs/request/submit.ts";
import type { FileRequest } from "../jobs/views.ts";
import { Failure } from "../lib/failure.ts";
import { sha256Hex } from "../lib/hash.ts";
import type { FileId } from "../lib/ids.ts";
import { type FormPart, readBoundary, readParts, readText } from "../lib/multipart.ts";
import { inUnits, putStream } from "../lib/streams.ts";
import { parseObject, syntaxCode } from "./body.ts";
import type { Ctx } from "./env.ts";

/** CONTRACT section 9. */
const UPLOAD_BYTES_MAX = 2 ** 30;
/** What a form may hold beside the file. */
const FORM_OVERHEAD_BYTES = 1_000_000;
const OPTIONS_BYTES_MAX = 256 * 1024;
const FIELD_BYTES_MAX = 4 * 1024;

const OPTIONS_ADVICE = 'give an object like {"page_ranges": "1-3"} as the text of the form field';

const FIELDS = ["options_json", "filename", "job_id", "scs_job_id", "custom_id"] as const;
type Field = (typeof FIELDS)[number];

interface ReceivedForm {
  upload: NonNullable<FileRequest["upload"]>;
  /** options_json with the form's own fields laid over it. */
  options: Record<string, unknown>;
  /** Fields that mean nothing here. */
  ignored: string[];
}

export function entranceOf(c: Ctx): Entrance {
  const { group, appId } = c.get("caller");
  return { group, appId, idSecret: c.env.ID_SECRET, jobs: c.env.JOB, now: Date.now() };
}

export function idempotencyKeyOf(c: Ctx): string | null {
  return readIdentifier("Idempotency-Key", c.req.header("idempotency-key"));
}

export function jobIdOf(fields: Record<string, unknown>): string | null {
  return readIdentifier("job_id", fields.job_id ?? fields.scs_job_id);
}

/** One file, whatever brought it. Its options become the submission's. @throws Failure with the file's refusal */
export async function submitSingle(
  c: Ctx,
  file: FileRequest,
  about: { jobId: string | null; bodyHash: string; api: "files" | "v3" },
): Promise<{ fileId: FileId; repeat: boolean }> {
  if (file.refusal !== null) throw new Failure(file.refusal.code, file.refusal.message);
  if (file.customId !== null && about.jobId === null) {
    throw new Failure("bad_request", "custom_id needs a job_id: the pair of both names the file");
  }
  const { options, warnings = [], ...rest } = file;
  const submitted = await submitFile(entranceOf(c), {
    ...about,
    idempotencyKey: idempotencyKeyOf(c),
    file: { ...rest, options: null },
    shared: options ?? {},
    warnings,
  });
  c.set("about", { file: submitted.fileId });
  return submitted;
}

/** A multipart submission: its file is in R2 before the job object hears of it, and goes again when it isn't wanted. */
export async function submitForm(c: Ctx, api: "files" | "v3", codes: OptionCodes = FILES_CODES): Promise<FileId> {
  idempotencyKeyOf(c);
  const { upload, options, ignored } = await receiveForm(c, codes);
  try {
    const file = uploadToFileRequest(options, upload, codes);
    if (ignored.length > 0) file.warnings = [...(file.warnings ?? []), ignoredFields(ignored)];
    const bodyHash = sha256Hex(JSON.stringify([upload.sha256, Object.entries(options).sort()]));
    const { fileId, repeat } = await submitSingle(c, file, { jobId: jobIdOf(options), bodyHash, api });
    if (repeat) await c.env.BUCKET.delete(upload.key);
    return fileId;
  } catch (error) {
    // A refusal left nothing behind. After anything else the file may be registered: its upload then stays for it.
    if (error instanceof Failure && !error.retry) await c.env.BUCKET.delete(upload.key).catch(() => undefined);
    throw error;
  }
}

async function receiveForm(c: Ctx, codes: OptionCodes): Promise<ReceivedForm> {
  const boundary = readBoundary(c.req.header("content-type") ?? null);
  const body = c.req.raw.body;
  if (body === null) throw new Failure("bad_request", "The form is empty; send a part named file");
  if (Number(c.req.header("content-length") ?? 0) > UPLOAD_BYTES_MAX + FORM_OVERHEAD_BYTES) throw tooLarge();
  let upload: ReceivedForm["upload"] | null = null;
  let filename: string | null = null;
  const fields: Partial<Record<Field, string>> = {};
  const ignored: string[] = [];
  try {
    for await (const part of readParts(body as ReadableStream<Uint8Array>, boundary)) {
      if (part.name === "file") {
        if (upload !== null)
          throw new Failure("bad_request", "The form has two parts named file; send one request a file");
        upload = await storeUpload(c, part);
        filename = part.filename === "" ? null : part.filename;
      } else if (isField(part.name)) {
        fields[part.name] = await readText(part, part.name === "options_json" ? OPTIONS_BYTES_MAX : FIELD_BYTES_MAX);
        // Bad options in front of the file are told before a gigabyte has been sent.
        if (part.name === "options_json") readOptions(optionsOf(c, fields), codes);
      } else ignored.push(part.name);
    }
    if (upload === null) {
      throw new Failure(codes === FILES_CODES ? "bad_request" : "pdf_missing", "The form has no part named file");
    }
    const { options_json: _, ...own } = fields;
    return { upload, options: { filename, ...optionsOf(c, fields), ...own }, ignored };
  } catch (error) {
    if (upload !== null) await c.env.BUCKET.delete(upload.key).catch(() => undefined);
    throw error;
  }
}

async function storeUpload(c: Ctx, part: FormPart): Promise<ReceivedForm["upload"]> {
  const key = artifacts.upload(crypto.randomUUID().replaceAll("-", ""));
  return { key, ...(await putStream(c.env.BUCKET, key, part.body, { limit: UPLOAD_BYTES_MAX })) };
}

function optionsOf(c: Ctx, fields: Partial<Record<Field, string>>): Record<string, unknown> {
  const text = fields.options_json?.trim() ?? "";
  return text === "" ? {} : parseObject(text, syntaxCode(c), "options_json", OPTIONS_ADVICE);
}

function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name);
}

function ignoredFields(names: string[]): string {
  return `form fields that mean nothing here: ${names.map((name) => name.slice(0, 40)).join(", ")}; options go into options_json`;
}

function tooLarge(): Failure {
  return new Failure(
    "sys_request_too_large",
    `The file is larger than ${inUnits(UPLOAD_BYTES_MAX)}, the most that is taken`,
  );
}
