/**
 * PDFs made by hand for tests: small, deterministic, every byte known. Text in, an uncompressed PDF 1.7 out, with the
 * standard Type 1 fonts, so that nothing but a reader is needed.
 */

export interface TextLine {
  text: string;
  /** Points from the left and from the bottom of the page. */
  x: number;
  y: number;
  size?: number;
  font?: "Helvetica" | "Helvetica-Bold" | "Times-Roman" | "Courier";
  /** Text rendering mode (PDF 32000-1 table 106); 3 = invisible. */
  mode?: number;
}

export interface PageSpec {
  width?: number;
  height?: number;
  rotate?: 0 | 90 | 180 | 270;
  cropBox?: readonly [number, number, number, number];
  lines?: TextLine[];
  /** Raw content stream operators after the text. */
  content?: string;
  /** The /Matrix and /BBox of forms that all of it is wrapped in, one in the other, the outermost first. */
  forms?: readonly FormSpec[];
  /** Raw objects for /Annots, each the inside of a dictionary. */
  annotations?: string[];
}

export interface FormSpec {
  matrix: readonly number[];
  box: readonly number[];
  /** Operators between the form and what it holds. */
  before?: string;
}

export interface PdfOptions {
  title?: string;
  /** Raw entries of the catalog ("/Lang (en)"). */
  catalog?: string;
  /** So many pages more that the page tree names and the file doesn't hold. */
  missingPages?: number;
  /** Marks the file as encrypted with a password nobody has. */
  encrypted?: boolean;
}

/** Object numbers that no file of ours reaches. */
const MISSING = 900_000;
const FONTS = ["Helvetica", "Helvetica-Bold", "Times-Roman", "Courier"] as const;

/** @param pages may be empty: a file without pages */
export function makePdf(pages: PageSpec[], options: PdfOptions = {}): Uint8Array<ArrayBuffer> {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  // 1 catalog, 2 page tree, 3..6 fonts, then two objects a page and one an annotation.
  add(`<< /Type /Catalog /Pages 2 0 R ${options.catalog ?? ""} >>`);
  add("");
  for (const font of FONTS) {
    add(`<< /Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding >>`);
  }
  const kids: number[] = [];
  for (const page of pages) {
    let content = latin1(contentOf(page));
    let resources = `/Font << ${FONTS.map((_, i) => `/F${i} ${i + 3} 0 R`).join(" ")} >>`;
    for (const { matrix, box, before = "" } of page.forms?.toReversed() ?? []) {
      const inside = `q ${before}\n${content}\nQ`;
      const form = add(
        `<< /Type /XObject /Subtype /Form /Matrix [${matrix.join(" ")}] /BBox [${box.join(" ")}] ` +
          `/Resources << ${resources} >> /Length ${inside.length} >>\nstream\n${inside}\nendstream`,
      );
      content = "/X Do";
      resources = `/XObject << /X ${form} 0 R >>`;
    }
    const stream = add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    const annotations = (page.annotations ?? []).map((a) => `${add(`<< /Type /Annot ${a} >>`)} 0 R`);
    const crop = page.cropBox ? `/CropBox [${page.cropBox.join(" ")}]` : "";
    kids.push(
      add(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width ?? 612} ${page.height ?? 792}] ${crop} /Rotate ${page.rotate ?? 0} ` +
          `/Resources << ${resources} >> ` +
          `/Contents ${stream} 0 R ${annotations.length ? `/Annots [${annotations.join(" ")}]` : ""} >>`,
      ),
    );
  }
  for (let i = 0; i < (options.missingPages ?? 0); i++) kids.push(MISSING + i);
  objects[1] = `<< /Type /Pages /Kids [${kids.map((k) => `${k} 0 R`).join(" ")}] /Count ${kids.length} >>`;
  let trailer = `/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]`;
  if (options.title !== undefined) trailer += ` /Info ${add(`<< /Title (${escapeString(options.title)}) >>`)} 0 R`;
  if (options.encrypted) {
    const junk = "5a".repeat(32);
    trailer += ` /Encrypt ${add(`<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${junk}> /U <${junk}> >>`)} 0 R`;
  }
  return assemble(objects, trailer);
}

/** A plain article: `count` pages of the same few sentences, each page with its number in the text. */
export function makeArticle(count: number, seed = "Sheaf"): Uint8Array<ArrayBuffer> {
  return makePdf(
    Array.from({ length: count }, (_, i) => ({
      lines: [
        { text: `${seed}: page ${i + 1} of an article`, x: 72, y: 720, size: 18, font: "Helvetica-Bold" as const },
        { text: "The first sentence of the page stands at the top of the column and", x: 72, y: 690 },
        { text: "goes on in a second line, as sentences do.", x: 72, y: 676 },
        { text: `Another paragraph names the number ${i + 1} once more.`, x: 72, y: 648 },
      ],
    })),
  );
}

function contentOf(page: PageSpec): string {
  const text = (page.lines ?? []).map((line) => {
    const font = FONTS.indexOf(line.font ?? "Times-Roman");
    return `BT ${line.mode ?? 0} Tr /F${font} ${line.size ?? 11} Tf 1 0 0 1 ${line.x} ${line.y} Tm (${escapeString(line.text)}) Tj ET`;
  });
  return [...text, page.content ?? ""].join("\n");
}

function escapeString(text: string): string {
  return text.replace(/[\\()]/g, "\\$&");
}

/** WinAnsi's upper half is Latin-1 for the letters tests use. */
function latin1(text: string): string {
  return text.replace(/[^\n -ÿ]/g, "?");
}

function assemble(objects: string[], trailer: string): Uint8Array<ArrayBuffer> {
  const pieces = ["%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"];
  let offset = pieces[0]!.length;
  const offsets = objects.map((body, i) => {
    const at = offset;
    const piece = `${i + 1} 0 obj\n${body}\nendobj\n`;
    pieces.push(piece);
    offset += piece.length;
    return at;
  });
  const rows = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  pieces.push(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${offset}\n%%EOF\n`,
  );
  return Uint8Array.from(pieces.join(""), (c) => c.charCodeAt(0));
}
