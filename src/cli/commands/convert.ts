/** `sheaf convert`: files through the engine on this machine, on all cores, without any service. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { WRITERS } from "../../engine/index.ts";
import { formatsOf, REQUEST_FIELDS, readOptions, toConvertOptions } from "../../jobs/request/options.ts";
import { Failure } from "../../lib/failure.ts";
import { nearestName } from "../../lib/nearest.ts";
import { canonicalJson } from "../client/files.ts";
import { type Command, readCount, readJsonObject, readList, UsageError } from "../command.ts";
import { FIGURE_MODES, type FigureMode, figureFolder } from "../convert/figures.ts";
import { openLedger } from "../convert/ledger.ts";
import { runTasks, type Seat } from "../convert/pool.ts";
import { describeRun, type FileReport, totalsOf } from "../convert/report.ts";
import type { Outcome, Task, WorkerStart } from "../convert/task.ts";
import { engineBuild, nodeHost } from "../host.ts";
import { findInputs, type Missing } from "../inputs.ts";
import { type Named, stemsOf } from "../outputs.ts";
import { note, print, printJson, progressBar } from "../terminal.ts";

const DEFAULT_FORMATS = ["mmd"];
/** 5,000 pages take under a minute; what takes ten is stuck. */
const DEFAULT_TIMEOUT_S = 600;

const HELP = `sheaf convert FILE|DIR|GLOB... --out DIR   convert PDFs on this machine, on all cores

  --out DIR           where the outputs go, as <stem>.<ext>. Documents of the same stem keep their folder, counted from
                      the deepest folder that all arguments share: x1/a.pdf and x2/a.pdf → DIR/x1/a.mmd, DIR/x2/a.mmd
  --formats LIST      ${Object.keys(WRITERS).join(",")} (default ${DEFAULT_FORMATS.join(",")})
  --figures HOW       files: pictures in a folder <stem> beside the Markdown, as <page>-<number>.jpg (default)
                      links: addresses of their places in the source PDF, nothing drawn; none: their captions alone
  --options JSON      any conversion option of the API, e.g. '{"page_ranges":"1-3","include_page_info":true}';
                      "continued_tables":"keep" writes a table that goes on over pages once a page, not merged into one
  --workers N         threads (default: one a core)
  --timeout S         seconds one file may take (default ${DEFAULT_TIMEOUT_S})
  --resume            skip what is there and was made from the same bytes, options and engine
  --json              one JSON object on stdout instead of the table

Exit code 1 when any file failed or wasn't found; that never stops the rest. What was lost of a document (a page that
is only a picture, say) is told as warnings, one a kind; trust (0 to 1) is the share of what its pages say that stands
in its text, and --json tells all of a document's quality. A figure that can't be drawn is a white pixel and a warning.`;

interface Plan {
  inputs: Named[];
  missing: Missing[];
  out: string;
  start: WorkerStart;
  width: number;
  timeoutMs: number;
  resume: boolean;
  json: boolean;
}

export const convertCommand: Command = {
  help: HELP,
  async run(args) {
    const began = Date.now();
    const plan = await readPlan(args);
    const files = [...(await carryOut(plan)), ...plan.missing.map(notFound)];
    const totals = totalsOf(files, began);
    if (plan.json) printJson({ files, totals });
    else print(describeRun(files, totals));
    return totals.failed > 0 ? 1 : 0;
  },
};

async function readPlan(args: string[]): Promise<Plan> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: "string" },
      formats: { type: "string" },
      figures: { type: "string" },
      options: { type: "string" },
      workers: { type: "string" },
      timeout: { type: "string" },
      resume: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  if (positionals.length === 0) throw new UsageError("nothing to convert: name files, folders or patterns");
  if (values.out === undefined) throw new UsageError("--out DIR is missing");
  const given = readGivenOptions(readJsonObject("options", values.options));
  const formats = readFormats([...readList("formats", values.formats, DEFAULT_FORMATS), ...formatsOf(given)]);
  const options = toConvertOptions(given);
  const figures = readFigureMode(values.figures);
  const recipe = createHash("sha256")
    .update(canonicalJson([await engineBuild(), options, figures]))
    .digest("hex");
  return {
    ...(await findInputs(positionals)),
    out: resolve(values.out),
    start: { host: await nodeHost(), options, formats, figures, recipe },
    width: readCount("workers", values.workers, availableParallelism()),
    timeoutMs: readCount("timeout", values.timeout, DEFAULT_TIMEOUT_S) * 1000,
    resume: values.resume ?? false,
    json: values.json ?? false,
  };
}

/** As the API reads them; what it would warn about is said. */
function readGivenOptions(raw: Record<string, unknown>): Record<string, unknown> {
  try {
    const { options, warnings } = readOptions(raw);
    const elsewhere = Object.keys(raw).filter((name) => REQUEST_FIELDS.has(name));
    if (elsewhere.length > 0) {
      warnings.unshift(`${elsewhere.join(", ")}: means nothing here, it tells a service which file and where to`);
    }
    for (const warning of warnings) note(`warning: ${warning}`);
    return options;
  } catch (error) {
    if (error instanceof Failure) throw new UsageError(`--options: ${error.message}`);
    throw error;
  }
}

function readFormats(names: string[]): string[] {
  for (const name of names) {
    if (Object.hasOwn(WRITERS, name)) continue;
    const near = nearestName(name, Object.keys(WRITERS));
    throw new UsageError(
      `format "${name}" is not available${near === null ? "" : ` (did you mean "${near}"?)`}; these are: ${Object.keys(WRITERS).join(", ")}`,
    );
  }
  return [...new Set(names)];
}

function readFigureMode(name: string = FIGURE_MODES[0]): FigureMode {
  const mode = FIGURE_MODES.find((each) => each === name);
  if (mode === undefined) throw new UsageError(`--figures is one of ${FIGURE_MODES.join(", ")}, not "${name}"`);
  return mode;
}

async function carryOut(plan: Plan): Promise<FileReport[]> {
  const ledger = openLedger(plan.out);
  const stems = stemsOf(plan.inputs);
  const tasks = plan.inputs.map((input, index): Task => {
    const out = stems[index]!;
    return { index, path: input.path, base: join(plan.out, out), made: plan.resume ? ledger.find(out) : null };
  });
  const reports: FileReport[] = new Array(tasks.length);
  const bar = progressBar(plan.json && process.stderr.isTTY !== true);
  let ended = 0;
  let pages = 0;
  const began = Date.now();
  const show = (seats: Seat[]): void => {
    const part = seats.reduce((sum, seat) => sum + (seat.total > 0 ? seat.done / seat.total : 0), 0);
    const now = pages + seats.reduce((sum, seat) => sum + seat.done, 0);
    const rate = Math.round((now * 1000) / Math.max(1, Date.now() - began));
    bar.update(ended + part, tasks.length, `${ended}/${tasks.length} files, ${now} pages, ${rate} pages/s`);
  };
  await runTasks(await largestFirst(tasks), plan.start, plan, {
    progress: show,
    ended(task, outcome) {
      ended += 1;
      if (outcome.status === "converted") pages += outcome.pages;
      reports[task.index] = reportOf(task, outcome);
      const { sha256, pages: made, sizes, figures, warnings, quality } = outcome;
      if (outcome.status === "converted" && sha256 !== null) {
        ledger.add({
          out: stems[task.index]!,
          sha256,
          recipe: plan.start.recipe,
          pages: made,
          sizes,
          figures,
          warnings,
          quality,
        });
      }
      show([]);
    },
  });
  bar.end();
  return reports;
}

/** A large file begun last would leave the other cores idle at the end. */
async function largestFirst(tasks: Task[]): Promise<Task[]> {
  const sized = await Promise.all(
    tasks.map(async (task) => ({ task, size: (await stat(task.path).catch(() => null))?.size ?? 0 })),
  );
  return sized.sort((a, b) => b.size - a.size || a.task.index - b.task.index).map(({ task }) => task);
}

function reportOf(task: Task, outcome: Outcome): FileReport {
  const out =
    outcome.status === "failed" ? [] : Object.keys(outcome.sizes).map((extension) => `${task.base}.${extension}`);
  const folder = figureFolder(task.base);
  const figures = Object.keys(outcome.figures).map((name) => join(folder, name));
  const { pages, ms, status, code, message, warnings, quality } = outcome;
  return { in: task.path, out, figures, pages, ms, status, code, message, warnings, quality };
}

function notFound({ path, message }: Missing): FileReport {
  const nothing = { out: [], figures: [], pages: 0, ms: 0, warnings: [], quality: null };
  return { in: path, status: "failed", code: "not_found", message, ...nothing };
}
