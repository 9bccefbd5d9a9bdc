/**
 * The process dies, nothing is lost: a job of small PDFs, some broken, while the server is killed with SIGKILL three
 * times and started again on the same state. Every file ends, the counters sum at every poll, and no file is completed
 * or billed twice.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeArticle } from "../pdf.ts";

/** As the issue asks by hand: SHEAF_KILL_FILES=500. */
const FILES = Number(process.env.SHEAF_KILL_FILES ?? 120);
const BROKEN = 10;
const KILLS = 3;

let state: string;
let sources: Server;
let server: ChildProcess;
let port: number;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), "sheaf-kill-"));
  sources = createServer((request, response) => {
    const number = Number(/(\d+)\.pdf/.exec(request.url!)![1]);
    response.end(number < BROKEN ? "%PDF-1.7 broken" : makeArticle(1, `File ${number}`));
  });
  await new Promise<void>((resolve) => sources.listen(0, "127.0.0.1", resolve));
  port = await freePort();
});

afterAll(async () => {
  kill();
  sources.close();
  // The keeper ends what is left of the last server while we delete.
  rmSync(state, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

test(
  `${FILES} files, ${BROKEN} of them broken, ${KILLS} kills`,
  async () => {
    await start();
    const source = `http://127.0.0.1:${(sources.address() as AddressInfo).port}`;
    const files = Array.from({ length: FILES }, (_, i) => ({ source_uri: `${source}/${i}.pdf`, custom_id: `f${i}` }));
    await call("POST", "/files/v1/jobs", { job_id: "kill", files });

    let kills = 0;
    let job = await watch();
    for (; job.status !== "completed"; job = await watch()) {
      const ended = Number(job.files_completed) + Number(job.files_errored);
      if (kills < KILLS && ended >= ((kills + 1) * FILES) / (KILLS + 2)) {
        kills++;
        kill();
        await start();
      }
    }
    expect(kills).toBe(KILLS);
    expect(job).toMatchObject({ file_count: FILES, files_completed: FILES - BROKEN, files_errored: BROKEN });

    const listed = await call("GET", "/files/v1/jobs/kill/files?limit=1000");
    expect(new Set(listed.files.map((f: { file_id: string }) => f.file_id)).size).toBe(FILES);
    expect(await billedPages()).toBe(FILES - BROKEN);
  },
  15 * 60_000,
);

/** One poll: the counters sum, or the test fails. */
async function watch(): Promise<Record<string, unknown>> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  const job = await call("GET", "/files/v1/jobs/kill");
  const sum = ["files_pending", "files_running", "files_completed", "files_errored"].reduce(
    (s, name) => s + job[name],
    0,
  );
  expect(sum).toBe(FILES);
  return job;
}

/** The ledger is written behind the job object, in batches: wait until it stops growing. */
async function billedPages(): Promise<number> {
  let before = -1;
  for (let i = 0; i < 60; i++) {
    const usage = await call("GET", "/v3/ocr-usage");
    const pages = usage.ocr_usage.reduce((sum: number, row: { count: number }) => sum + row.count, 0);
    if (pages === before && pages > 0) return pages;
    before = pages;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  return before;
}

async function start(): Promise<void> {
  const args = [
    "src/cli/setup.mjs",
    "start",
    "--port",
    String(port),
    "--state",
    state,
    "--no-demo",
    "--allow-local-sources",
  ];
  server = spawn("node", args, { detached: true, stdio: "ignore" });
  for (let i = 0; i < 600; i++) {
    const up = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (r) => r.ok && known(),
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server did not start");
}

function known(): boolean {
  try {
    return Boolean(development().app_key);
  } catch {
    return false;
  }
}

function development(): { app_key: string } {
  return JSON.parse(readFileSync(join(state, "dev.json"), "utf8"));
}

function kill(): void {
  if (server?.pid === undefined) return;
  try {
    process.kill(-server.pid, "SIGKILL");
  } catch {
    // It has gone already.
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire is what the test looks at
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { app_key: development().app_key, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(0, "127.0.0.1", resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}
