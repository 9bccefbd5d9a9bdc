/** What the file says about itself → SourceInfo: bookmarks, labels, sizes, language, metadata. */
import type { Box, Placed } from "../../geometry.ts";
import type { PageSize, SourceInfo } from "../../source-info.ts";
import type { PdfDocument } from "./document.ts";
import { type Frame, frameOf, frameX, frameY, whole } from "./frame.ts";

const MAX_BOOKMARKS = 10_000;
const MAX_BOOKMARK_DEPTH = 16;
const METADATA_KEYS = ["Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate"];
/** FPDFAction_GetType: go to a place of this document. */
const GO_TO = 1;
/** Page boxes of EPDF_GetPageBoxByIndex. */
const BOX = { media: 0, crop: 1 } as const;
/** US Letter: PDFium's own stand-in for a page without a usable box. */
const LETTER: readonly [number, number, number, number] = [0, 0, 612, 792];
/** 200 dpi: Mathpix' page pixels (a Letter page is 1700 x 2200). */
const PIXELS_PER_POINT = 200 / 72;
/** Longest side of a page in pixels; larger pages get a lower scale. */
const MAX_PAGE_PIXELS = 10_000;

/** @param bookmarks false = leave them out: they were too much work */
export async function readInfo(document: PdfDocument, pages: readonly number[], bookmarks = true): Promise<SourceInfo> {
  const { pdfium, handle } = document;
  const { api } = pdfium;
  const frames = new Map<number, Frame>();
  const sizes: PageSize[] = [];
  for (const number of pages)
    sizes.push(await readPageSize(document, number, await readFrame(document, number, frames)));
  const metadata: Record<string, string> = {};
  for (const key of METADATA_KEYS) {
    const value = pdfium.withText(key, (pointer) =>
      pdfium.utf16((buffer, size) => api.FPDF_GetMetaText(handle, pointer, buffer, size)),
    );
    if (value.trim() !== "") metadata[key] = value;
  }
  const language = pdfium.utf16((buffer, size) => api.EPDFCatalog_GetLanguage(handle, buffer, size));
  return {
    pages: sizes,
    outline: bookmarks ? await readOutline(document, frames) : [],
    ...(language === "" ? {} : { language }),
    tagged: api.FPDFCatalog_IsTagged(handle) === 1,
    metadata,
  };
}

export async function readPageSize(document: PdfDocument, number: number, frame: Frame): Promise<PageSize> {
  const { pdfium, handle } = document;
  const label = pdfium.utf16((buffer, size) => pdfium.api.FPDF_GetPageLabel(handle, number - 1, buffer, size));
  return sizeOf(number, frame, label);
}

export function sizeOf(number: number, frame: Frame, label: string): PageSize {
  const { width, height } = frame;
  const longest = Math.max(width, height, 1) / 100;
  const scale = Math.min(PIXELS_PER_POINT, MAX_PAGE_PIXELS / longest);
  return { number, ...(label === "" ? {} : { label }), width, height, scale };
}

/** The frame of a page that is not open: from its dictionary, without parsing its content. */
async function readFrame(document: PdfDocument, number: number, frames: Map<number, Frame>): Promise<Frame> {
  const known = frames.get(number);
  if (known) return known;
  const { pdfium, handle } = document;
  const { api, scratch } = pdfium;
  // Reads the page's dictionary in, so that the calls below find it at hand.
  await pdfium.read("FPDF_GetPageSizeByIndexF", handle, number - 1, scratch);
  const [w, h] = [pdfium.f32(scratch), pdfium.f32(scratch + 4)];
  const turns = ((api.EPDF_GetPageRotationByIndex(handle, number - 1) % 4) + 4) % 4;
  const at = (i: number) => pdfium.f32(scratch + 4 * i); // FS_RECTF: left top right bottom
  const box = (which: number) => {
    if (!api.EPDF_GetPageBoxByIndex(handle, number - 1, which, scratch)) return undefined;
    const [l, t, r, b] = [at(0), at(1), at(2), at(3)];
    return r - l > 0 && t - b > 0 ? ([l, b, r, t] as const) : undefined;
  };
  const media = box(BOX.media) ?? LETTER;
  const crop = box(BOX.crop) ?? media;
  const cut = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ] as const;
  let [l, b, r, t] = cut[2] > cut[0] && cut[3] > cut[1] ? cut : media;
  // PDFium's own size is what the page will have once open: where its boxes are inherited oddly, it wins.
  const [uw, uh] = turns % 2 === 0 ? [w, h] : [h, w];
  if (uw > 0 && uh > 0 && (Math.abs(uw - (r - l)) > 0.5 || Math.abs(uh - (t - b)) > 0.5)) [l, b, r, t] = [0, 0, uw, uh];
  const frame = frameOf(l, b, r, t, turns);
  frames.set(number, frame);
  return frame;
}

type Bookmark = SourceInfo["outline"][number];

async function readOutline(document: PdfDocument, frames: Map<number, Frame>): Promise<Bookmark[]> {
  const { pdfium, handle } = document;
  const outline: Bookmark[] = [];
  const seen = new Set<number>();
  const walk = async (parent: number, level: number): Promise<void> => {
    let bookmark = await pdfium.read("FPDFBookmark_GetFirstChild", handle, parent);
    while (bookmark !== 0 && !seen.has(bookmark) && seen.size < MAX_BOOKMARKS) {
      seen.add(bookmark);
      const title = pdfium.utf16((buffer, size) => pdfium.api.FPDFBookmark_GetTitle(bookmark, buffer, size));
      const target = await bookmarkTarget(document, bookmark, frames);
      if (title.trim() !== "" && target)
        outline.push({ title: title.trim(), level, page: target.page, y: target.box[1] });
      if (level < MAX_BOOKMARK_DEPTH) await walk(bookmark, level + 1);
      bookmark = await pdfium.read("FPDFBookmark_GetNextSibling", handle, bookmark);
    }
  };
  await walk(0, 1);
  return outline;
}

async function bookmarkTarget(
  document: PdfDocument,
  bookmark: number,
  frames: Map<number, Frame>,
): Promise<Placed | undefined> {
  const { pdfium, handle } = document;
  let destination = await pdfium.read("FPDFBookmark_GetDest", handle, bookmark);
  if (destination === 0) {
    const action = await pdfium.read("FPDFBookmark_GetAction", bookmark);
    if (action === 0 || pdfium.api.FPDFAction_GetType(action) !== GO_TO) return undefined;
    destination = await pdfium.read("FPDFAction_GetDest", handle, action);
  }
  return destination === 0 ? undefined : await placeOf(document, destination, frames);
}

/** @returns the destination's page and point (a box without size); y = 0 when it names the page only */
async function placeOf(
  document: PdfDocument,
  destination: number,
  frames: Map<number, Frame>,
): Promise<Placed | undefined> {
  const { pdfium, handle } = document;
  const { api, scratch } = pdfium;
  const index = await pdfium.read("FPDFDest_GetDestPageIndex", handle, destination);
  if (index < 0) return undefined;
  const page = index + 1;
  const at = (i: number) => scratch + 4 * i; // hasX hasY hasZoom x y zoom
  const located = api.FPDFDest_GetLocationInPage(destination, at(0), at(1), at(2), at(3), at(4), at(5));
  const hasX = located && pdfium.u32(at(0)) !== 0;
  const hasY = located && pdfium.u32(at(1)) !== 0;
  if (!hasX && !hasY) return { page, box: [0, 0, 0, 0] };
  const [px, py] = [hasX ? pdfium.f32(at(3)) : 0, hasY ? pdfium.f32(at(4)) : 0];
  const frame = await readFrame(document, page, frames);
  const x = clamp(whole(frameX(frame, px, py)), frame.width);
  const y = hasY || frame.turns % 2 === 1 ? clamp(whole(frameY(frame, px, py)), frame.height) : 0;
  const box: Box = [x, y, x, y];
  return { page, box };
}

const clamp = (value: number, top: number) => Math.max(0, Math.min(top, value));
