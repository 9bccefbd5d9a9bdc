/**
 * Furniture → blocks, one a row: heads and page numbers at the top come before the text, all else after it (feet, then
 * what is not read at all: stamps, line numbers, watermarks, hidden text).
 */
import type { Block, FurnitureRole } from "../../document/blocks.ts";
import type { PageLines } from "../../page-lines.ts";
import type { Furniture } from "../margins.ts";
import { rowsOf } from "../rows.ts";
import { writeRuns } from "./runs.ts";

/** Order of reading after the text; those of one rank go down the page. */
const RANK: Readonly<Record<FurnitureRole, number>> = {
  head: 0,
  foot: 0,
  pageNumber: 0,
  margin: 1,
  lineNumber: 2,
  watermark: 3,
  hidden: 4,
};

export function writeFurniture(
  furniture: readonly Furniture[],
  page: PageLines,
  words: ReadonlySet<number>,
): { before: Block[]; after: Block[] } {
  const before: Furniture[] = [];
  const after: Furniture[] = [];
  for (const one of furniture) {
    const top = RANK[one.role] === 0 && one.line.box[3] < page.size.height / 2;
    (top ? before : after).push(one);
  }
  return { before: blocksOf(before, page, words), after: blocksOf(after, page, words) };
}

function blocksOf(furniture: readonly Furniture[], page: PageLines, words: ReadonlySet<number>): Block[] {
  const roles = new Map(furniture.map(({ role, line }) => [line, role]));
  const ranks = new Map<number, Furniture[]>();
  for (const one of furniture) ranks.set(RANK[one.role], [...(ranks.get(RANK[one.role]) ?? []), one]);
  const blocks: Block[] = [];
  for (const rank of [...ranks.keys()].sort((a, b) => a - b)) {
    for (const row of rowsOf(ranks.get(rank)!.map(({ line }) => line))) {
      // A page number beside a running head is read with it.
      const role = row.lines.map((line) => roles.get(line)!).find((one) => one !== "pageNumber") ?? "pageNumber";
      const { runs } = writeRuns(row.lines, page, words);
      const lines = row.lines.map((line) => line.id);
      blocks.push({
        kind: "furniture",
        role,
        id: lines[0]!,
        lines,
        places: [{ page: page.size.number, box: row.box }],
        runs,
      });
    }
  }
  return blocks;
}
