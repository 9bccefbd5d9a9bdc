/** A page's region → encoded pixels. */
import { type Placed, UNITS } from "../geometry.ts";
import type { Reader } from "../reader.ts";
import { encodeJpeg } from "./jpeg.ts";
import { encodePng } from "./png.ts";

export interface RasterOptions {
  /** Lowered by the reader where the picture would have too many pixels. */
  dpi: number;
  format: "jpg" | "png";
  /** 1..100, jpg only. */
  quality?: number;
}

export interface Raster {
  bytes: Uint8Array;
  /** The page could not be drawn: a white pixel stands for it. */
  blank: boolean;
}

/** A page's region in the pixels of lines.json, as links to crops have it; width or height 0 = to the page's edge. */
export interface PixelRegion {
  /** From 1. */
  page: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

const POINTS_PER_INCH = 72;

export async function rasterise(reader: Reader, crop: Placed, options: RasterOptions): Promise<Raster> {
  const pixels = await reader.render(crop, options.dpi);
  const blank = pixels.blank === true;
  switch (options.format) {
    case "jpg":
      return { bytes: encodeJpeg(pixels, options.quality, options.dpi), blank };
    case "png":
      return { bytes: await encodePng(pixels), blank };
    default:
      throw options.format satisfies never;
  }
}

/** What stands for a picture that there is none of. */
export function whiteJpeg(): Uint8Array {
  return encodeJpeg({ width: 1, height: 1, data: new Uint8ClampedArray(4).fill(255) });
}

/** @returns the region as JPEG, pixel for pixel; null when there is no such page or region */
export async function cutCrop(reader: Reader, region: PixelRegion): Promise<Raster | null> {
  const { page } = region;
  if (page < 1 || page > reader.pageCount) return null;
  const size = (await reader.info([page])).pages[0]!;
  const units = UNITS / size.scale;
  const right = region.width > 0 ? (region.left + region.width) * units : size.width;
  const bottom = region.height > 0 ? (region.top + region.height) * units : size.height;
  const box = [
    Math.round(region.left * units),
    Math.round(region.top * units),
    Math.round(Math.min(right, size.width)),
    Math.round(Math.min(bottom, size.height)),
  ] as const;
  if (box[2] <= box[0] || box[3] <= box[1]) return null;
  return rasterise(reader, { page, box }, { dpi: size.scale * POINTS_PER_INCH, format: "jpg" });
}
