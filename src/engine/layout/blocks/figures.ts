/** A figure that was decided on, and the lines it took → its block. */
import type { BlockOf } from "../../document/blocks.ts";
import type { Line } from "../lines.ts";
import type { FigureProposal } from "../propose/proposal.ts";
import type { Writing } from "./writing.ts";

/** The page's word count from 0 is no line: figures without words are told apart by their place. */
export function figureBlock(
  { box, subtype }: FigureProposal,
  lines: readonly Line[],
  { page }: Writing,
): BlockOf<"figure"> {
  const crop = { page: page.size.number, box };
  const ids = lines.map((line) => line.id);
  return {
    kind: "figure",
    id: `${crop.page}.${box[0]}-${box[1]}.figure`,
    lines: ids,
    places: [crop],
    crop,
    subtype,
    labels: ids,
  };
}
