/** The raised mark that a row begins with: in its first word, or as a line of its own before a wide blank. */
import { isNoteMark, type Row } from "./rows.ts";

export interface Mark {
  text: string;
  /** Words of the row's first line that it takes. */
  words: number;
}

/** A mark alone is so much smaller than the note. */
const SMALLER = 0.8;

export function markOf(row: Row): Mark | null {
  const [line, next] = row.lines;
  const word = line?.words[0];
  if (line === undefined || word === undefined || !isNoteMark(word.text)) return null;
  const alone = line.words.length === 1;
  if (alone && next === undefined) return null;
  const raised = line.raised || (alone && next !== undefined && line.size <= SMALLER * next.size);
  return raised || /^[*†‡§¶]/u.test(word.text) ? { text: word.text, words: 1 } : null;
}
