/**
 * PageBlocks in page order → Parts. What a page's end cuts (a paragraph, a list, a listing, a table, a note) stands whole
 * where it begins; its later lines keep their page. Several may be open at once; only the parts from the first open one
 * on are held, so that 5,000 pages stay flat.
 */
import type { Block } from "../document/blocks.ts";
import { beginsCaption } from "../document/captions.ts";
import type { Part } from "../document/index.ts";
import type { PageBlocks } from "../page-blocks.ts";
import type { Profile } from "../profile.ts";
import { continueCode } from "./code.ts";
import { continueList } from "./lists.ts";
import type { End } from "./open.ts";
import { continueParagraph } from "./paragraphs.ts";
import { continueTable } from "./tables.ts";

/** What goes on over more pages than this is ended: what is held stays bounded. */
const MAX_OPEN_PARTS = 24;
/** A page of nothing but these and captions may stand between the halves of a text. */
const BETWEEN = new Set(["figure", "table", "furniture"]);

type Words = Profile["words"];

export async function* join(pages: AsyncIterable<PageBlocks>, profile: Pick<Profile, "words">): AsyncGenerator<Part> {
  /** From the part of the first open end on. */
  const held: Part[] = [];
  let open: End[] = [];
  for await (const page of pages) {
    const { seams, ...part } = page;
    const ends = seams.map((seam) => ({ part, last: part, block: part.blocks[seam.block]!, seam }));
    const between = part.blocks.every(isBetween);
    const taken = joinHeads(open, ends, profile.words);
    const tails = ends.filter(({ seam }) => seam.at === "tail").map((end) => ({ ...end, ...taken.get(end.block) }));
    open = [...(between ? open.filter(({ seam }) => seam.role === "text") : []), ...tails];
    held.push(part);
    if (held.length > MAX_OPEN_PARTS) open = open.filter((end) => end.part === part);
    const waiting = new Set(open.map((end) => end.part));
    const first = held.findIndex((one) => waiting.has(one));
    yield* held.splice(0, first < 0 ? held.length : first);
  }
  yield* held;
}

function isBetween(block: Block): boolean {
  if (block.kind !== "paragraph") return BETWEEN.has(block.kind);
  return beginsCaption(block.runs.map((run) => run.text).join(""));
}

/** @returns blocks that went into one of an earlier page → where they are now */
function joinHeads(open: readonly End[], ends: readonly End[], words: Words): Map<Block, Pick<End, "part" | "block">> {
  const taken = new Map<Block, Pick<End, "part" | "block">>();
  for (const head of ends.filter(({ seam }) => seam.at === "head")) {
    const tail = open.find(({ seam }) => seam.role === head.seam.role);
    if (tail === undefined) continue;
    for (const block of goOn(tail, head, words)) taken.set(block, { part: tail.part, block: tail.block });
  }
  return taken;
}

/** @returns the blocks that the tail took in */
function goOn(tail: End, head: End, words: Words): Block[] {
  if (tail.seam.role === "table") return continueTable(tail, head, words);
  if (tail.block.kind === "code") return continueCode(tail, head);
  const at = head.part.blocks.indexOf(head.block);
  const text = continueParagraph(tail, head, words);
  return tail.seam.role === "text" ? [...text, ...continueList(tail, head.part, at, head.seam)] : text;
}
