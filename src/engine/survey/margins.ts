/** The lines of a page's outer zone, counted by text without digits and by height: what recurs is furniture. */
import type { PageLines } from "../page-lines.ts";
import { marginEdge, marginKey, marginStep, NO_NUMBER, standing } from "../profile.ts";

/** Longer lines are text, whatever their place. */
const LONGEST_CHARS = 160;

export function noteMargins(margins: Map<string, { page: number; value: number }[]>, page: PageLines): void {
  const { number } = page.size;
  for (const line of page.lines) {
    const place = standing(line, page.size);
    if (place === null) continue;
    const { middle, height } = place;
    const text = page.words
      .slice(line.from, line.to)
      .map((word) => word.text)
      .join(" ");
    const edge = marginEdge(text, middle / height);
    if (edge === null || text.length > LONGEST_CHARS) continue;
    const key = marginKey(text, edge, marginStep(edge === "top" ? middle : height - middle, page.size));
    const places = margins.get(key) ?? [];
    places.push({ page: number, value: numberIn(text) });
    margins.set(key, places);
  }
}

/** The last Arabic number, else a Roman one standing alone. */
export function numberIn(text: string): number {
  const arabic = text.match(/\d+/g)?.at(-1);
  if (arabic !== undefined && arabic.length <= 6) return Number(arabic);
  const roman = /^[\s\W]*([ivxlc]+)[\s\W]*$/i.exec(text)?.[1];
  return roman === undefined ? NO_NUMBER : romanValue(roman.toLowerCase());
}

const ROMAN: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

function romanValue(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const here = ROMAN[text[i]!] ?? 0;
    value += here < (ROMAN[text[i + 1] ?? ""] ?? 0) ? -here : here;
  }
  return value;
}
