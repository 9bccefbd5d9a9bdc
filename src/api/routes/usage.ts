/** What was converted and what it costs: `/v3/ocr-usage`, and the list of documents behind `/v3/pdf-results`. */
import { z } from "@hono/zod-openapi";
import { listResults, ocrUsage } from "../../accounts/usage.ts";
import { database } from "../../db/client.ts";
import { pdfId } from "../../lib/ids.ts";
import type { Ctx } from "../env.ts";
import { type App, addRoute } from "../route.ts";
import { isoTime } from "../wire.ts";

const TAG = "Usage";
