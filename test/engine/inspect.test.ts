/** What is drawn over a page: every word once, blocks in their order, at their places, with labels that don't hide each other. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dotsOf } from "../../src/engine/inspect/font.ts";
import { drawMarks, LAYERS, type Mark } from "../../src/engine/inspect/index.ts";
import { inspectPage } from "../../src/engine/inspection.ts";
import { open } from "../../src/engine/readers/index.ts";
import { makePdf } from "../pdf.ts";
import { host } from "./host.ts";

const SIZE = { number: 1, width: 20000, height: 10000, scale: 2 };
const white = () => ({ width: 400, height: 200, data: new Uint8ClampedArray(400 * 200 * 4).fill(255) });

function colorAt({ width, data }: { width: number; data: Uint8ClampedArray }, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
}

const PDF = makePdf([
  { lines: [{ text: "The page before it", x: 72, y: 700 }] },
  {
    lines: [
      { text: "A heading in larger type", x: 72, y: 700, size: 18, font: "Helvetica-Bold" },
      { text: "The first sentence of the page stands at the top of the column and", x: 72, y: 670 },
      { text: "goes on in a second line, as sentences do.", x: 72, y: 656 },
      { text: "hidden words", x: 72, y: 600, mode: 3 },
    ],
  },
]);

test("marks of a real page: every word once, blocks numbered in order, hidden words told apart", async () => {
  const reader = await open(PDF, host);
  const { marks, png, width, height, quality } = await inspectPage(reader, { page: 2, layers: LAYERS, dpi: 72 });
  reader.close();
  const of = (layer: string) => marks.filter((mark) => mark.layer === layer);
  expect(of("words").filter((mark) => mark.kind === "native")).toHaveLength(5 + 14 + 9);
  expect(
    of("words")
      .filter((mark) => mark.kind === "hidden")
      .map((mark) => mark.text),
  ).toEqual(["hidden", "words"]);
  expect(of("regions").map((mark) => [mark.label, mark.text])).toEqual([
    ["1 heading 1", "A heading in larger type"],
    ["2", expect.stringMatching(/^The first sentence/)],
    ["hidden", "hidden words"],
  ]);
  expect([...png.subarray(1, 4)].map((c) => String.fromCharCode(c)).join("")).toBe("PNG");
  const header = new DataView(png.buffer, png.byteOffset);
  expect([header.getUint32(16), header.getUint32(20)]).toEqual([width, height]);
  expect(width).toBe(612);
  expect(height).toBeGreaterThan(792);
  expect(quality.hidden_characters).toBe(11);
});

test("a box is drawn where it is, its label over it, a legend under the picture", () => {
  const marks: Mark[] = [
    { layer: "regions", kind: "heading", box: [5000, 5000, 15000, 7000], label: "1 heading 1" },
    { layer: "words", kind: "undecodable", box: [6000, 5200, 7000, 5800] },
  ];
  const drawn = drawMarks(white(), SIZE, marks, ["regions"]);
  expect(drawn.width).toBe(400);
  expect(drawn.height).toBeGreaterThan(200);
  const red = colorAt(drawn, 98, 98);
  expect(red).toEqual([196, 30, 48]);
  expect(colorAt(drawn, 200, 60)).toEqual([255, 255, 255]);
  // Inside: tinted, and the words' layer was not asked for.
  expect(colorAt(drawn, 130, 110)).toEqual(colorAt(drawn, 250, 130));
  expect(colorAt(drawMarks(white(), SIZE, marks, ["regions", "words"]), 130, 110)).not.toEqual(
    colorAt(drawn, 130, 110),
  );
  // The label's ground lies over the box, its letters are white.
  expect(colorAt(drawn, 99, 88)).toEqual(red);
  expect(colorAt(drawn, 102, 89)).not.toEqual(colorAt(drawn, 200, 60).map(() => 0));
});

test("labels of boxes at one place lie beside each other", () => {
  const marks = ["1 table", "2 figure", "3 list"].map(
    (label): Mark => ({
      layer: "proposals",
      kind: "table",
      box: [5000, 5000, 15000, 7000],
      label,
      chosen: label < "2",
    }),
  );
  const one = countOf(drawMarks(white(), SIZE, marks.slice(0, 1), ["proposals"]));
  const three = countOf(drawMarks(white(), SIZE, marks, ["proposals"]));
  expect(three).toBeGreaterThan(one * 1.5);
});

/** Pixels of labels' letters: pure white ones in a coloured row. */
function countOf({ data }: { data: Uint8ClampedArray }): number {
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i]! < 255 || data[i + 1]! < 255) coloured++;
  return coloured;
}

test("the font draws every letter a label can have, each differently", () => {
  const letters = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";
  expect(new Set([...letters].map((letter) => dotsOf(letter).join(","))).size).toBe(letters.length);
  for (const letter of letters) {
    expect(dotsOf(letter), letter).toHaveLength(7);
    for (const row of dotsOf(letter)) expect(row).toBeLessThan(32);
  }
  expect(dotsOf("a")).toEqual(dotsOf("A"));
});

test("sheaf inspect: a picture and a table; JSON on request; a page that is not there; a layer that is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-inspect-"));
  const main = join(import.meta.dirname, "../../src/cli/main.ts");
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [main, "inspect", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  try {
    writeFileSync(join(folder, "two.pdf"), PDF);
    expect(run("two.pdf", "--page", "2", "--layers", "regions,words")).toContain("1 heading 1");
    expect(readFileSync(join(folder, "two-2.png")).subarray(1, 4).toString()).toBe("PNG");
    const json = JSON.parse(run("two.pdf", "--page", "2", "--out", "x.png", "--json")) as { marks: Mark[] };
    expect(json.marks.some((mark) => mark.kind === "heading")).toBe(true);
    expect(() => run("two.pdf", "--page", "3")).toThrow(/the file has 2 pages/);
    expect(() => run("two.pdf", "--layers", "word")).toThrow(/did you mean "words"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("sheaf inspect --sheet: one HTML page with the page as it is and every layer, and what was found", () => {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-sheet-"));
  try {
    writeFileSync(join(folder, "a.pdf"), PDF);
    const main = join(import.meta.dirname, "../../src/cli/main.ts");
    const args = [
      main,
      "inspect",
      join(folder, "a.pdf"),
      "--page",
      "2",
      "--sheet",
      "--dpi",
      "40",
      "--out",
      join(folder, "a.html"),
    ];
    execFileSync(process.execPath, args);
    const html = readFileSync(join(folder, "a.html"), "utf8");
    const pictures = new Set([...html.matchAll(/<img src="data:image\/png;base64,([^"]+)"/g)].map(([, data]) => data));
    // The page, the layers that are read together, and each by itself.
    expect(html.split("<figure>")).toHaveLength(1 + LAYERS.length + 2);
    // This page has neither tables nor proposals.
    expect(pictures.size).toBeGreaterThanOrEqual(LAYERS.length + 1);
    expect(html).toContain("A heading in larger type");
    expect(html).toMatch(/<pre>block[\s\S]*trust 1/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
