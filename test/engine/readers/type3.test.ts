/** Bitmap fonts as pdfTeX writes them: glyphs named a65, no Unicode anywhere. */
import { expect, test } from "vitest";
import { extract } from "../../../src/engine/extract/index.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { host } from "../host.ts";
import { rawPdf, stream } from "./raw-pdf.ts";

const LINES = ["The sparse guild estimates the syntax of an old", "manuscript, and the chorus follows every contract"];

function bitmapFontPdf(lines: readonly string[]): Uint8Array {
  const codes = [...new Set(lines.join(""))].map((c) => c.charCodeAt(0)).sort((a, b) => a - b);
  const [first, last] = [codes[0]!, codes.at(-1)!];
  const procs = codes.map((code, i) => `/a${code} ${6 + i} 0 R`).join(" ");
  const differences = codes.map((code) => `${code} /a${code}`).join(" ");
  const widths = Array.from({ length: last - first + 1 }, () => "50").join(" ");
  const shown = lines.map((line, i) => `1 0 0 1 72 ${700 - 14 * i} Tm (${line}) Tj`).join(" ");
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
    stream(`BT /F 10 Tf ${shown} ET`),
    `<< /Type /Font /Subtype /Type3 /FontMatrix [0.01 0 0 0.01 0 0] /FontBBox [0 0 50 70] /FirstChar ${first} /LastChar ${last} /Widths [${widths}] /Encoding << /Type /Encoding /Differences [${differences}] >> /CharProcs << ${procs} >> >>`,
    ...codes.map((code) =>
      stream(
        code === 0x20 ? "50 0 0 0 0 0 d1" : "50 0 5 0 45 65 d1 40 0 0 65 5 0 cm BI /W 1 /H 1 /IM true /BPC 1 ID \0 EI",
      ),
    ),
  ]);
}

test("are read where the codes make words, and said to be repaired", async () => {
  const reader = await open(bitmapFontPdf(LINES), host);
  const page = extract(await reader.page(1));
  const texts = page.lines.map(({ from, to }) =>
    page.words
      .slice(from, to)
      .map((word) => word.text)
      .join(" "),
  );
  expect(texts).toEqual(LINES);
  expect(new Set(page.words.map((word) => word.source))).toEqual(new Set(["repaired"]));
  expect(page.warnings).toEqual([]);
});

test("stay unread where they make none", async () => {
  const reader = await open(bitmapFontPdf(["xqzj vwkq zzgx", "qqwk xjv"]), host);
  const page = extract(await reader.page(1));
  expect(new Set(page.words.map((word) => word.source))).toEqual(new Set(["undecodable"]));
  expect(page.warnings.map((warning) => warning.code)).toEqual(["undecodable_text"]);
});
