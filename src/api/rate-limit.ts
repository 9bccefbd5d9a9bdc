/** Requests a minute of a group, counted by its group object; groups without such a limit cost nothing here. */
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
