/**
 * What some text objects of a page add to its picture: drawn small with them and without them. The difference proves
 * that they are seen, whatever their colour is said to be (PDFium calls every gradient white) and whatever lies over them.
 */
import type { Look } from "../../reader.ts";
import type { PdfDocument } from "./document.ts";
import { listTextObjects } from "./glyphs.ts";
import { openFrame } from "./page.ts";
import { renderOpen } from "./pixels.ts";

/** Type of 6 pt is then 8 pixels high, and a usual page a megapixel. */
const LOOK_DPI = 96;
/** Pixels whose channels all change by less look the same (the bound that extract/hidden sets for colours). */
const CHANGE = 48;

/** @param texts numbers of text objects, as Glyphs.object has them; @returns undefined when the page can't be opened */
export async function lookAt(
  document: PdfDocument,
  number: number,
  texts: ReadonlySet<number>,
): Promise<Look | undefined> {
  const { pdfium } = document;
  const page = await pdfium.read("FPDF_LoadPage", document.handle, number - 1);
  if (page === 0) return undefined;
  try {
    const frame = openFrame(document, page);
    const draw = () => renderOpen(document, page, [0, 0, frame.width, frame.height], LOOK_DPI);
    const { pixels, scale } = await draw();
    const textPage = await pdfium.read("FPDFText_LoadPage", page);
    const objects = listTextObjects(pdfium, textPage);
    if (textPage !== 0) pdfium.api.FPDFText_ClosePage(textPage);
    for (const text of texts) if (objects[text]) pdfium.api.FPDFPageObj_SetIsActive(objects[text], 0);
    const without = (await draw()).pixels.data;
    const changed = new Uint8Array(pixels.width * pixels.height);
    for (let i = 0; i < changed.length; i++) changed[i] = differs(pixels.data, without, 4 * i) ? 1 : 0;
    return { width: pixels.width, height: pixels.height, scale, changed };
  } finally {
    pdfium.api.FPDF_ClosePage(page);
  }
}

function differs(a: Uint8ClampedArray, b: Uint8ClampedArray, at: number): boolean {
  for (let c = at; c < at + 3; c++) if (Math.abs(a[c]! - b[c]!) > CHANGE) return true;
  return false;
}
