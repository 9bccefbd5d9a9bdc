import { expect, test } from "vitest";
import { noticesOf } from "../../src/engine/warnings.ts";

test("a sentence a code, with its pages as runs", () => {
  const pictures = [7, 1, 2, 3].map((page) => ({ code: "picture_only" as const, page }));
  const glyphs = { code: "undecodable_text" as const, page: 2, detail: "3 glyphs" };
  expect(noticesOf([pictures[0]!, glyphs, ...pictures.slice(1)])).toEqual([
    { code: "picture_only", text: expect.stringMatching(/^pages 1-3, 7: the page is a picture .* \(picture_only\)$/) },
    { code: "undecodable_text", text: expect.stringMatching(/^page 2: .* \(undecodable_text, 3 glyphs\)$/) },
  ]);
});

test("however many pages, the sentence stays one", () => {
  const odd = Array.from({ length: 1_000 }, (_, index) => ({ code: "picture_only" as const, page: 2 * index + 1 }));
  const [notice, ...more] = noticesOf(odd);
  expect(more).toEqual([]);
  expect(notice!.text).toContain("pages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 990 more: ");
});
