/** A page's region → encoded pixels. */
import type { Placed } from "../geometry.ts";
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

export async function rasterise(reader: Reader, crop: Placed, options: RasterOptions): Promise<Uint8Array> {
  const pixels = await reader.render(crop, options.dpi);
  switch (options.format) {
    case "jpg":
      return encodeJpeg(pixels, options.quality, options.dpi);
    case "png":
      return await encodePng(pixels);
    default:
      throw options.format satisfies never;
  }
}
