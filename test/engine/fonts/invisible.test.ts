/** What nobody sees goes out of text and values; joiners stay where they shape letters. */
import { expect, test } from "vitest";
import { readPages } from "../../../src/engine/convert.ts";
import { visibleText } from "../../../src/engine/fonts/invisible.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { host } from "../host.ts";
import { rawPdf, stream } from "../readers/raw-pdf.ts";

test.each([
  ["pay \u202eKOOB\u202c now", "pay KOOB now"],
  ["a\u{e0041}\u{e0042}\u{e0020}b\u{e0101}", "ab"],
  ["zero\u200bwidth\ufeff\u2060", "zerowidth"],
  ["bell\u0007\u0000\u001b, tab\there\r\nand there", "bell, tab\there\r\nand there"],
  ["\u001ben\u001bin English \u001bfrCA\u001ben français", "in English en français"],
  ["one\u2028two\u0085three", "one\ntwo\nthree"],
  ["می\u200cخواهم and क्\u200dष but a\u200cb", "می\u200cخواهم and क्\u200dष but ab"],
  ["👩\u200d🚀 and x\u200d🚀", "👩\u200d🚀 and x🚀"],
  ["Ärger, “don’t” · 1–2 € ½ 漢字 한글", "Ärger, “don’t” · 1–2 € ½ 漢字 한글"],
])("%j", (text, seen) => {
  expect(visibleText(text)).toBe(seen);
});

/** A page whose font says for the letters a, b, ... what is given. */
async function wordsOf(codes: readonly string[], field = ""): Promise<string[]> {
  const letters = codes.map((_, i) => String.fromCharCode(97 + i));
  const map = letters.map((letter, i) => `<${letter.charCodeAt(0).toString(16)}> <${codes[i]}>`).join("\n");
  const pdf = rawPdf([
    "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R] >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> /Annots [7 0 R] >>",
    stream(`BT /F 12 Tf 72 650 Td (${letters.join("")}) Tj ET`),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>",
    stream(
      `/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange ${codes.length} beginbfchar\n${map}\nendbfchar endcmap end`,
    ),
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V <${field}> /Rect [72 500 200 520] /F 4 >>`,
  ]);
  const page = (await readPages(await open(pdf, host), [1])).pages[0]!;
  return [...page.words.map(({ text }) => text), ...page.widgets.map(({ value }) => value)];
}

test("of a page", async () => {
  const spoken = ["0053", "202E", "0061", "DB40DC41", "0079", "200B", "0021"];
  expect((await wordsOf(spoken, "FEFF0041202E0042DB40DC4100430000")).join("")).toBe("Say!ABC");
  expect(await wordsOf(["0061", "2028", "0062"], "FEFF0041")).toEqual(["a", "b", "A"]);
  // Devanagari: ka, virama, joiner, ssa.
  expect(await wordsOf(["0915", "094D", "200D", "0937"], "FEFF0041")).toEqual(["क्\u200dष", "A"]);
});
