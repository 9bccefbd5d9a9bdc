import { describe, expect, test } from "vitest";
import type { Survey } from "../../../src/engine/profile.ts";
import {
  decodeSurvey,
  emptySurvey,
  encodeSurvey,
  mergeSurveys,
  profileOf,
  survey,
  withOutline,
} from "../../../src/engine/survey/index.ts";
import { BODY, column, HEAD, page, type RowSpec, TITLE } from "../page.ts";

const WORDS = "one body text of some words that runs over the line and is long enough to be the most".split(" ");

/** A small generator of its own, so that a failure can be repeated by its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function anyPage(number: number, next: () => number): Survey {
  const rows: RowSpec[] = [{ x: 5000, y: 3000, text: `Report ${number}` }];
  for (let i = 0; i < 12; i++) {
    const words = Array.from({ length: 3 + Math.floor(next() * 8) }, () => WORDS[Math.floor(next() * WORDS.length)]!);
    rows.push({ x: 5000, y: 10000 + 1200 * i, text: words.join(" "), style: next() < 0.2 ? HEAD : BODY });
  }
  return survey(page(number, rows));
}

describe("surveys merge by sum and union", () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))("in any order and grouping (seed %i)", (seed) => {
    const next = random(seed);
    const pages = Array.from({ length: 6 }, (_, i) => anyPage(i + 1, next));
    const straight = encodeSurvey(pages.reduce(mergeSurveys, emptySurvey()));
    const shuffled = pages
      .map((one) => ({ one, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
    expect(encodeSurvey(shuffled.reduce(mergeSurveys, emptySurvey()))).toEqual(straight);
    const [a, b] = [pages.slice(0, 2), pages.slice(2)].map((some) => some.reduce(mergeSurveys, emptySurvey()));
    expect(encodeSurvey(mergeSurveys(b!, a!))).toEqual(straight);
    expect(encodeSurvey(decodeSurvey(straight))).toEqual(straight);
  });

  test("and leave what they merge as it was", () => {
    const a = anyPage(1, random(1));
    const before = encodeSurvey(a);
    mergeSurveys(a, anyPage(2, random(2)));
    expect(encodeSurvey(a)).toEqual(before);
  });
});

test("a stored survey that was cut or is none is refused", () => {
  const bytes = encodeSurvey(anyPage(1, random(3)));
  expect(() => decodeSurvey(bytes.subarray(0, bytes.length - 4))).toThrow(RangeError);
  expect(() => decodeSurvey(new TextEncoder().encode("{}{}{}{}{}{}"))).toThrow(RangeError);
});

const text = WORDS.join(" ");
const document = [1, 2, 3, 4].map((number) =>
  page(number, [
    { x: 5000, y: 3000, text: "A Report on Things" },
    ...(number === 1 ? [{ x: 5000, y: 8000, text: "A Title Alone", style: TITLE }] : []),
    { x: 5000, y: 11000, text: `${number} Heading here`, style: HEAD },
    ...column(
      5000,
      13000,
      Array.from({ length: 20 }, () => text),
    ),
    { x: 30000, y: 78000, text: `${number + 6}` },
  ]),
);

test("the profile: body, headings, title, furniture", () => {
  const profile = profileOf(document.map(survey).reduce(mergeSurveys, emptySurvey()));
  expect(profile.bodySize).toBe(1000);
  expect([...profile.headings.entries()].map(([key, level]) => [key.split("|")[1], level])).toEqual([
    ["2000", 1],
    ["1414", 1],
  ]);
  expect(profile.title?.split("|")[1]).toBe("2000");
  expect([...profile.furniture].map((key) => key.split("|")[1]).sort()).toEqual(["", "a report on things"]);
});

test("numbers that do not grow with the pages are no page numbers", () => {
  const pages = [1, 2, 3, 4].map((number) =>
    page(number, [
      ...column(5000, 13000, [text, text]),
      { x: 30000, y: 78000, text: String([7, 3, 90, 12][number - 1]) },
    ]),
  );
  expect(profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey())).furniture.size).toBe(0);
});

describe("further in than heads and feet usually are", () => {
  const keysOf = (rows: (number: number) => RowSpec[], count = 6) =>
    [
      ...profileOf(
        Array.from({ length: count }, (_, i) => survey(page(i + 1, rows(i + 1)))).reduce(mergeSurveys, emptySurvey()),
      ).furniture,
    ].map((key) => key.split("|")[1]);
  const body = column(5000, 30000, [text, text, text, text]);
  const foot = { x: 5000, y: 64000, text: "preliminary draft, 24 September" };

  test("what stands apart from the text on most pages is furniture", () => {
    expect(keysOf(() => [...body, foot])).toEqual(["preliminary draft, september"]);
    expect(keysOf((n) => (n % 2 === 1 ? [...body, foot] : body))).toEqual(["preliminary draft, september"]);
  });

  test("not on a few pages, and not within the text", () => {
    expect(keysOf((n) => (n <= 3 ? [...body, foot] : body), 12)).toEqual([]);
    const within = column(5000, foot.y - 1200, [text, foot.text, text, text, text]);
    expect(keysOf(() => [...body, ...within])).toEqual([]);
  });

  test("the head row of a table that goes on is none", () => {
    const cells = (y: number, texts: string[]) => texts.map((one, i) => ({ x: 5000 + 15000 * i, y, text: one }));
    const table = (n: number) => [
      ...cells(12000, ["Name", "Place", "Price"]),
      ...Array.from({ length: 20 }, (_, i) =>
        cells(15000 + 1200 * i, [`one${n}`, `two${i}`, `${n * n * i}.50 each`]),
      ).flat(),
    ];
    expect(keysOf(table)).toEqual([]);
  });
});

test("a page's number before that of all pages", () => {
  const pages = [1, 2, 3, 4].map((number) =>
    page(number, [...column(5000, 30000, [text, text]), { x: 30000, y: 78000, text: `${number} / 4` }]),
  );
  expect(profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey())).furniture.size).toBe(1);
});

test("bookmarks are looked up whatever their case and punctuation", () => {
  const profile = withOutline(profileOf(emptySurvey()), {
    outline: [{ title: "1.  INTRO – a start", level: 2, page: 3, y: 0 }],
  });
  expect([...profile.outline]).toEqual([["3|1introastart", 2]]);
});

test("the one bookmark above all others is the title, and the levels begin below it", () => {
  const entry = (title: string, level: number, at = 1) => ({ title, level, page: at, y: 0 });
  const levels = (outline: ReturnType<typeof entry>[]) => [
    ...withOutline(profileOf(emptySurvey()), { outline }).outline.values(),
  ];
  expect(levels([entry("All", 1), entry("One", 2), entry("Sub", 3), entry("Two", 2, 4)])).toEqual([0, 1, 2, 1]);
  expect(levels([entry("One", 1), entry("Sub", 2), entry("Two", 1, 4)])).toEqual([1, 2, 1]);
  expect(levels([entry("Part", 1, 3), entry("One", 2, 4)])).toEqual([1, 2]);
  expect(levels([entry("Only", 1)])).toEqual([1]);
});

test("large lines are the title where there is no other heading; two of one style only as one text", () => {
  const titleOf = (rows: readonly string[]) => {
    const lines = page(1, [...column(5000, 9000, rows, TITLE), ...column(5000, 16000, [text, text, text])]);
    const { title, titleLines } = profileOf(survey(lines));
    return [title === null, titleLines];
  };
  expect(titleOf(["The title"])).toEqual([false, 0]);
  expect(titleOf(["What was", "How it was"])).toEqual([false, 2]);
});

test("slides' feet are not the body's type, though they have more letters than the text", () => {
  const small = { ...BODY, size: 600 };
  const slide = (number: number) =>
    page(number, [
      { x: 5000, y: 30000, text: "Rivers are long" },
      { x: 5000, y: 77000, text: "A. Weiss, University of the Rivers, Flow Control in May", style: small },
    ]);
  const bodyOf = (pages: readonly number[]) =>
    profileOf(pages.map((n) => survey(slide(n))).reduce(mergeSurveys)).bodySize;
  expect(bodyOf([1, 2, 3, 4])).toBe(1000);
  // On one page or two nobody knows that it is a foot.
  expect(bodyOf([1])).toBeLessThan(700);
});

test("what stands on the first page alone is no rank among a longer document's headings", () => {
  const dated = { ...BODY, size: 1700 };
  const pagesOf = (dates: readonly number[]) =>
    [1, 2, 3, 4].map((n) =>
      page(n, [
        ...(n === 1 ? [{ x: 5000, y: 12000, text: "The Book of Rivers", style: TITLE }] : []),
        ...(dates.includes(n) ? [{ x: 5000, y: 16000, text: "In the year of the flood", style: dated }] : []),
        { x: 5000, y: 20000, text: `${"abcd"[n - 1]} Heading here`, style: HEAD },
        ...column(5000, 24000, [text, text, text]),
      ]),
    );
  const levelOf = (dates: readonly number[]) => {
    const { headings } = profileOf(pagesOf(dates).map(survey).reduce(mergeSurveys));
    return [...headings].filter(([key]) => key.includes("|b|")).map(([, level]) => level);
  };
  expect(levelOf([1])).toEqual([1, 1]);
  expect(levelOf([1, 3])).toEqual([1, 2]);
});

test("code in letters a little larger than the text's is no heading; in much larger ones it may be", () => {
  const headings = (size: number, mono: boolean) => {
    const code = { ...BODY, family: "Sans", size, mono };
    const pages = [1, 2, 3].map((n) =>
      page(n, [
        ...column(5000, 12000, [text, text, text]),
        { x: 5000, y: 20000, text: "unpack the files", style: code },
      ]),
    );
    return profileOf(pages.map(survey).reduce(mergeSurveys)).headings.size;
  };
  expect([headings(1090, true), headings(1090, false), headings(1400, true)]).toEqual([0, 1, 1]);
});
