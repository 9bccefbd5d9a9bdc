import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  areThere,
  FigureNames,
  figureFolder,
  linkTo,
  removeHalfWritten,
  writeFigures,
} from "../../src/cli/convert/figures.ts";
import { temporaryOf } from "../../src/cli/outputs.ts";
import { open } from "../../src/engine/index.ts";
import { host } from "../engine/host.ts";
import { makeArticle } from "../pdf.ts";

const folder = mkdtempSync(join(tmpdir(), "sheaf-figures-"));
const crop = (page: number, left: number) => ({
  page,
  box: [left * 50, 0, left * 50 + 5_000, 5_000] as const,
  left,
  top: 0,
  width: 100,
  height: 100,
});

test("figures are named by page and number; the same place is the same picture, whatever format asks", () => {
  const link = linkTo("files", "in/a b.pdf", join(folder, "a b"), new FigureNames());
  const asked = [crop(1, 0), crop(1, 200), crop(3, 0), crop(1, 0)].map(link);
  expect(asked).toEqual(["a%20b/1-1.jpg", "a%20b/1-2.jpg", "a%20b/3-1.jpg", "a%20b/1-1.jpg"]);
});

test("a document named like another one's output doesn't take its place", () => {
  expect(figureFolder("out/paper")).toBe("out/paper");
  expect(figureFolder("out/paper.md")).toBe("out/paper.md-figures");
});

test("pages that can't be drawn cost their pictures, told once a figure, and are not tried again", async () => {
  const sound = await open(makeArticle(14), host);
  const tried: number[] = [];
  const reader: typeof sound = {
    pageCount: sound.pageCount,
    info: (pages) => sound.info(pages),
    page: (number) => sound.page(number),
    look: (number, texts) => sound.look(number, texts),
    close: () => sound.close(),
    async render(place, dpi) {
      tried.push(place.page);
      if (place.page === 2) throw new Error("out of luck");
      if (place.page < 2 || place.page > 11) return sound.render(place, dpi);
      return { width: 1, height: 1, data: new Uint8ClampedArray(4).fill(255), blank: true };
    },
  };
  const names = new FigureNames();
  const regions = [1, 2, 2, 3, 3, 1, 4, 5, 6, 7, 8, 9, 10, 12].map((page, i) => crop(page, i));
  for (const region of regions) names.nameOf(region);
  const base = join(folder, "broken");
  const { sizes, warnings } = await writeFigures(reader, names, base);
  // Eight pages failed; the tenth and twelfth are not tried any more.
  expect(tried).toEqual([1, 2, 3, 1, 4, 5, 6, 7, 8, 9]);
  expect(warnings.map(({ page }) => page)).toEqual([2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 12]);
  expect(Object.keys(sizes)).toHaveLength(regions.length);
  for (const [name, size] of Object.entries(sizes)) {
    const bytes = readFileSync(join(base, name));
    expect(bytes.length).toBe(size);
    expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  }
  expect(sizes["1-1.jpg"]).toBeGreaterThan(sizes["2-1.jpg"]!);
  expect(await areThere(sizes, base)).toBe(true);
  writeFileSync(join(base, "3-2.jpg"), "cut");
  expect(await areThere(sizes, base)).toBe(false);
});

test("of a thread that was ended, the half-written picture goes and nothing else", async () => {
  const base = join(folder, "ended");
  mkdirSync(base);
  const half = temporaryOf(join(base, "12-3.jpg"));
  const kept = [join(base, "12-2.jpg"), temporaryOf(join(base, "other.mmd")), temporaryOf(join(base, "own.jpg"))];
  for (const file of [half, ...kept]) writeFileSync(file, "x");
  await removeHalfWritten(base);
  expect([half, ...kept].map((file) => existsSync(file))).toEqual([false, true, true, true]);
});
