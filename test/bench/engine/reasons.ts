/** Why a document scored low: which part of the score, how many words are missing or too many, the lines that differ most. */

export interface Reason {
  /** "tables 0.31, 12 % of the words missing" */
  sentence: string;
  /** Of the truth, and not so in ours; of ours, and not so in the truth. The worst first. */
  lost: string[];
  added: string[];
}

/** A part of the score from here on is no reason. */
const GOOD = 0.97;
/** Shares of words that are worth a word. */
const FEW = 0.005;
const LINES_SHOWN = 6;
/** Words that must follow each other to count as found. */
const RUN = 3;
/** A line of which this share is found is the same line. */
const SAME = 0.8;

/** @param whole whether the truth is all that the document says, or its tables alone */
export function reasonOf(
  parts: Readonly<Record<string, number>>,
  truth: readonly string[],
  ours: readonly string[],
  whole: boolean,
): Reason {
  const low = Object.entries(parts)
    .filter(([, value]) => value < GOOD)
    .sort((a, b) => a[1] - b[1])
    .map(([name, value]) => `${name} ${value.toFixed(2)}`);
  const [theirs, own] = [wordsOf(truth.join("\n")), wordsOf(ours.join("\n"))];
  const [missing, extra] = [surplus(theirs, own), surplus(own, theirs)];
  if (theirs.length > 0) {
    if (missing / theirs.length > FEW) low.push(`${percent(missing / theirs.length)} of the words missing`);
    if (whole && extra / theirs.length > FEW) low.push(`${percent(extra / theirs.length)} too many`);
  }
  return { sentence: low.join(", "), lost: differing(truth, own), added: whole ? differing(ours, theirs) : [] };
}

/** A truth in whatever form: Markdown, or the contents of XML and JSON. */
export function linesOfTruth(text: string, name: string): string[] {
  if (name.endsWith(".xml")) return [...text.matchAll(/<content>([\s\S]*?)<\/content>/g)].map(([, inner]) => inner!);
  if (name.endsWith(".json"))
    return (JSON.parse(text) as { data?: string }[]).flatMap(({ data = "" }) => data.split(/\n|\\\\/));
  return text.split("\n");
}

export function wordsOf(text: string): string[] {
  const plain = text.replace(/<[^>]*>|\\[a-zA-Z]+|!?\[[^\]]*\]\([^)]*\)/g, " ").replace(/&[a-z]+;/g, " ");
  return plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function surplus(of: readonly string[], over: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const word of over) counts.set(word, (counts.get(word) ?? 0) + 1);
  let left = 0;
  for (const word of of) {
    const count = counts.get(word) ?? 0;
    if (count === 0) left++;
    else counts.set(word, count - 1);
  }
  return left;
}

/** Lines whose runs of words are not in the other text, those with the most such words first. */
function differing(lines: readonly string[], other: readonly string[]): string[] {
  const runs = new Set(runsOf(other));
  const words = new Set(other);
  const judged = lines.map((line) => {
    const own = wordsOf(line);
    const pieces = own.length < RUN ? own : runsOf(own);
    const found = pieces.filter((piece) => (own.length < RUN ? words : runs).has(piece)).length;
    const share = pieces.length === 0 ? 1 : found / pieces.length;
    return { line: line.trim(), share, weight: (1 - share) * own.length };
  });
  const low = judged.filter(({ share }) => share < SAME).sort((a, b) => b.weight - a.weight);
  return low.slice(0, LINES_SHOWN).map(({ line }) => line);
}

function runsOf(words: readonly string[]): string[] {
  return words.slice(RUN - 1).map((_, i) => words.slice(i, i + RUN).join(" "));
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The page on which most words of the lines stand. @param pages words by page */
export function pageOf(lines: readonly string[], pages: readonly (readonly string[])[]): number {
  const sets = pages.map((words) => new Set(words));
  const weights = pages.map(() => 0);
  for (const line of lines) {
    const words = wordsOf(line);
    const found = sets.map((set) => words.filter((word) => set.has(word)).length);
    const most = Math.max(...found, 0);
    if (most > 0) weights[found.indexOf(most)]! += words.length;
  }
  return Math.max(0, weights.indexOf(Math.max(...weights, 0))) + 1;
}
