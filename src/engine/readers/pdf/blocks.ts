/**
 * A source in ranges → bytes for PDFium's file callback, through a small cache of fixed-size blocks (least recently
 * used goes first). Asks for whole runs of missing blocks at once; memory is bounded whatever the file's size.
 */
import type { ByteSource } from "../../host.ts";
import type { BlockReader, Pdfium } from "./pdfium.ts";

/** One range request costs latency and money, one page's objects are near each other: 64 KiB is the measured middle. */
const BLOCK_BYTES = 64 * 1024;
/** 8 MiB: an isolate has 128 MB for everything. */
const MAX_BLOCKS = 128;
/** Longest run of blocks asked for at once; a longer read (a large picture) goes in pieces, uncached. */
const MAX_RUN_BLOCKS = 32;

interface Range {
  offset: number;
  length: number;
}

export class BlockCache implements BlockReader {
  #source: ByteSource;
  #target: Pdfium;
  #blocks = new Map<number, Uint8Array>();
  /** The last read that `now` could not answer. */
  #missed: Range | undefined;
  /** Bytes handed to PDFium: what it may be keeping. */
  served = 0;
  /** Requests to the source so far. */
  requests = 0;
  /** What the source threw: PDFium only learns that a read failed. */
  failure: unknown;

  constructor(source: ByteSource, target: Pdfium) {
    this.#source = source;
    this.#target = target;
  }

  wait(offset: number, length: number, pointer: number): number | Promise<number> {
    if (offset + length > this.#source.size) return 0;
    if (this.#holds(offset, length)) return this.#copy(offset, length, pointer);
    return this.#fetchTo(offset, length, pointer).catch((error: unknown) => {
      this.failure ??= error;
      return 0;
    });
  }

  now(offset: number, length: number, pointer: number): number {
    if (offset + length > this.#source.size) return 0;
    if (this.#holds(offset, length)) return this.#copy(offset, length, pointer);
    this.#missed = { offset, length };
    return 0;
  }

  /** @returns true when a read had failed for want of blocks that are now here: worth another try */
  async fetchMissed(): Promise<boolean> {
    const missed = this.#missed;
    this.#missed = undefined;
    if (!missed) return false;
    const last = lastBlock(missed);
    for (let from = firstBlock(missed); from <= last && this.#blocks.size <= MAX_BLOCKS; from += MAX_RUN_BLOCKS) {
      await this.#fetchRun(from, Math.min(last, from + MAX_RUN_BLOCKS - 1));
    }
    return true;
  }

  #holds(offset: number, length: number): boolean {
    const last = lastBlock({ offset, length });
    for (let block = firstBlock({ offset, length }); block <= last; block++) {
      if (!this.#blocks.has(block)) return false;
    }
    return true;
  }

  #copy(offset: number, length: number, pointer: number): number {
    const out = this.#target.bytes(pointer, length);
    for (let done = 0; done < length; ) {
      const block = Math.floor((offset + done) / BLOCK_BYTES);
      const bytes = this.#blocks.get(block)!;
      this.#touch(block, bytes);
      const from = offset + done - block * BLOCK_BYTES;
      const piece = bytes.subarray(from, from + length - done);
      if (piece.length === 0) return 0; // the source is shorter than it said
      out.set(piece, done);
      done += piece.length;
    }
    this.served += length;
    return 1;
  }

  async #fetchTo(offset: number, length: number, pointer: number): Promise<number> {
    const last = lastBlock({ offset, length });
    const stride = MAX_RUN_BLOCKS * BLOCK_BYTES;
    for (let done = 0; done < length; ) {
      const piece = Math.min(length - done, stride - ((offset + done) % BLOCK_BYTES));
      const from = firstBlock({ offset: offset + done, length: piece });
      const to = Math.min(last, lastBlock({ offset: offset + done, length: piece }));
      for (let block = from; block <= to; block++) {
        if (this.#blocks.has(block)) continue;
        let end = block;
        while (end < to && !this.#blocks.has(end + 1)) end++;
        await this.#fetchRun(block, end);
        block = end;
      }
      if (this.#copy(offset + done, piece, pointer + done) === 0) return 0;
      done += piece;
    }
    return 1;
  }

  async #fetchRun(from: number, to: number): Promise<void> {
    const offset = from * BLOCK_BYTES;
    const length = Math.min(this.#source.size, (to + 1) * BLOCK_BYTES) - offset;
    const bytes = await this.#source.read(offset, length);
    this.requests++;
    for (let block = from; block <= to; block++) {
      const start = (block - from) * BLOCK_BYTES;
      // A copy, so that dropping a block frees it.
      this.#touch(block, bytes.slice(start, start + BLOCK_BYTES));
    }
  }

  #touch(block: number, bytes: Uint8Array): void {
    this.#blocks.delete(block);
    this.#blocks.set(block, bytes);
    if (this.#blocks.size > MAX_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
  }
}

const firstBlock = (range: Range) => Math.floor(range.offset / BLOCK_BYTES);
const lastBlock = (range: Range) => Math.floor((range.offset + Math.max(1, range.length) - 1) / BLOCK_BYTES);
