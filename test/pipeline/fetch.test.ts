/**
 * Step fetch from the queue to the job object it answers to, through the front's own consumer. What comes over the
 * network is tested in test/stores/fetch.test.ts.
 */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { JobObject } from "../../src/jobs/job-object.ts";
import { submitJob } from "../../src/jobs/request/submit.ts";
import type { FileView } from "../../src/jobs/views.ts";
import { jobKey } from "../../src/lib/ids.ts";

const { JOB, ID_SECRET } = env as unknown as {
  DB: D1Database;
  JOB: DurableObjectNamespace<JobObject>;
  ID_SECRET: string;
};
const GROUP = "fetching";

async function submitted(
  jobId: string,
  sourceUri: string,
): Promise<{ view: () => Promise<FileView>; cancel: () => Promise<unknown> }> {
  const at = { group: GROUP, appId: null, idSecret: ID_SECRET, jobs: JOB, now: Date.now() };
  const none = { upload: null, customId: null, filename: null, destinationUri: null, destinationBasename: null };
  const file = { ...none, sourceUri, s3Region: null, options: null, refusal: null };
  await submitJob(at, { jobId, idempotencyKey: null, bodyHash: jobId, shared: {}, warnings: [], files: [file] });
  const job = JOB.getByName(jobKey(ID_SECRET, GROUP, jobId));
  const view = async () => ((await job.file(GROUP, 0)) as { value: FileView }).value;
  return { view, cancel: async () => await job.cancel(GROUP) };
}

describe("a source that can't be had", () => {
  test.each([
    ["private", "https://10.0.0.1/a.pdf?sig=SECRET", "source_address_refused"],
    ["metadata", "http://169.254.169.254/latest/meta-data/", "source_address_refused"],
    ["bucket", "s3://bucket/a.pdf", "data_source_not_found"],
  ])("%s: ends the file at once, with a code and a sentence", async (jobId, sourceUri, code) => {
    const { view } = await submitted(jobId, sourceUri);
    await expect.poll(async () => (await view()).state, { timeout: 10_000 }).toBe("error");
    const { error, sourceUri: shown } = await view();
    expect(error).toMatchObject({ code, message: expect.stringMatching(/\.$/) });
    expect(`${error!.message} ${shown}`).not.toContain("SECRET");
  });

  test("nobody answers: another try, later", async () => {
    const { view, cancel } = await submitted("nobody", "http://127.0.0.1:9/a.pdf");
    await expect.poll(async () => (await view()).rev, { timeout: 10_000 }).toBeGreaterThan(2);
    await expect.poll(async () => (await view()).state, { timeout: 10_000 }).toBe("pending");
    expect(await view()).toMatchObject({ step: "fetch", error: null, loaded: false });
    await cancel();
    expect(await view()).toMatchObject({ state: "cancelled" });
  });
});
