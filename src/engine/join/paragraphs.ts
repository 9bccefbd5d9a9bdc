/** The second half of a paragraph, on a later page → into the first, also where that ends a list's item or a note. */
import { breaksAddress } from "../document/addresses.ts";
import type { Block, TextBlock } from "../document/blocks.ts";
import { endsWithHyphen, judgeHyphen } from "../document/hyphens.ts";
import type { Part } from "../document/index.ts";
import type { Run } from "../document/runs.ts";
import type { Seam } from "../page-blocks.ts";
import type { End } from "./open.ts";

/** The halves of a note differ by less than this share in type size. */
const SAME_SIZE = 0.05;

/** @returns the block at the head, when it went into the tail; it is then gone from its part */
export function continueParagraph(tail: End, head: End, words: ReadonlySet<number>): Block[] {
  const second = head.block;
  const path = pathToEnd(tail.block);
  const first = path.at(-1);
  if (first === undefined || !isRunning(first) || !isRunning(second) || !fits(tail.seam, head.seam)) return [];
  if (first.runs.length === 0 || second.runs.length === 0) return [];
  append(tail.part, first, second, words);
  for (const block of path.slice(0, -1)) takeLines(block, second);
  head.part.blocks.splice(head.part.blocks.indexOf(second), 1);
  return [second];
}

function isRunning(block: Block): block is TextBlock {
  return block.kind === "paragraph" || block.kind === "reference";
}

function fits(tail: Seam, head: Seam): boolean {
  if (tail.role === "note" && Math.abs(tail.size - head.size) > SAME_SIZE * tail.size) return false;
  // A capital in mid-sentence is a name when neither line looks like the end or the beginning of a paragraph.
  return tail.openSentence && (head.openSentence || (tail.full && head.full));
}

/** A text goes on with another: a word broken between them is made whole. @param part that holds `first` */
export function append(part: Part, first: TextBlock, second: TextBlock, words: ReadonlySet<number>): void {
  const runs = second.runs.map((run) => ({ ...run }));
  if (first.runs.length > 0 && runs.length > 0) bridge(part, first.runs, runs, words);
  first.runs.push(...runs);
  takeLines(first, second);
}

export function takeLines(first: Block, second: Block): void {
  // A block and what it holds may have been given the same list.
  first.lines = [...first.lines, ...second.lines];
  first.places = [...first.places, ...second.places];
}

/** The block, and of a list, note or abstract what it ends with, down to a paragraph. */
export function pathToEnd(block: Block): Block[] {
  const inner = block.kind === "list" ? block.items.at(-1)?.blocks : "blocks" in block ? block.blocks : [];
  const last = inner?.at(-1);
  return last === undefined ? [block] : [block, ...pathToEnd(last)];
}

function bridge(part: Part, before: readonly Run[], after: readonly Run[], words: ReadonlySet<number>): void {
  const [last, next] = [before.at(-1)!, after[0]!];
  const word = /^\S*/u.exec(next.text)![0];
  if (last.href === next.href && breaksAddress(last.text, word, next.href)) return;
  if (!endsWithHyphen(last.text)) {
    next.text = ` ${next.text}`;
    return;
  }
  const verdict = judgeHyphen(last.text, next.text, words);
  if (verdict === "space") next.text = ` ${next.text}`;
  if (verdict === "join") {
    part.edits.push({ line: last.line, from: last.text.slice(-1), to: "", reason: "hyphen" });
    last.text = last.text.slice(0, -1);
  }
}
