/** Tables, lists, listings and notes that a page's end cuts: whole where they begin, every line in one block. */
import { describe, expect, test } from "vitest";
import type { Block, BlockOf } from "../../../src/engine/document/blocks.ts";
import type { Part } from "../../../src/engine/document/index.ts";
import type { Rule, Style } from "../../../src/engine/page-lines.ts";
import { BODY, column, LEADING, page, RAISED, type RowSpec, reach, SMALL } from "../page.ts";
import { displayed, linesOf, write } from "../writers/document.ts";
import { joined } from "./pages.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const COLUMNS = [5000, 15000, 22000];

/** Rows of a table of three columns, the last of figures set to the right. */
function table(rows: readonly (readonly string[])[], y: number): RowSpec[] {
  return rows.flatMap((row, r) =>
    row.flatMap((text, c) => {
      const x = c === 1 ? 20000 - reach(text) : COLUMNS[c]!;
      return text === "" ? [] : [{ x, y: y + r * LEADING * 1.2, text }];
    }),
  );
}

const HEADER = ["Station", "Value", "Remark"];
const rowsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => [`Place ${from + i}`, `${from + i}.5`, "Seen twice."]);

/** Page 1 has text and the table's beginning down to its foot. */
const FIRST = [...column(5000, 10000, [FULL, FULL, "and its end."]), ...table([HEADER, ...rowsOf(1, 8)], 62000)];
const AFTER = column(5000, 50000, [FULL, FULL, "and its end."]);

const everyLineOnce = (parts: readonly Part[]) => {
  const owned = parts.flatMap((part) => part.blocks.flatMap((block) => block.lines));
  expect(owned.toSorted()).toEqual(parts.flatMap((part) => part.lines.map((line) => line.id)).toSorted());
};

const tablesOf = (parts: readonly Part[]) =>
  parts.flatMap((part) => part.blocks.filter((block): block is BlockOf<"table"> => block.kind === "table"));

describe("a table", () => {
  const second = [...table([HEADER, ...rowsOf(9, 4)], 8000), ...AFTER];

  test("goes on with its rows; the repeated header is not said again, but known", async () => {
    const { parts } = await joined([page(1, FIRST), page(2, second)]);
    everyLineOnce(parts);
    const tables = tablesOf(parts);
    expect(tables.length).toBe(1);
    expect(tables[0]!.parts.map(({ page: on, from, to, repeatedRows }) => [on, from, to, repeatedRows])).toEqual([
      [1, 0, 9, 0],
      [2, 9, 13, 1],
    ]);
    expect(tables[0]!.parts[1]!.repeatedHeader.length).toBe(3);
    const md = write("md", parts);
    expect(md.match(/Station/g)?.length).toBe(1);
    expect(md).toContain("| Place 8 | 8.5 | Seen twice. |\n| Place 9 | 9.5 | Seen twice. |");
  });

  test("kept apart: each page's rows on its page, with the header", async () => {
    const { parts } = await joined([page(1, FIRST), page(2, second)]);
    const options = { continuedTables: "keep" } as const;
    const md = write("md", parts, options);
    expect(md.match(/\| Station \| Value \| Remark \|/g)?.length).toBe(2);
    expect(md.indexOf("Place 8")).toBeLessThan(md.lastIndexOf("Station"));
    expect(md).not.toContain("| Place 8 | 8.5 | Seen twice. |\n| Place 9");
    expect(displayed(linesOf(parts, options))).toBe(write("mmd", parts, options));
    expect(write("md", parts.slice(1), options)).toBe(write("md", parts.slice(1)));
  });

  test("over three pages, with notices between", async () => {
    const notice = { x: 5000, y: 76500, text: "Continued on next page" };
    const middle = [...table([HEADER, ...rowsOf(9, 46)], 8000), { ...notice, y: 77000 }];
    const third = [{ x: 5000, y: 6500, text: "Table 1 (continued)" }, ...table(rowsOf(55, 5), 8500), ...AFTER];
    const { parts } = await joined([page(1, [...FIRST, notice]), page(2, middle), page(3, third)]);
    everyLineOnce(parts);
    expect(tablesOf(parts).map((one) => one.parts.map((part) => part.to))).toEqual([[9, 55, 60]]);
    expect(write("md", parts)).not.toMatch(/continued/i);
  });

  test("a row that the page's end cuts is one, and two when kept apart", async () => {
    const ruled = (rows: readonly (readonly string[])[], y: number) => {
      const [pitch, top] = [LEADING * 1.2, y - LEADING];
      const ys = Array.from({ length: rows.length + 1 }, (_, i) => top + i * pitch);
      const line = (box: readonly [number, number, number, number], horizontal: boolean): Rule => ({
        box,
        horizontal,
        thickness: 50,
        color: 0xff,
      });
      return [
        ...ys.map((at) => line([4500, at, 36000, at], true)),
        ...[4500, 14500, 21500, 36000].map((x) => line([x, top, x, ys.at(-1)!], false)),
      ];
    };
    const first = [HEADER, ...rowsOf(1, 7), ["Place 8", "8.5", "Seen by all who"]];
    const rest = [HEADER, ["", "", "were there."], ...rowsOf(9, 4)];
    const { parts } = await joined([
      page(1, [...column(5000, 10000, [FULL, FULL, "and its end."]), ...table(first, 62000)], {
        rules: ruled(first, 62000),
      }),
      page(2, [...table(rest, 8000), ...AFTER], { rules: ruled(rest, 8000) }),
    ]);
    everyLineOnce(parts);
    expect(write("md", parts)).toContain("| Place 8 | 8.5 | Seen by all who were there. |\n| Place 9 |");
    const kept = write("md", parts, { continuedTables: "keep" });
    expect(kept).toContain("| Place 8 | 8.5 | Seen by all who |\n\n");
    expect(kept).toMatch(/\| {2}\| {2}\| were there\. \|\n\| Place 9 \|/);
  });

  test.each([
    ["a caption of its own", [{ x: 5000, y: 6500, text: "Table 2. Other places" }, ...table(rowsOf(9, 5), 8500)]],
    ["text before it", [...column(5000, 5500, [FULL, "comes first."]), ...table(rowsOf(9, 5), 10500)]],
    [
      "other columns",
      rowsOf(9, 5).flatMap((row, r) => row.map((text, c) => ({ x: 9000 + c * 13000, y: 8000 + r * 1500, text }))),
    ],
  ])("%s makes another", async (_, rows) => {
    const { parts } = await joined([page(1, FIRST), page(2, [...rows, ...AFTER])]);
    expect(tablesOf(parts).length).toBe(2);
  });

  test("that ends far above the page's end is whole", async () => {
    const short = [...column(5000, 10000, [FULL, FULL, "and its end."]), ...table([HEADER, ...rowsOf(1, 4)], 20000)];
    expect(tablesOf((await joined([page(1, short), page(2, second)])).parts).length).toBe(2);
  });
});

describe("a list", () => {
  const item = (label: string, y: number, x = 5000): RowSpec[] => [
    { x, y, text: `${label} an item that has words enough for a line` },
    { x: x + 1000, y: y + LEADING, text: "and ends in the next." },
  ];
  const intro = column(5000, 10000, [FULL, FULL, "and its end."]);

  test("goes on with the next number, even a lone one", async () => {
    const { parts } = await joined([
      page(1, [...intro, ...item("1.", 60000), ...item("2.", 62400)]),
      page(2, [...item("3.", 8000), ...AFTER]),
    ]);
    everyLineOnce(parts);
    expect(write("md", parts)).toMatch(/\n1\. an item.*\n2\. an item.*\n3\. an item/);
  });

  test("a lone first item is one, once the second is seen", async () => {
    const { parts } = await joined([
      page(1, [...intro, ...item("(a)", 60000)]),
      page(2, [...item("(b)", 8000), ...item("(c)", 10400), ...AFTER]),
    ]);
    everyLineOnce(parts);
    const [list] = parts[0]!.blocks.slice(-1) as [BlockOf<"list">];
    expect(list.items.map(({ label }) => label)).toEqual(["(a)", "(b)", "(c)"]);
  });

  test("its item goes on in mid-sentence, then its next items, lists within too", async () => {
    const { parts } = await joined([
      page(1, [...intro, ...item("1.", 55000), { x: 5000, y: 57400, text: "2. an item that stops in the" }]),
      page(2, [
        { x: 6000, y: 8000, text: "middle of its sentence:" },
        ...item("•", 9200, 7000),
        ...item("•", 11600, 7000),
        ...item("3.", 14000),
        ...AFTER,
      ]),
    ]);
    everyLineOnce(parts);
    const lists = parts.flatMap((part) => part.blocks.filter((block) => block.kind === "list"));
    expect(lists.map((list) => list.items.map(({ label, blocks }) => [label, blocks.map((one) => one.kind)]))).toEqual([
      [
        ["1.", ["paragraph"]],
        ["2.", ["paragraph", "list"]],
        ["3.", ["paragraph"]],
      ],
    ]);
  });

  test.each([
    ["another number", "7."],
    ["another bullet", "•"],
  ])("%s makes another", async (_, label) => {
    const { parts } = await joined([
      page(1, [...intro, ...item("1.", 60000), ...item("2.", 62400)]),
      page(2, [...item(label, 8000), ...item(label === "7." ? "8." : label, 10400), ...AFTER]),
    ]);
    expect(parts[1]!.blocks[0]!.kind).toBe("list");
  });
});

test("a listing goes on, set in as it stands", async () => {
  const mono: Style = { ...BODY, family: "Mono", mono: true };
  const code = (y: number, lines: readonly string[]): RowSpec[] =>
    lines.map((line, i) => {
      const text = line.trimStart();
      return { x: 6000 + (line.length - text.length) * 500, y: y + i * LEADING, text, style: mono };
    });
  const { parts } = await joined([
    page(1, [...column(5000, 10000, [FULL, FULL, "and its end."]), ...code(60000, ["for (x of list) {", "  see(x);"])]),
    page(2, [...code(8000, ["  hear(x);", "  feel(x);", "}"].slice(0, 2)), ...AFTER]),
  ]);
  everyLineOnce(parts);
  const [listing] = parts[0]!.blocks.slice(-1) as [BlockOf<"code">];
  expect(listing.runs.map((run) => run.text)).toEqual(["for (x of list) {", "  see(x);", "  hear(x);", "  feel(x);"]);
});

test("a note and the text over it both go on", async () => {
  const mark = { ...RAISED, size: 500, rise: 300 };
  const note = (y: number, text: RowSpec["text"]): RowSpec => ({ x: 5000, y, text, style: SMALL });
  const { parts } = await joined([
    page(1, [
      ...column(5000, 10000, [FULL, FULL, FULL, FULL, FULL]),
      { x: 5000, y: 10000 + 5 * LEADING, text: ["and here a word", ["~1", RAISED], "and then it goes on over the"] },
      note(70000, [["1", mark], "~A note that has more to say than the foot of"]),
    ]),
    page(2, [
      ...column(5000, 10000, ["page until it stops."]),
      ...column(5000, 15000, [FULL, FULL, FULL, FULL, "and its end."]),
      note(70000, "a page has room for."),
    ]),
  ]);
  everyLineOnce(parts);
  const texts = (block: Block): string =>
    block.kind === "note"
      ? block.blocks.map(texts).join()
      : "runs" in block
        ? block.runs.map((r) => r.text).join("")
        : "";
  expect(parts[0]!.blocks.map(texts)[1]).toBe("A note that has more to say than the foot of a page has room for.");
  expect(parts[0]!.blocks.map(texts)[0]).toContain("goes on over the page until it stops.");
  expect(displayed(linesOf(parts))).toBe(write("mmd", parts));
});
