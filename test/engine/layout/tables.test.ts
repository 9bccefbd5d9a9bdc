/** Tables: what is one, what is none, and which words stand in which cell. */
import { describe, expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { Traced } from "../../../src/engine/layout/propose/proposal.ts";
import type { Fill, PageLines, Rule } from "../../../src/engine/page-lines.ts";
import { profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, page, type RowSpec, reach } from "../page.ts";

type Table = BlockOf<"table">;

/** Cells of text at columns 120 pt apart, rows 15 pt apart; "" = nothing. */
function cells(rows: readonly (readonly string[])[], at = { x: 5000, y: 10000, column: 12000, row: 1500 }): RowSpec[] {
  return rows.flatMap((row, r) =>
    row.flatMap((text, c) => (text === "" ? [] : [{ x: at.x + c * at.column, y: at.y + r * at.row, text }])),
  );
}

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

function tablesOf(lines: PageLines): Table[] {
  return layOut(lines, profileOf(survey(lines))).blocks.filter((block) => block.kind === "table");
}

/** Rows of texts; a span is told by its width and height. */
function said(table: Table): string[] {
  const rows = table.parts[0]!.to;
  return Array.from({ length: rows }, (_, row) =>
    table.cells
      .filter((cell) => cell.row === row)
      .sort((a, b) => a.column - b.column)
      .map((cell) => {
        const text = cell.blocks
          .map((block) => ("runs" in block ? block.runs.map((run) => run.text).join("") : ""))
          .join("");
        const span = cell.columnSpan > 1 || cell.rowSpan > 1 ? `${cell.columnSpan}x${cell.rowSpan}:` : "";
        return span + text;
      })
      .join("|"),
  );
}

const FIGURES = [
  ["Name", "First", "Second"],
  ["Alpha", "12.5", "3"],
  ["Beta", "7.25", "14"],
  ["Gamma", "101.0", "9"],
];

describe("parts and wholes", () => {
  const long = [
    ...FIGURES,
    ["Delta", "8.5", "2"],
    ["Epsilon", "4.5", "77"],
    ["Zeta", "9.0", "31"],
    ["Eta", "2.5", "6"],
  ];

  test("a box round the first rows does not make them a table of their own: the rows below have the same columns", () => {
    const box = grid([4800, 16500, 28500, 40000], [8900, 10400, 11900]);
    expect(tablesOf(page(1, cells(long), { rules: box })).map(said)).toEqual([long.map((row) => row.join("|"))]);
  });
});

describe("boxes that stand about", () => {
  test("notes in boxes set round each other are no table, though their edges make a grid", () => {
    const boxes: readonly (readonly [number, number, number, number])[] = [
      [5000, 10000, 25000, 20000],
      [25000, 10000, 35000, 30000],
      [15000, 30000, 35000, 40000],
      [5000, 20000, 15000, 40000],
      [15000, 20000, 25000, 30000],
    ];
    const rules = boxes.flatMap(([x0, y0, x1, y1]) => grid([x0, x1], [y0, y1]));
    const notes = boxes.flatMap(([x, y]) =>
      cells([["The annual market opens"], ["near the old bridge"]], { x: x + 400, y: y + 2000, column: 0, row: 1200 }),
    );
    expect(tablesOf(page(1, notes, { rules }))).toEqual([]);
  });
});

describe("unruled", () => {
  test("figures in columns are a table", () => {
    const [table] = tablesOf(page(1, cells(FIGURES)));
    expect(said(table!)).toEqual(["Name|First|Second", "Alpha|12.5|3", "Beta|7.25|14", "Gamma|101.0|9"]);
    expect(table!.cells.filter((cell) => cell.header).map((cell) => cell.row)).toEqual([0, 0, 0]);
  });

  test("the same at half and double size", () => {
    for (const scale of [0.5, 2]) {
      const style = { ...BODY, size: BODY.size * scale };
      const rows = cells(FIGURES, { x: 3000, y: 6000, column: 12000 * scale, row: 1500 * scale });
      const scaled = rows.map((row) => ({ ...row, text: [[String(row.text), style]] as const }));
      expect(said(tablesOf(page(1, scaled))[0]!)).toEqual(said(tablesOf(page(1, cells(FIGURES)))[0]!));
    }
  });

  test("rows as loose as a browser sets them: none is another's rest, and the last of one chunk stays with them", () => {
    const loose = { x: 5000, y: 10000, column: 12000, row: 3200 };
    const rows = cells([...FIGURES, ["Delta", "8.5", "2"]], loose);
    const section = { x: 5000, y: 10000 + 5 * 3200, text: "Later" };
    const last = cells([["Epsilon", "4.5", "77"]], { ...loose, y: 10000 + 6 * 3200 });
    expect(said(tablesOf(page(1, [...rows, section, ...last]))[0]!)).toEqual([
      "Name|First|Second",
      "Alpha|12.5|3",
      "Beta|7.25|14",
      "Gamma|101.0|9",
      "Delta|8.5|2",
      "Later",
      "Epsilon|4.5|77",
    ]);
  });

  test("a header whose words almost meet is cut where its parts stand at their columns' edges", () => {
    const head: RowSpec[] = [
      { x: 5000, y: 10000, text: "Museum" },
      { x: 12700, y: 10000, text: "Delivery" },
      { x: 17150, y: 10000, text: "Warehouse" },
    ];
    const body = [
      ["Alpha", "15700", "72"],
      ["Beta", "15200", "603"],
      ["Gamma", "15700", "41"],
      ["Delta", "15700", "57"],
    ].flatMap(([name, x, figure], r): RowSpec[] => [
      { x: 5000, y: 11500 + r * 1500, text: name! },
      { x: Number(x), y: 11500 + r * 1500, text: figure! },
      { x: 17150, y: 11500 + r * 1500, text: "School" },
    ]);
    const lines = page(1, [...head, ...body]);
    // One line of text, as a page that sets them so near has it.
    const [delivery, warehouse] = [lines.lines[1]!, lines.lines[2]!];
    lines.words[warehouse.from]!.gap = 450;
    lines.lines.splice(1, 2, {
      ...delivery,
      to: warehouse.to,
      box: [delivery.box[0], delivery.box[1], warehouse.box[2], delivery.box[3]],
    });
    expect(said(tablesOf(lines)[0]!)[0]).toBe("Museum|Delivery|Warehouse");
  });

  test("rules under the rows alone: the header above the first belongs to it, cells set at half height are one row", () => {
    const head = cells([["Name", "Figure", "Remark"]]);
    const row = (y: number, name: string, figure: string, lines: string[]): RowSpec[] => [
      { x: 5000, y: y + 600 * (lines.length - 1), text: name },
      { x: 17000, y: y + 600 * (lines.length - 1), text: figure },
      ...lines.map((text, i) => ({ x: 29000, y: y + i * 1200, text })),
    ];
    const body = [
      ...row(12000, "Alpha", "12.5", ["The river adopts", "the rural ticket"]),
      ...row(15600, "Beta", "7.25", [
        "The soup closes its",
        "policy during the",
        "report because the",
        "harvest improves",
      ]),
      ...row(21600, "Gamma", "9.75", ["Nothing"]),
    ];
    const rules = [10500, 14000, 20000, 22400].map((y) => rule(4800, y, 42000, y + 50));
    expect(said(tablesOf(page(1, [...head, ...body], { rules }))[0]!)).toEqual([
      "Name|Figure|Remark",
      "Alpha|12.5|The river adopts the rural ticket",
      "Beta|7.25|The soup closes its policy during the report because the harvest improves",
      "Gamma|9.75|Nothing",
    ]);
  });

  test("text of full width below the last row is not the rest of its last cell, though it ends where that does", () => {
    const text = "The harvest of the river was late, and all of it has gone";
    const last = [text, "to the town."].map((line, i) => ({ x: 5000, y: 16400 + i * 1200, text: line }));
    const rows = cells(FIGURES.map(([name, first, second]) => [name!, first!, `${second} of them`]));
    expect(said(tablesOf(page(1, [...rows, ...last]))[0]!)).toHaveLength(4);
  });

  test("a narrow column stretched to its width is none: its blanks are equal in a line and not from line to line", () => {
    const stretched = [
      ["river", "adopts", "all"],
      ["the", "old", "rivers"],
      ["that", "summers", "end"],
      ["a", "narrow", "forest"],
      ["every", "harvest", "is"],
      ["The", "museum", "to"],
      ["which", "winter", "put"],
      ["many", "bridge", "and"],
    ].flatMap((words, r) => {
      const blank = (12500 - words.reduce((sum, word) => sum + reach(word), 0)) / 2;
      let x = 5000;
      return words.map((text) => {
        const row = { x, y: 10000 + r * 1200, text };
        x += reach(text) + blank;
        return row;
      });
    });
    expect(tablesOf(page(1, stretched))).toEqual([]);
  });

  test("two columns of prose are none", () => {
    const words = "the quick brown fox jumps over a lazy dog and";
    const rows = Array.from({ length: 14 }, (_, r) =>
      [words, words].map((text, c) => ({ x: 4000 + c * 27000, y: 9000 + r * 1200, text })),
    );
    expect(tablesOf(page(1, rows.flat()))).toEqual([]);
  });

  test("a list of chapters with their pages is none", () => {
    const rows = [1, 7, 12, 30, 44].map((at, i) => [`Chapter about the matter ${"abcde"[i]}`, String(at)]);
    expect(tablesOf(page(1, cells(rows, { x: 5000, y: 10000, column: 40000, row: 1500 })))).toEqual([]);
  });
});

describe("ruled", () => {
  const XS = [4500, 16500, 28500, 40500];

  test("words go to the cells they stand in, empty ones stay", () => {
    const rows = [
      ["a", "b", "c"],
      ["some words", "", "other words"],
      ["d", "e", ""],
    ];
    const lines = page(1, cells(rows), { rules: grid(XS, [8800, 10400, 11900, 13400]) });
    expect(said(tablesOf(lines)[0]!)).toEqual(["a|b|c", "some words||other words", "d|e|"]);
  });

  test("where a rule is missing, a cell spans", () => {
    const rules = [
      ...[8800, 10400, 11900, 13400].map((y) => rule(4500, y, 40500, y)),
      ...[4500, 40500].map((x) => rule(x, 8800, x, 13400)),
      rule(16500, 8800, 16500, 13400),
      rule(28500, 10400, 28500, 13400),
    ];
    const rows = [
      ["a", "over both", ""],
      ["x", "1", "2"],
      ["y", "3", "4"],
    ];
    expect(said(tablesOf(page(1, cells(rows), { rules }))[0]!)).toEqual(["a|2x1:over both", "x|1|2", "y|3|4"]);
  });

  test("several rows of figures in one drawn row are rows", () => {
    const lines = page(1, cells(FIGURES), { rules: grid(XS, [8800, 10400, 15000]) });
    expect(said(tablesOf(lines)[0]!)).toEqual(["Name|First|Second", "Alpha|12.5|3", "Beta|7.25|14", "Gamma|101.0|9"]);
  });

  test("where every other row is shaded, the header, a high row between and the last belong to it", () => {
    const fills = [11000, 17000].flatMap((y): Fill[] =>
      [0, 1, 2].map((c) => ({ box: [4500 + c * 12000, y, 16500 + c * 12000, y + 1500], color: 0xddddddff })),
    );
    const rows = [
      ...cells([FIGURES[0]!, FIGURES[1]!]),
      ...cells([["Beta", "the rest", "14"]], { x: 5000, y: 13500, column: 12000, row: 1200 }),
      ...["of what was", "told of it"].map((text, i) => ({ x: 17000, y: 14700 + i * 1200, text })),
      ...cells([["Gamma", "101.0", "9"]], { x: 5000, y: 18000, column: 12000, row: 1200 }),
      ...cells([["Delta and", "4.5", "77"]], { x: 5000, y: 19500, column: 12000, row: 1200 }),
      { x: 5000, y: 20700, text: "its mouth" },
      { x: 5000, y: 23000, text: "The text after it goes over all of the three columns of the page" },
    ];
    expect(tablesOf(page(1, rows, { fills })).map(said)).toEqual([
      [
        "Name|First|Second",
        "Alpha|12.5|3",
        "Beta|the rest of what was told of it|14",
        "Gamma|101.0|9",
        "Delta and its mouth|4.5|77",
      ],
    ]);
  });

  test("a frame round one text is no table", () => {
    const rows = Array.from({ length: 6 }, (_, r) => ({
      x: 5000,
      y: 10000 + r * 1200,
      text: "words in a box that go on and on",
    }));
    expect(tablesOf(page(1, rows, { rules: grid([4500, 40500], [8800, 17500]) }))).toEqual([]);
  });
});

describe("between rules", () => {
  test("a header over two columns, told by the rule under it", () => {
    const rows = [
      ["", "Both of them", ""],
      ["Name", "First", "Second"],
      ["Alpha", "12.5", "3"],
      ["Beta", "7.25", "14"],
    ];
    const rules = [
      rule(5000, 8900, 33000, 8900),
      rule(17000, 10400, 33000, 10400),
      rule(5000, 11900, 33000, 11900),
      rule(5000, 15000, 33000, 15000),
    ];
    expect(said(tablesOf(page(1, cells(rows), { rules }))[0]!)).toEqual([
      "2x1:Both of them",
      "Name|First|Second",
      "Alpha|12.5|3",
      "Beta|7.25|14",
    ]);
  });
});

test("the trace tells every proposal and which was taken", () => {
  const traced: Traced[] = [];
  const lines = page(1, cells(FIGURES));
  layOut(lines, profileOf(survey(lines)), (proposals) => traced.push(...proposals));
  expect(traced.filter(({ chosen }) => chosen).map(({ proposal }) => proposal.kind)).toEqual(["table"]);
  expect(traced.every(({ proposal }) => Number.isFinite(proposal.score))).toBe(true);
});

test("a table is judged alike wherever it stands on the page", () => {
  const judgedAt = (down: number) => {
    const traced: Traced[] = [];
    const rows = cells(FIGURES, { x: 5000, y: 10000 + down, column: 12000, row: 1500 });
    // Each rule is drawn in two pieces that lie a little apart.
    const rules = [8900, 10450, 14900].flatMap((y) => [
      rule(4900, y + down, 20000, y + down),
      rule(20000, y + down + 120, 33000, y + down + 120),
    ]);
    const lines = page(1, rows, { rules });
    layOut(lines, profileOf(survey(lines)), (proposals) => traced.push(...proposals));
    return traced.map(({ proposal, chosen }) => [chosen, proposal.score]);
  };
  const plain = judgedAt(0);
  expect(plain.length).toBeGreaterThan(0);
  for (const down of [70, 150, 230, 310]) expect(judgedAt(down)).toEqual(plain);
});

test("rounding doesn't decide at which side a column's cells agree", () => {
  const alignedAt = (narrower: number) => {
    const rows = ["Second", "03", "14", "09"].flatMap((text, r): RowSpec[] => [
      { x: 5000, y: 10000 + r * 1500, text: FIGURES[r]![0]! },
      { x: 17000, y: 10000 + r * 1500, text: FIGURES[r]![1]! },
      // Of the same right edge whatever the width.
      {
        x: 29000 + (r === 2 ? narrower : 0),
        y: 10000 + r * 1500,
        text,
        style: { ...BODY, size: 1000 - (r === 2 ? narrower : 0) },
      },
    ]);
    const [table] = tablesOf(page(1, rows));
    return table!.cells.filter((cell) => cell.column === 2 && !cell.header).map((cell) => cell.align);
  };
  expect(alignedAt(0)).toEqual(["left", "left", "left"]);
  expect(alignedAt(2)).toEqual(alignedAt(0));
});
