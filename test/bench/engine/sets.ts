/**
 * The sets, what each is scored by, and beside which figures ours is to be read: the best engine without a neural network,
 * the best of all, and the target, as the benches' own page gives them. The scorers are run where they lie.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { ConvertOptions } from "../../../src/engine/index.ts";
import { pdfsIn } from "./conversion.ts";

export interface Place {
  /** The benches' folder. */
  bench: string;
  /** A node_modules with katex; null = none. */
  modules: string | null;
  /** Where Markdown and reports go. */
  work: string;
}

export interface Figure {
  measure: string;
  peer: string;
  best: string;
  target: string;
  /** Out of a scorer's summary. */
  value(summary: Record<string, unknown>): number | null;
}

export interface Scorer {
  script: string;
  needsKatex: boolean;
  args(place: Place, predictions: string): string[];
  /** The summary, from the scorer's output and the report it wrote. */
  summary(stdout: string, report: string): Record<string, unknown>;
  /** Document → score, for the worst ones; the report it wrote. */
  documents?(report: string): Record<string, number>;
  /** Document → its parts by name, of which the low ones are why. */
  parts?(report: string): Record<string, Record<string, number>>;
  figures: Figure[];
}

export interface BenchSet {
  name: string;
  /** Folder of PDFs under data/. */
  pdfs: string;
  options: Partial<ConvertOptions>;
  scorers: Scorer[];
  /** Folder of what its documents say, a file a document. */
  truth: string;
  /** Of held-out documents: the set made the same way, beside which a lower score is over-fitting. */
  like?: string;
}

/** Below the benches' data, or wherever a path of its own says. */
export const dataOf = (bench: string, path: string): string => resolve(bench, "data", path);

const lastLine = (stdout: string) => JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, unknown>;
const field = (name: string) => (summary: Record<string, unknown>) => {
  const value = summary[name];
  return typeof value === "number" ? value : null;
};
const figure = (measure: string, name: string, peer: string, best: string, target: string): Figure => ({
  measure,
  peer,
  best,
  target,
  value: field(name),
});

function markdownScorer(truth: string, figures: Figure[], only?: string): Scorer {
  return {
    script: "odl_eval.mjs",
    needsKatex: false,
    args: ({ bench, work }, predictions) => [
      "--gt",
      dataOf(bench, truth),
      "--pred",
      predictions,
      ...(only === undefined ? [] : ["--ids", namesFile(dataOf(bench, only), work)]),
    ],
    summary: (_, report) => {
      const { summary } = JSON.parse(report) as { summary: Record<string, { mean: number | null }> };
      return Object.fromEntries(Object.entries(summary).map(([name, { mean }]) => [name, mean]));
    },
    documents: (report) => {
      const { documents } = JSON.parse(report) as { documents: Record<string, { overall: number | null }> };
      return Object.fromEntries(Object.entries(documents).map(([id, { overall }]) => [id, overall ?? 0]));
    },
    parts: partsBy({ nid: "order", teds: "tables", mhs: "headings" }),
    figures,
  };
}

/** Names in a report → what a person calls them. */
function partsBy(names: Readonly<Record<string, string>>): NonNullable<Scorer["parts"]> {
  return (report) => {
    const { documents } = JSON.parse(report) as { documents: Record<string, Record<string, number | null>> };
    const told = (one: Record<string, number | null>) =>
      Object.entries(names).flatMap(([name, part]) =>
        typeof one[name] === "number" ? [[part, one[name]] as const] : [],
      );
    return Object.fromEntries(Object.entries(documents).map(([id, one]) => [id, Object.fromEntries(told(one))]));
  };
}

function formulaScorer(truth: string, by: "formula" | "teds", figures: Figure[]): Scorer {
  return {
    script: "ppb_eval.mjs",
    needsKatex: true,
    args: ({ bench }, predictions) => ["--gt", dataOf(bench, truth), "--pred", predictions],
    summary: lastLine,
    documents: (report) => {
      const { documents } = JSON.parse(report) as { documents: Record<string, Record<string, number | null>> };
      const scored = Object.entries(documents).filter(([, one]) => typeof one[by] === "number");
      return Object.fromEntries(scored.map(([id, one]) => [id, one[by]!]));
    },
    parts: partsBy({ text: "text", teds: "tables", formula: "formulas" }),
    figures,
  };
}

function figureScorer(reference: string, peer: string): Scorer {
  return {
    script: "fig_eval.mjs",
    needsKatex: false,
    args: ({ bench }, predictions) => ["--ref", dataOf(bench, reference), "--pred", join(predictions, "figures.json")],
    summary: lastLine,
    figures: [
      figure("figures F1 at IoU 0.5", "f1_50", peer, "", "0.88"),
      figure("figures recall", "recall50", "", "", ""),
    ],
  };
}

const SCANNED = [figure("text NID (no OCR yet)", "nid", "0.924 / 0.857", "", "equal text")];

/** A folder as synth_docs.mjs makes it, or less of it: what has no truth there is not scored. */
export function synthSet(name: string, root: string): BenchSet {
  const truth = (part: string) => join(root, part);
  return {
    name,
    pdfs: truth("pdfs"),
    options: {},
    truth: truth("markdown"),
    scorers: [
      markdownScorer(truth("markdown"), [
        figure("overall", "overall", "0.816", "", "0.97"),
        figure("reading order NID", "nid", "", "", ""),
        figure("tables TEDS", "teds", "", "", ""),
        figure("headings MHS", "mhs", "", "", ""),
      ]),
      {
        script: "page_tests.mjs",
        needsKatex: true,
        args: ({ bench }, predictions) => ["--tests", dataOf(bench, truth("tests.jsonl")), "--pred", predictions],
        summary: lastLine,
        figures: [figure("page tests passed", "pass", "0.978", "", "1")],
      },
      formulaScorer(truth("ground_truth"), "formula", [figure("formulas", "formula", "", "", "0.97")]),
      figureScorer(truth("figures.json"), ""),
    ],
  };
}

/** What each scorer of synthSet needs to be there. */
const NEEDS = ["markdown", "tests.jsonl", "ground_truth", "figures.json"];

/** Documents that nobody fitted anything on, as a set of its own. */
export function heldOutSet(folder: string): BenchSet {
  const set = synthSet(basename(folder), folder);
  const scorers = set.scorers.filter((_, i) => existsSync(join(folder, NEEDS[i]!)));
  return { ...set, scorers, ...(scorers.length === NEEDS.length ? { like: "synth" } : {}) };
}

export const SETS: readonly BenchSet[] = [
  {
    name: "odl",
    pdfs: "odl/pdfs",
    // Its truth keeps running heads.
    options: { includePageInfo: true },
    truth: "odl/markdown",
    scorers: [
      markdownScorer("odl/markdown", [
        figure("overall", "overall", "0.8875", "0.906", "0.93"),
        figure("reading order NID", "nid", "0.919", "0.934", "0.945"),
        figure("tables TEDS", "teds", "0.818", "0.928", "0.93"),
        figure("headings MHS", "mhs", "0.823", "0.821", "0.87"),
      ]),
      figureScorer("odl/reference.json", "0.723"),
    ],
  },
  {
    name: "icdar2013",
    pdfs: "icdar2013/pdfs",
    options: {},
    truth: "icdar2013/ground_truth",
    scorers: [
      {
        script: "icdar_eval.mjs",
        needsKatex: true,
        args: ({ bench }, predictions) => ["--gt", join(bench, "data/icdar2013/ground_truth"), "--pred", predictions],
        summary: lastLine,
        documents: (report) => {
          const { documents } = JSON.parse(report) as { documents: Record<string, { teds: number }> };
          return Object.fromEntries(Object.entries(documents).map(([id, { teds }]) => [id, teds]));
        },
        parts: partsBy({ precision: "table precision", recall: "table recall", teds: "tables" }),
        figures: [figure("tables F1", "f1", "0.762", "", "0.92"), figure("tables TEDS", "teds", "0.656", "", "0.88")],
      },
    ],
  },
  {
    name: "ppb-tables",
    pdfs: "ppb-tables/pdfs",
    options: {},
    truth: "ppb-tables/ground_truth",
    scorers: [
      formulaScorer("ppb-tables/ground_truth", "teds", [
        figure("tables TEDS", "table_teds", "0.457", "(judged)", "0.90"),
        figure("text", "text", "", "", ""),
      ]),
    ],
  },
  {
    name: "ppb-formulas",
    pdfs: "ppb-formulas/pdfs",
    options: {},
    truth: "ppb-formulas/ground_truth",
    scorers: [
      formulaScorer("ppb-formulas/ground_truth", "formula", [
        figure("formulas", "formula", "0", "(judged)", "0.97"),
        figure("formulas exact", "exact", "0", "", "0.85"),
        figure("text", "text", "", "", "0.98"),
      ]),
    ],
  },
  {
    name: "tex",
    pdfs: "tex/pdfs",
    options: {},
    truth: "tex/ground_truth",
    scorers: [
      formulaScorer("tex/ground_truth", "formula", [
        figure("formulas", "formula", "0.001", "", "0.93"),
        figure("text", "text", "", "", ""),
      ]),
    ],
  },
  synthSet("synth", "synth"),
  {
    name: "scans office",
    pdfs: "scans/odl-office",
    options: { includePageInfo: true },
    truth: "odl/markdown",
    scorers: [markdownScorer("odl/markdown", SCANNED, "scans/odl-office")],
  },
  {
    name: "scans poor",
    pdfs: "scans/odl-poor",
    options: { includePageInfo: true },
    truth: "odl/markdown",
    scorers: [markdownScorer("odl/markdown", SCANNED, "scans/odl-poor")],
  },
];

export type Scored =
  | {
      ran: true;
      summary: Record<string, unknown>;
      documents: Record<string, number>;
      parts: Record<string, Record<string, number>>;
    }
  | { ran: false; why: string };

export function runScorer(scorer: Scorer, place: Place, predictions: string): Scored {
  if (scorer.needsKatex && place.modules === null) return { ran: false, why: "not run: --modules DIR with katex" };
  const report = join(place.work, `report-${process.pid}.json`);
  const args = [join(place.bench, scorer.script), ...scorer.args(place, predictions), "--out", report];
  if (scorer.needsKatex) args.push("--modules", place.modules!);
  const run = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) return { ran: false, why: `failed: ${run.stderr.trim().split("\n").at(-1)}` };
  const written = existsSync(report) ? readFileSync(report, "utf8") : "{}";
  const [documents, parts] = [scorer.documents?.(written) ?? {}, scorer.parts?.(written) ?? {}];
  return { ran: true, summary: scorer.summary(run.stdout, written), documents, parts };
}

/** A file that names the documents of a folder, as the scorers take it. */
function namesFile(folder: string, work: string): string {
  const file = join(work, "ids.txt");
  writeFileSync(
    file,
    pdfsIn(folder)
      .map((name) => name.slice(0, -4))
      .join("\n"),
  );
  return file;
}
