/** An image object → its place and its pixels' count; pictures are never decoded here. */
import type { Image } from "../../page.ts";
import { boundsOf, clipOf, type Matrix } from "./bounds.ts";
import { type Frame, frameBox, onPage } from "./frame.ts";
import type { Pdfium } from "./pdfium.ts";

/** @returns undefined when nothing of it can be seen */
export function readImage(pdfium: Pdfium, object: number, matrix: Matrix, frame: Frame): Image | undefined {
  const { api, scratch } = pdfium;
  const bounds = boundsOf(pdfium, object, matrix);
  if (!bounds) return undefined;
  const clip = clipOf(pdfium, object, matrix);
  const [l, b, r, t] = clip
    ? [
        Math.max(bounds[0], clip[0]),
        Math.max(bounds[1], clip[1]),
        Math.min(bounds[2], clip[2]),
        Math.min(bounds[3], clip[3]),
      ]
    : bounds;
  if (l > r || b > t) return undefined;
  const box = onPage(frame, frameBox(frame, l, b, r, t));
  if (!box || box[0] === box[2] || box[1] === box[3]) return undefined;
  const sized = api.FPDFImageObj_GetImagePixelSize(object, scratch, scratch + 4);
  return {
    box,
    pixelWidth: sized ? pdfium.u32(scratch) : 0,
    pixelHeight: sized ? pdfium.u32(scratch + 4) : 0,
    mcid: api.FPDFPageObj_GetMarkedContentID(object),
  };
}
