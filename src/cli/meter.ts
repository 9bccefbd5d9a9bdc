/**
 * PDFium's module with its meter (engine/meter) → dist/pdfium.wasm, which the converting Worker imports:
 * Workers can't make code at run time. Wrangler runs this before it bundles. Writes only what has changed.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { meteredPdfium } from "./host.ts";
import { ROOT } from "./wrangler.ts";

const FOLDER = join(ROOT, "dist");
const FILE = join(FOLDER, "pdfium.wasm");

const made = await meteredPdfium();
const there = await readFile(FILE).catch(() => undefined);
if (there === undefined || !there.equals(made)) {
  await mkdir(FOLDER, { recursive: true });
  // Whole or not at all: several may be at it.
  await writeFile(`${FILE}.${process.pid}`, made);
  await rename(`${FILE}.${process.pid}`, FILE);
}
