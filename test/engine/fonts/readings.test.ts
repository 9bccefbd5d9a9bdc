/** Fonts without a mapping, or with a wrong one, are read by what makes their text a language; nothing else is touched. */
import { describe, expect, test } from "vitest";
import { repairText } from "../../../src/engine/fonts/readings.ts";
import { type Font, GLYPH } from "../../../src/engine/page.ts";
import { codesOf, FONT, glyphsOf, readBack } from "./glyphs.ts";

const NAMED = { ...FONT, name: "Verdana", embedded: false };
const SENTENCE = "The narrow census obscures every facade while the discrete chorus follows a modern column";

function repaired(fonts: Font[], words: (readonly [number, readonly number[]])[], mapped: number[] = []): string {
  const glyphs = glyphsOf(words, mapped);
  repairText(glyphs, fonts);
  return readBack(glyphs);
}

const inFont = (font: number, codes: number[][]) => codes.map((word) => [font, word] as const);

describe("fonts without a mapping", () => {
  test("TeX's bitmap fonts, ligatures by the encoding of 1989", () => {
    const words = [...codesOf(SENTENCE), [0x6f, 0x0e, 0x63, 0x65], [0x65, 0x0e, 0x63, 0x69, 0x65, 0x6e, 0x74]];
    expect(repaired([FONT], inFont(0, words))).toBe(`${SENTENCE} oﬃce eﬃcient`);
  });

  test("the same by the Cork encoding, told by its ligatures alone; bullets in a font of their own", () => {
    const words = [...codesOf(SENTENCE), [0x6f, 0x1e, 0x63, 0x65], [0x65, 0x1e, 0x63, 0x69, 0x65, 0x6e, 0x74]];
    expect(repaired([FONT, FONT], [[1, [0x88]], ...inFont(0, words)])).toBe(`• ${SENTENCE} oﬃce eﬃcient`);
  });

  test("a short heading follows the text beside it, TeX's minus is a sign", () => {
    const page = [[1, [0x41, 0x62, 0x73]] as const, ...inFont(0, codesOf(SENTENCE)), [2, [0x00]] as const];
    expect(repaired([FONT, FONT, FONT], page)).toBe(`Abs ${SENTENCE} −`);
  });

  test("glyph numbers of a TrueType font, spaces among them, Cyrillic too", () => {
    const line = Array.from(SENTENCE, (c) => c.charCodeAt(0) - 29);
    expect(repaired([NAMED], [[0, line]])).toBe(SENTENCE);
    const cyrillic = Array.from("фланцы и переходы", (c) => (c === " " ? 3 : c.charCodeAt(0) - 0x1f6));
    expect(repaired([NAMED], [[0, cyrillic]])).toBe("фланцы и переходы");
  });

  test("letters that make no words stay unread", () => {
    expect(repaired([NAMED], inFont(0, [[0x18f, 0x2a1, 0x99], [0x311]]))).toBe("??? ?");
    expect(repaired([FONT], inFont(0, codesOf("xq zvw qkj xzq")))).toBe("?? ??? ??? ???");
  });

  test("the names of the embedded program hold, but not against words", () => {
    const names = new Map(Array.from("narrow", (c, i) => [i + 1, c.charCodeAt(0)]));
    expect(repaired([{ ...NAMED, glyphNames: names }], [[0, [1, 2, 3, 4, 5, 6, 7]]])).toBe("narrow?");
    const wrong = new Map(Array.from({ length: 200 }, (_, i) => [i, 0x41 + (i % 26)]));
    expect(repaired([{ ...NAMED, glyphNames: wrong }], inFont(0, codesOf(SENTENCE)))).toBe(SENTENCE);
  });

  test("a program that names no more than the ligatures a font leaves out", () => {
    const words = codesOf(`${SENTENCE} o\u001eer e\u001eort`);
    const glyphs = glyphsOf(inFont(0, words), [0]);
    for (let i = 0; i < glyphs.count; i++) if (glyphs.unicode[i] === 0x1e) glyphs.flags[i] = GLYPH.unmapped;
    repairText(glyphs, [{ ...NAMED, glyphNames: new Map([[0x1e, 0xfb00]]) }]);
    expect(readBack(glyphs)).toBe(`${SENTENCE} oﬀer eﬀort`);
  });

  test("small capitals and old-style figures of Adobe's private area", () => {
    expect(repaired([NAMED], [[0, [0xf773, 0xf76d, 0xf731]]], [0])).toBe("sm1");
  });
});

describe("fonts whose mapping lies", () => {
  test("an alphabet moved along is moved back", () => {
    expect(repaired([NAMED], inFont(0, codesOf(SENTENCE, 3)), [0])).toBe(SENTENCE);
  });

  test("a title moved along the order of a TrueType font's glyphs, where Ä follows on ~", () => {
    const title = "[ÉÇÉÜtuÄx VöÅtÜt wx W|ÑâàtwÉá wx Ät atv|™Ç";
    expect(repaired([NAMED], inFont(0, codesOf(title)), [0])).toBe("Honorable Cámara de Diputados de la Nación");
  });

  test("languages, names and numbers are left alone", () => {
    for (const text of [
      "Die Verordnung über die Festsetzung der Mindestpreise gilt für alle Betriebe des Landes und der Gemeinden",
      "0123456789 3141592653 2718281828 1414213562 1732050807 2236067977 2449489742 2645751311",
      "GATTACA CCGTTAGC AATGCCGT TTAGGCAT CGATCGAT GGCATTAC ACGTACGT TTGACCAG CATGCATG",
      "szczęście źdźbło chrząszcz brzmi trzcinie Szczebrzeszyn pszczoła wstrząs bezwzględny",
    ]) {
      expect(repaired([NAMED], inFont(0, codesOf(text)), [0])).toBe(text);
    }
  });
});
