/** Page objects' matrices, bounds and clips, in the space of the page; what the objects are, others read. */
import type { Pdfium } from "./pdfium.ts";

/** x' = a x + c y + e, y' = b x + d y + f, as in PDF. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** In the space of the page. */
export type Bounds = readonly [left: number, bottom: number, right: number, top: number];

export function matrixOf(pdfium: Pdfium, object: number): Matrix {
  const { api, scratch } = pdfium;
  if (!api.FPDFPageObj_GetMatrix(object, scratch)) return IDENTITY;
  const at = (i: number) => pdfium.f32(scratch + 4 * i);
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
}

/** First `m`, then `n`. */
export function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
    m[4] * n[0] + m[5] * n[2] + n[4],
    m[4] * n[1] + m[5] * n[3] + n[5],
  ];
}

export const transformX = (m: Matrix, x: number, y: number) => m[0] * x + m[2] * y + m[4];
export const transformY = (m: Matrix, x: number, y: number) => m[1] * x + m[3] * y + m[5];

export function transformBounds(m: Matrix, [l, b, r, t]: Bounds): Bounds {
  const xs = [transformX(m, l, b), transformX(m, r, b), transformX(m, l, t), transformX(m, r, t)];
  const ys = [transformY(m, l, b), transformY(m, r, b), transformY(m, l, t), transformY(m, r, t)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** @returns PDFium's bounds of the object, in the space of the page */
export function boundsOf(pdfium: Pdfium, object: number, matrix: Matrix): Bounds | undefined {
  const { api, scratch } = pdfium;
  if (!api.FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12)) return undefined;
  const at = (i: number) => pdfium.f32(scratch + 4 * i);
  return transformBounds(matrix, [at(0), at(1), at(2), at(3)]);
}

/** Points of clip paths looked at per object: a clip is nearly always one rectangle. */
const MAX_CLIP_POINTS = 64;
const MAX_CLIP_PATHS = 16;

/** @returns the box that the object's clip paths leave, in the space of the page; undefined = no clip worth knowing */
export function clipOf(pdfium: Pdfium, object: number, matrix: Matrix): Bounds | undefined {
  const { api } = pdfium;
  const clip = api.FPDFPageObj_GetClipPath(object);
  if (clip === 0) return undefined;
  const paths = Math.min(MAX_CLIP_PATHS, api.FPDFClipPath_CountPaths(clip));
  let box: Bounds | undefined;
  for (let path = 0; path < paths; path++) {
    const count = api.FPDFClipPath_CountPathSegments(clip, path);
    if (count <= 0 || count > MAX_CLIP_POINTS) continue;
    let [l, b, r, t] = [
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    for (let i = 0; i < count; i++) {
      const segment = api.FPDFClipPath_GetPathSegment(clip, path, i);
      if (!api.FPDFPathSegment_GetPoint(segment, pdfium.scratch, pdfium.scratch + 4)) continue;
      const x = pdfium.f32(pdfium.scratch);
      const y = pdfium.f32(pdfium.scratch + 4);
      [l, b, r, t] = [Math.min(l, x), Math.min(b, y), Math.max(r, x), Math.max(t, y)];
    }
    if (l > r) continue;
    const [cl, cb, cr, ct] = transformBounds(matrix, [l, b, r, t]);
    box = box
      ? [Math.max(box[0], cl), Math.max(box[1], cb), Math.min(box[2], cr), Math.min(box[3], ct)]
      : [cl, cb, cr, ct];
  }
  return box;
}
