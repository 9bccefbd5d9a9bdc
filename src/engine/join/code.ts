/** A listing that goes on at the next page's head → into the first, set in as it stands against it. */
import type { Block, BlockOf } from "../document/blocks.ts";
import type { Run } from "../document/runs.ts";
import type { End } from "./open.ts";
import { takeLines } from "./paragraphs.ts";

/** Listings in type that differs by more than this share are two. */
const SAME_SIZE = 0.03;

/** @returns the block at the head, when it went into the tail; it is then gone from its part */
export function continueCode(tail: End, head: End): Block[] {
  const [first, second] = [tail.block, head.block];
  if (first.kind !== "code" || second.kind !== "code" || first.algorithm !== second.algorithm) return [];
  if (Math.abs(tail.seam.size - head.seam.size) > SAME_SIZE * tail.seam.size) return [];
  const by = columnsBetween(first, second);
  first.runs = [...setIn(first.runs, -by), ...setIn(second.runs, by)];
  takeLines(first, second);
  head.part.blocks.splice(head.part.blocks.indexOf(second), 1);
  return [second];
}

/** Each half counts its blanks from its own left edge: characters that the second's stands further right. */
function columnsBetween(first: BlockOf<"code">, second: BlockOf<"code">): number {
  const longest = Math.max(1, ...first.runs.flatMap((run) => run.text.split("\n").map((line) => line.length)));
  const [left, right] = [leftOf(first), Math.max(...first.places.map(({ box }) => box[2]))];
  return Math.round((leftOf(second) - left) / Math.max(1, (right - left) / longest));
}

function leftOf(block: BlockOf<"code">): number {
  return Math.min(...block.places.map(({ box }) => box[0]));
}

function setIn(runs: readonly Run[], by: number): Run[] {
  if (by <= 0) return [...runs];
  return runs.map((run, i) =>
    run.line === runs[i - 1]?.line ? run : { ...run, text: run.text.replace(/^(\n*)/, `$1${" ".repeat(by)}`) },
  );
}
