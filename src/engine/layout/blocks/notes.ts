/**
 * Footnotes: pieces in smaller type that begin with a mark which stands raised in the page's text. In: the flow; out: the
 * notes with their marks, and the words that refer to them. A note to which nothing refers stays text: writers could
 * not tie it to anything.
 */
import { overlap } from "../../geometry.ts";
import type { PageLines, Word } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Piece } from "../flow.ts";
import type { Line } from "../lines.ts";
import { markOf } from "../note-marks.ts";

/** A stretch of a raised word, and the mark of the note it refers to. */
export interface Reference {
  text: string;
  note?: string;
}

export interface Notes {
  /** Piece → its mark. */
  marks: Map<Piece, string>;
  /** Word of the text → what it says: "1,2" refers to two notes. */
  references: Map<Word, Reference[]>;
}

/** A note's type against the body's (LAYOUT 1.12: 0.92; bodies set a size smaller than the page's main type reach it). */
const SMALLER = 0.95;
const NOTE_NUMBER = /^[1-9]\d{0,2}$/;
/** Authors' addresses stand before all text and over a paragraph in larger type, of so many rows. */
const TEXT_ROWS = 2;
const SENTENCE = /\p{Ll}{2}[\p{Pe}\p{Pf}"']?[.:!?]/u;
const SYMBOL = /^[^\p{L}\p{N}]/u;
const SYMBOLS = /^[*†‡§¶‖#∗]{2,}$/u;
const NUMBERS = /^\d{1,3}(?:[,–-]\d{1,3})+$/u;
const RANGE = /^[–-]$/u;
/** What a mark follows: the end of a word or of a sentence; an exponent follows a letter, a digit or a unit. */
const AFTER_SENTENCE = /[\p{L}\p{N}][.,;:!?…)\]"'”’»]+$/u;
const AFTER_WORD = /(?<!^(?:cos|sin|tan|cot|log|exp|det|sinh|cosh|tanh))(?<=\p{L}{3})$/u;
const AFTER_SHORT_WORD = /\p{L}{2}$/u;

export function notesOf(flow: readonly Piece[], page: PageLines, profile: Profile): Notes {
  const notes: Notes = { marks: new Map(), references: new Map() };
  const candidates = new Map<Piece, string>();
  const addresses = new Map<string, Piece>();
  for (const piece of flow) {
    if (piece.solid !== undefined || piece.heading !== null) continue;
    const mark = markOf(piece.rows[0]!);
    if (mark === null) continue;
    const isNote = piece.rows[0]!.size <= SMALLER * profile.bodySize && !isAddress(piece, flow);
    if (isNote) candidates.set(piece, mark.text);
    else addresses.set(mark.text, piece);
  }
  const numbered = numberedAtFoot(flow);
  for (const [piece, mark] of numbered) candidates.set(piece, mark);
  if (candidates.size === 0) return notes;
  const raised = raisedWords(flow, candidates, addresses, page);
  // All of them are notes, or none: a number may stand raised for another reason.
  if ([...numbered.values()].some((mark) => referring(mark, raised.get(mark) ?? []).length === 0))
    for (const piece of numbered.keys()) candidates.delete(piece);
  for (const [piece, mark] of candidates) {
    const found = isShared(mark, raised) ? [] : referring(mark, raised.get(mark) ?? []);
    if (found.length === 0 || [...notes.marks.values()].includes(mark)) continue;
    notes.marks.set(piece, mark);
    for (const { word, parts, at } of found) {
      const said = notes.references.get(word) ?? parts.map(({ text }): Reference => ({ text }));
      said[at] = { text: said[at]!.text, note: mark };
      notes.references.set(word, said);
    }
  }
  return notes;
}

/**
 * What ends the page and begins with numbers that count on, as office programs set notes: in the text's own type, the
 * number on the line. Under a heading it is a list of what was cited.
 */
function numberedAtFoot(flow: readonly Piece[]): Map<Piece, string> {
  const found = new Map<Piece, string>();
  let next: number | null = null;
  for (const piece of flow.toReversed()) {
    if (piece.solid !== undefined || piece.heading !== null) return piece.heading === null ? found : new Map();
    const [first, second] = piece.rows[0]!.lines.flatMap((line) => line.words);
    if (first === undefined || second === undefined || second.gap === 0 || !NOTE_NUMBER.test(first.text)) break;
    const number = Number(first.text);
    if (next !== null && number !== next - 1) break;
    next = number;
    found.set(piece, first.text);
  }
  return found;
}

/** A note in the midst of a page (of a box, of a float) has the text before it that refers to it. */
function isAddress(note: Piece, flow: readonly Piece[]): boolean {
  const box = note.parts[0]!;
  const size = note.rows[0]!.size;
  const texts = flow.filter(
    ({ rows, solid, heading }) =>
      solid === undefined && heading === null && rows.length >= TEXT_ROWS && size <= SMALLER * rows[0]!.size,
  );
  const isBefore = ({ parts, rows }: Piece) =>
    parts[0]![1] < box[1] && rows.some((row) => row.lines.some((line) => SENTENCE.test(line.text)));
  return (
    !texts.some(isBefore) &&
    texts.some(({ parts }) => parts.some((part) => part[1] >= box[3] && overlap(part[0], part[2], box[0], box[2]) > 0))
  );
}

interface Part {
  text: string;
  /** What it refers to, if anything. */
  mark: string;
}

interface Raised {
  word: Word;
  parts: readonly Part[];
  /** Which of them. */
  at: number;
  /** The text that it follows, in its line. */
  before: string;
}

/**
 * Marks in the text → where they stand, in reading order; those that begin a candidate are its own, and those before an
 * address that begins with them are that one's.
 */
function raisedWords(
  flow: readonly Piece[],
  candidates: ReadonlyMap<Piece, string>,
  addresses: ReadonlyMap<string, Piece>,
  page: PageLines,
): Map<string, Raised[]> {
  const found = new Map<string, Raised[]>();
  const marks = new Set(candidates.values());
  const passed = new Set<Piece>();
  const note = (line: Line, skip: boolean) => {
    let before = "";
    line.words.forEach((word, i) => {
      const rises = (page.styles[word.style]?.rise ?? 0) > 0 || SYMBOL.test(word.text);
      if (rises && !(skip && i === 0)) {
        const parts = partsOf(word.text, marks);
        parts.forEach(({ mark }, at) => {
          const address = addresses.get(mark);
          if (address !== undefined && !passed.has(address)) return;
          found.set(mark, [...(found.get(mark) ?? []), { word, parts, at, before }]);
        });
      }
      // A change of type within a word parts it: the comma after an italic one is its end.
      before = i > 0 && word.gap === 0 ? before + word.text : word.text;
    });
  };
  for (const piece of flow) {
    const lines = piece.rows.flatMap((row) => row.lines);
    lines.forEach((line, i) => {
      note(line, i === 0 && candidates.has(piece));
    });
    passed.add(piece);
  }
  return found;
}

/** "1,2", "1–3" (where the dash is the second) and "∗†" refer to several notes. */
function partsOf(text: string, marks: ReadonlySet<string>): Part[] {
  const whole = [{ text, mark: text }];
  if (marks.has(text)) return whole;
  if (SYMBOLS.test(text)) {
    const each = [...text].map((sign) => ({ text: sign, mark: sign }));
    return each.every(({ mark }) => marks.has(mark)) ? each : whole;
  }
  if (!NUMBERS.test(text)) return whole;
  const parts = text.split(/([,–-])/u);
  return parts.map((part, i) => {
    const [from, to] = [Number(parts[i - 1]), Number(parts[i + 1])];
    return { text: part, mark: RANGE.test(part) && to - from === 2 ? String(from + 1) : part };
  });
}

/** Authors' symbols come in clusters ("∗†"), of which no part could be tied to its note. */
function isShared(mark: string, raised: ReadonlyMap<string, Raised[]>): boolean {
  return SYMBOL.test(mark) && [...raised.keys()].some((other) => other !== mark && other.includes(mark));
}

/** A number refers once, where it looks least like an exponent; authors share a symbol. */
function referring(mark: string, raised: readonly Raised[]): Raised[] {
  if (SYMBOL.test(mark)) return [...raised];
  for (const after of [AFTER_SENTENCE, AFTER_WORD, AFTER_SHORT_WORD]) {
    const first = raised.find(({ before }) => after.test(before));
    if (first !== undefined) return [first];
  }
  return [];
}
