/**
 * PDFs rewritten in ways that must not change what they say, by PDFium itself: scaled, moved, turned. Bytes in, bytes
 * out; needs no tool beside the engine's own reader.
 */
import { nodeHost } from "../../src/cli/host.ts";
import { type Pdfium, startPdfium } from "../../src/engine/readers/pdf/pdfium.ts";

export const REWRITINGS = ["scale-half", "scale-double", "moved", "margins", "rotated"] as const;
export type Rewriting = (typeof REWRITINGS)[number];

/** Points; odd, so that nothing falls on a round place again. */
const MOVE = { x: 37, y: 23 } as const;

type Rect = readonly [left: number, bottom: number, right: number, top: number];
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** What becomes of a page with this box: where its contents go, its new box, quarter turns added to /Rotate. */
interface Plan {
  matrix: Matrix;
  box: Rect;
  turns: number;
}

const PLANS: Readonly<Record<Rewriting, (box: Rect) => Plan>> = {
  "scale-half": (box) => scaled(box, 0.5),
  "scale-double": (box) => scaled(box, 2),
  /** The same window on the same contents, elsewhere in user space. */
  moved: ([l, b, r, t]) => ({
    matrix: [1, 0, 0, 1, MOVE.x, MOVE.y],
    box: [l + MOVE.x, b + MOVE.y, r + MOVE.x, t + MOVE.y],
    turns: 0,
  }),
  /** A larger window: white is added on all sides. */
  margins: ([l, b, r, t]) => ({
    matrix: [1, 0, 0, 1, 0, 0],
    box: [l - MOVE.x, b - MOVE.y, r + MOVE.x, t + MOVE.y],
    turns: 0,
  }),
  /** Contents turned a quarter to the left, /Rotate turning them back. */
  rotated: ([l, b, r, t]) => ({ matrix: [0, 1, -1, 0, 0, 0], box: [-t, l, -b, r], turns: 1 }),
};

function scaled(box: Rect, by: number): Plan {
  return { matrix: [by, 0, 0, by, 0, 0], box: box.map((value) => value * by) as unknown as Rect, turns: 0 };
}

/** The calls that the engine itself never makes. */
interface EditCalls {
  FPDF_LoadMemDocument(bytes: number, length: number, password: number): number;
  FPDFPage_TransFormWithClip(page: number, matrix: number, clip: number): number;
  FPDFPage_TransformAnnots(page: number, ...matrix: Matrix): void;
  FPDFPage_SetMediaBox(page: number, left: number, bottom: number, right: number, top: number): void;
  FPDFPage_SetCropBox(page: number, left: number, bottom: number, right: number, top: number): void;
  FPDFPage_SetRotation(page: number, turns: number): void;
  PDFiumExt_OpenFileWriter(): number;
  PDFiumExt_SaveAsCopy(document: number, writer: number): number;
  PDFiumExt_GetFileWriterSize(writer: number): number;
  PDFiumExt_GetFileWriterData(writer: number, buffer: number, size: number): number;
}

/** @throws Error when PDFium can't open or write the file */
export async function rewritePdf(bytes: Uint8Array, rewriting: Rewriting): Promise<Uint8Array> {
  const pdfium = startPdfium(await nodeHost());
  const calls = pdfium.api as unknown as EditCalls;
  const document = calls.FPDF_LoadMemDocument(pdfium.place(bytes), bytes.length, 0);
  if (document === 0) throw new Error("PDFium can't open it");
  const count = pdfium.api.FPDF_GetPageCount(document);
  for (let i = 0; i < count; i++) rewritePage(pdfium, calls, document, i, PLANS[rewriting]);
  const writer = calls.PDFiumExt_OpenFileWriter();
  if (!calls.PDFiumExt_SaveAsCopy(document, writer)) throw new Error("PDFium can't write it");
  const size = calls.PDFiumExt_GetFileWriterSize(writer);
  const buffer = pdfium.api.malloc(size);
  calls.PDFiumExt_GetFileWriterData(writer, buffer, size);
  return pdfium.bytes(buffer, size).slice();
}

function rewritePage(
  pdfium: Pdfium,
  calls: EditCalls,
  document: number,
  index: number,
  plan: (box: Rect) => Plan,
): void {
  const { api, scratch } = pdfium;
  const page = api.FPDF_LoadPage(document, index);
  if (page === 0) return;
  // FS_RECTF: left top right bottom.
  api.FPDF_GetPageBoundingBox(page, scratch);
  const at = (i: number) => pdfium.f32(scratch + 4 * i);
  const { matrix, box, turns } = plan([at(0), at(3), at(2), at(1)]);
  setFloats(pdfium, scratch, matrix);
  // The clip is wide open: without one PDFium leaves the contents alone.
  setFloats(pdfium, scratch + 24, [-1e5, 1e5, 1e5, -1e5]);
  calls.FPDFPage_TransFormWithClip(page, scratch, scratch + 24);
  calls.FPDFPage_TransformAnnots(page, ...matrix);
  calls.FPDFPage_SetMediaBox(page, ...box);
  calls.FPDFPage_SetCropBox(page, ...box);
  calls.FPDFPage_SetRotation(page, (api.FPDFPage_GetRotation(page) + turns) % 4);
  api.FPDF_ClosePage(page);
}

function setFloats(pdfium: Pdfium, pointer: number, values: readonly number[]): void {
  const bits = new DataView(new ArrayBuffer(4));
  values.forEach((value, i) => {
    bits.setFloat32(0, value);
    pdfium.setU32(pointer + 4 * i, bits.getUint32(0));
  });
}
