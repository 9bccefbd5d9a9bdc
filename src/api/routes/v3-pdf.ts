/** The inherited v3/pdf endpoints on the same machinery (CONTRACT 2.13): submit, status, download, delete, stream. */
import { z } from "@hono/zod-openapi";
import { itemToFileRequest } from "../../jobs/request/items.ts";
import { V3_CODES } from "../../jobs/request/options.ts";
import { isEnd } from "../../jobs/status.ts";
import type { FileView } from "../../jobs/views.ts";
import { Failure } from "../../lib/failure.ts";
import { sha256Hex } from "../../lib/hash.ts";
import { pdfId, readFileId } from "../../lib/ids.ts";
import { readJson } from "../body.ts";
import type { Ctx } from "../env.ts";
import { findFile } from "../lookup.ts";
import { serveOutput } from "../outputs.ts";
import { streamPages } from "../page-stream.ts";
import { type App, addRoute, document } from "../route.ts";
import { OPTION_FIELDS, V3Status } from "../schemas.ts";
import { submitForm, submitSingle } from "../submission.ts";
import { conversionStatus, v3Body } from "../wire.ts";
import { DOWNLOAD_ANSWERS, DOWNLOAD_REFUSALS, removeFile, SUBMISSION_REFUSALS, splitName } from "./files.ts";

const TAG = "v3/pdf";

const PdfRequest = z
  .object({ url: z.string().openapi({ description: "https:// address", example: "https://example.com/a.pdf" }) })
  .extend(OPTION_FIELDS)
  .openapi("V3PdfRequest");
const PdfForm = z.object({
  file: z.string().openapi({ format: "binary" }),
  options_json: z.string().optional().openapi({ description: "All options, as JSON" }),
});
const PdfSubmitted = z.object({ pdf_id: z.string() }).openapi("V3PdfSubmitted");
const PdfDeleted = z
  .object({ pdf_id: z.string(), status: z.literal("deleted"), deleted_at: z.string() })
  .openapi("V3PdfDeleted");
const Conversions = z
  .object({ status: z.string(), conversion_status: z.record(z.string(), z.object({ status: z.string() })) })
  .openapi("V3Conversions");

export function addV3PdfRoutes(app: App): void {
  addSubmission(app);
  addReading(app);
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/converter/{pdf_id}",
      tag: TAG,
      summary: "States of the requested formats",
      answer: Conversions,
      refuses: ["cnv_unknown_id"],
    },
    async (c) => {
      const view = await findPdf(c, c.req.param("pdf_id")!, "cnv_unknown_id");
      const status = view.state === "completed" ? "completed" : isEnd(view.state) ? "error" : "processing";
      return c.json({ status, conversion_status: conversionStatus(view) });
    },
  );
  addRoute(
    app,
    {
      method: "delete",
      path: "/v3/pdf/{pdf_id}",
      tag: TAG,
      summary: "Remove a document and its outputs",
      answer: PdfDeleted,
    },
    async (c) => {
      const view = await findPdf(c, c.req.param("pdf_id")!, "not_found");
      // The contract's own word for "not finished" is 404 here, and 409 on the Files API.
      if (!isEnd(view.state))
        throw new Failure("not_found", "The document is still being processed; delete it when it has ended");
      const { at } = await removeFile(c, view.fileId);
      return c.json({ pdf_id: pdfId(view.fileId), status: "deleted" as const, deleted_at: new Date(at).toISOString() });
    },
  );
}

function addSubmission(app: App): void {
  addRoute(
    app,
    {
      method: "post",
      path: "/v3/pdf",
      tag: TAG,
      summary: "Submit a document by address or upload",
      description: "Errors of the request come with HTTP 200 and `error` in the body.",
      documentedBody: {
        content: { "application/json": { schema: PdfRequest }, "multipart/form-data": { schema: PdfForm } },
      },
      answer: PdfSubmitted,
      refuses: [...SUBMISSION_REFUSALS, "opts_conflict", "opts_bad_callback", "pdf_missing", "bad_request"],
    },
    async (c) => {
      if (/^multipart\//i.test(c.req.header("content-type") ?? "")) {
        return c.json({ pdf_id: pdfId(await submitForm(c, "v3", V3_CODES)) });
      }
      const { value, text } = await readJson(c);
      if (value.url === undefined || value.url === null || value.url === "") {
        throw new Failure("pdf_missing", "Give the document's address as url, or upload it as multipart/form-data");
      }
      const file = itemToFileRequest({ ...value, source_uri: value.url }, V3_CODES);
      const { fileId } = await submitSingle(c, file, { jobId: null, bodyHash: sha256Hex(text), api: "v3" });
      return c.json({ pdf_id: pdfId(fileId) });
    },
  );
}

function addReading(app: App): void {
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/pdf/{pdf_id}/stream",
      tag: TAG,
      summary: "The pages as server-sent events, in order",
      answer: {
        description: "One JSON object a page: text, page_idx, pdf_selected_len, pdf_id, version",
        types: ["text/event-stream"],
      },
      refuses: ["gone"],
    },
    async (c) => streamPages(c, await findPdf(c, c.req.param("pdf_id")!, "not_found")),
  );
  document(app, {
    method: "get",
    path: "/v3/pdf/{pdf_id}.{ext}",
    tag: TAG,
    summary: "Download an output",
    answer: { description: "The output's bytes", types: ["text/markdown", "application/json"] },
    refuses: DOWNLOAD_REFUSALS,
    otherAnswers: DOWNLOAD_ANSWERS,
  });
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/pdf/{pdf_id}",
      tag: TAG,
      summary: "Status of a document",
      answer: V3Status,
      refuses: ["pdf_unknown_id"],
    },
    async (c) => {
      const [id, ext] = splitName(c.req.param("pdf_id")!);
      if (ext !== null) return serveOutput(c, await findPdf(c, id, "not_found"), ext);
      return c.json(v3Body(await findPdf(c, id, "pdf_unknown_id")));
    },
  );
}

/** A document of any kind of submission, gone or not. @throws Failure `unknown` */
async function findPdf(
  c: Ctx,
  id: string,
  unknown: "not_found" | "pdf_unknown_id" | "cnv_unknown_id",
): Promise<FileView> {
  try {
    if (readFileId(c.env.ID_SECRET, id) !== null) return await findFile(c, id);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "not_found") throw error;
  }
  throw new Failure(unknown, "There is no document of this id; check it against the submission's answer");
}
