/**
 * A document's figures as pictures beside its Markdown: named while it is written, cut from its pages before it is kept,
 * so that no Markdown links to a picture that isn't there yet. One picture is in memory at a time.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Crop, cutCrop, type PixelRegion, WRITERS, whiteJpeg } from "../../engine/index.ts";
import type { Reader } from "../../engine/reader.ts";
import type { Warning } from "../../engine/warnings.ts";
import { temporaryOf, writeWhole } from "../outputs.ts";

/** How Markdown shows figures: pictures beside it, links to their place in the source, or captions alone. */
export const FIGURE_MODES = ["files", "links", "none"] as const;
export type FigureMode = (typeof FIGURE_MODES)[number];

/** Each costs PDFium up to seconds and an instance: a document of more such pages is broken or made to cost. */
const MAX_PAGES_FAILED = 8;

/** Name below the figures' folder → size in bytes. */
export type FigureSizes = Record<string, number>;

/** Pictures go to a folder named like the document; a document called "a.mmd" would take the place of a's output. */
export function figureFolder(base: string): string {
  const isOutput = Object.values(WRITERS).some(({ extension }) => base.toLowerCase().endsWith(`.${extension}`));
  return isOutput ? `${base}-figures` : base;
}

/** Figures as they are met: `<page>-<number on the page>.jpg`, the same for all formats. */
export class FigureNames {
  readonly #regions = new Map<string, PixelRegion & { name: string }>();
  readonly #onPage = new Map<number, number>();

  nameOf({ page, left, top, width, height }: Crop): string {
    const key = [page, left, top, width, height].join();
    const known = this.#regions.get(key);
    if (known !== undefined) return known.name;
    const number = (this.#onPage.get(page) ?? 0) + 1;
    this.#onPage.set(page, number);
    const name = `${page}-${number}.jpg`;
    this.#regions.set(key, { page, left, top, width, height, name });
    return name;
  }

  regions(): Iterable<PixelRegion & { name: string }> {
    return this.#regions.values();
  }
}

/** @param source the PDF's path; @param base of the outputs, without extension */
export function linkTo(
  mode: FigureMode,
  source: string,
  base: string,
  names: FigureNames,
): (crop: Crop) => string | null {
  if (mode === "none") return () => null;
  if (mode === "files") {
    const folder = encodeURIComponent(basename(figureFolder(base)));
    return (crop) => `${folder}/${names.nameOf(crop)}`;
  }
  const name = encodeURIComponent(basename(source));
  // As PDF viewers understand it.
  return ({ page, left, top, width, height }) => `${name}#page=${page}&viewrect=${left},${top},${width},${height}`;
}

/** What can't be drawn is a white pixel and a warning, and the rest of its page is not tried. */
export async function writeFigures(
  reader: Reader,
  names: FigureNames,
  base: string,
): Promise<{ sizes: FigureSizes; warnings: Warning[] }> {
  const folder = figureFolder(base);
  const sizes: FigureSizes = {};
  const failed = new Set<number>();
  const warnings: Warning[] = [];
  for (const region of names.regions()) {
    const { page, name } = region;
    const skip = failed.has(page) || failed.size >= MAX_PAGES_FAILED;
    const drawn = skip ? null : await draw(reader, region);
    if (drawn === null) {
      failed.add(page);
      warnings.push({ code: "figure_not_drawn", page });
    }
    const bytes = drawn ?? whiteJpeg();
    await writeWhole(join(folder, name), bytes);
    sizes[name] = bytes.length;
  }
  return { sizes, warnings };
}

/** The text is there already: whatever goes wrong with a picture is that picture's loss. */
async function draw(reader: Reader, region: PixelRegion): Promise<Uint8Array | null> {
  const cut = await cutCrop(reader, region).catch(() => null);
  return cut === null || cut.blank ? null : cut.bytes;
}

export async function areThere(sizes: FigureSizes, base: string): Promise<boolean> {
  const folder = figureFolder(base);
  for (const [name, size] of Object.entries(sizes)) {
    const info = await stat(join(folder, name)).catch(() => null);
    if (info?.size !== size) return false;
  }
  return true;
}

/** What a thread that was ended in the middle may have left half written. */
export async function removeHalfWritten(base: string): Promise<void> {
  const folder = figureFolder(base);
  const pattern = basename(temporaryOf(join(folder, "*.jpg")));
  const [start, end] = pattern.split("*") as [string, string];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start) || !name.endsWith(end)) continue;
    if (/^\d+-\d+$/.test(name.slice(start.length, -end.length))) await rm(join(folder, name), { force: true });
  }
}
