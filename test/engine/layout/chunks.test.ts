import { expect, test } from "vitest";
import { isNumeric } from "../../../src/engine/layout/propose/chunks.ts";

test.each([
  "1,234.5",
  "(12)",
  "5 %",
  "12 kg",
  "3–4",
  "€ 7",
  "n/a",
  "N/A.",
  "—",
  "...",
  "***",
  "1 µ",
  "17 µm",
  "12 \u{1d400}",
])("%s is a figure", (text) => expect(isNumeric(text)).toBe(true));

test.each(["", "a", "na7", "Q1 of", "12 ab c d", "naïve", "м/с", "7 µm", "7\u{1d400}", "一二三"])(
  "%s is none",
  (text) => expect(isNumeric(text)).toBe(false),
);
