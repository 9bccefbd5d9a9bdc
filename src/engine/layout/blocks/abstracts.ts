/**
 * The abstract of a document: what stands under the heading of that name, or begins with the name, before any other
 * section. In: a page's blocks with their pieces; out: the same, its paragraphs as one block.
 */
import type { Block } from "../../document/blocks.ts";
import { beginsAbstract, beginsKeywords, namesAbstract } from "../../document/section-names.ts";
import { type Placed, union } from "../../geometry.ts";
import type { Piece } from "../flow.ts";

interface Tail {
  block: Block;
  first: Piece;
  piece: Piece;
}

/** A title and its back may come first; further on, a summary is the text's own. */
const LAST_PAGE = 3;
const MOST_PARAGRAPHS = 6;
/** Its paragraphs share their edges, and differ in type by less than this share. In type sizes. */
const SAME_EDGE = 1;
const SAME_SIZE = 0.05;

export function gatherAbstract(tails: readonly Tail[], page: number): Tail[] {
  if (page > LAST_PAGE) return [...tails];
  const heading = tails.findIndex(({ block }) => block.kind === "heading");
  const named = heading >= 0 && namesAbstract(say(tails[heading]!.block));
  const runIn = tails.findIndex(({ block }) => block.kind === "paragraph" && beginsAbstract(say(block)));
  const from = named ? heading + 1 : heading < 0 || runIn < heading ? runIn : -1;
  if (from < 0) return [...tails];
  let to = from;
  while (to < tails.length && to - from < MOST_PARAGRAPHS && goesOn(tails[to]!, tails[from]!)) to++;
  if (to === from) return [...tails];
  return [...tails.slice(0, from), asOne(tails.slice(from, to)), ...tails.slice(to)];
}

function goesOn({ block, first: piece }: Tail, { first }: Tail): boolean {
  if (block.kind !== "paragraph" || beginsKeywords(say(block))) return false;
  const [size, own] = [first.rows[0]!.size, piece.rows[0]!.size];
  if (Math.abs(size - own) > SAME_SIZE * size) return false;
  return (
    Math.abs(piece.column[0] - first.column[0]) <= SAME_EDGE * size && piece.box[0] >= first.box[0] - SAME_EDGE * size
  );
}

function asOne(tails: readonly Tail[]): Tail {
  const blocks = tails.map(({ block }) => block);
  const last = tails.at(-1)!;
  const block: Block = {
    kind: "abstract",
    id: `${blocks[0]!.id}.abstract`,
    lines: blocks.flatMap(({ lines }) => lines),
    places: placesOf(blocks),
    blocks,
  };
  return { block, first: tails[0]!.first, piece: last.piece };
}

/** One box where paragraphs stand under one another. */
function placesOf(blocks: readonly Block[]): Placed[] {
  const places: Placed[] = [];
  for (const { page, box } of blocks.flatMap((block) => block.places)) {
    const last = places.at(-1);
    if (last === undefined || box[1] < last.box[1]) places.push({ page, box });
    else places[places.length - 1] = { page, box: union(last.box, box) };
  }
  return places;
}

function say(block: Block): string {
  return "runs" in block ? block.runs.map((run) => run.text).join("") : "";
}
