/** Glyphs to words: what stands on the page is what is read, in the order a person reads it. */
import { describe, expect, test } from "vitest";
import { extract } from "../../../src/engine/extract/index.ts";
import type { PageLines, Word } from "../../../src/engine/page-lines.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { makePdf, type PageSpec } from "../../pdf.ts";
import { host } from "../host.ts";
import { pdfWithMeanings, rawPdf, stream } from "../readers/raw-pdf.ts";

async function linesOf(source: PageSpec | Uint8Array): Promise<PageLines> {
  const reader = await open(source instanceof Uint8Array ? source : makePdf([source]), host);
  return extract(await reader.page(1));
}

/** Segments as text, a space where a word has white before it. */
function textOf(page: PageLines): string[] {
  return page.lines.map(({ from, to }) =>
    page.words
      .slice(from, to)
      .map((word) => (word.gap > 0 ? ` ${word.text}` : word.text))
      .join(""),
  );
}

const show = (operators: string) => ({ content: operators });

describe("words", () => {
  test("the A of LaTeX is a letter, an A above the line is an exponent", async () => {
    const logo = "BT /F2 10 Tf 72 700 Td (L) Tj /F2 7 Tf 2.5 2 Td (A) Tj /F2 10 Tf 3.5 -2 Td (T) Tj ET";
    const power = "BT /F2 10 Tf 72 650 Td (x) Tj /F2 7 Tf 5 4 Td (A) Tj ET";
    const page = await linesOf(show(`${logo} ${power}`));
    expect(textOf(page)).toEqual(["LAT", "xA"]);
    expect(page.words.map(({ style }) => page.styles[style]!.rise)).toEqual([0, 0, 0, 0, 400]);
  });

  test("spaces that the file writes", async () => {
    const page = await linesOf({ lines: [{ text: "The quick  brown fox.", x: 72, y: 700 }] });
    expect(textOf(page)).toEqual(["The quick brown fox."]);
    expect(page.words.map((w) => w.text)).toEqual(["The", "quick", "brown", "fox."]);
    expect(page.words[0]).toMatchObject({ gap: 0, baseline: 9_200, source: "native" });
    expect(page.words[1]!.gap).toBeGreaterThan(200);
  });

  test("spaces that only the gaps show, as TeX writes them; kerns are none", async () => {
    const page = await linesOf(
      show("BT /F2 10 Tf 72 700 Td [(W) 80 (ords) -333 (k) 20 (erned) -250 (b) -30 (y) -280 (T) 83 (eX)] TJ ET"),
    );
    expect(textOf(page)).toEqual(["Words kerned by TeX"]);
  });

  test("tight lines: spaces of 0.2 em between letters that touch", async () => {
    const page = await linesOf(show("BT /F2 10 Tf 72 700 Td [(set) -200 (very) -200 (tight) -200 (indeed)] TJ ET"));
    expect(textOf(page)).toEqual(["set very tight indeed"]);
  });

  test("words before leaders are parted by their own gaps, and the dots are one word", async () => {
    const dots = Array.from({ length: 22 }, () => "(.) -500").join(" ");
    const line = `[(A) -333 (figure) -333 (of) -333 (a) -333 (black) -333 (box) -420 ${dots} -900 (1)] TJ`;
    const page = await linesOf(show(`BT /F2 10 Tf 72 700 Td ${line} ET`));
    expect(textOf(page)).toEqual([`A figure of a black box${".".repeat(22)}`, "1"]);
  });

  test("words beside an address that fills the line", async () => {
    const address = "https://www.example.org/a/very/long/path/that/goes/on/and/on";
    const line = `[(See) -222 (the) -222 (page) -222 (at) -227 (${address})] TJ`;
    const page = await linesOf(show(`BT /F2 10 Tf 72 700 Td ${line} ET`));
    expect(textOf(page)).toEqual([`See the page at ${address}`]);
  });

  test("a formula among words is not letter-spaced type", async () => {
    const page = await linesOf(show("BT /F2 10 Tf 72 700 Td [(if) -330 (W) -313 (>) -279 (0,)] TJ ET"));
    expect(textOf(page)).toEqual(["if W > 0,"]);
  });

  const at = (x: number, y: number, size: number, text: string) => `BT /F2 ${size} Tf ${x} ${y} Td (${text}) Tj ET`;
  const capital = at(72, 676, 35, "O");
  const beside = [at(100, 688, 10, "nce upon a time"), at(100, 676, 10, "there was a town")];

  test("a drop capital begins the first line beside it, in that line's height and style", async () => {
    const page = await linesOf(show([capital, ...beside, at(72, 664, 10, "by the sea.")].join("\n")));
    expect(textOf(page)).toEqual(["Once upon a time", "there was a town", "by the sea."]);
    expect(page.words[0]).toMatchObject({ text: "Once", style: page.words[1]!.style });
    expect(page.lines[0]!.box[3]).toBeLessThan(page.lines[1]!.box[3]);
  });

  test("a drop capital that is a word", async () => {
    const first = at(104, 688, 10, "dog came down");
    const page = await linesOf(show([at(72, 676, 35, "A"), first, at(100, 676, 10, "to the sea one day")].join("\n")));
    expect(textOf(page)).toEqual(["A dog came down", "to the sea one day"]);
  });

  test("a large letter beside lines that do not go on with it is a label", async () => {
    const lines = [at(100, 688, 10, "John Smith"), at(100, 676, 10, "Engineer")];
    expect(textOf(await linesOf(show([at(72, 676, 35, "J"), ...lines].join("\n"))))).toContain("J");
    const question = [at(100, 688, 10, "WHAT IS IT?"), at(100, 676, 10, "It is a thing.")];
    expect(textOf(await linesOf(show([at(72, 676, 35, "Q"), ...question].join("\n"))))).toContain("Q");
  });

  test("a long tight line whose only wide gaps stand round a formula and a sentence's end", async () => {
    const line =
      "[(the) -206 (global) -206 (front) -206 (opens) -206 (each) -206 (a) -158 (+) -100 (b) -103 (c) -300 (court.) -320 (The) -206 (sparse) -206 (harbour) -206 (is) -206 (near)] TJ";
    const page = await linesOf(show(`BT /F2 10 Tf 72 700 Td ${line} ET`));
    expect(textOf(page)).toEqual(["the global front opens each a +bc court. The sparse harbour is near"]);
  });

  test("letter-spaced type is words, not letters", async () => {
    const page = await linesOf(
      show("BT /F0 12 Tf 4 Tc 72 700 Td (HEADING) Tj ET BT /F0 12 Tf 4 Tc 72 650 Td [(TWO) -900 (WORDS)] TJ ET"),
    );
    expect(textOf(page)).toEqual(["HEADING", "TWO WORDS"]);
  });

  test("a rule that stands over and under the line parts letters that nearly touch; a bar of the line's height does not", async () => {
    // "here" is 19.4 pt wide in 10 pt Helvetica.
    const text = (y: number) => `BT /F0 10 Tf 72 ${y} Td (here) Tj 21 0 Td (1,234) Tj ET`;
    const rules = "0.5 w 92.4 690 m 92.4 715 l S 92.2 640 0.4 20 re f";
    const bar = "92.4 600 m 92.4 607 l S";
    const page = await linesOf(show(`${text(700)} ${text(646)} ${text(600)} ${rules} ${bar}`));
    expect(textOf(page)).toEqual(["here 1,234", "here 1,234", "here1,234"]);
  });

  test("a glyph an operator, out of order on its line", async () => {
    const letters = Array.from("sorted", (letter, i) => `BT /F3 10 Tf ${72 + 6 * i} 700 Td (${letter}) Tj ET`);
    const page = await linesOf(show([5, 0, 3, 1, 4, 2].map((i) => letters[i]).join("\n")));
    expect(textOf(page)).toEqual(["sorted"]);
  });

  test("no space before closing signs that stand a little off", async () => {
    const page = await linesOf(
      show("BT /F2 10 Tf 72 700 Td [(Well) -300 (,) -333 (1) -300 (.7) -333 (\\(so) -300 (\\))] TJ ET"),
    );
    expect(textOf(page)).toEqual(["Well, 1.7 (so)"]);
  });

  test("columns part into segments, justified prose does not", async () => {
    const page = await linesOf({
      lines: [
        { text: "The left column ends", x: 72, y: 700 },
        { text: "and the right one starts", x: 300, y: 700 },
      ],
      content: "BT /F2 10 Tf 5 Tw 72 600 Td (Words set wide apart by justification) Tj ET",
    });
    expect(textOf(page)).toEqual([
      "The left column ends",
      "and the right one starts",
      "Words set wide apart by justification",
    ]);
    expect(page.lines[1]!.box[0]).toBeGreaterThanOrEqual(30_000);
    expect(page.words[page.lines[1]!.from]!.gap).toBe(0);
  });

  test("every glyph of the page is in exactly one word of exactly one segment", async () => {
    const page = await linesOf({
      lines: [
        { text: "abc def", x: 72, y: 700 },
        { text: "ghi", x: 72, y: 500, size: 30 },
      ],
    });
    const covered = page.lines.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
    expect(covered).toEqual(page.words.map((_, i) => i));
    expect(page.words.map((w) => w.text).join("")).toBe("abcdefghi");
  });
});

describe("styles", () => {
  test("bold, italic, monospaced, colour and size; each distinct style once", async () => {
    const page = await linesOf(
      show(
        "BT 1 0 0 rg /F1 14 Tf 72 700 Td (Bold) Tj 0 g /F3 10 Tf 0 -30 Td (mono) Tj /F2 10 Tf 1 0 0.2 1 72 600 Tm (lean) Tj 1 0 0 1 72 500 Tm (plain text) Tj ET",
      ),
    );
    const style = (text: string) => page.styles[page.words.find((w) => w.text === text)!.style];
    expect(style("Bold")).toMatchObject({ family: "Helvetica", bold: true, size: 1_400, color: 0xff0000ff });
    expect(style("mono")).toMatchObject({ family: "Courier", mono: true, bold: false });
    expect(style("lean")).toMatchObject({ family: "Times", italic: true });
    expect(style("plain")).toEqual(style("text"));
    expect(style("plain")).toMatchObject({ italic: false, rise: 0 });
    expect(page.styles).toHaveLength(4);
  });

  test("a change of style inside a word glues two words", async () => {
    const page = await linesOf(show("BT /F1 10 Tf 72 700 Td (bo) Tj /F2 10 Tf (th here) Tj ET"));
    expect(page.words.map((w) => [w.text, w.gap > 0])).toEqual([
      ["bo", false],
      ["th", false],
      ["here", true],
    ]);
  });

  test("superscripts and subscripts stand on their line, raised and lowered", async () => {
    const page = await linesOf(
      show(
        "BT /F2 12 Tf 72 700 Td (E = mc) Tj /F2 8 Tf 4.5 Ts (2) Tj 0 Ts /F2 12 Tf ( and H) Tj /F2 8 Tf -3 Ts (2) Tj 0 Ts /F2 12 Tf (O follow.) Tj ET",
      ),
    );
    expect(textOf(page)).toEqual(["E = mc2 and H2O follow."]);
    const rises = page.words.map((w) => page.styles[w.style]!.rise).filter((rise) => rise !== 0);
    expect(rises).toEqual([450, -300]);
    expect(new Set(page.words.filter((w) => page.styles[w.style]!.rise === 0).map((w) => w.baseline))).toEqual(
      new Set([9_200]),
    );
  });

  test("text drawn twice is read once, and bold", async () => {
    const page = await linesOf(
      show(
        "BT /F2 12 Tf 72 700 Td (Twice off) Tj 0.5 0 Td (Twi) Tj (ce off) Tj ET BT /F2 12 Tf 72 600 Td (once) Tj ET",
      ),
    );
    expect(textOf(page)).toEqual(["Twice off", "once"]);
    expect(page.words.map((w) => page.styles[w.style]!.bold)).toEqual([true, true, false]);
  });

  test("doubled letters of a word stay", async () => {
    const page = await linesOf({ lines: [{ text: "Hello llama, three eels", x: 72, y: 700 }] });
    expect(textOf(page)).toEqual(["Hello llama, three eels"]);
  });
});

describe("directions", () => {
  test("turned text is its own segments with an angle, and reads along it", async () => {
    const page = await linesOf(
      show(
        "BT /F2 12 Tf 72 700 Td (Upright) Tj ET BT /F2 12 Tf 0 1 -1 0 300 300 Tm (turned left) Tj ET BT /F2 12 Tf 0.7071 0.7071 -0.7071 0.7071 400 400 Tm (SLANTED MARK) Tj ET",
      ),
    );
    expect(textOf(page)).toEqual(["Upright", "SLANTED MARK", "turned left"]);
    expect(page.lines.map((l) => l.angle)).toEqual([0, 45, 90]);
  });

  const hebrew = { a: "\u05d0", b: "\u05d1", c: "\u05d2", d: "\u05d3" };

  test("right-to-left text drawn from left to right is read from the right, numbers kept", async () => {
    const page = await linesOf(pdfWithMeanings("BT /F 12 Tf 72 700 Td (12 \\(ad\\) cba) Tj ET", hebrew));
    expect(textOf(page)).toEqual(["\u05d0\u05d1\u05d2 (\u05d3\u05d0) 12"]);
  });

  test("right-to-left text drawn in its own order", async () => {
    const glyphs = Array.from("abc dab", (letter, i) => `BT /F 12 Tf ${300 - i * 8} 700 Td (${letter}) Tj ET`);
    const page = await linesOf(pdfWithMeanings(glyphs.join("\n"), hebrew));
    expect(textOf(page)).toEqual(["\u05d0\u05d1\u05d2 \u05d3\u05d0\u05d1"]);
  });

  test("a right-to-left word in an English sentence", async () => {
    const page = await linesOf(
      pdfWithMeanings("BT /F 12 Tf 72 700 Td (The term cba is old) Tj ET", { ...hebrew, d: "d", a: "\u05d0" }),
    );
    expect(textOf(page)).toEqual(["The term \u05d0\u05d1\u05d2 is old"]);
  });

  /** Browsers draw each bracket by itself, in the shape that the eye sees. */
  const drawn = (x: number, text: string) => `BT /F 12 Tf ${x} 700 Td (${text}) Tj ET`;

  test("brackets of right-to-left text open where it begins, whichever shape the file names", async () => {
    const seen = [drawn(72, "\\("), drawn(76, "cba"), drawn(95.4, "\\)"), drawn(104, "bad")].join("\n");
    expect(textOf(await linesOf(pdfWithMeanings(seen, hebrew)))).toEqual(["\u05d3\u05d0\u05d1 (\u05d0\u05d1\u05d2)"]);
    const meant = [drawn(72, "\\)"), drawn(76, "cba"), drawn(95.4, "\\("), drawn(104, "bad")].join("\n");
    expect(textOf(await linesOf(pdfWithMeanings(meant, hebrew)))).toEqual(["\u05d3\u05d0\u05d1 (\u05d0\u05d1\u05d2)"]);
  });

  test("brackets of left-to-right words have no say in those of right-to-left ones", async () => {
    const page = [drawn(72, "\\("), drawn(76, "cba"), drawn(95.4, "\\)"), drawn(104, "bad")];
    const english = "BT /F 12 Tf 72 600 Td (See \\(it\\) or \\(so\\), the term cba there) Tj ET";
    expect(textOf(await linesOf(pdfWithMeanings([...page, english].join("\n"), hebrew)))).toEqual([
      "\u05d3\u05d0\u05d1 (\u05d0\u05d1\u05d2)",
      "See (it) or (so), the term \u05d0\u05d1\u05d2 there",
    ]);
  });

  test("a number's stop stands to its left on the page and after it in the text", async () => {
    const page = await linesOf(pdfWithMeanings("BT /F 12 Tf 72 700 Td (,25 bad ,24 cba .1) Tj ET", hebrew));
    expect(textOf(page)).toEqual(["1. \u05d0\u05d1\u05d2 24, \u05d3\u05d0\u05d1 25,"]);
  });

  test("one glyph for lam and alef is read in that order, and its ink parts no words", async () => {
    const meanings = { a: "\u0644\u0627", b: "\u0633", c: "\u0645" };
    const page = await linesOf(pdfWithMeanings("BT /F 12 Tf 72 700 Td (cab) Tj ET", meanings));
    expect(textOf(page)).toEqual(["\u0633\u0644\u0627\u0645"]);
  });

  const han = Object.fromEntries(Array.from("abcdefgh", (letter, i) => [letter, "中文字体排版测试"[i]!]));

  test("no spaces between Han, however they are tracked", async () => {
    const page = await linesOf(pdfWithMeanings("BT /F 12 Tf 3 Tc 72 700 Td (abcdefgh) Tj ET", han));
    expect(textOf(page)).toEqual(["中文字体排版测试"]);
  });

  test("Han set in a column reads downwards", async () => {
    const column = Array.from("abcdefgh", (letter, i) => `BT /F 12 Tf 300 ${700 - 12 * i} Td (${letter}) Tj ET`).join(
      "\n",
    );
    const page = await linesOf(pdfWithMeanings(column, han));
    expect(textOf(page)).toEqual(["中文字体排版测试"]);
    expect(page.lines[0]!.angle).toBe(270);
  });
});

describe("what text is worth", () => {
  const one = (page: PageLines): Word => page.words[0]!;

  test("ligatures become letters", async () => {
    const page = await linesOf(pdfWithMeanings("BT /F 12 Tf 72 700 Td (oxce of waxe) Tj ET", { x: "\ufb03" }));
    expect(textOf(page)).toEqual(["office of waffie"]);
  });

  test("one glyph that stands for several letters, the same ones too, gives each once", async () => {
    const reader = await open(pdfWithMeanings("BT /F 12 Tf 72 700 Td (ZW of x) Tj ET", { W: "OONO" }), host);
    const page = await reader.page(1);
    expect(textOf(extract(page))).toEqual(["ZOONO of x"]);
    // In some files PDFium gives each letter a slice of the glyph's ink instead of all of it.
    const { x0, x1 } = page.glyphs;
    const [left, slice] = [x0[1]!, (x1[1]! - x0[1]!) / 4];
    for (let i = 0; i < 4; i++) [x0[1 + i], x1[1 + i]] = [left + i * slice, left + (i + 1) * slice];
    expect(textOf(extract(page))).toEqual(["ZOONO of x"]);
  });

  test("hyphens at the line's end stay; a soft one is marked, and shows nothing elsewhere", async () => {
    const page = await linesOf({
      lines: [
        { text: "a hard hyphen-", x: 72, y: 700 },
        { text: "ated word", x: 72, y: 688 },
      ],
    });
    expect(textOf(page)).toEqual(["a hard hyphen-", "ated word"]);
    expect(page.words.some((w) => w.softHyphen)).toBe(false);
    const soft = await linesOf(pdfWithMeanings("BT /F 12 Tf 72 700 Td (so~ft end~) Tj ET", { "~": "\u00ad" }));
    expect(textOf(soft)).toEqual(["soft end-"]);
  });

  test("glyphs without Unicode are marked, counted and placed; the rest of the word is kept", async () => {
    const page = await linesOf(pdfWithMeanings("BT /F 12 Tf 72 700 Td (goxd) Tj ET", { x: "\ue123" }));
    expect(page.words.map((w) => [w.text, w.source, w.gap])).toEqual([
      ["go", "native", 0],
      ["\ufffd", "undecodable", 0],
      ["d", "native", 0],
    ]);
    expect(page.warnings).toMatchObject([{ code: "undecodable_text", page: 1, detail: "1 glyphs" }]);
    expect(page.warnings[0]!.box).toEqual(page.words[1]!.box);
  });

  test("known symbol fonts are repaired", async () => {
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
      stream("BT /F 12 Tf 72 700 Td (x) Tj ET"),
      "<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Wingdings-Regular /ToUnicode 6 0 R >>",
      stream("begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <78> <f0a7> endbfchar endcmap"),
    ]);
    expect(one(await linesOf(pdf))).toMatchObject({ text: "▪", source: "repaired" });
  });

  test("invisible text is hidden, but not the text layer of a scan", async () => {
    const lines = [{ text: "unseen", x: 72, y: 700, mode: 3 }];
    expect(one(await linesOf({ lines })).hidden).toBe(true);
    const inline = "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q";
    const scan = await linesOf({ lines, content: inline });
    expect(scan.images).toHaveLength(1);
    expect(one(scan)).not.toHaveProperty("hidden");
  });

  test("a page of pictures only says so", async () => {
    const page = await linesOf(show("q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"));
    expect(page.warnings).toEqual([{ code: "picture_only", page: 1 }]);
  });
});

describe("strokes", () => {
  test("rules from strokes and thin rectangles, fills, drawings", async () => {
    const page = await linesOf(
      show(
        "0.5 w 100 700 m 300 700 l S 100 600 200 0.8 re f 0.9 g 100 400 200 100 re f 0 g 1 w 400 400 100 50 re S 300 200 m 350 250 400 150 450 200 c S 310 205 m 320 230 l S",
      ),
    );
    expect(page.rules.filter((r) => r.horizontal).map((r) => [r.box[0], r.box[2], r.thickness])).toEqual([
      [10_000, 30_000, 50],
      [10_000, 30_000, 80],
      [40_000, 50_000, 100],
      [40_000, 50_000, 100],
    ]);
    expect(page.rules.filter((r) => !r.horizontal)).toHaveLength(2);
    expect(page.fills).toEqual([{ box: [10_000, 29_200, 30_000, 39_200], color: 0xe6e6e6ff }]);
    expect(page.drawings).toMatchObject([{ paths: 2 }]);
  });

  test("pieces of one rule are one", async () => {
    const page = await linesOf(
      show("1 w 100 700 m 200 700 l S 200 700 m 300 700 l S 100 650 m 190 650 l S 230 650 m 300 650 l S"),
    );
    expect(page.rules.map((r) => [r.box[0], r.box[2]])).toEqual([
      [10_000, 30_000],
      [10_000, 19_000],
      [23_000, 30_000],
    ]);
  });
});
