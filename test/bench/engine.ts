/**
 * npm run bench:engine: the engine on every set of the benches beside its peers' figures and the targets, its speed beside
 * PDFium's bare reading, the odd files, and what rewritings change. `--help` tells the flags.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nodeHost } from "../../src/cli/host.ts";
import { tableOf } from "../../src/cli/terminal.ts";
import type { Host } from "../../src/engine/host.ts";
import { ablate } from "./engine/ablation.ts";
import { convertFolder } from "./engine/conversion.ts";
import { runMutations, sourcesIn } from "./engine/mutations.ts";
import { compareByTools, compareRewritten } from "./engine/rewritings.ts";
import { runRobustness } from "./engine/robustness.ts";
import { type BenchSet, dataOf, type Figure, heldOutSet, type Place, runScorer, SETS } from "./engine/sets.ts";
import { measurePeer, measureSpeed, measureTool } from "./engine/speed.ts";
import { type Low, showWorst } from "./engine/worst.ts";

/** Sets whose first measure speaks of layout, and the held-out ones. */
const ABLATED = ["odl", "icdar2013", "ppb-tables", "synth"];
/** A change that is noise. */
const NOISE = 0.0005;
/** More is over-fitting. */
const GAP_MAX = 0.03;

const HELP = `npm run bench:engine -- [flags]

  --bench DIR      the benches (default ../shared/bench beside the project)
  --modules DIR    a node_modules with katex (for formulas and tables) and @cantoo/pdf-lib (for rewritings by tools)
  --peers DIR      a node_modules with @llamaindex/liteparse, for its speed in the same run
  --only LIST      sets and sections: ${[...SETS.map(({ name }) => name.replace(" ", "-")), "speed", "robust", "mutations", "rewritings"].join(",")}
  --more DIR       documents that nothing was fitted on, in the form of synth_docs.mjs (may be repeated): scored beside the set made the
                   same way
  --worst N        the worst N documents of each scorer: why, and a page of pictures of where most goes wrong
  --pictures DIR   where that goes (default worst/)
  --mutations N    damaged files (default 2000), the same for the same --seed N (default 1); those that break something or take
                   5 s are kept in broken/
  --ablate         what each weight and each kind of proposal is worth, by set (of --only): some minutes a set`;

const ROOT = join(import.meta.dirname, "../..");
const SPEED_SETS: readonly [name: string, folders: readonly string[]][] = [
  ["odl", ["odl/pdfs"]],
  ["ppb", ["ppb-tables/pdfs", "ppb-formulas/pdfs"]],
  ["icdar2013", ["icdar2013/pdfs"]],
];
const TOOLS = { pdftotext: 'pdftotext -q "$f" -', mutool: 'mutool draw -q -F text "$f"' };

/** Without pictures and OCR, as ours runs. */
const FASTEST_PEER = { engine: "liteparse-noimg", name: "@llamaindex/liteparse" };

const REWRITING_TARGETS: Readonly<Record<string, readonly [peer: string, target: string]>> = {
  "scale-half": ["0.51", "0.95"],
  "scale-double": ["0.56", "0.95"],
  moved: ["0.91", "0.97"],
  margins: ["", ""],
  rotated: ["0.83", "0.97"],
};

const { values } = parseArgs({
  options: {
    bench: { type: "string", default: join(ROOT, "../shared/bench") },
    modules: { type: "string" },
    peers: { type: "string", default: "node_modules" },
    only: { type: "string" },
    more: { type: "string", multiple: true },
    mutations: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    ablate: { type: "boolean" },
    worst: { type: "string", default: "0" },
    pictures: { type: "string", default: "worst" },
    help: { type: "boolean" },
  },
});
/** Paths are read from where the command was given. */
const given = process.env.INIT_CWD ?? ".";
const only = values.only?.split(",");
const wanted = (name: string) => only === undefined || only.includes(name.replace(" ", "-"));
const print = (line: string) => process.stdout.write(`${line}\n`);

if (values.help) print(HELP);
else if (!existsSync(join(values.bench, "data"))) {
  print(`There are no benches in ${values.bench}; --bench DIR says where they are.`);
  process.exitCode = 1;
} else {
  const work = mkdtempSync(join(tmpdir(), "sheaf-bench-"));
  try {
    await main({ bench: resolve(values.bench), modules: findModules(), work });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function main(place: Place): Promise<void> {
  const host = await nodeHost();
  const held = (values.more ?? []).map((folder) => heldOutSet(resolve(given, folder)));
  const found = new Map<string, number>();
  const rows: (string | number)[][] = [];
  const worst: Low[] = [];
  for (const set of [...SETS.filter(({ name }) => wanted(name)), ...held]) {
    const scored = await scoreSet(host, place, set);
    for (const { measure, value, ...beside } of scored.figures) {
      if (typeof value === "number") found.set(`${set.name} ${measure}`, value);
      rows.push([set.name, scored.files, measure, shown(value), beside.peer, beside.best, beside.target]);
    }
    worst.push(...scored.worst);
  }
  if (rows.length > 0)
    print(tableOf(["set", "files", "measure", "ours", "best CPU peer", "best of all", "target"], rows));
  if (held.length > 0) showGaps(held, found);
  if (worst.length > 0) await tellWorst(host, place, worst);
  if (wanted("speed")) await showSpeed(host, place);
  if (wanted("robust")) showRobustness(place);
  if (wanted("mutations")) await showMutations(host, place);
  if (wanted("rewritings")) await showRewritings(host, place);
  if (values.ablate) await showAblations(host, place, held);
}

async function showAblations(host: Host, place: Place, held: readonly BenchSet[]): Promise<void> {
  const sets = [...SETS.filter(({ name }) => ABLATED.includes(name) && wanted(name)), ...held];
  const found = await ablate(host, place, sets, (rule) => process.stderr.write(`without ${rule}\n`));
  const told = found.filter(({ change }) => Object.values(change).some((by) => Math.abs(by) >= NOISE));
  const cell = (by = 0) => (Math.abs(by) < NOISE ? "" : `${by > 0 ? "+" : ""}${by.toFixed(4)}`);
  const rows = told.map(({ rule, change }) => [rule, ...sets.map(({ name }) => cell(change[name]))]);
  print(`\n${tableOf(["without (- = it is worth that)", ...sets.map(({ name }) => name)], rows)}`);
  const silent = found.filter((one) => !told.includes(one)).map(({ rule }) => rule);
  if (silent.length > 0) print(`no change: ${silent.join(", ")}`);
}

function shown(value: number | string): string {
  return typeof value === "number" ? value.toFixed(4) : value;
}

async function scoreSet(host: Host, place: Place, set: BenchSet) {
  const predictions = join(place.work, set.name.replace(" ", "-"));
  const { markdown, failed } = await convertFolder(host, dataOf(place.bench, set.pdfs), predictions, set.options);
  for (const [name, message] of failed) print(`${set.name}/${name}: ${message}`);
  const figures: (Omit<Figure, "value"> & { value: number | string })[] = [];
  const worst: Low[] = [];
  for (const scorer of set.scorers) {
    const scored = runScorer(scorer, place, predictions);
    for (const { value, ...figure } of scorer.figures)
      figures.push({ ...figure, value: scored.ran ? (value(scored.summary) ?? "-") : scored.why });
    if (!scored.ran) continue;
    const low = Object.entries(scored.documents).sort((a, b) => a[1] - b[1]);
    const by = scorer.script.replace("_eval.mjs", "");
    for (const [id, score] of low.slice(0, Number(values.worst)))
      worst.push({ set, id, score, by, parts: scored.parts[id] ?? {} });
  }
  return { files: markdown.size, figures, worst };
}

/** What is scored higher where it was fitted than where nobody did was fitted too well. */
function showGaps(held: readonly BenchSet[], found: ReadonlyMap<string, number>): void {
  const rows = held.flatMap(({ name, scorers, like }) =>
    scorers.flatMap((scorer) =>
      scorer.figures.flatMap(({ measure }) => {
        const [theirs, ours] = [found.get(`${name} ${measure}`), found.get(`${like} ${measure}`)];
        if (theirs === undefined || ours === undefined) return [];
        const gap = ours - theirs;
        return [
          [
            name,
            like!,
            measure,
            theirs.toFixed(4),
            ours.toFixed(4),
            gap.toFixed(4),
            gap > GAP_MAX ? "OVER-FITTED" : "",
          ],
        ];
      }),
    ),
  );
  if (rows.length > 0)
    print(`\n${tableOf(["held out", "like", "measure", "there", "fitted", `gap (at most ${GAP_MAX})`, ""], rows)}`);
}

async function tellWorst(host: Host, place: Place, worst: readonly Low[]): Promise<void> {
  const folder = resolve(given, values.pictures);
  const pages = await showWorst(host, place, worst, folder);
  const rows = pages.map(({ set, by, id, score, page, reason }) => [
    set.name,
    by,
    id,
    score.toFixed(4),
    page,
    reason.sentence,
  ]);
  print(
    `\n${tableOf(["worst", "by", "document", "score", "page", "why"], rows)}\npictures: ${join(folder, "index.html")}`,
  );
}

async function showMutations(host: Host, place: Place): Promise<void> {
  const sources = sourcesIn(
    SETS.filter(({ name }) => !name.startsWith("scans")).map(({ pdfs }) => dataOf(place.bench, pdfs)),
  );
  const keep = resolve(given, "broken");
  const { count, results, errors, broken, slowest, peakMb, seconds } = await runMutations(host, sources, {
    count: Number(values.mutations),
    seed: Number(values.seed),
    work: place.work,
    keep,
  });
  const codes = Object.entries(errors).map(([code, many]) => `${many} ${code}`);
  print(
    `\nmutations (seed ${values.seed}): ${count} of ${sources.length} files in ${seconds} s: ${results} results, ${codes.join(", ")}; ` +
      `${broken.length} crashed or hung (target 0)${broken.length > 0 ? `, kept in ${keep}` : ""}; all of it in ${peakMb} MB`,
  );
  for (const { name, outcome } of slowest.slice(0, 3))
    print(`  slowest ${(outcome.ms / 1000).toFixed(2)} s (target 5) ${name}`);
  for (const { name, outcome } of broken) print(`  ${outcome.code} ${name} ${outcome.message}`);
}

async function showSpeed(host: Host, place: Place): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [name, sets] of SPEED_SETS) {
    const folders = sets.map((set) => join(place.bench, "data", set));
    const { pages, bare, ours, pagesPerSecond, opening } = await measureSpeed(host, folders);
    const tools = Object.values(TOOLS).map(
      (command) => measureTool(command, folders, pages)?.toFixed(1) ?? "not installed",
    );
    const peer = measurePeer(FASTEST_PEER, place, { modules: resolve(given, values.peers), folders, pages });
    rows.push([
      name,
      pages,
      pagesPerSecond.toFixed(0),
      ours.toFixed(2),
      bare.toFixed(2),
      (ours / bare).toFixed(2),
      opening.toFixed(1),
      ...tools,
      peer?.toFixed(1) ?? "not installed",
    ]);
  }
  const head = ["speed", "pages", "pages/s", "CPU ms/page", "PDFium bare", "ratio (target 1.5)", "opening ms/file"];
  print(`\n${tableOf([...head, ...Object.keys(TOOLS), FASTEST_PEER.engine], rows)}`);
}

function showRobustness(place: Place): void {
  const found = runRobustness(place);
  if (typeof found === "string") {
    print(`\nodd files: ${found}`);
    return;
  }
  const counts = Object.entries(found.counts).map(([status, count]) => `${count} ${status}`);
  print(
    `\nodd files: ${found.files}: ${counts.join(", ")}; ${found.lost.length} crashed or hung (target 0), ${found.unclear.length} without a clear error`,
  );
  for (const { file, ms } of found.slowest) print(`  slowest ${(ms / 1000).toFixed(2)} s (target 5) ${file}`);
  for (const { file, status, message } of [...found.lost, ...found.unclear])
    print(`  ${status} ${file} ${message ?? ""}`);
}

async function showRewritings(host: Host, place: Place): Promise<void> {
  const folder = join(place.bench, "data/odl/pdfs");
  const rows = (await compareRewritten(host, folder)).map(({ rewriting, same, of, changed }) => {
    const [peer, target] = REWRITING_TARGETS[rewriting] ?? ["", ""];
    return [rewriting, (same / of).toFixed(3), peer, target, changed.slice(0, 6).join(" ")];
  });
  print(`\n${tableOf(["odl rewritten", "identical", "best CPU peer", "target", "changed"], rows)}`);
  print("\nrewritten by other programs:");
  for (const line of await compareByTools(host, place, folder)) print(`  ${line}`);
}

function findModules(): string | null {
  const folders = values.modules === undefined ? [join(ROOT, "node_modules")] : [resolve(given, values.modules)];
  return folders.find((folder) => existsSync(join(folder, "katex"))) ?? null;
}
