/**
 * PageLines + Profile → PageBlocks, pure: furniture apart, regions in reading order, rows to groups, groups to blocks.
 * Every word of the page lies in exactly one block, hidden text and furniture included. Tables, figures and displays
 * are still text here; what goes on over the page's end is left open as a seam for join.
 */
import type { Edit } from "../document/index.ts";
import type { PageBlocks } from "../page-blocks.ts";
import type { PageLines } from "../page-lines.ts";
import type { Profile } from "../profile.ts";
import { writeFurniture } from "./blocks/furniture.ts";
import { writeBlocks } from "./blocks/index.ts";
import { flowOf } from "./flow.ts";
import { type Line, linesOf, textLine } from "./lines.ts";
import { setFurnitureApart } from "./margins.ts";
import { regionsOf } from "./reading-order.ts";
import { seamsOf } from "./seams.ts";

export function layOut(page: PageLines, profile: Profile): PageBlocks {
  const lines = linesOf(page);
  const { text, furniture } = setFurnitureApart(lines, page.size, profile);
  const regions = regionsOf(text);
  const columns = new Map<Line, number>();
  regions.forEach((region, column) => {
    for (const line of region.lines) columns.set(line, column);
  });
  const edits: Edit[] = [];
  const { before, after } = writeFurniture(furniture, page, profile.words);
  const flow = flowOf(regions, page.size.number, profile);
  const body = writeBlocks(flow, page, profile, edits);
  return {
    size: page.size,
    lines: lines.map((line) => textLine(line, columns.get(line))),
    blocks: [...before, ...body.blocks, ...after],
    edits,
    warnings: page.warnings,
    seams: seamsOf(body.tails, before.length),
  };
}
