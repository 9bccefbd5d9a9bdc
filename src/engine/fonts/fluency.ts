/**
 * Whether a row of characters reads like a language: the bits by which its steps from letter to letter are likelier than
 * chance. Knows no words; what stands between letters (digits, punctuation) counts little where it may stand, and against
 * it where no text has it.
 */
import { SCRIPTS } from "./letter-pairs.ts";

/** What a step costs that no text takes: from a letter to a control character, from small to capital within a word. */
const COST = { impossible: -6, misplaced: -3, odd: -1.5, usual: 0.3 } as const;
const OPENING = new Set("([{\"'“‘«¿¡„‚$€£#*•<");
const CLOSING = new Set(".,;:!?)]}\"'”’»%…*>");
const INNER = new Set("-–—/'’.,:@&+=_");

/** What a character can be within a word. */
interface Sign {
  /** Index into SCRIPTS, -1 = no letter of theirs. */
  script: number;
  letter: number;
  capital: boolean;
  digit: boolean;
  text: string;
  /** No printed character. */
  nothing: boolean;
}

const NO_SIGN: Sign = { script: -1, letter: -1, capital: false, digit: false, text: "", nothing: true };

/** @param word the characters of one word, undefined = the reading has none; @returns bits, and the steps they are of */
export function judgeWord(word: readonly (number | undefined)[], signs: Map<number, Sign>): number {
  const row = word.map((c) => (c === undefined ? NO_SIGN : signOf(c, signs)));
  let bits = 0;
  for (let i = 0; i <= row.length; i++) bits += step(row[i - 1], row[i]);
  return bits;
}

function step(a: Sign | undefined, b: Sign | undefined): number {
  if (b?.nothing) return COST.impossible;
  if (a?.nothing) return 0;
  const script = a !== undefined && a.script >= 0 ? a.script : b !== undefined ? b.script : -1;
  const pair = script >= 0 && fits(a, script) && fits(b, script);
  if (pair) {
    const { letters, costs } = SCRIPTS[script]!;
    const cost = Number(costs[a?.letter ?? letters.length]![b?.letter ?? letters.length]);
    const capital = a !== undefined && b !== undefined && !a.capital && b.capital;
    return Math.log2(letters.length + 1) - cost + (capital ? COST.misplaced : 0);
  }
  if (a?.digit && b?.digit) return 2 * COST.usual;
  return signStep(a, b);
}

/** A step with something in it that is no letter, or letters of two scripts. */
function signStep(a: Sign | undefined, b: Sign | undefined): number {
  if (a === undefined) return b === undefined || b.digit || OPENING.has(b.text) ? 0 : letterLike(b) ? 0 : COST.odd;
  if (b === undefined) return a.digit || CLOSING.has(a.text) ? COST.usual : letterLike(a) ? 0 : COST.odd;
  if (letterLike(a) && letterLike(b)) return a.digit !== b.digit ? COST.odd : COST.misplaced;
  if (CLOSING.has(b.text) || OPENING.has(a.text) || INNER.has(a.text) || INNER.has(b.text)) return 0;
  return COST.odd;
}

const letterLike = (sign: Sign) => sign.script >= 0 || sign.digit;
const fits = (sign: Sign | undefined, script: number) => sign === undefined || sign.script === script;

function signOf(c: number, signs: Map<number, Sign>): Sign {
  const known = signs.get(c);
  if (known) return known;
  const sign = makeSign(c);
  signs.set(c, sign);
  return sign;
}

function makeSign(c: number): Sign {
  const text = c > 0x10ffff ? "" : String.fromCodePoint(c);
  if (text === "" || /[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return NO_SIGN;
  const lower = text.toLowerCase();
  const bare = lower.normalize("NFKD").charAt(0);
  for (const [script, { letters }] of SCRIPTS.entries()) {
    const letter = letters.indexOf(bare);
    if (letter >= 0) return { script, letter, capital: lower !== text, digit: false, text, nothing: false };
  }
  return { script: -1, letter: -1, capital: false, digit: /\p{Nd}/u.test(text), text, nothing: false };
}

export type Signs = Map<number, Sign>;
