/** `/healthz`: 200 when D1, R2 and the Durable Objects answer, 503 with the ones that don't. */
import { z } from "@hono/zod-openapi";
import { directoryOf } from "../../db/client.ts";
import { errorFields, log } from "../../lib/log.ts";
import { within } from "../../lib/streams.ts";
import type { Bindings } from "../env.ts";
import { type App, addRoute } from "../route.ts";

/** A binding that takes longer is not well. */
const CHECK_MS = 5_000;
/** A group of no customer: its object only answers that it is there. Not an identifier, so nobody's group. */
const PROBE_GROUP = "~health";

const State = z.enum(["ok", "failed"]);
const Health = z
  .object({ status: State, checks: z.object({ database: State, storage: State, objects: State }) })
  .openapi("Health");

export function addHealthRoutes(app: App): void {
  addRoute(
    app,
    {
      method: "get",
      path: "/healthz",
      tag: "Service",
      summary: "Whether the bindings answer",
      answer: Health,
      otherAnswers: {
        503: { description: "A binding doesn't answer", content: { "application/json": { schema: Health } } },
      },
      guard: "none",
    },
    async (c) => {
      const [database, storage, objects] = await Promise.all([
        check("database", () => directoryOf(c.env.DB).query.groups.findFirst()),
        check("storage", () => c.env.BUCKET.head("healthz")),
        check("objects", () => probeObjects(c.env)),
      ]);
      const well = [database, storage, objects].every((state) => state === "ok");
      const body = { status: well ? ("ok" as const) : ("failed" as const), checks: { database, storage, objects } };
      return c.json(body, well ? 200 : 503, { "cache-control": "no-store" });
    },
  );
}

async function probeObjects(env: Bindings): Promise<unknown> {
  return env.GROUP.getByName(PROBE_GROUP).limits();
}

async function check(name: string, ask: () => Promise<unknown>): Promise<"ok" | "failed"> {
  try {
    await within(ask(), CHECK_MS, () => new Error("no answer in time"));
    return "ok";
  } catch (error) {
    log("error", "health check failed", { step: name, ...errorFields(error) });
    return "failed";
  }
}
