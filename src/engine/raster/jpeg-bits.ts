/** Bits, markers and segments of a JPEG stream → bytes; a 0xff among the bits is followed by a zero (T.81 B.1.1.5). */

export class BitWriter {
  #bytes: Uint8Array;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /** @param code a Huffman code as `length << 16 | bits` */
  code(code: number): void {
    this.bits(code & 0xffff, code >>> 16);
  }

  bits(value: number, count: number): void {
    // At most 7 bits wait and at most 16 come: fits in 32.
    this.#bits = (this.#bits << count) | value;
    this.#count += count;
    while (this.#count >= 8) {
      const byte = (this.#bits >>> (this.#count - 8)) & 255;
      this.#push(byte);
      if (byte === 255) this.#push(0);
      this.#count -= 8;
    }
    this.#bits &= (1 << this.#count) - 1;
  }

  /** Fills the last byte with ones. */
  flushBits(): void {
    if (this.#count > 0) this.bits((1 << (8 - this.#count)) - 1, 8 - this.#count);
  }

  marker(code: number): void {
    this.#push(255);
    this.#push(code);
  }

  segment(code: number, content: readonly number[]): void {
    this.marker(code);
    this.#push((content.length + 2) >> 8);
    this.#push((content.length + 2) & 255);
    for (const byte of content) this.#push(byte);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  #push(byte: number): void {
    if (this.#at === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#at++] = byte;
  }
}
