/**
 * Numbers of sections that only their sequence makes sure of, since their type is the text's or smaller: "II. METHOD" in
 * capitals, "B. Choice of Parameters" in italics. One alone may be a name's initial or a sentence.
 */

const NUMBERED = /^(?:([IVX]{1,5})|([A-H]))\.\s+(\p{Lu}.*)$/u;
const ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"];
/** A word of these letters is one, and no initials. */
const WORD = /\p{L}{3}/u;
const SENTENCE_END = /[.,;:]$/;
const MOST_WORDS = 14;

export interface SectionMark {
  form: "roman" | "letter";
  /** From 1. */
  value: number;
  set: "capitals" | "italic";
}

/** @param italic all of the line is */
export function sectionMarkOf(text: string, italic: boolean): SectionMark | null {
  const [, roman, letter, name] = NUMBERED.exec(text) ?? [];
  if (name === undefined || !WORD.test(name) || SENTENCE_END.test(name) || name.split(" ").length > MOST_WORDS)
    return null;
  const set = name === name.toUpperCase() ? "capitals" : italic ? "italic" : null;
  const value = roman === undefined ? letter!.charCodeAt(0) - 64 : ROMAN.indexOf(roman) + 1;
  return set === null || value === 0 ? null : { form: roman === undefined ? "letter" : "roman", value, set };
}

export function sectionMarkKey({ form, value, set }: SectionMark): string {
  return `${set} ${form} ${value}`;
}

/** The one before it or the one after it is the document's too, in the same form. */
export function isInSequence(mark: SectionMark, known: ReadonlySet<string>): boolean {
  return [mark.value - 1, mark.value + 1].some((value) => known.has(sectionMarkKey({ ...mark, value })));
}
