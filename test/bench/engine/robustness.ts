/** The odd files, each through the command line in a process of its own: how many end in a result or a clear error. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./sets.ts";

/** Seconds a file may take before it counts as hung. */
const LIMIT_S = 60;

interface Row {
  file: string;
  status: string;
  ms: number;
  message?: string;
}

export interface Robustness {
  files: number;
  counts: Record<string, number>;
  /** Neither a result nor an error: hangs, signals. */
  lost: Row[];
  /** Errors without a code of the engine's own list. */
  unclear: Row[];
  slowest: Row[];
}

export function runRobustness({ bench, work }: Place): Robustness | string {
  const report = join(work, "robust.json");
  const main = join(import.meta.dirname, "../../../src/cli/main.ts");
  const command = [process.execPath, main, "convert", "{in}", "--out", "{out}", "--formats", "md", "--workers", "1"];
  const args = ["--in", join(bench, "data/robust"), "--out", report, "--timeout", String(LIMIT_S), "--", ...command];
  const run = spawnSync(process.execPath, [join(bench, "robust.mjs"), ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) return `failed: ${run.stderr.trim().split("\n").at(-1)}`;
  const rows = JSON.parse(readFileSync(report, "utf8")) as Row[];
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return {
    files: rows.length,
    counts,
    lost: rows.filter(({ status }) => status !== "ok" && status !== "empty" && status !== "error"),
    unclear: rows.filter(
      ({ status, message }) => status === "error" && /internal_error|\bat .*:\d+/.test(message ?? ""),
    ),
    slowest: rows.toSorted((a, b) => b.ms - a.ms).slice(0, 3),
  };
}
