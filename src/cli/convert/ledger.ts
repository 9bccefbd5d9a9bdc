/**
 * The output folder's memory: one JSON line per file converted, saying what it was made from, so that a run that was cut
 * off can go on. A later line replaces an earlier one; a line cut off by a kill is no line.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { QualitySummary } from "../../engine/index.ts";
import type { Notice } from "../../engine/warnings.ts";
import { areThere, type FigureSizes } from "./figures.ts";

const NAME = ".sheaf.jsonl";

export interface Made {
  /** Output path without extension, below the folder. */
  out: string;
  sha256: string;
  recipe: string;
  pages: number;
  /** Extension → size. */
  sizes: Record<string, number>;
  /** Absent where there are none. */
  figures?: FigureSizes;
  /** Absent in lines of earlier versions. */
  warnings?: Notice[];
  quality?: QualitySummary | null;
}

export interface Ledger {
  find(out: string): Made | null;
  add(made: Made): void;
}

export function openLedger(folder: string): Ledger {
  const file = join(folder, NAME);
  const known = new Map<string, Made>();
  if (existsSync(file)) {
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const made = readLine(line);
      if (made !== null) known.set(made.out, made);
    }
  }
  mkdirSync(folder, { recursive: true });
  return {
    find: (out) => known.get(out) ?? null,
    add(made) {
      known.set(made.out, made);
      // The leading line feed ends a line that a kill cut off.
      appendFileSync(file, `\n${JSON.stringify(made)}`);
    },
  };
}

/** Whether all the outputs, figures included, lie there as they were written. */
export async function isThere(made: Made, base: string, extensions: readonly string[]): Promise<boolean> {
  for (const extension of extensions) {
    const info = await stat(`${base}.${extension}`).catch(() => null);
    if (made.sizes[extension] === undefined || info?.size !== made.sizes[extension]) return false;
  }
  return areThere(made.figures ?? {}, base);
}

function readLine(line: string): Made | null {
  if (line === "") return null;
  try {
    return JSON.parse(line) as Made;
  } catch {
    return null;
  }
}
