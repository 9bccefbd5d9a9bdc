/**
 * Adobe's corporate use of Unicode's private area → the characters that are meant: small capitals, old-style figures and the
 * pieces of large brackets, for which its glyph list had no other place. Data.
 */
const SMALL_CAPITALS = { first: 0xf761, last: 0xf77a } as const; // Asmall to Zsmall
const OLD_STYLE = { first: 0xf730, last: 0xf739 } as const; // zerooldstyle to nineoldstyle
const ACCENTED_SMALL = { first: 0xf7e0, last: 0xf7fe } as const; // Agravesmall to Thornsmall, as in Latin-1

const SINGLE: ReadonlyMap<number, number> = new Map(
  (
    [
      [0xf6de, "—"],
      [0xf6dc, "1"],
      [0xf6f9, "ł"],
      [0xf6fa, "œ"],
      [0xf6fd, "š"],
      [0xf6ff, "ž"],
      [0xf721, "!"],
      [0xf724, "$"],
      [0xf726, "&"],
      [0xf73f, "?"],
      [0xf7a2, "¢"],
      [0xf7ff, "ÿ"],
      [0xf8e5, "‾⏐⎯®©™⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪®©™⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭"],
    ] as const
  ).flatMap(([from, text]) => Array.from(text, (c, i): [number, number] => [from + i, c.codePointAt(0)!])),
);

/** @returns undefined where the list says nothing */
export function corporateUse(c: number): number | undefined {
  if (c >= SMALL_CAPITALS.first && c <= SMALL_CAPITALS.last) return c - SMALL_CAPITALS.first + 0x61;
  if (c >= OLD_STYLE.first && c <= OLD_STYLE.last) return c - OLD_STYLE.first + 0x30;
  if (c >= ACCENTED_SMALL.first && c <= ACCENTED_SMALL.last) return c - ACCENTED_SMALL.first + 0xe0;
  return SINGLE.get(c);
}
