/**
 * CPU time a page beside PDFium's bare reading of the same pages in the same run (page, text page, every attribute of every
 * glyph, nothing kept), start-up shared; and beside pdftotext and mutool, a process a file, where they are installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../../src/engine/host.ts";
import { convert, DEFAULTS, open } from "../../../src/engine/index.ts";
import { PdfDocument } from "../../../src/engine/readers/pdf/document.ts";
import { pdfsIn } from "./conversion.ts";
import type { Place } from "./sets.ts";

/** Rounds over the set: the first warms up and does not count. */
const ROUNDS = 3;

export interface Speed {
  pages: number;
  /** CPU ms a page. */
  bare: number;
  ours: number;
  /** Wall clock. */
  pagesPerSecond: number;
  /** CPU ms a file: instance, cross-reference table; the same for both. */
  opening: number;
}

export async function measureSpeed(host: Host, folders: readonly string[]): Promise<Speed> {
  const files = folders.flatMap((folder) =>
    pdfsIn(folder).map((name) => new Uint8Array(readFileSync(join(folder, name)))),
  );
  const sum = { pages: 0, bare: 0, ours: 0, wall: 0, opening: 0, files: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const bytes of files) {
      const bare = await readBare(host, bytes);
      const ours = await convertTimed(host, bytes);
      if (round === 0) continue;
      sum.pages += ours.pages;
      sum.bare += bare;
      sum.ours += ours.cpu;
      sum.wall += ours.wall;
      sum.opening += ours.opening;
      sum.files++;
    }
  }
  return {
    pages: sum.pages / (ROUNDS - 1),
    bare: sum.bare / sum.pages,
    ours: sum.ours / sum.pages,
    pagesPerSecond: (sum.pages * 1000) / sum.wall,
    opening: sum.opening / sum.files,
  };
}

async function convertTimed(host: Host, bytes: Uint8Array) {
  const start = cpuMs();
  const reader = await open(bytes, host);
  const opened = cpuMs();
  const wall = performance.now();
  const pages = Array.from({ length: reader.pageCount }, (_, i) => i + 1);
  const context = { fileId: "f", sourceHash: "0", options: DEFAULTS, cropUrl: () => "crop.jpg" };
  await convert(reader, { pages, formats: ["md"], context });
  const took = { pages: pages.length, cpu: cpuMs() - opened, opening: opened - start, wall: performance.now() - wall };
  reader.close();
  return took;
}

/** @returns CPU ms without the opening */
async function readBare(host: Host, bytes: Uint8Array): Promise<number> {
  const document = await PdfDocument.open(bytes, host);
  const { api, scratch } = document.pdfium;
  const count = api.FPDF_GetPageCount(document.handle);
  const start = cpuMs();
  for (let number = 0; number < count; number++) {
    const page = api.FPDF_LoadPage(document.handle, number);
    const text = api.FPDFText_LoadPage(page);
    const glyphs = api.FPDFText_CountChars(text);
    for (let i = 0; i < glyphs; i++) {
      const object = api.FPDFText_GetTextObject(text, i);
      api.FPDFText_GetUnicode(text, i);
      api.FPDFText_IsHyphen(text, i);
      api.FPDFText_HasUnicodeMapError(text, i);
      api.FPDFText_GetCharOrigin(text, i, scratch, scratch + 8);
      api.FPDFText_GetCharBox(text, i, scratch, scratch + 8, scratch + 16, scratch + 24);
      api.FPDFText_GetLooseCharBox(text, i, scratch);
      api.FPDFText_GetMatrix(text, i, scratch);
      api.FPDFText_GetFillColor(text, i, scratch, scratch + 4, scratch + 8, scratch + 12);
      if (object === 0) continue;
      api.FPDFTextObj_GetFontSize(object, scratch);
      api.FPDFTextObj_GetFont(object);
      api.FPDFTextObj_GetTextRenderMode(object);
    }
    api.FPDFText_ClosePage(text);
    api.FPDF_ClosePage(page);
  }
  const took = cpuMs() - start;
  document.close();
  return took;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU ms a page of a tool run once a file, its start included; null when it is not installed. */
export function measureTool(command: string, folders: readonly string[], pages: number): number | null {
  if (spawnSync("sh", ["-c", `command -v ${command.split(" ")[0]}`]).status !== 0) return null;
  const files = folders.flatMap((folder) => pdfsIn(folder).map((name) => join(folder, name)));
  return childrenMs(`for f in "$@"; do ${command} > /dev/null 2>&1; done`, files) / pages;
}

/** CPU ms a page of a peer, one process a folder, its start included; null when it is not in `modules`. */
export function measurePeer(
  { engine, name }: { engine: string; name: string },
  { bench, work }: Place,
  { modules, folders, pages }: { modules: string; folders: readonly string[]; pages: number },
): number | null {
  if (!existsSync(join(modules, name))) return null;
  const run = `node "${join(bench, "peer.mjs")}" ${engine} "$f" "${join(work, "peer")}" --modules "${modules}"`;
  return childrenMs(`for f in "$@"; do ${run} > /dev/null 2>&1; done`, folders) / pages;
}

/** CPU ms of what a shell starts. */
function childrenMs(script: string, args: readonly string[]): number {
  // `times`: its second line is what the children took, "0m1.234s 0m0.567s".
  const { stdout } = spawnSync("bash", ["-c", `${script}; times`, "bash", ...args], { encoding: "utf8" });
  const children = stdout.trim().split("\n").at(-1)!;
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (all, [, m, s]) => all + Number(m) * 60 + Number(s),
    0,
  );
  return seconds * 1000;
}
