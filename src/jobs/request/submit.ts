/**
 * The one way in. A request for one file or many → the job object it belongs to, and the job's row in D1 before the
 * answer. Parsing and validating are the API's; claims and rows are the job object's.
 */
import { settle } from "../../lib/failure.ts";
import { sha256Hex } from "../../lib/hash.ts";
import { type JobKey, jobKey } from "../../lib/ids.ts";
import type { JobObject } from "../job-object.ts";
import { KEY_MS, type KeyClaim } from "../keys.ts";
import type { FileRequest, JobRef, Submission, SubmitAnswer } from "../views.ts";

/** Who submits, and what it takes. */
export interface Entrance {
  group: string;
  appId: string | null;
  idSecret: string;
  jobs: DurableObjectNamespace<JobObject>;
  now: number;
}

interface Request {
  jobId: string | null;
  idempotencyKey: string | null;
  /** Of everything the request says: another body under the same key is a conflict. */
  bodyHash: string;
  shared: Record<string, unknown>;
  warnings: string[];
}

export interface FileSubmission extends Request {
  file: FileRequest;
  api: "files" | "v3";
}

export type JobSubmission = Request & {
  api?: "files" | "v3";
} & ({ files: FileRequest[] } | { spooled: { manifest: string; id: string; count: number } });

/** A group's single files of a day are shared out to so many objects: some 500 files/s each. */
const DAY_SHARDS = 4;
/** Keys are claimed where they say, and single files that come with one lie there: in objects of a month. */
const KEY_SHARDS = 16;
/** Not in the alphabet of job ids, so that no customer's job is one of ours. */
const OURS = "~";
const RANDOM_ID_BYTES = 12;

/** @throws Failure conflict */
export async function submitFile(at: Entrance, request: FileSubmission): Promise<{ fileId: string; repeat: boolean }> {
  const { file, jobId } = request;
  // A pair wins over the header (CONTRACT section 7).
  const pair = jobId !== null && file.customId !== null;
  const key = pair ? null : keyOf(at, request);
  const earlier = key === null ? null : await findEarlier(at, key);
  if (earlier !== null && jobId === null) return { fileId: earlier, repeat: true };
  if (key !== null && jobId !== null) await claimKey(at, key);
  const job = jobId === null ? singles(at, key) : jobOf(at, jobId);
  const answer = await submit(at, {
    ...common(at, request, job),
    id: null,
    idempotency: key,
    api: request.api,
    files: [file],
  });
  const { fileId, repeat } = answer.files[0]!;
  return { fileId, repeat };
}

/** @throws Failure conflict (a finalized job, another body under the same key) */
export async function submitJob(at: Entrance, request: JobSubmission): Promise<{ jobId: string; fileCount: number }> {
  // With a job_id the header says nothing (CONTRACT section 7): the job's name and its pairs do.
  const name = request.jobId === null ? request.idempotencyKey : null;
  const key = name === null ? null : keyOf(at, request);
  if (key !== null) {
    await findEarlier(at, key);
    await claimKey(at, key);
  }
  const jobId = request.jobId ?? (name === null ? randomJobId() : derivedJobId(at, name));
  const job = jobOf(at, jobId);
  const api = request.api ?? "files";
  // With a key the whole call is one submission: its repeat is answered with the original's numbers.
  const id = name === null ? null : `k:${sha256Hex(name)}`;
  if ("files" in request) {
    const answer = await submit(at, {
      ...common(at, request, job),
      id,
      idempotency: null,
      api,
      files: request.files,
    });
    return { jobId, fileCount: answer.fileCount };
  }
  const { manifest, count } = request.spooled;
  const spooled = { ...common(at, request, job), id: id ?? request.spooled.id, api, manifest, count };
  const answer = settle(await at.jobs.getByName(job.key).spool(spooled));
  await register(at, job, answer);
  return { jobId, fileCount: answer.fileCount };
}

function common(at: Entrance, request: Request, job: JobRef) {
  const { bodyHash, shared, warnings } = request;
  return { job, bodyHash, appId: at.appId, shared, warnings };
}

async function submit(at: Entrance, submission: Submission): Promise<SubmitAnswer> {
  const answer = settle(await at.jobs.getByName(submission.job.key).submit(submission));
  await register(at, submission.job, answer);
  return answer;
}

/** The job's row in D1: listed and recoverable from the moment of the answer. */
async function register(at: Entrance, job: JobRef, answer: { registered: boolean }): Promise<void> {
  if (!answer.registered) await at.jobs.getByName(job.key).register();
}

function jobOf(at: Entrance, jobId: string): JobRef {
  return { key: jobKey(at.idSecret, at.group, jobId), group: at.group, jobId, kind: "job" };
}

/** The implicit job of a single file: of the day, or, with a key, of the month and where the key says. */
function singles(at: Entrance, key: KeyClaim | null): JobRef {
  if (key !== null) return keyed(at, key, new Date(at.now));
  const day = new Date(at.now).toISOString().slice(0, 10);
  const [random] = crypto.getRandomValues(new Uint8Array(1));
  return implicit(at, `${OURS}singles/${day}/${random! % DAY_SHARDS}`);
}

function keyOf(at: Entrance, { idempotencyKey, bodyHash }: Request): KeyClaim | null {
  if (idempotencyKey === null) return null;
  return { hash: sha256Hex(`${at.group}\0${idempotencyKey}`), bodyHash, since: at.now - KEY_MS };
}

function keyed(at: Entrance, { hash }: KeyClaim, month: Date): JobRef {
  const shard = Number.parseInt(hash.slice(0, 2), 16) % KEY_SHARDS;
  return implicit(at, `${OURS}keys/${month.toISOString().slice(0, 7)}/${shard}`);
}

function implicit(at: Entrance, jobId: string): JobRef {
  return { key: jobKey(at.idSecret, at.group, jobId), group: at.group, jobId, kind: "singles" };
}

/** A key used last month lies in last month's object. @throws Failure conflict */
async function findEarlier(at: Entrance, key: KeyClaim): Promise<string | null> {
  const now = new Date(at.now);
  const monthsEnd = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  if (monthsEnd <= key.since) return null;
  const object = keyed(at, key, new Date(monthsEnd - 1));
  return settle(await at.jobs.getByName(object.key).keyed(key))?.fileId ?? null;
}

/**
 * The first of two steps of what lies where its job_id says: the key is claimed where all of its requests pass, then its
 * file by the same key in its job. Each is one run of one object and takes a repeat, so a crash between them loses nothing.
 * @throws Failure conflict
 */
async function claimKey(at: Entrance, key: KeyClaim): Promise<void> {
  const object = keyed(at, key, new Date(at.now));
  await register(at, object, settle(await at.jobs.getByName(object.key).claimKey(object, key)));
}

function randomJobId(): string {
  return `job_${Buffer.from(crypto.getRandomValues(new Uint8Array(RANDOM_ID_BYTES))).toString("hex")}`;
}

function derivedJobId(at: Entrance, idempotencyKey: string): JobKey {
  return `job_${jobKey(at.idSecret, at.group, `${OURS}key/${idempotencyKey}`)}`;
}
