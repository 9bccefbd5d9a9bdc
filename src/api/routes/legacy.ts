/** Aliases that deprecated client methods still call (CONTRACT 2.14): old names for jobs and their files. */
import { z } from "@hono/zod-openapi";
import type { FilePage } from "../../jobs/reading.ts";
import type { JobView } from "../../jobs/views.ts";
import { Failure, settle } from "../../lib/failure.ts";
import type { Ctx } from "../env.ts";
import { jobByName, refuseGone } from "../lookup.ts";
import { decodeState, encodeState, Limit, PagingState } from "../paging.ts";
import { type App, addRoute } from "../route.ts";
import { isoTime } from "../wire.ts";
import { FilesCursor, JobListQuery, listPage, readJob } from "./jobs.ts";

const TAG = "Legacy names";

const FileListQuery = z.object({
  scs_job_id: z.string().optional(),
  filename: z.string().optional(),
  limit: Limit,
  paging_state: PagingState,
});
const FileIds = z
  .object({ file_ids: z.array(z.string()), next_page_token: z.string().nullable() })
  .openapi("LegacyFileList");
const ScsJob = z.object({
  scs_job_id: z.string(),
  group_id: z.string(),
  app_id: z.string().nullable(),
  created_at: z.string(),
});
const ScsJobs = z.object({ jobs: z.array(ScsJob), paging_state: z.string().nullable() }).openapi("LegacyJobList");
const Count = z.number().int();
const ScsStatus = z
  .object({
    scs_job_id: z.string(),
    group_id: z.string(),
    app_id: z.string().nullable(),
    status: z.string(),
    file_count: Count,
    files_completed: Count,
    files_errored: Count,
    num_pages: Count,
    num_pages_completed: Count,
    created_at: z.string(),
    modified_at: z.string(),
  })
  .openapi("LegacyJobStatus");

export function addLegacyRoutes(app: App): void {
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/list",
      tag: TAG,
      summary: "Ids of a job's files",
      query: FileListQuery,
      answer: FileIds,
      refuses: ["not_found"],
    },
    async (c, { query }) => {
      if (query.scs_job_id === undefined) {
        throw new Failure("bad_request", "scs_job_id is missing; single files are not listed, keep their file_id");
      }
      const after = decodeState(query.paging_state, FilesCursor);
      const page = await readFiles(c, query.scs_job_id, query.limit, after);
      const files = page.files.filter((file) => query.filename === undefined || file.filename === query.filename);
      return c.json({ file_ids: files.map((file) => file.fileId), next_page_token: encodeState(page.next) });
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/scs-jobs",
      tag: TAG,
      summary: "Jobs, newest first",
      query: JobListQuery,
      answer: ScsJobs,
    },
    async (c, { query }) => {
      const { jobs, next } = await listPage(c, query);
      const rows = jobs.map((job) => ({
        scs_job_id: job.jobId,
        group_id: c.get("caller").group,
        app_id: job.appId,
        created_at: isoTime(job.createdAt),
      }));
      return c.json({ jobs: rows, paging_state: next });
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/scs-jobs/status",
      tag: TAG,
      summary: "Status of a job",
      query: z.object({ scs_job_id: z.string("must be given") }),
      answer: ScsStatus,
      refuses: ["not_found", "gone"],
    },
    async (c, { query }) => c.json(await statusBody(c, await readJob(c, query.scs_job_id))),
  );
}

async function statusBody(c: Ctx, view: JobView) {
  const pages = settle(await jobByName(c, view.job.jobId).pages(view.job.group));
  return {
    scs_job_id: view.job.jobId,
    group_id: view.job.group,
    app_id: c.get("caller").appId,
    status: view.status,
    file_count: view.fileCount,
    files_completed: view.counts.completed,
    files_errored: view.counts.errored + view.counts.cancelled,
    num_pages: pages.known,
    num_pages_completed: pages.completed,
    created_at: isoTime(view.createdAt),
    modified_at: isoTime(view.modifiedAt),
  };
}

async function readFiles(c: Ctx, jobId: string, limit: number, after: number | null): Promise<FilePage> {
  const page = await jobByName(c, jobId).files(c.get("caller").group, { status: null, limit, after });
  return refuseGone(settle(page));
}
