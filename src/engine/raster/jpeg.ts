/**
 * RGBA pixels → baseline JPEG (ITU T.81): 4:4:4, the standard quantisation and Huffman tables of annex K, JFIF header.
 * No chroma subsampling: crops are text and line art, where it shows. Grey pictures get one component.
 */
import type { Pixels } from "../reader.ts";
import { BitWriter } from "./jpeg-bits.ts";
import { codesOf, HUFFMAN, QUANTISATION, ZIGZAG } from "./jpeg-tables.ts";

const DEFAULT_QUALITY = 85;

/** @param quality 1..100, as libjpeg scales its tables */
export function encodeJpeg(pixels: Pixels, quality = DEFAULT_QUALITY, dpi = 72): Uint8Array {
  const { width, height, data } = pixels;
  const grey = isGrey(data);
  const tables = grey
    ? [scaled(QUANTISATION.luma, quality)]
    : [scaled(QUANTISATION.luma, quality), scaled(QUANTISATION.chroma, quality)];
  const out = new BitWriter(Math.max(4_096, (width * height) >> 2));
  writeHeaders(out, width, height, dpi, tables);
  const components = grey ? 1 : 3;
  const divisors = tables.map(dctDivisors);
  const codes = [HUFFMAN.luma, HUFFMAN.chroma].map(({ dc, ac }) => ({ dc: codesOf(dc), ac: codesOf(ac) }));
  const predictions = [0, 0, 0];
  const planes = [new Float32Array(64), new Float32Array(64), new Float32Array(64)];
  const quantised = new Int32Array(64);
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      takeBlock(pixels, x, y, planes, components);
      for (let c = 0; c < components; c++) {
        const table = c === 0 ? 0 : 1;
        quantise(planes[c]!, divisors[table]!, quantised);
        writeBlock(out, quantised, predictions[c]!, codes[table]!);
        predictions[c] = quantised[0]!;
      }
    }
  }
  out.flushBits();
  out.marker(0xd9);
  return out.finish();
}

function isGrey(data: Uint8ClampedArray): boolean {
  for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

/** Annex K's tables are quality 50; libjpeg's scaling. In zigzag order. */
function scaled(base: readonly number[], quality: number): Uint8Array {
  const q = Math.max(1, Math.min(100, Math.round(quality)));
  const percent = q < 50 ? 5_000 / q : 200 - 2 * q;
  return Uint8Array.from(ZIGZAG, (i) => Math.max(1, Math.min(255, Math.floor((base[i]! * percent + 50) / 100))));
}

function writeHeaders(out: BitWriter, width: number, height: number, dpi: number, tables: readonly Uint8Array[]): void {
  const components = tables.length === 1 ? 1 : 3;
  out.marker(0xd8);
  const density = Math.max(1, Math.min(65_535, Math.round(dpi)));
  // "JFIF", version 1.1, dots per inch, no thumbnail.
  out.segment(0xe0, [
    0x4a,
    0x46,
    0x49,
    0x46,
    0,
    1,
    1,
    1,
    density >> 8,
    density & 255,
    density >> 8,
    density & 255,
    0,
    0,
  ]);
  tables.forEach((table, id) => {
    out.segment(0xdb, [id, ...table]);
  });
  const frame = [8, height >> 8, height & 255, width >> 8, width & 255, components];
  for (let c = 0; c < components; c++) frame.push(c + 1, 0x11, c === 0 ? 0 : 1);
  out.segment(0xc0, frame);
  const huffman = components === 1 ? [HUFFMAN.luma] : [HUFFMAN.luma, HUFFMAN.chroma];
  huffman.forEach(({ dc, ac }, id) => {
    out.segment(0xc4, [id, ...dc.counts, ...dc.symbols]);
    out.segment(0xc4, [0x10 | id, ...ac.counts, ...ac.symbols]);
  });
  const scan = [components];
  for (let c = 0; c < components; c++) scan.push(c + 1, c === 0 ? 0x00 : 0x11);
  out.segment(0xda, [...scan, 0, 63, 0]);
}

/** Eight by eight pixels as Y, Cb, Cr about zero; beyond the picture its last row and column go on. */
function takeBlock(
  { width, height, data }: Pixels,
  x: number,
  y: number,
  planes: Float32Array[],
  components: number,
): void {
  const [luma, blue, red] = planes as [Float32Array, Float32Array, Float32Array];
  for (let row = 0; row < 8; row++) {
    const line = Math.min(y + row, height - 1) * width;
    for (let column = 0; column < 8; column++) {
      const from = (line + Math.min(x + column, width - 1)) * 4;
      const at = row * 8 + column;
      const r = data[from]!;
      const g = data[from + 1]!;
      const b = data[from + 2]!;
      luma[at] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
      if (components === 1) continue;
      blue[at] = -0.168736 * r - 0.331264 * g + 0.5 * b;
      red[at] = 0.5 * r - 0.418688 * g - 0.081312 * b;
    }
  }
}

/** Scale factors of the AAN transform (Arai, Agui, Nakajima 1988), which leaves its outputs multiplied by them. */
const AAN = Float64Array.from({ length: 8 }, (_, k) => (k === 0 ? 1 : Math.cos((k * Math.PI) / 16) * Math.SQRT2));

/** Per coefficient in natural order: the reciprocal of quantiser times transform scale. */
function dctDivisors(table: Uint8Array): Float32Array {
  const divisors = new Float32Array(64);
  ZIGZAG.forEach((natural, k) => {
    divisors[natural] = 1 / (table[k]! * AAN[natural >> 3]! * AAN[natural & 7]! * 8);
  });
  return divisors;
}

/** Transforms `block` in place; `out` in zigzag order. */
function quantise(block: Float32Array, divisors: Float32Array, out: Int32Array): void {
  for (let row = 0; row < 64; row += 8) transformEight(block, row, 1);
  for (let column = 0; column < 8; column++) transformEight(block, column, 8);
  for (let k = 0; k < 64; k++) {
    const natural = ZIGZAG[k]!;
    out[k] = Math.round(block[natural]! * divisors[natural]!);
  }
}

/** The AAN rotations: cos(pi/4), sin(pi/8), and sqrt(2) times the cosine and sine of 3 pi/8 and pi/8 combined. */
const HALF_TURN = Math.SQRT1_2;
const TURN = Math.sin(Math.PI / 8);
const TURN_LOW = Math.cos(Math.PI / 8) - TURN;
const TURN_HIGH = Math.cos(Math.PI / 8) + TURN;

/** The AAN forward transform of eight values, `step` apart: 5 multiplications, 29 additions. */
function transformEight(d: Float32Array, at: number, step: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const d0 = d[at]! - d[i7]!;
  const s0 = d[at]! + d[i7]!;
  const d1 = d[i1]! - d[i6]!;
  const s1 = d[i1]! + d[i6]!;
  const d2 = d[i2]! - d[i5]!;
  const s2 = d[i2]! + d[i5]!;
  const d3 = d[i3]! - d[i4]!;
  const s3 = d[i3]! + d[i4]!;
  const even = s0 - s3;
  d[at] = s0 + s3 + (s1 + s2);
  d[i4] = s0 + s3 - (s1 + s2);
  const z1 = (s1 - s2 + even) * HALF_TURN;
  d[i2] = even + z1;
  d[i6] = even - z1;
  const low = d3 + d2;
  const high = d1 + d0;
  const z5 = (low - high) * TURN;
  const z2 = TURN_LOW * low + z5;
  const z4 = TURN_HIGH * high + z5;
  const z3 = (d2 + d1) * HALF_TURN;
  d[i5] = d0 - z3 + z2;
  d[i3] = d0 - z3 - z2;
  d[i1] = d0 + z3 + z4;
  d[i7] = d0 + z3 - z4;
}

interface Codes {
  dc: Uint32Array;
  ac: Uint32Array;
}

/** Sixteen zeros in a row. */
const ZERO_RUN = 0xf0;
const END_OF_BLOCK = 0x00;

function writeBlock(out: BitWriter, block: Int32Array, prediction: number, codes: Codes): void {
  const difference = block[0]! - prediction;
  const size = bitLength(difference);
  out.code(codes.dc[size]!);
  out.bits(magnitude(difference, size), size);
  let zeros = 0;
  for (let k = 1; k < 64; k++) {
    const value = block[k]!;
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) out.code(codes.ac[ZERO_RUN]!);
    const length = bitLength(value);
    out.code(codes.ac[(zeros << 4) | length]!);
    out.bits(magnitude(value, length), length);
    zeros = 0;
  }
  if (zeros > 0) out.code(codes.ac[END_OF_BLOCK]!);
}

const bitLength = (value: number) => 32 - Math.clz32(Math.abs(value));
/** Negative values are stored as their ones' complement. */
const magnitude = (value: number, size: number) => (value < 0 ? value + (1 << size) - 1 : value);
