/** One file: upload or address in, status, download, delete, cancel, retry (CONTRACT 2.1, 2.2, 2.8 to 2.10). */
import { z } from "@hono/zod-openapi";
import { itemToFileRequest } from "../../jobs/request/items.ts";
import type { FileView, Receipt } from "../../jobs/views.ts";
import { settle } from "../../lib/failure.ts";
import { sha256Hex } from "../../lib/hash.ts";
import { readJson } from "../body.ts";
import type { Ctx } from "../env.ts";
import { findFile, jobOf, placeOf, refuseGone } from "../lookup.ts";
import { serveOutput } from "../outputs.ts";
import { type App, addRoute, document } from "../route.ts";
import { FILE_FIELDS, FileBody, FileSubmitted, OPTION_FIELDS, RECEIPT_FIELDS } from "../schemas.ts";
import { jobIdOf, submitForm, submitSingle } from "../submission.ts";
import { fileBody, receiptBody } from "../wire.ts";

const UriRequest = z
  .object({
    source_uri: z
      .string()
      .openapi({ description: "https:// address, public or presigned", example: "https://example.com/a.pdf" }),
    ...FILE_FIELDS,
  })
  .extend(OPTION_FIELDS)
  .openapi("UriRequest");

const UploadForm = z.object({
  file: z.string().openapi({ format: "binary" }),
  options_json: z.string().optional().openapi({ description: "All fields of /files/v1/uri but source_uri, as JSON" }),
  filename: FILE_FIELDS.filename,
  job_id: FILE_FIELDS.job_id,
  custom_id: FILE_FIELDS.custom_id,
});

export const IdempotencyHeader = z.object({
  "Idempotency-Key": z.string().optional().openapi({ description: "A repeat within 30 days gets the first answer" }),
});

export const SUBMISSION_REFUSALS = ["conflict", "data_source_not_found"] as const;

export const DOWNLOAD_REFUSALS = [
  "gone",
  "format_not_ready",
  "unsupported_format",
  "range",
  "conversion_error",
] as const;
export const DOWNLOAD_ANSWERS = {
  206: { description: "The range asked for" },
  304: { description: "Unchanged since the ETag that If-None-Match names" },
  412: { description: "Not the version that If-Match names" },
};

const FileDeleted = z.object({ file_id: z.string(), ...RECEIPT_FIELDS }).openapi("FileDeleted");

export function addFileRoutes(app: App): void {
  addSubmissions(app);
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/{file_id}/cancel",
      tag: "Files",
      summary: "Stop a file",
      answer: FileBody,
      refuses: ["gone"],
    },
    async (c) => c.json(fileBody(await drive(c, "cancelFile"))),
  );
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/{file_id}/retry",
      tag: "Files",
      summary: "Try a failed file again",
      answer: FileBody,
    },
    async (c) => c.json(fileBody(await drive(c, "retryFile"))),
  );
  addRoute(
    app,
    {
      method: "delete",
      path: "/files/v1/{file_id}",
      tag: "Files",
      summary: "Remove a file that has ended, with all its outputs",
      answer: FileDeleted,
    },
    async (c) => {
      const id = c.req.param("file_id")!;
      return c.json({ file_id: id, ...receiptBody(await removeFile(c, id)) });
    },
  );
}

/** To be added after every other route of /files/v1, since `{file_id}` takes any name. */
export function addFileReading(app: App): void {
  document(app, {
    method: "get",
    path: "/files/v1/{file_id}.{ext}",
    tag: "Files",
    summary: "Download an output: mmd, lines.json, lines.mmd.json, or a format that was requested",
    answer: {
      description: "The output's bytes; ranges and ETag are honoured",
      types: ["text/markdown", "application/json"],
    },
    refuses: DOWNLOAD_REFUSALS,
    otherAnswers: DOWNLOAD_ANSWERS,
  });
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/{file_id}",
      tag: "Files",
      summary: "Status of a file",
      answer: FileBody,
      refuses: ["gone"],
    },
    async (c) => {
      const [id, ext] = splitName(c.req.param("file_id")!);
      const view = await findFile(c, id);
      return ext === null ? c.json(fileBody(refuseGone(view))) : serveOutput(c, view, ext);
    },
  );
}

function addSubmissions(app: App): void {
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1",
      tag: "Files",
      summary: "Upload a file",
      description: "Streamed; parts in any order; Content-Length is not needed. At most 1 GiB.",
      documentedBody: { content: { "multipart/form-data": { schema: UploadForm } } },
      headers: IdempotencyHeader,
      answer: FileSubmitted,
      refuses: SUBMISSION_REFUSALS,
    },
    async (c) => c.json({ file_id: await submitForm(c, "files") }),
  );
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/uri",
      tag: "Files",
      summary: "Submit a file by its address",
      documentedBody: { content: { "application/json": { schema: UriRequest } } },
      headers: IdempotencyHeader,
      answer: FileSubmitted,
      refuses: SUBMISSION_REFUSALS,
    },
    async (c) => {
      const { value, text } = await readJson(c);
      const about = { jobId: jobIdOf(value), bodyHash: sha256Hex(text), api: "files" as const };
      const { fileId } = await submitSingle(c, itemToFileRequest(value), about);
      return c.json({ file_id: fileId });
    },
  );
}

/** Splits `{file_id}.{ext}` at the first dot: an id has none. */
export function splitName(name: string): [id: string, ext: string | null] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, null] : [name.slice(0, dot), name.slice(dot + 1)];
}

export async function removeFile(c: Ctx, id: string): Promise<Receipt> {
  const place = placeOf(c, id);
  return settle(await jobOf(c, place).removeFile(c.get("caller").group, place.seq));
}

async function drive(c: Ctx, move: "cancelFile" | "retryFile"): Promise<FileView> {
  const place = placeOf(c, c.req.param("file_id")!);
  return refuseGone(settle(await jobOf(c, place)[move](c.get("caller").group, place.seq)));
}
