/**
 * Where each value of a large JSON object begins and ends, found byte by byte as chunks come in, and a check of all
 * that lies between the values. In: chunks. Out: the elements of one top-level array, the other members. Whether a
 * value is valid JSON is left to JSON.parse.
 */
import { Failure } from "./failure.ts";
import { inUnits } from "./streams.ts";

/** A key, when the members' values are passed over and nothing else bounds them. */
const KEY_BYTES_MAX = 64 * 1024;

export interface Item {
  index: number;
  /** Bytes of the whole body up to the end of this element; a later scan resumes there with `index + 1`. */
  offset: number;
  /** Raw JSON of any value. */
  text: string;
}

/** Where a scan resumes: an item's `offset` and the index of the item after it. */
export interface Place {
  offset: number;
  index: number;
}

/** What the scanner expects next, outside of a value. */
type Expecting =
  | "object" // the opening brace
  | "first key" // or the closing brace
  | "key" // after a comma
  | "colon"
  | "value"
  | "next member" // a comma or the closing brace
  | "first item" // or the closing bracket
  | "item" // after a comma
  | "next item" // a comma or the closing bracket
  | "nothing"; // white space only

const EXPECTED: Record<Expecting, string> = {
  object: "a JSON object",
  "first key": 'a key in quotes or "}"',
  key: "a key in quotes",
  colon: '":"',
  value: "a value",
  "next member": '"," or "}"',
  "first item": 'a value or "]"',
  item: "a value",
  "next item": '"," or "]"',
  nothing: "the end of the body",
};

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Begin no value and end one without quotes or brackets. */
const isPunctuation = (byte: number) =>
  byte === COMMA || byte === COLON || byte === CLOSE_BRACKET || byte === CLOSE_BRACE;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export class Scanner {
  readonly rest = new Map<string, unknown>();
  /** The large array's closing bracket has been met. */
  pastItems = false;
  private readonly key: string;
  private readonly limits: { item: number; rest: number | null };
  private readonly onItem: (item: Item) => void;
  private expecting: Expecting = "object";
  /** Bytes of the body before the current chunk. */
  private before = 0;
  private index = 0;
  private member = "";
  private restBytes = 0;
  private value: Value | null = null;

  /** @param limits rest null: other members are passed over, not kept */
  constructor(
    key: string,
    limits: { item: number; rest: number | null },
    onItem: (item: Item) => void,
    from: Place = { offset: 0, index: 0 },
  ) {
    this.key = key;
    this.limits = limits;
    this.onItem = onItem;
    if (from.offset > 0) {
      this.before = from.offset;
      this.index = from.index;
      this.expecting = "next item";
    }
  }

  feed(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      if (this.value === null) {
        at = this.step(chunk, at);
        continue;
      }
      const end = this.value.scan(chunk, at);
      this.hold(this.value, chunk.subarray(at, end), this.before + end);
      at = end;
    }
    this.before += chunk.byteLength;
  }

  /** @throws Failure when the body ended too soon */
  finish(): void {
    if (this.value !== null) throw this.wrong(this.before, "it ends within a value");
    if (this.expecting !== "nothing")
      throw this.wrong(this.before, `it ends where ${EXPECTED[this.expecting]} should follow`);
  }

  /** One byte between values; returns where to go on. */
  private step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at]!;
    if (isSpace(byte)) return at + 1;
    const offset = this.before + at;
    if (offset < BYTE_ORDER_MARK.length && this.expecting === "object" && byte === BYTE_ORDER_MARK[offset])
      return at + 1;
    const next = this.next(byte);
    if (next === null) throw this.wrong(offset, `${EXPECTED[this.expecting]} should stand there`);
    if (next !== "begins") {
      this.expecting = next;
      return at + 1;
    }
    if (this.expecting === "value" && this.member === this.key) {
      if (byte !== OPEN_BRACKET) throw new Failure("bad_request", `${this.key} must be an array.`);
      if (this.pastItems) throw this.wrong(offset, `${this.key} is given twice`);
      this.expecting = "first item";
      return at + 1;
    }
    this.value = new Value(byte, offset);
    return at;
  }

  /** The state after a byte of punctuation, "begins" when a value does, null when the byte has no place here. */
  private next(byte: number): Expecting | "begins" | null {
    switch (this.expecting) {
      case "object":
        return byte === OPEN_BRACE ? "first key" : null;
      case "first key":
        return byte === CLOSE_BRACE ? "nothing" : byte === QUOTE ? "begins" : null;
      case "key":
        return byte === QUOTE ? "begins" : null;
      case "colon":
        return byte === COLON ? "value" : null;
      case "next member":
        return byte === COMMA ? "key" : byte === CLOSE_BRACE ? "nothing" : null;
      case "next item":
        return byte === COMMA ? "item" : byte === CLOSE_BRACKET ? this.leaveItems() : null;
      case "first item":
        if (byte === CLOSE_BRACKET) return this.leaveItems();
        return isPunctuation(byte) ? null : "begins";
      case "item":
      case "value":
        return isPunctuation(byte) ? null : "begins";
      case "nothing":
        return null;
      default:
        return this.expecting satisfies never;
    }
  }

  private leaveItems(): Expecting {
    this.pastItems = true;
    return "next member";
  }

  /** Takes bytes of the open value, and the whole when they end it. */
  private hold(value: Value, bytes: Uint8Array, end: number): void {
    const isItem = this.expecting === "first item" || this.expecting === "item";
    const isKey = this.expecting === "first key" || this.expecting === "key";
    const size = end - value.offset;
    if (isItem) {
      if (size > this.limits.item) {
        const most = inUnits(this.limits.item);
        throw new Failure("bad_request", `${this.key}[${this.index}] at byte ${value.offset} is larger than ${most}.`);
      }
    } else if (this.limits.rest !== null && this.restBytes + size > this.limits.rest) {
      const most = inUnits(this.limits.rest);
      throw new Failure("bad_request", `The members beside ${this.key} are larger than ${most} together.`);
    } else if (isKey && size > KEY_BYTES_MAX) throw this.wrong(value.offset, "a key is too long");
    const passOver = !isItem && !isKey && this.limits.rest === null;
    if (!passOver) value.keep(bytes);
    if (!value.ended) return;
    this.value = null;
    if (isItem) {
      this.expecting = "next item";
      this.onItem({ index: this.index++, offset: end, text: value.text() });
      return;
    }
    this.restBytes += size;
    if (isKey) {
      this.member = parse(value.text(), end, "a key") as string;
      this.expecting = "colon";
      return;
    }
    if (!passOver) this.rest.set(this.member, parse(value.text(), end, `"${this.member}"`));
    this.expecting = "next member";
  }

  private wrong(offset: number, what: string): Failure {
    return new Failure("bad_request", `The body is not valid JSON at byte ${offset}: ${what}.`);
  }
}

/** Finds the end of one value by quotes and depth alone; whether it is valid is JSON.parse's to say. */
class Value {
  /** Its first byte in the body. */
  readonly offset: number;
  ended = false;
  private readonly bare: boolean;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private readonly pieces: Uint8Array[] = [];

  constructor(first: number, offset: number) {
    this.bare = first !== QUOTE && first !== OPEN_BRACE && first !== OPEN_BRACKET;
    this.offset = offset;
  }

  /** Goes through `chunk` from `at` and returns where the value ends in it, or the chunk's length. */
  scan(chunk: Uint8Array, at: number): number {
    if (this.bare) return this.scanBare(chunk, at);
    let { depth, inString, escaped } = this;
    let i = at;
    for (; i < chunk.byteLength && !this.ended; i++) {
      const byte = chunk[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          this.ended = depth === 0;
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.ended = --depth === 0;
    }
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    return i;
  }

  private scanBare(chunk: Uint8Array, at: number): number {
    let i = at;
    while (i < chunk.byteLength && !isPunctuation(chunk[i]!) && !isSpace(chunk[i]!)) i++;
    this.ended = i < chunk.byteLength;
    return i;
  }

  /** Copies what goes on in another chunk: the chunk's buffer may be used again by whoever reads it. */
  keep(bytes: Uint8Array): void {
    this.pieces.push(this.ended && this.pieces.length === 0 ? bytes : bytes.slice());
  }

  text(): string {
    const bytes = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
    try {
      return DECODER.decode(bytes);
    } catch {
      throw new Failure(
        "bad_request",
        `The body is not UTF-8 between byte ${this.offset} and ${this.offset + bytes.byteLength}.`,
      );
    }
  }
}

/** Without state between calls. A mark inside the body is no white space, so it is kept for JSON.parse to refuse. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** JSON.parse's own message quotes the text, which may hold a presigned URL. */
export function parse(text: string, end: number, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(
      "bad_request",
      `The body is not valid JSON: ${what}, which ends at byte ${end}, can't be parsed.`,
    );
  }
}
