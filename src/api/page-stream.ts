/**
 * The pages of a document as server-sent events, in order, once they are final: what a page says may depend on the
 * whole document. A Worker stream that asks the job object for news, so nothing is pinned while it waits.
 */
import { streamSSE } from "hono/streaming";
import { artifacts } from "../jobs/artifacts.ts";
import { isEnd } from "../jobs/status.ts";
import type { FileView } from "../jobs/views.ts";
import { Failure } from "../lib/failure.ts";
import { pdfId } from "../lib/ids.ts";
import { scanItems } from "../lib/json-items.ts";
import { errorFields, log } from "../lib/log.ts";
import type { Ctx } from "./env.ts";
import { findFile, placeOf, refuseGone } from "./lookup.ts";
import { V3_VERSION } from "./wire.ts";

const FIRST_WAIT_MS = 250;
const WAIT_MS_MAX = 3_000;
/** A vanished client is seen at the second write only, so something is written this often. */
const PING_MS = 10_000;
/** A stream that waits longer than this ends; the client may open another. */
const STREAM_MS_MAX = 15 * 60_000;
/** lines.json of one page: 50,000 words with their boxes. */
const PAGE_BYTES_MAX = 32 * 2 ** 20;

interface StreamedPage {
  lines?: { text_display?: string; conversion_output?: boolean }[];
}

export function streamPages(c: Ctx, first: FileView): Response {
  refuseGone(first);
  const response = streamSSE(
    c,
    async (stream) => {
      const view = await waitForEnd(
        c,
        first,
        () => stream.aborted,
        () => stream.writeln(": waiting").then(() => undefined),
      );
      if (view === null) return;
      if (view.state !== "completed") throw failureOf(view);
      const { job, seq } = placeOf(c, view.fileId);
      const lines = await c.env.BUCKET.get(artifacts.output(job, seq, "lines.json"));
      if (lines === null) throw new Failure("not_found", "The pages have expired");
      for await (const { index, text } of scanItems(lines.body, { key: "pages", maxItemBytes: PAGE_BYTES_MAX })) {
        if (stream.aborted) return;
        const event = {
          text: mmdOf(JSON.parse(text) as StreamedPage),
          page_idx: index + 1,
          pdf_selected_len: view.numPages,
          pdf_id: pdfId(view.fileId),
          version: V3_VERSION,
        };
        await stream.writeSSE({ data: JSON.stringify(event) });
      }
    },
    async (error, stream) => {
      const known = error instanceof Failure;
      if (!known) log("error", "stream broke", { request: c.get("requestId"), ...errorFields(error) });
      const message = known ? error.message : "The stream broke on our side; open it again.";
      const body = { error: message, error_info: { id: known ? error.code : "internal_error", message } };
      await stream.writeSSE({ event: "error", data: JSON.stringify(body) });
    },
  );
  response.headers.set("content-type", "text/event-stream; charset=utf-8");
  return response;
}

/** Asks at growing distances; null when the client went away or the time is up. */
async function waitForEnd(
  c: Ctx,
  first: FileView,
  aborted: () => boolean,
  ping: () => Promise<void>,
): Promise<FileView | null> {
  const started = Date.now();
  let pinged = started;
  let wait = FIRST_WAIT_MS;
  for (let view = first; ; view = await findFile(c, first.fileId)) {
    if (isEnd(view.state)) return view;
    if (aborted() || Date.now() - started > STREAM_MS_MAX) return null;
    if (Date.now() - pinged >= PING_MS) {
      pinged = Date.now();
      await ping();
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(WAIT_MS_MAX, wait * 1.5);
  }
}

/** What the page gives to the mmd (CONTRACT section 5). */
function mmdOf(page: StreamedPage): string {
  return (page.lines ?? [])
    .filter((line) => line.conversion_output === true)
    .map((line) => line.text_display ?? "")
    .join("");
}

function failureOf(view: FileView): Failure {
  const { code, message } = view.error ?? { code: "cancelled" as const, message: "The file was cancelled." };
  return new Failure(code, message);
}
