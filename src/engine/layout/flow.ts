/**
 * Regions in reading order → the page's groups in one sequence, with a paragraph that goes on in the next column made
 * one. Notes at a column's foot may stand between its halves.
 */

import { beginsCaption } from "../document/captions.ts";
import { isSectionLabel } from "../document/section-names.ts";
import { beginsWithin, endsOpen } from "../document/sentences.ts";
import { type Box, union } from "../geometry.ts";
import { isMonoStyleKey, type Profile } from "../profile.ts";
import { type Heading, headingOf } from "./blocks/headings.ts";
import { labelOf } from "./blocks/labels.ts";
import { groupRows } from "./blocks/paragraphs.ts";
import { demoteTerms } from "./blocks/terms.ts";
import { boxOf, type Solid } from "./lines.ts";
import type { Region } from "./reading-order.ts";
import { type Group, type Row, rowsOf } from "./rows.ts";

/** A group with what the page around it says: its place in the flow, its heading, the boxes of its parts. */
export interface Piece extends Group {
  /** Counts the stretches of text that nothing interrupts. */
  region: number;
  column: Box;
  heading: Heading | null;
  parts: Box[];
  /** It stands in the margin of what goes before it, which may go on after it. */
  aside?: true;
  /** A table or figure: it has a row for its place, but no words there. */
  solid?: Solid;
}

/** Groups in smaller type that may stand between the halves of a paragraph. */
const NOTES_BETWEEN = 4;
/** Tables and figures that may. */
const SOLIDS_BETWEEN = 4;
/** White between a chapter's label and its name, in the label's type size. */
const LABEL_OVER = 3;
/** The halves' type sizes differ by less than this share. */
const SAME_SIZE = 0.05;
/** A note in smaller type beside a line has its baseline so much higher at most, in type sizes. */
const AT_ONE_HEIGHT = 0.5;
/** Lines of one paragraph are nearer than this, from baseline to baseline, in type sizes. */
const NEXT_LINE = 2;
/** A note's region: no stretch of the text. */
const ASIDE = -1;
/** A line that ends nearer to the edge than this is full; two edges nearer than that are one; both in type sizes. */
const FULL = 1;
const SAME_EDGE = 0.4;

export function flowOf(regions: readonly Region[], page: number, profile: Profile): Piece[] {
  const flow: Piece[] = [];
  let stretch = 0;
  for (const { lines, box, notes } of regions) {
    if (notes === true) {
      for (const group of groupRows(rowsOf(lines), profile.headings)) insertNote(flow, group, box);
      continue;
    }
    for (const rows of stretchesOf(rowsOf(lines))) {
      const solid = rows[0]!.lines[0]!.solid;
      if (solid !== undefined) {
        const own = solid.taken.box;
        flow.push({ rows, box: own, region: stretch, column: box, heading: null, parts: [own], solid });
        continue;
      }
      stretch++;
      groupRows(rows, profile.headings).forEach((group, i) => {
        const heading = headingOf(group, page, profile);
        const piece: Piece = { ...group, region: stretch, column: box, heading, parts: [group.box] };
        levelLabel(flow, piece);
        const open = i === 0 ? (halfAbove(flow, piece) ?? halfBefore(flow, piece)) : null;
        if (open === null) flow.push(piece);
        else goOn(open, piece);
      });
    }
  }
  demoteTerms(flow, profile.bodySize);
  return flow;
}

/** "Chapter 3" and the heading under it are of one level, however they are set. */
function levelLabel(flow: readonly Piece[], { heading, region, box }: Piece): void {
  const label = flow.at(-1);
  if (heading === null || label === undefined || label.heading === null || label.region !== region) return;
  const text = label.rows.flatMap((row) => row.lines.map((line) => line.text)).join(" ");
  if (!isSectionLabel(text) || box[1] - label.box[3] > LABEL_OVER * sizeOf(label)) return;
  heading.level = Math.min(heading.level, label.heading.level);
  label.heading.level = heading.level;
}

/** After the paragraph it stands beside, which is the last that begins above it. */
function insertNote(flow: Piece[], group: Group, column: Box): void {
  const { baseline, size } = group.rows[0]!;
  const reach = baseline + AT_ONE_HEIGHT * size;
  const beside = flow.findLastIndex(({ rows, aside }) => aside !== true && rows.some((row) => row.baseline <= reach));
  const last = flow.findIndex(({ aside }, i) => i > beside && aside !== true);
  const note: Piece = { ...group, region: ASIDE, column, heading: null, parts: [group.box], aside: true };
  flow.splice(last < 0 ? flow.length : last, 0, note);
}

/** Rows of text between tables and figures, and each of those by itself. */
function stretchesOf(rows: readonly Row[]): Row[][] {
  const stretches: Row[][] = [];
  let open = false;
  for (const row of rows) {
    const solids = row.lines.filter((line) => line.solid !== undefined);
    const text = solids.length === 0 ? row.lines : row.lines.filter((line) => line.solid === undefined);
    if (text.length > 0) {
      const part = text.length === row.lines.length ? row : { ...row, lines: text, box: boxOf(text) };
      if (open) stretches.at(-1)!.push(part);
      else stretches.push([part]);
    }
    for (const line of solids) stretches.push([{ ...row, lines: [line], box: line.box }]);
    open = solids.length === 0;
  }
  return stretches;
}

function goOn(open: Piece, piece: Piece): void {
  open.rows.push(...piece.rows);
  open.parts.push(piece.box);
  open.region = piece.region;
  open.column = piece.column;
  open.box = union(open.box, piece.box);
}

/** Text that stands around a figure or a box goes on under it: right below, whatever was read between. */
function halfAbove(flow: readonly Piece[], next: Piece): Piece | null {
  if (next.heading !== null || !beginsInside(next)) return null;
  const { box, baseline, size } = next.rows[0]!;
  const above = flow.slice(-NOTES_BETWEEN - SOLIDS_BETWEEN).findLast((piece) => {
    const last = piece.rows.at(-1)!;
    const sameEdge = Math.min(Math.abs(last.box[0] - box[0]), Math.abs(last.box[2] - box[2])) < SAME_EDGE * size;
    const step = baseline - last.baseline;
    return piece.solid === undefined && piece.heading === null && sameEdge && step > 0 && step < NEXT_LINE * size;
  });
  if (above === undefined || styleOf(above) !== styleOf(next) || beginsCaption(above.rows[0]!.lines[0]!.text))
    return null;
  return isOpen(above) ? above : null;
}

function halfBefore(flow: readonly Piece[], next: Piece): Piece | null {
  if (next.heading !== null || !(beginsInside(next) || beginsFlush(next))) return null;
  const near = flow.slice(-NOTES_BETWEEN - SOLIDS_BETWEEN);
  // A form's fields are no floats: text does not go on around them.
  const text = near
    .slice(near.findLastIndex((piece) => piece.solid?.taken.kind === "field") + 1)
    .filter((piece) => piece.solid === undefined && piece.aside !== true);
  for (let back = 1; back <= NOTES_BETWEEN; back++) {
    const piece = text.at(-back);
    if (piece === undefined || piece.heading !== null || piece.region !== next.region - 1) return null;
    if (sameSize(piece, next)) {
      const sameFace = isMonoStyleKey(styleOf(piece)) === isMonoStyleKey(styleOf(next));
      return sameFace && isOpen(piece) && (beginsInside(next) || isFull(piece)) ? piece : null;
    }
    if (sizeOf(piece) > sizeOf(next)) return null;
  }
  return null;
}

export function sizeOf(group: Group): number {
  return group.rows[0]!.size;
}

function styleOf(group: Group): string {
  return group.rows[0]!.lines[0]!.styleKey;
}

function sameSize(a: Group, b: Group): boolean {
  return Math.abs(sizeOf(a) - sizeOf(b)) < SAME_SIZE * sizeOf(a);
}

/** Its last line is no end of a sentence and reaches the column's edge, or breaks a word. */
export function isOpen(group: Group): boolean {
  return endsOpen(lastText(group));
}

/** It begins in the middle of a sentence. */
export function beginsInside(group: Group): boolean {
  return beginsWithin(group.rows[0]!.lines[0]!.text) && labelOf(group.rows[0]!) === null;
}

/** Its last line reaches the column's edge: nothing ended there on purpose. */
export function isFull(piece: Piece): boolean {
  const last = piece.rows.at(-1)!;
  return piece.rows.length > 1 && piece.column[2] - last.box[2] < FULL * last.size && labelOf(last) === null;
}

/** Its first line is not set in against the second, and carries no label: it need not be the first of a paragraph. */
export function beginsFlush(piece: Piece): boolean {
  const [first, second] = piece.rows;
  if (first === undefined || second === undefined || labelOf(first) !== null) return false;
  return (
    Math.abs(first.box[0] - second.box[0]) < SAME_EDGE * first.size &&
    piece.column[2] - first.box[2] < FULL * first.size
  );
}

export function lastText(group: Group): string {
  return group.rows.at(-1)!.lines.at(-1)!.text;
}
