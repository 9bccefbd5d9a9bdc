/**
 * The lines of a page → its languages, by script and, where several share one, by a vote of small words. Every line is
 * read as one language: that of most of its votes, but only a clear majority goes against the rest of the page, so that
 * near relatives (Danish in a Norwegian text) don't appear beside each other.
 */
import type { PageLines } from "../page-lines.ts";
import { STOP_WORDS, type VotedScript } from "./stop-words.ts";

/** Votes by which a line must prefer another language to the page's. */
const CLEAR = 3;
/** Votes without which a script's language stays unknown: names and numbers hold a stray one. */
const FEWEST_VOTES = 2;
/** Greek below so many letters a word is formulas. */
const GREEK_WORD = 3;
/** Share of kana that makes Han Japanese. */
const KANA_SHARE = 0.05;

type Script = VotedScript | "han" | "kana" | keyof typeof ALONE;

/** Scripts of one written language, near enough. */
const ALONE = {
  armenian: "hy",
  bengali: "bn",
  ethiopic: "am",
  georgian: "ka",
  greek: "el",
  gujarati: "gu",
  gurmukhi: "pa",
  hangul: "ko",
  hebrew: "he",
  kannada: "kn",
  khmer: "km",
  lao: "lo",
  malayalam: "ml",
  myanmar: "my",
  sinhala: "si",
  tamil: "ta",
  telugu: "te",
  thai: "th",
} as const;

/** First code point of each range, ascending; null = no script of ours. */
const RANGES: readonly (readonly [from: number, script: Script | null])[] = [
  [0x41, "latin"],
  [0x5b, null],
  [0x61, "latin"],
  [0x7b, null],
  [0xc0, "latin"],
  [0x250, null],
  [0x370, "greek"],
  [0x400, "cyrillic"],
  [0x530, "armenian"],
  [0x590, "hebrew"],
  [0x600, "arabic"],
  [0x700, null],
  [0x750, "arabic"],
  [0x780, null],
  [0x900, "devanagari"],
  [0x980, "bengali"],
  [0xa00, "gurmukhi"],
  [0xa80, "gujarati"],
  [0xb00, null],
  [0xb80, "tamil"],
  [0xc00, "telugu"],
  [0xc80, "kannada"],
  [0xd00, "malayalam"],
  [0xd80, "sinhala"],
  [0xe00, "thai"],
  [0xe80, "lao"],
  [0xf00, null],
  [0x1000, "myanmar"],
  [0x10a0, "georgian"],
  [0x1100, "hangul"],
  [0x1200, "ethiopic"],
  [0x13a0, null],
  [0x1780, "khmer"],
  [0x1800, null],
  [0x1e00, "latin"],
  [0x1f00, "greek"],
  [0x2000, null],
  [0x3040, "kana"],
  [0x3100, null],
  [0x3400, "han"],
  [0x4dc0, null],
  [0x4e00, "han"],
  [0xa000, null],
  [0xac00, "hangul"],
  [0xd7b0, null],
  [0xf900, "han"],
  [0xfb00, null],
  [0x20000, "han"],
  [0x40000, null],
];

/** Word → the languages that it votes for. */
const VOTES: Readonly<Record<VotedScript, ReadonlyMap<string, readonly string[]>>> = {
  latin: votersOf("latin"),
  cyrillic: votersOf("cyrillic"),
  arabic: votersOf("arabic"),
  devanagari: votersOf("devanagari"),
};

/** A line's letters and votes in one script. */
interface LineVote {
  script: VotedScript;
  letters: number;
  votes: Map<string, number>;
  /** A row of "No No No" is one vote. */
  heard: Set<string>;
}

/** @returns language → letters; what can't be told is left out */
export function languagesOf(page: PageLines): Map<string, number> {
  const alone = new Map<string, number>();
  let [han, kana] = [0, 0];
  const lines: LineVote[] = [];
  for (const { from, to } of page.lines) {
    const open: LineVote[] = [];
    for (let i = from; i < to; i++) {
      const word = page.words[i]!;
      if (word.hidden === true || word.source === "undecodable") continue;
      const text = bare(word.text);
      const script = scriptOf(text.codePointAt(0) ?? 0);
      if (script === null) continue;
      if (script === "han" || script === "kana") {
        for (const letter of text) scriptOf(letter.codePointAt(0)!) === "kana" ? kana++ : han++;
      } else if (isVoted(script)) vote(open, script, text);
      else if (script !== "greek" || text.length >= GREEK_WORD) add(alone, ALONE[script], text.length);
    }
    lines.push(...open);
  }
  if (han + kana > 0) add(alone, kana > KANA_SHARE * (han + kana) ? "ja" : "zh", han + kana);
  for (const [language, letters] of readLines(lines)) add(alone, language, letters);
  return alone;
}

/** Those of a fair share, the most letters first. */
export function mainLanguages(letters: ReadonlyMap<string, number>, share: number): string[] {
  const total = [...letters.values()].reduce((a, b) => a + b, 0);
  return [...letters]
    .filter(([, count]) => count >= share * total)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([language]) => language);
}

function readLines(lines: readonly LineVote[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const script of Object.keys(VOTES) as VotedScript[]) {
    const own = lines.filter((line) => line.script === script);
    const totals = new Map<string, number>();
    for (const line of own) for (const [language, count] of line.votes) add(totals, language, count);
    const leader = largest(totals);
    if (leader === null || totals.get(leader)! < FEWEST_VOTES) continue;
    for (const { votes, letters } of own) {
      const best = largest(votes) ?? leader;
      const clear = (votes.get(best) ?? 0) - (votes.get(leader) ?? 0) >= CLEAR;
      add(found, clear ? best : leader, letters);
    }
  }
  return found;
}

function vote(open: LineVote[], script: VotedScript, text: string): void {
  let line = open.find((one) => one.script === script);
  if (line === undefined) {
    line = { script, letters: 0, votes: new Map(), heard: new Set() };
    open.push(line);
  }
  line.letters += text.length;
  // A letter alone is a variable before it is a word: y is no Spanish in a formula.
  if (text.length === 1) return;
  const voters = VOTES[script].get(text.toLowerCase());
  if (voters === undefined || line.heard.has(text)) return;
  line.heard.add(text);
  for (const language of voters) add(line.votes, language, 1);
}

/** Without the signs around it. */
function bare(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isSign(text.charCodeAt(from))) from++;
  while (to > from && isSign(text.charCodeAt(to - 1))) to--;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** ASCII that is no letter, quotation marks and dashes. */
function isSign(c: number): boolean {
  return c < 0x41 || (c > 0x5a && c < 0x61) || (c > 0x7a && c < 0xc0) || (c >= 0x2010 && c <= 0x203a);
}

function scriptOf(c: number): Script | null {
  let [low, high] = [0, RANGES.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (RANGES[middle]![0] <= c) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : RANGES[low - 1]![1];
}

function isVoted(script: Script): script is VotedScript {
  return script in VOTES;
}

/** The first in the alphabet among equals, so that order of counting can't show. */
function largest(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  let most = 0;
  for (const [key, count] of counts) {
    if (count > most || (count === most && best !== null && key < best)) [best, most] = [key, count];
  }
  return best;
}

function votersOf(script: VotedScript): Map<string, string[]> {
  const voters = new Map<string, string[]>();
  for (const [language, words] of Object.entries(STOP_WORDS[script])) {
    for (const word of new Set(words.split(" "))) voters.set(word, [...(voters.get(word) ?? []), language]);
  }
  return voters;
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
