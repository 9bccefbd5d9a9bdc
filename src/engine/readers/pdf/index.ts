/**
 * A PDF → Reader: one PDFium instance, one call at a time, opened again where memory asks for it. A page that can't be
 * read, or that makes PDFium trap, comes back blank with a warning; the file goes on.
 */
import { EngineError } from "../../errors.ts";
import type { Box, Placed } from "../../geometry.ts";
import type { ByteSource, Host } from "../../host.ts";
import type { Page } from "../../page.ts";
import type { Pixels, Reader } from "../../reader.ts";
import type { SourceInfo } from "../../source-info.ts";
import { PdfDocument } from "./document.ts";
import { readInfo } from "./outline.ts";
import { blankPage, readPage } from "./page.ts";
import { renderPage } from "./pixels.ts";

/** More pages than any book; beyond this the file is to be split by its sender. */
export const MAX_PAGES = 20_000;
/** In ranged mode a call that could not wait may have found a block missing: fetched and tried again so often. */
const MAX_TRIES = 8;
/** Lowest dpi that a picture is still worth when memory is short. */
const MIN_DPI = 36;

/** @throws EngineError pdf_encrypted, corrupt_pdf_file, pdf_no_pages, pdf_page_limit_exceeded */
export async function openPdf(source: ByteSource | Uint8Array, host: Host, password?: string): Promise<Reader> {
  let document = await PdfDocument.open(source, host, password).catch(refuseTrap);
  const pageCount = document.pdfium.api.FPDF_GetPageCount(document.handle);
  if (pageCount <= 0) throw new EngineError("pdf_no_pages", "This PDF has no pages.");
  if (pageCount > MAX_PAGES) {
    throw new EngineError(
      "pdf_page_limit_exceeded",
      `This PDF has ${pageCount} pages; at most ${MAX_PAGES} can be converted: split it.`,
    );
  }

  /** A trapped instance is in no known state: a new one takes its place. */
  const restart = async () => {
    document = await PdfDocument.open(source, host, password);
  };

  /** Runs `use` again while blocks were missing; in memory mode once. */
  const attempt = async <T>(use: (document: PdfDocument) => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      if (document.handle === 0) await restart(); // an opening failed half-way before
      const value = await use(document);
      const failure = document.cache?.failure;
      if (failure !== undefined) {
        await restart();
        throw failure;
      }
      if (tries === MAX_TRIES || !(await document.cache?.fetchMissed())) return value;
      await document.reopen();
    }
  };

  const readOrBlank = async (number: number): Promise<Page> => {
    try {
      await document.beforePage();
      return (await attempt((d) => readPage(d, number))) ?? blankPage(number, "the page can't be opened");
    } catch (error) {
      if (!isTrap(error)) throw error;
      await restart();
      return blankPage(number, `PDFium stopped: ${error.message}`);
    }
  };

  const renderSmaller = async (number: number, box: Box, dpi: number): Promise<Pixels> => {
    for (let at = dpi; ; at /= 2) {
      try {
        await document.beforePage();
        return (await attempt((d) => renderPage(d, number, box, at))) ?? whitePixel();
      } catch (error) {
        if (!isTrap(error) && !(error instanceof RangeError)) throw error;
        await restart();
        if (at / 2 < MIN_DPI) return whitePixel();
      }
    }
  };

  const inTurn = queue();
  return {
    pageCount,
    info: (pages: readonly number[]): Promise<SourceInfo> =>
      inTurn(() => {
        for (const number of pages) checkNumber(number, pageCount);
        return attempt((d) => readInfo(d, pages));
      }),
    page: (number: number) =>
      inTurn(() => {
        checkNumber(number, pageCount);
        return readOrBlank(number);
      }),
    render: (crop: Placed, dpi: number) =>
      inTurn(() => {
        checkNumber(crop.page, pageCount);
        return renderSmaller(crop.page, crop.box, dpi);
      }),
    close: () => document.close(),
  };
}

function checkNumber(number: number, pageCount: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= pageCount) return;
  throw new EngineError("invalid_page_number", `Page ${number} does not exist: the file has ${pageCount} pages.`);
}

/** A trap of the wasm machine; message in V8's words ("memory access out of bounds", "unreachable"). */
function isTrap(error: unknown): error is Error {
  return (
    error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/i.test(error.message))
  );
}

function refuseTrap(error: unknown): never {
  if (!isTrap(error)) throw error;
  throw new EngineError("corrupt_pdf_file", `This PDF is damaged in a way that stops its reader (${error.message}).`);
}

const whitePixel = (): Pixels => ({ width: 1, height: 1, data: new Uint8ClampedArray([255, 255, 255, 255]) });

/** One wasm stack: while a call waits for bytes no other may enter. */
function queue(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job);
    last = next.catch(() => undefined);
    return next;
  };
}
