/** Stored lines are the lines: on pages with everything in them, and on every page of the bench. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { extract } from "../../../src/engine/extract/index.ts";
import { decodeLines, encodeLines } from "../../../src/engine/extract/store.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { host } from "../host.ts";

const BENCH = "../shared/bench/data/odl/pdfs";

const everything: PageLines = {
  size: { number: 12_345, label: "xii – é", width: 61_200, height: 1_440_000, scale: 200 / 72 },
  styles: [
    { family: "", size: 0, bold: true, italic: false, mono: true, color: 0xffffffff, rise: -300 },
    { family: "Größe", size: 1_440_000, bold: false, italic: true, mono: false, color: 0, rise: 450 },
  ],
  words: [
    { text: "", box: [-500, -1, 0, 2 ** 28], baseline: -77, style: 1, gap: 0, source: "undecodable" },
    {
      text: "😀中",
      box: [5, 6, 7, 8],
      baseline: 2 ** 28,
      style: 0,
      gap: 12,
      source: "ocr",
      confidence: 0.123456789,
      mcid: 0,
    },
    {
      text: "x",
      box: [0, 0, 0, 0],
      baseline: 0,
      style: 0,
      gap: 1,
      source: "model",
      hidden: true,
      softHyphen: true,
      mcid: 70_000,
    },
    { text: "y", box: [9, 9, 9, 9], baseline: 0, style: 0, gap: 1, source: "repaired", hidden: false },
    { text: "z", box: [9, 9, 9, 9], baseline: 0, style: 0, gap: 1, source: "native" },
  ],
  lines: [
    { from: 0, to: 3, box: [-500, -1, 7, 2 ** 28], angle: 359 },
    { from: 3, to: 5, box: [9, 9, 9, 9], angle: 0 },
  ],
  rules: [{ box: [1, 2, 3, 4], horizontal: false, thickness: 50, color: 0xff00ff80 }],
  fills: [{ box: [1, 2, 3, 4], color: 1 }],
  drawings: [{ box: [0, 0, 1, 1], paths: 99_999 }],
  images: [{ box: [0, 0, 1, 1], pixelWidth: 4_294_967_295, pixelHeight: 0, mcid: -1 }],
  links: [{ box: [0, 0, 1, 1], uri: "" }, { box: [0, 0, 1, 1], page: 3 }, { box: [0, 0, 1, 1] }],
  widgets: [
    { box: [0, 0, 1, 1], control: "signature", name: "a\u0000b", value: "" },
    { box: [0, 0, 1, 1], control: "checkbox", name: "", value: "\ufeffYes", checked: false },
    { box: [0, 0, 1, 1], control: "radio", name: "", value: "", checked: true },
  ],
  tags: {
    role: "Document",
    mcids: [],
    children: [{ role: "H1", mcids: [3, 1], alt: "", actualText: "t", children: [] }],
  },
  warnings: [
    { code: "undecodable_text", page: 1, box: [0, 0, 1, 1], detail: "2 glyphs" },
    { code: "picture_only", page: 1 },
  ],
};

describe("stored lines", () => {
  test("everything survives", () => {
    expect(decodeLines(encodeLines(everything))).toStrictEqual(everything);
    // Also from the middle of a larger buffer, as object stores hand it out.
    const bytes = encodeLines(everything);
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 5);
    expect(decodeLines(larger.subarray(5, 5 + bytes.length))).toStrictEqual(everything);
  });

  test("bytes of another version or cut off are refused", () => {
    const bytes = encodeLines(everything);
    expect(() => decodeLines(bytes.with(4, 99))).toThrow(/version 99/);
    for (let length = 0; length < 200; length += 9) {
      expect(() => decodeLines(bytes.subarray(0, length))).toThrow(RangeError);
    }
  });

  test.skipIf(!existsSync(BENCH))("every page of the bench survives", async () => {
    const files = readdirSync(BENCH).filter((file) => file.endsWith(".pdf"));
    expect(files.length).toBeGreaterThan(0);
    let words = 0;
    for (const file of files) {
      const reader = await open(readFileSync(`${BENCH}/${file}`), host);
      for (let number = 1; number <= reader.pageCount; number++) {
        const lines = extract(await reader.page(number));
        words += lines.words.length;
        expect(decodeLines(encodeLines(lines)), `${file} page ${number}`).toStrictEqual(lines);
      }
      reader.close();
    }
    expect(words).toBeGreaterThan(20_000);
  });
});
