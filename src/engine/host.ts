/** What the engine asks from outside. Two real versions: Workers (static wasm imports) and Node (files). */

/** A source that can be read in ranges; `read` may return fewer bytes only at the end. */
export interface ByteSource {
  size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface Host {
  /** @embedpdf/pdfium's module, with the meter of src/engine/meter.ts. */
  pdfium: WebAssembly.Module;
  /** src/engine/readers/pdf/trampoline.wasm: lets PDFium's C code call a JavaScript function where no code may be generated. */
  trampoline: WebAssembly.Module;
  /** Bytes that one instance's wasm memory may grow to; what a page needs beyond is refused. */
  wasmBytesMax: number;
}
