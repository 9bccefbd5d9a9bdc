/** Byte streams in pieces of chosen sizes, from a seed: a failing case can be run again. */

/** A whole number below `below`. */
export type Random = (below: number) => number;

/** mulberry32: small, even enough for cutting, the same on every run. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Without `sizes` in one piece; otherwise in pieces of 1 to 40 bytes, now and then an empty or a long one. */
export async function* chunked(content: string | Uint8Array, sizes?: Random): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  if (sizes === undefined) {
    yield bytes;
    return;
  }
  for (let at = 0; at < bytes.byteLength; ) {
    const size = sizes(10) === 9 ? sizes(400) : 1 + sizes(sizes(3) === 0 ? 40 : 3);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

export async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk.slice());
  return Buffer.concat(pieces);
}
