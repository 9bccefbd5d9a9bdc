/** Columns → those of text, and the notes in its margins, which belong to the paragraphs they stand beside. */
import { boxOf, type Line } from "./lines.ts";
import { FEWEST_ROWS, looksLikeProse } from "./prose.ts";
import { type Row, rowsOf } from "./rows.ts";

/** Notes stand beside so many times more rows of prose, narrower than this share of it, so far from it in type sizes. */
const NOTE_ROWS = 1.5;
const NOTE_WIDTH = 0.5;
const NOTE_GAP = 1;
/** At a text's left they are labels, unless they are smaller than it by this. */
const NOTE_SIZE = 0.95;
/** Ragged lines end within so many type sizes of the edge. */
const RAGGED = 4;

/** Columns of text, and the notes in its margins. */
export function notesApart(columns: Line[][]): { text: Line[][]; notes: Line[][] } {
  const rows = columns.map((column) => (column.some((line) => line.solid !== undefined) ? [] : rowsOf(column)));
  const notes = columns.filter(
    (_, i) =>
      (i > 0 && notesBeside(rows[i - 1]!, rows[i]!) === "right") ||
      (i < columns.length - 1 && notesBeside(rows[i]!, rows[i + 1]!) === "left"),
  );
  return { text: columns.filter((column) => !notes.includes(column)), notes };
}

/** Words in the margin of a text, and which side they stand on. */
export function notesBeside(left: readonly Row[], right: readonly Row[]): "left" | "right" | null {
  if (areNotes(right, left)) return "right";
  return areNotes(left, right) && left[0]!.size < NOTE_SIZE * right[0]!.size ? "left" : null;
}

function areNotes(notes: readonly Row[], text: readonly Row[]): boolean {
  if (notes.length === 0 || text.length < NOTE_ROWS * notes.length) return false;
  const key = notes[0]!.lines[0]!.styleKey;
  const isNote = ({ lines }: Row) =>
    lines.every((line) => line.styleKey === key) && lines.some((line) => /\p{L}{2}/u.test(line.text));
  const [from, , to] = boxOf(notes);
  const [left, , right] = boxOf(text);
  const narrow = to - from < NOTE_WIDTH * (right - left);
  const apart = Math.max(from - right, left - to) >= NOTE_GAP * text[0]!.size;
  // A wide blank in a line of text stands where few of the others end.
  const reaching = text.filter(({ box, size }) => right - box[2] < RAGGED * size && box[0] - left < RAGGED * size);
  if (reaching.length < FEWEST_ROWS || reaching.length < text.length / 2) return false;
  return narrow && apart && notes.every(isNote) && looksLikeProse(text);
}
