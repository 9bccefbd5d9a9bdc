/** What was converted and what it costs: `/v3/ocr-usage` out of the ledger, and the documents of `/v3/pdf-results`. */
import { z } from "@hono/zod-openapi";
import { listResults, monthlyBills, ocrUsage, type ResultRow, readTiers } from "../../accounts/usage.ts";
import { shardOf } from "../../db/client.ts";
import { pdfId } from "../../lib/ids.ts";
import { QualityOrNull } from "../quality.ts";
import { type App, addRoute } from "../route.ts";
import { isoTime } from "../wire.ts";

const TAG = "Usage";
const DAY_MS = 86_400_000;
const PAGE_MAX = 100;
const PER_PAGE_MAX = 1_000;
const PER_PAGE_DEFAULT = 100;

/** A day, or a time; the day a period ends with belongs to it. */
const DateText = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), {
    error: "must be a date like 2026-11-24 or 2026-11-24T12:00:00Z",
  })
  .optional();
const whole = (max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, "must be a whole number")
    .transform(Number)
    .refine((n) => n >= 1 && n <= max, { error: `must be between 1 and ${max}` })
    .default(fallback)
    .openapi({ type: "integer", minimum: 1, maximum: max, default: fallback });

const Period = {
  from_date: DateText,
  to_date: DateText,
  app_id: z.string().optional(),
  page: whole(PAGE_MAX, 1),
  per_page: whole(PER_PAGE_MAX, PER_PAGE_DEFAULT),
};
const GroupBy = z.enum(["usage_type", "request_args_hash", "app_id"], {
  error: "must be usage_type, request_args_hash or app_id",
});
const UsageQuery = z.object({
  ...Period,
  usage_type: z.enum(["files-page", "pdf-page"], { error: "must be files-page or pdf-page" }).optional(),
  request_args_hash: z.string().optional(),
  timespan: z.enum(["hour", "day", "month", "year"], { error: "must be hour, day, month or year" }).default("month"),
  group_by: z
    .union([GroupBy, z.array(GroupBy)])
    .optional()
    .openapi({ description: "May be repeated" }),
});
const Usage = z
  .object({
    ocr_usage: z.array(
      z.object({
        from_date: z.string(),
        app_id: z.array(z.string()),
        usage_type: z.string().nullable(),
        request_args_hash: z.array(z.string()),
        count: z.number().int().openapi({ description: "Pages billed" }),
      }),
    ),
    months: z
      .array(z.object({ month: z.string(), pages: z.number().int(), dollars: z.number() }))
      .openapi({ description: "Pages of all applications and their price by the deployment's tiers, a row a month" }),
  })
  .openapi("Usage");

const ResultsQuery = z.object(Period);
const Result = z.object({
  id: z.string(),
  input_file: z.string().nullable(),
  status: z.enum(["completed", "error"]),
  created_at: z.string(),
  modified_at: z.string(),
  num_pages: z.number().int(),
  num_pages_completed: z.number().int(),
  request_args: z.record(z.string(), z.unknown()),
  quality: QualityOrNull,
});
const Results = z.object({ pdfs: z.array(Result) }).openapi("V3Results");

export function addUsageRoutes(app: App): void {
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/ocr-usage",
      tag: TAG,
      summary: "Pages billed, by span of time; this month when no period is given",
      query: UsageQuery,
      answer: Usage,
    },
    async (c, { query }) => {
      const { group } = c.get("caller");
      const db = shardOf(c.env.DB, group);
      const period = {
        from: query.from_date === undefined ? monthBegin() : Date.parse(query.from_date),
        to: endOf(query.to_date),
      };
      const [rows, months] = await Promise.all([
        ocrUsage(db, group, {
          ...period,
          appId: query.app_id ?? null,
          usageType: query.usage_type ?? null,
          requestArgsHash: query.request_args_hash ?? null,
          timespan: query.timespan,
          groupBy: query.group_by === undefined ? [] : [query.group_by].flat(),
          page: query.page,
          perPage: query.per_page,
        }),
        monthlyBills(db, group, period, readTiers(c.env)),
      ]);
      const ocr_usage = rows.map((row) => ({
        from_date: isoTime(row.from),
        app_id: row.appIds,
        usage_type: row.usageType,
        request_args_hash: row.requestArgsHashes,
        count: row.count,
      }));
      return c.json({ ocr_usage, months });
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/v3/pdf-results",
      tag: TAG,
      summary: "Documents of v3/pdf that have ended, newest first",
      query: ResultsQuery,
      answer: Results,
    },
    async (c, { query }) => {
      const { group } = c.get("caller");
      const rows = await listResults(shardOf(c.env.DB, group), group, {
        from: query.from_date === undefined ? null : Date.parse(query.from_date),
        to: query.to_date === undefined ? null : endOf(query.to_date),
        appId: query.app_id ?? null,
        api: "v3",
        page: query.page,
        perPage: query.per_page,
      });
      return c.json({ pdfs: rows.map(resultBody) });
    },
  );
}

function resultBody(row: ResultRow): z.infer<typeof Result> {
  return {
    id: pdfId(row.fileId),
    input_file: row.filename,
    status: row.state === "completed" ? "completed" : "error",
    created_at: isoTime(row.createdAt),
    modified_at: isoTime(row.endedAt),
    num_pages: row.pages,
    num_pages_completed: row.pages,
    request_args: row.options,
    quality: row.quality,
  };
}

function monthBegin(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
}

/** Exclusive: a bare day ends with the day, no date at all with now. */
function endOf(text: string | undefined): number {
  if (text === undefined) return Date.now() + 1;
  return Date.parse(text) + (/^\d{4}-\d{2}-\d{2}$/.test(text) ? DAY_MS : 0);
}
