/**
 * Ink glyphs → lines: first runs (glyphs written one after the other), then runs of one baseline together, then raised
 * and lowered small type to the line beside which it stands, and drop capitals to the first line beside them. Columns
 * are still together here: words.ts cuts them.
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
/**
 * The lines beside a drop capital, the lowest on its baseline: their distance from it, in em of the line; the highest as
 * far up as a line box reaches, in em of the capital. One below begins under it.
 */
const BESIDE = { from: -0.2, to: 1.2, below: 0.35, top: 1.2, under: 2, least: 2 } as const;
/** The lines beside begin at one place, as they do round a box; em. */
const ALIGNED = 0.1;
/** More large capitals than this are no openings of chapters. */
const MAX_DROP_CAPITALS = 40;
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
  /** Its first run is one, and the rest of its word follows without white. */
  dropCapital?: { run: GlyphRun; glued: boolean };
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
    lines.push(...attachScripts(attachDropCapitals(strip, gatherLines(groups.get(degrees)!))));
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

/** Moves each drop capital to the first of the lines that stand beside it. */
function attachDropCapitals(strip: Strip, lines: Baseline[]): Baseline[] {
  const capitals = lines.flatMap((line) =>
    line.runs.flatMap((run) => (isCapital(strip, run) && line.size === run.size ? [{ run, line }] : [])),
  );
  if (capitals.length > MAX_DROP_CAPITALS) return lines;
  for (const { run, line } of capitals) {
    const beside = linesBeside(run, lines);
    const first = beside[0];
    if (first === undefined || beside.length < BESIDE.least || first.line.dropCapital) continue;
    const { ratio } = DROP_CAPITAL;
    const under = lines.some(({ runs, v, size }) => {
      const below = v - run.v > BESIDE.below * size && v - run.v < BESIDE.under * size && run.size >= ratio * size;
      return below && runs.some(({ u0 }) => Math.abs(u0 - run.u0) < BESIDE.to * size);
    });
    if (!goesOn(strip, first.run, under)) continue;
    line.runs.splice(line.runs.indexOf(run), 1);
    first.line.runs.push(run);
    const glued = Math.abs(first.run.u0 - beside[1]!.run.u0) <= ALIGNED * first.run.size;
    first.line.dropCapital = { run, glued };
  }
  return lines.filter((line) => line.runs.length > 0);
}

/** A capital, with a quotation mark before it at most. */
function isCapital({ ink, glyphs }: Strip, run: GlyphRun): boolean {
  if (run.to - run.from > DROP_CAPITAL.glyphs) return false;
  const text = Array.from({ length: run.to - run.from }, (_, k) => glyphs.unicode[ink[run.from + k]!]!);
  return /^[“„«"'‘]?\p{Lu}$/u.test(String.fromCodePoint(...text));
}

/** Top to bottom, each with the run by which it begins beside the capital; none when type stands between. */
function linesBeside(capital: GlyphRun, lines: readonly Baseline[]): { line: Baseline; run: GlyphRun }[] {
  const beside: { line: Baseline; run: GlyphRun }[] = [];
  for (const line of lines) {
    if (capital.size < DROP_CAPITAL.ratio * line.size) continue;
    if (line.v > capital.v + BESIDE.below * line.size || line.v < capital.v - BESIDE.top * capital.size) continue;
    const run = line.runs
      .filter(({ u1 }) => u1 > capital.u1)
      .reduce<GlyphRun | undefined>((best, other) => (best && best.u0 <= other.u0 ? best : other), undefined);
    if (run === undefined) continue;
    const away = (run.u0 - capital.u1) / line.size;
    if (away >= BESIDE.from && away <= BESIDE.to) beside.push({ line, run });
  }
  beside.sort((a, b) => a.line.v - b.line.v);
  const last = beside.at(-1);
  return last && Math.abs(last.line.v - capital.v) <= BESIDE.below * last.line.size ? beside : [];
}

/** Small letters go on with the capital's word; large ones only where the text flows on under it, else it is a label. */
function goesOn({ ink, glyphs }: Strip, run: GlyphRun, under: boolean): boolean {
  const [a, b] = [0, 1].map((k) =>
    run.from + k < run.to ? String.fromCodePoint(glyphs.unicode[ink[run.from + k]!]!) : "",
  );
  return /^\p{Ll}/u.test(a!) || (under && /^\p{Lu}/u.test(a!) && !/^\p{Ll}/u.test(b!));
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
