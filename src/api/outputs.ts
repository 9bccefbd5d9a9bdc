/** `{file_id}.{ext}` → the output in R2, or why it isn't there: not requested, not ready, failed, gone. */
import { artifacts } from "../jobs/artifacts.ts";
import { ALWAYS_MADE, FORMATS, formatOfExtension } from "../jobs/request/formats.ts";
import { wireStatus } from "../jobs/status.ts";
import type { FileView } from "../jobs/views.ts";
import { Failure } from "../lib/failure.ts";
import { nearestName } from "../lib/nearest.ts";
import { renamed, serveObject } from "./download.ts";
import type { Ctx } from "./env.ts";
import { placeOf, refuseGone } from "./lookup.ts";
import { failedFormat, filenameOf } from "./wire.ts";

const EXT_SHOWN_LENGTH = 40;

export function serveOutput(c: Ctx, view: FileView, ext: string): Promise<Response> {
  refuseGone(view);
  const format = checkFormat(view, ext);
  const { job, seq } = placeOf(c, view.fileId);
  const { contentType } = FORMATS[format]!;
  return serveObject(c, {
    key: artifacts.output(job, seq, ext),
    contentType,
    filename: renamed(filenameOf(view), ext),
  });
}

/** @throws Failure unsupported_format, format_not_ready, conversion_error */
function checkFormat(view: FileView, ext: string): string {
  const states = view.formats;
  const format = formatOfExtension(ext);
  if (format === null || (!ALWAYS_MADE.includes(format) && !(format in states))) {
    // Never 404: the official CLI would wait for ever.
    throw new Failure("unsupported_format", neverRequested(ext, format));
  }
  if (view.state === "error" || view.state === "cancelled") {
    const cause = view.error === null ? "it was cancelled" : `${view.error.code}: ${view.error.message}`;
    throw new Failure("conversion_error", `The file has no outputs, since it ended as error (${cause}).`);
  }
  const state = ALWAYS_MADE.includes(format) ? "completed" : states[format];
  if (view.state !== "completed" || state === "pending" || state === "processing") {
    throw new Failure("format_not_ready", "The file is still being converted; ask again in a moment.", {
      status: wireStatus(view),
    });
  }
  if (state === "error") throw new Failure("conversion_error", failedFormat(format));
  return format;
}

function neverRequested(ext: string, format: string | null): string {
  if (format !== null) {
    return `The format ${format} was not requested in conversion_formats; submit the file again with {"${format}": true}.`;
  }
  const near = nearestName(
    ext,
    Object.values(FORMATS).map((f) => f.ext),
  );
  return `There is no format .${ext.slice(0, EXT_SHOWN_LENGTH)}${near === null ? "" : `; did you mean .${near}?`}`;
}
