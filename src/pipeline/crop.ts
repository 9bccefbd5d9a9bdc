/** A crop, cut on read from the kept source: nothing is stored until a destination or a zip asks for it. */
import { cutCrop, open } from "../engine/index.ts";
import type { JobObject } from "../jobs/job-object.ts";
import type { CropRequest } from "../jobs/views.ts";
import type { Converting } from "./convert.ts";
import { openSource } from "./source.ts";

/** @returns null when there is no such page or region, or the source is gone */
export async function cropOf(
  request: CropRequest,
  on: Converting & { jobs: DurableObjectNamespace<JobObject> },
): Promise<Uint8Array | null> {
  const source = await on.jobs.getByName(request.job).source(request.seq);
  if (source === null) return null;
  return on.lock.hold(null, async () => {
    const reader = await open(await openSource(on.bucket, source), on.host);
    try {
      return (await cutCrop(reader, request))?.bytes ?? null;
    } finally {
      reader.close();
    }
  });
}
