/** Opening: what is accepted, what is refused and in which words; pages in all rotations; whole and in ranges. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../../src/engine/errors.ts";
import type { ByteSource } from "../../../src/engine/host.ts";
import { GLYPH, type Page } from "../../../src/engine/page.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { makeArticle, makePdf } from "../../pdf.ts";
import { host } from "../host.ts";
import { assembleTrampoline } from "./assemble-trampoline.ts";
import { rawPdf, stream } from "./raw-pdf.ts";

const text = (page: Page) => String.fromCodePoint(...page.glyphs.unicode.subarray(0, page.glyphs.count));

/** Counts what it is asked for. */
function ranged(bytes: Uint8Array): ByteSource & { reads: number; bytes: number } {
  const source = {
    size: bytes.length,
    reads: 0,
    bytes: 0,
    async read(offset: number, length: number) {
      await Promise.resolve();
      source.reads++;
      source.bytes += length;
      return bytes.slice(offset, offset + length);
    },
  };
  return source;
}

async function refusal(source: Uint8Array | ByteSource, options?: { password?: string }): Promise<EngineError> {
  const error: unknown = await open(source, host, options).then(
    () => "opened",
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe("what is refused", () => {
  test.each([
    ["", "an empty file"],
    ["  \n", "nothing but white space"],
    ["<!DOCTYPE html><html></html>", "an HTML page"],
    ["PK\x03\x04....word/document.xml", "a zip archive, perhaps a Word"],
    ["\x89PNG\r\n\x1a\n", "a PNG image"],
    ["\xff\xd8\xff\xe0", "a JPEG image"],
    ['{"error": "not found"}', "a JSON document"],
    ["Dear Sir or Madam,", "plain text"],
    ["\0\x01\x02\x03", "a binary file"],
    [`${" ".repeat(1_100)}%PDF-1.4`, "nothing but white space"],
  ])("%j is not a PDF", async (content, words) => {
    const bytes = Uint8Array.from(content, (c) => c.charCodeAt(0));
    for (const source of [bytes, ranged(bytes)]) {
      const error = await refusal(source);
      expect(error.code).toBe("unsupported_file_type");
      expect(error.message).toContain(words);
    }
  });

  test("an encrypted file, with and without a password", async () => {
    const pdf = makePdf([{}], { encrypted: true });
    expect((await refusal(pdf)).code).toBe("pdf_encrypted");
    const wrong = await refusal(pdf, { password: "guess" });
    expect(wrong.code).toBe("pdf_encrypted");
    expect(wrong.message).toContain("does not open it");
  });

  test("a file that stops after its header", async () => {
    const pdf = makeArticle(3).subarray(0, 200);
    expect((await refusal(pdf)).code).toBe("corrupt_pdf_file");
    expect((await refusal(ranged(pdf))).code).toBe("corrupt_pdf_file");
  });

  test("no pages", async () => {
    expect((await refusal(makePdf([]))).code).toBe("pdf_no_pages");
  });

  test("50,000 pages, at once", async () => {
    const kids = Array.from({ length: 500 }, (_, i) => `${i + 3} 0 R`).join(" ");
    const leaves = Array.from({ length: 100 }, () => "503 0 R").join(" ");
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [${kids}] /Count 50000 >>`,
      ...Array.from({ length: 500 }, () => `<< /Type /Pages /Parent 2 0 R /Kids [${leaves}] /Count 100 >>`),
      "<< /Type /Page /MediaBox [0 0 10 10] >>",
    ]);
    const start = performance.now();
    const error = await refusal(pdf);
    expect(error.code).toBe("pdf_page_limit_exceeded");
    expect(error.message).toContain("50000");
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test("a page that does not exist", async () => {
    const reader = await open(makeArticle(2), host);
    await expect(reader.page(3)).rejects.toMatchObject({ code: "invalid_page_number" });
    await expect(reader.info([0])).rejects.toMatchObject({ code: "invalid_page_number" });
    await expect(reader.page(2)).resolves.toMatchObject({ warnings: [] });
  });
});

describe("coordinates", () => {
  const spec = {
    width: 400,
    height: 600,
    lines: [{ text: "Fg", x: 100, y: 500, size: 20 }],
    content: "1 w 50 50 m 150 50 l S",
  };
  // The place of the origin (100, 500) and of the stroke from (50, 50) to (150, 50), by the page as it is shown.
  test.each([
    [0, [400, 600], [100, 100], [50, 550, 150, 550], 0],
    [90, [600, 400], [500, 100], [50, 50, 50, 150], 270],
    [180, [400, 600], [300, 500], [250, 50, 350, 50], 180],
    [270, [600, 400], [100, 300], [550, 250, 550, 350], 90],
  ] as const)("/Rotate %i", async (rotate, size, origin, stroke, degrees) => {
    const reader = await open(makePdf([{ ...spec, rotate }]), host);
    const page = await reader.page(1);
    expect([page.size.width, page.size.height]).toEqual(size.map((v) => v * 100));
    expect([page.glyphs.x[0]!, page.glyphs.y[0]!].map((v) => Math.round(v / 100))).toEqual([...origin]);
    expect(page.paths.map((p) => p.edges)).toEqual([[stroke.map((v) => v * 100)]]);
    expect(Math.round((page.glyphs.angle[0]! * 180) / Math.PI)).toBe(degrees);
    expect(page.glyphs.size[0]).toBeCloseTo(2_000, 0);
    // F is 0.556 em wide in Times; the advance is along the baseline however the page is turned.
    expect(page.glyphs.advance[0]! / 2_000).toBeCloseTo(0.556, 2);
    const info = await reader.info([1]);
    expect(info.pages[0]).toEqual(page.size);
  });

  test.each([0, 90, 180, 270] as const)("a shifted CropBox moves the origin, turned by %i", async (rotate) => {
    const cropBox = [50, 100, 350, 550] as const;
    const whole = await (await open(makePdf([{ ...spec, rotate }]), host)).page(1);
    const cut = await (await open(makePdf([{ ...spec, rotate, cropBox }]), host)).page(1);
    const upright = rotate % 180 === 0;
    expect([cut.size.width, cut.size.height]).toEqual(upright ? [30_000, 45_000] : [45_000, 30_000]);
    // What the crop takes from the side that is left, and from the side that is the top, as shown.
    const shift = { 0: [50, 50], 90: [100, 50], 180: [50, 100], 270: [50, 50] }[rotate] as [number, number];
    expect(Math.round(whole.glyphs.x[0]! - cut.glyphs.x[0]!)).toBe(shift[0] * 100);
    expect(Math.round(whole.glyphs.y[0]! - cut.glyphs.y[0]!)).toBe(shift[1] * 100);
  });

  test("what lies outside the CropBox is flagged", async () => {
    const page = await (await open(makePdf([{ ...spec, cropBox: [0, 0, 400, 400] }]), host)).page(1);
    expect(page.glyphs.flags[0]! & GLYPH.clipped).toBe(GLYPH.clipped);
  });

  test("a page of 2 km is cut at 200 inches, with a warning, and can be rendered", async () => {
    const side = 5_669_291;
    const reader = await open(
      makePdf([{ width: side, height: side, lines: [{ text: "far", x: 10, y: side - 20 }] }]),
      host,
    );
    const page = await reader.page(1);
    expect([page.size.width, page.size.height]).toEqual([1_440_000, 1_440_000]);
    expect(page.warnings.map((w) => w.code)).toEqual(["page_size_clamped"]);
    expect(text(page)).toBe("far");
    const pixels = await reader.render({ page: 1, box: [0, 0, 1_440_000, 1_440_000] }, 200);
    expect(pixels.width * pixels.height).toBeLessThan(10_000_000);
  });
});

describe("what a page holds", () => {
  test("text with fonts, sizes and modes; nothing that PDFium adds", async () => {
    const pdf = makePdf([
      {
        lines: [
          { text: "One", x: 72, y: 700, size: 12, font: "Helvetica-Bold" },
          { text: "Two", x: 300, y: 700, size: 9 },
          { text: "Hidden", x: 72, y: 600, mode: 3 },
        ],
      },
    ]);
    const page = await (await open(pdf, host)).page(1);
    expect(text(page)).toBe("OneTwoHidden");
    expect(page.fonts.map((f) => f.name)).toEqual(["Helvetica-Bold", "Times-Roman"]);
    expect(page.glyphs.size[0]).toBeCloseTo(1_200, 1);
    expect(page.glyphs.size[3]).toBeCloseTo(900, 1);
    expect(page.glyphs.flags[6]! & GLYPH.invisible).toBe(GLYPH.invisible);
    expect(page.glyphs.flags[0]).toBe(0);
    expect([...page.glyphs.object.subarray(0, 6)]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test("form XObjects are entered, their matrices multiplied, cycles end", async () => {
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << /XObject << /A 5 0 R >> >> /Contents 4 0 R >>",
      stream("2 0 0 2 10 10 cm /A Do"),
      stream(
        "1 0 0 1 5 5 cm 0 0 10 10 re f /A Do /B Do",
        "/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /A 5 0 R /B 6 0 R >> >>",
      ),
      stream(
        "\xff\0\xff",
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8",
      ),
    ]);
    const page = await (await open(pdf, host)).page(1);
    // (0,0)..(10,10) → +5 → times 2 +10 = 20..40 from the bottom of 200.
    expect(page.paths[0]).toMatchObject({ box: [2_000, 16_000, 4_000, 18_000], fill: true, stroke: false });
    // The outermost form draws its picture last.
    expect(page.images.at(-1)).toMatchObject({ box: [2_000, 17_800, 2_200, 18_000], pixelWidth: 1, pixelHeight: 1 });
  });

  test("a grid drawn as one path is a path per line; a clip cuts", async () => {
    const content = "0.5 w 10 10 m 110 10 l 10 60 m 110 60 l S q 0 0 50 50 re W n 0 0 1 rg 20 20 500 500 re f Q";
    const page = await (await open(makePdf([{ width: 200, height: 200, content }]), host)).page(1);
    expect(page.paths.map((p) => p.box)).toEqual([
      [1_000, 19_000, 11_000, 19_000],
      [1_000, 14_000, 11_000, 14_000],
      [2_000, 15_000, 5_000, 18_000],
    ]);
    expect(page.paths[0]).toMatchObject({ strokeWidth: 50, strokeColor: 0x000000ff });
    expect(page.paths[2]!.fillColor).toBe(0x0000ffff);
  });

  test("links to addresses and pages", async () => {
    const annotations = [
      "/Subtype /Link /Rect [10 20 110 40] /A << /S /URI /URI (https://example.org/a) >>",
      "/Subtype /Link /Rect [10 50 110 70] /Dest [0 /XYZ 0 0 0]",
    ];
    const page = await (await open(makePdf([{ width: 200, height: 200, annotations }]), host)).page(1);
    expect(page.links).toEqual([
      { box: [1_000, 16_000, 11_000, 18_000], uri: "https://example.org/a" },
      { box: [1_000, 13_000, 11_000, 15_000], page: 1 },
    ]);
  });

  test("form fields with their values", async () => {
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 5 0 R] >> >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [4 0 R 5 0 R] >>",
      "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [10 20 110 40] >>",
      "<< /Type /Annot /Subtype /Widget /FT /Btn /T (agree) /V /Yes /AS /Yes /Rect [10 50 20 60] /AP << /N << /Yes 6 0 R /Off 6 0 R >> >> >>",
      stream("", "/Type /XObject /Subtype /Form /BBox [0 0 10 10]"),
    ]);
    const page = await (await open(pdf, host)).page(1);
    expect(page.widgets).toMatchObject([
      { box: [1_000, 16_000, 11_000, 18_000], control: "text", name: "name", value: "Ada" },
      { box: [1_000, 14_000, 2_000, 15_000], control: "checkbox", name: "agree", checked: true },
    ]);
  });

  test("tags with marked content", async () => {
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 6 0 R /Lang (de-AT) >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /StructParents 0 /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
      stream("/H1 << /MCID 0 >> BDC BT /F 12 Tf 20 100 Td (Title) Tj ET EMC"),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      "<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Nums [0 [8 0 R]] >> >>",
      "<< /Type /StructElem /S /Sect /P 6 0 R /K [8 0 R] >>",
      "<< /Type /StructElem /S /H1 /P 7 0 R /Pg 3 0 R /K 0 /Alt (an alt text) /ActualText (Title!) >>",
    ]);
    const reader = await open(pdf, host);
    const page = await reader.page(1);
    expect(page.glyphs.mcid[0]).toBe(0);
    expect(page.tags).toEqual({
      role: "Document",
      mcids: [],
      children: [
        {
          role: "Sect",
          mcids: [],
          children: [{ role: "H1", mcids: [0], alt: "an alt text", actualText: "Title!", children: [] }],
        },
      ],
    });
    expect(await reader.info([1])).toMatchObject({ tagged: true, language: "de-AT" });
  });

  test("outline, labels, metadata", async () => {
    const pdf = makePdf([{}, { rotate: 90 }], {
      title: "A title",
      catalog:
        "/PageLabels << /Nums [0 << /S /r /St 7 >>] >> /Outlines << /First 50 0 R >> /Names << /Dests << /Names [(n) [1 /XYZ 72 700 0]] >> >>",
    });
    const info = await (await open(pdf, host)).info([1, 2]);
    expect(info.pages.map((p) => p.label)).toEqual(["vii", "viii"]);
    expect(info.metadata).toEqual({ Title: "A title" });
    expect(info.outline).toEqual([]); // object 50 does not exist: no crash
  });

  test("bookmarks with their levels and heights", async () => {
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
      "<< /Type /Outlines /First 5 0 R /Last 7 0 R /Count 2 >>",
      "<< /Title (One) /Parent 4 0 R /Dest [3 0 R /XYZ 10 250 0] /First 6 0 R /Last 6 0 R /Next 7 0 R >>",
      "<< /Title (One and a half) /Parent 5 0 R /A << /S /GoTo /D [3 0 R /FitH 100] >> >>",
      "<< /Title <FEFF005A0077006500690020D83DDE00> /Parent 4 0 R /Dest [3 0 R /Fit] /Next 5 0 R >>",
    ]);
    const info = await (await open(pdf, host)).info([1]);
    expect(info.outline).toMatchObject([
      { title: "One", level: 1, page: 1, y: 5_000 },
      { title: "One and a half", level: 2, page: 1 },
      { title: "Zwei 😀", level: 1, page: 1, y: 0 },
    ]);
  });
});

describe("in ranges", () => {
  test("the trampoline is what its text says", () => {
    const committed = readFileSync("src/engine/readers/pdf/trampoline.wasm");
    expect(Buffer.from(assembleTrampoline()).equals(committed)).toBe(true);
    const calls: unknown[] = [];
    const instance = new WebAssembly.Instance(host.trampoline, {
      file: {
        wait: (...args: number[]) => {
          calls.push(["wait", ...args]);
          return 7;
        },
        now: (...args: number[]) => {
          calls.push(["now", ...args]);
          return 8;
        },
      },
    });
    const block = instance.exports.block as (...args: number[]) => number;
    expect(block(1, 2, 3, 4)).toBe(8);
    (instance.exports.maySuspend as WebAssembly.Global).value = 1;
    expect(block(5, 6, 7, 8)).toBe(7);
    expect(calls).toEqual([
      ["now", 1, 2, 3, 4],
      ["wait", 5, 6, 7, 8],
    ]);
  });

  test("the same page as from memory, callers in parallel", async () => {
    const bytes = makeArticle(30);
    const [whole, pieces] = [await open(bytes, host), await open(ranged(bytes), host)];
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    const expected = await Promise.all(numbers.map((n) => whole.page(n)));
    expect(await Promise.all(numbers.map((n) => pieces.page(n)))).toEqual(expected);
    expect(await pieces.info(numbers)).toEqual(await whole.info(numbers));
    expect(await pieces.render({ page: 2, box: [0, 0, 61_200, 79_200] }, 50)).toEqual(
      await whole.render({ page: 2, box: [0, 0, 61_200, 79_200] }, 50),
    );
  });

  test("a large file costs what its page needs", async () => {
    const picture = "x".repeat(1_000_000);
    const pictures = Array.from({ length: 8 }, () =>
      stream(
        picture,
        "/Type /XObject /Subtype /Image /Width 1000 /Height 1000 /ColorSpace /DeviceGray /BitsPerComponent 8",
      ),
    );
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [${pictures.map((_, i) => `${3 + 2 * i} 0 R`).join(" ")}] /Count 8 >>`,
      ...pictures.flatMap((body, i) => [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Resources << /XObject << /I ${4 + 2 * i} 0 R >> >> >>`,
        body,
      ]),
    ]);
    const source = ranged(pdf);
    const reader = await open(source, host);
    await reader.page(5);
    expect(source.bytes).toBeLessThan(pdf.length / 8);
  });

  test("a source that fails gives its own error, and the next try works", async () => {
    const bytes = makeArticle(2);
    let broken = false;
    const source: ByteSource = {
      size: 300_000,
      async read(offset, length) {
        if (broken) throw new Error("the bucket is away");
        const out = new Uint8Array(Math.min(length, 300_000 - offset));
        out.set(bytes.subarray(offset, Math.min(bytes.length, offset + length)));
        return out;
      },
    };
    broken = true;
    await expect(
      open(
        { ...source, read: (o, l) => (o === 0 && l <= 1_024 ? Promise.resolve(bytes.slice(0, l)) : source.read(o, l)) },
        host,
      ),
    ).rejects.toThrow("the bucket is away");
    broken = false;
    expect((await open({ size: bytes.length, read: source.read }, host)).pageCount).toBe(2);
  });
});
