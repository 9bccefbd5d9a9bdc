/**
 * Footnotes: pieces in smaller type that begin with a mark which stands raised in the page's text. In: the flow; out: the
 * notes with their marks, and the words that refer to them. A note to which nothing refers stays text: writers could
 * not tie it to anything.
 */
import type { PageLines, Word } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Piece } from "../flow.ts";
import type { Line } from "../lines.ts";
import { markOf } from "../note-marks.ts";

export interface Notes {
  /** Piece → its mark. */
  marks: Map<Piece, string>;
  /** Word of the text → the mark of the note it refers to. */
  references: Map<Word, string>;
}

/** A note's type against the body's (LAYOUT 1.12: 0.92; bodies set a size smaller than the page's main type reach it). */
const SMALLER = 0.95;
const SYMBOL = /^[^\p{L}\p{N}]/u;
/** What a mark follows: the end of a word or of a sentence; an exponent follows a letter, a digit or a unit. */
const AFTER_SENTENCE = /[\p{L}\p{N}][.,;:!?…)\]"'”’»]+$/u;
const AFTER_WORD = /(?<!^(?:cos|sin|tan|cot|log|exp|det|sinh|cosh|tanh))(?<=\p{L}{3})$/u;
const AFTER_SHORT_WORD = /\p{L}{2}$/u;

export function notesOf(flow: readonly Piece[], page: PageLines, profile: Profile): Notes {
  const notes: Notes = { marks: new Map(), references: new Map() };
  const candidates = new Map<Piece, string>();
  for (const piece of flow) {
    if (piece.solid !== undefined || piece.heading !== null) continue;
    const mark = piece.rows[0]!.size <= SMALLER * profile.bodySize ? markOf(piece.rows[0]!) : null;
    if (mark !== null) candidates.set(piece, mark.text);
  }
  if (candidates.size === 0) return notes;
  const raised = raisedWords(flow, candidates, page);
  for (const [piece, mark] of candidates) {
    const words = isShared(mark, raised) ? [] : referring(mark, raised.get(mark) ?? []);
    if (words.length === 0 || [...notes.marks.values()].includes(mark)) continue;
    notes.marks.set(piece, mark);
    for (const word of words) notes.references.set(word, mark);
  }
  return notes;
}

interface Raised {
  word: Word;
  /** The text that it follows, in its line. */
  before: string;
}

/** Marks in the text → where they stand, in reading order; those that begin a candidate are its own. */
function raisedWords(
  flow: readonly Piece[],
  candidates: ReadonlyMap<Piece, string>,
  page: PageLines,
): Map<string, Raised[]> {
  const found = new Map<string, Raised[]>();
  const note = (line: Line, skip: boolean) => {
    line.words.forEach((word, i) => {
      const rises = (page.styles[word.style]?.rise ?? 0) > 0 || SYMBOL.test(word.text);
      if (!rises || (skip && i === 0)) return;
      const before = line.words[i - 1]?.text ?? "";
      found.set(word.text, [...(found.get(word.text) ?? []), { word, before }]);
    });
  };
  for (const piece of flow) {
    const lines = piece.rows.flatMap((row) => row.lines);
    lines.forEach((line, i) => {
      note(line, i === 0 && candidates.has(piece));
    });
  }
  return found;
}

/** Authors' symbols come in clusters ("∗†"), of which no part could be tied to its note. */
function isShared(mark: string, raised: ReadonlyMap<string, Raised[]>): boolean {
  return SYMBOL.test(mark) && [...raised.keys()].some((other) => other !== mark && other.includes(mark));
}

/** A number refers once, where it looks least like an exponent; authors share a symbol. */
function referring(mark: string, raised: readonly Raised[]): Word[] {
  if (SYMBOL.test(mark)) return raised.map(({ word }) => word);
  for (const after of [AFTER_SENTENCE, AFTER_WORD, AFTER_SHORT_WORD]) {
    const first = raised.find(({ before }) => after.test(before));
    if (first !== undefined) return [first.word];
  }
  return [];
}
