/**
 * A table that was decided on, and the lines it took → its block: every cell holds the words that the grid gives it, as a
 * person would write them.
 */
import type { Block, BlockOf, Cell } from "../../document/blocks.ts";
import type { Box } from "../../geometry.ts";
import type { Line } from "../lines.ts";
import type { GridCell, TableProposal } from "../propose/proposal.ts";
import { fieldBlock } from "./fields.ts";
import { writeRuns } from "./runs.ts";
import type { Writing } from "./writing.ts";

export function tableBlock(proposal: TableProposal, lines: readonly Line[], on: Writing): BlockOf<"table"> {
  const { grid, box } = proposal;
  const place = { page: on.page.size.number, box };
  const lineOf = new Map<number, Line>();
  for (const line of lines) for (let i = 0; i < line.words.length; i++) lineOf.set(line.from + i, line);
  const told = new Set(proposal.caption ?? []);
  const caption = writeRuns(
    lines.filter((line) => told.has(line.from)),
    on.page,
    on.profile.words,
    on.references,
  );
  on.edits.push(...caption.edits);
  // A table of empty cells has no line to be named by: its place is its name.
  const id = `${lines[0]?.id ?? `${place.page}.${box[0]}-${box[1]}`}.table`;
  return {
    kind: "table",
    id,
    lines: lines.map((line) => line.id),
    places: [place],
    columns: grid.columns,
    cells: grid.cells.map((cell) => cellOf(cell, lineOf, on)),
    parts: [{ ...place, from: 0, to: grid.rows, repeatedRows: 0, repeatedHeader: [] }],
    ...(caption.runs.length === 0 ? {} : { caption: caption.runs, captionSide: proposal.captionSide ?? "above" }),
    notes: [],
  };
}

function cellOf(cell: GridCell, lineOf: ReadonlyMap<number, Line>, on: Writing): Cell {
  const { words, box, ...place } = cell;
  const lines = linesIn(words, lineOf, on);
  const { runs, edits } = writeRuns(lines, on.page, on.profile.words);
  on.edits.push(...edits);
  const ids = [...new Set(lines.map((line) => line.id))];
  const blocks: Block[] =
    runs.length === 0
      ? []
      : [{ kind: "paragraph", id: ids[0]!, lines: ids, places: [{ page: on.page.size.number, box }], runs }];
  const held = on.fields.filter((field) => isInside(field.box, box)).map((field) => fieldBlock(field, [], on));
  return { ...place, blocks: [...blocks, ...held], box };
}

function isInside(field: Box, cell: Box): boolean {
  const [x, y] = [(field[0] + field[2]) / 2, (field[1] + field[3]) / 2];
  return x >= cell[0] && x < cell[2] && y >= cell[1] && y < cell[3];
}

/** The cell's part of each line, in the order of its words. */
function linesIn(words: readonly number[], lineOf: ReadonlyMap<number, Line>, { page }: Writing): Line[] {
  const parts: Line[] = [];
  let last: Line | undefined;
  for (const index of words) {
    const line = lineOf.get(index);
    if (line === undefined) continue;
    if (line !== last) parts.push({ ...line, from: index, words: [] });
    parts.at(-1)!.words.push(page.words[index]!);
    last = line;
  }
  return parts;
}
