/** A hyphen at a line's end: the word's, the break's, or one that waits for the second half. */
import { expect, test } from "vitest";
import { judgeHyphen, wordHash } from "../../../src/engine/document/hyphens.ts";

const words = new Set(["conversion", "n-tridecanal", "employment"].map(wordHash));

test.each([
  ["a conver-", "sion", "join"],
  ["the inter-", "pretation", "join"],
  ["of n-", "tridecanal", "keep"],
  ["soft\u00ad", "ness", "join"],
  ["vor-", "und nachmittags", "space"],
  ["COVID-", "related", "keep"],
  ["a mixture-of-", "experts", "keep"],
  ["a 21-year-", "old bridge", "keep"],
  ["in self-employ-", "ment since", "join"],
  ["pages 3-", "4", "keep"],
])("%s|%s: %s", (first, second, verdict) => {
  expect(judgeHyphen(first, second, words)).toBe(verdict);
});
