/**
 * Tables over several pages, kept apart: each page's rows become a table of that page again, with the header that the page
 * repeats. In: parts in page order; out: their blocks. What belongs to a later page waits for it.
 */
import type { Block, BlockOf, Cell, TablePart } from "../../document/blocks.ts";
import type { Part } from "../../document/index.ts";
import { pageOf } from "./line-ids.ts";

type Table = BlockOf<"table">;

export function tableParter(): (part: Part) => Block[] {
  const waiting = new Map<number, Block[]>();
  return (part) => {
    const page = part.size?.number ?? 0;
    const blocks = part.blocks.map((block) => {
      if (block.kind !== "table" || block.parts.length < 2) return block;
      const [first, ...later] = block.parts.map((_, i) => sliceOf(block, i));
      for (const table of later) waiting.set(pageOf(table.id), [...(waiting.get(pageOf(table.id)) ?? []), table]);
      return first!;
    });
    const begun = waiting.get(page) ?? [];
    waiting.delete(page);
    const text = blocks.findIndex((block) => block.kind !== "furniture");
    return begun.length === 0 ? blocks : blocks.toSpliced(text < 0 ? blocks.length : text, 0, ...begun);
  };
}

function sliceOf(table: Table, index: number): Table {
  const part = table.parts[index]!;
  const lines = table.lines.filter((line) => pageOf(line) === part.page);
  const { caption, captionSide, ...rest } = table;
  const own = table.cells
    .filter((cell) => cell.row < part.to && cell.row + cell.rowSpan > part.from)
    .map((cell) => ownOf(cell, part));
  const header = table.cells.filter((cell) => cell.row < part.repeatedRows);
  const place = { page: part.page, box: part.box };
  return {
    ...rest,
    ...(index === 0 && caption !== undefined ? { caption, ...(captionSide ? { captionSide } : {}) } : {}),
    id: index === 0 ? table.id : `${lines[0] ?? part.page}.table`,
    lines,
    places: [place],
    cells: [...header, ...own],
    parts: [{ ...part, from: 0, to: part.to - part.from + part.repeatedRows }],
    notes: index === table.parts.length - 1 ? table.notes : [],
  };
}

/** The cell's rows and words of this part's page: a row that the page's end cuts has some on either. */
function ownOf(cell: Cell, part: TablePart): Cell {
  const from = Math.max(cell.row, part.from);
  const to = Math.min(cell.row + cell.rowSpan, part.to);
  const blocks = cell.blocks.flatMap((block): Block[] => {
    if (!("runs" in block)) return pageOf(block.id) === part.page ? [block] : [];
    const runs = block.runs.filter((run) => pageOf(run.line) === part.page);
    return runs.length === 0 ? [] : [{ ...block, runs, lines: block.lines.filter((id) => pageOf(id) === part.page) }];
  });
  return { ...cell, row: from - part.from + part.repeatedRows, rowSpan: to - from, blocks };
}
