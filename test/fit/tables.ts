/**
 * Fits the weights of layout/weights.ts (tables) again. For every page of the sets whose tables are known, every proposal is compared with
 * the true tables of its document; a logistic model learns from its features how much of a table it is.
 *
 *   node test/fit/tables.ts --modules NODE_MODULES_WITH_KATEX [--bench ../shared/bench] [--folders DIR,DIR] [--ablate]
 *
 * A folder has pdfs/ and markdown/, as the generators write them. Prints the weights in the form of weights.ts; to stderr, how each set is
 * told by the weights fitted on the others (share told right, and loss), how much a bias moved by hand would change that, how good what
 * decide takes is by the weights fitted and those in use, and with --ablate the held-out loss of each set without each feature and what
 * the weights in use would take without it. Judge by what is taken: the loss counts junk that decide never takes.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { nodeHost } from "../../src/cli/host.ts";
import { extract } from "../../src/engine/extract/index.ts";
import { decide } from "../../src/engine/layout/decide.ts";
import { layOut } from "../../src/engine/layout/index.ts";
import type { Proposal, TableProposal } from "../../src/engine/layout/propose/proposal.ts";
import { MODELS } from "../../src/engine/layout/weights.ts";
import type { PageLines } from "../../src/engine/page-lines.ts";
import { open } from "../../src/engine/readers/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../src/engine/survey/index.ts";

type Grid = string[][];
interface Sample {
  set: string;
  features: Record<string, number>;
  /** How much of a table it is, 0..1. */
  target: number;
}
/** A document's tables and all that was proposed, page by page; teds: of each table proposal with each true table. */
interface Seen {
  set: string;
  truths: number;
  pages: Proposal[][];
  teds: Map<Proposal, number[]>;
}
interface Model {
  bias: number;
  weights: Readonly<Record<string, number>>;
}
interface Scorers {
  gridTeds(a: Grid, b: Grid): number;
  markdownTables(text: string): { cells: unknown[] }[];
  latexTable(text: string): { cells?: unknown[] } | unknown[];
  expandSpans(cells: unknown, fill: string): Grid;
  plainCell(katex: unknown, text: string): string;
}

const arg = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const BENCH = resolve(arg("bench", join(import.meta.dirname, "../../../shared/bench")));
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);
const FOLDERS = arg("folders", "")
  .split(",")
  .filter(Boolean)
  .map((folder) => resolve(folder));
const BENCH_SETS = ["odl", "icdar2013", "ppb-tables", "ppb-formulas", "synth"];
/** Below it a proposal has nothing of the table, above the other it is the table: formulas in cells are spelled otherwise in the truth. */
const NOTHING = 0.15;
const ALL = 0.75;
/** Gradient descent: steps, rate, and the pull towards 0 that keeps weights of rare features small. */
const STEPS = 6_000;
const RATE = 3;
/** An ablation fits dozens of models, each begun at the full one. */
const ABLATION_STEPS = 1_000;
/** Moves of the bias that are tried on each set with the others' weights. */
const BIAS_MOVES = [-0.9, -0.45, 0, 0.45, 0.9, 1.35];
const SHRINK = 0.0004;

const scorers: Scorers = await import(pathToFileURL(join(BENCH, "tables.mjs")).href);
const { loadKatex } = await import(pathToFileURL(join(BENCH, "latex_canon.mjs")).href);
const katex: unknown = loadKatex(arg("modules", ""));

const samples: Sample[] = [];
const seen: Seen[] = [];
for (const set of BENCH_SETS) samples.push(...(await samplesOf(set, join(BENCH, "data", set))));
for (const folder of FOLDERS) samples.push(...(await samplesOf(basename(folder), folder)));
const sets = [...new Set(samples.map(({ set }) => set))];
const names = [...new Set(samples.flatMap((one) => Object.keys(one.features)))];
say(`${samples.length} proposals, ${samples.filter((one) => one.target > 0.5).length} of them tables`);
const fitted = fitModel(samples, names, STEPS);
const heldOut = new Map(
  sets.map((set) => [
    set,
    fitModel(
      samples.filter((one) => one.set !== set),
      names,
      STEPS,
    ),
  ]),
);
for (const set of sets) {
  const own = samples.filter((one) => one.set === set);
  say(
    `${set}: of ${own.length} told right by the others' weights ${told(own, heldOut.get(set)!)}, by all sets' ${told(own, fitted)}, by those in use ${told(own, MODELS.table)}`,
  );
}
for (const by of BIAS_MOVES) {
  const moved = sets.map((set) => {
    const model = heldOut.get(set)!;
    return told(
      samples.filter((one) => one.set === set),
      { ...model, bias: model.bias + by },
    );
  });
  say(`bias ${by >= 0 ? "+" : ""}${by}: ${sets.map((set, i) => `${set} ${moved[i]}`).join(", ")}`);
}
tellTaken("fitted", fitted);
tellTaken("in use", MODELS.table);
if (process.argv.includes("--ablate")) {
  ablate();
  for (const name of Object.keys(MODELS.table.weights)) {
    tellTaken(`- ${name}`, { ...MODELS.table, weights: { ...MODELS.table.weights, [name]: 0 } });
  }
}
print(`bias: ${fitted.bias.toFixed(1)},`);
for (const [name, weight] of Object.entries(fitted.weights)) print(`${name}: ${weight.toFixed(1)},`);

/** Share told right, and mean loss. */
function told(own: readonly Sample[], model: Model): string {
  const right = own.filter((one) => logit(model, one.features) > 0 === one.target > 0.5).length;
  return `${(right / own.length).toFixed(3)} (loss ${lossOf(own, model).toFixed(3)})`;
}

function lossOf(own: readonly Sample[], model: Model): number {
  const sum = own.reduce((all, { features, target }) => {
    const score = logit(model, features);
    return all + Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - target * score;
  }, 0);
  return sum / own.length;
}

function tellTaken(title: string, model: Model): void {
  const scores = sets.map((set) => {
    const own = seen.filter((one) => one.set === set).flatMap((one) => taken(one, model));
    const mean = own.reduce((a, b) => a + b, 0) / Math.max(1, own.length);
    return `${set} ${own.length === 0 ? "-" : mean.toFixed(4)}`;
  });
  say(`taken, ${title}: ${scores.join(", ")}`);
}

/** How good the tables are that decide takes, over all true or taken ones; nothing where there are neither. */
function taken({ truths, pages, teds }: Seen, model: Model): number[] {
  const tables = pages
    .flatMap((page) =>
      decide(
        page.map((one) => (one.kind === "table" ? Object.assign(one, { score: logit(model, one.features) }) : one)),
      ),
    )
    .filter((one) => one.kind === "table");
  if (truths + tables.length === 0) return [];
  const pairs = tables.flatMap((table) => teds.get(table)!.map((value, truth) => ({ table, truth, value })));
  const used = new Set<unknown>();
  let sum = 0;
  for (const { table, truth, value } of pairs.sort((a, b) => b.value - a.value)) {
    if (used.has(table) || used.has(truth)) continue;
    used.add(table).add(truth);
    sum += value;
  }
  return [sum / Math.max(truths, tables.length)];
}

/** What the loss of each set grows by, told by the others' weights, when a feature is dropped: above 0 it pays. */
function ablate(): void {
  say(
    `ablation: loss without it less loss with it, each set by the others' weights\n${"".padEnd(12)}${sets.map((set) => set.padStart(14)).join("")}`,
  );
  for (const name of names) {
    const rest = names.filter((other) => other !== name);
    const changes = sets.map((set) => {
      const own = samples.filter((one) => one.set === set);
      const others = samples.filter((one) => one.set !== set);
      const without = fitModel(others, rest, ABLATION_STEPS, heldOut.get(set));
      return lossOf(own, without) - lossOf(own, heldOut.get(set)!);
    });
    say(name.padEnd(12) + changes.map((by) => by.toFixed(4).padStart(14)).join(""));
  }
}

async function samplesOf(set: string, data: string): Promise<Sample[]> {
  const host = await nodeHost();
  const folder = join(data, "pdfs");
  const out: Sample[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".pdf"))) {
    const truth = truthOf(data, file.replace(/\.pdf$/, ""));
    const reader = await open(new Uint8Array(readFileSync(join(folder, file))), host);
    const pages: PageLines[] = [];
    for (let number = 1; number <= reader.pageCount; number++) pages.push(extract(await reader.page(number)));
    reader.close();
    const profile = profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()));
    const document: Seen = { set, truths: truth.length, pages: [], teds: new Map() };
    for (const page of pages) {
      layOut(page, profile, (traced) => {
        document.pages.push(traced.map(({ proposal }) => proposal));
        for (const { proposal } of traced) {
          if (proposal.kind !== "table") continue;
          const grid = gridOf(proposal, page);
          const teds = truth.map((one) => scorers.gridTeds(one, grid));
          document.teds.set(proposal, teds);
          const target = Math.min(1, Math.max(0, (Math.max(0, ...teds) - NOTHING) / (ALL - NOTHING)));
          out.push({ set, features: proposal.features, target });
        }
      });
    }
    seen.push(document);
  }
  return out;
}

function truthOf(data: string, name: string): Grid[] {
  const clean = (grid: Grid) => grid.map((row) => row.map((cell) => scorers.plainCell(katex, cell)));
  const markdown = join(data, "markdown", `${name}.md`);
  if (existsSync(markdown)) {
    return scorers
      .markdownTables(readFileSync(markdown, "utf8"))
      .map((table) => clean(scorers.expandSpans(table.cells, "blank")));
  }
  const json = join(data, "ground_truth", `${name}.json`);
  if (existsSync(json)) {
    const parts = JSON.parse(readFileSync(json, "utf8")) as { type: string; data: string }[];
    return parts
      .filter((part) => part.type === "table")
      .map((part) => {
        const table = scorers.latexTable(part.data);
        return clean(scorers.expandSpans(Array.isArray(table) ? table : table.cells, "blank"));
      });
  }
  const xml = readdirSync(join(data, "ground_truth")).find(
    (file) => file.startsWith(name) && file.endsWith("-str.xml"),
  );
  return xml === undefined ? [] : tablesOfXml(readFileSync(join(data, "ground_truth", xml), "utf8")).map(clean);
}

function tablesOfXml(xml: string): Grid[] {
  return xml
    .split(/<table\b/)
    .slice(1)
    .map((table) => {
      const grid: Grid = [];
      for (const [, attributes = "", inner = ""] of table.matchAll(/<cell\b([^>]*)>([\s\S]*?)<\/cell>/g)) {
        const at = (name: string) => Number(new RegExp(`${name}\\s*=\\s*['"](-?\\d+)`).exec(attributes)?.[1] ?? 0);
        const content = /<content>([\s\S]*?)<\/content>/.exec(inner)?.[1] ?? "";
        while (grid.length <= at("start-row")) grid.push([]);
        grid[at("start-row")]![at("start-col")] = content
          .replace(/&lt;/g, "<")
          .replace(/&gt;/g, ">")
          .replace(/&amp;/g, "&");
      }
      const wide = Math.max(...grid.map((row) => row.length));
      return grid.map((row) => Array.from({ length: wide }, (_, i) => row[i] ?? ""));
    });
}

function gridOf({ grid }: TableProposal, page: PageLines): Grid {
  const out = Array.from({ length: grid.rows }, () => new Array<string>(grid.columns).fill(""));
  for (const cell of grid.cells) {
    const text = cell.words.map((word) => page.words[word]!.text).join(" ");
    const row = out[cell.row];
    if (row !== undefined) row[cell.column] = scorers.plainCell(katex, text);
  }
  return out;
}

function logit({ bias, weights }: Model, features: Record<string, number>): number {
  return Object.entries(features).reduce((sum, [name, value]) => sum + (weights[name] ?? 0) * value, bias);
}

/** Each set counts the same, however many pages it has. */
function fitModel(from: readonly Sample[], names: readonly string[], steps: number, start?: Model): Model {
  const counts = new Map<string, number>();
  for (const { set } of from) counts.set(set, (counts.get(set) ?? 0) + 1);
  // The last column is the bias.
  const rows = from.map(({ features }) => Float64Array.from([...names.map((name) => features[name] ?? 0), 1]));
  const weights = Float64Array.from([...names.map((name) => start?.weights[name] ?? 0), start?.bias ?? 0]);
  for (let step = 0; step < steps; step++) {
    const gradient = weights.map((weight, i) => (i < names.length ? -SHRINK * weight : 0));
    for (let s = 0; s < from.length; s++) {
      const [row, { set, target }] = [rows[s]!, from[s]!];
      let score = 0;
      for (let i = 0; i < row.length; i++) score += row[i]! * weights[i]!;
      const off = (target - 1 / (1 + Math.exp(-score))) / (counts.get(set)! * counts.size);
      for (let i = 0; i < row.length; i++) gradient[i]! += off * row[i]!;
    }
    gradient.forEach((by, i) => {
      weights[i]! += RATE * by;
    });
  }
  return {
    bias: weights[names.length]!,
    weights: Object.fromEntries(names.map((name, i) => [name, weights[i]!])),
  };
}
