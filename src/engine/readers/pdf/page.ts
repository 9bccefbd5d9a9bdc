/** One page of an open document → Page: everything it draws, in the engine's space. Leaves meaning to extract. */
import type { Page } from "../../page.ts";
import type { Warning } from "../../warnings.ts";
import { readLinks, readWidgets } from "./annotations.ts";
import type { PdfDocument } from "./document.ts";
import { type Frame, frameOf } from "./frame.ts";
import { MAX_GLYPHS, readGlyphs } from "./glyphs.ts";
import { readObjects } from "./objects.ts";
import { readPageSize, sizeOf } from "./outline.ts";
import { readTags } from "./tags.ts";

/** @returns undefined when PDFium can't open the page */
export async function readPage(document: PdfDocument, number: number): Promise<Page | undefined> {
  const { pdfium } = document;
  const page = await pdfium.read("FPDF_LoadPage", document.handle, number - 1);
  if (page === 0) return undefined;
  try {
    const frame = openFrame(document, page);
    const size = await readPageSize(document, number, frame);
    const warnings: Warning[] = [];
    if (frame.clamped) warnings.push({ code: "page_size_clamped", page: number });
    const textPage = await pdfium.read("FPDFText_LoadPage", page);
    const text = readGlyphs(pdfium, textPage, frame);
    if (textPage !== 0) pdfium.api.FPDFText_ClosePage(textPage);
    if (text.leftOut > 0) {
      warnings.push({ code: "too_many_glyphs", page: number, detail: `${text.leftOut} beyond ${MAX_GLYPHS}` });
    }
    const { paths, images, painting, leftOut } = readObjects(pdfium, page, frame, text.objects);
    if (leftOut > 0) warnings.push({ code: "too_many_objects", page: number, detail: `${leftOut} left out` });
    const { links, more } = await readLinks(document, page, frame);
    if (more) warnings.push({ code: "too_many_links", page: number });
    const { widgets, leftOut: fields } = await readWidgets(document, page, frame);
    if (fields > 0) warnings.push({ code: "too_many_fields", page: number, detail: `${fields} left out` });
    const tags = await readTags(pdfium, page);
    return {
      size,
      glyphs: text.glyphs,
      fonts: text.fonts,
      paths,
      images,
      links,
      widgets,
      ...(tags ? { tags } : {}),
      painting,
      warnings,
    };
  } finally {
    pdfium.api.FPDF_ClosePage(page);
  }
}

/** @param page an open FPDF_PAGE */
export function openFrame(document: PdfDocument, page: number): Frame {
  const { api, scratch } = document.pdfium;
  const at = (i: number) => document.pdfium.f32(scratch + 4 * i); // FS_RECTF: left top right bottom
  const turns = ((api.FPDFPage_GetRotation(page) % 4) + 4) % 4;
  if (!api.FPDF_GetPageBoundingBox(page, scratch)) return frameOf(0, 0, 612, 792, turns);
  return frameOf(at(0), at(3), at(2), at(1), turns);
}

/** A page that can't be read: a blank Letter page with a warning, so that the document goes on. */
export function blankPage(number: number, detail: string): Page {
  const none = new Uint32Array(0);
  const floats = new Float32Array(0);
  return {
    size: sizeOf(number, frameOf(0, 0, 612, 792, 0), ""),
    glyphs: {
      count: 0,
      size: floats,
      x: floats,
      y: floats,
      advance: floats,
      x0: floats,
      y0: floats,
      x1: floats,
      y1: floats,
      angle: floats,
      unicode: none,
      code: none,
      font: new Uint16Array(0),
      color: none,
      object: none,
      mcid: new Int32Array(0),
      flags: new Uint8Array(0),
    },
    fonts: [],
    paths: [],
    images: [],
    links: [],
    widgets: [],
    warnings: [{ code: "page_unreadable", page: number, detail }],
  };
}
