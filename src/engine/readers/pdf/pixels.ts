/** A region of a page → RGBA pixels, in bands, so that one band of PDFium's bitmap is all the wasm memory it takes. */
import type { Box } from "../../geometry.ts";
import type { Pixels } from "../../reader.ts";
import type { PdfDocument } from "./document.ts";
import { openFrame } from "./page.ts";

/** 9 megapixels, 36 MB as RGBA beside PDFium's own 20 to 60 MB: an isolate has 128. A4 at 300 dpi has 8.7. */
export const MAX_PIXELS = 9_000_000;
const MAX_SIDE = 16_384;
/** Pixels of one band. Pages with large pictures are decoded again for every band, so bands are not small. */
const BAND_PIXELS = 4_000_000;
const BITMAP_BGRA = 4;
/** FPDF_REVERSE_BYTE_ORDER: RGBA instead of BGRA. */
const RGBA = 0x10;
/** FPDF_ANNOT. */
const WITH_ANNOTATIONS = 0x01;
/** PDFium makes pictures for annotations that bring none, at 0.3 ms and 9 KB each: a page of more shows none. */
const MAX_DRAWN_ANNOTATIONS = 2_000;
const WHITE = 0xffffffff;
const UNITS_PER_INCH = 7_200;

/** @returns undefined when the page can't be opened; @throws RangeError when there is no memory even for a small band */
export async function renderPage(
  document: PdfDocument,
  number: number,
  box: Box,
  dpi: number,
): Promise<Pixels | undefined> {
  const page = await document.pdfium.read("FPDF_LoadPage", document.handle, number - 1);
  if (page === 0) return undefined;
  try {
    return (await renderOpen(document, page, box, dpi)).pixels;
  } finally {
    document.pdfium.api.FPDF_ClosePage(page);
  }
}

/** @param page an open FPDF_PAGE; @returns scale: pixels per unit; @throws RangeError as renderPage does */
export async function renderOpen(
  document: PdfDocument,
  page: number,
  box: Box,
  dpi: number,
): Promise<{ pixels: Pixels; scale: number }> {
  const { pdfium } = document;
  const frame = openFrame(document, page);
  const x0 = Math.max(0, Math.min(box[0], frame.width));
  const y0 = Math.max(0, Math.min(box[1], frame.height));
  const w = Math.max(1, Math.min(box[2], frame.width) - x0);
  const h = Math.max(1, Math.min(box[3], frame.height) - y0);
  const scale = scaleFor(w, h, dpi);
  const width = Math.max(1, Math.round(w * scale));
  const height = Math.max(1, Math.round(h * scale));
  const data = new Uint8ClampedArray(width * height * 4);
  const rows = Math.max(1, Math.min(height, Math.floor(BAND_PIXELS / width)));
  const bitmap = pdfium.api.FPDFBitmap_CreateEx(width, rows, BITMAP_BGRA, 0, 0);
  if (bitmap === 0) throw new RangeError(`No memory for ${width} x ${rows} pixels`);
  const annotations = await pdfium.read("FPDFPage_GetAnnotCount", page);
  const flags = annotations > MAX_DRAWN_ANNOTATIONS ? RGBA : RGBA | WITH_ANNOTATIONS;
  const left = -Math.round(x0 * scale);
  const top = -Math.round(y0 * scale);
  // PDFium scales the whole page (beyond our largest size too) to this many pixels.
  const fullWidth = Math.max(1, Math.round(pdfium.api.FPDF_GetPageWidthF(page) * 100 * scale));
  const fullHeight = Math.max(1, Math.round(pdfium.api.FPDF_GetPageHeightF(page) * 100 * scale));
  try {
    for (let y = 0; y < height; y += rows) {
      pdfium.api.FPDFBitmap_FillRect(bitmap, 0, 0, width, rows, WHITE | 0);
      await pdfium.read("FPDF_RenderPageBitmap", bitmap, page, left, top - y, fullWidth, fullHeight, 0, flags);
      const take = Math.min(rows, height - y) * width * 4;
      data.set(pdfium.bytes(pdfium.api.FPDFBitmap_GetBuffer(bitmap) >>> 0, take), y * width * 4);
    }
  } finally {
    pdfium.api.FPDFBitmap_Destroy(bitmap);
  }
  return { pixels: { width, height, data }, scale };
}

/** Pixels per unit, lowered until the picture fits. */
function scaleFor(w: number, h: number, dpi: number): number {
  const wanted = dpi / UNITS_PER_INCH;
  return Math.min(wanted, Math.sqrt(MAX_PIXELS / (w * h)), MAX_SIDE / w, MAX_SIDE / h);
}
