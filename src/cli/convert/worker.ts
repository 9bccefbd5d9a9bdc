/** A worker thread: one file at a time through the engine, from its bytes to its outputs on disk. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { EngineError } from "../../engine/errors.ts";
import type { ByteSource } from "../../engine/host.ts";
import { convert, open, readPageRanges, summarise, WRITERS } from "../../engine/index.ts";
import { noticesOf } from "../../engine/warnings.ts";
import { hashFile } from "../client/files.ts";
import { openRanges } from "../host.ts";
import { writeWhole } from "../outputs.ts";
import { FigureNames, linkTo, writeFigures } from "./figures.ts";
import { isThere } from "./ledger.ts";
import type { Message, Outcome, Task, WorkerStart } from "./task.ts";

/** Larger files are read in ranges: every thread holds one, beside what PDFium makes of it. */
const WHOLE_BYTES = 256 * 2 ** 20;
/** A page is a few milliseconds; the bar wants to hear much less often. */
const TELL_MS = 200;

const start = workerData as WorkerStart;
parentPort!.on("message", async (task: Task) => {
  const began = performance.now();
  const outcome = await convertFile(task).catch(failed);
  tell({ kind: "end", index: task.index, ...outcome, ms: Math.round(performance.now() - began) });
});

function tell(message: Message): void {
  parentPort!.postMessage(message);
}

async function convertFile(task: Task): Promise<Outcome> {
  const source = await readSource(task.path);
  try {
    const { made } = task;
    const same = made !== null && made.sha256 === source.sha256 && made.recipe === start.recipe;
    if (same && (await isThere(made, task.base, start.formats.map(extensionOf)))) {
      const { pages, sizes, figures = {}, warnings = [], quality = null } = made;
      return { ...NOTHING, status: "skipped", pages, sizes, figures, sha256: source.sha256, warnings, quality };
    }
    return await convertSource(task, source.bytes, source.sha256);
  } finally {
    await source.close();
  }
}

async function convertSource(task: Task, bytes: Uint8Array | ByteSource, sha256: string): Promise<Outcome> {
  const reader = await open(bytes, start.host);
  try {
    const pages = readPageRanges(start.options.pageRanges, reader.pageCount);
    const names = new FigureNames();
    let told = 0;
    const { outputs, warnings, quality } = await convert(reader, {
      pages,
      formats: start.formats,
      context: {
        fileId: idFrom(sha256),
        sourceHash: sha256,
        options: start.options,
        cropUrl: linkTo(start.figures, task.path, task.base, names),
      },
      onPage(done) {
        if (performance.now() - told < TELL_MS) return;
        told = performance.now();
        tell({ kind: "page", index: task.index, done, total: pages.length });
      },
    });
    const figures = await writeFigures(reader, names, task.base);
    const sizes: Record<string, number> = {};
    for (const [format, text] of outputs) {
      const encoded = Buffer.from(text);
      await writeWhole(`${task.base}.${extensionOf(format)}`, encoded);
      sizes[extensionOf(format)] = encoded.length;
    }
    const lost = { warnings: noticesOf([...warnings, ...figures.warnings]), quality: summarise(quality) };
    return { ...NOTHING, status: "converted", pages: pages.length, sizes, figures: figures.sizes, sha256, ...lost };
  } finally {
    reader.close();
  }
}

function extensionOf(format: string): string {
  return WRITERS[format]!.extension;
}

/** The bytes and their hash, in one read where they fit. */
async function readSource(path: string) {
  const { size } = await stat(path);
  if (size <= WHOLE_BYTES) {
    const bytes = new Uint8Array(await readFile(path));
    return { bytes, sha256: createHash("sha256").update(bytes).digest("hex"), close: async () => {} };
  }
  const sha256 = await hashFile(path);
  const ranges = await openRanges(path);
  return { bytes: ranges.source, sha256, close: ranges.close };
}

/** In the form of a file's id; the same bytes always give the same. */
function idFrom(sha256: string): string {
  return sha256.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const NOTHING: Omit<Outcome, "status"> = {
  pages: 0,
  ms: 0,
  sizes: {},
  figures: {},
  sha256: null,
  code: null,
  message: null,
  warnings: [],
  quality: null,
  unsound: false,
};

function failed(error: unknown): Outcome {
  const failure = { ...NOTHING, status: "failed" as const };
  if (error instanceof EngineError) return { ...failure, code: error.code, message: error.message };
  if (error instanceof Error && "syscall" in error) return { ...failure, code: "file_error", message: error.message };
  return {
    ...failure,
    code: "internal_error",
    message: error instanceof Error ? error.message : String(error),
    unsound: true,
  };
}
