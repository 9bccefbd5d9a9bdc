/**
 * A PDF → Reader: one PDFium instance, one call at a time, opened again where memory asks for it. A page that can't be
 * read, that makes PDFium trap or needs more memory than there is, comes back blank with a warning; the file goes on,
 * until too many pages have done so.
 */
import { EngineError } from "../../errors.ts";
import type { Placed } from "../../geometry.ts";
import type { ByteSource, Host } from "../../host.ts";
import type { Page } from "../../page.ts";
import type { Look, Pixels, Reader } from "../../reader.ts";
import type { SourceInfo } from "../../source-info.ts";
import { MAX_WORK, PdfDocument } from "./document.ts";
import { lookAt } from "./looks.ts";
import { readInfo } from "./outline.ts";
import { blankPage, readPage } from "./page.ts";
import { renderPage } from "./pixels.ts";
import { MemoryRefused } from "./runtime.ts";

/** More pages than any book; beyond this the file is to be split by its sender. */
export const MAX_PAGES = 20_000;
/** In ranged mode a call that could not wait may have found a block missing: fetched and tried again so often. */
const MAX_TRIES = 8;
/** A picture that stops PDFium is tried once more, at this share of its dpi: bitmaps then take a sixteenth. */
const DPI_AGAIN = 0.25;
/** Pages that stop PDFium cost an instance and up to a second each: a document of more is broken or made to cost. */
const MAX_STOPS = 8;
const WORKED_OUT = "takes more work to read than a page may";
/** Pages looked for at opening, half at the start, half spread over the rest; each look may walk the whole tree. */
const PAGES_LOOKED_FOR = 64;

/** @throws EngineError pdf_encrypted, corrupt_pdf_file, pdf_no_pages, pdf_page_limit_exceeded */
export async function openPdf(source: ByteSource | Uint8Array, host: Host, password?: string): Promise<Reader> {
  const open = () => PdfDocument.open(source, host, password);
  const document = await open().catch(refuseStop);
  const pageCount = document.pdfium.api.FPDF_GetPageCount(document.handle);
  if (pageCount <= 0) throw new EngineError("pdf_no_pages", "This PDF has no pages.");
  if (pageCount > MAX_PAGES) {
    throw new EngineError(
      "pdf_page_limit_exceeded",
      `This PDF has ${pageCount} pages; at most ${MAX_PAGES} can be converted: split it.`,
    );
  }
  if (!(await hasPages(document, pageCount).catch(refuseStop))) {
    throw new EngineError("pdf_no_pages", `This PDF says it has ${pageCount} pages, but holds none of them.`);
  }
  return new PdfReader(document, open, pageCount);
}

/** Whether the tree of pages leads to any: its count is only a claim. Finds the first at once in a sound file. */
async function hasPages(document: PdfDocument, pageCount: number): Promise<boolean> {
  const { pdfium, handle } = document;
  const start = Math.min(pageCount, PAGES_LOOKED_FOR / 2);
  const rest = Math.min(pageCount - start, PAGES_LOOKED_FOR / 2);
  const step = (pageCount - start) / rest;
  const spread = Array.from({ length: rest }, (_, i) => start - 1 + Math.round((i + 1) * step)); // to the last
  for (const index of [...Array.from({ length: start }, (_, i) => i), ...spread]) {
    if (await pdfium.read("FPDF_GetPageSizeByIndexF", handle, index, pdfium.scratch)) return true;
  }
  return false;
}

class PdfReader implements Reader {
  readonly pageCount: number;
  #document: PdfDocument;
  #open: () => Promise<PdfDocument>;
  /** One wasm stack: while a call waits for bytes no other may enter. */
  #last: Promise<unknown> = Promise.resolve();
  /** Pages that were read, and pages that stopped PDFium. */
  #readable = 0;
  #stops = 0;
  /** The form stopped PDFium: the pages are read without their fields. */
  #formless = false;

  constructor(document: PdfDocument, open: () => Promise<PdfDocument>, pageCount: number) {
    this.#document = document;
    this.#open = open;
    this.pageCount = pageCount;
  }

  info(pages: readonly number[]): Promise<SourceInfo> {
    return this.#inTurn(() => {
      for (const number of pages) this.#checkNumber(number);
      const read = (bookmarks: boolean) =>
        this.#attempt((document) => readInfo(document, pages, bookmarks)).catch(async (error) => {
          if (isStop(error)) await this.#restart();
          throw error;
        });
      return read(true)
        .catch((error) => (isStop(error) ? read(false) : Promise.reject(error)))
        .catch(refuseStop);
    });
  }

  page(number: number): Promise<Page> {
    return this.#inTurn(async () => {
      this.#checkNumber(number);
      if (this.#stops >= MAX_STOPS) return this.#leaveOut(number);
      for (;;) {
        try {
          await this.#document.beforePage();
          const page = await this.#attempt((document) => readPage(document, number));
          if (page) this.#readable++;
          return page ?? blankPage(number, "the page can't be opened");
        } catch (error) {
          if (!isStop(error)) throw error;
          const { used, pdfium, readsForm } = this.#document;
          const reason = pdfium.isWorkedOut ? WORKED_OUT : nameStop(error);
          this.#formless ||= readsForm;
          await this.#restart();
          if (readsForm) continue;
          if (error instanceof MemoryRefused && used) continue; // the pages before it may have taken the memory
          this.#stops++;
          return blankPage(number, reason);
        }
      }
    });
  }

  render(crop: Placed, dpi: number): Promise<Pixels> {
    return this.#inTurn(async () => {
      this.#checkNumber(crop.page);
      for (const at of [dpi, dpi * DPI_AGAIN]) {
        try {
          await this.#document.beforePage();
          return (await this.#attempt((document) => renderPage(document, crop.page, crop.box, at))) ?? whitePixel();
        } catch (error) {
          if (!isStop(error) && !(error instanceof RangeError)) throw error;
          const { isWorkedOut } = this.#document.pdfium;
          await this.#restart();
          if (isWorkedOut) break; // twice the time for a page made to take it
        }
      }
      return whitePixel();
    });
  }

  look(number: number, texts: ReadonlySet<number>): Promise<Look | undefined> {
    return this.#inTurn(async () => {
      this.#checkNumber(number);
      try {
        await this.#document.beforePage();
        return await this.#attempt((document) => lookAt(document, number, texts));
      } catch (error) {
        if (!isStop(error) && !(error instanceof RangeError)) throw error;
        await this.#restart();
        return undefined;
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
      this.#document.pdfium.allowWork(MAX_WORK);
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

  /** @throws EngineError when there is nothing of the document to go on for */
  #leaveOut(number: number): Page {
    if (this.#readable === 0) {
      throw new EngineError("corrupt_pdf_file", `The first ${MAX_STOPS} pages of this PDF can't be read; given up.`);
    }
    return blankPage(number, `not tried: ${MAX_STOPS} pages before it stopped PDFium`);
  }

  /** A stopped instance is in no known state: a new one takes its place. */
  async #restart(): Promise<void> {
    this.#document = await this.#open();
    this.#document.formless = this.#formless;
  }

  #checkNumber(number: number): void {
    if (Number.isInteger(number) && number >= 1 && number <= this.pageCount) return;
    throw new EngineError(
      "invalid_page_number",
      `Page ${number} does not exist: the file has ${this.pageCount} pages.`,
    );
  }
}

/** What ends an instance: a trap of the wasm machine, in V8's words ("memory access out of bounds"), or refused memory. */
function isStop(error: unknown): error is Error {
  return (
    error instanceof MemoryRefused ||
    error instanceof WebAssembly.RuntimeError ||
    (error instanceof RangeError && /call stack/i.test(error.message))
  );
}

function nameStop(error: Error): string {
  return error instanceof MemoryRefused ? error.message : `PDFium stopped: ${error.message}`;
}

function refuseStop(error: unknown): never {
  if (!isStop(error)) throw error;
  throw new EngineError("corrupt_pdf_file", `This PDF is damaged in a way that stops its reader (${error.message}).`);
}

const whitePixel = (): Pixels => ({
  width: 1,
  height: 1,
  data: new Uint8ClampedArray([255, 255, 255, 255]),
  blank: true,
});
