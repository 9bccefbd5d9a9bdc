/** Ids on the wire → where to look: the job object's name and the file's number in it. */
import { type JobKey, jobKey, readFileId } from "../lib/ids.ts";

/** A file_id or the pdf_id of v3; null when it is not one of ours, without waking anything. */
export function locate(secret: string, fileIdText: string): { job: JobKey; seq: number } | null {
  return readFileId(secret, fileIdText);
}

/** A group's job by the customer's id. */
export function locateJob(secret: string, group: string, jobId: string): JobKey {
  return jobKey(secret, group, jobId);
}
