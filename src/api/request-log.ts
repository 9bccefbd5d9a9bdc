/** Around every request: an id that is echoed, and one log line. Never a query, never a key. */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { log } from "../lib/log.ts";
import type { AppEnv } from "./env.ts";

/** An id of the client is taken over when it is harmless in a log and a header. */
const REQUEST_ID = /^[A-Za-z0-9_\-.:]{1,128}$/;

export const requestLog: MiddlewareHandler<AppEnv> = async (c, next) => {
  const started = Date.now();
  const given = c.req.header("x-request-id") ?? "";
  const request = REQUEST_ID.test(given) ? given : crypto.randomUUID();
  c.set("requestId", request);
  c.set("about", {});
  await next();
  c.header("x-request-id", request);
  const caller = c.get("caller") as { group: string } | undefined;
  log(c.res.status >= 500 ? "error" : "info", "request", {
    request,
    method: c.req.method,
    // The route, not the address: ids of customers and presigned addresses stay out.
    path: routePath(c, -1),
    status: c.res.status,
    ms: Date.now() - started,
    ...(caller === undefined ? {} : { group: caller.group }),
    ...c.get("about"),
  });
};
