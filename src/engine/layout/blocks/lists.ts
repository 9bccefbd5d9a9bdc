/**
 * Pieces that begin with a label → lists, lists within items by their indent. A bullet makes an item by itself; a number
 * or letter only beside its neighbour: "1." without a "2." after it is a heading or a sentence.
 */
import type { Piece } from "../flow.ts";
import type { Label } from "./labels.ts";
import { labelOf } from "./labels.ts";

export interface Items {
  ordered: boolean;
  items: Item[];
  /** Pieces it takes, those of the lists in it included. */
  count: number;
}

export interface Item {
  label: Label;
  /** The first begins with the label. */
  parts: (Piece | Items)[];
}

/** Labels of one list begin at one edge, within this share of the type size; those of a list in it further right. */
const SAME_EDGE = 0.8;
/** A dash alone may be a range or a negative number: such a list needs a second item. */
const DASH = /^[–—-]$/;
/** Ticked or not, they are items of one list. */
const TICK = /^[☐☑☒✓✔❏❑]$/;
const MAX_DEPTH = 6;

/** @returns the list that begins at pieces[at], or null */
export function listAt(
  pieces: readonly Piece[],
  at: number,
  isText: (piece: Piece) => boolean,
  depth = 1,
): Items | null {
  const first = pieces[at]!;
  const label = labelOf(first.rows[0]!);
  if (label === null || !isText(first) || !mayBegin(label)) return null;
  const items: Item[] = [{ label, parts: [first] }];
  let i = at + 1;
  while (i < pieces.length && isText(pieces[i]!)) {
    const piece = pieces[i]!;
    const next = labelOf(piece.rows[0]!);
    const deeper = indentOver(piece, first);
    if (next !== null && Math.abs(deeper) <= SAME_EDGE && follows(next, items)) {
      items.push({ label: next, parts: [piece] });
      i++;
      continue;
    }
    const inner =
      next !== null && deeper > SAME_EDGE && depth < MAX_DEPTH ? listAt(pieces, i, isText, depth + 1) : null;
    if (inner !== null) {
      items.at(-1)!.parts.push(inner);
      i += inner.count;
      continue;
    }
    if (next !== null || deeper <= SAME_EDGE || !goesOn(pieces[i + 1], first, items, isText)) break;
    items.at(-1)!.parts.push(piece);
    i++;
  }
  const alone = items.length === 1;
  if (alone && (label.kind !== "bullet" || DASH.test(label.text))) return null;
  return { ordered: label.kind !== "bullet", items, count: i - at };
}

/** A list of letters or Roman numbers begins with its first. */
function mayBegin({ kind, value, roman }: Label): boolean {
  return kind !== "letter" || value === 1 || roman === 1;
}

/** After a second paragraph of an item the list goes on. */
function goesOn(
  next: Piece | undefined,
  first: Piece,
  items: readonly Item[],
  isText: (piece: Piece) => boolean,
): boolean {
  if (next === undefined || !isText(next) || Math.abs(indentOver(next, first)) > SAME_EDGE) return false;
  const label = labelOf(next.rows[0]!);
  return label !== null && follows(label, items);
}

/** In type sizes; in another column or band the columns' edges count. */
function indentOver(piece: Piece, first: Piece): number {
  const size = first.rows[0]!.size || 1;
  const by = (piece.rows[0]!.box[0] - first.rows[0]!.box[0]) / size;
  if (piece.region === first.region || Math.abs(by) <= SAME_EDGE) return by;
  return by - (piece.column[0] - first.column[0]) / size;
}

function follows(next: Label, items: readonly Item[]): boolean {
  const last = items.at(-1)!.label;
  if (next.kind !== last.kind) return false;
  if (next.kind === "bullet") return next.text === last.text || (TICK.test(next.text) && TICK.test(last.text));
  if (next.value === last.value + 1) return true;
  return next.roman !== undefined && last.roman !== undefined && next.roman === last.roman + 1;
}
