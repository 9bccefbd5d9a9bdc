/**
 * The verbs put together. `convert` for a document of one part: every page read once, all formats written in one pass.
 * `documentOf` and `writeAll` for a large one whose facts were stored: the same opinions from the same facts, page by
 * page, so that the bytes are the same and memory stays flat.
 */
import type { Document, Part } from "./document/index.ts";
import type { FileQuality } from "./document/quality.ts";
import { EngineError } from "./errors.ts";
import { extract, findHidden, reveal } from "./extract/index.ts";
import { join } from "./join/index.ts";
import { layOut } from "./layout/index.ts";
import type { PageBlocks } from "./page-blocks.ts";
import type { PageLines } from "./page-lines.ts";
import type { Profile, Survey } from "./profile.ts";
import { addPart, countFound, emptyQuality, pageQuality } from "./quality.ts";
import type { Reader } from "./reader.ts";
import { emptySurvey, mergeSurveys, profileOf, survey, withOutline } from "./survey/index.ts";
import type { Warning } from "./warnings.ts";
import { WRITERS, type WriteContext } from "./writers/index.ts";

/** Name and version of the engine, as documents name it. */
export const ENGINE = "sheaf 0.1.0";

/** Surveys merged at a time: merging page by page would copy the growing maps once a page. */
const MERGE_AT = 64;

export interface ConvertRequest {
  /** Numbers in the source, from 1, ascending. */
  pages: number[];
  /** Keys of WRITERS. */
  formats: string[];
  context: WriteContext;
  onPage?: (done: number) => void | Promise<void>;
}

export interface Converted {
  /** Format → text. */
  outputs: Map<string, string>;
  warnings: Warning[];
  quality: FileQuality;
}

export async function convert(reader: Reader, request: ConvertRequest): Promise<Converted> {
  const { pages, counted } = await readPages(reader, request.pages, request.onPage);
  const source = await reader.info(request.pages);
  const document = documentOf({ source, engine: ENGINE }, inOrder(pages), profileOf(counted));
  const texts = new Map<string, string[]>();
  const { warnings, quality } = await writeAll(document, request.formats, request.context, async (format, text) => {
    const pieces = texts.get(format);
    if (pieces === undefined) texts.set(format, [text]);
    else pieces.push(text);
  });
  const outputs = new Map(request.formats.map((format) => [format, (texts.get(format) ?? []).join("")]));
  return { outputs, warnings, quality };
}

/** The facts of pages, and what they tell together. */
export async function readPages(
  reader: Reader,
  numbers: readonly number[],
  onPage?: ConvertRequest["onPage"],
): Promise<{ pages: PageLines[]; counted: Survey }> {
  const pages: PageLines[] = [];
  let counted = emptySurvey();
  let pending: Survey[] = [];
  for (const number of numbers) {
    const lines = await extractPage(reader, number);
    pages.push(lines);
    pending.push(survey(lines));
    if (pending.length === MERGE_AT) {
      counted = pending.reduce(mergeSurveys, counted);
      pending = [];
    }
    await onPage?.(pages.length);
  }
  return { pages, counted: pending.reduce(mergeSurveys, counted) };
}

/** Text that the file says to be hidden is looked at before it is believed. */
async function extractPage(reader: Reader, number: number): Promise<PageLines> {
  const page = await reader.page(number);
  const hiding = findHidden(page);
  if (hiding.doubted.size > 0) {
    const look = await reader.look(number, new Set(hiding.doubted.keys()));
    if (look) reveal(hiding, page.glyphs, look);
  }
  return extract(page, hiding);
}

/** @param pages in page order; each is let go as soon as its part is written */
export function documentOf(head: Document["head"], pages: AsyncIterable<PageLines>, profile: Profile): Document {
  const full = withOutline(profile, head.source);
  return { head, parts: countEach(join(layOutEach(readableOnes(pages), full), full)) };
}

/**
 * Writes all formats in one walk over the document.
 * @param sink takes a format's text in pieces; waited for, so that a slow one slows the walk
 * @returns what was lost on the way, and how far the text is to be trusted
 */
export async function writeAll(
  document: Document,
  formats: readonly string[],
  context: WriteContext,
  sink: (format: string, text: string) => Promise<void>,
): Promise<Pick<Converted, "warnings" | "quality">> {
  const writings = formats.map((format) => {
    const writer = WRITERS[format];
    if (writer === undefined) throw new RangeError(`no writer for the format "${format}"`);
    return { format, writing: writer.write(document.head, context) };
  });
  const warnings: Warning[] = [];
  const quality = emptyQuality();
  for await (const part of document.parts) {
    warnings.push(...part.warnings);
    addPart(quality, part);
    for (const { format, writing } of writings) {
      const text = writing.part(part);
      if (text !== "") await sink(format, text);
    }
  }
  for (const { format, writing } of writings) {
    const text = writing.end();
    if (text !== "") await sink(format, text);
  }
  return { warnings, quality };
}

/** The same pages. @throws EngineError at their end when not one could be read: an empty document is no conversion */
async function* readableOnes(pages: AsyncIterable<PageLines>): AsyncGenerator<PageLines> {
  let readable = false;
  let any = false;
  for await (const page of pages) {
    any = true;
    readable ||= !page.warnings.some(({ code }) => code === "page_unreadable");
    yield page;
  }
  if (any && !readable) throw new EngineError("corrupt_pdf_file", "Not one page of this PDF can be read.");
}

async function* layOutEach(pages: AsyncIterable<PageLines>, profile: Profile): AsyncGenerator<PageBlocks> {
  for await (const page of pages) yield { ...layOut(page, profile), quality: pageQuality(page) };
}

/** After joining: a table that goes on over pages is one. */
async function* countEach(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  for await (const part of parts) yield countFound(part);
}

async function* inOrder<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
