/** 1/100 pt → the pixels of lines.json and of crops' addresses, with the page's scale. */
import type { Box } from "../../geometry.ts";
import { UNITS } from "../../geometry.ts";
import type { PageSize } from "../../source-info.ts";

export interface Region {
  top_left_x: number;
  top_left_y: number;
  width: number;
  height: number;
}

/** @param units 1/100 pt; scale: pixels per pt */
export function toPixels(units: number, scale: number): number {
  return Math.round((units * scale) / UNITS);
}

/** Within the page, and never without an area: a flat glyph is a pixel high. */
export function regionOf(box: Box, size: PageSize): Region {
  const [left, width] = side(box[0], box[2], size.width, size.scale);
  const [top, height] = side(box[1], box[3], size.height, size.scale);
  return { top_left_x: left, top_left_y: top, width, height };
}

function side(from: number, to: number, length: number, scale: number): [start: number, length: number] {
  const end = Math.max(1, toPixels(length, scale));
  const start = Math.min(end - 1, Math.max(0, toPixels(from, scale)));
  return [start, Math.max(1, Math.min(end, toPixels(to, scale)) - start)];
}
