/**
 * What a group may do, asked of its group object: requests a minute, and whether its month has a page left for what is
 * submitted. Groups without such limits cost next to nothing here.
 */
import type { MiddlewareHandler } from "hono";
import { Failure } from "../lib/failure.ts";
import type { AppEnv } from "./env.ts";

export const limitRequests: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { group, requestsPerMinute } = c.get("caller");
  // Only the group object knows what holds; without any limit it isn't asked.
  if (requestsPerMinute === null && !c.env.DEFAULT_REQUESTS_PER_MINUTE) return next();
  const { allowed, limit, remaining, resetSeconds } = await c.env.GROUP.getByName(group).admit();
  if (limit !== null) {
    c.header("ratelimit-limit", String(limit));
    c.header("ratelimit-remaining", String(remaining));
    c.header("ratelimit-reset", String(resetSeconds));
  }
  if (!allowed) {
    c.header("retry-after", String(Math.max(1, resetSeconds)));
    throw new Failure("http_max_requests", `More than ${limit} requests in a minute; wait ${resetSeconds} seconds`, {
      limit_name: "requests_per_minute",
      limit_value: limit,
      count: limit,
    });
  }
  return next();
};

/** How long a group is taken to have no page limit after it said so. */
const UNLIMITED_MS = 30_000;
const GROUPS_MAX = 10_000;
/** Pure cache: groups that said they have no page limit, and until when that is believed. */
const unlimited = new Map<string, number>();

/** Submissions only: a month that is used up refuses at the door; how many pages a file has shows when it is opened. */
export const limitPages: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { group } = c.get("caller");
  const now = Date.now();
  if ((unlimited.get(group) ?? 0) > now) return next();
  const budget = await c.env.GROUP.getByName(group).budget();
  if (budget === null) {
    if (unlimited.size >= GROUPS_MAX) unlimited.clear();
    unlimited.set(group, now + UNLIMITED_MS);
    return next();
  }
  const { limit, count } = budget;
  if (count < limit) return next();
  c.header("retry-after", String(secondsToNextMonth(now)));
  throw new Failure(
    "http_max_requests",
    `The group's limit of ${limit} pages a month is used up; raise it or come back next month`,
    { limit_name: "page_monthly_limit", limit_value: limit, count },
  );
};

/** After a change of limits in this isolate. */
export function forgetLimits(): void {
  unlimited.clear();
}

function secondsToNextMonth(now: number): number {
  const date = new Date(now);
  return Math.ceil((Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - now) / 1000);
}
