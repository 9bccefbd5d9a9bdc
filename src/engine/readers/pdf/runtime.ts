/**
 * What PDFium's module asks of its host: memory that grows, longjmp, a clock, and a file system with nothing in it.
 * In place of the package's own glue, whose simulated file system and checks cost several times the instance itself.
 */
import type { Host } from "../../host.ts";

/** Memory grows by this share of itself at a time, and by no less than the step: each growth makes all views anew. */
const GROWTH = 0.2;
const GROWTH_STEP_BYTES = 1 << 20;
const WASM_PAGE_BYTES = 65_536;

/** Of the C library: no such file, no such descriptor. */
const ENOENT = 44;
const EBADF = 8;
const SYSTEM_CALLS = [
  ...["openat", "fcntl64", "ioctl", "fstat64", "stat64", "newfstatat", "lstat64", "getdents64", "unlinkat", "rmdir"],
  "ftruncate64",
].map((name) => `__syscall_${name}`);
const DESCRIPTOR_CALLS = ["fd_close", "fd_write", "fd_read", "fd_sync", "fd_seek"];
/** Result and arguments: void, or int. */
const INVOKED = ["ii", "iii", "iiii", "iiiii", "v", "vi", "vii", "viii", "viiii", "viiiiiiiii"];
const DAY_MS = 86_400_000;
/** "UTC" and its closing zero. */
const UTC = 0x00435455;

/**
 * PDFium asked for more memory than the host gives. Thrown through its frames: left to itself it would go on without
 * what it could not hold, or abort. The instance is in no known state after it.
 */
export class MemoryRefused extends Error {
  constructor() {
    super("needs more memory than a page may take");
    this.name = "MemoryRefused";
  }
}

/** Thrown by longjmp, caught by the frame of `invoke_…` that called setjmp's scope. */
class LongJump extends Error {}

/** The exports that the runtime itself calls. */
interface Own {
  memory: WebAssembly.Memory;
  __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(pointer: number): void;
  setThrew(threw: number, value: number): void;
}

/** @returns the exports of a fresh instance, its constructors run; the module itself is compiled once by the host */
export function instantiate(host: Pick<Host, "pdfium" | "wasmBytesMax">): Record<string, unknown> {
  const started: { own?: Own } = {};
  const own = () => started.own!;
  const instance = new WebAssembly.Instance(host.pdfium, {
    env: {
      ...invocations(own),
      ...memoryCalls(own, host.wasmBytesMax),
      ...clock(own),
      ...refusals(SYSTEM_CALLS, -ENOENT),
      _abort_js: abort,
      __assert_fail: abort,
      _emscripten_throw_longjmp: jump,
    },
    wasi_snapshot_preview1: {
      ...refusals(DESCRIPTOR_CALLS, EBADF),
      environ_sizes_get: (count: number, bytes: number) => {
        const view = new DataView(own().memory.buffer);
        view.setUint32(count, 0, true);
        view.setUint32(bytes, 0, true);
        return 0;
      },
      environ_get: () => 0,
    },
  });
  started.own = instance.exports as unknown as Own;
  started.own.emscripten_stack_init();
  started.own.__wasm_call_ctors();
  return instance.exports;
}

/** Calls by function pointer in whose frames C's longjmp may land. */
function invocations(own: () => Own): WebAssembly.ModuleImports {
  const invoke = (index: number, ...args: number[]) => {
    const { emscripten_stack_get_current, _emscripten_stack_restore, setThrew, __indirect_function_table } = own();
    const stack = emscripten_stack_get_current();
    try {
      return (__indirect_function_table.get(index) as (...args: number[]) => number)(...args);
    } catch (error) {
      if (!(error instanceof LongJump)) throw error;
      _emscripten_stack_restore(stack);
      setThrew(1, 0);
      return 0;
    }
  };
  return Object.fromEntries(INVOKED.map((signature) => [`invoke_${signature}`, invoke]));
}

function jump(): never {
  throw new LongJump();
}

/** As the machine's own traps, so that the reader takes it for one. */
function abort(): never {
  throw new WebAssembly.RuntimeError("aborted");
}

function memoryCalls(own: () => Own, wasmBytesMax: number): WebAssembly.ModuleImports {
  let bytes = new Uint8Array(0);
  return {
    _emscripten_memcpy_js: (to: number, from: number, length: number) => {
      if (bytes.length === 0) bytes = new Uint8Array(own().memory.buffer); // the first time, and after each growth
      bytes.copyWithin(to >>> 0, from >>> 0, (from >>> 0) + (length >>> 0));
    },
    emscripten_resize_heap: (bytes: number) => grow(own().memory, bytes >>> 0, wasmBytesMax),
  };
}

/** @returns 1: there is as much memory as was asked for. @throws MemoryRefused */
function grow(memory: WebAssembly.Memory, wanted: number, limit: number): number {
  const top = limit - (limit % WASM_PAGE_BYTES);
  if (wanted > top) throw new MemoryRefused();
  const size = memory.buffer.byteLength;
  const ample = Math.min(top, size + Math.max(GROWTH_STEP_BYTES, size * GROWTH));
  const pages = Math.ceil((Math.max(wanted, ample) - size) / WASM_PAGE_BYTES);
  try {
    memory.grow(pages);
  } catch {
    throw new MemoryRefused();
  }
  return 1;
}

/** Universal time everywhere: what is read must not depend on where. */
function clock(own: () => Own): WebAssembly.ModuleImports {
  const writeTime = (low: number, high: number, tm: number) => {
    const date = new Date(((low >>> 0) + high * 2 ** 32) * 1_000);
    const year = date.getUTCFullYear();
    const fields = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate()];
    const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / DAY_MS);
    fields.push(date.getUTCMonth(), year - 1900, date.getUTCDay(), dayOfYear, 0, 0);
    new Int32Array(own().memory.buffer, tm, fields.length).set(fields);
  };
  return {
    emscripten_date_now: () => Date.now(),
    _gmtime_js: writeTime,
    _localtime_js: writeTime,
    _tzset_js: (offset: number, saving: number, name: number, summerName: number) => {
      const view = new DataView(own().memory.buffer);
      for (const pointer of [offset, saving]) view.setInt32(pointer, 0, true);
      for (const pointer of [name, summerName]) view.setUint32(pointer, UTC, true);
    },
  };
}

function refusals(names: readonly string[], answer: number): WebAssembly.ModuleImports {
  return Object.fromEntries(names.map((name) => [name, () => answer]));
}
