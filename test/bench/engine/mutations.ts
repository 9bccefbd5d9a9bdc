/**
 * Seeded mutations of real files through the pool of `sheaf convert`: worker threads that take one file after another, each
 * file with a bound of time, PDFium's memory and JavaScript's heap with one of their own.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTasks } from "../../../src/cli/convert/pool.ts";
import type { Outcome, Task } from "../../../src/cli/convert/task.ts";
import type { Host } from "../../../src/engine/host.ts";
import { DEFAULTS } from "../../../src/engine/index.ts";
import { pdfsIn } from "./conversion.ts";
import { MUTATIONS, type Mutation, mutate, type Random, seeded } from "./mutate.ts";

/** A file that takes longer counts as hung. */
const LIMIT_MS = 30_000;
/** Kept, to be looked at. */
const SLOW_MS = 5_000;
/** Files on the disk at a time. */
const BATCH = 100;
/** Larger ones say the same and take longer. */
const SOURCE_BYTES_MAX = 500_000;
/** Every second damage is done to the file as qpdf unpacks it, where that is installed: it reaches what is packed otherwise. */
const UNPACKED = ["--qdf", "--object-streams=disable"];

export interface Mutant {
  name: string;
  how: Mutation;
  outcome: Outcome;
}

export interface Mutations {
  count: number;
  results: number;
  /** Code → how many ended so. */
  errors: Record<string, number>;
  /** Crashed, hung, or ended in an error that is no answer. */
  broken: Mutant[];
  slowest: Mutant[];
  peakMb: number;
  seconds: number;
}

export async function runMutations(
  host: Host,
  sources: readonly string[],
  { count, seed, work, keep }: { count: number; seed: number; work: string; keep: string },
): Promise<Mutations> {
  const random = seeded(seed);
  const folder = join(work, "mutants");
  mkdirSync(folder, { recursive: true });
  const began = Date.now();
  const done: Mutant[] = [];
  const start = { host, options: DEFAULTS, formats: ["md", "lines.json"], figures: "links" as const, recipe: "" };
  for (let at = 0; at < count; at += BATCH) {
    const made = Array.from({ length: Math.min(BATCH, count - at) }, (_, i) =>
      makeMutant(sources, at + i, random, work),
    );
    const tasks = made.map(({ name, bytes }, index): Task => {
      const path = join(folder, `${name}.pdf`);
      writeFileSync(path, bytes);
      return { index, path, base: join(folder, name), made: null };
    });
    await runTasks(
      tasks,
      start,
      { width: 2, timeoutMs: LIMIT_MS },
      {
        progress: () => {},
        ended(task, outcome) {
          const { name, how } = made[task.index]!;
          done.push({ name, how, outcome });
        },
      },
    );
    for (const one of done.slice(at).filter((one) => isBroken(one) || one.outcome.ms > SLOW_MS)) {
      mkdirSync(keep, { recursive: true });
      writeFileSync(join(keep, `${one.name}.pdf`), readFileSync(join(folder, `${one.name}.pdf`)));
    }
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  }
  return {
    count: done.length,
    results: done.filter(({ outcome }) => outcome.status === "converted").length,
    errors: countCodes(done),
    broken: done.filter(isBroken),
    slowest: done.toSorted((a, b) => b.outcome.ms - a.outcome.ms).slice(0, 5),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    seconds: Math.round((Date.now() - began) / 1000),
  };
}

/** Neither a result nor an error of the engine's own list. */
function isBroken({ outcome }: Mutant): boolean {
  return outcome.unsound || outcome.code === "timeout" || outcome.code === "internal_error";
}

function countCodes(done: readonly Mutant[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of done) if (outcome.code !== null) counts[outcome.code] = (counts[outcome.code] ?? 0) + 1;
  return counts;
}

export function sourcesIn(folders: readonly string[]): string[] {
  const files = folders.flatMap((folder) => pdfsIn(folder).map((name) => join(folder, name)));
  return files.filter((file) => statSync(file).size <= SOURCE_BYTES_MAX);
}

function makeMutant(sources: readonly string[], number: number, random: Random, work: string) {
  const source = sources[random(sources.length)]!;
  const how = MUTATIONS[number % MUTATIONS.length]!;
  const plain = number % 2 === 1 ? unpack(source, work) : null;
  const bytes = mutate(plain ?? new Uint8Array(readFileSync(source)), how, random);
  return { name: `${String(number).padStart(4, "0")}-${how}`, how, bytes };
}

function unpack(source: string, work: string): Uint8Array | null {
  const out = join(work, "unpacked.pdf");
  const { error } = spawnSync("qpdf", [...UNPACKED, "--warning-exit-0", source, out]);
  return error === undefined && statSync(out, { throwIfNoEntry: false }) !== undefined
    ? new Uint8Array(readFileSync(out))
    : null;
}
