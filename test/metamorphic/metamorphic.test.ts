/** What a page says does not depend on how it is drawn: the same Markdown, and the same kinds of lines, after every rewriting. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { convert } from "../../src/engine/convert.ts";
import { DEFAULTS } from "../../src/engine/options.ts";
import { open } from "../../src/engine/readers/index.ts";
import { host } from "../engine/host.ts";
import { REWRITINGS, rewritePdf } from "./rewrite.ts";
import { type Drawing, drawingPage, drawScenes, paperPage, reportPage, type Scene } from "./scenes.ts";

const ODL = join(import.meta.dirname, "../../../shared/bench/data/odl/pdfs");
/** Every so many of its pages: all of them take a minute. */
const ODL_STEP = 6;
/** Of a sample of real pages, at least this share says exactly the same after each rewriting. */
const SAME_SHARE = 0.93;

interface Said {
  md: string;
  lines: string[];
}

async function read(bytes: Uint8Array): Promise<Said> {
  const reader = await open(bytes, host);
  try {
    const { outputs } = await convert(reader, {
      pages: Array.from({ length: reader.pageCount }, (_, i) => i + 1),
      formats: ["md", "lines.json"],
      context: { fileId: "f", sourceHash: "0", options: { ...DEFAULTS, includePageInfo: true }, cropUrl: () => "crop" },
    });
    const { pages } = JSON.parse(outputs.get("lines.json")!) as {
      pages: { lines: { type: string; text: string }[] }[];
    };
    return {
      md: outputs.get("md")!,
      lines: pages.flatMap((page) => page.lines.map((line) => `${line.type} ${line.text}`)),
    };
  } finally {
    reader.close();
  }
}

const DOCUMENTS: readonly [name: string, scenes: Scene[], words: string][] = [
  ["a paper of three pages", [1, 2, 3].map(paperPage), "Introduction"],
  ["a report with ruled tables", [1, 2].map(reportPage), "Zinc and its compounds"],
  ["drawings between text", [1, 2].map(drawingPage), "Whoever writes a page"],
];

const WAYS: readonly [name: string, how: Drawing][] = [
  ["half the size", { scale: 0.5 }],
  ["twice the size", { scale: 2 }],
  ["seven tenths", { scale: 0.7 }],
  ["a CropBox elsewhere", { offset: [37, 23] }],
  ["/Rotate 90", { rotate: 90 }],
  ["/Rotate 180", { rotate: 180 }],
  ["/Rotate 270", { rotate: 270 }],
  ["rules as thin rectangles", { rulesAs: "rectangles" }],
  ["drawn in another order", { shuffle: 7 }],
  ["drawn in yet another order", { shuffle: 20_261_124 }],
  ["wrapped in forms", { inForms: true }],
  ["wrapped in forms and turned", { inForms: true, rotate: 90, offset: [9, 4] }],
  ["all at once", { scale: 2, inForms: true, offset: [11, 5], rotate: 270, rulesAs: "rectangles", shuffle: 3 }],
];

describe.each(DOCUMENTS)("%s", (_, scenes, words) => {
  test.each(WAYS)("%s", async (_, how) => {
    const plain = await read(drawScenes(scenes));
    expect(plain.md).toContain(words);
    const other = await read(drawScenes(scenes, how));
    expect(other.md).toBe(plain.md);
    expect(other.lines).toEqual(plain.lines);
  });

  test.each(REWRITINGS.filter((one) => one !== "margins"))("rewritten by PDFium: %s", async (rewriting) => {
    const bytes = drawScenes(scenes);
    expect((await read(await rewritePdf(bytes, rewriting))).md).toBe((await read(bytes)).md);
  });
});

test("the rewritings do what they say", async () => {
  const size = async (bytes: Uint8Array) => {
    const reader = await open(bytes, host);
    const { size: of, glyphs } = await reader.page(1);
    reader.close();
    return { width: of.width, height: of.height, em: Math.round(glyphs.size[0]!), angle: glyphs.angle[0] };
  };
  const bytes = drawScenes([paperPage(1)]);
  const plain = await size(bytes);
  expect(plain).toMatchObject({ width: 61200, height: 79200, em: 800 });
  expect(await size(await rewritePdf(bytes, "scale-half"))).toMatchObject({ width: 30600, height: 39600, em: 400 });
  expect(await size(await rewritePdf(bytes, "scale-double"))).toMatchObject({ width: 122400, em: 1600 });
  expect(await size(await rewritePdf(bytes, "margins"))).toMatchObject({ width: 68600, height: 83800, em: 800 });
  expect(await size(await rewritePdf(bytes, "rotated"))).toEqual(plain);
  expect(await size(await rewritePdf(bytes, "moved"))).toEqual(plain);
  expect(await size(drawScenes([paperPage(1)], { rotate: 90, offset: [3, 5] }))).toEqual(plain);
});

const sample = existsSync(ODL)
  ? readdirSync(ODL)
      .filter((name) => name.endsWith(".pdf"))
      .sort()
  : [];

describe.skipIf(sample.length === 0)("real pages (skipped where the benches are not at hand)", () => {
  test.each(["scale-half", "scale-double", "moved", "rotated"] as const)(
    "%s",
    async (rewriting) => {
      const changed: string[] = [];
      const names = sample.filter((_, i) => i % ODL_STEP === 0);
      for (const name of names) {
        const bytes = new Uint8Array(readFileSync(join(ODL, name)));
        if ((await read(await rewritePdf(bytes, rewriting))).md !== (await read(bytes)).md) changed.push(name);
      }
      expect(1 - changed.length / names.length, changed.join(" ")).toBeGreaterThanOrEqual(SAME_SHARE);
    },
    120_000,
  );
});
