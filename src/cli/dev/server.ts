/** Migrates the local database and serves both Workers from a state folder until told to stop. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { CONVERTER, FRONT, ROOT, WRANGLER } from "../wrangler.ts";
import { markMigrations, migrationsApplied, migrationsHash, type State, writeRunning } from "./state.ts";

/** A cold start on a slow laptop; warm it is two seconds. */
const READY_MS = 90_000;
const LOOK_AGAIN_MS = 100;
/** A health check that takes longer is asked again. */
const HEALTH_MS = 5_000;
/** Lines of wrangler's log shown when it fails. */
const LOG_TAIL = 30;

const HOST = "127.0.0.1";

export interface Server {
  url: string;
  /** Settles when wrangler ended by itself; never after stop(). */
  failed: Promise<Error>;
  stop(): Promise<void>;
}

export async function portIsFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen(port, HOST, () => probe.close(() => answer(true)));
  });
}

/** @returns whether anything was new */
export function migrateLocally(state: State): boolean {
  const hash = migrationsHash(join(ROOT, "migrations"));
  if (migrationsApplied(state.dir, hash)) return false;
  const args = ["d1", "migrations", "apply", "DB", "--local", "--persist-to", state.dir, "-c", FRONT];
  const run = spawnSync(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    env: wranglerEnv(state.dir),
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`the local database could not be migrated:\n${run.stdout}${run.stderr}`);
  markMigrations(state.dir, hash);
  return true;
}

export async function serve(state: State, port: number): Promise<Server> {
  const url = `http://${HOST}:${port}`;
  // The front comes first: the first configuration owns the port.
  const configs = ["-c", FRONT, "-c", CONVERTER];
  const envFiles = ["--env-file", state.envFiles.secrets, "--env-file", state.envFiles.vars];
  const where = ["--persist-to", state.dir, "--ip", HOST, "--port", String(port), "--inspector-port", "0"];
  const command = [WRANGLER, "dev", ...configs, ...where, ...envFiles, "--show-interactive-dev-session=false"];
  const keeper = join(import.meta.dirname, "keeper.ts");
  const child = spawn(process.execPath, [keeper, state.logFile, process.execPath, ...command], {
    cwd: ROOT,
    env: wranglerEnv(state.dir),
    // A group of its own, so that Ctrl-C reaches only us and we end the rest in order.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  writeRunning(state.dir, { pid: process.pid, group: child.pid!, url });
  const stopped = new Promise<void>((done) => child.once("exit", () => done()));
  let stopping = false;
  const failed = new Promise<Error>((tell) => {
    child.once("exit", () => {
      if (!stopping)
        tell(new Error(`the server ended by itself. The end of ${state.logFile}:\n${logTail(state.logFile)}`));
    });
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    child.stdin?.end();
    await stopped;
    writeRunning(state.dir, null);
  };
  try {
    await ready(url, failed, state.logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, failed, stop };
}

async function ready(url: string, failed: Promise<Error>, logFile: string): Promise<void> {
  const ended: { error: Error | null } = { error: null };
  failed.then((error) => {
    ended.error = error;
  });
  const until = Date.now() + READY_MS;
  let answer = "no answer";
  while (Date.now() < until) {
    if (ended.error !== null) throw ended.error;
    try {
      const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(HEALTH_MS) });
      answer = `${response.status} ${(await response.text()).slice(0, 400)}`;
      if (response.status === 200) return;
    } catch (error) {
      answer = String(error);
    }
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
  throw new Error(`no healthy server after ${READY_MS / 1000} s; /healthz said: ${answer}\n${logTail(logFile)}`);
}

/** Everything that would let wrangler ask, phone home, or meet another instance on the same machine. */
function wranglerEnv(dir: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    X_LOCAL_OBSERVABILITY: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    // Two instances would find each other's Workers by name in the shared registry and mix their queues and objects.
    WRANGLER_REGISTRY_PATH: join(dir, "registry"),
    WRANGLER_LOG_PATH: join(dir, "wrangler-debug"),
    NO_COLOR: "1",
    CI: "1",
  };
  // FORCE_COLOR would beat NO_COLOR; the others would beat the state folder's own files.
  for (const name of [
    "FORCE_COLOR",
    "ID_SECRET",
    "ADMIN_SECRET",
    "PUBLIC_URL",
    "ALLOW_LOCAL_SOURCES",
    "FETCH_PATIENCE_MS",
  ])
    delete env[name];
  return env;
}

function logTail(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_TAIL).join("\n");
}
