/** Which blocks may go on over the page's end: the first and the last text of the page's main type, headings aside. */
import { endsWithHyphen } from "../document/hyphens.ts";
import type { Seam } from "../page-blocks.ts";
import type { Tail } from "./blocks/index.ts";
import { beginsFlush, beginsInside, isFull, isOpen, lastText, sizeOf } from "./flow.ts";

/** @param offset blocks that stand before the text (furniture) */
export function seamsOf(tails: readonly Tail[], offset: number): Seam[] {
  const seams: Seam[] = [];
  const main = mainSize(tails);
  const first = tails.findIndex(({ piece }) => piece.heading !== null || sizeOf(piece) >= main);
  const head = tails[first];
  if (head?.block.kind === "paragraph" && (beginsInside(head.piece) || beginsFlush(head.piece))) {
    const state = { openSentence: beginsInside(head.piece), full: beginsFlush(head.piece) };
    seams.push({ at: "head", block: offset + first, ...placeOf(head), ...state });
  }
  const last = tails.findLastIndex(({ piece }) => piece.heading !== null || sizeOf(piece) >= main);
  const tail = tails[last];
  if ((tail?.block.kind === "paragraph" || tail?.block.kind === "list") && isOpen(tail.piece)) {
    const state = { openSentence: true, full: isFull(tail.piece) };
    seams.push({ at: "tail", block: offset + last, ...placeOf(tail), ...state });
  }
  return seams;
}

function placeOf({ block, piece }: Tail): Pick<Seam, "kind" | "column" | "hyphen"> {
  return { kind: block.kind, column: piece.column, hyphen: endsWithHyphen(lastText(piece)) };
}

/** The type size of most of the page's characters; notes are smaller. */
function mainSize(tails: readonly Tail[]): number {
  const chars = new Map<number, number>();
  for (const { piece } of tails) {
    for (const row of piece.rows) {
      const count = row.lines.reduce((sum, line) => sum + line.chars, 0);
      chars.set(row.size, (chars.get(row.size) ?? 0) + count);
    }
  }
  let [best, most] = [0, -1];
  for (const [size, count] of chars) if (count > most || (count === most && size < best)) [best, most] = [size, count];
  return best;
}
