/** Shapes of answers, for the documentation, the types of what handlers send, and the tests that check every answer. */
import { z } from "@hono/zod-openapi";
import { CONVERSION_OPTIONS } from "../jobs/request/conversion-options.ts";
import { OPTIONS } from "../jobs/request/option-schema.ts";
import { CODES, type Code } from "../lib/failure.ts";
import { QualityOrNull } from "./quality.ts";

export const ErrorCode = z.enum(Object.keys(CODES) as [Code, ...Code[]]).openapi("ErrorCode", {
  description: `What went wrong, out of a closed list:\n\n${Object.entries(CODES)
    .map(([code, { means }]) => `- \`${code}\`: ${means}`)
    .join("\n")}`,
});

export const ErrorBody = z
  .object({
    error: z.string().openapi({ description: "The code; on v3 the human text" }),
    error_info: z.looseObject({ id: ErrorCode, message: z.string() }),
    status: z.string().optional(),
  })
  .openapi("Error");

const Time = z.iso.datetime().openapi({ example: "2026-11-24T12:00:00.000Z" });
const FormatState = z.enum(["pending", "processing", "completed", "error"]);
const FileStatus = z.enum(["pending", "split", "completed", "error"]);
const ErrorInfo = z.object({ id: ErrorCode, message: z.string() });

export const FileBody = z
  .object({
    file_id: z.string(),
    status: FileStatus,
    filename: z.string().openapi({
      description:
        "As given, else the upload's; of an address, what its server or its path tells once it is fetched, and <file_id>.pdf until then",
    }),
    job_id: z.string().nullable(),
    custom_id: z.string().nullable(),
    source_uri: z.string().nullable().openapi({ description: "Without its query" }),
    num_pages: z.number().int().openapi({ description: "0 until known" }),
    num_pages_completed: z.number().int(),
    percent_done: z.number().min(0).max(100),
    format_primary: z.literal("mmd"),
    formats: z.record(z.string(), FormatState),
    destination_uri: z.string().nullable(),
    destination_basename: z.string().nullable(),
    error: ErrorCode.optional(),
    error_info: ErrorInfo.optional(),
    warnings: z.array(z.string()).openapi({ description: "What was not understood or was lost, in sentences" }),
    quality: QualityOrNull,
    created_at: Time,
    modified_at: Time,
    completed_at: Time.nullable(),
  })
  .openapi("File");
export type FileBody = z.infer<typeof FileBody>;

export const FileRow = z
  .object({
    file_id: z.string(),
    filename: z.string(),
    status: FileStatus,
    custom_id: z.string().nullable(),
    error: ErrorCode.nullable(),
    error_info: ErrorInfo.nullable(),
    source_uri: z.string().nullable(),
    num_pages: z.number().int(),
    quality: QualityOrNull,
  })
  .openapi("FileRow");
export type FileRow = z.infer<typeof FileRow>;

export const FileList = z
  .object({ files: z.array(FileRow), next_page_token: z.string().nullable() })
  .openapi("FileList");

export const JobBody = z
  .object({
    job_id: z.string(),
    status: z.enum(["processing", "completed"]),
    file_count: z.number().int(),
    files_pending: z.number().int(),
    files_running: z.number().int(),
    files_completed: z.number().int(),
    files_errored: z.number().int().openapi({ description: "With the cancelled ones" }),
    files_cancelled: z.number().int(),
    counts: z
      .object({
        pending: z.number().int(),
        running: z.number().int(),
        completed: z.number().int(),
        errored: z.number().int(),
        cancelled: z.number().int(),
      })
      .openapi({ description: "Each file once; sums to file_count" }),
    created_at: Time,
    modified_at: Time,
    finalized_at: Time.nullable(),
    cancelled_at: Time.nullable(),
  })
  .openapi("Job");
export type JobBody = z.infer<typeof JobBody>;

export const FileSubmitted = z.object({ file_id: z.string() }).openapi("FileSubmitted");
export const JobSubmitted = z.object({ job_id: z.string(), file_count: z.number().int() }).openapi("JobSubmitted");
export const JobList = z
  .object({
    jobs: z.array(z.object({ job_id: z.string(), created_at: Time })),
    next_page_token: z.string().nullable(),
  })
  .openapi("JobList");
export const Finalized = z
  .object({ job_id: z.string(), finalized_at: Time, message: z.literal("finalized") })
  .openapi("Finalized");
export const Retried = z.object({ job_id: z.string(), retried: z.number().int() }).openapi("Retried");

export const V3Status = z
  .object({
    pdf_id: z.string(),
    status: z.enum(["received", "loaded", "split", "completed", "error"]),
    input_file: z.string().nullable(),
    num_pages: z.number().int(),
    num_pages_completed: z.number().int(),
    percent_done: z.number(),
    conversion_status: z.record(z.string(), z.object({ status: z.string(), error_info: z.unknown().optional() })),
    created_at: Time,
    modified_at: Time,
    deleted_at: Time.optional(),
    version: z.string(),
    error: z.string().optional(),
    error_info: ErrorInfo.optional(),
    warnings: z.array(z.string()),
    quality: QualityOrNull,
  })
  .openapi("V3Pdf");
export type V3Status = z.infer<typeof V3Status>;

/** What every submission may say about the file itself, beside the options. */
export const FILE_FIELDS = {
  filename: z.string().optional().openapi({ description: "Display name" }),
  job_id: z.string().optional().openapi({ description: "Associates the file with a job; needed with custom_id" }),
  custom_id: z.string().optional().openapi({ description: "Your own name; a repeat finds the live file" }),
  destination_uri: z.string().optional().openapi({ description: "Needs a data source; none can be registered yet" }),
  destination_basename: z.string().optional(),
  s3_region: z.string().optional(),
};

/** What a removal took away; a repeat says the same. */
export const RECEIPT_FIELDS = {
  status: z.literal("deleted"),
  deleted_at: Time,
  files: z.number().int(),
  removed: z.array(z.string()).openapi({ description: "Classes of what lay in storage", example: ["source", "mmd"] }),
  complete: z.boolean().openapi({ description: "False while objects of a large job are still being removed" }),
  note: z.string(),
};

/** Every option, none needed; `conversion_options` with the names that each format knows. */
export const OPTION_FIELDS = {
  ...OPTIONS.partial().shape,
  conversion_options: z
    .object(
      Object.fromEntries(
        Object.entries(CONVERSION_OPTIONS).map(([format, known]) => [format, known.partial().optional()]),
      ),
    )
    .optional(),
};
