/** Tables told by their shades alone: where one ends and the next begins. */
import { expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { Fill } from "../../../src/engine/page-lines.ts";
import { profileOf, survey } from "../../../src/engine/survey/index.ts";
import { page, type RowSpec } from "../page.ts";

/** Rows of cells, each shaded. */
function shaded(y: number, columns: readonly number[], rows: readonly (readonly string[])[]) {
  const fills: Fill[] = [];
  const texts: RowSpec[] = [];
  rows.forEach((row, r) => {
    row.forEach((text, c) => {
      const top = y + r * 1800;
      fills.push({ box: [columns[c]!, top, columns[c + 1]!, top + 1800], color: 0xddddddff });
      texts.push({ x: columns[c]! + 300, y: top + 1200, text });
    });
  });
  return { fills, texts };
}

test("two shaded tables of one width with a line of text between are two: sides do not go on through a text", () => {
  const first = shaded(
    10000,
    [5000, 20000, 35000, 50000],
    [
      ["Name", "First", "Second"],
      ["Alpha", "12.5", "3"],
      ["Beta", "7.25", "14"],
    ],
  );
  const between = { x: 5000, y: 16800, text: "What lies between the two of them is a line of the text and is no row" };
  const second = shaded(
    17600,
    [5000, 16000, 27000, 38000, 50000],
    [
      ["Place", "One", "Two", "Three"],
      ["Gamma", "1.5", "30", "4"],
      ["Delta", "2.25", "41", "5"],
    ],
  );
  const lines = page(1, [...first.texts, between, ...second.texts], { fills: [...first.fills, ...second.fills] });
  const tables = layOut(lines, profileOf(survey(lines))).blocks.filter((block) => block.kind === "table");
  expect(tables.map((table) => table.columns)).toEqual([3, 4]);
});

test("addresses above a shaded header are no row of it, and sums below the last row are a row each", () => {
  const columns = [5000, 8000, 22000, 30000, 40000];
  const head = shaded(20000, columns, [["Pos", "Description", "Price", "Amount"]]);
  const stripe = shaded(23600, columns, [["2", "Travel", "80.50", "80.50"]]);
  const plain = (y: number, cells: readonly string[]): RowSpec[] =>
    cells.flatMap((text, c) => (text === "" ? [] : [{ x: columns[c]! + 300, y: y + 1200, text }]));
  const rows = [
    ...plain(16600, ["Road", "Dock"]),
    ...plain(18000, ["London", "Leeds"]),
    ...plain(21800, ["1", "Consulting", "120.00", "1,200.00"]),
    ...plain(25400, ["3", "Hosting", "9.99", "119.88"]),
    ...plain(26900, ["", "", "Subtotal", "1,400.38"]),
    ...plain(28400, ["", "", "Total", "1,666.45"]),
  ];
  const fills = [...head.fills, ...stripe.fills];
  const lines = page(1, [...head.texts, ...stripe.texts, ...rows], { fills });
  const [table] = layOut(lines, profileOf(survey(lines))).blocks.filter((block) => block.kind === "table");
  const said = (row: number) =>
    table!.cells
      .filter((cell) => cell.row === row)
      .flatMap((cell) => cell.blocks)
      .map((block) => ("runs" in block ? block.runs.map((run) => run.text).join("") : ""))
      .filter((text) => text !== "");
  expect(Array.from({ length: table!.parts[0]!.to }, (_, row) => said(row))).toEqual([
    ["Pos", "Description", "Price", "Amount"],
    ["1", "Consulting", "120.00", "1,200.00"],
    ["2", "Travel", "80.50", "80.50"],
    ["3", "Hosting", "9.99", "119.88"],
    ["Subtotal", "1,400.38"],
    ["Total", "1,666.45"],
  ]);
});
