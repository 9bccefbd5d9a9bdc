/**
 * An embedded CFF program (Adobe technical note 5176), what PDF calls Type 1C → the name of each code's glyph: its own
 * encoding and charset. Names of its standard strings are left out, except ASCII's: PDF readers know them. The same
 * hostile input as programs.ts: a DataView beyond its end throws RangeError.
 */

/** Code → name. */
export type CodeNames = Map<number, string>;

/** Strings that every CFF has, in the order of ASCII from 1 on; but two quotes. */
const STANDARD_STRINGS = 391;
const ASCII = { first: 1, last: 95 } as const;
const QUOTES: Readonly<Record<number, string>> = { 8: "\u2019", 65: "\u2018" };
/** Operators of the top dictionary; two-byte ones (12 n) are 1200 + n. */
const OPERATOR = { charset: 15, encoding: 16, charStrings: 17, ros: 1230 } as const;
/** Charsets and encodings numbered below are predefined, by standard strings alone. */
const PREDEFINED = { charsets: 3, encodings: 2 } as const;
const MAX_DICT_BYTES = 4_096;
/** Codes of a simple font. */
const CODES = 256;

interface Index {
  count: number;
  /** Where the bytes of entry i lie. */
  range(i: number): readonly [from: number, to: number];
  end: number;
}

/** @returns undefined when it is no CFF, or keyed by CID: those have no names */
export function nameCodes(view: DataView): CodeNames | undefined {
  if (view.byteLength < 4 || view.getUint8(0) !== 1 || view.getUint8(1) !== 0) return undefined;
  const dicts = readIndex(view, readIndex(view, view.getUint8(2)).end);
  const strings = readIndex(view, dicts.end);
  if (dicts.count < 1) return undefined;
  const top = readDict(view, ...dicts.range(0));
  const charStrings = top.get(OPERATOR.charStrings);
  if (charStrings === undefined || top.has(OPERATOR.ros)) return undefined;
  const charset = top.get(OPERATOR.charset) ?? 0;
  const encoding = top.get(OPERATOR.encoding) ?? 0;
  if (charset < PREDEFINED.charsets || encoding < PREDEFINED.encodings) return undefined;
  const glyphs = readIndex(view, charStrings).count;
  const sids = readCharset(view, charset, glyphs);
  const names: CodeNames = new Map();
  for (const [code, sid] of readEncoding(view, encoding, sids)) {
    const name = nameOf(view, strings, sid);
    if (name !== undefined) names.set(code, name);
  }
  return names;
}

function readIndex(view: DataView, at: number): Index {
  const count = view.getUint16(at);
  if (count === 0) return { count, range: () => [0, 0], end: at + 2 };
  const size = view.getUint8(at + 2);
  const base = at + 3 + (count + 1) * size - 1;
  const offset = (i: number) => {
    let value = 0;
    for (let k = 0; k < size; k++) value = value * 256 + view.getUint8(at + 3 + i * size + k);
    return base + value;
  };
  return { count, range: (i) => [offset(i), offset(i + 1)], end: offset(count) };
}

/** @returns the last operand of each operator: all that is asked for has one */
function readDict(view: DataView, from: number, to: number): Map<number, number> {
  const found = new Map<number, number>();
  let last = 0;
  const end = Math.min(to, from + MAX_DICT_BYTES);
  for (let at = from; at < end; ) {
    const b = view.getUint8(at++);
    if (b <= 21) found.set(b === 12 ? 1200 + view.getUint8(at++) : b, last);
    else if (b === 28) [last, at] = [view.getInt16(at), at + 2];
    else if (b === 29) [last, at] = [view.getInt32(at), at + 4];
    else if (b === 30) {
      // A real number ends at a half byte of 15.
      for (let pair = 0; (pair & 15) !== 15 && pair >> 4 !== 15; ) pair = view.getUint8(at++);
    } else if (b >= 251 && b < 255) last = -(b - 251) * 256 - view.getUint8(at++) - 108;
    else if (b >= 247) last = (b - 247) * 256 + view.getUint8(at++) + 108;
    else if (b >= 32) last = b - 139;
  }
  return found;
}

/** @returns each glyph's string; the first glyph is the missing one */
function readCharset(view: DataView, at: number, glyphs: number): number[] {
  const sids = [0];
  const format = view.getUint8(at++);
  while (sids.length < glyphs) {
    const first = view.getUint16(at);
    at += 2;
    let more = 0;
    if (format === 1) more = view.getUint8(at++);
    else if (format === 2) [more, at] = [view.getUint16(at), at + 2];
    for (let i = 0; i <= more && sids.length < glyphs; i++) sids.push(first + i);
  }
  return sids;
}

/** The lowest seven bits of the format are its kind, the highest says that codes with a second name follow. */
function readEncoding(view: DataView, at: number, sids: readonly number[]): Map<number, number> {
  const codes = new Map<number, number>();
  const format = view.getUint8(at);
  const count = view.getUint8(at + 1);
  at += 2;
  let glyph = 1;
  for (let i = 0; i < count; i++) {
    const first = view.getUint8(at++);
    const more = (format & 127) === 0 ? 0 : view.getUint8(at++);
    for (let k = 0; k <= more && first + k < CODES; k++) codes.set(first + k, sids[glyph++] ?? 0);
  }
  const extra = format & 128 ? view.getUint8(at++) : 0;
  for (let i = 0; i < extra; i++, at += 3) codes.set(view.getUint8(at), view.getUint16(at + 1));
  return codes;
}

function nameOf(view: DataView, strings: Index, sid: number): string | undefined {
  if (sid >= ASCII.first && sid <= ASCII.last) return QUOTES[sid] ?? String.fromCharCode(sid + 31);
  const i = sid - STANDARD_STRINGS;
  if (i < 0 || i >= strings.count) return undefined;
  const [from, to] = strings.range(i);
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + from, to - from));
}
