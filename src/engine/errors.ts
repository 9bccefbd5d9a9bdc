/** Why a whole file fails. The engine throws only these; a bad page is a warning on that page. */
export type EngineErrorCode =
  | "pdf_encrypted"
  | "corrupt_pdf_file"
  | "unsupported_file_type"
  | "pdf_no_pages"
  | "pdf_page_limit_exceeded"
  | "invalid_page_number";

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = "EngineError";
    this.code = code;
  }
}
