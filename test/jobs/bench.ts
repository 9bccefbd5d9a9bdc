/**
 * What tests of the job object share: submissions to make, and a converter that is only a hand: it claims, reserves and
 * marks as the real one does, and converts nothing. Uploads go straight to the converting queue, which has no consumer
 * in this project, so a test alone decides what becomes of a hint.
 */
import { runInDurableObject } from "cloudflare:test";
import { env as untyped } from "cloudflare:workers";
import { vi } from "vitest";
import type { GroupObject } from "../../src/accounts/group-object.ts";
import type { QualitySummary } from "../../src/engine/index.ts";
import { emptyQuality, summarise } from "../../src/engine/quality.ts";
import type { JobBindings, JobObject } from "../../src/jobs/job-object.ts";
import { emptyRequest } from "../../src/jobs/request/items.ts";
import type { Entrance } from "../../src/jobs/request/submit.ts";
import type { StepName } from "../../src/jobs/steps.ts";
import type { FileRequest, FileView, JobView, Submission, Work } from "../../src/jobs/views.ts";
import { type Outcome, settle } from "../../src/lib/failure.ts";
import { jobKey } from "../../src/lib/ids.ts";

export const env = untyped as unknown as JobBindings & { JOB: DurableObjectNamespace<JobObject> };
export type Stub = DurableObjectStub<JobObject>;

let made = 0;

/** A name nobody used before. */
export const fresh = (name: string): string => `${name}-${++made}-${crypto.randomUUID().slice(0, 8)}`;

export function groupStub(group: string): DurableObjectStub<GroupObject> {
  return env.GROUP.getByName(group);
}

export function entrance(group: string, now = Date.now()): Entrance {
  return { group, appId: "app", idSecret: env.ID_SECRET, jobs: env.JOB, now };
}

export function stubOf(group: string, jobId: string): Stub {
  return env.JOB.getByName(jobKey(env.ID_SECRET, group, jobId));
}

const EMPTY = emptyRequest();

/** A file whose source lies in R2 already: its first step is convert. */
export function uploaded(fields: Partial<FileRequest> = {}): FileRequest {
  const upload = { key: `30d/upload/${crypto.randomUUID()}`, bytes: 1000, sha256: "00" };
  return { ...EMPTY, upload, filename: "paper.pdf", ...fields };
}

/** A file to fetch, from an address that never answers. */
export function remote(fields: Partial<FileRequest> = {}): FileRequest {
  return { ...EMPTY, sourceUri: "https://documents.invalid/a.pdf?signature=secret", ...fields };
}

export function submission(
  group: string,
  jobId: string,
  files: FileRequest[],
  more: Partial<Submission> = {},
): Submission {
  return {
    job: { key: jobKey(env.ID_SECRET, group, jobId), group, jobId, kind: "job" },
    id: null,
    bodyHash: "body",
    idempotency: null,
    appId: "app",
    shared: { conversion_formats: { md: true } },
    warnings: [],
    api: "files",
    files,
    ...more,
  };
}

/** A job of its own with these files. */
export async function startJob(files: FileRequest[], more: Partial<Submission> = {}) {
  const group = fresh("group");
  const jobId = fresh("job");
  const stub = stubOf(group, jobId);
  settle((await stub.submit(submission(group, jobId, files, more))) as Outcome<unknown>);
  return { group, jobId, stub };
}

export async function viewOf(stub: Stub, group: string, seq: number): Promise<FileView> {
  return settle((await stub.file(group, seq)) as Outcome<FileView>);
}

/** The job's view, after checking that its counters sum. */
export async function jobOf(stub: Stub, group: string): Promise<JobView> {
  const view = settle((await stub.job(group)) as Outcome<JobView>);
  const { pending, running, completed, errored, cancelled } = view.counts;
  if (pending + running + completed + errored + cancelled !== view.fileCount) {
    throw new Error(`counters don't sum: ${JSON.stringify(view)}`);
  }
  return view;
}

/** A file's row as it is stored. */
export function rowOf(stub: Stub, seq: number): Promise<Record<string, SqlStorageValue>> {
  return runInDurableObject(stub, (_, state) =>
    state.storage.sql.exec<Record<string, SqlStorageValue>>("SELECT * FROM files WHERE seq = ?", seq).one(),
  );
}

/** Waits until a file's step is released. @returns its attempt */
export async function released(stub: Stub, seq: number): Promise<number> {
  return vi.waitFor(
    async () => {
      const row = await rowOf(stub, seq);
      if (row.state !== 1) throw new Error(`file ${seq} is not released: ${JSON.stringify(row)}`);
      return Number(row.attempt);
    },
    { timeout: 10_000, interval: 10 },
  );
}

/** Claims a file's released step as its consumer would. */
export async function claim(stub: Stub, seq: number, step: StepName = "convert"): Promise<Work> {
  const attempt = await released(stub, seq);
  const work = (await stub.claim(seq, 0, attempt, step)) as Work | null;
  if (work === null) throw new Error(`nothing to claim for file ${seq}`);
  return work;
}

/** As an English text of which that share stands in the file. */
export function qualityOf(trust: number, more: Partial<QualitySummary> = {}): QualitySummary {
  return { ...summarise(emptyQuality()), trust, languages: ["en"], characters: 1000, native: trust, ...more };
}

/** Converts a file of one part: claim, reserve, done. */
export async function convert(stub: Stub, seq: number, pages = 1): Promise<boolean> {
  const { attempt } = await claim(stub, seq);
  settle((await stub.reserve(seq, attempt, pages)) as Outcome<null>);
  return stub.done(seq, attempt, { pages, formats: { mmd: "completed", md: "completed" }, quality: qualityOf(0.5) });
}

/** Runs the alarm now, as if its time had come. */
export async function ring(stub: Stub): Promise<void> {
  await runInDurableObject(stub, (object: JobObject) => object.alarm());
}
