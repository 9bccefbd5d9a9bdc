/**
 * Real files damaged on purpose: the same seed gives the same damage. Each is one kind of what discs, networks, editors and
 * attackers do to a PDF; what is left shall end as a result or as a clear error.
 */
import { deflateSync, inflateSync } from "node:zlib";

export const MUTATIONS = [
  "bytes",
  "truncated",
  "hole",
  "doubled",
  "swapped",
  "reference",
  "number",
  "stream",
  "contents",
] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** Whole numbers below `below`. */
export type Random = (below: number) => number;

/** mulberry32: 32 bits of state, good enough to choose places. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Bytes changed at most by one damage. */
const FLIPS = 64;
/** Numbers that overflow, divide by zero or never end. */
const BAD_NUMBERS = [
  "0",
  "-1",
  "1",
  "65536",
  "2147483647",
  "-2147483648",
  "4294967296",
  "1e400",
  "0.00000001",
  "99999999999999999999",
];
/** What a page's contents shall not survive unharmed. */
const BAD_OPERATORS = [
  "q ",
  "Q ",
  "BT ",
  "ET ",
  "BI ",
  "EI ",
  "W n ",
  "0 0 0 0 0 0 cm ",
  "1e30 0 0 1e30 0 0 cm ",
  "/Nothing Do ",
  "/Nothing 12 Tf ",
  "( ",
  "<< ",
  "[ ",
];

/** @returns the damaged file; one without the thing to damage loses bytes instead */
export function mutate(bytes: Uint8Array, how: Mutation, random: Random): Uint8Array {
  switch (how) {
    case "bytes":
      return flip(bytes, 0, bytes.length, random);
    case "truncated":
      return bytes.slice(0, random(bytes.length));
    case "hole": {
      const from = random(bytes.length);
      return splice(bytes, from, from + 1 + random(Math.ceil(bytes.length / 8)), new Uint8Array(0));
    }
    case "doubled": {
      const from = random(bytes.length);
      const chunk = bytes.subarray(from, from + 1 + random(Math.ceil(bytes.length / 8)));
      const to = random(bytes.length);
      return splice(bytes, to, to, chunk);
    }
    case "swapped":
      return swapMatches(bytes, /\b\d+ 0 obj\b/g, random) ?? flip(bytes, 0, bytes.length, random);
    case "reference":
      return swapMatches(bytes, /\b\d+ 0 R\b/g, random) ?? flip(bytes, 0, bytes.length, random);
    case "number":
      return changeNumber(bytes, random) ?? flip(bytes, 0, bytes.length, random);
    case "stream":
      return damageStream(bytes, random) ?? flip(bytes, 0, bytes.length, random);
    case "contents":
      return damageContents(bytes, random) ?? flip(bytes, 0, bytes.length, random);
    default:
      return how satisfies never;
  }
}

function flip(bytes: Uint8Array, from: number, to: number, random: Random): Uint8Array {
  const out = bytes.slice();
  for (let count = 1 + random(FLIPS); count > 0 && to > from; count--) out[from + random(to - from)] = random(256);
  return out;
}

function splice(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(Math.min(to, bytes.length))]);
}

/** One byte a character, so that places in the text are places in the file. */
const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

interface Place {
  from: number;
  to: number;
}

function find(text: string, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

/** Two of the places that say different things change what stands there. */
function swapMatches(bytes: Uint8Array, pattern: RegExp, random: Random): Uint8Array | null {
  const text = textOf(bytes);
  const places = find(text, pattern);
  if (places.length < 2) return null;
  const said = ({ from, to }: Place) => text.slice(from, to);
  const one = places[random(places.length)]!;
  const others = places.filter((place) => said(place) !== said(one));
  if (others.length === 0) return null;
  const other = others[random(others.length)]!;
  const [a, b] = one.from < other.from ? [one, other] : [other, one];
  const late = splice(bytes, b.from, b.to, bytes.subarray(a.from, a.to));
  return splice(late, a.from, a.to, bytes.subarray(b.from, b.to));
}

function changeNumber(bytes: Uint8Array, random: Random): Uint8Array | null {
  const places = find(textOf(bytes), /(?<=\/[A-Za-z]+ ?)-?\d+(\.\d+)?|(?<=\[ ?)-?\d+(\.\d+)?/g);
  if (places.length === 0) return null;
  const { from, to } = places[random(places.length)]!;
  return splice(bytes, from, to, Buffer.from(` ${BAD_NUMBERS[random(BAD_NUMBERS.length)]}`, "latin1"));
}

function streamsOf(bytes: Uint8Array): Place[] {
  return find(textOf(bytes), /(?<=[^d]stream\r?\n)[\s\S]*?(?=\r?\nendstream)/g).filter(({ from, to }) => to > from);
}

/** As it lies in the file: what unpacks it meets garbage or its end. */
function damageStream(bytes: Uint8Array, random: Random): Uint8Array | null {
  const streams = streamsOf(bytes);
  if (streams.length === 0) return null;
  const { from, to } = streams[random(streams.length)]!;
  return random(2) === 0
    ? flip(bytes, from, to, random)
    : splice(bytes, from + random(to - from), to, new Uint8Array(0));
}

/** What is packed in a stream, changed and packed again: the damage reaches whoever reads operators, fonts, maps. */
function damageContents(bytes: Uint8Array, random: Random): Uint8Array | null {
  const streams = streamsOf(bytes);
  if (streams.length === 0) return null;
  const { from, to } = streams[random(streams.length)]!;
  const packed = bytes.subarray(from, to);
  const plain = unpacked(packed);
  const inside = plain ?? packed;
  const at = random(inside.length + 1);
  const changed =
    random(2) === 0
      ? splice(inside, at, at + random(16), Buffer.from(BAD_OPERATORS[random(BAD_OPERATORS.length)]!, "latin1"))
      : (changeNumberIn(inside, random) ?? flip(inside, 0, inside.length, random));
  return splice(bytes, from, to, plain === null ? changed : deflateSync(changed));
}

function changeNumberIn(bytes: Uint8Array, random: Random): Uint8Array | null {
  const places = find(textOf(bytes), /-?\d+(\.\d+)?/g);
  if (places.length === 0) return null;
  const { from, to } = places[random(places.length)]!;
  return splice(bytes, from, to, Buffer.from(BAD_NUMBERS[random(BAD_NUMBERS.length)]!, "latin1"));
}

function unpacked(packed: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(packed);
  } catch {
    return null;
  }
}
