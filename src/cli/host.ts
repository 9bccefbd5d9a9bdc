/** What the engine asks from outside, on Node: the wasm modules from files, compiled once a process; a file in ranges. */
import { createHash } from "node:crypto";
import { open, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ByteSource, Host } from "../engine/host.ts";
import { meterModule } from "../engine/meter.ts";

const PDFIUM = createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm");
const ENGINE_FOLDER = join(import.meta.dirname, "../engine");
const TRAMPOLINE = join(ENGINE_FOLDER, "readers/pdf/trampoline.wasm");

/** 1 GiB: a laptop has memory for the maps and posters that an isolate refuses, but not for every core to take all of it. */
const WASM_BYTES_MAX = 2 ** 30;

/** Modules may be handed to worker threads: compiled once, shared by all. */
export async function nodeHost(): Promise<Host> {
  const [pdfium, trampoline] = await Promise.all([meteredPdfium(), readFile(TRAMPOLINE)].map(compile));
  return { pdfium: pdfium!, trampoline: trampoline!, wasmBytesMax: WASM_BYTES_MAX };
}

/** PDFium's module with a meter in its loops. */
export async function meteredPdfium(): Promise<Uint8Array> {
  return meterModule(await readFile(PDFIUM));
}

async function compile(bytes: Promise<Uint8Array>): Promise<WebAssembly.Module> {
  // Node's own name for it: the runtime's types belong to Workers, where nothing compiles at run time.
  const { compile } = WebAssembly as unknown as { compile(bytes: Uint8Array): Promise<WebAssembly.Module> };
  return compile(await bytes);
}

/** What exactly makes an output beside source and options: a digest of the engine's own files and PDFium's. */
export async function engineBuild(): Promise<string> {
  const names = (await readdir(ENGINE_FOLDER, { recursive: true })).filter((name) => /\.(ts|wasm)$/.test(name)).sort();
  const digest = createHash("sha256");
  for (const file of [...names.map((name) => join(ENGINE_FOLDER, name)), PDFIUM]) digest.update(await readFile(file));
  return digest.digest("hex");
}

/** A file too large to be held whole. */
export async function openRanges(path: string): Promise<{ source: ByteSource; close(): Promise<void> }> {
  const handle = await open(path);
  const { size } = await handle.stat();
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  };
  return { source: { size, read }, close: () => handle.close() };
}
