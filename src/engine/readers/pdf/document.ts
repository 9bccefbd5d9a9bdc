/**
 * Bytes or a source in ranges → an open PDFium document that can be opened again: PDFium keeps every stream it has
 * parsed until the document is closed, so a long document is read through several openings.
 */
import { EngineError } from "../../errors.ts";
import type { ByteSource, Host } from "../../host.ts";
import { BlockCache } from "./blocks.ts";
import { type Pdfium, startPdfium } from "./pdfium.ts";

/** FPDF_GetLastError. */
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;
/**
 * Turns of PDFium's loops for opening a document, and for each page that is read or drawn: a second or so where they
 * are short, 20 where each is slow. In our benches no page takes more than 2.3 million to read and 89 million to draw
 * (4 megapixels of the 9 that a picture may have).
 */
export const MAX_WORK = 250_000_000;
/**
 * Turns for reading the document's form, which happens whole and with the first field asked for: a second, in which some
 * 6,000 fields are read (each is compared with all before it).
 */
const MAX_FORM_WORK = 150_000_000;
/** Bytes PDFium may have parsed since the opening before it is opened again (ranged mode: bytes it was given). */
const MAX_PARSED_BYTES = 16 * 1024 * 1024;
/** Growth of wasm memory since the opening after which the document is opened again, at the same pace from then on. */
const MAX_GROWTH_BYTES = 40 * 1024 * 1024;
/** Opening again costs a parse of the cross-reference table: not more often than every so many pages. */
const MIN_PAGES_AN_OPENING = 5;
/** Even when nothing grows: fonts and object streams add up. */
const MAX_PAGES_AN_OPENING = 500;

export class PdfDocument {
  readonly pdfium: Pdfium;
  readonly cache: BlockCache | undefined;
  handle = 0;
  /** Form-fill environment, made when a page with widgets is met; 0 = none. */
  form = 0;
  /** The form is too much work: no field is read. */
  formless = false;
  /** The form is being read: what stops now is stopped by it. */
  readsForm = false;
  #formRead = false;
  #formInfo = 0;
  #access: number;
  #length: number;
  #password: number;
  #memoryAtOpening = 0;
  #started = false;
  #pages = 0;
  /** Something was read before the page at hand, and may still hold memory. */
  used = false;
  #pagesAnOpening = MAX_PAGES_AN_OPENING;

  private constructor(pdfium: Pdfium, access: number, length: number, cache: BlockCache | undefined, password: number) {
    this.pdfium = pdfium;
    this.cache = cache;
    this.#access = access;
    this.#length = length;
    this.#password = password;
  }

  /** @throws EngineError pdf_encrypted, corrupt_pdf_file */
  static async open(source: ByteSource | Uint8Array, host: Host, password?: string): Promise<PdfDocument> {
    const pdfium = startPdfium(host);
    const cache = source instanceof Uint8Array ? undefined : new BlockCache(source, pdfium);
    const length = source instanceof Uint8Array ? source.length : source.size;
    const access =
      source instanceof Uint8Array ? pdfium.place(source) : pdfium.fileAccess(length, cache!, host.trampoline);
    if (access === 0) throw new EngineError("corrupt_pdf_file", "This PDF is too large to be read in one piece.");
    const secret = password === undefined ? 0 : pdfium.place(new TextEncoder().encode(`${password}\0`));
    const document = new PdfDocument(pdfium, access, length, cache, secret);
    await document.#load();
    return document;
  }

  async #load(): Promise<void> {
    const { pdfium, cache } = this;
    pdfium.allowWork(MAX_WORK);
    this.handle = await (cache
      ? pdfium.read("FPDF_LoadCustomDocument", this.#access, this.#password)
      : pdfium.api.FPDF_LoadMemDocument(this.#access, this.#length, this.#password));
    this.#memoryAtOpening = pdfium.memoryBytes;
    this.#pages = 0;
    if (cache) cache.served = 0;
    if (this.handle !== 0) return;
    if (cache?.failure !== undefined) throw cache.failure;
    const reason = pdfium.api.FPDF_GetLastError();
    if (reason === ERROR_PASSWORD || reason === ERROR_SECURITY) {
      const sentence =
        reason === ERROR_SECURITY
          ? "This PDF is encrypted by a method that can't be opened here."
          : this.#password === 0
            ? "This PDF is encrypted: remove its password and send it again."
            : "This PDF is encrypted, and the password given does not open it.";
      throw new EngineError("pdf_encrypted", sentence);
    }
    throw new EngineError(
      "corrupt_pdf_file",
      "This PDF is damaged or cut off: not even its list of pages can be read.",
    );
  }

  /** To be called before each page, with nothing of the document open. */
  async beforePage(): Promise<void> {
    const parsed = this.cache?.served ?? 0;
    const grown = this.pdfium.memoryBytes - this.#memoryAtOpening;
    if (this.#pages >= MIN_PAGES_AN_OPENING) {
      if (grown > MAX_GROWTH_BYTES) this.#pagesAnOpening = Math.min(this.#pagesAnOpening, this.#pages);
      if (parsed > MAX_PARSED_BYTES || this.#pages >= this.#pagesAnOpening) await this.reopen();
    }
    this.used = this.#started;
    this.#started = true;
    this.#pages++;
  }

  async reopen(): Promise<void> {
    this.#release();
    await this.#load();
  }

  /** @returns the form-fill environment, 0 when the document has no form */
  openForm(): number {
    const { api } = this.pdfium;
    if (this.#formInfo === 0 && api.FPDF_GetFormType(this.handle) > 0) {
      this.#formInfo = api.PDFiumExt_OpenFormFillInfo();
      this.form = api.PDFiumExt_InitFormFillEnvironment(this.handle, this.#formInfo);
    }
    return this.form;
  }

  /** A call that reads the form if none has before; the form has an allowance of its own, and the page its own again. */
  inForm<T>(ask: () => T): T {
    if (this.#formRead) return ask();
    this.readsForm = true;
    this.pdfium.allowWork(MAX_FORM_WORK);
    const answer = ask();
    this.pdfium.allowWork(MAX_WORK);
    this.readsForm = false;
    this.#formRead = true;
    return answer;
  }

  #release(): void {
    const { api } = this.pdfium;
    if (this.form !== 0) api.PDFiumExt_ExitFormFillEnvironment(this.form);
    if (this.#formInfo !== 0) api.PDFiumExt_CloseFormFillInfo(this.#formInfo);
    if (this.handle !== 0) api.FPDF_CloseDocument(this.handle);
    this.form = 0;
    this.#formInfo = 0;
    this.#formRead = false;
    this.handle = 0;
  }

  /** The instance goes with the last reference to this object; closing only matters while it is shared. */
  close(): void {
    this.#release();
  }
}
