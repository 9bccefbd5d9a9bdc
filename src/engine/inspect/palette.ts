/** The colours of marks: dark enough for white letters, apart enough to be told from each other. */
import type { Color } from "./canvas.ts";
import type { Layer, Mark } from "./marks.ts";

/** What is not listed is drawn in its layer's first colour. */
export const PALETTE: Readonly<Record<Layer, { name: string; kinds: Readonly<Record<string, Color>>; rest: Color }>> = {
  regions: {
    name: "block",
    rest: [60, 60, 60],
    kinds: {
      paragraph: [38, 97, 189],
      heading: [196, 30, 48],
      title: [130, 0, 60],
      authors: [150, 75, 110],
      abstract: [80, 110, 190],
      list: [0, 125, 60],
      table: [205, 95, 0],
      figure: [125, 50, 170],
      equation: [0, 130, 140],
      code: [110, 80, 40],
      contents: [110, 115, 0],
      note: [90, 110, 130],
      quote: [60, 130, 160],
      reference: [70, 90, 60],
      field: [200, 40, 140],
      furniture: [125, 125, 125],
    },
  },
  tables: { name: "table", rest: [205, 95, 0], kinds: {} },
  lines: { name: "line", rest: [0, 150, 170], kinds: {} },
  words: {
    name: "word",
    rest: [120, 120, 120],
    kinds: {
      native: [110, 150, 215],
      repaired: [225, 130, 0],
      ocr: [0, 150, 70],
      model: [0, 120, 150],
      undecodable: [215, 0, 40],
      hidden: [200, 0, 200],
    },
  },
  order: { name: "order", rest: [0, 0, 0], kinds: {} },
  proposals: { name: "proposal", rest: [120, 120, 120], kinds: {} },
};

export const arrowColor: Color = [215, 0, 135];
const TAKEN: Color = [0, 120, 40];
const REFUSED: Color = [150, 60, 60];

export function colorOf(mark: Pick<Mark, "layer" | "kind" | "chosen">): Color {
  if (mark.layer === "proposals") return mark.chosen === true ? TAKEN : REFUSED;
  const { kinds, rest } = PALETTE[mark.layer];
  return kinds[mark.kind] ?? rest;
}
