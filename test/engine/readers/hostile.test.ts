/** Files made to cost: small ones that ask for all the memory there is, or claim pages that aren't there. */
import { deflateSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { convert } from "../../../src/engine/convert.ts";
import type { ByteSource } from "../../../src/engine/host.ts";
import { meterModule } from "../../../src/engine/meter.ts";
import { DEFAULTS } from "../../../src/engine/options.ts";
import { encodeJpeg } from "../../../src/engine/raster/jpeg.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { Pdfium, startPdfium } from "../../../src/engine/readers/pdf/pdfium.ts";
import { MemoryRefused } from "../../../src/engine/readers/pdf/runtime.ts";
import { makePdf } from "../../pdf.ts";
import { host } from "../host.ts";
import { rawPdf, stream } from "./raw-pdf.ts";

/** Enough for any page of these but the hungry ones, and refusals come soon. */
const SMALL = { ...host, wasmBytesMax: 40 * 2 ** 20 };
const MEMORY = "needs more memory than a page may take";
const WORKED_OUT = "takes more work to read than a page may";
const HUNGRY = "BT /F 1 Tf 72 700 Td ".padEnd(1_500_000, "(a) Tj ");
const PLAIN = "BT /F 12 Tf 72 700 Td (Hi) Tj ET";

function flate(content: string): string {
  return stream(deflateSync(Buffer.from(content, "latin1")).toString("latin1"), "/Filter /FlateDecode");
}

/** A page for each content; equal contents share one object. */
function pagesOf(contents: readonly string[], more: readonly string[] = [], entries = "", resource = ""): Uint8Array {
  const streams = [...new Set(contents)];
  const first = 4 + contents.length;
  const resources = `/Resources << /Font << /F 3 0 R >> /XObject << /X ${first + streams.length} 0 R >> ${resource} >>`;
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${contents.map((_, i) => `${4 + i} 0 R`).join(" ")}] /Count ${contents.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...contents.map(
      (content) =>
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] ${resources} ${entries} /Contents ${first + streams.indexOf(content)} 0 R >>`,
    ),
    ...streams.map(flate),
    ...more,
  ]);
}

/** Ten forms in each form, `levels` deep, from object `first` on. */
function nestedForms(first: number, levels: number): string[] {
  return Array.from({ length: levels }, (_, i) =>
    stream(
      i + 1 < levels ? "/X Do ".repeat(10) : "0 0 m 9 9 l S",
      `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X ${first + i + 1} 0 R >> >>`,
    ),
  );
}

const HOSTILE: Record<string, Uint8Array> = {
  "millions of glyphs": pagesOf([HUNGRY]),
  "millions of paths": pagesOf(["0 0 m 1 1 l S ".repeat(300_000)]),
  "a stream that inflates to 60 MB": pagesOf([" ".repeat(60_000_000)]),
  "forms in forms": pagesOf(["/X Do"], nestedForms(6, 8)),
};

const ranged = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.slice(offset, offset + length),
});

async function convertAll(pdf: Uint8Array): Promise<Awaited<ReturnType<typeof convert>>> {
  const reader = await open(pdf, SMALL);
  const pages = Array.from({ length: reader.pageCount }, (_, i) => i + 1);
  const context = { fileId: "f", sourceHash: "", options: DEFAULTS, cropUrl: () => "" };
  return convert(reader, { pages, formats: ["mmd"], context });
}

describe("memory", () => {
  test("begins with little and grows as it is used", () => {
    const pdfium = startPdfium(host);
    const start = pdfium.memoryBytes;
    expect(start).toBeLessThan(3 * 2 ** 20);
    const pointer = pdfium.place(new Uint8Array(start).fill(7));
    expect(pdfium.bytes(pointer + start - 1, 1)).toEqual(Uint8Array.of(7));
    expect(pdfium.memoryBytes).toBeGreaterThan(start);
  });

  test("grows to the host's limit, to the byte, and not beyond", async () => {
    const pdfium = startPdfium(SMALL);
    expect(() => pdfium.api.malloc(SMALL.wasmBytesMax)).toThrow(MemoryRefused);
    const fill = startPdfium(SMALL);
    expect(() => {
      for (;;) fill.api.malloc(1 << 20);
    }).toThrow(MemoryRefused);
    expect(fill.memoryBytes).toBe(SMALL.wasmBytesMax);
    expect(fill.bytes(fill.scratch, 1).length).toBe(1);
  });

  test.each(Object.keys(HOSTILE))("%s: a blank page with the reason, whole and in ranges", async (name) => {
    const pdf = HOSTILE[name]!;
    expect(pdf.length).toBeLessThan(100_000);
    for (const source of [pdf, ranged(pdf)]) {
      const reader = await open(source, SMALL);
      const page = await reader.page(1);
      expect(page.warnings).toEqual([{ code: "page_unreadable", page: 1, detail: MEMORY }]);
      const pixels = await reader.render({ page: 1, box: [0, 0, 61_200, 79_200] }, 50);
      expect(pixels.data.length).toBe(pixels.width * pixels.height * 4);
    }
  });

  test("the pages round it are read", async () => {
    const pdf = pagesOf([PLAIN, HUNGRY, PLAIN]);
    for (const source of [pdf, ranged(pdf)]) {
      const reader = await open(source, SMALL);
      const counts = [];
      for (const number of [1, 2, 3, 2, 1]) counts.push((await reader.page(number)).glyphs.count);
      expect(counts).toEqual([2, 0, 2, 0, 2]);
    }
  });

  test("a page is not refused for what the pages before it took", async () => {
    // In ranges PDFium keeps each page's stream: two fit beside each other, four do not.
    const contents = ["a", "b", "c", "d"].map((letter) => PLAIN.replace("Hi", letter).padEnd(5_000_000, " "));
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [4 0 R 5 0 R 6 0 R 7 0 R] /Count 4 >>",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      ...contents.map(
        (_, i) =>
          `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /Font << /F 3 0 R >> >> /Contents ${8 + i} 0 R >>`,
      ),
      ...contents.map((content) => stream(content)),
    ]);
    const reader = await open(ranged(pdf), { ...host, wasmBytesMax: 34 * 2 ** 20 });
    for (const number of [1, 2, 3, 4]) expect((await reader.page(number)).warnings).toEqual([]);
  });

  test("a picture that is too large is tried again at a lower resolution", async () => {
    const wasmBytesMax = 18 * 2 ** 20; // the page and a sixteenth of its pixels fit, not all of them
    const reader = await open(makePdf([{ width: 2_000, height: 2_000, content: " ".repeat(4_000_000) }]), {
      ...host,
      wasmBytesMax,
    });
    const pixels = await reader.render({ page: 1, box: [0, 0, 200_000, 200_000] }, 72);
    expect(pixels.width).toBe(500);
  });
});

describe("pages that stop PDFium", () => {
  test("after eight, the rest isn't tried", async () => {
    const reader = await open(pagesOf([PLAIN, ...Array.from({ length: 8 }, () => HUNGRY), PLAIN]), SMALL);
    for (let number = 1; number <= 9; number++) await reader.page(number);
    const page = await reader.page(10);
    expect(page.warnings).toMatchObject([{ code: "page_unreadable", page: 10 }]);
    expect(page.warnings[0]!.detail).toContain("not tried");
  });

  test("after eight and nothing else, the file is refused", async () => {
    const reader = await open(pagesOf([...Array.from({ length: 8 }, () => HUNGRY), PLAIN]), SMALL);
    for (let number = 1; number <= 8; number++) await reader.page(number);
    await expect(reader.page(9)).rejects.toMatchObject({ code: "corrupt_pdf_file" });
  });
});

describe("pages that are not there", () => {
  const catalog = "<< /Type /Catalog /Pages 2 0 R >>";
  const deep = Array.from({ length: 5_000 }, (_, i) => `<< /Type /Pages /Kids [${i + 3} 0 R] /Count 1 >>`);
  test.each([
    ["a count and no pages", [catalog, "<< /Type /Pages /Kids [] /Count 5000 >>"]],
    ["a tree that is its own child", [catalog, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 100 >>"]],
    ["a tree too deep to walk", [catalog, ...deep, "<< /Type /Page /MediaBox [0 0 9 9] >>"]],
  ])("%s", async (_, objects) => {
    const pdf = rawPdf(objects);
    for (const source of [pdf, ranged(pdf)]) {
      await expect(open(source, host)).rejects.toMatchObject({ code: "pdf_no_pages" });
    }
  });

  test("one page of many is enough to open", async () => {
    const kids = `${"9 0 R ".repeat(99)} 3 0 R`;
    const pdf = rawPdf([
      catalog,
      `<< /Type /Pages /Kids [${kids}] /Count 100 >>`,
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    ]);
    const reader = await open(pdf, host);
    const missing = [];
    for (let number = 1; number <= reader.pageCount; number++) missing.push(...(await reader.page(number)).warnings);
    expect(missing.length).toBe(99);
  });

  test("a document without one readable page is no conversion", async () => {
    await expect(convertAll(pagesOf([HUNGRY]))).rejects.toMatchObject({ code: "corrupt_pdf_file" });
    const { outputs, warnings } = await convertAll(pagesOf([HUNGRY, PLAIN]));
    expect(outputs.get("mmd")).toContain("Hi");
    expect(warnings.map(({ code, page }) => [code, page])).toEqual([["page_unreadable", 1]]);
  });
});

test("a page of thousands of annotations is drawn without them", async () => {
  const draw = async (count: number) => {
    const square = "<< /Type /Annot /Subtype /Square /Rect [100 100 500 500] /C [1 0 0] /IC [1 0 0] >>";
    const entries = `/Annots [${Array.from({ length: count }, () => square).join(" ")}]`;
    const reader = await open(pagesOf([PLAIN], [], entries), host);
    const { data } = await reader.render({ page: 1, box: [0, 0, 61_200, 79_200] }, 20);
    return data.some((value, i) => i % 4 === 1 && value === 0 && data[i - 1] === 255); // red
  };
  expect(await draw(2_000)).toBe(true);
  expect(await draw(2_001)).toBe(false);
});

describe("work", () => {
  /** A cell every 0.004 points: 30 thousand million of them on a page. */
  const tiling = pagesOf(
    ["/Pattern cs /P scn 0 0 612 792 re f"],
    [
      stream(
        "0 0 0.5 0.5 re f",
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.004 /YStep 0.004 /Resources << >>",
      ),
    ],
    "",
    "/Pattern << /P 6 0 R >>",
  );

  test("every turn of every loop is counted, and what the module does stays", async () => {
    const plain = assembleLoop();
    const metered = meterModule(plain);
    const run = (module: Uint8Array) => new WebAssembly.Instance(compile(module)).exports as unknown as Loop;
    expect(run(plain).down(1_000)).toBe(1_000);
    const { down, work } = run(metered);
    work!.value = 10_000;
    expect(down(1_000)).toBe(1_000);
    expect(work!.value).toBe(9_000);
    work!.value = 999;
    expect(() => down(1_000)).toThrow(WebAssembly.RuntimeError);
    expect(work!.value).toBe(0);
  });

  test("a page that never ends being drawn ends as a blank picture, and the reader goes on", async () => {
    // Turns of this loop are slow ones, 0.1 microseconds each: a fiftieth of what is allowed will do.
    const allow = Pdfium.prototype.allowWork;
    const spy = vi.spyOn(Pdfium.prototype, "allowWork").mockImplementation(function (this: Pdfium, turns) {
      allow.call(this, turns / 50);
    });
    onTestFinished(() => spy.mockRestore());
    const reader = await open(tiling, host);
    expect((await reader.page(1)).warnings).toEqual([]);
    const pixels = await reader.render({ page: 1, box: [0, 0, 61_200, 79_200] }, 10);
    expect([pixels.width, pixels.height]).toEqual([1, 1]);
    expect((await reader.page(1)).paths.length).toBe(1);
  });

  test("a page that never ends being read comes back blank, with the reason", async () => {
    // Each level is its own child a thousand times: to find page 2, all of the tree is walked.
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [5 0 R ${"3 0 R ".repeat(2_000)}] /Count 4000 >>`,
      `<< /Type /Pages /Kids [${"4 0 R ".repeat(2_000)}] /Count 4000 >>`,
      `<< /Type /Pages /Kids [${"6 0 R ".repeat(2_000)}] /Count 4000 >>`,
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
      "<< /Type /Pages /Kids [] /Count 4000 >>",
    ]);
    const reader = await open(pdf, host);
    expect((await reader.page(2)).warnings).toMatchObject([{ code: "page_unreadable", detail: WORKED_OUT }]);
    expect((await reader.page(1)).warnings).toEqual([]);
  });
});

test("a form of more fields than are read: its pages are read without them, the same one by one", async () => {
  const formOf = (count: number) => {
    const fields = Array.from({ length: count }, (_, i) => `${7 + i} 0 R`).join(" ");
    const page = (annotations: string) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 5 0 R >> >> /Contents 6 0 R ${annotations} >>`;
    return rawPdf([
      `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] >> >>`,
      "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
      page(`/Annots [${fields}]`),
      page("/Annots [7 0 R]"),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      stream(PLAIN),
      ...Array.from(
        { length: count },
        (_, i) => `<< /Type /Annot /Subtype /Widget /FT /Tx /T (field${i}) /V (v) /Rect [72 500 200 520] /F 4 >>`,
      ),
    ]);
  };
  const read = async (count: number, numbers: readonly number[]) => {
    const reader = await open(formOf(count), host);
    const pages = [];
    for (const number of numbers) pages.push(await reader.page(number));
    return pages.map(({ glyphs, widgets, warnings }) => [glyphs.count, widgets.length, warnings[0]?.code]);
  };
  expect(await read(100, [1, 2])).toEqual([
    [2, 100, undefined],
    [2, 1, undefined],
  ]);
  expect(await read(12_000, [1, 2])).toEqual([
    [2, 0, "too_many_fields"],
    [2, 0, "too_many_fields"],
  ]);
  expect(await read(12_000, [2])).toEqual([[2, 0, "too_many_fields"]]);
});

test("links beyond what is read of a page are told", async () => {
  const linked = (count: number) =>
    rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Annots [${"4 0 R ".repeat(count)}] >>`,
      "<< /Type /Annot /Subtype /Link /Rect [72 500 200 520] /A << /S /URI /URI (https://example.com/) >> >>",
    ]);
  for (const [count, codes] of [
    [5_000, []],
    [5_001, ["too_many_links"]],
  ] as const) {
    const { links, warnings } = await (await open(linked(count), host)).page(1);
    expect([links.length, warnings.map(({ code }) => code)]).toEqual([5_000, codes]);
  }
});

test("an error deep in a codec ends that picture, not the page", async () => {
  // libjpeg leaves by longjmp when it meets a frame of a kind it doesn't know.
  const jpeg = encodeJpeg({ width: 16, height: 16, data: new Uint8ClampedArray(16 * 16 * 4).fill(90) });
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  for (const kind of [0xc0, 0xc3]) {
    const bytes = Uint8Array.from(jpeg);
    bytes[frame + 1] = kind;
    const image = "/Subtype /Image /Width 16 /Height 16 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode";
    const picture = stream(Buffer.from(bytes).toString("latin1"), image);
    const reader = await open(pagesOf(["q 99 0 0 99 0 0 cm /X Do Q"], [picture]), host);
    const pixels = await reader.render({ page: 1, box: [0, 74_200, 5_000, 79_200] }, 72);
    expect([pixels.width, pixels.height]).toEqual([50, 50]);
    if (kind === 0xc0) expect(pixels.data[0]).toBeLessThan(255);
    expect((await reader.page(1)).warnings).toEqual([]);
  }
});

interface Loop {
  down(turns: number): number;
  work?: WebAssembly.Global;
}

/** (func (export "down") (param i32) (result i32) (local i32): counts its parameter down in a loop, and the turns up) */
function assembleLoop(): Uint8Array {
  const body = [
    ...[0x01, 0x01, 0x7f, 0x03, 0x40], // one local; loop
    ...[0x20, 1, 0x41, 1, 0x6a, 0x21, 1], // turns = turns + 1
    ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // br_if 0 while the parameter lasts
    ...[0x20, 1, 0x0b],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
    ...[3, 2, 1, 0],
    ...[6, 6, 1, 0x7f, 1, 0x41, 0, 0x0b],
    ...[7, 8, 1, 4, ...Buffer.from("down"), 0, 0],
    ...[10, body.length + 2, 1, body.length, ...body],
  ]);
}

/** The types of the runtime are those of Workers, where nothing is compiled at run time. */
function compile(module: Uint8Array): WebAssembly.Module {
  return new (WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module)(module);
}
