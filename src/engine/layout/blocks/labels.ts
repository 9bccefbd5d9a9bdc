/** The label a list item begins with: a bullet, a number, a letter. Whether it makes a list, lists decides. */
import type { Row } from "../rows.ts";

export interface Label {
  text: string;
  /** Words of the row's first line that are the label; 0 = the label is the front of the first word's own line. */
  words: number;
  kind: "bullet" | "number" | "letter";
  /** Of a number or letter, from 1; "(ii)" is no letter, but 0. */
  value: number;
  /** A letter with a stop may be an abbreviation ("p. 12"): it is a label only where something begins. */
  doubtful?: true;
  /** What a letter's label is as a Roman number. */
  roman?: number;
}

const BULLET = /^[•◦▪▫◾◽‣⁃∙●○■□❍◻◼◆◇❖⬥⬧⧫►▶▸▹⮚⮞➔➜➢➤→⇒⇨✓✔✗✘☐☑☒❏❑❒★☆✦·*–—-]$/u;
/** A glyph of a symbol font that nothing maps, alone before a line. */
const UNREADABLE = /^\ufffd$/u;
const NUMBER = /^[([]?(\d{1,3})[.)\]]$/;
const LETTER = /^(?:\(([a-z]|[ivx]{2,5})\)|([a-z]|[ivx]{2,5})\)|([a-z]|[ivx]{2,5})\.)$/;
const CAPITAL = /^(?:\(([A-Z])\)|([A-Z])\))$/;
const ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];

export function labelOf(row: Row): Label | null {
  const line = row.lines[0]!;
  const word = line.words[0];
  if (word === undefined) return null;
  const rest = line.words.length > 1 || row.lines.length > 1;
  if (!rest) return null;
  // A glued word (a change of style inside a word) is part of it.
  if (line.words[1]?.gap === 0) return null;
  const label = { text: word.text, words: 1 };
  if (BULLET.test(word.text)) return { ...label, kind: "bullet", value: 0 };
  if (UNREADABLE.test(word.text)) return { ...label, text: "•", kind: "bullet", value: 0 };
  const number = NUMBER.exec(word.text);
  if (number) return { ...label, kind: "number", value: Number(number[1]) };
  const found = LETTER.exec(word.text) ?? CAPITAL.exec(word.text);
  const letter = found
    ?.slice(1)
    .find((group) => group !== undefined)
    ?.toLowerCase();
  if (letter === undefined) return null;
  const roman = ROMAN.indexOf(letter) + 1;
  const value = letter.length === 1 ? letter.charCodeAt(0) - 96 : 0;
  return {
    ...label,
    kind: "letter",
    value,
    ...(roman === 0 ? {} : { roman }),
    ...(word.text.endsWith(".") ? { doubtful: true } : {}),
  };
}
