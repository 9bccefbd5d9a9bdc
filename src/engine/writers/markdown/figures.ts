/** Figures: a figure environment in mmd, an image in md; the picture is an address, cut when it is read. */
import type { BlockOf } from "../../document/blocks.ts";
import type { Piece, Scope } from "./dialect.ts";
import { escapeAddress, escapeText } from "./escape.ts";
import { inlineText } from "./inline.ts";
import { regionOf } from "./pixels.ts";

export function writeFigure(block: BlockOf<"figure">, scope: Scope): Piece[] {
  const size = scope.pages.get(block.crop.page);
  // Without its page there are no pixels to point to; a source without pages brings its own pictures.
  if (size === undefined) return [];
  const region = regionOf(block.crop.box, size);
  const url = scope.context.cropUrl({
    ...block.crop,
    width: region.width,
    height: region.height,
    left: region.top_left_x,
    top: region.top_left_y,
  });
  const alt = block.alt ?? "";
  const above = block.captionSide === "above";
  if (scope.dialect.name === "md") {
    const image = `![${escapeText(alt, "label", scope.dialect)}](${escapeAddress(url)})`;
    const caption = block.caption === undefined ? [] : [inlineText(block.caption, scope, "start")];
    return [{ line: block.id, text: (above ? [...caption, image] : [image, ...caption]).join("\n\n") }];
  }
  const image = `\\includegraphics[alt={${escapeText(alt, "brace", scope.dialect)}},max width=\\textwidth]{${url}}`;
  const caption =
    block.caption === undefined
      ? []
      : [`\\captionsetup{labelformat=empty}\n\\caption{${inlineText(block.caption, scope, "brace")}}`];
  const parts = above ? [...caption, image] : [image, ...caption];
  return [{ line: block.id, text: `\\begin{figure}\n${parts.join("\n")}\n\\end{figure}` }];
}
