/**
 * Ink glyphs → lines: first runs (glyphs written one after the other), then runs of one baseline together, then raised
 * and lowered small type to the line beside which it stands. Columns are still together here: words.ts cuts them.
 */
import type { Strip } from "./strip.ts";

/** Within a run, in em: drift of the baseline, step back, step forward. */
const RUN = { drift: 0.05, back: 0.5, forward: 1, size: 0.02 } as const;
/** Runs of one line: baselines within so many em of the smaller type ... */
const SAME_BASELINE = 0.3;
/** ... where they overlap along the line only when the baselines are this equal (a glyph drawn twice). */
const DRAWN_AGAIN = 0.15;
const OVERLAP = 0.3;
/** A drop capital shares a baseline with a line that it does not belong to; what stands by it is longer than a script. */
const DROP_CAPITAL = { ratio: 1.8, glyphs: 2, beside: 3 } as const;
/** Superscripts and subscripts, in em of the type they stand by (LAYOUT 1.1, widened to TeX's fractions of scripts). */
const SCRIPT = {
  ratio: 0.87,
  least: 0.4,
  up: 0.8,
  down: 0.45,
  gapFrom: -0.45,
  gapTo: 0.4,
  beforeFrom: -0.1,
  beforeTo: 0.2,
} as const;

/** Hosts further off than this (in em of the script) can't carry it: 0.8 em of type three times its size. */
const REACH = 2.4;

/** Glyphs strip.ink[from..to). */
export interface GlyphRun {
  from: number;
  to: number;
  u0: number;
  u1: number;
  v: number;
  size: number;
  degrees: number;
}

export interface Baseline {
  runs: GlyphRun[];
  v: number;
  size: number;
  degrees: number;
}

export function findBaselines(strip: Strip): Baseline[] {
  const groups = new Map<number, GlyphRun[]>();
  for (const run of findRuns(strip)) {
    const group = groups.get(run.degrees);
    if (group) group.push(run);
    else groups.set(run.degrees, [run]);
  }
  const lines: Baseline[] = [];
  for (const degrees of [...groups.keys()].sort((a, b) => a - b)) {
    lines.push(...attachScripts(gatherLines(groups.get(degrees)!)));
  }
  return lines;
}

function findRuns(strip: Strip): GlyphRun[] {
  const { ink, u, end, v, degrees, piece, glyphs } = strip;
  const runs: GlyphRun[] = [];
  let run: GlyphRun | undefined;
  for (let k = 0; k < ink.length; k++) {
    const i = ink[k]!;
    const em = glyphs.size[i]!;
    if (run) {
      const gap = u[i]! - end[ink[k - 1]!]!;
      const joins =
        piece[i] === 1 ||
        (degrees[i] === run.degrees &&
          Math.abs(em - run.size) <= RUN.size * run.size &&
          Math.abs(v[i]! - run.v) <= RUN.drift * run.size &&
          gap <= RUN.forward * run.size &&
          gap >= -RUN.back * run.size &&
          u[i]! > u[ink[k - 1]!]!);
      if (joins) {
        run.to = k + 1;
        run.u1 = Math.max(run.u1, end[i]!);
        continue;
      }
    }
    run = { from: k, to: k + 1, u0: u[i]!, u1: Math.max(u[i]!, end[i]!), v: v[i]!, size: em, degrees: degrees[i]! };
    runs.push(run);
  }
  return runs;
}

/** Runs of one direction → lines, top to bottom. */
function gatherLines(runs: GlyphRun[]): Baseline[] {
  // Stable: what is written first comes first among equals.
  const sorted = [...runs].sort((a, b) => a.v - b.v || a.u0 - b.u0);
  const lines: Baseline[] = [];
  let oldest = 0; // lines before it are too far above to be joined
  const tallest = sorted.reduce((most, run) => Math.max(most, run.size), 0);
  for (const run of sorted) {
    while (oldest < lines.length && run.v - lines[oldest]!.v > SAME_BASELINE * tallest) oldest++;
    let best: Baseline | undefined;
    for (let l = oldest; l < lines.length; l++) {
      const line = lines[l]!;
      if (best && Math.abs(run.v - line.v) >= Math.abs(run.v - best.v)) continue;
      if (belongs(run, line)) best = line;
    }
    if (!best) {
      lines.push({ runs: [run], v: run.v, size: run.size, degrees: run.degrees });
      continue;
    }
    best.runs.push(run);
    // The line's place is that of its largest type, whose baseline the eye follows.
    if (run.size > best.size) [best.size, best.v] = [run.size, run.v];
  }
  return lines;
}

function belongs(run: GlyphRun, line: Baseline): boolean {
  const away = Math.abs(run.v - line.v);
  const em = Math.min(run.size, line.size);
  if (away > SAME_BASELINE * em) return false;
  if (isDropCapital(run, line.size) || (line.runs.length === 1 && isDropCapital(line.runs[0]!, run.size))) return false;
  if (away <= DRAWN_AGAIN * em) return true;
  return line.runs.every((other) => Math.min(run.u1, other.u1) - Math.max(run.u0, other.u0) < OVERLAP * em);
}

function isDropCapital(run: GlyphRun, beside: number): boolean {
  return run.to - run.from <= DROP_CAPITAL.glyphs && run.size >= DROP_CAPITAL.ratio * beside;
}

/** Moves small raised or lowered runs to the line of the run they stand by. */
function attachScripts(lines: Baseline[]): Baseline[] {
  const home = new Map<GlyphRun, Baseline>();
  for (const line of lines) for (const run of line.runs) home.set(run, line);
  const hosts = [...home.keys()].sort((a, b) => a.v - b.v);
  const tallest = hosts.reduce((most, run) => Math.max(most, run.size), 0);
  for (const run of [...hosts].sort((a, b) => a.u0 - b.u0)) {
    if (run.size > SCRIPT.ratio * tallest) continue;
    const line = home.get(run)!;
    const host = findHost(run, hosts, home, line);
    if (!host) continue;
    const target = home.get(host)!;
    if (target === line) continue;
    line.runs.splice(line.runs.indexOf(run), 1);
    target.runs.push(run);
    home.set(run, target);
  }
  return lines.filter((line) => line.runs.length > 0);
}

/** @returns the nearest larger run (or script already attached) that the run directly follows, else precedes */
function findHost(
  run: GlyphRun,
  hosts: readonly GlyphRun[],
  home: ReadonlyMap<GlyphRun, Baseline>,
  own: Baseline,
): GlyphRun | undefined {
  let best: GlyphRun | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (let h = firstBelow(hosts, run.v - REACH * run.size); h < hosts.length; h++) {
    const host = hosts[h]!;
    if (host.v - run.v > REACH * run.size) break;
    const line = home.get(host)!;
    if (host === run || line === own) continue;
    const carried = line.size > host.size && host.size <= run.size * 1.05 && host.size >= run.size * 0.95;
    const em = carried ? line.size : host.size;
    if (run.size > SCRIPT.ratio * em || run.size < SCRIPT.least * em) continue;
    if (!carried && isDropCapital(host, run.size) && run.to - run.from > DROP_CAPITAL.beside) continue;
    if (carried ? Math.abs(host.v - run.v) > DRAWN_AGAIN * run.size : !isShifted(host, run)) continue;
    const after = (run.u0 - host.u1) / em;
    const before = (host.u0 - run.u1) / em;
    let distance = Number.POSITIVE_INFINITY;
    if (after >= SCRIPT.gapFrom && after <= SCRIPT.gapTo) distance = Math.abs(after);
    else if (before >= SCRIPT.beforeFrom && before <= SCRIPT.beforeTo) distance = 1 + Math.abs(before);
    if (distance < nearest) [nearest, best] = [distance, host];
  }
  return best;
}

function isShifted(host: GlyphRun, run: GlyphRun): boolean {
  const rise = (host.v - run.v) / host.size;
  return rise <= SCRIPT.up && rise >= -SCRIPT.down;
}

/** First index whose v is at least `v`. */
function firstBelow(runs: readonly GlyphRun[], v: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.v < v) low = middle + 1;
    else high = middle;
  }
  return low;
}
