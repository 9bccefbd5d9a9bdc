/** The engine's Host under Node, for tests: the two wasm modules read from their files. */
import { readFileSync } from "node:fs";
import type { Host } from "../../src/engine/host.ts";

const read = (path: string) => new WebAssembly.Module(readFileSync(new URL(`../../${path}`, import.meta.url)));

export const host: Host = {
  pdfium: read("node_modules/@embedpdf/pdfium/dist/pdfium.wasm"),
  trampoline: read("src/engine/readers/pdf/trampoline.wasm"),
};
