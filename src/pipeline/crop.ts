/** A crop, cut on read from the kept source: nothing is stored until a destination or a zip asks for it. */
import { open, rasterise } from "../engine/index.ts";
import type { JobObject } from "../jobs/job-object.ts";
import type { CropRequest } from "../jobs/views.ts";
import type { Converting } from "./convert.ts";
import { openSource } from "./source.ts";

const POINTS_PER_INCH = 72;
/** Hundredths of a point in a point: the engine's unit. */
const UNITS = 100;

/** @returns null when there is no such page or region, or the source is gone */
export async function cutCrop(
  request: CropRequest,
  on: Converting & { jobs: DurableObjectNamespace<JobObject> },
): Promise<Uint8Array | null> {
  const source = await on.jobs.getByName(request.job).source(request.seq);
  if (source === null) return null;
  return on.lock.hold(null, async () => {
    const reader = await open(await openSource(on.bucket, source), on.host);
    try {
      if (request.page < 1 || request.page > reader.pageCount) return null;
      const size = (await reader.info([request.page])).pages[0]!;
      const units = UNITS / size.scale;
      const x1 = request.width > 0 ? (request.left + request.width) * units : size.width;
      const y1 = request.height > 0 ? (request.top + request.height) * units : size.height;
      const box = [request.left * units, request.top * units, Math.min(x1, size.width), Math.min(y1, size.height)].map(
        Math.round,
      );
      const [left, top, right, bottom] = box as [number, number, number, number];
      if (right <= left || bottom <= top) return null;
      const crop = { page: request.page, box: [left, top, right, bottom] as const };
      return await rasterise(reader, crop, { dpi: size.scale * POINTS_PER_INCH, format: "jpg" });
    } finally {
      reader.close();
    }
  });
}
