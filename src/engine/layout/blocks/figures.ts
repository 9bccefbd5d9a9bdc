/** A figure that was decided on, and the lines it took → its block: the text in it apart from its caption. */
import type { BlockOf } from "../../document/blocks.ts";
import { type Box, height, overlap, width } from "../../geometry.ts";
import type { Tag } from "../../page.ts";
import type { PageLines } from "../../page-lines.ts";
import type { Line } from "../lines.ts";
import type { FigureProposal } from "../propose/proposal.ts";
import { writeRuns } from "./runs.ts";
import type { Writing } from "./writing.ts";

/** A picture belongs to the figure that holds so much of it. */
const HELD = 0.5;
/** Programs put the picture's file name where nobody wrote anything. */
const FILE_NAME = /^\S*\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?|emf|wmf|eps|pdf)$/i;
/** A description is some sentences (WCAG 1.1.1); whole texts in its place are cut, in characters. */
const LONGEST_ALT = 2_000;

export function figureBlock(proposal: FigureProposal, lines: readonly Line[], on: Writing): BlockOf<"figure"> {
  const { page, profile } = on;
  const crop = { page: page.size.number, box: proposal.crop };
  const told = new Set(proposal.caption);
  const caption = lines.filter((line) => told.has(line.from));
  const { runs, edits } = writeRuns(caption, page, profile.words, on.references);
  on.edits.push(...edits);
  const alt = altOf(proposal.crop, page);
  return {
    kind: "figure",
    // A figure without words has no line of its own to be named by: its place is its name.
    id: `${crop.page}.${crop.box[0]}-${crop.box[1]}.figure`,
    lines: lines.map((line) => line.id),
    places: [crop],
    crop,
    subtype: proposal.subtype,
    ...(alt === "" ? {} : { alt }),
    ...(runs.length === 0 ? {} : { caption: runs, captionSide: proposal.captionSide }),
    labels: caption.map((line) => line.id),
  };
}

/** What the structure tree says in place of the pictures in the crop. */
function altOf(crop: Box, { images, tags }: PageLines): string {
  const held = new Set<number>();
  if (tags === undefined) return "";
  for (const { box, mcid } of images)
    if (mcid >= 0 && shared(box, crop) >= HELD * width(box) * height(box)) held.add(mcid);
  if (held.size === 0) return "";
  const found = new Set<string>();
  collectAlts(tags, "", held, found);
  return [...found].join("; ").slice(0, LONGEST_ALT);
}

/** @param alt of the nearest element around the tag that has one */
function collectAlts(tag: Tag, alt: string, held: ReadonlySet<number>, found: Set<string>): void {
  const own = tag.alt?.replace(/\s+/g, " ").trim() ?? "";
  const told = own === "" || FILE_NAME.test(own) ? alt : own;
  if (told !== "" && tag.mcids.some((mcid) => held.has(mcid))) found.add(told);
  for (const child of tag.children) collectAlts(child, told, held, found);
}

const shared = (a: Box, b: Box) =>
  Math.max(0, overlap(a[0], a[2], b[0], b[2])) * Math.max(0, overlap(a[1], a[3], b[1], b[3]));
