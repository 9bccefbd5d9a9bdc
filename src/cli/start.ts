/**
 * `npm start`: a whole service on this machine. Migrates what is new, makes secrets and a development key once, serves
 * both Workers, shows one document going through, and stays until Ctrl-C. What lies in the state folder is dev/state's.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { APP_KEY_LENGTH_MIN, problemOfAppKey } from "../lib/app-key.ts";
import { connect } from "./client/http.ts";
import { readCount, UsageError } from "./command.ts";
import { showDemo } from "./dev/demo.ts";
import { settleKey } from "./dev/key.ts";
import { endOrphans, isServing } from "./dev/orphans.ts";
import { keepTime } from "./dev/schedule.ts";
import { migrateLocally, portIsFree, type Server, serve } from "./dev/server.ts";
import {
  type DevInfo,
  prepareState,
  readDevInfo,
  readRunning,
  type State,
  writeDevInfo,
  writeRunning,
} from "./dev/state.ts";
import { watch } from "./dev/watch.ts";
import { note, print } from "./terminal.ts";
import { MODULES, ROOT } from "./wrangler.ts";

const DEFAULT_PORT = 8787;
const HIGHEST_PORT = 65_535;
/** How often we look whether whoever started us still lives. */
const PARENT_LOOK_MS = 500;

const HELP = `npm start [-- FLAGS]   a whole Sheaf service on this machine, until Ctrl-C

  --port N                where to listen on 127.0.0.1 (default ${DEFAULT_PORT})
  --state DIR             where D1, R2, Durable Objects, secrets and dev.json live (default .state)
  --app-key KEY           use this key for the group "dev" instead of a generated one: at least ${APP_KEY_LENGTH_MIN} printable
                          characters without spaces. Keys of earlier starts stay valid until they are revoked
  --no-demo               don't convert the sample document
  --allow-local-sources   accept sources on loopback and over plain http; for tests only
  --help`;

interface Flags {
  port: number;
  dir: string;
  appKey: string | undefined;
  demo: boolean;
  allowLocalSources: boolean;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(args: string[]): Promise<void> {
  const flags = readFlags(args);
  if (flags === null) return print(HELP);
  const began = Date.now();
  await clearTheWay(flags);
  const state = prepareState(flags.dir, {
    PUBLIC_URL: `http://127.0.0.1:${flags.port}`,
    ALLOW_LOCAL_SOURCES: String(flags.allowLocalSources),
    // One batch runs at a time here: see wrangler.toml.
    FETCH_PATIENCE_MS: "500",
  });
  if (migrateLocally(state)) print("Database migrated.");
  const stop = new AbortController();
  listenForTheEnd(stop);
  for (let stuck = true, first = true; stuck; first = false) {
    const server = await serve(state, flags.port);
    try {
      if (first && !stop.signal.aborted) await welcome(server, state, flags, began);
      stuck = await keepServing(server, stop.signal);
      if (stuck) note("The server has not answered for two minutes: a document keeps it busy. Starting it again.");
    } finally {
      await server.stop();
    }
  }
  print("Stopped.");
}

/** @returns whether the server got stuck; false = it was to stop. @throws Error when it ended by itself */
async function keepServing(server: Server, stop: AbortSignal): Promise<boolean> {
  const stopKeepingTime = keepTime(server.url);
  const watching = watch(server.url);
  try {
    const ended = await Promise.race([server.failed, aborted(stop), watching.stuck.then(() => "stuck" as const)]);
    if (ended instanceof Error) throw ended;
    return ended === "stuck";
  } finally {
    stopKeepingTime();
    watching.stop();
  }
}

/** @returns null when help was asked for */
function readFlags(args: string[]): Flags | null {
  const { values } = readArguments(args);
  if (values.help) return null;
  const port = readCount("port", values.port, DEFAULT_PORT);
  if (port > HIGHEST_PORT) throw new UsageError(`--port must be at most ${HIGHEST_PORT}`);
  const appKey = values["app-key"];
  const problem = appKey === undefined ? null : problemOfAppKey(appKey);
  if (problem !== null) throw new UsageError(`--app-key ${problem}`);
  return {
    port,
    dir: values.state === undefined ? resolve(ROOT, ".state") : resolve(values.state),
    appKey,
    demo: !values["no-demo"],
    allowLocalSources: values["allow-local-sources"] ?? false,
  };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        state: { type: "string" },
        "app-key": { type: "string" },
        "no-demo": { type: "boolean" },
        "allow-local-sources": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
}

/** Ends what a killed start left behind in this folder; refuses where somebody else is. */
async function clearTheWay(flags: Flags): Promise<void> {
  const earlier = readRunning(flags.dir);
  if (earlier !== null) {
    if (isServing(earlier, flags.dir)) {
      throw new Error(
        `This state folder is being served at ${earlier.url} already (process ${earlier.pid}). Stop that one, or give another --state and --port.`,
      );
    }
    const ended = await endOrphans(earlier, flags.dir, MODULES);
    if (ended > 0) print(`Ended ${ended} processes that an earlier start left behind.`);
    writeRunning(flags.dir, null);
  }
  if (!(await portIsFree(flags.port))) {
    throw new Error(
      `Port ${flags.port} is in use by another program. Give another one: npm start -- --port ${flags.port + 1}`,
    );
  }
}

async function welcome(server: Server, state: State, flags: Flags, began: number): Promise<void> {
  const admin = connect({ url: server.url, appId: undefined, appKey: undefined, adminSecret: state.adminSecret });
  const last = readDevInfo(state.dir);
  const key = await settleKey(admin, last, flags.appKey);
  const info: DevInfo = { url: server.url, ...key, admin_secret: state.adminSecret };
  writeDevInfo(state.dir, info);
  print(`Ready on ${server.url} after ${((Date.now() - began) / 1000).toFixed(1)} s.\n`);
  if (last !== null && last.app_id !== key.app_id) {
    print(
      `The key of app_id ${last.app_id} stays valid; \`npm run -s sheaf -- keys revoke dev ${last.app_id}\` ends it.\n`,
    );
  }
  if (flags.demo) await showDemo(info);
  print(hints(info, state));
}

function hints(info: DevInfo, state: State): string {
  return `Try it:
  curl -s ${info.url}/files/v1 -H 'app_key: ${info.app_key}' -F file=@paper.pdf
  curl -s ${info.url}/files/v1/FILE_ID -H 'app_key: ${info.app_key}'
  curl -s ${info.url}/files/v1/FILE_ID.mmd -H 'app_key: ${info.app_key}'

For mpxpy and mpx:
  export MATHPIX_APP_ID=${info.app_id} MATHPIX_APP_KEY=${info.app_key}
  export MATHPIX_URL=${info.url} MATHPIX_FILES_API_URL=${info.url} MPX_ENDPOINT=${info.url}

API docs    ${info.url}/docs
State       ${state.dir} (dev.json holds address, key and admin secret for scripts; log: ${state.logFile})

Serving until Ctrl-C.`;
}

/** A signal, or the end of whoever started us: killed outright, it can't tell. */
function listenForTheEnd(stop: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop.abort(), PARENT_LOOK_MS).unref();
}

function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((done) => signal.addEventListener("abort", () => done(null), { once: true }));
}
