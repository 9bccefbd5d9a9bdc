/**
 * Keeps `wrangler dev` and ends with it: the head of a process group of its own, started by `start` with a pipe as
 * stdin. When the pipe closes, because `start` stopped or was killed outright, the whole group goes; wrangler and workerd
 * would otherwise live on, holding port and state. Arguments: the log file, then the command.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, renameSync, writeSync } from "node:fs";

/** How long wrangler and workerd may take to close their databases. */
const GRACE_MS = 4_000;
/** The log of one run: at this size it begins again, and the older half is kept as .1 */
const LOG_BYTES = 16 * 2 ** 20;

const [logFile, command, ...args] = process.argv.slice(2);
if (logFile === undefined || command === undefined) throw new Error("usage: keeper LOG COMMAND [ARGUMENT...]");
keep(logFile, command, args);

function keep(logFile: string, command: string, args: string[]): void {
  const log = openLog(logFile);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stopping = false;

  const signalGroup = (signal: "SIGTERM" | "SIGKILL"): void => {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-process.pid, signal);
  };
  /** Whatever is left of the group goes, ourselves last. */
  const end = (code: number): void => {
    process.exitCode = code;
    if (stopping || code !== 0) signalGroup("SIGKILL");
    process.exit();
  };
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    signalGroup("SIGTERM");
    setTimeout(end, GRACE_MS, 0);
  };

  child.stdout.on("data", log);
  child.stderr.on("data", log);
  child.on("error", (error) => {
    log(Buffer.from(`${error.message}\n`));
    end(1);
  });
  child.on("exit", (code) => end(code ?? 1));
  // The group's SIGTERM comes back to us as well: we stay until the others have gone.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
  process.stdin.on("end", stop).on("error", stop).resume();
}

function openLog(file: string): (chunk: Buffer) => void {
  let handle = openSync(file, "w", 0o600);
  let size = 0;
  return (chunk) => {
    if (size + chunk.length > LOG_BYTES) {
      closeSync(handle);
      renameSync(file, `${file}.1`);
      handle = openSync(file, "w", 0o600);
      size = 0;
    }
    size += writeSync(handle, chunk);
  };
}
