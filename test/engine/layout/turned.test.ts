/** Pages whose text is turned on an upright sheet are read as if the sheet were turned; boxes stay the sheet's. */
import { describe, expect, test } from "vitest";
import type { BlockOf } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import { type Turn, turnOf, turnPage } from "../../../src/engine/layout/turned.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, column, PAGE, page, type RowSpec } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";

const upright = (): PageLines =>
  page(1, [
    ...column(5000, 10000, [`The ${FULL}`, FULL, "and its end."]),
    ...["Name First Second", "Alpha 12.5 3", "Beta 7.25 14", "Gamma 101.0 9"].flatMap((row, r): RowSpec[] =>
      row.split(" ").map((text, c) => ({ x: 5000 + c * 12000, y: 30000 + r * 1500, text })),
    ),
  ]);

/** The same sheet with its text turned counter-clockwise. */
const turned = (turn: Turn): PageLines => turnPage(upright(), (360 - turn) as Turn);

const said = (lines: PageLines) =>
  layOut(lines, profileOf(survey(upright()))).blocks.map((block) =>
    block.kind === "table"
      ? block.cells.map((cell) => [cell.row, cell.column, ...cell.blocks.flatMap((one) => one.lines)])
      : "runs" in block
        ? block.runs.map((run) => run.text).join("")
        : block.kind,
  );

describe.each([90, 180, 270] as const)("turned by %i degrees", (turn) => {
  test("the same words in the same blocks and cells", () => {
    expect(turnOf(turned(turn))).toBe(turn);
    expect(said(upright()).length).toBe(2);
    expect(said(turned(turn))).toEqual(said(upright()));
  });

  test("boxes lie on the sheet where the words do", () => {
    const lines = turned(turn);
    expect(lines.size).toMatchObject(turn === 180 ? PAGE : { width: PAGE.height, height: PAGE.width });
    const made = layOut(lines, profileOf(survey(upright())));
    const table = made.blocks.find((block): block is BlockOf<"table"> => block.kind === "table")!;
    const inside = lines.words.slice(-12).map(({ box }) => box);
    expect(table.places[0]!.box).toEqual([
      Math.min(...inside.map((box) => box[0])),
      Math.min(...inside.map((box) => box[1])),
      Math.max(...inside.map((box) => box[2])),
      Math.max(...inside.map((box) => box[3])),
    ]);
    expect(made.size).toEqual(lines.size);
    for (const line of made.lines) expect(lines.lines.some(({ box }) => String(box) === String(line.box))).toBe(true);
  });

  test("turning there and back is the same page", () => {
    expect(turnPage(turned(turn), turn)).toEqual(upright());
  });
});

test("an upright page with a stamp and a turned label stays upright", () => {
  const stamp = { x: 1000, y: 60000, text: "arXiv:1234.5678v1 [cs.CL] 1 Jan 2020", angle: 90 };
  const lines = page(1, [...column(5000, 10000, Array<string>(12).fill(FULL)), stamp]);
  expect(turnOf(lines)).toBeNull();
});

test("an upright head and number on a turned page are furniture still", () => {
  const sheet = turned(90);
  const rows = page(1, [{ x: 20000, y: 3000, text: "A running head", style: BODY }]);
  const at = sheet.words.length;
  sheet.words.push(...rows.words.map((word) => ({ ...word, style: 0 })));
  sheet.lines.push(...rows.lines.map((line) => ({ ...line, from: line.from + at, to: line.to + at })));
  const profile = profileOf(survey(upright()));
  const pages = [1, 2, 3].map((number) =>
    page(number, [{ x: 20000, y: 3000, text: "A running head" }, ...column(5000, 10000, [FULL, FULL])], {
      size: { number, width: PAGE.height, height: PAGE.width, scale: 2 },
    }),
  );
  const heads = profileOf(pages.map(survey).reduce(mergeSurveys)).furniture;
  const made = layOut(sheet, { ...profile, furniture: heads });
  expect(made.blocks.filter((block) => block.kind === "furniture").map((block) => block.lines.length)).toEqual([1]);
});

test("a page number at the side of a turned sheet is one, as those at the foot of the others", () => {
  const foot = (number: number) => ({ x: 29000, y: 68000, text: `${number}` });
  const sheets = [1, 2, 3, 4].map((number) => page(number, [...column(5000, 10000, [FULL, FULL]), foot(number)]));
  const last = turnPage(sheets[3]!, 90);
  const rows = page(4, column(5000, 10000, [FULL, FULL, FULL]), { size: last.size });
  const number = last.lines.at(-1)!;
  const at = rows.words.length;
  rows.words.push(last.words[number.from]!);
  rows.lines.push({ ...number, from: at, to: at + 1 });
  const profile = profileOf([...sheets.slice(0, 3), rows].map(survey).reduce(mergeSurveys));
  const made = layOut(rows, profile);
  expect(made.blocks.filter((block) => block.kind === "furniture").map((block) => block.role)).toEqual(["pageNumber"]);
});

describe("column heads on their side", () => {
  const heads = ["Height", "Width", "Depth"];
  const rows = [
    ["Box A", "12", "2", "3"],
    ["Box B", "4", "35", "6"],
    ["Box C", "7", "8", "49"],
  ];
  const table = (extra: readonly RowSpec[]): PageLines => {
    const flat = rows.flatMap((row, r) => row.map((text, c) => ({ x: 5000 + c * 9000, y: 30000 + r * 1500, text })));
    const lines = page(1, [...column(5000, 10000, [`The ${FULL}`, FULL, "and its end."]), ...flat, ...extra]);
    heads.forEach((text, i) => {
      const [x, foot] = [14000 + i * 9000, 29000];
      const box = [x, foot - 500 * text.length, x + 1000, foot] as const;
      const from = lines.words.length;
      lines.words.push({ text, box, baseline: x + 800, style: 0, gap: 0, source: "native" });
      lines.lines.push({ from, to: from + 1, box, angle: 90 });
    });
    return lines;
  };
  const cellsOf = (lines: PageLines) => {
    const { blocks } = layOut(lines, profileOf(survey(lines)));
    const found = blocks.find((block): block is BlockOf<"table"> => block.kind === "table")!;
    return found.cells
      .filter((cell) => cell.row === 0 && cell.header)
      .sort((a, b) => a.column - b.column)
      .map((cell) => [
        cell.column,
        cell.blocks.map((one) => ("runs" in one ? one.runs.map((r) => r.text).join("") : "")).join(""),
      ]);
  };

  test("are cells of the head row", () => {
    expect(cellsOf(table([]))).toEqual([
      [1, "Height"],
      [2, "Width"],
      [3, "Depth"],
    ]);
  });

  test("far above the table are none", () => {
    const lines = table([]);
    const far = {
      ...lines,
      lines: lines.lines.map((line) =>
        line.angle === 0 ? line : { ...line, box: [line.box[0], 15000, line.box[2], 18000] as const },
      ),
    };
    expect(cellsOf(far)).not.toContainEqual([1, "Height"]);
  });
});
