/**
 * npm run bench:service: requests a second on submit and status as ratios to a bare Hono route in the same run, a file's
 * overhead beyond the engine's own time, and what a file costs in rows, objects and messages. The load tool shares the
 * machine with the server, so the ratios say more than the rates.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHost } from "../../src/cli/host.ts";
import { convert, DEFAULTS, open, readPageRanges } from "../../src/engine/index.ts";
import { makeArticle } from "../pdf.ts";

const CONNECTIONS = 16;
const SECONDS = 4;
/** Each kind of request is measured this often, in turns, and the median counts. */
const ROUNDS = 3;

const state = mkdtempSync(join(tmpdir(), "sheaf-bench-"));
const processes: ChildProcess[] = [];

async function main(): Promise<void> {
  const [service, bare] = [await freePort(), await freePort()];
  run(["src/cli/setup.mjs", "start", "--port", String(service), "--state", state, "--no-demo"]);
  const wrangler = [
    "node_modules/wrangler/bin/wrangler.js",
    "dev",
    "-c",
    "test/bench/bare.toml",
    "--ip",
    "127.0.0.1",
    "--port",
    String(bare),
  ];
  run([...wrangler, "--inspector-port", String(await freePort()), "--persist-to", join(state, "bare")]);
  await up(`http://127.0.0.1:${bare}/`);
  await up(`http://127.0.0.1:${service}/healthz`, () => key() !== null);

  const file = await upload(service, makeArticle(1), "bench");
  await ended(service, file);
  const rates: Record<string, number[]> = { bare: [], status: [], submit: [], "submit again": [] };
  const body = (id: string) =>
    JSON.stringify({ source_uri: "https://example.invalid/a.pdf", job_id: "bench", custom_id: id });
  for (let round = 0; round < ROUNDS; round++) {
    let n = 0;
    rates.bare!.push(await load(bare, () => ({ method: "GET", path: "/" })));
    rates.status!.push(await load(service, () => ({ method: "GET", path: `/files/v1/${file}` })));
    rates["submit again"]!.push(
      await load(service, () => ({ method: "POST", path: "/files/v1/uri", body: body("same") })),
    );
    rates.submit!.push(
      await load(service, () => ({ method: "POST", path: "/files/v1/uri", body: body(`${round}-${n++}`) })),
    );
  }
  const base = median(rates.bare!);
  print("\nrequests a second, 16 connections, median of 3 runs of 4 s");
  for (const [name, values] of Object.entries(rates)) {
    print(
      `  ${name.padEnd(14)} ${median(values).toFixed(0).padStart(6)}   ${(median(values) / base).toFixed(2)} of a bare route`,
    );
  }
  await overhead(service);
}

/** The same documents through the service and through the engine alone. */
async function overhead(port: number): Promise<void> {
  const host = await nodeHost();
  print("\na file's time from submit to completed, beside the engine's own on the same bytes (ms, median of 9)");
  for (const pages of [1, 20]) {
    const [through, alone]: [number[], number[]] = [[], []];
    for (let i = 0; i < 9; i++) {
      const pdf = makeArticle(pages, `Overhead ${pages} ${i}`);
      let started = performance.now();
      await ended(port, await upload(port, pdf, null));
      through.push(performance.now() - started);
      started = performance.now();
      const reader = await open(pdf, host);
      const context = { fileId: "x", sourceHash: "x", options: DEFAULTS, cropUrl: () => "" };
      await convert(reader, {
        pages: readPageRanges(null, reader.pageCount),
        formats: ["mmd", "lines.json", "lines.mmd.json"],
        context,
      });
      reader.close();
      alone.push(performance.now() - started);
    }
    const [a, b] = [median(through), median(alone)];
    print(
      `  ${String(pages).padStart(3)} pages   service ${a.toFixed(0)}   engine ${b.toFixed(0)}   overhead ${(a - b).toFixed(0)}`,
    );
  }
}

interface Wanted {
  method: string;
  path: string;
  body?: string;
}

/** Requests a second; any answer of 400 or more ends the run. */
async function load(port: number, next: () => Wanted): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const until = performance.now() + SECONDS * 1000;
  let done = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await send(port, next(), agent);
      done++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return done / SECONDS;
}

function send(port: number, wanted: Wanted, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { app_key: key() ?? "", "content-type": "application/json" };
    const request = httpRequest(
      { host: "127.0.0.1", port, agent, method: wanted.method, path: wanted.path, headers },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece) => {
          text += piece;
        });
        response.on("end", () => {
          if (response.statusCode! >= 400)
            reject(new Error(`${wanted.method} ${wanted.path}: ${response.statusCode} ${text}`));
          else resolve(text);
        });
      },
    );
    request.on("error", reject);
    request.end(wanted.body);
  });
}

async function upload(port: number, pdf: Uint8Array<ArrayBuffer>, job: string | null): Promise<string> {
  const form = new FormData();
  if (job !== null) form.set("job_id", job);
  form.set("file", new Blob([pdf]), "bench.pdf");
  const response = await fetch(`http://127.0.0.1:${port}/files/v1`, {
    method: "POST",
    headers: { app_key: key()! },
    body: form,
  });
  return ((await response.json()) as { file_id: string }).file_id;
}

async function ended(port: number, file: string): Promise<void> {
  for (let i = 0; i < 6000; i++) {
    const response = await fetch(`http://127.0.0.1:${port}/files/v1/${file}`, { headers: { app_key: key()! } });
    const { status } = (await response.json()) as { status: string };
    if (status === "completed") return;
    if (status === "error") throw new Error("the file failed");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("the file did not end");
}

let known: string | null = null;
function key(): string | null {
  try {
    known ??= (JSON.parse(readFileSync(join(state, "dev.json"), "utf8")) as { app_key: string }).app_key;
  } catch {
    // Not written yet.
  }
  return known;
}

function run(args: string[]): void {
  const env = {
    ...process.env,
    X_LOCAL_OBSERVABILITY: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
  };
  processes.push(spawn(process.execPath, args, { detached: true, stdio: "ignore", env }));
}

async function up(url: string, also: () => boolean = () => true): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (
      (await fetch(url).then(
        (r) => r.ok,
        () => false,
      )) &&
      also()
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not come up`);
}

async function freePort(): Promise<number> {
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(0, "127.0.0.1", resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  await main();
} finally {
  for (const { pid } of processes) process.kill(-pid!, "SIGTERM");
  // The keeper ends what is left of the last server while we delete.
  rmSync(state, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
