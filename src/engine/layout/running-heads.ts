/**
 * Heads whose text changes by chapter: what stands beside a page number or a text that recurs, or where the document has
 * such heads; and the page's number where others of its kind do not stand. In: the page's lines, and what of them recurs;
 * out: those that are clear of the text and in type that is no title's.
 */
import { isPageNumber, numberIn } from "../document/page-numbers.ts";
import { type MarginEdge, marginEdge, marginPlace, marginStep, type Profile } from "../profile.ts";
import type { PageSize } from "../source-info.ts";
import type { Line } from "./lines.ts";

/** Type larger than this against the body is a title. */
const LARGEST = 1.1;
/** A longer line is text, whatever its place. */
const LONGEST = 160;
/** So many lines near the page's edges are text, or made to be slow. */
const MOST_LINES = 1_000;
/** White between a head and the text, and baselines of one row, in its type size. */
const APART = 0.8;
const SAME_BASELINE = 0.3;

/** @param recurring heads, feet and page numbers that recur */
export function runningHeads(
  lines: readonly Line[],
  recurring: readonly Line[],
  size: PageSize,
  profile: Profile,
): Line[] {
  const known = recurring.filter((line) => line.angle === 0);
  if (known.length === 0 && profile.headPlaces.size === 0 && profile.pageOffsets.size === 0) return [];
  const near = lines.filter((line) => marginEdge(line.text, middleOf(line) / size.height) !== null);
  if (near.length > MOST_LINES) return [];
  const taken = new Set<Line>();
  const take = (isEvident: (line: Line, edge: MarginEdge) => boolean) => {
    for (const line of near) {
      const edge = line.angle === 0 ? marginEdge(line.text, middleOf(line) / size.height) : null;
      if (edge === null || line.text.length > LONGEST || line.size > LARGEST * profile.bodySize) continue;
      if (isEvident(line, edge) && isClear(line, edge, lines)) taken.add(line);
    }
  };
  take((line, edge) => isHeadPlace(line, edge, size, profile) || isNumberOf(size, line, edge, profile));
  take((line) => [...known, ...taken].some((one) => isBeside(one, line)));
  return [...taken];
}

/** Chapters' first pages have their number elsewhere; what tells it is that it is the page's. */
function isNumberOf({ number }: PageSize, { text }: Line, { inner }: MarginEdge, { pageOffsets }: Profile): boolean {
  return !inner && isPageNumber(text) && pageOffsets.has(number - numberIn(text));
}

export function isBeside(one: Line, line: Line): boolean {
  return Math.abs(one.baseline - line.baseline) <= SAME_BASELINE * line.size;
}

export function middleOf({ box }: Line): number {
  return (box[1] + box[3]) / 2;
}

function isHeadPlace(line: Line, edge: MarginEdge, size: PageSize, { headPlaces }: Profile): boolean {
  const middle = middleOf(line);
  const step = marginStep(edge.side === "top" ? middle : size.height - middle, size);
  return [step, step - 1, step + 1].some((near) => headPlaces.has(marginPlace(edge, near)));
}

/** Nothing of the text stands further out, and white sets the row apart from what is further in. */
function isClear(line: Line, { side }: MarginEdge, lines: readonly Line[]): boolean {
  return lines.every((other) => {
    if (other.angle !== 0 || isBeside(other, line)) return true;
    const white = side === "top" ? other.box[1] - line.box[3] : line.box[1] - other.box[3];
    return white >= APART * line.size;
  });
}
