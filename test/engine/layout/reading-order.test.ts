/** Bands of columns under what spans them. */
import { expect, test } from "vitest";
import { type Line, linesOf, type Solid } from "../../../src/engine/layout/lines.ts";
import { regionsOf } from "../../../src/engine/layout/reading-order.ts";
import { standIn } from "../../../src/engine/layout/solids.ts";
import { column, HEAD, page, reach, TITLE } from "../page.ts";

const prose = (word: string) => Array.from({ length: 8 }, (_, i) => `${word} ${i} and the words that fill the line up`);

test("headings side by side stay with their columns, though the title leaves white over their gap", () => {
  const facts = page(1, [
    // Narrow and set off the middle: there is white both beside it and between the headings.
    { x: 17000, y: 8000, text: "A title over both", style: TITLE },
    { x: 5000, y: 12000, text: "Left part", style: HEAD },
    { x: 32000, y: 12000, text: "Right part", style: HEAD },
    ...column(5000, 14000, prose("left")),
    ...column(32000, 14000, prose("right")),
  ]);
  const regions = regionsOf(linesOf(facts)).map((region) => region.lines.map((line) => line.text.split(" ")[0]));
  expect(regions).toEqual([["A"], ["Left", ...Array(8).fill("left")], ["Right", ...Array(8).fill("right")]]);
});

test("names side by side under a title are no columns' headings", () => {
  const facts = page(1, [
    { x: 17000, y: 8000, text: "A title over both", style: TITLE },
    { x: 12000, y: 10000, text: "Ada Author" },
    { x: 38000, y: 10000, text: "Ben Writer" },
    ...column(5000, 14000, prose("left")),
    ...column(32000, 14000, prose("right")),
  ]);
  const first = regionsOf(linesOf(facts))[0]!.lines.map((line) => line.text);
  expect(first).toEqual(["A title over both", "Ada Author", "Ben Writer"]);
});

/** The first word of each region's lines. */
const read = (rows: Parameters<typeof page>[1]) =>
  regionsOf(linesOf(page(1, rows))).map((region) => region.lines.map((line) => line.text.split(" ")[0]));

test("a column beside two others is prose by itself, on common baselines too", () => {
  const rows = [
    ...column(2000, 14000, Array(20).fill("one and words that fill the line")),
    // Shorter than its neighbours: the rows on either side of a gap are of very different widths.
    ...column(21000, 14000, Array(8).fill("two and words that fill the line")),
    ...column(40000, 14000, Array(20).fill("six and words that fill the line")),
  ];
  expect(read(rows)).toEqual([Array(20).fill("one"), Array(8).fill("two"), Array(20).fill("six")]);
});

test("narrow columns on common baselines have few words a row, and run on", () => {
  const rows = [5000, 20000].flatMap((x, i) =>
    column(x, 14000, Array(8).fill(i === 0 ? "unremarkable circumstances" : "extraordinarily measured")),
  );
  expect(read(rows)).toEqual([Array(8).fill("unremarkable"), Array(8).fill("extraordinarily")]);
});

test("labels and figures on common baselines are read along the row", () => {
  const rows = [
    ...column(5000, 14000, Array(8).fill("Fixed assets")),
    ...column(18000, 14000, Array(8).fill("Worth 12,300")),
  ];
  expect(read(rows)).toHaveLength(1);
});

const card = (x: number, y: number, name: string) => [
  { x, y, text: `${name}-head`, style: HEAD },
  ...column(x, y + 2000, Array(3).fill(`${name} and words that fill the line up`)),
];

test("cards in a grid are read row by row, each whole", () => {
  const rows = ["a", "b", "c", "d"].flatMap((name, i) => card(5000 + 26000 * (i % 2), 14000 + 9000 * (i >> 1), name));
  expect(read(rows)).toEqual(["a", "b", "c", "d"].map((name) => [`${name}-head`, name, name, name]));
});

test("headings that meet on one line once leave columns columns", () => {
  const long = (x: number, name: string) => column(x, 9000, Array(4).fill(`${name} and words that fill the line up`));
  const rows = [...long(5000, "l"), ...long(31000, "r"), ...card(5000, 15000, "a"), ...card(31000, 15000, "b")];
  expect(read(rows)).toEqual([
    ["l", "l", "l", "l", "a-head", "a", "a", "a"],
    ["r", "r", "r", "r", "b-head", "b", "b", "b"],
  ]);
});

test("a title over one gutter of three columns leaves them columns", () => {
  const rows = [
    { x: 2000, y: 10000, text: "A title over a gutter", style: TITLE },
    ...column(2000, 14000, Array(20).fill("one and words that fill the line")),
    ...column(21000, 14000, Array(8).fill("two and words that fill the line")),
    ...column(40000, 14000, Array(20).fill("six and words that fill the line")),
  ];
  expect(read(rows)).toEqual([["A"], Array(20).fill("one"), Array(8).fill("two"), Array(20).fill("six")]);
});

test("a column that begins higher than its neighbour, beside a heading's white, keeps its first rows", () => {
  const rows = [
    { x: 2000, y: 10000, text: "A title over all of the page to the right", style: TITLE },
    ...column(31000, 13000, Array(10).fill("right and words that fill the line")),
    { x: 2000, y: 15000, text: "Left", style: HEAD },
    ...column(2000, 17600, Array(8).fill("left and words that fill the line")),
  ];
  expect(read(rows)).toEqual([["A"], ["Left", ...Array(8).fill("left")], Array(10).fill("right")]);
});

test("a long narrow gutter parts columns of prose", () => {
  const text = "words that fill up all of the line so far";
  const rows = [
    ...column(5000, 14000, Array(12).fill(`one ${text}`)),
    // 0.7 em beside it, off its baselines.
    ...column(5000 + reach(`one ${text}`) + 700, 14300, Array(12).fill(`two ${text}`)),
  ];
  expect(read(rows)).toEqual([Array(12).fill("one"), Array(12).fill("two")]);
});

test("columns of two lines are columns where their tops differ", () => {
  const rows = [
    ...column(5000, 14800, Array(2).fill("one and words that fill the line")),
    ...column(30000, 14000, Array(2).fill("two and words that fill the line")),
  ];
  expect(read(rows)).toEqual([
    ["one", "one"],
    ["two", "two"],
  ]);
});

test("a heading under columns that end together is not the first column's", () => {
  const rows = [
    ...column(5000, 14000, Array(6).fill("one and words that fill the line up")),
    ...column(30000, 14000, Array(5).fill("two and words that fill the line up")),
    { x: 5000, y: 23500, text: "Next", style: HEAD },
    ...column(5000, 25500, Array(3).fill("six and words that go on over both of the columns above it")),
  ];
  expect(read(rows)).toEqual([Array(6).fill("one"), Array(5).fill("two"), ["Next", "six", "six", "six"]]);
  // Nothing wide follows: the white is wider than any within the columns.
  expect(read(rows.slice(0, 12))).toEqual([Array(6).fill("one"), Array(5).fill("two"), ["Next"]]);
});

test("a column that goes on where the other has ended is one column", () => {
  const rows = [
    ...column(5000, 14000, Array(6).fill("one and words that fill the line up")),
    ...column(30000, 14000, Array(3).fill("two and words that fill the line up")),
    { x: 5000, y: 23500, text: "Next", style: HEAD },
    ...column(5000, 25500, Array(3).fill("one and words that fill the line up")),
  ];
  expect(read(rows)).toEqual([[...Array(6).fill("one"), "Next", "one", "one", "one"], Array(3).fill("two")]);
});

test("columns of ideographs on common baselines are prose without blanks", () => {
  const rows = [
    ...column(5000, 14000, Array(6).fill("左栏文字开始于此处继续写下去直到换行再换行直到本栏结束")),
    ...column(30000, 14000, Array(6).fill("右栏文字大概从这里开始同样需要一些字来填充空间直到看起")),
  ];
  expect(regionsOf(linesOf(page(1, rows))).map(({ lines }) => lines.map(({ text }) => text[0]))).toEqual([
    Array(6).fill("左"),
    Array(6).fill("右"),
  ]);
});

test("a table under a line does not stand beside what the line has at its right", () => {
  const facts = page(1, [
    { x: 5000, y: 6000, text: "Name of the college" },
    { x: 50000, y: 6000, text: "BIO181" },
    ...column(5000, 20000, Array(3).fill("text and words")),
  ]);
  const table: Solid = { taken: { kind: "algorithm", words: [], box: [5000, 8000, 30000, 16000] }, lines: [] };
  const [first] = regionsOf([...linesOf(facts), standIn(table, facts)]);
  expect(first!.lines.map((line) => line.text.split(" ")[0])).toEqual(["Name", "BIO181", "", "text", "text", "text"]);
});

test("lines of turned text are no columns, and follow what stands above them", () => {
  // Vertical writing on the page's own frame: its first line stands at the right.
  const lines = linesOf(
    page(1, [...column(5000, 10000, ["above the turned", "lines"]), { x: 5000, y: 60000, text: "below" }]),
  );
  const turned = [1, 2, 3, 4].map((n): Line => {
    const x = 20000 - 2500 * n;
    return { ...lines[0]!, text: `turned${n}`, angle: 270, baseline: -x, box: [x - 1000, 20000, x, 40000] };
  });
  const regions = regionsOf([...lines, ...turned]).map((region) => region.lines.map((line) => line.text.split(" ")[0]));
  expect(regions.map((one) => one.toSorted())).toEqual([
    ["above", "lines"],
    ["turned1", "turned2", "turned3", "turned4"],
    ["below"],
  ]);
});

test("columns of right-to-left text are read from the right", () => {
  const rows = [
    { x: 34000, y: 10000, text: "כותרת", style: HEAD },
    ...column(30000, 13000, Array(6).fill("ימין של העמוד עוד מילים רבות כדי")),
    ...column(5000, 13300, Array(6).fill("שמאל של העמוד עוד מילים רבות כדי")),
  ];
  expect(read(rows)).toEqual([["כותרת", ...Array(6).fill("ימין")], Array(6).fill("שמאל")]);
});

test("notes in the margin are no part of the lines they stand beside", () => {
  const text = "words of a text that runs from edge to edge of its column";
  const rows = [
    ...column(5000, 14000, Array(9).fill(text)),
    ...column(35000, 15200, ["a note on two", "of its lines"]),
  ];
  expect(regionsOf(linesOf(page(1, rows))).map(({ lines, notes }) => [lines.length, notes])).toEqual([
    [9, undefined],
    [2, true],
  ]);
  // Figures are no notes, and nor is the end of a line after a wide blank.
  expect(read([...rows.slice(0, 9), { x: 35000, y: 15200, text: "(12)" }])).toHaveLength(1);
  const short = Array(6).fill("words of a text that ends early");
  const wide = [...column(5000, 14000, [text, ...short]), { x: 35000, y: 15200, text: "and goes on" }];
  expect(read(wide)).toHaveLength(1);
});
