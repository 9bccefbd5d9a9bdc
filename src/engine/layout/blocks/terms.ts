/**
 * Terms that are set like the lowest headings, each over its explanation: what stands under them is set in against the
 * page's text, which under a heading goes back to its edge. In: a page's groups in reading order; they lose their heading.
 */
import type { Group } from "../rows.ts";
import type { Heading } from "./headings.ts";
import { labelOf } from "./labels.ts";

interface Headed extends Group {
  heading: Heading | null;
  solid?: unknown;
}

/** Larger type against the body's is a heading's. */
const LARGEST = 1.1;
/** An explanation is set in by this at least, of one row by more than TeX's first lines are (1.5), in type sizes. */
const SET_IN = 1;
const SET_IN_ROW = 1.6;
const SAME_EDGE = 0.5;
/** One heading over a quotation is no list of terms. */
const FEWEST = 2;
/** The page's text stands at the term's edge: a paragraph of so many rows does. */
const TEXT_ROWS = 2;

export function demoteTerms(flow: readonly Headed[], bodySize: number): void {
  let terms: Headed[] = [];
  const end = () => {
    if (terms.length >= FEWEST && textStandsAt(flow, terms[0]!)) for (const term of terms) term.heading = null;
    terms = [];
  };
  flow.forEach((piece, i) => {
    const next = flow[i + 1];
    if (next !== undefined && mayBeTerm(piece, bodySize)) {
      const last = terms.at(-1);
      if (last !== undefined && !isAt(piece, last)) end();
      if (explains(next, piece)) terms.push(piece);
      else end();
    } else if (terms.length > 0 && !(piece.box[0] > terms[0]!.box[0] + SET_IN * piece.rows[0]!.size)) end();
  });
  end();
}

function mayBeTerm({ heading, rows, solid }: Headed, bodySize: number): boolean {
  return (
    heading !== null &&
    heading.number === undefined &&
    solid === undefined &&
    rows.length === 1 &&
    rows[0]!.size <= LARGEST * bodySize
  );
}

function explains(next: Headed, term: Headed): boolean {
  if (next.heading !== null || next.solid !== undefined || labelOf(next.rows[0]!) !== null) return false;
  const least = next.rows.length === 1 ? SET_IN_ROW : SET_IN;
  return (
    next.box[1] >= term.rows[0]!.baseline &&
    next.box[0] < term.box[2] + next.rows[0]!.size &&
    next.rows.every((row) => row.box[0] - term.box[0] >= least * row.size)
  );
}

function isAt(piece: Headed, { box }: Headed): boolean {
  return Math.abs(piece.box[0] - box[0]) < SAME_EDGE * piece.rows[0]!.size;
}

/** Else all the page's headings hang out over its text. */
function textStandsAt(flow: readonly Headed[], term: Headed): boolean {
  return flow.some(
    (piece) =>
      piece.heading === null && piece.solid === undefined && piece.rows.length >= TEXT_ROWS && isAt(piece, term),
  );
}
