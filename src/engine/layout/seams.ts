/**
 * Which blocks may go on over the page's end: the first and the last text of the page's main type (headings stand in
 * the way), the last note and the first small text that has no mark, and a table at the text's end or beginning.
 */
import type { BlockOf } from "../document/blocks.ts";
import { beginsCaption } from "../document/captions.ts";
import { isContinuedNotice } from "../document/continued.ts";
import type { Box } from "../geometry.ts";
import type { Seam } from "../page-blocks.ts";
import type { Profile } from "../profile.ts";
import type { PageSize } from "../source-info.ts";
import type { Tail } from "./blocks/index.ts";
import { beginsFlush, beginsInside, isFull, isOpen, lastText, type Piece, sizeOf } from "./flow.ts";

/** A table that the page's end cuts reaches it, within this share of the page's height (margins, notes, a tall row). */
const NEAR_END = 0.3;
/** Notes are smaller than the text by this ratio. */
const SMALLER = 0.97;
const GOES_ON = new Set(["paragraph", "reference", "list", "code", "abstract"]);

/** @param offset blocks that stand before the text (furniture) */
export function seamsOf(tails: readonly Tail[], offset: number, size: PageSize, profile: Profile): Seam[] {
  const main = mainSize(tails, profile.bodySize);
  return [
    ...textSeams(tails, offset, main),
    ...noteSeams(tails, offset, main),
    ...tableSeams(tails, offset, main, size),
  ];
}

function textSeams(tails: readonly Tail[], offset: number, main: number): Seam[] {
  const seams: Seam[] = [];
  const isMain = ({ block, piece }: Tail) =>
    piece.heading !== null ||
    (block.kind === "code" && !block.algorithm) ||
    (sizeOf(piece) >= SMALLER * main && block.kind !== "note" && !isBesideText(piece));
  const first = tails.findIndex(isMain);
  const head = tails[first];
  if (head !== undefined && GOES_ON.has(head.block.kind)) {
    const state = { openSentence: beginsInside(head.first), full: beginsFlush(head.first) };
    seams.push({ at: "head", role: "text", block: offset + first, ...placeOf(head.first), ...state });
  }
  const last = tails.findLastIndex(isMain);
  const tail = tails[last];
  if (tail !== undefined && GOES_ON.has(tail.block.kind)) {
    const state = { openSentence: isOpen(tail.piece), full: isFull(tail.piece) };
    seams.push({ at: "tail", role: "text", block: offset + last, ...placeOf(tail.piece), ...state });
  }
  return seams;
}

/** A note in the margin, a caption that nothing took, and what the page's end says of itself. */
function isBesideText(piece: Piece): boolean {
  return (
    piece.aside === true || isContinuedNotice(lastText(piece)) || beginsCaption(piece.rows[0]?.lines[0]?.text ?? "")
  );
}

/** The last note, and a paragraph in smaller type under all other text where notes would begin. */
function noteSeams(tails: readonly Tail[], offset: number, main: number): Seam[] {
  const seams: Seam[] = [];
  const last = tails.at(-1);
  if (last?.block.kind === "note" && isOpen(last.piece)) {
    const state = { openSentence: true, full: isFull(last.piece) };
    seams.push({ at: "tail", role: "note", block: offset + tails.length - 1, ...placeOf(last.piece), ...state });
  }
  const foot = tails.findLastIndex(({ block, piece }) => block.kind !== "note" && sizeOf(piece) >= SMALLER * main);
  const index = tails.findIndex(({ block }, i) => i > foot && (block.kind === "note" || block.kind === "paragraph"));
  const head = tails[index];
  if (head?.block.kind === "paragraph" && head.piece.solid === undefined) {
    const state = { openSentence: beginsInside(head.piece), full: beginsFlush(head.piece) };
    seams.push({ at: "head", role: "note", block: offset + index, ...placeOf(head.first), ...state });
    // The page's only note is this: it may go on once more.
    if (index === tails.length - 1 && isOpen(head.piece))
      seams.push({ ...seams.at(-1)!, at: "tail", openSentence: true, full: isFull(head.piece) });
  }
  return seams;
}

/** The first and the last that is no note, figure or notice of the break. */
function tableSeams(tails: readonly Tail[], offset: number, main: number, { height }: PageSize): Seam[] {
  const isBeside = ({ block, piece }: Tail) =>
    block.kind === "note" ||
    block.kind === "figure" ||
    (piece.solid === undefined && (sizeOf(piece) < SMALLER * main || isContinuedNotice(lastText(piece))));
  const seam = (at: Seam["at"], index: number, reaches: (box: Box) => boolean): Seam[] => {
    const tail = tails[index];
    if (tail?.block.kind !== "table" || tail.block.columns < 2 || !reaches(tail.piece.box)) return [];
    const size = sizeInside(tail);
    const state = { column: tail.piece.column, size, openSentence: false, full: false, columns: columnsOf(tail.block) };
    return [{ at, role: "table", block: offset + index, ...state }];
  };
  const first = tails.findIndex((tail) => !isBeside(tail));
  const last = tails.findLastIndex((tail) => !isBeside(tail));
  return [
    ...seam("head", first, (box) => box[1] < NEAR_END * height),
    ...seam("tail", last, (box) => height - box[3] < NEAR_END * height),
  ];
}

function columnsOf({ columns, cells }: BlockOf<"table">): [number, number][] {
  const extents = Array.from({ length: columns }, (): [number, number] => [Infinity, -Infinity]);
  for (const { column, columnSpan, box, blocks } of cells) {
    if (columnSpan > 1 || box === undefined || blocks.length === 0) continue;
    const extent = extents[column]!;
    extent[0] = Math.min(extent[0], box[0]);
    extent[1] = Math.max(extent[1], box[2]);
  }
  return extents;
}

function sizeInside({ piece }: Tail): number {
  const sizes = (piece.solid?.lines ?? []).map((line) => line.size).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

function placeOf(piece: Piece): Pick<Seam, "column" | "size"> {
  return { column: piece.column, size: sizeOf(piece) };
}

/** The document's, where the page has text in it; else that of most of the page's characters. Notes are smaller. */
function mainSize(tails: readonly Tail[], bodySize: number): number {
  const chars = new Map<number, number>();
  let body = false;
  for (const { block, piece } of tails) {
    body ||= piece.heading === null && piece.rows.length > 1 && Math.abs(sizeOf(piece) / bodySize - 1) <= 1 - SMALLER;
    for (const row of block.kind === "note" ? [] : piece.rows) {
      const count = row.lines.reduce((sum, line) => sum + line.chars, 0);
      chars.set(row.size, (chars.get(row.size) ?? 0) + count);
    }
  }
  if (body) return bodySize;
  let [best, most] = [0, -1];
  for (const [size, count] of chars) if (count > most || (count === most && size < best)) [best, most] = [size, count];
  return best;
}
