/** Letters drawn in two are one: accents over their base in any order of writing, strokes through relations. */
import { expect, test } from "vitest";
import { extract } from "../../../src/engine/extract/index.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { host } from "../host.ts";
import { pdfWithMeanings } from "../readers/raw-pdf.ts";

/** In Helvetica's widths: C is 0.722 em, u 0.556, the accents and signs (codes of digits) 0.556. */
const MEANINGS = { "1": "\u00a8", "2": "\u02c7", "3": "\u0131", "4": "/", "5": "\u2208", "6": "\u2018", "7": "\u0338" };
const LETTERS = Object.fromEntries(Array.from("abcdefghijklmnopqrstuvwxyzABCDE=", (c) => [c, c]));

async function textOf(content: string): Promise<string> {
  const reader = await open(pdfWithMeanings(`BT /F 10 Tf ${content} ET`, { ...LETTERS, ...MEANINGS }), host);
  const { words } = extract(await reader.page(1));
  return words.map(({ text, gap }, i) => (gap > 0 && i > 0 ? ` ${text}` : text)).join("");
}

test.each([
  ["before its letter", "72 700 Td [(f) (1) 556 (ur) -278 (die)] TJ", "für die"],
  ["after its letter", "72 700 Td [(fu) 556 (1) (r)] TJ", "für"],
  ["over a letter without its dot", "72 700 Td [(na) (1) 417 (3) (ve)] TJ", "naïve"],
  ["over a capital, raised, written after the line", "72 700 Td (Cech) Tj 0.83 2.5 Td (2) Tj", "Čech"],
  ["through a relation", "72 700 Td [(4) 556 (5)] TJ", "∉"],
  ["through a relation, as a combining stroke", "72 700 Td [(7) 556 (=)] TJ", "≠"],
])("%s", async (_, content, text) => {
  expect(await textOf(content)).toBe(text);
});

test.each([
  ["a quote beside its word", "72 700 Td [(6) (abc)] TJ", "‘abc"],
  ["an accent that is shown alone", "72 700 Td [(a) -600 (1) -600 (b)] TJ", "a ¨ b"],
  ["a slash between letters", "72 700 Td [(a4b)] TJ", "a/b"],
])("not %s", async (_, content, text) => {
  expect(await textOf(content)).toBe(text);
});
