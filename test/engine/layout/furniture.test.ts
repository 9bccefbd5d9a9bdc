import { describe, expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, column, ITALIC, page, type RowSpec, SMALL, TITLE, tagged } from "../page.ts";

const LINE = "one body text of some words that runs over the line and is long enough to be the most";
const BODY_ROWS = column(5000, 16000, Array(30).fill(LINE));

/** Of each page, what is furniture: its role and text. */
function furnitureOf(pages: readonly PageLines[]): string[][] {
  const profile = profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()));
  return pages.map((lines) =>
    layOut(lines, profile).blocks.flatMap((block) =>
      block.kind === "furniture" ? [`${block.role}: ${block.runs.map((run) => run.text).join("")}`] : [],
    ),
  );
}

describe("heads whose text changes by chapter", () => {
  const CHAPTERS = ["Springs", "Springs", "Springs", "Deltas", "Deltas", "Deltas", "Bridges", "Birds"];
  const book = (rows: (chapter: string, number: number) => RowSpec[]) =>
    CHAPTERS.map((chapter, i) => page(i + 1, [...rows(chapter, i + 1), ...BODY_ROWS]));
  const head = (chapter: string): RowSpec => ({ x: 5000, y: 9000, text: `Of ${chapter}`, style: ITALIC });

  test("are told by their place, where most of them recur; the last stand on one page alone", () => {
    expect(furnitureOf(book((chapter) => [head(chapter)]))).toEqual(CHAPTERS.map((one) => [`head: Of ${one}`]));
  });

  test("not where each page has its own", () => {
    const pages = CHAPTERS.map((_, i) => page(i + 1, [head(`Record ${"abcdefgh"[i]}`), ...BODY_ROWS]));
    expect(furnitureOf(pages).flat()).toEqual([]);
  });

  test("not in a title's type: the titles of slides stand at one place too", () => {
    expect(furnitureOf(book((chapter) => [{ ...head(chapter), style: TITLE }])).flat()).toEqual([]);
  });

  test("are told by the page number beside them, whatever they say", () => {
    const pages = CHAPTERS.map((_, i) =>
      page(i + 1, [head(`Record ${"abcdefgh"[i]}`), { x: 50000, y: 9000, text: String(i + 41) }, ...BODY_ROWS]),
    );
    expect(furnitureOf(pages).map((found) => found.length)).toEqual(CHAPTERS.map(() => 1));
    expect(furnitureOf(pages)[0]).toEqual(["head: Of Record a 41"]);
  });
});

test("a chapter's first page has its number elsewhere; another number there is no page's", () => {
  const pages = (last: string) =>
    [1, 2, 3, 4, 5].map((n) =>
      page(n, [...BODY_ROWS, n < 5 ? { x: 50000, y: 4000, text: String(n + 6) } : { x: 30000, y: 72000, text: last }]),
    );
  expect(furnitureOf(pages("11"))[4]).toEqual(["pageNumber: 11"]);
  expect(furnitureOf(pages("57"))[4]).toEqual([]);
});

test("a section's number at a page's top is the section's, however it runs with the pages", () => {
  const pages = (title: (n: number) => RowSpec[]) =>
    [1, 2, 3].map((n) =>
      page(n, [
        { x: 5000, y: 9000, text: String(n), style: TITLE },
        ...title(n),
        ...column(5000, 16000, Array(30).fill(LINE)),
      ]),
    );
  const beside = (x: number) => (n: number) => [
    { x, y: 9000, text: ["Springs", "Deltas", "Birds"][n - 1]!, style: TITLE },
  ];
  expect(furnitureOf(pages(beside(9000))).flat()).toEqual([]);
  expect(furnitureOf(pages(beside(1000))).flat()).toEqual(["pageNumber: 1", "pageNumber: 2", "pageNumber: 3"]);
  expect(furnitureOf(pages(() => [])).flat()).toEqual(["pageNumber: 1", "pageNumber: 2", "pageNumber: 3"]);
});

describe("on a page alone", () => {
  const letter = (extra: RowSpec[]) =>
    page(1, [{ x: 5000, y: 4000, text: "Anna Weiss, 12 River Street" }, ...BODY_ROWS, ...extra]);

  test("a first line in the text's own type is text, but for a page that has a number", () => {
    expect(furnitureOf([letter([])])).toEqual([[]]);
    expect(furnitureOf([letter([{ x: 30000, y: 77000, text: "Page 1" }])])).toEqual([
      ["head: Anna Weiss, 12 River Street", "pageNumber: Page 1"],
    ]);
  });

  test("a menu of links at a page's top is text", () => {
    const menu = { x: 5000, y: 4000, text: "Home Products Contact", style: { ...BODY, color: 0x0000ffff } };
    expect(furnitureOf([page(1, [menu, ...BODY_ROWS])])).toEqual([[]]);
  });

  test("what a browser prints around a page goes, and not a letter's date", () => {
    const stamped = (foot: RowSpec[]) =>
      page(1, [
        { x: 2000, y: 2000, text: "11/24/26, 6:39 PM", style: SMALL },
        { x: 25000, y: 2000, text: "Your order 4711", style: SMALL },
        // Near enough that nothing tells the row from the text but what it says.
        ...column(5000, 3500, Array(60).fill(LINE)),
        ...foot,
      ]);
    const [address, count] = [
      { x: 2000, y: 78500, text: "https://shop.example/orders/4711", style: SMALL },
      { x: 55000, y: 78500, text: "1/1", style: SMALL },
    ];
    expect(furnitureOf([stamped([address, count])])).toEqual([
      ["head: 11/24/26, 6:39 PM Your order 4711", "foot: https://shop.example/orders/4711 1/1"],
    ]);
    expect(furnitureOf([stamped([address])]).flat()).toEqual([]);
  });
});

describe("a tagged page", () => {
  const rows = [
    { x: 5000, y: 4000, text: "Anna Weiss, 12 River Street", style: ITALIC },
    ...BODY_ROWS,
    { x: 30000, y: 74000, text: "internal paper" },
  ];
  const but = (text: string) => tagged(page(1, rows), (one) => (one === text ? null : "P"));

  test("what is not tagged at its edge is furniture, and what is tagged there is text", () => {
    expect(furnitureOf([but("internal paper")])).toEqual([["foot: internal paper"]]);
    expect(furnitureOf([page(1, rows)])).toEqual([["head: Anna Weiss, 12 River Street"]]);
  });

  test("a tree that holds little of the page says nothing", () => {
    expect(furnitureOf([but(LINE)])).toEqual([["head: Anna Weiss, 12 River Street"]]);
  });
});
