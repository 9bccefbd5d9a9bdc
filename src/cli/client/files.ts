/**
 * Files of a service, as the commands see them: sent so that the same file, options and name sent again make nothing new,
 * waited for, downloaded.
 */
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { basename } from "node:path";
import { writeWhole } from "../outputs.ts";
import { type Client, ServerError } from "./http.ts";

/** Between two looks at a file: quick at first, since a small file takes well under a second. */
const FIRST_LOOK_MS = 150;
const LONGEST_LOOK_MS = 2_000;
/** A custom_id may have 256 characters (CONTRACT section 7); its readable part is cut to leave room for the digest. */
const READABLE = 120;

/** What the commands read of CONTRACT 2.8; the rest is passed on as it came. */
export interface FileStatus extends Record<string, unknown> {
  file_id: string;
  status: string;
  filename?: string | null;
  num_pages?: number;
  percent_done?: number;
  formats?: Record<string, string>;
  warnings?: string[];
  quality?: { trust: number; languages: string[] } | null;
  error?: string | null;
  error_info?: { id?: string; message?: string } | null;
}

export interface Sending {
  options: Record<string, unknown>;
  /** Send it into this job, with a custom_id that follows from name, content and options. */
  job: string | null;
  /** A file of its own each time. */
  anew?: boolean;
}

/** @returns its file_id, that of the first time when it was sent before */
export async function sendFile(client: Client, path: string, sending: Sending): Promise<string> {
  const identity = identityOf(basename(path), await hashFile(path), sending);
  const form = async (): Promise<FormData> => {
    const form = new FormData();
    form.set("options_json", JSON.stringify(sending.options));
    for (const [name, value] of Object.entries(identity.fields)) form.set(name, value);
    // Read from the disk as it is sent, whatever its size.
    form.set("file", await openAsBlob(path, { type: "application/pdf" }), basename(path));
    return form;
  };
  const answer = await client.call("/files/v1", { method: "POST", body: form, headers: identity.headers });
  return String(answer.file_id);
}

export async function sendUrl(client: Client, url: string, sending: Sending): Promise<string> {
  const identity = identityOf(nameOfUrl(url), createHash("sha256").update(url).digest("hex"), sending);
  const json = { ...sending.options, ...identity.fields, source_uri: url };
  const answer = await client.call("/files/v1/uri", { method: "POST", json, headers: identity.headers });
  return String(answer.file_id);
}

interface Identity {
  fields: Record<string, string>;
  headers: Record<string, string>;
}

/** In a job the pair (job_id, custom_id) makes a file one; without, the Idempotency-Key. */
export function identityOf(name: string, contentHash: string, { options, job, anew }: Sending): Identity {
  if (anew) return { fields: {}, headers: {} };
  const digest = createHash("sha256")
    .update(canonicalJson([name, contentHash, options]))
    .digest("hex");
  if (job === null) return { fields: {}, headers: { "idempotency-key": `sheaf-${digest}` } };
  const readable = name.replace(/[^A-Za-z0-9_.-]+/g, "_").slice(0, READABLE);
  return { fields: { job_id: job, custom_id: `${readable}-${digest.slice(0, 16)}` }, headers: {} };
}

/** The same text for the same value, whatever order its names were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The last part of a URL's path: never its query, which may be a secret. */
export function nameOfUrl(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return (
    path
      .split("/")
      .filter((part) => part !== "")
      .pop() ?? "document"
  );
}

export async function statusOf(client: Client, fileId: string): Promise<FileStatus> {
  return (await client.call(`/files/v1/${encodeURIComponent(fileId)}`)) as FileStatus;
}

export function hasEnded(status: FileStatus): boolean {
  return status.status === "completed" || status.status === "error";
}

/** Polls until the file has ended and its requested formats have too. */
export async function waitForFile(
  client: Client,
  fileId: string,
  seen: (status: FileStatus) => void,
): Promise<FileStatus> {
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, LONGEST_LOOK_MS)) {
    const status = await statusOf(client, fileId);
    seen(status);
    const open = Object.values(status.formats ?? {}).some((state) => state === "pending" || state === "processing");
    if (hasEnded(status) && (status.status === "error" || !open)) return status;
    await new Promise((done) => setTimeout(done, wait));
  }
}

/** @param format as in the path of a download: mmd, md, lines.json ... */
export async function download(client: Client, fileId: string, format: string, file: string): Promise<void> {
  const path = `/files/v1/${encodeURIComponent(fileId)}.${format}`;
  await client.receive(path, {}, async (response) => {
    if (response.body === null)
      throw new ServerError(response.status, "unexpected_answer", `${path} came without a body`);
    await writeWhole(file, response.body);
  });
}
