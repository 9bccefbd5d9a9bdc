import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageBlocks } from "../../../src/engine/page-blocks.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, BOLD, column, HEAD, ITALIC, LEADING, page, RAISED, type RowSpec, SMALL, TITLE } from "../page.ts";

/** 60 letters, so a column of 30000 at 500 a letter. */
const FULL = "the lines of a paragraph are full to the edge of the column ";
const LAST = "and the last one is short.";

function paragraph(first = "The", last = LAST): string[] {
  return [`${first} ${FULL}`.slice(0, 60).trimEnd().padEnd(60, "x"), FULL.trim(), FULL.trim(), last];
}

function laid(rows: readonly RowSpec[], extra: Partial<PageLines> = {}, others: readonly PageLines[] = []): PageBlocks {
  const lines = page(1, rows, extra);
  return layOut(lines, profileOf([lines, ...others].map(survey).reduce(mergeSurveys, emptySurvey())));
}

function say(block: Block): string {
  if (block.kind === "list")
    return block.items.map((item) => `${item.label} ${item.blocks.map(say).join("|")}`).join(" / ");
  return "runs" in block ? block.runs.map((run) => run.text).join("") : block.kind;
}

const kinds = (blocks: PageBlocks): string[] => blocks.blocks.map((block) => block.kind);

describe("paragraphs", () => {
  test("white parts them; lines are joined with a blank", () => {
    const blocks = laid([
      ...column(5000, 10000, paragraph("One")),
      ...column(5000, 10000 + 5.5 * LEADING, paragraph("Two")),
    ]);
    expect(blocks.blocks.map((block) => say(block).slice(0, 8))).toEqual(["One the ", "Two the "]);
    expect(say(blocks.blocks[0]!)).toContain(`column ${FULL.slice(0, 9)}`);
  });

  test("an indent parts them, and a short last line before a capital", () => {
    const first = column(5000, 10000, paragraph("One"));
    const second = column(5000, 10000 + 4 * LEADING, paragraph("Two"));
    const third = column(5000, 10000 + 8 * LEADING, paragraph("Three", FULL.trim()));
    const fourth = column(5000, 10000 + 12 * LEADING, paragraph("Four"));
    fourth[0] = { ...fourth[0]!, x: 6500 };
    expect(laid([...first, ...second, ...third, ...fourth]).blocks.map((block) => say(block).split(" ")[0])).toEqual(
      ["One", "Two", "Three", "Four"].map((w) => expect.stringContaining(w)),
    );
  });

  test("ragged lines stay together: a line that had no room for the next word ends nothing", () => {
    const ragged = [
      "The quick brown fox went over the lazy dog and London",
      "Westminster was where it stood for an hour of the day and",
      "Then it went on until the very end came near.",
    ];
    expect(laid(column(5000, 10000, ragged)).blocks).toHaveLength(1);
  });

  test("a broken word is made whole by the document's own words, and each change is an edit", () => {
    const rows = column(5000, 10000, [
      "An inter-",
      "national body of well-",
      "known and state-",
      "of pre-",
      "and post-war. International is well-known here.",
    ]);
    const blocks = laid(rows);
    expect(say(blocks.blocks[0]!)).toBe(
      "An international body of well-known and state-of pre- and post-war. International is well-known here.".replace(
        "state-of",
        "state- of",
      ),
    );
    expect(blocks.edits).toEqual([{ line: "1.0", from: "-", to: "", reason: "hyphen" }]);
    expect(blocks.lines[0]!.text).toBe("An inter-");
  });

  test("styles become marks, raised type and links too", () => {
    const rows: RowSpec[] = [
      { x: 5000, y: 10000, text: ["Some", ["bold words", BOLD], "and", ["thin", ITALIC], ["~1", RAISED], "here"] },
    ];
    const link = { box: [4000, 9000, 8000, 10500] as const, uri: "http://x.y" };
    const [block] = laid(rows, { links: [link] }).blocks;
    expect(block!.kind === "paragraph" && block!.runs.map(({ text, marks, href }) => [text, marks, href])).toEqual([
      ["Some", 0, "http://x.y"],
      [" bold words", 1, undefined],
      [" and", 0, undefined],
      [" thin", 2, undefined],
      ["1", 32, undefined],
      [" here", 0, undefined],
    ]);
  });
});

describe("reading order", () => {
  const left = (y: number, n: number) =>
    column(
      5000,
      y,
      Array.from({ length: n }, (_, i) => `left ${i} of words to fill it up here`),
    );
  const right = (y: number, n: number) =>
    column(
      27000,
      y,
      Array.from({ length: n }, (_, i) => `right ${i} of words to fill it up now`),
    );
  const order = (rows: readonly RowSpec[]) =>
    laid(rows)
      .blocks.map(say)
      .join(" ")
      .match(/(left|right|wide|cell) ?\d*/g)!
      .filter((w) => /^(wide|cell)|0$/.test(w));

  test("columns one after the other, whether or not their baselines agree", () => {
    expect(order([...left(10000, 8), ...right(10000, 8)])).toEqual(["left 0", "right 0"]);
    expect(order([...left(10000, 8), ...right(10400, 8)])).toEqual(["left 0", "right 0"]);
  });

  test("a line over both columns parts the page", () => {
    const wide = (y: number): RowSpec => ({
      x: 5000,
      y,
      text: `wide ${"title over both of the columns of the page ".repeat(2)}`.trim(),
    });
    expect(
      order([wide(8000), ...left(10000, 5), ...right(10000, 5), wide(17500), ...left(19000, 5), ...right(19000, 5)]),
    ).toEqual(
      ["wide ", "left 0", "right 0", "wide ", "left 0", "right 0"]
        .map((w) => (w === "wide " ? "wide " : w))
        .map((w) => w),
    );
  });

  test("a segment that runs over a narrow gutter is cut where the other lines begin", () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({
      y: 10000 + i * LEADING,
      l: `left ${i} of words to fill it up here`,
      r: `right ${i} of words to fill it up now`,
    }));
    const pages = page(
      1,
      rows.flatMap(({ y, l, r }) => [
        { x: 5000, y, text: l },
        { x: 24000, y, text: r },
      ]),
    );
    // Lines 2 and 5 were read as one segment each.
    for (const at of [5, 2]) {
      const [a, b] = [pages.lines[2 * at]!, pages.lines[2 * at + 1]!];
      pages.words[b.from]!.gap = b.box[0] - a.box[2];
      pages.lines.splice(2 * at, 2, { ...a, to: b.to, box: [a.box[0], a.box[1], b.box[2], b.box[3]] });
    }
    const { blocks } = layOut(pages, profileOf(survey(pages)));
    // In small letters, with no stop before it, the second column goes on where the first ends.
    expect(blocks.map(say)).toEqual([[...rows.map(({ l }) => l), ...rows.map(({ r }) => r)].join(" ")]);
  });

  test("names side by side over two columns are read along their row", () => {
    const names = [
      { x: 9000, y: 7000, text: "right 0 name" },
      { x: 31000, y: 7000, text: "left 0 name" },
    ];
    expect(order([...names, ...left(10000, 8), ...right(10000, 8)])).toEqual([
      "right 0",
      "left 0",
      "left 0",
      "right 0",
    ]);
  });

  test("numbers of numbered lines are furniture, figures in a table are not", () => {
    const small = { ...BODY, size: 600 };
    const draft = Array.from(
      { length: 30 },
      (_, i): RowSpec => ({
        x: 5000,
        y: 8000 + i * 2000,
        text: i % 5 === 4 ? [FULL.trim(), [String(i + 1), small]] : FULL.trim(),
      }),
    );
    const roles = laid(draft).blocks.filter((block) => block.kind === "furniture");
    expect(roles.map((block) => [block.kind === "furniture" && block.role, say(block)])).toEqual(
      ["5", "10", "15", "20", "25", "30"].map((n) => ["lineNumber", n]),
    );
    const table = draft.map((row, i): RowSpec => ({ ...row, text: `cell and ${i + 1}` }));
    expect(laid(table).blocks.some((block) => block.kind === "furniture")).toBe(false);
  });

  test("cells of a table are read along the row", () => {
    const rows = Array.from({ length: 5 }, (_, r) =>
      [0, 1, 2].map((c) => ({ x: 5000 + c * 12000, y: 10000 + r * 1500, text: `cell ${r}${c}` })),
    ).flat();
    const said = laid(rows).blocks.flatMap((block) =>
      block.kind === "table" ? block.cells.flatMap((cell) => cell.blocks.map(say)) : [say(block)],
    );
    expect(said.join(" ").match(/\d\d/g)).toEqual(
      Array.from({ length: 5 }, (_, r) => [0, 1, 2].map((c) => `${r}${c}`)).flat(),
    );
  });

  test.each([
    ["a note", SMALL],
    ["one in typewriter face, as addresses are,", { ...SMALL, mono: true }],
  ])("a paragraph over the column's end is one, with both places; %s may stand between", (_, style) => {
    const a = [
      ...left(10000, 6),
      { x: 5000, y: 10000 + 6 * LEADING, text: "which then goes on into the next one of" },
      { x: 5000, y: 21000, text: "1 A note in small type stands here too.", style },
    ];
    const b = [
      { x: 27000, y: 10000, text: "the columns and ends there with a stop." },
      ...right(10000 + 2 * LEADING, 6),
    ];
    const { blocks } = laid([...a, ...b]);
    const joined = blocks.find((block) => say(block).includes("next one of the columns"));
    expect(joined?.places).toHaveLength(2);
  });
});

describe("headings, lists, furniture", () => {
  const body = column(5000, 14000, [...paragraph("One"), ...paragraph("Two"), ...paragraph("Three")]);

  test("a title, a numbered heading, tight above its text", () => {
    const blocks = laid([
      { x: 5000, y: 8000, text: "The title", style: TITLE },
      { x: 5000, y: 12800, text: "2.1 A heading", style: HEAD },
      ...body,
    ]);
    expect(kinds(blocks).slice(0, 3)).toEqual(["title", "heading", "paragraph"]);
    expect(blocks.blocks[1]).toMatchObject({ level: 2, number: "2.1" });
    expect(blocks.blocks[0]!.id).not.toBe(blocks.blocks[0]!.lines[0]);
  });

  test("a bookmark makes a heading of a line in body type", () => {
    const lines = page(1, [{ x: 5000, y: 12000, text: "Plain words" }, ...body]);
    const profile = { ...profileOf(survey(lines)), outline: new Map([["1|plainwords", 3]]) };
    expect(layOut(lines, profile).blocks[0]).toMatchObject({ kind: "heading", level: 3 });
    const root = { ...profile, outline: new Map([["1|plainwords", 0]]) };
    expect(layOut(lines, root).blocks[0]!.kind).toBe("title");
  });

  test("names under the title are the authors, words such as Abstract are headings in any type", () => {
    const blocks = laid([
      { x: 15000, y: 8000, text: "The title", style: TITLE },
      { x: 15000, y: 10500, text: "Anna B. Smith and Jean-Luc O’Neil", style: { ...BODY, size: 1200 } },
      { x: 15000, y: 12400, text: "Abstract" },
      ...body,
    ]);
    expect(kinds(blocks).slice(0, 4)).toEqual(["title", "authors", "heading", "abstract"]);
  });

  test("a table of contents is one block, its headings none", () => {
    const entries: RowSpec[] = [
      { x: 5000, y: 40000, text: "1 Beginning .......... 3", style: BOLD },
      { x: 6500, y: 41500, text: "1.1 More ............. 4" },
      { x: 5000, y: 43000, text: "2 Ending", style: BOLD },
      { x: 30000, y: 43000, text: "17", style: BOLD },
    ];
    const contents = laid([...body, ...entries]).blocks.at(-1)!;
    expect(contents.kind === "contents" && contents.entries.map(({ level, page: at }) => [level, at])).toEqual([
      [1, "3"],
      [2, "4"],
      [1, "17"],
    ]);
    expect(contents.kind === "contents" && contents.entries[0]!.runs.map(({ text }) => text)).toEqual(["1 Beginning"]);
  });

  test("a contents entry of two lines is one; its level is its indent's, or its number's where none is set in", () => {
    const entries: RowSpec[] = [
      { x: 5000, y: 40000, text: "1 Beginning .......... 3" },
      { x: 5000, y: 41200, text: "1.1 More ............. 4" },
      { x: 5000, y: 42400, text: "2 Preconstructing what goes" },
      { x: 5800, y: 43600, text: "(or otherwise) ....... 5" },
      { x: 5000, y: 44800, text: "3 Ending ............. 17" },
    ];
    const contents = laid([...body, ...entries]).blocks.at(-1)!;
    const texts =
      contents.kind === "contents" &&
      contents.entries.map(({ runs, level, page: at }) => [runs.map(({ text }) => text).join(""), level, at]);
    expect(texts).toEqual([
      ["1 Beginning", 1, "3"],
      ["1.1 More", 2, "4"],
      ["2 Preconstructing what goes (or otherwise)", 1, "5"],
      ["3 Ending", 1, "17"],
    ]);
  });

  test("who owns the text is no heading, whatever its type", () => {
    const rows = [{ x: 5000, y: 40000, text: "© 2020 The Project Team", style: HEAD }];
    expect(laid([...body, ...rows]).blocks.at(-1)!.kind).toBe("paragraph");
  });

  test("what is set like a heading but is a caption or a table's head is none", () => {
    const style = HEAD;
    const rows: RowSpec[] = [
      { x: 5000, y: 8000, text: "Table 1: Words", style },
      { x: 5000, y: 11000, text: "One", style },
      { x: 15000, y: 11000, text: "Two", style },
    ];
    expect(kinds(laid([...rows, ...body])).slice(0, 2)).toEqual(["paragraph", "paragraph"]);
  });

  test("glyphs that nobody can read are no text, but they have their place", () => {
    const lines = page(1, [{ x: 5000, y: 10000, text: "see \ufffd\ufffd here" }]);
    lines.words[1]!.source = "undecodable";
    const blocks = layOut(lines, profileOf(survey(lines)));
    expect(say(blocks.blocks[0]!)).toBe("see here");
    expect(blocks.lines[0]!.text).toBe("see \ufffd\ufffd here");
  });

  test("a sentence in larger type is no heading", () => {
    expect(kinds(laid([{ x: 5000, y: 8000, text: "This is a sentence, and it ends.", style: HEAD }, ...body]))[0]).toBe(
      "paragraph",
    );
  });

  test("lists: bullets with hanging lines, numbers only in sequence", () => {
    const list: RowSpec[] = [
      { x: 5000, y: 30000, text: "• first thing" },
      { x: 6000, y: 31200, text: "that goes on" },
      { x: 5000, y: 32400, text: "• second thing" },
      { x: 5000, y: 35000, text: "1. one" },
      { x: 5000, y: 36200, text: "2. two" },
      { x: 5000, y: 39000, text: "7. alone it is no list" },
    ];
    const blocks = laid([...body, ...list]).blocks.slice(3);
    expect(blocks.map((block) => block.kind)).toEqual(["list", "list", "paragraph"]);
    expect(blocks.map(say)).toEqual([
      "• first thing that goes on / • second thing",
      "1. one / 2. two",
      "7. alone it is no list",
    ]);
  });

  test("running heads by recurrence, page numbers by arithmetic, stamps and hidden text apart", () => {
    const others = [2, 3, 4].map((n) =>
      page(n, [
        { x: 5000, y: 4000, text: "A running head" },
        { x: 29000, y: 77000, text: String(n + 9) },
      ]),
    );
    const blocks = laid(
      [
        { x: 5000, y: 4000, text: "A running head" },
        ...body,
        { x: 29000, y: 77000, text: "10" },
        { x: 1000, y: 40000, text: "stamp", angle: 90 },
        { x: 5000, y: 60000, text: "unseen words", hidden: true },
      ],
      {},
      others,
    );
    const roles = blocks.blocks.map((block) => (block.kind === "furniture" ? block.role : block.kind));
    expect(roles).toEqual(["head", "paragraph", "paragraph", "paragraph", "pageNumber", "margin", "hidden"]);
  });
});

test("a note in the margin follows the paragraph it stands beside, and parts none", () => {
  const rows = [
    ...column(5000, 10000, paragraph("First")),
    { x: 37000, y: 10000 + LEADING, text: "a note", style: SMALL },
    ...column(5000, 17000, paragraph("Second")),
    ...column(37000, 17000 + LEADING, ["another note on", "two lines"], SMALL),
    ...column(5000, 24000, paragraph("Third")),
  ];
  const said = laid(rows).blocks.map((block) => say(block).split(" ").slice(0, 2).join(" "));
  expect(said).toEqual(["First the", "a note", "Second the", "another note", "Third the"]);
});

test("a paragraph that stands around a box goes on under it", () => {
  const rows = [
    ...column(5000, 10000, Array(4).fill("words beside the box that fill the line")),
    ...column(28000, 10300, ["Inside it stand words", "of the box in its lines", "that end where it ends."], ITALIC),
    { x: 5000, y: 10000 + 4 * LEADING, text: `under it they go on, ${FULL}` },
    { x: 5000, y: 10000 + 5 * LEADING, text: LAST },
  ];
  const said = laid(rows).blocks.map((block) => say(block));
  expect(said.map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual(["words beside", "Inside it"]);
  expect(said[0]).toContain("fill the line under it they go on");
});

test("columns of turned text at the page's side are no stamps", () => {
  const upright = [
    { x: 1000, y: 10000, text: "upright words that stand over what is turned" },
    ...column(30000, 50000, [FULL, LAST]),
  ];
  const side = [1000, 2500, 4000].map((x) => ({ x, y: 30000, text: "side", angle: 270 }));
  const roles = (rows: readonly RowSpec[]) =>
    laid(rows).blocks.flatMap((block) => (block.kind === "furniture" ? [block.role] : []));
  expect(roles([...upright, ...side])).toEqual([]);
  // Nor is a single one within the text's reach; beside all text it is.
  expect(roles([...upright, side[1]!])).toEqual([]);
  expect(roles([...upright.slice(1), side[1]!])).toEqual(["margin"]);
});

test("every word lies in exactly one block", () => {
  const rows = [
    { x: 5000, y: 4000, text: "Head" },
    ...column(5000, 10000, paragraph()),
    { x: 5000, y: 20000, text: "• a" },
    { x: 5000, y: 22000, text: ["seen", ["unseen", BODY]] as const },
    { x: 30000, y: 22000, text: "turned", angle: 45 },
  ];
  const blocks = laid(rows);
  expect(blocks.blocks.flatMap((block) => block.lines).sort()).toEqual(blocks.lines.map((line) => line.id).sort());
});
