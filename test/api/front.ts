/** A client of the front Worker for tests in workerd: real HTTP handler, real D1, R2, queues and Durable Objects. */
import { env, exports } from "cloudflare:workers";
import type { Bindings } from "../../src/api/env.ts";
import type { QualitySummary } from "../../src/engine/index.ts";
import { artifacts } from "../../src/jobs/artifacts.ts";
import type { FormatState, Work } from "../../src/jobs/views.ts";
import { readFileId } from "../../src/lib/ids.ts";

export const bindings = env as unknown as Bindings;
export const ADMIN = { authorization: "Bearer admin-secret-of-the-tests" };

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire is what the test looks at
  body: any;
  headers: Headers;
}

interface CallOptions {
  key?: string;
  headers?: Record<string, string>;
  /** A string or a stream goes as it is, anything else as JSON. */
  body?: unknown;
}

export async function fetchFront(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { key, headers, body } = options;
  const raw = typeof body === "string" || body instanceof ReadableStream || body instanceof Uint8Array;
  return exports.default.fetch(
    new Request(`https://sheaf.test${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { app_key: key }),
        ...(body === undefined || raw ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    }),
  );
}

export async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await fetchFront(method, path, options);
  if (path !== "/openapi.json") await mustBeDocumented(method, path, response.status);
  const text = await response.text();
  return { status: response.status, body: parse(text), headers: response.headers };
}

type Documentation = { pattern: RegExp; methods: Record<string, { responses: object }> }[];
let documentation: Promise<Documentation> | undefined;

/** Every status that a test meets stands in the documentation of its operation. */
export async function mustBeDocumented(method: string, path: string, status: number): Promise<void> {
  documentation ??= readDocumentation();
  const found = (await documentation).find(({ pattern }) => pattern.test(path.split("?")[0]!))?.methods[
    method.toLowerCase()
  ];
  if (found !== undefined && !(String(status) in found.responses)) {
    throw new Error(`${method} ${path} answered ${status}, which its documentation does not list`);
  }
}

async function readDocumentation(): Promise<Documentation> {
  const { body } = await call("GET", "/openapi.json");
  const names = (path: string): number => path.split("{").length;
  return Object.entries(body.paths as Record<string, Documentation[number]["methods"]>)
    .sort(([a], [b]) => names(a) - names(b) || b.length - a.length)
    .map(([path, methods]) => ({
      pattern: new RegExp(
        `^${path
          .replace(/\./g, "\\.")
          .replace(/\{file_id\}|\{pdf_id\}/g, "[^/.]+")
          .replace(/\{\w+\}/g, "[^/]+")}$`,
      ),
      methods,
    }));
}

/** A key of the group, made through the admin API. */
export async function keyOf(group: string): Promise<string> {
  const { status, body } = await call("POST", `/admin/groups/${group}/keys`, { headers: ADMIN, body: {} });
  if (status !== 200) throw new Error(`no key: ${status} ${JSON.stringify(body)}`);
  return body.app_key;
}

/** A group whose files are never released: what happens to a source is tested elsewhere. */
export async function holdFiles(group: string): Promise<void> {
  const { status } = await call("PUT", `/admin/groups/${group}/limits`, {
    headers: ADMIN,
    body: { files_in_flight: 0 },
  });
  if (status !== 200) throw new Error(`limits: ${status}`);
}

export interface Part {
  name: string;
  filename?: string;
  content: string;
}

/** A form whose parts stand in the given order, sent in chunks without Content-Length. */
export function form(parts: Part[], boundary = "----sheaf-test"): CallOptions {
  const text = parts
    .map(({ name, filename, content }) => {
      const file = filename === undefined ? "" : `; filename="${filename}"`;
      return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${content}\r\n`;
    })
    .join("");
  const bytes = new TextEncoder().encode(`${text}--${boundary}--\r\n`);
  return { body: streamOf(bytes, 100), headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

export function streamOf(bytes: Uint8Array, chunk: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + chunk));
      at += chunk;
    },
  });
}

/** Any bytes: what is in a file is the converter's matter, which is a stub here. */
export const PDF = "%PDF-1.7 not read in these tests";

export async function upload(key: string, options: unknown = {}, fields: Record<string, string> = {}): Promise<string> {
  const { status, body } = await call("POST", "/files/v1", {
    key,
    ...form([
      ...Object.entries(fields).map(([name, content]) => ({ name, content })),
      { name: "options_json", content: JSON.stringify(options) },
      { name: "file", filename: "paper.pdf", content: PDF },
    ]),
  });
  if (status !== 200) throw new Error(`upload: ${status} ${JSON.stringify(body)}`);
  return body.file_id;
}

const stubOf = (fileId: string) => {
  const place = readFileId(bindings.ID_SECRET, fileId)!;
  return { ...place, object: bindings.JOB.getByName(place.job) };
};

const ATTEMPTS_TRIED = 16;

/** Claims a file's convert step once it is released, as the converter would. */
export async function claim(fileId: string): Promise<{ attempt: number }> {
  const { object, seq } = stubOf(fileId);
  for (let attempt = 1, tries = 0; tries < 3_000; tries++) {
    const work = (await object.claim(seq, 0, attempt, "convert")) as Work | null;
    if (work !== null) return { attempt: work.attempt };
    // Which attempt it is stands in the queue's hint; a retry begins above the ones of before.
    attempt = (attempt % ATTEMPTS_TRIED) + 1;
    if (attempt === 1) await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`file ${fileId} was never released`);
}

/** Ends a file as the converter would: outputs in R2, then `done`. */
export async function complete(
  fileId: string,
  outputs: Record<string, string>,
  formats: Record<string, FormatState> = {},
  pages = 2,
  quality?: QualitySummary,
): Promise<void> {
  const { object, job, seq } = stubOf(fileId);
  const { attempt } = await claim(fileId);
  for (const [ext, text] of Object.entries(outputs)) await bindings.BUCKET.put(artifacts.output(job, seq, ext), text);
  const made: Record<string, FormatState> = {
    mmd: "completed",
    "lines.json": "completed",
    "lines.mmd.json": "completed",
  };
  const told = quality === undefined ? {} : { quality };
  const ended = await object.done(seq, attempt, { pages, formats: { ...made, ...formats }, warnings: [], ...told });
  if (!ended) throw new Error(`file ${fileId} was not completed`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
