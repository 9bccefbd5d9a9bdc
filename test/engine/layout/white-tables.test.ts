/** Tables whose columns are parted by white alone, with rules above, between and below at most. */
import { describe, expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { Rule } from "../../../src/engine/page-lines.ts";
import { profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, page, type RowSpec } from "../page.ts";

type Table = BlockOf<"table">;

/** Texts at these places of a row; "" = nothing. */
function row(y: number, xs: readonly number[], texts: readonly string[]): RowSpec[] {
  return texts.flatMap((text, i) => (text === "" ? [] : [{ x: xs[i]!, y, text }]));
}

function flat(y: number, x0: number, x1: number): Rule {
  return { box: [x0, y - 25, x1, y + 25], horizontal: true, thickness: 50, color: 0xff };
}

function tablesOf(rows: readonly RowSpec[], rules: readonly Rule[]): string[][] {
  const lines = page(1, rows, { rules: [...rules] });
  return layOut(lines, profileOf(survey(lines)))
    .blocks.filter((block) => block.kind === "table")
    .map(said);
}

/** A text a row, its cells parted by "|" where they stand. */
function said(table: Table): string[] {
  return Array.from({ length: table.parts[0]!.to }, (_, at) => {
    const texts = Array.from({ length: table.columns }, () => "");
    for (const cell of table.cells.filter((one) => one.row === at)) {
      texts[cell.column] = cell.blocks
        .flatMap((block) => ("runs" in block ? block.runs.map((run) => run.text) : []))
        .join("");
    }
    return texts.join("|");
  });
}

const AT = [5000, 14000, 22000, 30000];

describe("stubs at half height", () => {
  const rows = [
    ...row(10000, AT, ["Group", "Setting", "First", "Second"]),
    ...[0, 1, 2].flatMap((i) => [
      ...row(11600 + 3000 * i, AT, ["", "before", `${12 + i}`, `${28 + i}`]),
      ...row(12200 + 3000 * i, AT, [["Open", "Closed", "Other"][i]!]),
      ...row(12800 + 3000 * i, AT, ["", "after", `${22 + i}`, `${18 + i}`]),
    ]),
  ];
  const rules = [9000, 10400, 13400, 16400, 19400].map((y) => flat(y, 4800, 33000));

  test("make a column of their own, and a row of figures below a row of figures is one, whatever its first letter", () => {
    expect(tablesOf(rows, rules)).toEqual([
      [
        "Group|Setting|First|Second",
        "Open|before|12|28",
        "|after|22|18",
        "Closed|before|13|29",
        "|after|23|19",
        "Other|before|14|30",
        "|after|24|20",
      ],
    ]);
  });
});

describe("what lies between two tables of one width", () => {
  const table = (y: number, names: readonly string[]) => ({
    rows: [
      ...row(y + 1200, AT, ["Name", "First", "Second", "Third"]),
      ...names.flatMap((name, i) => row(y + 2800 + 1400 * i, AT, [name, `${i + 1}.5`, `${i + 20}`, `${i + 7}.25`])),
    ],
    rules: [y, y + 1600, y + 2200 + 1400 * names.length].map((at) => flat(at, 4800, 33000)),
  });
  const names = (table: readonly string[]) => table.map((line) => line.split("|")[0]);
  const one = table(10000, ["Alpha", "Beta", "Gamma"]);

  test("another table far from their rules is none of their rows", () => {
    const other = table(32000, ["Delta", "Epsilon", "Zeta"]);
    const between = [
      ...row(22000, [15000, 20000], ["Day", "Cases"]),
      ...row(23400, [15000, 20000], ["3", "25"]),
      ...row(24800, [15000, 20000], ["4", "75"]),
      ...row(26200, [15000, 20000], ["5", "227"]),
    ];
    const found = tablesOf([...one.rows, ...between, ...other.rows], [...one.rules, ...other.rules]);
    expect(found.map(names)).toContainEqual(["Name", "Alpha", "Beta", "Gamma"]);
    expect(found.map(names)).toContainEqual(["Name", "Delta", "Epsilon", "Zeta"]);
  });

  test("a short paragraph is text, though a blank after its sentence is as wide as between cells", () => {
    const other = table(22000, ["Delta", "Epsilon", "Zeta"]);
    const between = [
      { x: 5000, y: 18200, text: "Food is our important lead and a team of good quality voted" },
      { x: 5000, y: 19400, text: "with a clear method of control." },
      { x: 5000 + 31 * 500 + 900, y: 19400, text: "Team" },
      { x: 5000, y: 20600, text: "speech of the past" },
    ];
    const found = tablesOf([...one.rows, ...between, ...other.rows], [...one.rules, ...other.rules]);
    expect(found.map(names)).toEqual([
      ["Name", "Alpha", "Beta", "Gamma"],
      ["Name", "Delta", "Epsilon", "Zeta"],
    ]);
  });

  test("a line of text over the first rule is no header", () => {
    const above = row(10000 - 2600, [5000, 13000, 23000, 29500], ["Then", "as before", "and again", "so"]);
    expect(tablesOf([...above, ...one.rows], one.rules).map(names)).toEqual([["Name", "Alpha", "Beta", "Gamma"]]);
  });
});

describe("headers of several lines", () => {
  const figures = [0, 1, 2, 3].flatMap((i) =>
    row(15200 + 1400 * i, AT, [`Name ${i}`, `${i + 1}.5`, `${i + 20}`, `${i + 7}.25`]),
  );
  const rules = [8600, 14000, 20200].map((y) => flat(y, 4800, 33000));

  test("a name at half height of two lines stands beside the first, though they are farther apart than lines of text", () => {
    const head = [
      ...row(10000, [17000], ["All of them"]),
      ...row(11000, AT, ["Method"]),
      ...row(12000, AT, ["", "Best", "Mean", "Last"]),
    ];
    const [table] = tablesOf([...head, ...figures], [...rules, flat(10400, 13800, 33000)]);
    expect(table!.length).toBe(6);
    expect(table!.slice(0, 2).map((line) => line.split("|").at(-1))).toEqual(["", "Last"]);
    expect(table![0]!.startsWith("Method|")).toBe(true);
  });

  test("a name over columns that have none on the next line is a row over it", () => {
    const head = [
      ...row(9800, AT, ["", "", "Data"]),
      ...row(11100, AT, ["Properties", "Tuned", "", "Aligned"]),
      ...row(12900, AT, ["", "Best", "Mean", "Last"]),
    ];
    const [table] = tablesOf([...head, ...figures], [...rules, flat(11500, 13800, 20000), flat(11500, 28000, 33000)]);
    expect(table![0]).toContain("Data");
    expect(table![0]).not.toContain("Tuned");
    expect(table![1]).toMatch(/^Properties\|Tuned\|/);
  });
});

describe("columns of figures set tight", () => {
  const rows = (style = BODY) => [
    ...row(10000, [5000, 14000, 22000], ["Model", "First", "Last"]),
    ...["0.61 0.84", "0.62 0.78", "0.16 0.06", "0.43 0.79"].flatMap((text, i) => [
      { x: 5000, y: 11600 + 1200 * i, text: `Name ${i}`, style },
      { x: 14000, y: 11600 + 1200 * i, text, style },
      { x: 22000, y: 11600 + 1200 * i, text: `${i}.25`, style },
    ]),
  ];
  const rules = [9000, 10400, 15600].map((y) => flat(y, 4800, 26000));

  test("are columns where the white between them stands at one place line after line", () => {
    const [table] = tablesOf(rows(), rules);
    expect(table!.slice(1)).toEqual([
      "Name 0|0.61|0.84|0.25",
      "Name 1|0.62|0.78|1.25",
      "Name 2|0.16|0.06|2.25",
      "Name 3|0.43|0.79|3.25",
    ]);
  });

  test("are none in type of one width, where every blank is as wide", () => {
    const [table] = tablesOf(rows({ ...BODY, mono: true }), rules);
    expect(table![1]!.split("|").length).toBe(3);
  });
});
