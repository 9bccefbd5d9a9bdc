/** Ids of a request → the job object that knows, and its views. An id of another group is refused by that object. */
import { IDENTIFIER } from "../jobs/request/items.ts";
import type { FileView, JobView } from "../jobs/views.ts";
import { Failure, settle } from "../lib/failure.ts";
import { type JobKey, jobKey, readFileId } from "../lib/ids.ts";
import type { Ctx } from "./env.ts";
import { Gone } from "./errors.ts";

export interface FilePlace {
  job: JobKey;
  seq: number;
}

/** @throws Failure not_found for what is no id of this deployment, without waking anything */
export function placeOf(c: Ctx, id: string): FilePlace {
  const place = readFileId(c.env.ID_SECRET, id);
  if (place === null)
    throw new Failure("not_found", "There is no file of this id; check it against the submission's answer");
  c.set("about", { job: place.job, file: id });
  return place;
}

export function jobOf(c: Ctx, place: FilePlace | JobKey) {
  return c.env.JOB.getByName(typeof place === "string" ? place : place.job);
}

/** @throws Failure bad_request when the path's job_id is no identifier */
export function jobByName(c: Ctx, jobId: string) {
  if (!IDENTIFIER.test(jobId)) {
    throw new Failure("bad_request", "job_id must be 1 to 256 characters out of A-Z a-z 0-9 _ - . :");
  }
  const key = jobKey(c.env.ID_SECRET, c.get("caller").group, jobId);
  c.set("about", { job: key });
  return jobOf(c, key);
}

/** The file's view, gone or not. @throws Failure not_found, forbidden */
export async function findFile(c: Ctx, id: string): Promise<FileView> {
  const place = placeOf(c, id);
  return settle(await jobOf(c, place).file(c.get("caller").group, place.seq));
}

/** @throws Gone (410) when its data went; the official CLI polls for ever on 404 */
export function refuseGone<V extends Pick<JobView, "gone">>(view: V): V {
  if (view.gone === null) return view;
  const what = "fileId" in view ? "file" : "job";
  const when = new Date(view.gone.at).toISOString();
  throw new Gone(
    `The ${what} ${view.gone.why === "deleted" ? "was deleted" : "expired"} at ${when}; submit it again to convert it anew.`,
  );
}
