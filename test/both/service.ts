/**
 * Both real Workers together, in workerd, with their own D1, R2, queues and Durable Objects: a client for tests that
 * speaks HTTP to them and nothing else.
 */
import { createTestHarness } from "wrangler";

export const ID_SECRET = "id-secret-of-the-tests";
export const ADMIN_SECRET = "admin-secret-of-the-tests";

export interface Service {
  url: string;
  /** A key of the named group, made on first use. */
  key(group: string): Promise<string>;
  /** JSON in, status and JSON out. */
  call(
    method: string,
    path: string,
    options?: { group?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  upload(
    group: string,
    pdf: Uint8Array<ArrayBuffer>,
    options?: Record<string, unknown>,
    fields?: Record<string, string>,
  ): Promise<Answer>;
  /** Polls until the file has ended; its last status. */
  ended(group: string, fileId: string, timeoutMs?: number): Promise<Record<string, unknown>>;
  download(group: string, fileId: string, extension: string): Promise<Response>;
  close(): Promise<void>;
  harness: ReturnType<typeof createTestHarness>;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire is what the test looks at
  body: any;
  headers: Headers;
}

export async function startService(
  options: { partPages?: number; vars?: Record<string, string> } = {},
): Promise<Service> {
  process.env.X_LOCAL_OBSERVABILITY = "false";
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  const harness = createTestHarness({
    workers: [
      {
        configPath: "./wrangler.toml",
        vars: {
          ALLOW_LOCAL_SOURCES: "true",
          PUBLIC_URL: "http://sheaf.test",
          FETCH_PATIENCE_MS: "2000",
          ...options.vars,
        },
        secrets: { ID_SECRET, ADMIN_SECRET },
      },
      { configPath: "./src/converter/wrangler.toml", vars: { PART_PAGES: String(options.partPages ?? 100) } },
    ],
  });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations("DB" as never);
  return client(harness, url.origin);
}

function client(harness: ReturnType<typeof createTestHarness>, url: string): Service {
  const keys = new Map<string, Promise<string>>();
  const fetch = harness.fetch as unknown as (path: string, init?: RequestInit) => Promise<Response>;
  const makeKey = async (group: string): Promise<string> => {
    const answer = await service.call("POST", `/admin/groups/${group}/keys`, {
      body: {},
      headers: { authorization: `Bearer ${ADMIN_SECRET}` },
    });
    if (answer.status >= 300) throw new Error(`no key: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.app_key;
  };
  const service: Service = {
    url,
    harness,
    key(group) {
      if (!keys.has(group)) keys.set(group, makeKey(group));
      return keys.get(group)!;
    },
    async call(method, path, { group, body, headers } = {}) {
      const auth: Record<string, string> = group === undefined ? {} : { app_key: await service.key(group) };
      const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const response = await fetch(path, {
        method,
        headers: { ...auth, ...json, ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: parse(text), headers: response.headers };
    },
    async upload(group, pdf, options, fields = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      if (options !== undefined) form.set("options_json", JSON.stringify(options));
      form.set("file", new Blob([pdf], { type: "application/pdf" }), "paper.pdf");
      const packed = new Response(form);
      const response = await fetch("/files/v1", {
        method: "POST",
        headers: { app_key: await service.key(group), "content-type": packed.headers.get("content-type")! },
        body: await packed.arrayBuffer(),
      });
      return { status: response.status, body: parse(await response.text()), headers: response.headers };
    },
    async ended(group, fileId, timeoutMs = 60_000) {
      const until = Date.now() + timeoutMs;
      for (;;) {
        const { body } = await service.call("GET", `/files/v1/${fileId}`, { group });
        if (body.status === "completed" || body.status === "error") return body;
        if (Date.now() > until) throw new Error(`file ${fileId} is still ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async download(group, fileId, extension) {
      return fetch(`/files/v1/${fileId}.${extension}`, { headers: { app_key: await service.key(group) } });
    },
    close: () => harness.close(),
  };
  return service;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
