/**
 * The HTTP API, whole: a request id and a log line around everything, then who asks, then how often, then the routes.
 * Fixed names come before `{file_id}`. Decides nothing about files: it asks the job objects.
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import { authenticate, requireAdmin } from "./auth.ts";
import type { AppEnv } from "./env.ts";
import { onError, onNotFound } from "./errors.ts";
import { limitPages, limitRequests } from "./rate-limit.ts";
import { requestLog } from "./request-log.ts";
import { addAdminRoutes } from "./routes/admin.ts";
import { addCropRoutes } from "./routes/crops.ts";
import { addDocRoutes } from "./routes/docs.ts";
import { addFileReading, addFileRoutes } from "./routes/files.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addJobRoutes } from "./routes/jobs.ts";
import { addLegacyRoutes } from "./routes/legacy.ts";
import { addUnavailableRoutes } from "./routes/unavailable.ts";
import { addUsageRoutes } from "./routes/usage.ts";
import { addV3PdfRoutes } from "./routes/v3-pdf.ts";

export function createApp(): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app.onError(onError);
  app.notFound(onNotFound);
  app.use("*", requestLog);
  for (const area of ["/files/*", "/v3/*"]) app.use(area, authenticate, limitRequests);
  app.on("POST", ["/files/v1", "/files/v1/uri", "/files/v1/jobs", "/v3/pdf"], limitPages);
  app.use("/admin/*", requireAdmin);

  addJobRoutes(app);
  addLegacyRoutes(app);
  addCropRoutes(app);
  addUnavailableRoutes(app);
  addUsageRoutes(app);
  addFileRoutes(app);
  addFileReading(app);
  addV3PdfRoutes(app);
  addAdminRoutes(app);
  addHealthRoutes(app);
  addDocRoutes(app);
  return app;
}
