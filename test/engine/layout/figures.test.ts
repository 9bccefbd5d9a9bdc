import { describe, expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { beginsFigureCaption, beginsTableCaption } from "../../../src/engine/document/captions.ts";
import type { Box } from "../../../src/engine/geometry.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { column, PAGE, page, type RowSpec, SMALL } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const above = column(5000, 8000, [FULL, FULL, FULL, "and the last one is short."]);
const below = column(5000, 60000, [FULL, FULL, FULL, "and the last one is short."]);
const image = (box: Box) => ({ box, pixelWidth: 400, pixelHeight: 300, mcid: -1 });

function figuresOf(rows: readonly RowSpec[], extra: Partial<PageLines>) {
  const lines = page(1, rows, extra);
  const { blocks } = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
  const figures = blocks.filter((block): block is BlockOf<"figure"> => block.kind === "figure");
  return { kinds: blocks.map((block) => block.kind), figures, blocks };
}

const told = (figure: BlockOf<"figure"> | undefined) => figure?.caption?.map((run) => run.text).join("");

describe("captions", () => {
  test.each([
    ["Figure 3: The whole", true],
    ["Fig. 1.5. The whole", true],
    ["FIGURE A.2", true],
    ["Abbildung 2 Der Anfang", true],
    ["Рис. 4. Начало", true],
    ["图3 概要", true],
    ["Figure 3 shows the whole", false],
    ["Figures in this book", false],
    ["Maps of the world", false],
  ])("%s", (text, begins) => {
    expect(beginsFigureCaption(text)).toBe(begins);
  });

  test("a table's is another", () => {
    expect([beginsTableCaption("Table 2: Rows"), beginsTableCaption("Tabelle 4 Zeilen")]).toEqual([true, true]);
    expect([beginsFigureCaption("Table 2: Rows"), beginsTableCaption("Table 2 has rows")]).toEqual([false, false]);
  });
});

describe("pictures", () => {
  test("a picture stands where it lies, with its caption of two lines", () => {
    const caption = column(10000, 36500, ["Figure 1: What is seen here when", "one looks at it."], SMALL, 1000);
    const { kinds, figures } = figuresOf([...above, ...caption, ...below], {
      images: [image([10000, 15000, 30000, 35000])],
    });
    expect(kinds).toEqual(["paragraph", "figure", "paragraph"]);
    expect(figures[0]!.crop).toEqual({ page: 1, box: [10000, 15000, 30000, 35000] });
    expect(told(figures[0])).toBe("Figure 1: What is seen here when one looks at it.");
    expect(figures[0]!.labels).toEqual(figures[0]!.lines);
  });

  test("a tagged picture brings its description, unless that is a file's name", () => {
    const tagged = (mcid: number, alt: string) => ({
      role: "Figure",
      mcids: [],
      alt,
      children: [{ role: "Span", mcids: [mcid], children: [] }],
    });
    const { figures } = figuresOf([...above, ...below], {
      images: [
        { ...image([10000, 15000, 30000, 25000]), mcid: 4 },
        { ...image([34000, 15000, 50000, 25000]), mcid: 5 },
      ],
      tags: {
        role: "Document",
        mcids: [],
        children: [tagged(4, "A map of\nthe harbour "), tagged(5, "image2.png"), tagged(6, "no")],
      },
    });
    expect(figures.map(({ alt }) => alt)).toEqual(["A map of the harbour", undefined]);
  });

  test("tiles are one picture; two pictures are two", () => {
    const tiles = [image([10000, 15000, 30000, 20000]), image([10000, 20000, 30000, 25000])];
    const other = image([34000, 15000, 50000, 25000]);
    const { figures } = figuresOf([...above, ...below], { images: [...tiles, other] });
    expect(figures.map((figure) => figure.crop.box)).toEqual([
      [10000, 15000, 30000, 25000],
      [34000, 15000, 50000, 25000],
    ]);
  });

  test("pictures with letters of their own over one caption are one figure; without letters, or with text between, they are not", () => {
    const images = [image([6000, 15000, 24000, 25000]), image([30000, 15000, 48000, 25000])];
    const letters = [
      { x: 12000, y: 26300, text: "(a) first", size: 900 },
      { x: 36000, y: 26300, text: "(b) second", size: 900 },
    ];
    const caption: RowSpec = { x: 20000, y: 28200, text: "Figure 1: Two of them" };
    const one = figuresOf([...above, ...letters, caption, ...below], { images }).figures;
    expect(one.map((figure) => [figure.crop.box.slice(0, 3), told(figure)])).toEqual([
      [[6000, 15000, 48000], "(a) first (b) second Figure 1: Two of them"],
    ]);
    expect(figuresOf([...above, caption, ...below], { images }).figures).toHaveLength(2);
    const between: RowSpec = { x: 26000, y: 20000, text: "and" };
    expect(figuresOf([...above, between, ...letters, caption, ...below], { images }).figures).toHaveLength(2);
  });

  test("a scan, a background and a logo in the head are none", () => {
    const scan = image([0, 0, PAGE.width, PAGE.height]);
    const behind = image([4000, 6000, 40000, 70000]);
    const logo = image([40000, 1000, 55000, 7000]);
    const many = column(
      5000,
      8000,
      Array.from({ length: 40 }, () => FULL),
    );
    expect(figuresOf(many, { images: [scan] }).figures).toEqual([]);
    expect(figuresOf(many, { images: [behind] }).figures).toEqual([]);
    expect(figuresOf([...above, ...below], { images: [logo] }).figures).toEqual([]);
  });
});

describe("drawings", () => {
  const drawing = (box: Box, paths = 40) => ({ box, paths });
  const curve = [drawing([12000, 20000, 18000, 25000]), drawing([18500, 21000, 30000, 34000])];
  const axis = { box: [11000, 34200, 31000, 34300] as const, horizontal: true, thickness: 50, color: 0xff };

  test("strokes near each other are one figure, with axis, ticks and turned title; its text is not the page's", () => {
    const labels: RowSpec[] = [
      { x: 12000, y: 35400, text: "0 1" },
      { x: 25000, y: 35400, text: "2" },
      { x: 18000, y: 36600, text: "time in s" },
      { x: 9800, y: 30000, text: "size", angle: 90 },
    ];
    const { kinds, figures } = figuresOf([...above, ...labels, ...below], { drawings: curve, rules: [axis] });
    expect(kinds).toEqual(["paragraph", "figure", "paragraph"]);
    expect(figures[0]!.lines).toHaveLength(4);
    expect(figures[0]!.labels).toEqual([]);
    expect(figures[0]!.crop.box[3]).toBeGreaterThan(36600);
  });

  test("text that runs on below a drawing is not its label", () => {
    const near = column(5000, 36000, [FULL, FULL, "and the last."]);
    const { kinds, figures } = figuresOf([...above, ...near, ...below], { drawings: curve, rules: [axis] });
    expect(kinds).toEqual(["paragraph", "figure", "paragraph", "paragraph"]);
    expect(figures[0]!.lines).toEqual([]);
  });

  test("bars of different lengths on one base are a chart; equal ones are a table's rows", () => {
    const bar = (x: number, top: number) => ({ box: [x, top, x + 2000, 35000] as const, color: 0x4080c0ff });
    const chart = figuresOf([...above, ...below], { fills: [bar(12000, 20000), bar(16000, 28000), bar(20000, 24000)] });
    expect(chart.figures.map((figure) => [figure.subtype, figure.crop.box])).toEqual([
      ["chart:column", [11900, 19900, 22100, 35100]],
    ]);
    const lying = [18000, 26000, 22000].map((end, i) => ({
      box: [12000, 20000 + i * 3000, end, 22000 + i * 3000] as const,
      color: 0x4080c0ff,
    }));
    expect(figuresOf([...above, ...below], { fills: lying }).figures.map((figure) => figure.subtype)).toEqual([
      "chart:bar",
    ]);
    const rows = [0, 1, 2].map((i) => ({
      box: [12000, 20000 + i * 1500, 30000, 21500 + i * 1500] as const,
      color: 0xeeeeeeff,
    }));
    expect(figuresOf([...above, ...below], { fills: rows }).figures).toEqual([]);
  });

  test("one curve between axes with many ticks is a chart; over the long rules of a form it is none", () => {
    const rule = (box: Box) => ({ box, horizontal: box[2] - box[0] > 300, thickness: 40, color: 0xff });
    const area = drawing([12000, 20000, 34000, 36000], 1);
    const ticks = Array.from({ length: 12 }, (_, i) => rule([12000 + i * 2000, 35600, 12040 + i * 2000, 36000]));
    const { figures } = figuresOf([...above, ...below], { drawings: [area], rules: ticks });
    expect(figures.map((figure) => figure.subtype)).toEqual(["chart"]);
    const long = Array.from({ length: 12 }, (_, i) => rule([12000, 21000 + i * 1200, 34000, 21040 + i * 1200]));
    expect(figuresOf([...above, ...below], { drawings: [area], rules: long }).figures).toEqual([]);
  });

  test("a frame round running text is no figure", () => {
    const text = column(
      12000,
      21000,
      Array.from({ length: 10 }, () => FULL.slice(0, 35)),
    );
    const { figures } = figuresOf([...above, ...text, ...below], {
      drawings: [drawing([11000, 19500, 31000, 33000], 8)],
    });
    expect(figures).toEqual([]);
  });

  test("the frame round a chart and its title is the figure's edge", () => {
    const frame = { box: [9000, 16000, 33000, 37000] as const, color: 0xffffffff };
    const title: RowSpec = { x: 15000, y: 17800, text: "What grew" };
    const { figures } = figuresOf([...above, title, ...below], { drawings: curve, fills: [frame] });
    expect(figures.map((figure) => figure.crop.box)).toEqual([[8900, 15900, 33100, 37100]]);
    expect(figures[0]!.lines).toHaveLength(1);
  });
});

describe("strokes that a caption claims", () => {
  const rule = (box: Box) => ({
    box,
    horizontal: box[2] - box[0] > box[3] - box[1],
    thickness: 50,
    color: 0xff,
  });
  /** A box of four rules, 40 pt by 18, and the word in it. */
  const boxed = (x: number, y: number, text: string) => ({
    rules: [
      rule([x, y, x + 4000, y + 50]),
      rule([x, y + 1750, x + 4000, y + 1800]),
      rule([x, y, x + 50, y + 1800]),
      rule([x + 3950, y, x + 4000, y + 1800]),
    ],
    row: { x: x + 500, y: y + 1200, text } satisfies RowSpec,
  });
  const diagram = [boxed(9000, 21000, "Input"), boxed(16000, 21000, "Middle"), boxed(23000, 21000, "Output")];
  const arrows = [rule([13000, 21900, 16000, 21950]), rule([20000, 21900, 23000, 21950])];
  const rules = [...diagram.flatMap((one) => one.rules), ...arrows];
  const words = diagram.map((one) => one.row);
  const caption: RowSpec = { x: 12000, y: 25000, text: "Figure 1: The way of the data" };

  test("boxes in a row are a figure by their caption, and their words no sentence's", () => {
    const { kinds, figures } = figuresOf([...above, ...words, caption, ...below], { rules });
    expect(kinds).toEqual(["paragraph", "figure", "paragraph"]);
    expect(told(figures[0])).toBe("Figure 1: The way of the data");
    expect(figures[0]!.lines.length).toBeGreaterThan(figures[0]!.labels.length);
    expect(figures[0]!.crop.box).toEqual([8900, 20900, 27100, 22900]);
    expect(figuresOf([...above, ...words, ...below], { rules }).figures).toEqual([]);
  });

  test("a page of many captions without figures lists them, and claims nothing", () => {
    const list = (count: number) =>
      column(
        5000,
        40000,
        Array.from({ length: count }, (_, i) => `Figure ${i + 2}: One of them`),
      ).map((row, i) => ({
        ...row,
        y: 30000 + i * 2000,
      }));
    expect(figuresOf([...above, ...words, caption, ...list(5)], { rules }).figures).toHaveLength(1);
    expect(figuresOf([...above, ...words, caption, ...list(22)], { rules }).figures).toEqual([]);
  });

  test("at the head of the page too, where drawings without a caption are ornaments", () => {
    const up = (box: Box): Box => [box[0], box[1] - 17000, box[2], box[3] - 17000];
    const raised = rules.map((one) => ({ ...one, box: up(one.box) }));
    const rows = [...words, caption].map((row) => ({ ...row, y: row.y - 17000 }));
    const { kinds } = figuresOf([...rows, ...column(5000, 14000, [FULL, FULL, FULL]), ...below], { rules: raised });
    expect(kinds.slice(0, 2)).toEqual(["figure", "paragraph"]);
  });

  test("a label about the end of an axis is the figure's", () => {
    const axes = [rule([12000, 20000, 12050, 30000]), rule([12000, 29950, 30000, 30000])];
    const labels: RowSpec[] = [{ x: 10500, y: 19600, text: "height" }];
    const under: RowSpec = { ...caption, y: 32000 };
    const drawings = [{ box: [12100, 22000, 29000, 29000] as const, paths: 1 }];
    const { kinds } = figuresOf([...above, ...labels, under, ...below], { rules: axes, drawings });
    expect(kinds).toEqual(["paragraph", "figure", "paragraph"]);
  });

  test("a caption of several lines beside its figure is no label of it", () => {
    const beside = column(32000, 22000, ["Figure 1: What", "stands beside", "its picture"]);
    const drawings = [{ box: [10000, 20000, 31000, 32000] as const, paths: 20 }];
    const { figures } = figuresOf([...above, ...beside, ...below], { drawings });
    expect(figures.map(told)).toEqual(["Figure 1: What stands beside its picture"]);
    expect(figures[0]!.crop.box[2]).toBeLessThan(32000);
  });

  test("captions on one baseline with the text or the labels beside them are cut from it", () => {
    const narrow = "half a line of text that is set beside";
    const left = column(
      5000,
      14000,
      Array.from({ length: 8 }, () => narrow),
    );
    const wrapped = column(24700, 20000, ["Figure 1: What the", "words run round is", "told in lines."]);
    const rows = left.map((row) => {
      const beside = wrapped.find((one) => one.y === row.y);
      return beside === undefined ? row : { ...row, text: `${row.text} ${beside.text}` };
    });
    const lines = page(1, [...above, ...rows, ...below]);
    const drawings = [{ box: [24700, 13400, 36000, 18000] as const, paths: 3 }];
    const moved: PageLines = { ...lines, drawings, words: lines.words.map((word) => ({ ...word })) };
    for (const { from, to } of moved.lines) {
      const at = moved.words.slice(from, to).findIndex((word) => /^(?:Figure|words|told)$/.test(word.text));
      if (at <= 0 || moved.words[from]!.box[3] > 23000) continue;
      const by = 24700 - moved.words[from + at]!.box[0];
      moved.words[from + at]!.gap += by;
      for (const word of moved.words.slice(from + at, to))
        word.box = [word.box[0] + by, word.box[1], word.box[2] + by, word.box[3]];
    }
    const { blocks } = layOut(moved, profileOf(mergeSurveys(emptySurvey(), survey(moved))));
    const figures = blocks.filter((one): one is BlockOf<"figure"> => one.kind === "figure");
    expect(figures.map(told)).toEqual(["Figure 1: What the words run round is told in lines."]);
  });

  test("a frame round running text, rules across, and strokes beyond a paragraph are not claimed", () => {
    const frame = [
      rule([4500, 20000, 36000, 20050]),
      rule([4500, 24000, 36000, 24050]),
      rule([4500, 20000, 4550, 24050]),
      rule([35950, 20000, 36000, 24050]),
    ];
    const framed = column(5000, 21500, [FULL, FULL]);
    const under: RowSpec = { ...caption, y: 26000 };
    expect(figuresOf([...above, ...framed, under, ...below], { rules: frame }).figures).toEqual([]);
    const across = [frame[0]!, frame[1]!, rule([4500, 22000, 36000, 22050]), rule([4500, 23000, 36000, 23050])];
    expect(figuresOf([...above, under, ...below], { rules: across }).figures).toEqual([]);
    const between = column(5000, 24200, [FULL]);
    const late: RowSpec = { ...caption, y: 26500 };
    expect(figuresOf([...above, ...words, ...between, late, ...below], { rules }).figures).toEqual([]);
  });
});

test("the same page at half and at twice its size has the same figures", () => {
  const rows = [...above, ...column(10000, 36500, ["Figure 1: It"], SMALL), ...below];
  const extra = { images: [image([10000, 15000, 30000, 35000])] };
  const whole = page(1, rows, extra);
  for (const by of [0.5, 2]) {
    const scale = (box: Box): Box => box.map((value) => Math.round(value * by)) as unknown as Box;
    const scaled: PageLines = {
      ...whole,
      size: { ...whole.size, width: PAGE.width * by, height: PAGE.height * by },
      styles: whole.styles.map((style) => ({ ...style, size: style.size * by, rise: style.rise * by })),
      words: whole.words.map((w) => ({ ...w, box: scale(w.box), baseline: w.baseline * by, gap: w.gap * by })),
      lines: whole.lines.map((line) => ({ ...line, box: scale(line.box) })),
      images: whole.images.map((one) => ({ ...one, box: scale(one.box) })),
    };
    const { blocks } = layOut(scaled, profileOf(mergeSurveys(emptySurvey(), survey(scaled))));
    expect(blocks.map((block) => block.kind)).toEqual(["paragraph", "figure", "paragraph"]);
    expect(told(blocks[1] as BlockOf<"figure">)).toBe("Figure 1: It");
  }
});
