/** Waiting for files or a job of a service with a bar, and taking what they made. */
import { download, type FileStatus, hasEnded, waitForFile } from "../client/files.ts";
import type { Client } from "../client/http.ts";
import { eachOf } from "../command.ts";
import { progressBar } from "../terminal.ts";

/** Files looked at side by side; the rest wait, since they wait for the same service anyway. */
const LOOKS = 8;
const JOB_LOOK_MS = 1_000;

export async function waitForFiles(client: Client, ids: readonly string[]): Promise<FileStatus[]> {
  const bar = progressBar(false);
  const share = new Map<string, number>();
  let ended = 0;
  const statuses = await eachOf(ids, LOOKS, async (id) => {
    const status = await waitForFile(client, id, (now) => {
      share.set(id, hasEnded(now) ? 1 : (now.percent_done ?? 0) / 100);
      const done = [...share.values()].reduce((sum, part) => sum + part, 0);
      const pages = ids.length === 1 ? `, ${now.status}, ${now.num_pages ?? 0} pages` : "";
      bar.update(done, ids.length, `${ended}/${ids.length} ended${pages}`);
    });
    ended += 1;
    bar.update(ended, ids.length, `${ended}/${ids.length} ended`);
    return status;
  });
  bar.end();
  return statuses;
}

export async function waitForJob(client: Client, job: string): Promise<Record<string, unknown>> {
  const bar = progressBar(false);
  for (;;) {
    const status = await client.call(`/files/v1/jobs/${encodeURIComponent(job)}`);
    const total = Number(status.file_count ?? 0);
    const failed = Number(status.files_errored ?? 0);
    const done = Number(status.files_completed ?? 0) + failed;
    bar.update(done, total, `${done}/${total} files ended, ${failed} in error`);
    if (status.status === "completed") {
      bar.end();
      return status;
    }
    await new Promise((next) => setTimeout(next, JOB_LOOK_MS));
  }
}

/** @returns the files written */
export async function fetchOutputs(
  client: Client,
  id: string,
  formats: readonly string[],
  base: string,
): Promise<string[]> {
  const files: string[] = [];
  for (const format of new Set(formats)) {
    const file = `${base}.${format}`;
    await download(client, id, format, file);
    files.push(file);
  }
  return files;
}
