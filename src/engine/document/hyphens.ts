/**
 * Whether a hyphen at a line's end belongs to the word or to the line break. In: the two halves and the document's own
 * words (hashes); out: the verdict. Where the halves stand, and the Edit, are the callers' business.
 */

/** A whole word, lower case, without punctuation around it → 32 bit (FNV-1a over UTF-16 units). */
export function wordHash(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) {
    hash ^= word.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Letters, digits, and hyphens or apostrophes between them; null when the text is no word. */
export function bareWord(text: string): string | null {
  const found = /[\p{L}\p{N}]+(?:[-'’\u2010\u2011][\p{L}\p{N}]+)*/u.exec(text);
  return found ? found[0].toLowerCase().replace(/[\u2010\u2011]/g, "-") : null;
}

export type HyphenVerdict =
  | "join" // the hyphen goes, the halves become one word
  | "keep" // the hyphen stays, no blank after it
  | "space"; // the hyphen stays and a blank follows: "pre- and post-war"

/** U+00AD says itself that it is the break's; U+2010, U+2011 and "-" may be either's. */
const AT_END = /[\p{L}\p{N}][-\u2010\u2011\u00ad]$/u;
/** The second halves that show a suspended hyphen ("vor- und nachher"). */
const CONJUNCTIONS = new Set(["and", "or", "to", "und", "oder", "bis", "en", "of", "et", "ou", "y", "o", "e", "och"]);
/** A word with a hyphen in it is broken at its hyphens, as TeX does and most others: "mixture-of-" goes on "experts". */
const BROKEN_AGAIN = /[\p{L}\p{N}][-\u2010\u2011][\p{L}\p{N}]+[-\u2010\u2011]$/u;
/** First halves that stand before a hyphen more often than they begin a broken word. */
const PREFIXES = new Set([
  "non",
  "self",
  "well",
  "all",
  "ex",
  "half",
  "quasi",
  "pseudo",
  "cross",
  "high",
  "low",
  "long",
  "short",
]);

export function endsWithHyphen(text: string): boolean {
  return AT_END.test(text);
}

export function judgeHyphen(first: string, second: string, words: ReadonlySet<number>): HyphenVerdict {
  if (first.endsWith("\u00ad")) return "join";
  const next = bareWord(second);
  if (next === null || !/^\p{L}/u.test(second)) return "keep";
  if (CONJUNCTIONS.has(next)) return "space";
  const half = lastWord(first.slice(0, -1));
  const tail = firstPart(next);
  if (words.has(wordHash(half + tail))) return "join";
  if (words.has(wordHash(`${half}-${tail}`))) return "keep";
  if (BROKEN_AGAIN.test(first)) return "keep";
  // Compounds such as "Navier-Stokes" or "COVID-related" end in something a syllable break does not look like.
  if (/^\p{Lu}/u.test(second) || /\p{N}$/u.test(half) || PREFIXES.has(half)) return "keep";
  if (
    /^\p{Lu}{2,}$/u.test(
      first
        .slice(0, -1)
        .split(/[^\p{L}]/u)
        .at(-1) ?? "",
    )
  )
    return "keep";
  return "join";
}

function lastWord(text: string): string {
  return (/[\p{L}\p{N}'’]+$/u.exec(text)?.[0] ?? "").toLowerCase();
}

function firstPart(word: string): string {
  return word.split("-")[0] ?? word;
}
