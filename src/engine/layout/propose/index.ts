/** The page and its text (furniture apart) → all proposals of all hypotheses, scored. */
import { type Box, height, overlap, width } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Line } from "../lines.ts";
import { scoreOf } from "../score.ts";
import { proposeFigures } from "./figures.ts";
import type { Proposal } from "./proposal.ts";
import { proposeTables } from "./tables.ts";

export function propose(page: PageLines, text: readonly Line[], profile: Profile): Proposal[] {
  const proposals: Proposal[] = [...proposeTables(page, text), ...proposeFigures(page, text, profile)];
  for (const proposal of proposals) proposal.score = scoreOf(proposal);
  noteFigures(proposals);
  return proposals;
}

/** Ticks and labels of a chart stand in rows and columns: how much of a table is covered by a figure that is likely one. */
function noteFigures(proposals: readonly Proposal[]): void {
  const figures = proposals.filter((one) => one.kind === "figure").filter((one) => one.score > 0);
  if (figures.length === 0) return;
  for (const table of proposals.filter((one) => one.kind === "table")) {
    const covered = Math.max(...figures.map((figure) => shareOf(table.box, figure.crop) * strengthOf(figure)));
    // But cells that are drawn on all sides are no chart's.
    table.features.figure = covered * (1 - (table.features.closed ?? 0));
    table.score = scoreOf(table);
  }
}

function strengthOf({ features }: Proposal): number {
  return Math.max(features.drawn ?? 0, features.bars ?? 0, features.picture ?? 0, features.caption ?? 0);
}

function shareOf(box: Box, by: Box): number {
  const x = Math.max(0, overlap(box[0], box[2], by[0], by[2]));
  const y = Math.max(0, overlap(box[1], box[3], by[1], by[3]));
  return (x * y) / Math.max(1, width(box) * height(box));
}
