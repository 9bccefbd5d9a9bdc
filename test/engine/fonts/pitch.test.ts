import { expect, test } from "vitest";
import { findFixedPitch } from "../../../src/engine/fonts/pitch.ts";
import { codesOf, FONT, glyphsOf } from "./glyphs.ts";

const FLAGGED = { ...FONT, name: "Sheaf", flags: 1 };

function isFixed(text: string, narrow: number, font = FLAGGED): boolean {
  const glyphs = glyphsOf(codesOf(text).map((word) => [0, word]));
  for (let i = 0; i < glyphs.count; i++)
    if (/[ilt.]/.test(String.fromCodePoint(glyphs.unicode[i]!))) glyphs.advance[i] = narrow;
  return findFixedPitch(glyphs, [font]).has(0);
}

test("a font is of one pitch when it says so and its glyphs show it", () => {
  expect(isFixed("until 69.15", 500)).toBe(true);
  expect(isFixed("until 69.15", 250)).toBe(false);
  expect(isFixed("until 69.15", 500, { ...FONT, name: "Sheaf" })).toBe(false);
});

test("digits alone, or one letter, have one width in any font", () => {
  expect(isFixed("6915 h", 500)).toBe(false);
  expect(isFixed("漢字", 500)).toBe(false);
});
