/**
 * Numbers and texts → bytes and back: integers as base-128 varints (signed ones zigzagged), texts as lengths in the
 * stream with their letters in one UTF-8 block at the end, so that one call of the decoder reads them all.
 */

const INITIAL_BYTES = 16_384;
/** Longest varint: 53 bits. */
const MAX_VARINT = 8;
/** Above it shifts would lose bits and arithmetic takes over. */
const SMALL = 0x4000_0000;

export class ByteWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #texts: string[] = [];

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  /** A whole number from 0 to 2^53 - 1. */
  unsigned(value: number): void {
    this.#reserve(MAX_VARINT);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest % 128) | 128;
      rest = rest < SMALL ? rest >> 7 : Math.floor(rest / 128);
    }
    this.#bytes[this.#at++] = rest;
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  optionalSigned(value: number | undefined): void {
    this.byte(value === undefined ? 0 : 1);
    if (value !== undefined) this.signed(value);
  }

  float(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Lone surrogates would not survive UTF-8; the readers let none through. */
  text(value: string): void {
    this.unsigned(value.length);
    this.#texts.push(value);
  }

  optionalText(value: string | undefined): void {
    this.unsigned(value === undefined ? 0 : value.length + 1);
    if (value !== undefined) this.#texts.push(value);
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.unsigned(items.length);
    for (const item of items) write(item);
  }

  /** @returns 4 bytes for the length of the numbers, the numbers, the texts */
  finish(): Uint8Array {
    const letters = new TextEncoder().encode(this.#texts.join(""));
    const bytes = new Uint8Array(4 + this.#at + letters.length);
    new DataView(bytes.buffer).setUint32(0, this.#at, true);
    bytes.set(this.#bytes.subarray(0, this.#at), 4);
    bytes.set(letters, 4 + this.#at);
    return bytes;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export class ByteReader {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 4;
  #end: number;
  #texts: string;
  #textAt = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = 4 + (bytes.length < 4 ? 0 : this.#view.getUint32(0, true));
    if (bytes.length < this.#end) throw new RangeError("Stored lines are cut off");
    this.#texts = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes.subarray(this.#end));
  }

  byte(): number {
    if (this.#at >= this.#end) throw new RangeError("Stored lines end too early");
    return this.#bytes[this.#at++]!;
  }

  unsigned(): number {
    let byte = this.byte();
    let value = byte & 127;
    for (let unit = 128; byte >= 128; unit *= 128) {
      byte = this.byte();
      value += (byte & 127) * unit;
    }
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  optionalSigned(): number | undefined {
    return this.byte() === 0 ? undefined : this.signed();
  }

  float(): number {
    if (this.#at + 8 > this.#end) throw new RangeError("Stored lines end too early");
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  text(): string {
    return this.#letters(this.unsigned());
  }

  optionalText(): string | undefined {
    const length = this.unsigned();
    return length === 0 ? undefined : this.#letters(length - 1);
  }

  list<T>(read: () => T): T[] {
    const count = this.unsigned();
    if (count > this.#end) throw new RangeError("Stored lines claim more entries than they have bytes");
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }

  #letters(length: number): string {
    const text = this.#texts.slice(this.#textAt, this.#textAt + length);
    this.#textAt += length;
    return text;
  }
}
