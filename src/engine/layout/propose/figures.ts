/** The page's pictures and drawings → figures. */
import type { PageLines } from "../../page-lines.ts";
import type { Line } from "../lines.ts";
import type { FigureProposal } from "./proposal.ts";

export function proposeFigures(_page: PageLines, _text: readonly Line[]): FigureProposal[] {
  return [];
}
