/** What the benchmark says of a low score: the part, the words, the lines, the page. */
import { expect, test } from "vitest";
import { linesOfTruth, pageOf, reasonOf, wordsOf } from "./bench/engine/reasons.ts";

const TRUTH = [
  "# A heading of the page",
  "The first paragraph says what it has to say.",
  "The second one says more than that.",
];

test("parts that are low, words missing and too many, the lines that differ", () => {
  const ours = [
    "# A heading of the page",
    "The first paragraph says what it has to say.",
    "An advertisement nobody asked for.",
  ];
  const { sentence, lost, added } = reasonOf({ order: 0.99, tables: 0.4, headings: 0.8 }, TRUTH, ours, true);
  expect(sentence).toBe("tables 0.40, headings 0.80, 33.3 % of the words missing, 23.8 % too many");
  expect(lost).toEqual([TRUTH[2]]);
  expect(added).toEqual([ours[2]]);
});

test("the same text has no reason; a truth of tables alone says nothing about the rest", () => {
  expect(reasonOf({ order: 1 }, TRUTH, TRUTH, true)).toEqual({ sentence: "", lost: [], added: [] });
  const partial = reasonOf(
    { tables: 0.5 },
    linesOfTruth("<cell><content>Total 12</content></cell>", "a-str.xml"),
    TRUTH,
    false,
  );
  expect(partial).toEqual({ sentence: "tables 0.50, 100.0 % of the words missing", lost: ["Total 12"], added: [] });
});

test("the page to look at is where the words of the differing lines stand", () => {
  const pages = ["nothing of it", "the second one says more", "more"].map(wordsOf);
  expect(pageOf([TRUTH[2]!], pages)).toBe(2);
  expect(pageOf([], pages)).toBe(1);
});
