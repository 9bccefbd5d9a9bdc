/**
 * The formats of CONTRACT section 4: the name in `conversion_formats`, the extension of its download, its content type,
 * and whether this version writes it. A format that isn't written yet may be asked for: the file completes and that
 * format ends as `error`.
 */

export interface Format {
  /** Extension of the download; differs from the name only for latex. */
  ext: string;
  contentType: string;
  /** Written by this version. */
  written: boolean;
}

const ZIP = "application/zip";
const PDF = "application/pdf";
const OOXML = "application/vnd.openxmlformats-officedocument";
const MARKDOWN = "text/markdown; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

export const FORMATS: Readonly<Record<string, Format>> = {
  mmd: { ext: "mmd", contentType: MARKDOWN, written: true },
  "lines.json": { ext: "lines.json", contentType: JSON_TYPE, written: true },
  "lines.mmd.json": { ext: "lines.mmd.json", contentType: JSON_TYPE, written: true },
  md: { ext: "md", contentType: MARKDOWN, written: true },
  docx: { ext: "docx", contentType: `${OOXML}.wordprocessingml.document`, written: false },
  pptx: { ext: "pptx", contentType: `${OOXML}.presentationml.presentation`, written: false },
  xlsx: { ext: "xlsx", contentType: `${OOXML}.spreadsheetml.sheet`, written: false },
  html: { ext: "html", contentType: "text/html; charset=utf-8", written: false },
  txt: { ext: "txt", contentType: "text/plain; charset=utf-8", written: false },
  latex: { ext: "tex", contentType: "application/x-tex; charset=utf-8", written: false },
  "tex.zip": { ext: "tex.zip", contentType: ZIP, written: false },
  "md.zip": { ext: "md.zip", contentType: ZIP, written: false },
  "mmd.zip": { ext: "mmd.zip", contentType: ZIP, written: false },
  "html.zip": { ext: "html.zip", contentType: ZIP, written: false },
  pdf: { ext: "pdf", contentType: PDF, written: false },
  "latex.pdf": { ext: "latex.pdf", contentType: PDF, written: false },
  "mmd.overlay.pdf": { ext: "mmd.overlay.pdf", contentType: PDF, written: false },
  jpg: { ext: "jpg", contentType: "image/jpeg", written: false },
  png: { ext: "png", contentType: "image/png", written: false },
};

/** Every completed file has these, asked for or not; they never appear in a status's `formats`. */
export const ALWAYS_MADE: readonly string[] = ["mmd", "lines.json", "lines.mmd.json"];

/** The format behind a download's extension: `tex` is latex, everything else is its own name; null when there is none. */
export function formatOfExtension(ext: string): string | null {
  for (const [name, format] of Object.entries(FORMATS)) if (format.ext === ext) return name;
  return null;
}
