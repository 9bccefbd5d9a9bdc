/** Options that act on the letters of a run, before any markup: scripts left out, width of punctuation. */
import type { ConvertOptions } from "../../options.ts";

/** Code of alphabets_allowed → its letters. Vietnamese is Latin, told by the letters that only it has. */
const ALPHABETS: Readonly<Record<string, RegExp>> = {
  en: /[A-Za-z]/g,
  hi: /\p{Script=Devanagari}/gu,
  zh: /\p{Script=Han}|\p{Script=Bopomofo}/gu,
  ja: /\p{Script=Hiragana}|\p{Script=Katakana}|[\u30fc\u3005]/gu,
  ko: /\p{Script=Hangul}/gu,
  ru: /\p{Script=Cyrillic}/gu,
  th: /\p{Script=Thai}/gu,
  ta: /\p{Script=Tamil}/gu,
  te: /\p{Script=Telugu}/gu,
  gu: /\p{Script=Gujarati}/gu,
  bn: /\p{Script=Bengali}/gu,
  vi: /[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]/g,
};

const CJK = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";
const AFTER_CJK = new RegExp(`(?<=[${CJK}\\u3000-\\u303f\\uff00-\\uffef])[,.:;!?]`, "gu");
const PARENS_AT_CJK = new RegExp(`\\((?=[${CJK}])|(?<=[${CJK}])\\)`, "gu");
const TO_FULL: Readonly<Record<string, string>> = {
  ",": "，",
  ".": "。",
  ":": "：",
  ";": "；",
  "!": "！",
  "?": "？",
  "(": "（",
  ")": "）",
};
const TO_HALF: Readonly<Record<string, string>> = {
  "，": ", ",
  "。": ". ",
  "：": ": ",
  "；": "; ",
  "！": "! ",
  "？": "? ",
  "（": " (",
  "）": ") ",
};

export function applyLetterOptions(text: string, options: ConvertOptions): string {
  let out = text;
  for (const [code, allowed] of Object.entries(options.alphabetsAllowed)) {
    const letters = ALPHABETS[code];
    if (!allowed && letters !== undefined) out = out.replace(letters, "");
  }
  // null: the page's own punctuation says what the content wants.
  if (options.fullwidthPunctuation === true) {
    out = out.replace(AFTER_CJK, (char) => TO_FULL[char]!).replace(PARENS_AT_CJK, (char) => TO_FULL[char]!);
  }
  if (options.fullwidthPunctuation === false) {
    out = out
      .replace(/[，。：；！？（）]/g, (char) => TO_HALF[char]!)
      .replace(/ {2,}/g, " ")
      .replace(/ +$/, "");
  }
  return out === text ? text : out.replace(/ {2,}/g, " ");
}
