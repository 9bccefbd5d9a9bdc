/** A folder of PDFs → Markdown files and the boxes of their figures, in this process: what every scorer reads. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../../src/engine/host.ts";
import { type ConvertOptions, convert, DEFAULTS, open } from "../../../src/engine/index.ts";
import type { Page } from "../../../src/engine/page.ts";
import type { Reader } from "../../../src/engine/reader.ts";

const FORMATS = ["md", "lines.json"];

export type Change = (page: Page) => Page;

export interface FigureBox {
  page: number;
  /** Fractions of the page. */
  box: [number, number, number, number];
}

export interface Converted {
  markdown: Map<string, string>;
  figures: Record<string, FigureBox[]>;
  /** File → what went wrong. */
  failed: Map<string, string>;
}

export function pdfsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.toLowerCase().endsWith(".pdf"))
    .sort();
}

export async function withReader<T>(host: Host, bytes: Uint8Array, use: (reader: Reader) => Promise<T>): Promise<T> {
  const reader = await open(bytes, host);
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}

/** @param out where <name>.md goes @param change what is made of each page before it is converted */
export async function convertFolder(
  host: Host,
  folder: string,
  out: string,
  options: Partial<ConvertOptions>,
  change?: Change,
): Promise<Converted> {
  mkdirSync(out, { recursive: true });
  const done: Converted = { markdown: new Map(), figures: {}, failed: new Map() };
  for (const file of pdfsIn(folder)) {
    const name = file.slice(0, -4);
    try {
      const outputs = await toFormats(host, new Uint8Array(readFileSync(join(folder, file))), options, FORMATS, change);
      const markdown = outputs.get("md")!;
      done.markdown.set(name, markdown);
      done.figures[name] = figuresIn(outputs.get("lines.json")!);
      writeFileSync(join(out, `${name}.md`), markdown);
    } catch (error) {
      done.failed.set(name, error instanceof Error ? error.message : String(error));
    }
  }
  writeFileSync(join(out, "figures.json"), JSON.stringify(done.figures));
  return done;
}

export async function toFormats(
  host: Host,
  bytes: Uint8Array,
  options: Partial<ConvertOptions>,
  formats: string[] = FORMATS,
  change?: Change,
): Promise<Map<string, string>> {
  return withReader(host, bytes, async (opened) => {
    const reader = change === undefined ? opened : changed(opened, change);
    const pages = Array.from({ length: reader.pageCount }, (_, i) => i + 1);
    const context = { fileId: "f", sourceHash: "0", options: { ...DEFAULTS, ...options }, cropUrl: () => "crop.jpg" };
    return (await convert(reader, { pages, formats, context })).outputs;
  });
}

function changed(reader: Reader, change: Change): Reader {
  return {
    pageCount: reader.pageCount,
    info: (pages) => reader.info(pages),
    page: async (number) => change(await reader.page(number)),
    render: (crop, dpi) => reader.render(crop, dpi),
    look: (...asked) => reader.look(...asked),
    close: () => reader.close(),
  };
}

interface JsonPage {
  page: number;
  page_width: number;
  page_height: number;
  lines: { type: string; region?: { top_left_x: number; top_left_y: number; width: number; height: number } }[];
}

function figuresIn(linesJson: string): FigureBox[] {
  const { pages } = JSON.parse(linesJson) as { pages: JsonPage[] };
  return pages.flatMap(({ page, page_width: w, page_height: h, lines }) =>
    lines.flatMap(({ type, region }) => {
      if (region === undefined || (type !== "diagram" && type !== "chart")) return [];
      const { top_left_x: x, top_left_y: y, width, height } = region;
      return [{ page, box: [x / w, y / h, (x + width) / w, (y + height) / h] } satisfies FigureBox];
    }),
  );
}
