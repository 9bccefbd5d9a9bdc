/**
 * PDFium in WebAssembly: one instance a document, its raw exports, and its memory through typed arrays. Only this file
 * and `runtime` touch wasm memory; what the numbers mean is left to the files beside it.
 * Raw exports, since Emscripten's cwrap costs 15 times the call; views are made anew whenever the memory has grown.
 */
import { visibleText } from "../../fonts/invisible.ts";
import type { Host } from "../../host.ts";
import { METER } from "../../meter.ts";
import { type Exports, NAMES, type Name } from "./exports.ts";
import { instantiate } from "./runtime.ts";

/** Bytes of scratch memory for out parameters and short strings; strings that need more get their own allocation. */
const SCRATCH_BYTES = 4_096;
/** Longest string taken from a file in bytes (titles, field values, alternative texts); the rest is cut. */
const MAX_STRING_BYTES = 1 << 20;

/** A block callback of FPDF_FILEACCESS: copies `length` bytes at `offset` to `pointer`; 1 = done, 0 = could not. */
export interface BlockReader {
  /** Called where the wasm stack can be suspended. */
  wait(offset: number, length: number, pointer: number): number | Promise<number>;
  /** Called where it can't: answers from what is at hand. */
  now(offset: number, length: number, pointer: number): number;
}

export class Pdfium {
  readonly api: Exports;
  /** Scratch memory for out parameters: valid until the next call that takes it. */
  readonly scratch: number;
  #memory: WebAssembly.Memory;
  #table: WebAssembly.Table;
  #meter: WebAssembly.Global;
  #u8!: Uint8Array;
  #u16!: Uint16Array;
  #u32!: Uint32Array;
  #f32!: Float32Array;
  #f64!: Float64Array;
  /** Set in ranged mode: the trampoline's switch between `wait` and `now`. */
  #maySuspend: WebAssembly.Global | undefined;
  #promising = new Map<Name, (...args: number[]) => Promise<number>>();

  constructor(exports: Record<string, unknown>) {
    this.api = exports as Exports;
    for (const name of NAMES) {
      if (typeof exports[name] !== "function") throw new TypeError(`PDFium's module exports no ${name}`);
    }
    this.#memory = exports.memory as WebAssembly.Memory;
    this.#table = exports.__indirect_function_table as WebAssembly.Table;
    if (!(exports[METER] instanceof WebAssembly.Global)) throw new TypeError("PDFium's module has no meter");
    this.#meter = exports[METER];
    this.#refresh();
    this.scratch = this.api.malloc(SCRATCH_BYTES);
  }

  /** Bytes of wasm memory, which never shrinks. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** How many turns of its loops PDFium may take from here on; it traps after them. */
  allowWork(turns: number): void {
    this.#meter.value = turns;
  }

  /** The trap at hand came from the meter. */
  get isWorkedOut(): boolean {
    return this.#meter.value === 0;
  }

  /** A call that may read the file: suspends in ranged mode, runs at once in memory mode. One at a time. */
  read(name: Name, ...args: number[]): number | Promise<number> {
    return this.#maySuspend ? this.#readSuspending(name, args) : this.api[name](...args);
  }

  async #readSuspending(name: Name, args: number[]): Promise<number> {
    let call = this.#promising.get(name);
    if (!call) {
      call = promising(this.api[name]);
      this.#promising.set(name, call);
    }
    this.#maySuspend!.value = 1;
    try {
      return await call(...args);
    } finally {
      this.#maySuspend!.value = 0;
    }
  }

  /** @returns an FPDF_FILEACCESS whose callback is `reader`, by way of the static trampoline: nothing is compiled */
  fileAccess(size: number, reader: BlockReader, trampoline: WebAssembly.Module): number {
    const waiting = new Suspending((_: number, offset: number, pointer: number, length: number) =>
      reader.wait(offset >>> 0, length >>> 0, pointer >>> 0),
    );
    const now = (_: number, offset: number, pointer: number, length: number) =>
      reader.now(offset >>> 0, length >>> 0, pointer >>> 0);
    const instance = new WebAssembly.Instance(trampoline, {
      file: { wait: waiting as unknown as WebAssembly.ImportValue, now },
    });
    this.#maySuspend = instance.exports.maySuspend as WebAssembly.Global;
    const index = this.#table.grow(1);
    this.#table.set(index, instance.exports.block as CallableFunction);
    const access = this.api.malloc(12); // struct { unsigned long size; function pointer; void* parameter }
    this.setU32(access, size);
    this.setU32(access + 4, index);
    this.setU32(access + 8, 0);
    return access;
  }

  u8(pointer: number): number {
    if (this.#u8.length === 0) this.#refresh();
    return this.#u8[pointer]!;
  }
  u32(pointer: number): number {
    if (this.#u8.length === 0) this.#refresh();
    return this.#u32[pointer >> 2]!;
  }
  setU32(pointer: number, value: number): void {
    if (this.#u8.length === 0) this.#refresh();
    this.#u32[pointer >> 2] = value;
  }
  f32(pointer: number): number {
    if (this.#u8.length === 0) this.#refresh();
    return this.#f32[pointer >> 2]!;
  }
  f64(pointer: number): number {
    if (this.#u8.length === 0) this.#refresh();
    return this.#f64[pointer >> 3]!;
  }

  /** @returns a view, valid until the memory grows: copy before the next call */
  bytes(pointer: number, length: number): Uint8Array {
    if (this.#u8.length === 0) this.#refresh();
    return this.#u8.subarray(pointer, pointer + length);
  }

  /** @returns a pointer to a copy; free it. 0 when there is no memory left. */
  place(bytes: Uint8Array): number {
    const pointer = this.api.malloc(Math.max(1, bytes.length));
    if (pointer !== 0) this.bytes(pointer, bytes.length).set(bytes);
    return pointer;
  }

  /** Runs `use` with a zero-terminated copy of the text. */
  withText<T>(text: string, use: (pointer: number) => T): T {
    const pointer = this.place(new TextEncoder().encode(`${text}\0`));
    try {
      return use(pointer);
    } finally {
      this.api.free(pointer);
    }
  }

  /** A string by PDFium's convention: `fill(buffer, size)` gives the bytes needed, the closing zero included. What it shows. */
  utf16(fill: (buffer: number, bytes: number) => number): string {
    return this.#filled(fill, (pointer, bytes) => {
      const units = this.#u16.subarray(pointer >> 1, (pointer + bytes) >> 1);
      let end = units.length;
      while (end > 0 && units[end - 1] === 0) end--;
      return visibleText(new TextDecoder("utf-16le").decode(this.bytes(pointer, end * 2)));
    });
  }

  /** The same for byte strings; UTF-8 where it is, else Latin-1. */
  utf8(fill: (buffer: number, bytes: number) => number): string {
    return this.#filled(fill, (pointer, bytes) => {
      const view = this.bytes(pointer, bytes);
      const end = view.indexOf(0);
      const text = end < 0 ? view : view.subarray(0, end);
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(text);
      } catch {
        return Array.from(text, (c) => String.fromCharCode(c)).join("");
      }
    });
  }

  #filled(fill: (buffer: number, bytes: number) => number, take: (pointer: number, bytes: number) => string): string {
    const needed = fill(this.scratch, SCRATCH_BYTES);
    if (needed <= 0) return "";
    if (this.#u8.length === 0) this.#refresh();
    if (needed <= SCRATCH_BYTES) return take(this.scratch, needed);
    // PDFium fills a buffer only when it is large enough.
    if (needed > MAX_STRING_BYTES) return "";
    const pointer = this.api.malloc(needed);
    try {
      fill(pointer, needed);
      if (this.#u8.length === 0) this.#refresh();
      return take(pointer, needed);
    } finally {
      this.api.free(pointer);
    }
  }

  #refresh(): void {
    const buffer = this.#memory.buffer;
    this.#u8 = new Uint8Array(buffer);
    this.#u16 = new Uint16Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
  }
}

/** @returns a fresh instance: 2 ms */
export function startPdfium(host: Pick<Host, "pdfium" | "wasmBytesMax">): Pdfium {
  const pdfium = new Pdfium(instantiate(host));
  pdfium.api.PDFiumExt_Init();
  return pdfium;
}

/** JavaScript Promise Integration: in every V8 we run on, in no library of types yet. */
interface PromiseIntegration {
  Suspending: new (call: (...args: number[]) => number | Promise<number>) => object;
  promising(call: (...args: number[]) => number): (...args: number[]) => Promise<number>;
}
const { Suspending, promising } = WebAssembly as unknown as PromiseIntegration;
