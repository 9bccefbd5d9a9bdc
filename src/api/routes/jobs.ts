/** Jobs: submit many, list, status, files of a job, finalize, cancel, retry, delete (CONTRACT 2.3 to 2.7, 2.11). */
import { z } from "@hono/zod-openapi";
import { listJobs } from "../../accounts/usage.ts";
import { shardOf } from "../../db/client.ts";
import type { FileCursor } from "../../jobs/reading.ts";
import { IDENTIFIER } from "../../jobs/request/items.ts";
import type { JobView } from "../../jobs/views.ts";
import { type Code, Failure, isCode, settle } from "../../lib/failure.ts";
import type { Ctx } from "../env.ts";
import { submitBatch } from "../job-submission.ts";
import { jobByName, refuseGone } from "../lookup.ts";
import { decodeState, encodeState, Limit, PagingState } from "../paging.ts";
import { QUALITY_QUERY, readQualityFilter } from "../quality.ts";
import { type App, addRoute } from "../route.ts";
import {
  FILE_FIELDS,
  FileBody,
  FileList,
  Finalized,
  JobBody,
  JobList,
  JobSubmitted,
  OPTION_FIELDS,
  RECEIPT_FIELDS,
  Retried,
} from "../schemas.ts";
import { fileBody, fileRow, isoTime, jobBody, receiptBody } from "../wire.ts";
import { IdempotencyHeader } from "./files.ts";

const TAG = "Jobs";

const JobRequest = z
  .object({
    files: z
      .array(z.looseObject({ source_uri: z.string(), ...FILE_FIELDS }).openapi("JobItem"))
      .openapi({ description: "1 to 200,000; an item may override any job-wide option" }),
    job_id: z.string().optional().openapi({ description: "Needed when an item has a custom_id" }),
  })
  .extend(OPTION_FIELDS)
  .openapi("JobRequest");

const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day like 2026-11-24")
  .refine((day) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day), {
    error: "must be a day like 2026-11-24",
  })
  .optional();
export const JobListQuery = z.object({ start: Day, end: Day, limit: Limit, paging_state: PagingState });

/** `pending` = every file that has not ended; `error` includes the cancelled, `cancelled` is ours. */
const FileFilter = z.enum(["pending", "completed", "error", "cancelled"], {
  error: "must be pending, completed, error or cancelled",
});
/** Strict: a misspelt filter would list files that nobody asked for. */
const FilesQuery = z.strictObject({
  status: FileFilter.optional(),
  ...QUALITY_QUERY,
  limit: Limit,
  paging_state: PagingState,
});

/** Where a page of files ended: the file's number. */
export const FilesCursor = z.number().int().nonnegative();
const TrustCursor = z.object({ trust: z.number(), seq: FilesCursor });

/** The listing that a page token belongs to: what is asked but for how much and from where. */
function listingOf({ limit: _, paging_state: __, ...asked }: z.output<typeof FilesQuery>): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return given
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
}
export const JobsCursor = z.object({ createdAt: z.number(), key: z.string() });

const RetryRequest = z.strictObject({
  codes: z
    .array(z.string().refine(isCode, { error: "is no error code" }))
    .optional()
    .openapi({
      description: "Only files that ended with one of these; all errors when absent",
      example: ["source_unreachable"],
    }),
});

const JobDeleted = z.object({ job_id: z.string(), ...RECEIPT_FIELDS }).openapi("JobDeleted");

export function addJobRoutes(app: App): void {
  addSubmitAndList(app);
  addReading(app);
  addMoves(app);
}

function addSubmitAndList(app: App): void {
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/jobs",
      tag: TAG,
      summary: "Submit many files",
      description:
        "Answers before the items are looked at: one that is wrong becomes that file's error. An Idempotency-Key counts only without a job_id, whose name then follows from it; with one, custom_ids make a repeat harmless.",
      documentedBody: { content: { "application/json": { schema: JobRequest } } },
      headers: IdempotencyHeader,
      answer: JobSubmitted,
      refuses: ["conflict"],
    },
    async (c) => {
      const { jobId, fileCount } = await submitBatch(c);
      return c.json({ job_id: jobId, file_count: fileCount });
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/jobs",
      tag: TAG,
      summary: "Jobs, newest first",
      query: JobListQuery,
      answer: JobList,
    },
    async (c, { query }) => {
      const { jobs, next } = await listPage(c, query);
      return c.json({
        jobs: jobs.map((job) => ({ job_id: job.jobId, created_at: isoTime(job.createdAt) })),
        next_page_token: next,
      });
    },
  );
}

export async function listPage(c: Ctx, query: z.output<typeof JobListQuery>) {
  const { group } = c.get("caller");
  const { jobs, next } = await listJobs(shardOf(c.env.DB, group), group, {
    start: query.start ?? null,
    end: query.end ?? null,
    limit: query.limit,
    after: decodeState(query.paging_state, JobsCursor),
  });
  return { jobs, next: encodeState(next) };
}

function addReading(app: App): void {
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/jobs/{job_id}",
      tag: TAG,
      summary: "Status of a job",
      answer: JobBody,
      refuses: ["gone"],
    },
    async (c) => c.json(jobBody(await readJob(c, c.req.param("job_id")!))),
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/jobs/{job_id}/files",
      tag: TAG,
      summary: "Files of a job, in the order they were registered or the least trusted first",
      description:
        "A filter of quality looks at 200,000 files a call: a page may hold fewer than limit and still have a next_page_token. Only completed files have a quality.",
      query: FilesQuery,
      answer: FileList,
      refuses: ["gone"],
    },
    async (c, { query }) => {
      const byTrust = query.sort === "trust";
      const quality = readQualityFilter(query);
      const listing = listingOf(query);
      const Cursor: z.ZodType<FileCursor> = byTrust ? TrustCursor : FilesCursor;
      const state = decodeState(query.paging_state, z.object({ after: Cursor, of: z.literal(listing) }));
      const page = settle(
        await jobByName(c, c.req.param("job_id")!).files(c.get("caller").group, {
          status: query.status ?? null,
          limit: query.limit,
          after: state?.after ?? null,
          byTrust,
          ...(quality === null ? {} : { quality }),
        }),
      );
      refuseGone(page);
      const next = page.next === null ? null : { after: page.next, of: listing };
      return c.json({ files: page.files.map(fileRow), next_page_token: encodeState(next) });
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/jobs/{job_id}/files/{custom_id}",
      tag: TAG,
      summary: "A file of a job by its custom_id",
      answer: FileBody,
      refuses: ["gone"],
    },
    async (c) => {
      const customId = c.req.param("custom_id")!;
      if (!IDENTIFIER.test(customId)) {
        throw new Failure("bad_request", "custom_id must be 1 to 256 characters out of A-Z a-z 0-9 _ - . :");
      }
      const view = settle(await jobByName(c, c.req.param("job_id")!).fileByCustomId(c.get("caller").group, customId));
      c.set("about", { file: view.fileId });
      return c.json(fileBody(refuseGone(view)));
    },
  );
}

function addMoves(app: App): void {
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/jobs/{job_id}/finalize",
      tag: TAG,
      summary: "Close a job to new files",
      answer: Finalized,
      refuses: ["gone"],
    },
    async (c) => {
      const jobId = c.req.param("job_id")!;
      await readJob(c, jobId);
      const { finalizedAt } = settle(await jobByName(c, jobId).finalize(c.get("caller").group));
      return c.json({ job_id: jobId, finalized_at: isoTime(finalizedAt), message: "finalized" as const });
    },
  );
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/jobs/{job_id}/cancel",
      tag: TAG,
      summary: "Stop all files of a job",
      answer: JobBody,
      refuses: ["gone"],
    },
    async (c) => {
      const jobId = c.req.param("job_id")!;
      await readJob(c, jobId);
      return c.json(jobBody(settle(await jobByName(c, jobId).cancel(c.get("caller").group))));
    },
  );
  addRoute(
    app,
    {
      method: "post",
      path: "/files/v1/jobs/{job_id}/retry",
      tag: TAG,
      summary: "Try a job's failed files again",
      body: RetryRequest,
      answer: Retried,
      refuses: ["gone"],
    },
    async (c, { body }) => {
      const jobId = c.req.param("job_id")!;
      const codes = (body.codes as Code[] | undefined) ?? null;
      await readJob(c, jobId);
      const { retried } = settle(await jobByName(c, jobId).retry(c.get("caller").group, codes));
      return c.json({ job_id: jobId, retried });
    },
  );
  addRoute(
    app,
    {
      method: "delete",
      path: "/files/v1/jobs/{job_id}",
      tag: TAG,
      summary: "Remove a job with all its files",
      answer: JobDeleted,
    },
    async (c) => {
      const jobId = c.req.param("job_id")!;
      const receipt = settle(await jobByName(c, jobId).remove(c.get("caller").group));
      return c.json({ job_id: jobId, ...receiptBody(receipt) });
    },
  );
}

export async function readJob(c: Ctx, jobId: string): Promise<JobView> {
  return refuseGone(settle(await jobByName(c, jobId).job(c.get("caller").group)));
}
