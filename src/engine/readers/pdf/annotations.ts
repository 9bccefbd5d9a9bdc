/** A page's annotations → links (with an address or a target page) and form widgets with their values. */
import type { Box } from "../../geometry.ts";
import type { Link, Widget } from "../../page.ts";
import type { PdfDocument } from "./document.ts";
import { type Frame, frameBox, onPage } from "./frame.ts";

const SAFE_SCHEMES = new Set(["http", "https", "mailto", "ftp", "ftps", "tel", "doi", "urn"]);
const MAX_ANNOTATIONS = 5_000;
/** One link over several lines has a quadrilateral for each. */
const MAX_QUADS = 64;
const WIDGET_SUBTYPE = 20;
const HIDDEN_FLAG = 2;
const ACTION = { goTo: 1, uri: 3 } as const;
/** FPDF_FORMFIELD_*. */
const CONTROLS: Record<number, Widget["control"]> = {
  1: "button",
  2: "checkbox",
  3: "radio",
  4: "choice",
  5: "choice",
  6: "text",
  7: "signature",
};

export interface Links {
  links: Link[];
  /** There are more than are read. */
  more: boolean;
}

export async function readLinks(document: PdfDocument, page: number, frame: Frame): Promise<Links> {
  const { pdfium } = document;
  const { scratch } = pdfium;
  const links: Link[] = [];
  const [position, found] = [scratch + 64, scratch + 68];
  let at = 0;
  for (let i = 0; ; i++) {
    pdfium.setU32(position, at);
    if (!(await pdfium.read("FPDFLink_Enumerate", page, position, found))) return { links, more: false };
    if (i === MAX_ANNOTATIONS) return { links, more: true };
    at = pdfium.u32(position);
    const link = pdfium.u32(found);
    const boxes = linkBoxes(document, link, frame);
    if (boxes.length === 0) continue;
    const target = await linkTarget(document, link);
    if (target) for (const box of boxes) links.push({ box, ...target });
  }
}

function linkBoxes(document: PdfDocument, link: number, frame: Frame): Box[] {
  const { pdfium } = document;
  const { api, scratch } = pdfium;
  const boxes: Box[] = [];
  const quads = Math.min(MAX_QUADS, api.FPDFLink_CountQuadPoints(link));
  for (let quad = 0; quad < quads; quad++) {
    if (!api.FPDFLink_GetQuadPoints(link, quad, scratch)) continue;
    const at = (i: number) => pdfium.f32(scratch + 4 * i); // x1 y1 .. x4 y4
    const xs = [at(0), at(2), at(4), at(6)];
    const ys = [at(1), at(3), at(5), at(7)];
    const box = onPage(frame, frameBox(frame, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)));
    if (box) boxes.push(box);
  }
  if (boxes.length > 0 || !api.FPDFLink_GetAnnotRect(link, scratch)) return boxes;
  const at = (i: number) => pdfium.f32(scratch + 4 * i);
  const box = onPage(frame, frameBox(frame, at(0), at(3), at(2), at(1))); // left top right bottom
  return box ? [box] : [];
}

async function linkTarget(
  document: PdfDocument,
  link: number,
): Promise<{ uri: string } | { page: number } | undefined> {
  const { pdfium, handle } = document;
  const { api } = pdfium;
  const action = await pdfium.read("FPDFLink_GetAction", link);
  if (action !== 0 && api.FPDFAction_GetType(action) === ACTION.uri) {
    const uri = pdfium.utf8((buffer, size) => api.FPDFAction_GetURIPath(handle, action, buffer, size));
    return uri === "" || !isSafe(uri) ? undefined : { uri };
  }
  let destination = await pdfium.read("FPDFLink_GetDest", handle, link);
  if (destination === 0 && action !== 0 && api.FPDFAction_GetType(action) === ACTION.goTo) {
    destination = await pdfium.read("FPDFAction_GetDest", handle, action);
  }
  if (destination === 0) return undefined;
  const index = await pdfium.read("FPDFDest_GetDestPageIndex", handle, destination);
  return index < 0 ? undefined : { page: index + 1 };
}

/** What a reader may follow: places, not programs ("javascript:", "data:"). Viewers overlook blanks and controls in a scheme. */
function isSafe(uri: string): boolean {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(uri.replace(/[^\x21-\uffff]/g, ""))?.[1];
  return scheme === undefined || SAFE_SCHEMES.has(scheme.toLowerCase());
}

export interface Widgets {
  widgets: Widget[];
  /** Fields beyond what is read, of the page or of the document's form. */
  leftOut: number;
}

export async function readWidgets(document: PdfDocument, page: number, frame: Frame): Promise<Widgets> {
  const { pdfium } = document;
  const { api } = pdfium;
  const total = await pdfium.read("FPDFPage_GetAnnotCount", page);
  const count = Math.min(MAX_ANNOTATIONS, total);
  const widgets: Widget[] = [];
  let leftOut = 0;
  for (let index = 0; index < count; index++) {
    const annotation = await pdfium.read("FPDFPage_GetAnnot", page, index);
    if (annotation === 0) continue;
    if (api.FPDFAnnot_GetSubtype(annotation) === WIDGET_SUBTYPE) {
      const widget = document.formless ? undefined : readWidget(document, annotation, frame);
      if (widget) widgets.push(widget);
      if (document.formless) leftOut++;
    }
    api.FPDFPage_CloseAnnot(annotation);
  }
  // Those beyond the limit are most likely what those before it are.
  return { widgets, leftOut: leftOut + (widgets.length > 0 || leftOut > 0 ? total - count : 0) };
}

function readWidget(document: PdfDocument, annotation: number, frame: Frame): Widget | undefined {
  const { pdfium } = document;
  const { api, scratch } = pdfium;
  const form = document.openForm();
  if (form === 0 || (api.FPDFAnnot_GetFlags(annotation) & HIDDEN_FLAG) !== 0) return undefined;
  const control = CONTROLS[document.inForm(() => api.FPDFAnnot_GetFormFieldType(form, annotation))];
  if (!control || !api.FPDFAnnot_GetRect(annotation, scratch)) return undefined;
  const at = (i: number) => pdfium.f32(scratch + 4 * i); // left top right bottom
  const box = onPage(frame, frameBox(frame, at(0), at(3), at(2), at(1)));
  if (!box) return undefined;
  const widget: Widget = {
    box,
    control,
    name: pdfium.utf16((buffer, size) => api.FPDFAnnot_GetFormFieldName(form, annotation, buffer, size)),
    value: pdfium.utf16((buffer, size) => api.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size)),
  };
  if (control === "checkbox" || control === "radio") widget.checked = isChecked(document, annotation);
  return widget;
}

/** By the state of its appearance, which is what the page shows; without one by PDFium's form. */
function isChecked(document: PdfDocument, annotation: number): boolean {
  const { pdfium, form } = document;
  const state = pdfium.withText("AS", (key) =>
    pdfium.utf16((buffer, size) => pdfium.api.FPDFAnnot_GetStringValue(annotation, key, buffer, size)),
  );
  return state === "" ? pdfium.api.FPDFAnnot_IsChecked(form, annotation) === 1 : state !== "Off";
}
