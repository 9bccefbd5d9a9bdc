/** The number that a page says it has. */

/** A text that holds none. */
export const NO_NUMBER = -1;

const PAGE_NUMBER =
  /^[\s\p{P}|]*(?:(?:page|seite|p\.|стр\.?)\s*)?(\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|\/|von)\s*\d{1,4})?[\s\p{P}|]*$/iu;

const OF_ALL = /(?<!\d)(\d{1,5})\s*(?:\/|of|von|de|sur|di|из)\s*\d{1,5}(?!\d)/iu;

/** The text is a page's number and no more. */
export function isPageNumber(text: string): boolean {
  return PAGE_NUMBER.test(text);
}

/** The number before that of all pages, else the last Arabic one, else a Roman one standing alone. */
export function numberIn(text: string): number {
  const ofAll = OF_ALL.exec(text)?.[1];
  if (ofAll !== undefined) return Number(ofAll);
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
