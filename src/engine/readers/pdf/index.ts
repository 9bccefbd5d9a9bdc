/**
 * A PDF → Reader: one PDFium instance, one call at a time, opened again where memory asks for it. A page that can't be
 * read, or that makes PDFium trap, comes back blank with a warning; the file goes on.
 */
import { EngineError } from "../../errors.ts";
import type { Placed } from "../../geometry.ts";
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
  const open = () => PdfDocument.open(source, host, password);
  const document = await open().catch(refuseTrap);
  const pageCount = document.pdfium.api.FPDF_GetPageCount(document.handle);
  if (pageCount <= 0) throw new EngineError("pdf_no_pages", "This PDF has no pages.");
  if (pageCount > MAX_PAGES) {
    throw new EngineError(
      "pdf_page_limit_exceeded",
      `This PDF has ${pageCount} pages; at most ${MAX_PAGES} can be converted: split it.`,
    );
  }
  return new PdfReader(document, open, pageCount);
}

class PdfReader implements Reader {
  readonly pageCount: number;
  #document: PdfDocument;
  #open: () => Promise<PdfDocument>;
  /** One wasm stack: while a call waits for bytes no other may enter. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(document: PdfDocument, open: () => Promise<PdfDocument>, pageCount: number) {
    this.#document = document;
    this.#open = open;
    this.pageCount = pageCount;
  }

  info(pages: readonly number[]): Promise<SourceInfo> {
    return this.#inTurn(() => {
      for (const number of pages) this.#checkNumber(number);
      return this.#attempt((document) => readInfo(document, pages));
    });
  }

  page(number: number): Promise<Page> {
    return this.#inTurn(async () => {
      this.#checkNumber(number);
      try {
        await this.#document.beforePage();
        const page = await this.#attempt((document) => readPage(document, number));
        return page ?? blankPage(number, "the page can't be opened");
      } catch (error) {
        if (!isTrap(error)) throw error;
        await this.#restart();
        return blankPage(number, `PDFium stopped: ${error.message}`);
      }
    });
  }

  render(crop: Placed, dpi: number): Promise<Pixels> {
    return this.#inTurn(async () => {
      this.#checkNumber(crop.page);
      for (let at = dpi; ; at /= 2) {
        try {
          await this.#document.beforePage();
          return (await this.#attempt((document) => renderPage(document, crop.page, crop.box, at))) ?? whitePixel();
        } catch (error) {
          if (!isTrap(error) && !(error instanceof RangeError)) throw error;
          await this.#restart();
          if (at / 2 < MIN_DPI) return whitePixel();
        }
      }
    });
  }

  close(): void {
    this.#document.close();
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const next = this.#last.then(job);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Runs `use` again while blocks were missing; in memory mode once. */
  async #attempt<T>(use: (document: PdfDocument) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      if (this.#document.handle === 0) await this.#restart(); // an opening failed half-way before
      const value = await use(this.#document);
      const { cache } = this.#document;
      if (cache?.failure !== undefined) {
        await this.#restart();
        throw cache.failure;
      }
      if (tries === MAX_TRIES || !(await cache?.fetchMissed())) return value;
      await this.#document.reopen();
    }
  }

  /** A trapped instance is in no known state: a new one takes its place. */
  async #restart(): Promise<void> {
    this.#document = await this.#open();
  }

  #checkNumber(number: number): void {
    if (Number.isInteger(number) && number >= 1 && number <= this.pageCount) return;
    throw new EngineError(
      "invalid_page_number",
      `Page ${number} does not exist: the file has ${this.pageCount} pages.`,
    );
  }
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
