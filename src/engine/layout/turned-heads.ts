/**
 * Column heads set on their side over an upright table: cells of its head row. No table is found by them; once one is
 * decided on, turned lines that stand on its columns go to it.
 */
import { type Box, overlap, union } from "../geometry.ts";
import { boxOf, type Line } from "./lines.ts";
import type { GridCell, Proposal, TableProposal } from "./propose/proposal.ts";

/** A head's foot is nearer to the first row than this, and a head's middle to its column's text; in its type sizes. */
const NEAR = 2;
const BESIDE = 1;
/** One head is a label of something else. */
const HEADS = 2;

export function addTurnedHeads(chosen: readonly Proposal[], text: readonly Line[]): void {
  const lines = text.filter((line) => line.angle === 90 || line.angle === 270);
  if (lines.length < HEADS) return;
  for (const proposal of chosen) if (proposal.kind === "table") addHeads(proposal, lines);
}

function addHeads(proposal: TableProposal, lines: readonly Line[]): void {
  const { grid, words } = proposal;
  const first = grid.cells.filter((cell) => cell.row === 0 && cell.words.length > 0);
  if (first.length === 0) return;
  const row = boxOf(first);
  const taken = new Set(words);
  const extents = extentsOf(grid.cells, grid.columns);
  const heads = new Map<number, Line[]>();
  for (const line of lines) {
    if (taken.has(line.from) || line.box[1] >= row[1] || line.box[3] < row[1] - NEAR * line.size) continue;
    const column = line.box[3] <= row[3] + line.size / 2 ? columnUnder(line, extents) : -1;
    if (column >= 0) heads.set(column, [...(heads.get(column) ?? []), line]);
  }
  if (heads.size < HEADS) return;
  // Beside the heads the first row may have its upright ones, at the foot of the same row.
  const shared = first.every((cell) => !heads.has(cell.column) && cell.columnSpan === 1);
  if (!shared) {
    for (const cell of grid.cells) Object.assign(cell, { row: cell.row + 1, header: false });
    grid.rows++;
  }
  if (shared) grid.cells = grid.cells.filter((cell) => cell.row > 0 || !heads.has(cell.column));
  for (const [column, stack] of heads) {
    const head = headOf(column, stack);
    grid.cells.push(head);
    words.push(...head.words);
    proposal.box = union(proposal.box, head.box);
  }
}

/** What a column's own cells cover; null where it has none. */
function extentsOf(cells: readonly GridCell[], columns: number): (Box | null)[] {
  return Array.from({ length: columns }, (_, column) => {
    const own = cells.filter((cell) => cell.column === column && cell.columnSpan === 1 && cell.words.length > 0);
    return own.length === 0 ? null : boxOf(own);
  });
}

function columnUnder({ box, size }: Line, extents: readonly (Box | null)[]): number {
  const middle = (box[0] + box[2]) / 2;
  let [best, nearest] = [-1, BESIDE * size];
  extents.forEach((extent, column) => {
    if (extent === null) return;
    const away = -overlap(middle, middle, extent[0], extent[2]);
    if (away < nearest) [best, nearest] = [column, away];
  });
  return best;
}

/** Lines of one head stand beside each other: to the right where they read upwards. */
function headOf(column: number, stack: readonly Line[]): GridCell {
  const lines = stack.toSorted((a, b) => (a.angle === 90 ? a.box[0] - b.box[0] : b.box[0] - a.box[0]));
  return {
    row: 0,
    column,
    rowSpan: 1,
    columnSpan: 1,
    header: true,
    align: "center",
    words: lines.flatMap((line) => line.words.map((_, i) => line.from + i)),
    box: boxOf(lines),
  };
}
