/**
 * Entries of a table of contents: pieces that end with a page number set apart from their text, three or more in a row,
 * the numbers never falling. In: pieces in reading order; out: the entries from here, with their levels, or null.
 */
import type { Run } from "../../document/runs.ts";
import type { Piece } from "../flow.ts";
import { pageOf } from "./page-numbers.ts";

export interface ContentsEntry {
  /** More than one where its text is longer than a line. */
  pieces: Piece[];
  level: number;
}

/** Fewer are a coincidence. */
const FEWEST = 3;
/** A piece without a page that begins an entry: its rows, and white below it, in type sizes. */
const WRAPPED = { rows: 2, gap: 1 } as const;
/** Entries set in by less than this are of one level, in type sizes. */
const INDENT_STEP = 0.7;
const MAX_LEVEL = 6;
const NUMBER = /^(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*\.?(?=\s|$)/;
/** What leads to the page: dots and their like, three at least; fewer may be the text's own. */
const LEADER = new Set(".·•_‥…");
const FEWEST_DOTS = 3;

export function contentsAt(flow: readonly Piece[], at: number): { entries: ContentsEntry[]; count: number } | null {
  const entries: Piece[][] = [];
  let last = 0;
  let count = 0;
  for (let i = at; i < flow.length; i++) {
    const piece = flow[i]!;
    const page = pageIn(piece);
    if (page === null) {
      if (entries.length > 0 && goesOnIn(piece, flow[i + 1])) continue;
      break;
    }
    if (typeof page === "number" && page < last) break;
    if (typeof page === "number") last = page;
    entries.push(flow.slice(at + count, i + 1));
    count = i + 1 - at;
  }
  if (entries.length < FEWEST) return null;
  const levels = levelsOf(entries.map((pieces) => pieces[0]!));
  return { entries: entries.map((pieces, i) => ({ pieces, level: levels[i]! })), count };
}

/** The entry's text, what leads to its page, and the page. */
export function splitEntry(runs: readonly Run[]): { runs: Run[]; leader: Run[]; page: string } {
  const text = runs.map((run) => run.text).join("");
  const page = text.slice(text.search(/[^\s.…·•_‥]*$/u));
  const front = text.slice(0, text.length - page.length).trimEnd();
  const end = endOfTitle(front);
  return { runs: cut(runs, 0, end), leader: cut(runs, end, front.length), page };
}

/** Walks back, since a pattern for a run at the end is tried at every dot before it. */
function endOfTitle(front: string): number {
  let [at, dots] = [front.length, 0];
  for (; at > 0; at--) {
    const sign = front[at - 1]!;
    if (LEADER.has(sign)) dots += sign === "…" ? FEWEST_DOTS : 1;
    else if (sign.trim() !== "") break;
  }
  return dots >= FEWEST_DOTS ? at : front.length;
}

function pageIn(piece: Piece): number | string | null {
  return piece.solid === undefined ? pageOf(piece.rows.at(-1)!) : null;
}

/** The first line of an entry whose page stands on the next one, close below. */
function goesOnIn(piece: Piece, next: Piece | undefined): boolean {
  if (piece.solid !== undefined || next === undefined || pageIn(next) === null) return false;
  const [last, first] = [piece.rows.at(-1)!, next.rows[0]!];
  return (
    piece.rows.length <= WRAPPED.rows &&
    first.lines[0]!.styleKey === last.lines[0]!.styleKey &&
    next.box[1] >= piece.box[1] &&
    next.box[1] - piece.box[3] < WRAPPED.gap * last.size
  );
}

/** By the left edges in their column; where all agree, by the depth of the numbers. */
function levelsOf(pieces: readonly Piece[]): number[] {
  const size = pieces[0]!.rows[0]!.size;
  const edges = pieces.map((piece) => piece.rows[0]!.box[0] - piece.column[0]);
  const steps = edges
    .toSorted((a, b) => a - b)
    .filter((edge, i, all) => i === 0 || edge - all[i - 1]! > INDENT_STEP * size);
  if (steps.length > 1) return edges.map((edge) => Math.min(MAX_LEVEL, steps.filter((step) => step <= edge).length));
  return pieces.map((piece) => {
    const number = NUMBER.exec(piece.rows[0]!.lines.map((line) => line.text).join(" "))?.[0];
    return Math.min(MAX_LEVEL, number?.split(".").filter((part) => part !== "").length ?? 1);
  });
}

/** Characters [from, to) of all runs together. */
function cut(runs: readonly Run[], from: number, to: number): Run[] {
  const out: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== "") out.push({ ...run, text });
    at += run.text.length;
  }
  return out;
}
