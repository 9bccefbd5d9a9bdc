/** Figures: a figure environment in mmd, an image in md; the picture is an address, cut when it is read. */
import type { BlockOf } from "../../document/blocks.ts";
import type { Run } from "../../document/runs.ts";
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
  const image = url === null ? [] : [imageOf(url, block.alt ?? "", scope)];
  const caption = block.caption === undefined ? [] : [captionOf(block.caption, scope)];
  const parts = block.captionSide === "above" ? [...caption, ...image] : [...image, ...caption];
  if (parts.length === 0) return [];
  const text = scope.dialect.name === "md" ? parts.join("\n\n") : `\\begin{figure}\n${parts.join("\n")}\n\\end{figure}`;
  return [{ line: block.id, text }];
}

function imageOf(url: string, alt: string, { dialect }: Scope): string {
  if (dialect.name === "md") return `![${escapeText(alt, "text", dialect, "label")}](${escapeAddress(url)})`;
  return `\\includegraphics[alt={${escapeText(alt, "brace", dialect)}},max width=\\textwidth]{${url}}`;
}

function captionOf(caption: readonly Run[], scope: Scope): string {
  if (scope.dialect.name === "md") return inlineText(caption, scope, "start");
  return `\\captionsetup{labelformat=empty}\n\\caption{${inlineText(caption, scope, "brace")}}`;
}
