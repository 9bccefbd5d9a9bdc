/** A figure that was decided on, and the lines it took → its block: the text in it apart from its caption. */
import type { BlockOf } from "../../document/blocks.ts";
import type { Line } from "../lines.ts";
import type { FigureProposal } from "../propose/proposal.ts";
import { writeRuns } from "./runs.ts";
import type { Writing } from "./writing.ts";

export function figureBlock(proposal: FigureProposal, lines: readonly Line[], on: Writing): BlockOf<"figure"> {
  const { page, profile } = on;
  const crop = { page: page.size.number, box: proposal.crop };
  const told = new Set(proposal.caption);
  const caption = lines.filter((line) => told.has(line.from));
  const { runs, edits } = writeRuns(caption, page, profile.words, on.references);
  on.edits.push(...edits);
  return {
    kind: "figure",
    // A figure without words has no line of its own to be named by: its place is its name.
    id: `${crop.page}.${crop.box[0]}-${crop.box[1]}.figure`,
    lines: lines.map((line) => line.id),
    places: [crop],
    crop,
    subtype: proposal.subtype,
    ...(runs.length === 0 ? {} : { caption: runs, captionSide: proposal.captionSide }),
    labels: caption.map((line) => line.id),
  };
}
