/** The page and its text (furniture apart) → all proposals of all hypotheses, scored. */
import type { PageLines } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Line } from "../lines.ts";
import { scoreOf } from "../score.ts";
import { proposeFigures } from "./figures.ts";
import type { Proposal } from "./proposal.ts";
import { proposeTables } from "./tables.ts";

export function propose(page: PageLines, text: readonly Line[], profile: Profile): Proposal[] {
  const proposals: Proposal[] = [...proposeTables(page, text, profile), ...proposeFigures(page, text, profile)];
  for (const proposal of proposals) proposal.score = scoreOf(proposal);
  return proposals;
}
