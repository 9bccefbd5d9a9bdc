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

export function regionOf(box: Box, size: PageSize): Region {
  const left = toPixels(box[0], size.scale);
  const top = toPixels(box[1], size.scale);
  return {
    top_left_x: left,
    top_left_y: top,
    width: toPixels(box[2], size.scale) - left,
    height: toPixels(box[3], size.scale) - top,
  };
}
