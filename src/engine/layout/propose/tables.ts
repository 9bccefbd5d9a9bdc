/** The page and its text → tables, by all methods. */
import type { PageLines } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Line } from "../lines.ts";
import type { TableProposal } from "./proposal.ts";

export function proposeTables(_page: PageLines, _text: readonly Line[], _profile: Profile): TableProposal[] {
  return [];
}
