/**
 * A WebAssembly module → the same module with a meter: every turn of every loop counts one down from the exported global
 * `work`, and the module traps when it reaches 0. A running module can't be interrupted from outside, and a clock would
 * make outputs depend on the machine: a count of turns ends hostile pages at the same place everywhere.
 * Knows the opcodes of WebAssembly 2.0 without vectors, which is what PDFium is made of.
 */

/** Name of the exported i32 global. */
export const METER = "work";

const SECTION = { memory: 5, global: 6, export: 7, code: 10 } as const;
/**
 * Memory a module starts with, in wasm's pages of 64 KiB: PDFium's own tables take 1.8 MB and most pages not as much again. It
 * asks for 18 MB, of which every four instances cost V8 a collection of all garbage, and grows by itself.
 */
const INITIAL_PAGES = 40;
/** Magic number and version. */
const HEAD_BYTES = 8;
const LOOP = 0x03;
const MUTABLE_I32 = [0x7f, 0x01, 0x41, 0x00, 0x0b];
const EXPORT_GLOBAL = 3;

/** @throws TypeError for an opcode it doesn't know */
export function meterModule(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const cursor = new Cursor(module, HEAD_BYTES);
  const out: Uint8Array[] = [module.subarray(0, HEAD_BYTES)];
  let meter = 0;
  while (cursor.at < module.length) {
    const id = cursor.byte();
    const size = cursor.number();
    const end = cursor.at + size;
    const start = cursor.at;
    switch (id) {
      case SECTION.memory: {
        cursor.at += 2; // one memory; it has a maximum or not
        const pages = Math.min(cursor.number(), INITIAL_PAGES);
        out.push(...section(id, [module.subarray(start, start + 2), leb(pages), module.subarray(cursor.at, end)]));
        break;
      }
      case SECTION.global: {
        meter = cursor.number();
        out.push(...section(id, [leb(meter + 1), module.subarray(cursor.at, end), Uint8Array.from(MUTABLE_I32)]));
        break;
      }
      case SECTION.export: {
        const count = cursor.number();
        const entry = [METER.length, ...new TextEncoder().encode(METER), EXPORT_GLOBAL, ...leb(meter)];
        out.push(...section(id, [leb(count + 1), module.subarray(cursor.at, end), Uint8Array.from(entry)]));
        break;
      }
      case SECTION.code:
        out.push(...section(id, meterBodies(module, cursor, tickOf(meter))));
        break;
      default:
        out.push(...section(id, [module.subarray(start, end)]));
    }
    cursor.at = end;
  }
  return concatenate(out);
}

/** work = work - 1; if (work == 0) unreachable */
function tickOf(meter: number): Uint8Array {
  const global = [...leb(meter)];
  return Uint8Array.from([
    ...[0x23, ...global, 0x41, 0x01, 0x6b, 0x24, ...global],
    ...[0x23, ...global, 0x45, 0x04, 0x40, 0x00, 0x0b],
  ]);
}

function meterBodies(module: Uint8Array, cursor: Cursor, tick: Uint8Array): Uint8Array[] {
  const count = cursor.number();
  const out = [leb(count)];
  for (let body = 0; body < count; body++) {
    const size = cursor.number();
    const end = cursor.at + size;
    let from = cursor.at;
    const pieces: Uint8Array[] = [];
    for (let locals = cursor.number(); locals > 0; locals--) {
      cursor.skip();
      cursor.at++;
    }
    while (cursor.at < end) {
      const opcode = cursor.byte();
      skipImmediates(opcode, cursor);
      if (opcode !== LOOP) continue;
      pieces.push(module.subarray(from, cursor.at), tick);
      from = cursor.at;
    }
    pieces.push(module.subarray(from, end));
    out.push(leb(pieces.reduce((sum, piece) => sum + piece.length, 0)), ...pieces);
  }
  return out;
}

function skipImmediates(opcode: number, cursor: Cursor): void {
  if (opcode === 0x02 || opcode === LOOP || opcode === 0x04)
    cursor.skip(); // a block's type: a byte or a number
  else if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10)
    cursor.skip(); // br, br_if, call
  else if (opcode === 0x0e)
    for (let labels = cursor.number(); labels >= 0; labels--) cursor.skip(); // br_table
  else if (opcode === 0x11)
    cursor.skip(2); // call_indirect
  else if (opcode === 0x1c)
    cursor.skip(cursor.number()); // select with types
  else if (opcode >= 0x20 && opcode <= 0x26)
    cursor.skip(); // locals, globals, tables
  else if (opcode >= 0x28 && opcode <= 0x3e)
    cursor.skip(2); // loads and stores: alignment and offset
  else if (opcode >= 0x3f && opcode <= 0x42)
    cursor.skip(); // memory.size and grow, i32.const, i64.const
  else if (opcode === 0x43) cursor.at += 4;
  else if (opcode === 0x44) cursor.at += 8;
  else if (opcode === 0xd0 || opcode === 0xd2)
    cursor.skip(); // ref.null, ref.func
  else if (opcode === 0xfc) skipBulk(cursor.number(), cursor);
  else if (!isBare(opcode)) throw new TypeError(`Unknown opcode 0x${opcode.toString(16)} at ${cursor.at}`);
}

/** Saturating truncations have no operands; memory.init, memory.copy, table.init and table.copy two, the rest one. */
function skipBulk(code: number, cursor: Cursor): void {
  if (code > 17) throw new TypeError(`Unknown opcode 0xfc ${code} at ${cursor.at}`);
  if (code >= 8) cursor.skip([8, 10, 12, 14].includes(code) ? 2 : 1);
}

function isBare(opcode: number): boolean {
  return [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(opcode) || (opcode >= 0x45 && opcode <= 0xc4);
}

function section(id: number, pieces: Uint8Array[]): Uint8Array[] {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return [Uint8Array.of(id), leb(size), ...pieces];
}

/** LEB128, unsigned. */
function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

class Cursor {
  at: number;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  /** LEB128, unsigned, 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** Passes over LEB128 numbers of any width. */
  skip(count = 1): void {
    for (let left = count; left > 0; left--) while (this.byte() >= 128);
  }
}
