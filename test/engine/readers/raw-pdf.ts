/** PDFs from raw objects, for what test/pdf.ts doesn't draw: fonts with their own Unicode maps, forms, tags. */

/** @param objects number 1 is the catalog; each the body between "obj" and "endobj" */
export function rawPdf(objects: readonly string[]): Uint8Array {
  let text = "%PDF-1.7\n";
  const offsets = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const rows = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const tail = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text + tail, "latin1"));
}

export function stream(content: string, entries = ""): string {
  return `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** One Letter page in one font /F, Helvetica's shapes with the given meanings of its codes. */
export function pdfWithMeanings(content: string, meanings: Record<string, string>): Uint8Array {
  const hex = (text: string) =>
    Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0")).join("");
  const rows = Object.entries(meanings).map(([code, text]) => `<${code.charCodeAt(0).toString(16)}> <${hex(text)}>`);
  const map = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <00> <ff> endcodespacerange
${rows.length} beginbfchar
${rows.join("\n")}
endbfchar endcmap end end`;
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
    stream(content),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
    stream(map),
  ]);
}
