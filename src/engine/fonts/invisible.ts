/**
 * Characters that draw nothing and turn, hide or carry what nobody sees: controls, direction marks, tags, variation
 * selectors, fillers. Text and field values go without them. The two joiners stay between letters that they shape.
 */

/** First and last of each stretch, ascending (Unicode's Default_Ignorable_Code_Point, but for the soft hyphen, and interlinear marks). */
const INVISIBLE: readonly (readonly [first: number, last: number])[] = [
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];
const FIRST = INVISIBLE[0]![0];

/** Scripts whose letters join, or whose signs stack: Arabic and its kin, those of India, Burmese, Khmer, Mongolian. */
const SHAPED =
  /^[\p{Script=Arab}\p{Script=Syrc}\p{Script=Nkoo}\p{Script=Mong}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}\p{Script=Mymr}\p{Script=Khmr}]$/u;
const PICTURED = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const JOINER = 0x200d;

export function isInvisible(c: number): boolean {
  return c >= FIRST && INVISIBLE.some(([first, last]) => c >= first && c <= last);
}

/** A joiner between these two makes them what they are: "می‌خواهم", a family of pictures. */
export function shapes(c: number, before: number | undefined, after: number | undefined): boolean {
  if ((c !== JOINER && c !== JOINER - 1) || before === undefined || after === undefined) return false;
  const sides = [String.fromCodePoint(before), String.fromCodePoint(after)];
  return sides.every((side) => SHAPED.test(side)) || (c === JOINER && sides.every((side) => PICTURED.test(side)));
}

/** Controls, and the marks of language that a text of PDF may hold between two of them (32000-1, 7.9.2.2). */
const ESCAPE = "\\p{Cc}(?<=\\x1b)";
const CONTROLS = new RegExp(`${ESCAPE}[A-Za-z]{2}(?:[A-Za-z]{2})?${ESCAPE}|(?![\\t\\n\\r])\\p{Cc}`, "gu");
const LINE_ENDS = /[\u2028\u2029\u0085]/g;

/** A text that is not drawn (a field's value, a title) without what nobody would see of it. */
export function visibleText(text: string): string {
  const characters = Array.from(text.replace(LINE_ENDS, "\n").replace(CONTROLS, ""));
  const codes = characters.map((character) => character.codePointAt(0)!);
  return characters.filter((_, i) => !isInvisible(codes[i]!) || shapes(codes[i]!, codes[i - 1], codes[i + 1])).join("");
}
