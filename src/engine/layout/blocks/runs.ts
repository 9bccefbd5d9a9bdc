/**
 * Rows → runs: the text as a person would write it, cut where its style, link or line changes. A hyphen that belongs
 * to the line break goes, with an Edit; a blank that the break stands for becomes the first character of the next
 * line's run. In a run nothing is escaped: that is the writers'.
 */
import { breaksAddress } from "../../document/addresses.ts";
import { endsWithHyphen, judgeHyphen } from "../../document/hyphens.ts";
import type { Edit } from "../../document/index.ts";
import { MARK, type Run } from "../../document/runs.ts";
import type { PageLines, Style, Word } from "../../page-lines.ts";
import type { Line } from "../lines.ts";
import type { Reference } from "./notes.ts";

export interface Written {
  runs: Run[];
  edits: Edit[];
}

/** Raised or lowered by at least this share of its own size; less is a producer's jitter. */
const RAISED = 0.15;
/** An address may stand on so many lines. */
const ADDRESS_LINES = 4;
const NO_REFERENCES: ReadonlyMap<Word, readonly Reference[]> = new Map();
const CJK_AT_END = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]$/u;
const CJK_AT_START = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/**
 * @param lines of one block, in reading order
 * @param references words that refer to notes → what they say, part by part
 */
export function writeRuns(
  lines: readonly Line[],
  page: PageLines,
  words: ReadonlySet<number>,
  references: ReadonlyMap<Word, readonly Reference[]> = NO_REFERENCES,
): Written {
  const runs: Run[] = [];
  const edits: Edit[] = [];
  for (const line of lines) {
    const lead = runs.length === 0 ? "" : bridge(runs, line, page, words, edits);
    let first = true;
    for (const word of line.words) {
      if (isSoup(word)) continue;
      const before = first ? lead : word.gap > 0 ? " " : "";
      (references.get(word) ?? [word]).forEach((part, i) => {
        appendWord(runs, line, word, i === 0 ? before : "", page, first, part);
        first = false;
      });
    }
  }
  return { runs, edits };
}

/** Glyphs without any Unicode are never shipped as text; the line says what was there, and a warning how much. */
function isSoup(word: Word): boolean {
  return word.source === "undecodable" && /^\ufffd*$/.test(word.text);
}

/**
 * What stands between the last run and the next line: nothing after a hyphen or between CJK characters, else a blank.
 * Also used by join, over a page's end, with the runs alone.
 */
function bridge(runs: Run[], next: Line, page: PageLines, words: ReadonlySet<number>, edits: Edit[]): string {
  const last = runs.at(-1)!;
  const href = linkOf(next.words[0]!, page);
  if (last.href === href && breaksAddress(endOf(runs), next.words[0]!.text, href)) return "";
  if (endsWithHyphen(last.text)) {
    const second = next.words[0]!.text;
    const verdict = judgeHyphen(last.text, second, words);
    if (verdict === "space") return " ";
    if (verdict === "join") {
      edits.push({ line: last.line, from: last.text.slice(-1), to: "", reason: "hyphen" });
      last.text = last.text.slice(0, -1);
    }
    return "";
  }
  return CJK_AT_END.test(last.text) && CJK_AT_START.test(next.text) ? "" : " ";
}

function endOf(runs: readonly Run[]): string {
  return runs
    .slice(-ADDRESS_LINES)
    .map((run) => run.text)
    .join("");
}

function appendWord(
  runs: Run[],
  line: Line,
  word: Word,
  before: string,
  page: PageLines,
  first: boolean,
  { text, note }: Reference,
): void {
  const style = page.styles[word.style];
  const marks = style === undefined ? 0 : marksOf(style, line);
  const href = linkOf(word, page);
  const last = runs.at(-1);
  if (
    !first &&
    last !== undefined &&
    last.line === line.id &&
    last.marks === marks &&
    last.href === href &&
    last.note === note
  ) {
    last.text += before + text;
    return;
  }
  runs.push({
    line: line.id,
    text: before + text,
    marks,
    ...(href === undefined ? {} : { href }),
    ...(note === undefined ? {} : { note }),
  });
}

function marksOf(style: Style, line: Line): number {
  const small = style.size < line.size;
  return (
    (style.bold ? MARK.bold : 0) |
    (style.italic ? MARK.italic : 0) |
    (style.mono ? MARK.mono : 0) |
    (small && style.rise > RAISED * style.size ? MARK.super : 0) |
    (small && style.rise < -RAISED * style.size ? MARK.sub : 0)
  );
}

function linkOf(word: Word, page: PageLines): string | undefined {
  const x = (word.box[0] + word.box[2]) / 2;
  const y = (word.box[1] + word.box[3]) / 2;
  for (const { box, uri } of page.links) {
    if (uri !== undefined && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]) return uri;
  }
  return undefined;
}
