/** Waiting for files or a job of a service with a bar, and taking what they made. */
import { download, type FileStatus, hasEnded, waitForFile } from "../client/files.ts";
import { type Client, ServerError } from "../client/http.ts";
import { pathOfJob } from "../client/jobs.ts";
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
    const status = await client.call(pathOfJob(job));
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

export interface NotFetched {
  format: string;
  code: string;
  message: string;
}

/** Every format that can be had; a refusal of one doesn't cost the others. */
export async function fetchOutputs(
  client: Client,
  id: string,
  formats: readonly string[],
  base: string,
): Promise<{ files: string[]; failed: NotFetched[] }> {
  const files: string[] = [];
  const failed: NotFetched[] = [];
  for (const format of new Set(formats)) {
    const file = `${base}.${format}`;
    try {
      await download(client, id, format, file);
      files.push(file);
    } catch (error) {
      if (!(error instanceof ServerError) || error.stopsAll) throw error;
      failed.push({ format, code: error.code, message: error.message });
    }
  }
  return { files, failed };
}
