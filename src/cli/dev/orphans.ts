/**
 * Ends what an earlier `npm start` of the same state folder left behind. A recorded number alone proves nothing (the
 * system hands process numbers out again), so a process is ended only when it is in the recorded group and either its
 * command line names this state folder or it is this project's own workerd.
 */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import type { Running } from "./state.ts";

const GRACE_MS = 5_000;
const LOOK_AGAIN_MS = 100;

interface Process {
  pid: number;
  group: number;
  command: string;
}

/** Whether that start is still there and serves this folder. */
export function isServing(running: Running, dir: string): boolean {
  const found = listProcesses().find((each) => each.pid === running.pid);
  if (found === undefined || !/\bstart\.ts\b/.test(found.command)) return false;
  return membersOf(running.group, dir).length > 0;
}

/** @returns how many processes were ended */
export async function endOrphans(running: Running, dir: string, nodeModules: string): Promise<number> {
  // Command lines name real paths, and node_modules may be a link.
  const modules = realpathSync(nodeModules);
  const orphans = membersOf(running.group, dir, modules);
  for (const each of orphans) signal(each.pid, "SIGTERM");
  const until = Date.now() + GRACE_MS;
  let left = orphans;
  while (left.length > 0 && Date.now() < until) {
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
    left = membersOf(running.group, dir, modules);
  }
  for (const each of left) signal(each.pid, "SIGKILL");
  return orphans.length;
}

function membersOf(group: number, dir: string, modules?: string): Process[] {
  return listProcesses().filter(
    (each) =>
      each.group === group &&
      (each.command.includes(dir) || (modules !== undefined && isWorkerd(each.command, modules))),
  );
}

/** Its configuration comes by a pipe, so its command line doesn't name the folder. */
function isWorkerd(command: string, modules: string): boolean {
  return command.startsWith(modules) && /\/workerd(-[a-z0-9]+)*\/bin\/workerd |\/bin\/workerd serve /.test(command);
}

/** POSIX `ps`: the same on Linux and macOS. Windows has no process groups; there the keeper's pipe is all we have. */
function listProcesses(): Process[] {
  if (process.platform === "win32") return [];
  const run = spawnSync("ps", ["-A", "-ww", "-o", "pid=,pgid=,stat=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (run.status !== 0) throw new Error(`could not list processes: ${run.error?.message ?? run.stderr}`);
  return run.stdout.split("\n").flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    // Z: ended, waiting to be collected by its parent.
    if (found === null || found[3]!.startsWith("Z")) return [];
    return [{ pid: Number(found[1]), group: Number(found[2]), command: found[4]! }];
  });
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
}
