/** Groups, keys and limits, for who runs the deployment: `Authorization: Bearer ADMIN_SECRET`. */
import { z } from "@hono/zod-openapi";
import type { Limits } from "../../accounts/groups.ts";
import { saveRequestLimit } from "../../accounts/groups.ts";
import { createKey, listKeys, revokeKey } from "../../accounts/keys.ts";
import { directoryOf } from "../../db/client.ts";
import { IDENTIFIER } from "../../jobs/request/items.ts";
import { APP_KEY_LENGTH_MAX, APP_KEY_LENGTH_MIN, problemOfAppKey } from "../../lib/app-key.ts";
import { Failure } from "../../lib/failure.ts";
import { forgetKeys } from "../auth.ts";
import type { Ctx } from "../env.ts";
import { forgetLimits } from "../rate-limit.ts";
import { type App, addRoute } from "../route.ts";
import { isoTime } from "../wire.ts";

const TAG = "Admin";
const KEYS = "/admin/groups/{group}/keys";
const LIMITS = "/admin/groups/{group}/limits";

const Identifier = z.string().regex(IDENTIFIER, "must be 1 to 256 characters out of A-Z a-z 0-9 _ - . :");
const NewKey = z
  .object({
    app_id: Identifier.optional().openapi({ description: "Known and without app_key: the key is rotated" }),
    app_key: z
      .string()
      .superRefine((key, problems) => {
        const message = problemOfAppKey(key);
        if (message !== null) problems.addIssue({ code: "custom", message });
      })
      .optional()
      .openapi({
        description: "Imports a key that exists elsewhere, with its app_id; printable characters without spaces",
        minLength: APP_KEY_LENGTH_MIN,
        maxLength: APP_KEY_LENGTH_MAX,
      }),
  })
  .refine((body) => body.app_key === undefined || body.app_id !== undefined, {
    error: "must be given with an app_key",
    path: ["app_id"],
  })
  .openapi("NewKey");
const Key = z.object({ group: z.string(), app_id: z.string(), app_key: z.string() }).openapi("Key");
const KeyRow = z.object({ app_id: z.string(), created_at: z.string(), revoked_at: z.string().nullable() });
const KeyList = z.object({ group: z.string(), keys: z.array(KeyRow) }).openapi("KeyList");
const KeyRevoked = z
  .object({ group: z.string(), app_id: z.string(), status: z.literal("revoked"), note: z.string() })
  .openapi("KeyRevoked");

const Limit = z
  .number("must be a whole number, or null for none")
  .int("must be a whole number")
  .min(0, "must not be negative")
  .max(Number.MAX_SAFE_INTEGER)
  .nullable()
  .optional();
const LimitsBody = z
  .strictObject({ page_monthly_limit: Limit, requests_per_minute: Limit, files_in_flight: Limit })
  .openapi("Limits");

export function addAdminRoutes(app: App): void {
  addKeys(app);
  addRoute(
    app,
    { method: "get", path: LIMITS, tag: TAG, summary: "Limits of a group", answer: LimitsBody, guard: "admin" },
    async (c) => c.json(limitsBody(await c.env.GROUP.getByName(groupOf(c)).limits())),
  );
  addRoute(
    app,
    {
      method: "put",
      path: LIMITS,
      tag: TAG,
      summary: "Set limits; what is left out stays, null = the deployment's default again",
      body: LimitsBody,
      answer: LimitsBody,
      guard: "admin",
    },
    async (c, { body }) => {
      const group = groupOf(c);
      const change: Partial<Limits> = {
        ...(body.page_monthly_limit === undefined ? {} : { pageMonthlyLimit: body.page_monthly_limit }),
        ...(body.requests_per_minute === undefined ? {} : { requestsPerMinute: body.requests_per_minute }),
        ...(body.files_in_flight === undefined ? {} : { filesInFlight: body.files_in_flight }),
      };
      const limits = await c.env.GROUP.getByName(group).setLimits(change);
      // Whatever was asked: a call that came no further than the group object is repaired by its repeat.
      await saveRequestLimit(directoryOf(c.env.DB), group, limits.requestsPerMinute);
      forgetKeys();
      forgetLimits();
      return c.json(limitsBody(limits));
    },
  );
}

function addKeys(app: App): void {
  addRoute(
    app,
    {
      method: "post",
      path: KEYS,
      tag: TAG,
      summary: "Make, import or rotate a key; the group is made on the way",
      description: "The key is shown this once: only its hash is kept.",
      body: NewKey,
      answer: Key,
      guard: "admin",
    },
    async (c, { body }) => {
      const key = await createKey(directoryOf(c.env.DB), c.env.ID_SECRET, groupOf(c), {
        ...(body.app_id === undefined ? {} : { appId: body.app_id }),
        ...(body.app_key === undefined ? {} : { appKey: body.app_key }),
      });
      forgetKeys();
      return c.json({ group: key.group, app_id: key.appId, app_key: key.appKey });
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: KEYS,
      tag: TAG,
      summary: "Keys of a group, without the keys",
      answer: KeyList,
      guard: "admin",
    },
    async (c) => {
      const keys = await listKeys(directoryOf(c.env.DB), groupOf(c));
      return c.json({
        group: groupOf(c),
        keys: keys.map((key) => ({
          app_id: key.appId,
          created_at: isoTime(key.createdAt),
          revoked_at: key.revokedAt === null ? null : isoTime(key.revokedAt),
        })),
      });
    },
  );
  addRoute(
    app,
    {
      method: "delete",
      path: `${KEYS}/{app_id}`,
      tag: TAG,
      summary: "Revoke an application's keys",
      answer: KeyRevoked,
      guard: "admin",
    },
    async (c) => {
      const [group, appId] = [groupOf(c), c.req.param("app_id")!];
      if (!(await revokeKey(directoryOf(c.env.DB), group, appId))) {
        throw new Failure("not_found", "The group has no live key of this app_id");
      }
      forgetKeys();
      const note = "Refused everywhere within 30 seconds";
      return c.json({ group, app_id: appId, status: "revoked" as const, note });
    },
  );
}

function groupOf(c: Ctx): string {
  const group = c.req.param("group")!;
  if (!IDENTIFIER.test(group))
    throw new Failure("bad_request", "A group is named by 1 to 256 characters out of A-Z a-z 0-9 _ - . :");
  return group;
}

function limitsBody(limits: Limits) {
  return {
    page_monthly_limit: limits.pageMonthlyLimit,
    requests_per_minute: limits.requestsPerMinute,
    files_in_flight: limits.filesInFlight,
  };
}
