/** What a LineId tells: its page, and its id in lines.json, 32 hex digits that follow from the source and the LineId alone. */

/** Four lanes of murmur-like mixing; 128 bits against collisions, not against malice. */
const SEEDS = [0x9747b28c, 0x1b873593, 0xcc9e2d51, 0x85ebca6b] as const;

/** 0 for sources without pages. */
export function pageOf(line: string): number {
  return Number.parseInt(line, 10) || 0;
}

export function lineHash(sourceHash: string, line: string): string {
  const text = `${sourceHash}\n${line}`;
  return SEEDS.map((seed) => lane(text, seed).toString(16).padStart(8, "0")).join("");
}

function lane(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
