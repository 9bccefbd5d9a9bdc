/** Views of jobs and files → the contract's JSON. Says nothing that the view doesn't. */

import { percentDone } from "../jobs/progress.ts";
import { FORMATS } from "../jobs/request/formats.ts";
import { v3Status, wireStatus } from "../jobs/status.ts";
import type { FileView, JobView, Receipt } from "../jobs/views.ts";
import { pdfId } from "../lib/ids.ts";
import type { FileBody, FileRow, JobBody, V3Status } from "./schemas.ts";

/** What deletion can't reach, said in every receipt. */
const RECOVERY_NOTE =
  "Removed from storage; the platform's own point-in-time recovery of databases keeps copies for up to 30 days.";

/** v3's field `version`; ours, since results are ours. */
export const V3_VERSION = "sheaf-1";

export const isoTime = (ms: number): string => new Date(ms).toISOString();

export function fileBody(view: FileView): FileBody {
  return {
    file_id: view.fileId,
    status: wireStatus(view),
    filename: filenameOf(view),
    job_id: view.job.kind === "job" ? view.job.jobId : null,
    custom_id: view.customId,
    source_uri: view.sourceUri,
    num_pages: view.numPages,
    num_pages_completed: view.numPagesCompleted,
    percent_done: percentDone(view),
    format_primary: "mmd",
    formats: view.formats,
    destination_uri: view.destinationUri,
    destination_basename: view.destinationBasename,
    ...errorFields(view),
    warnings: view.warnings,
    quality: view.quality,
    created_at: isoTime(view.createdAt),
    modified_at: isoTime(view.modifiedAt),
    completed_at: view.endedAt === null ? null : isoTime(view.endedAt),
  };
}

export function fileRow(view: FileView): FileRow {
  const { error = null, error_info = null } = errorFields(view);
  return {
    file_id: view.fileId,
    filename: filenameOf(view),
    status: wireStatus(view),
    custom_id: view.customId,
    error,
    error_info,
    source_uri: view.sourceUri,
    num_pages: view.numPages,
    quality: view.quality,
  };
}

export function jobBody(view: JobView): JobBody {
  const { counts } = view;
  return {
    job_id: view.job.jobId,
    status: view.status,
    file_count: view.fileCount,
    files_pending: counts.pending,
    files_running: counts.running,
    files_completed: counts.completed,
    files_errored: counts.errored + counts.cancelled,
    files_cancelled: counts.cancelled,
    counts: { ...counts },
    created_at: isoTime(view.createdAt),
    modified_at: isoTime(view.modifiedAt),
    finalized_at: view.finalizedAt === null ? null : isoTime(view.finalizedAt),
    cancelled_at: view.cancelledAt === null ? null : isoTime(view.cancelledAt),
  };
}

export function receiptBody({ at, files, removed, complete }: Receipt) {
  return { status: "deleted" as const, deleted_at: isoTime(at), files, removed, complete, note: RECOVERY_NOTE };
}

export function v3Body(view: FileView): V3Status {
  return {
    pdf_id: pdfId(view.fileId),
    status: v3Status(view),
    input_file: view.sourceUri ?? view.filename,
    num_pages: view.numPages,
    num_pages_completed: view.numPagesCompleted,
    percent_done: percentDone(view),
    conversion_status: conversionStatus(view),
    created_at: isoTime(view.createdAt),
    modified_at: isoTime(view.modifiedAt),
    ...(view.gone === null ? {} : { deleted_at: isoTime(view.gone.at) }),
    version: V3_VERSION,
    ...v3Error(view),
    warnings: view.warnings,
    quality: view.quality,
  };
}

export function conversionStatus(view: FileView): V3Status["conversion_status"] {
  const rows = Object.entries(view.formats).map(([format, state]) => {
    const error = { id: "conversion_error", error: failedFormat(format) };
    const status = state === "pending" ? "processing" : state;
    return [format, { status, ...(state === "error" ? { error_info: error } : {}) }] as const;
  });
  return Object.fromEntries(rows);
}

/** The display name, or `<file_id>.pdf` (CONTRACT 2.2). */
export function filenameOf(view: FileView): string {
  return view.filename ?? `${view.fileId}.pdf`;
}

export function failedFormat(format: string): string {
  return FORMATS[format]?.written === false
    ? `The format ${format} is not available in this version; mmd, md, lines.json and lines.mmd.json are.`
    : `The conversion to ${format} failed; the other formats are not affected.`;
}

function errorFields(view: FileView): Pick<FileBody, "error" | "error_info"> {
  if (view.state !== "error" && view.state !== "cancelled") return {};
  const { code, message } = view.error ?? { code: "cancelled", message: "The file was cancelled." };
  return { error: code, error_info: { id: code, message } };
}

function v3Error(view: FileView): Pick<V3Status, "error" | "error_info"> {
  const { error_info } = errorFields(view);
  return error_info === undefined ? {} : { error: error_info.message, error_info };
}
