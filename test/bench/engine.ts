/**
 * npm run bench:engine: the engine on every set of the benches beside its peers' figures and the targets, its speed beside
 * PDFium's bare reading, the odd files, and what rewritings change. `--help` tells the flags.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nodeHost } from "../../src/cli/host.ts";
import { tableOf } from "../../src/cli/terminal.ts";
import type { Host } from "../../src/engine/host.ts";
import { inspectPage } from "../../src/engine/index.ts";
import { convertFolder, withReader } from "./engine/conversion.ts";
import { compareByTools, compareRewritten } from "./engine/rewritings.ts";
import { runRobustness } from "./engine/robustness.ts";
import { type BenchSet, type Place, runScorer, SETS } from "./engine/sets.ts";
import { measureSpeed, measureTool } from "./engine/speed.ts";

const HELP = `npm run bench:engine -- [flags]

  --bench DIR      the benches (default ../shared/bench beside the project)
  --modules DIR    a node_modules with katex (for formulas and tables) and @cantoo/pdf-lib (for rewritings by tools)
  --only LIST      sets and sections: ${[...SETS.map(({ name }) => name.replace(" ", "-")), "speed", "robust", "rewritings"].join(",")}
  --worst N        names the worst N documents a set, and draws their first pages
  --pictures DIR   where those go (default worst/)`;

const ROOT = join(import.meta.dirname, "../..");
const PICTURE_DPI = 110;
const SPEED_SETS: readonly [name: string, folders: readonly string[]][] = [
  ["odl", ["odl/pdfs"]],
  ["ppb", ["ppb-tables/pdfs", "ppb-formulas/pdfs"]],
  ["icdar2013", ["icdar2013/pdfs"]],
];
const TOOLS = { pdftotext: 'pdftotext -q "$f" -', mutool: 'mutool draw -q -F text "$f"' };

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
    only: { type: "string" },
    worst: { type: "string", default: "0" },
    pictures: { type: "string", default: "worst" },
    help: { type: "boolean" },
  },
});
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
  const rows: (string | number)[][] = [];
  const worst: { set: BenchSet; id: string; score: number; script: string }[] = [];
  for (const set of SETS.filter(({ name }) => wanted(name))) {
    const predictions = join(place.work, set.name.replace(" ", "-"));
    const { markdown, failed } = await convertFolder(
      host,
      join(place.bench, "data", set.pdfs),
      predictions,
      set.options,
    );
    for (const [name, message] of failed) print(`${set.name}/${name}: ${message}`);
    for (const scorer of set.scorers) {
      const scored = runScorer(scorer, place, predictions);
      for (const { measure, peer, best, target, value } of scorer.figures) {
        const ours = scored.ran ? (value(scored.summary)?.toFixed(4) ?? "-") : scored.why;
        rows.push([set.name, `${markdown.size}`, measure, ours, peer, best, target]);
      }
      if (!scored.ran) continue;
      const low = Object.entries(scored.documents).sort((a, b) => a[1] - b[1]);
      for (const [id, score] of low.slice(0, Number(values.worst)))
        worst.push({ set, id, score, script: scorer.script });
    }
  }
  if (rows.length > 0)
    print(tableOf(["set", "files", "measure", "ours", "best CPU peer", "best of all", "target"], rows));
  if (worst.length > 0) await showWorst(host, place, worst);
  if (wanted("speed")) await showSpeed(host, place);
  if (wanted("robust")) showRobustness(place);
  if (wanted("rewritings")) await showRewritings(host, place);
}

async function showWorst(
  host: Host,
  place: Place,
  worst: readonly { set: BenchSet; id: string; score: number; script: string }[],
): Promise<void> {
  const folder = resolve(process.env.INIT_CWD ?? ".", values.pictures);
  mkdirSync(folder, { recursive: true });
  const rows: (string | number)[][] = [];
  for (const { set, id, score, script } of worst) {
    const file = join(place.bench, "data", set.pdfs, `${id}.pdf`);
    const picture = join(folder, `${set.name.replace(" ", "-")}-${id}.png`);
    if (existsSync(file) && !existsSync(picture)) {
      const request = { page: 1, layers: ["regions", "order", "tables", "proposals"] as const, dpi: PICTURE_DPI };
      const { png } = await withReader(host, new Uint8Array(readFileSync(file)), (reader) =>
        inspectPage(reader, request),
      );
      writeFileSync(picture, png);
    }
    rows.push([set.name, script.replace("_eval.mjs", ""), id, score.toFixed(4), existsSync(picture) ? picture : "-"]);
  }
  print(`\n${tableOf(["worst", "by", "document", "score", "page 1 as the engine sees it"], rows)}`);
}

async function showSpeed(host: Host, place: Place): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [name, sets] of SPEED_SETS) {
    const folders = sets.map((set) => join(place.bench, "data", set));
    const { pages, bare, ours, pagesPerSecond, opening } = await measureSpeed(host, folders);
    const tools = Object.values(TOOLS).map(
      (command) => measureTool(command, folders, pages)?.toFixed(1) ?? "not installed",
    );
    rows.push([
      name,
      pages,
      pagesPerSecond.toFixed(0),
      ours.toFixed(2),
      bare.toFixed(2),
      (ours / bare).toFixed(2),
      opening.toFixed(1),
      ...tools,
    ]);
  }
  const head = ["speed", "pages", "pages/s", "CPU ms/page", "PDFium bare", "ratio (target 1.5)", "opening ms/file"];
  print(`\n${tableOf([...head, ...Object.keys(TOOLS)], rows)}`);
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
  const folders =
    values.modules === undefined
      ? [join(ROOT, "node_modules")]
      : [resolve(process.env.INIT_CWD ?? ".", values.modules)];
  return folders.find((folder) => existsSync(join(folder, "katex"))) ?? null;
}
