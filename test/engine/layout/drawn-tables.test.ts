/** Tables that are drawn whole: what is drawn is true, whatever stands in it. */
import { describe, expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageLines, Rule } from "../../../src/engine/page-lines.ts";
import { profileOf, survey } from "../../../src/engine/survey/index.ts";
import { page, type RowSpec } from "../page.ts";

type Table = BlockOf<"table">;

const rule = (x0: number, y0: number, x1: number, y1: number): Rule => ({
  box: [x0, y0, x1, y1],
  horizontal: x1 - x0 > y1 - y0,
  thickness: 50,
  color: 0xff,
});

/** All lines of a grid with these edges. */
function grid(xs: readonly number[], ys: readonly number[]): Rule[] {
  return [...ys.map((y) => rule(xs[0]!, y, xs.at(-1)!, y)), ...xs.map((x) => rule(x, ys[0]!, x, ys.at(-1)!))];
}

/** Edges `step` apart. */
const edges = (from: number, step: number, count: number) =>
  Array.from({ length: count + 1 }, (_, i) => from + i * step);

/** Texts in a grid whose cells begin at these edges. */
function texts(rows: readonly (readonly string[])[], xs: readonly number[], ys: readonly number[]): RowSpec[] {
  return rows.flatMap((row, r) =>
    row.flatMap((text, c) => (text === "" ? [] : [{ x: xs[c]! + 300, y: ys[r]! + 1100, text }])),
  );
}

function said(lines: PageLines): string[][] {
  const tables = layOut(lines, profileOf(survey(lines))).blocks.filter(
    (block): block is Table => block.kind === "table",
  );
  return tables.map((table) =>
    Array.from({ length: table.parts[0]!.to }, (_, row) =>
      Array.from({ length: table.columns }, (_, column) => {
        const cell = table.cells.find((one) => one.row === row && one.column === column);
        return (cell?.blocks ?? [])
          .map((block) => ("runs" in block ? block.runs.map((run) => run.text).join("") : ""))
          .join("");
      }).join("|"),
    ),
  );
}

describe("a grid drawn on all sides", () => {
  test("its empty columns and rows stay, however few of its cells are filled", () => {
    const rows = [
      ["Name", "", "Mar", "", ""],
      ["Alpha", "", "3", "", ""],
      ["", "", "", "", ""],
      ["Beta", "", "", "", ""],
      ["Gamma", "", "9", "", ""],
    ];
    const [xs, ys] = [edges(5000, 6000, 5), edges(10000, 1600, 5)];
    expect(said(page(1, texts(rows, xs, ys), { rules: grid(xs, ys) }))).toEqual([rows.map((row) => row.join("|"))]);
  });

  test("shades of many cells are no chart's bars when the cells are drawn", () => {
    const xs = edges(5000, 8000, 6);
    const tables = [10000, 16000, 22000].map((y) => {
      const ys = edges(y, 1600, 2);
      const below = edges(y + 1600, 1600, 1);
      const head = [["Claim", "Kind", "Date", "Amount", "State", "Person"]];
      return {
        rows: [
          ...texts(head, xs, ys),
          { x: 5300, y: y + 2700, text: "No results" },
          { x: 5000, y: y - 1200, text: "Claims that go with this one" },
        ],
        rules: [...grid(xs, [y, y + 1600]), ...grid([xs[0]!, xs.at(-1)!], [y + 1600, below[1]!])],
        fills: xs.slice(1).map((x, i) => ({ box: [xs[i]!, y, x, y + 1600] as const, color: 0xccd5daff })),
      };
    });
    const all = page(
      1,
      tables.flatMap(({ rows }) => rows),
      {
        rules: tables.flatMap(({ rules }) => rules),
        fills: tables.flatMap(({ fills }) => fills),
      },
    );
    expect(said(all)).toHaveLength(3);
  });

  test("the same with few words", () => {
    const rows = [
      ["Kind", "", "Sum"],
      ["A", "", "4"],
    ];
    const [xs, ys] = [edges(5000, 6000, 3), edges(10000, 1600, 2)];
    expect(said(page(1, texts(rows, xs, ys), { rules: grid(xs, ys) }))).toEqual([["Kind||Sum", "A||4"]]);
  });

  test("two of them nearer than edges that are one are two, when they end at different places", () => {
    const [upper, lower] = [
      [
        ["Name", "First", "Second"],
        ["Alpha", "1", "2"],
      ],
      [
        ["Place", "Time"],
        ["Harbour", "12:40"],
      ],
    ];
    const [xs, ys, narrow, below] = [
      edges(5000, 9000, 3),
      edges(10000, 1600, 2),
      edges(5000, 11000, 2),
      edges(13400, 1600, 2),
    ];
    const rows = [...texts(upper!, xs, ys), ...texts(lower!, narrow, below)];
    const rules = [...grid(xs, ys), ...grid(narrow, below)];
    expect(said(page(1, rows, { rules }))).toEqual([
      ["Name|First|Second", "Alpha|1|2"],
      ["Place|Time", "Harbour|12:40"],
    ]);
  });

  test("and of one width, when nothing of the lower is cut where the upper is", () => {
    const [xs, ys] = [edges(5000, 8000, 3), edges(10000, 1600, 2)];
    const [others, below] = [edges(5000, 12000, 2), edges(13400, 1600, 2)];
    const upper = texts(
      [
        ["Name", "First", "Second"],
        ["Alpha", "1", "2"],
      ],
      xs,
      ys,
    );
    const lower = texts(
      [
        ["Place", "Time"],
        ["Harbour", "12:40"],
      ],
      others,
      below,
    );
    const rules = [...grid(xs, ys), ...grid(others, below)];
    expect(said(page(1, [...upper, ...lower], { rules }))).toHaveLength(2);
  });

  test("a row that the page's end cuts is one, though no rule is under it", () => {
    const [xs, ys] = [edges(5000, 8000, 4), edges(10000, 1600, 4)];
    const rows = [
      ["Name", "", "Sum", ""],
      ["Alpha", "", "4", ""],
      ["Beta", "", "5", ""],
      ["Gamma", "", "", ""],
    ];
    const open = grid(xs, ys).filter(({ box }) => box[1] !== ys.at(-1)! || box[3] !== ys.at(-1)!);
    expect(said(page(1, texts(rows, xs, ys), { rules: open }))).toEqual([rows.map((row) => row.join("|"))]);
  });

  test("a double rule within one does not part it", () => {
    const [xs, ys] = [edges(5000, 9000, 3), edges(10000, 1600, 3)];
    const rows = [
      ["Name", "First", "Second"],
      ["Alpha", "1", "2"],
      ["Beta", "3", "4"],
    ];
    const halves = [...grid(xs, [10000, 11500]), ...grid(xs, [11700, 13200, 14800])];
    expect(said(page(1, texts(rows, xs, ys), { rules: halves }))).toEqual([rows.map((row) => row.join("|"))]);
  });
});

describe("uprights in some rows alone", () => {
  const [xs, ys] = [edges(5000, 12000, 3), edges(10000, 1600, 4)];
  const rows = [
    ["Driver", "Library", "Printer"],
    ["Island", "42", "580"],
    ["Policy", "Often", "62"],
    ["Station", "17", "n/a"],
  ];
  const frame = [
    ...ys.map((y) => rule(xs[0]!, y, xs.at(-1)!, y)),
    ...[xs[0]!, xs.at(-1)!].map((x) => rule(x, ys[0]!, x, ys.at(-1)!)),
  ];
  const inRow = (row: number) => xs.slice(1, -1).map((x) => rule(x, ys[row]!, x, ys[row + 1]!));

  test("every other row drawn without them is not merged", () => {
    const lines = page(1, texts(rows, xs, ys), { rules: [...frame, ...inRow(1), ...inRow(3)] });
    expect(said(lines)).toEqual([rows.map((row) => row.join("|"))]);
  });

  test("a header drawn over a body that has only its outer border does not make one cell of the body", () => {
    const outer = frame.filter(({ box, horizontal }) => !horizontal || box[1] <= ys[1]! || box[1] === ys.at(-1));
    expect(said(page(1, texts(rows, xs, ys), { rules: [...outer, ...inRow(0)] }))).toEqual([
      rows.map((row) => row.join("|")),
    ]);
  });

  test("a cell over all columns stays one where its text is one", () => {
    const merged = [rows[0]!, ["A section that runs on over all of the columns"], ...rows.slice(1, 3)];
    const lines = page(1, texts(merged, xs, ys), { rules: [...frame, ...inRow(0), ...inRow(2), ...inRow(3)] });
    expect(said(lines)[0]![1]).toBe("A section that runs on over all of the columns||");
  });
});

describe("rows in a drawn row", () => {
  const xs = edges(5000, 15000, 3);
  const rules = grid(xs, [10000, 11600, 22000]);
  const head = texts([["Source", "What it is", "Such as"]], xs, [10000]);
  const cell = (column: number, y: number, lines: readonly string[]): RowSpec[] =>
    lines.map((text, i) => ({ x: xs[column]! + 300, y: y + i * 1200, text }));

  test("white that goes through all cells parts them, and each wrapped cell is one", () => {
    const rows = [
      ...cell(0, 13000, ["Major"]),
      ...cell(1, 13000, ["Ten tons a year or more", "of any one toxic"]),
      ...cell(2, 13000, ["Refineries and the", "steel works"]),
      ...cell(0, 17800, ["Area"]),
      ...cell(1, 17800, ["Less than ten tons of", "any one toxic"]),
      ...cell(2, 17800, ["Dry cleaners and the", "paint shops"]),
    ];
    expect(said(page(1, [...head, ...rows], { rules }))).toEqual([
      [
        "Source|What it is|Such as",
        "Major|Ten tons a year or more of any one toxic|Refineries and the steel works",
        "Area|Less than ten tons of any one toxic|Dry cleaners and the paint shops",
      ],
    ]);
  });

  test("dates that are broken at their hyphens in narrow cells are one row", () => {
    const narrow = edges(5000, 3000, 3);
    const date = (column: number, top: string, foot: string): RowSpec[] => [
      { x: narrow[column]! + 300, y: 12700, text: top },
      { x: narrow[column]! + 300, y: 13900, text: foot },
    ];
    const dates = [...date(0, "2018-", "06-24"), ...date(1, "1994-", "07-28"), ...date(2, "2020-", "09-27")];
    const names = texts([["From", "Until", "Again"]], narrow, [10000]);
    expect(said(page(1, [...names, ...dates], { rules: grid(narrow, [10000, 11600, 14500]) }))[0]).toHaveLength(2);
  });

  test("without a name for each in the first column they are paragraphs of one", () => {
    const rows = [
      ...cell(0, 13000, ["Major"]),
      ...cell(1, 13000, ["Ten tons a year or more", "of any one toxic"]),
      ...cell(2, 13000, ["Refineries and the", "steel works"]),
      ...cell(1, 17800, ["Less than ten tons of", "any one toxic"]),
      ...cell(2, 17800, ["Dry cleaners and the", "paint shops"]),
    ];
    expect(said(page(1, [...head, ...rows], { rules }))[0]).toHaveLength(2);
  });
});
