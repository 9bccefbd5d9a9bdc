/**
 * Pieces in monospaced type, one after the other → a listing: line by line, its indentation and the white in its lines as
 * blanks, its empty lines from the leading. A document typed in monospace altogether has none.
 */
import type { BlockOf } from "../../document/blocks.ts";
import type { Run } from "../../document/runs.ts";
import type { PageLines, Word } from "../../page-lines.ts";
import { isMonoStyleKey, type Profile } from "../../profile.ts";
import type { Piece } from "../flow.ts";
import { type Line, textOf as textOfWords } from "../lines.ts";
import type { Algorithm } from "../propose/proposal.ts";
import { type Row, rowsOf } from "../rows.ts";

/** Share of a row's characters that are monospaced; comments may be set in another face. */
const MONO = 0.8;
/** White between two pieces of one listing, in type sizes: two empty lines. */
const APART = 4;
/** A step between baselines of more than so many of the listing's own is empty lines, and of so many at most. */
const EMPTY = 1.5;
const MOST_EMPTY = 3;
/** A lone row is a listing when it has what prose has not; addresses have it too. */
const SIGNS = /[{};=<>$#\\|]|\(\)|->|::|^(?:sudo|npm|pip|git|cd) /;
const ADDRESS = /@[\w-]|https?:|www\.|\bdoi\b/i;

/** A word's ink lacks so much of a character at its ends; of shorter words that is too much. */
const INK = 0.15;
const LONG = 4;
/** A listing before which no table is sought has so many rows; with more of them in pieces than this it may be one. */
const FEWEST_ROWS = 3;
const IN_CELLS = 0.5;
/** Numbers before the rows are the page's, not the code's. */
const ROW_NUMBER = /^\d{1,4}:?$/;
/** More characters of white than this may be several blanks. */
const WIDE = 2;
/** A character is so wide, in type sizes. */
const USUAL_ADVANCE = 0.6;
/** Steps of an algorithm are set in by about an em: two blanks. */
const STEP_ADVANCE = 0.5;

/** @returns the number of pieces from `at` that are one listing; 0 when they are none */
export function countCode(pieces: readonly Piece[], at: number, page: PageLines, profile: Profile): number {
  if (isMonoStyleKey(profile.body)) return 0;
  let count = 0;
  let last: Piece | undefined;
  for (const piece of pieces.slice(at)) {
    if (piece.solid !== undefined || !piece.rows.every((row) => isMono(row, page))) break;
    if (last !== undefined && (piece.region !== last.region || isApart(last, piece))) break;
    last = piece;
    count++;
  }
  const rows = pieces.slice(at, at + count).flatMap((piece) => piece.rows);
  if (rows.length === 0 || rows.every((row) => ADDRESS.test(textOf(row)))) return 0;
  return rows.length > 1 || SIGNS.test(textOf(rows[0]!)) ? count : 0;
}

function isApart(last: Piece, piece: Piece): boolean {
  return piece.rows[0]!.baseline - last.rows.at(-1)!.baseline > APART * last.rows[0]!.size;
}

/** All but the row's number; a row of nothing else is an empty line of a numbered listing. */
export function isMono(row: Row, page: PageLines): boolean {
  let [mono, all] = [0, 0];
  const numbered = startsWithNumber(row);
  row.lines.forEach(({ words }, l) => {
    words.forEach((word, w) => {
      if (numbered && l === 0 && w === 0) return;
      all += word.text.length;
      if (page.styles[word.style]?.mono === true) mono += word.text.length;
    });
  });
  return mono >= MONO * all;
}

function startsWithNumber(row: Row): boolean {
  return ROW_NUMBER.test(row.lines[0]!.words[0]?.text ?? "");
}

/** Whether rows count up from one to the next. */
function areNumbered(rows: readonly Row[]): boolean {
  if (rows.length < 2) return false;
  const numbers = rows.map((row) => (startsWithNumber(row) ? Number.parseInt(row.lines[0]!.words[0]!.text, 10) : -1));
  return numbers.every((number, i) => number >= 0 && (i === 0 || number === numbers[i - 1]! + 1));
}

/**
 * Lines of listings among the page's: what no table is to be sought in. Rows in cells of monospaced type, one after the
 * other, are still a table's.
 */
export function listingLines(lines: readonly Line[], page: PageLines, profile: Profile): Set<Line> {
  const found = new Set<Line>();
  if (isMonoStyleKey(profile.body) || !page.styles.some((style) => style.mono)) return found;
  let stretch: Row[] = [];
  const flush = () => {
    const inCells = stretch.filter((row) => row.lines.length > (startsWithNumber(row) ? 2 : 1));
    const reads = stretch.some((row) => SIGNS.test(textOf(row)));
    if (stretch.length >= FEWEST_ROWS && reads && inCells.length < IN_CELLS * stretch.length)
      for (const row of stretch) for (const line of row.lines) found.add(line);
    stretch = [];
  };
  for (const row of rowsOf(lines)) {
    const last = stretch.at(-1);
    if (last !== undefined && (!isMono(row, page) || row.baseline - last.baseline > APART * row.size)) flush();
    if (isMono(row, page)) stretch.push(row);
  }
  flush();
  return found;
}

/** Steps are set in by blanks too, though their type is no typewriter's; their numbers stay, since texts refer to them. */
export function algorithmBlock({ box }: Algorithm, lines: readonly Line[], page: PageLines): BlockOf<"code"> {
  const rows = rowsOf(lines);
  const ids = rows.flatMap((row) => row.lines.map((line) => line.id));
  const places = [{ page: page.size.number, box }];
  const unit = Math.max(1, rows[0]!.size * STEP_ADVANCE);
  const bare = rows.map((row) => (startsWithNumber(row) ? withoutNumber(row) : row));
  const isNumbered = (i: number) => bare[i] !== rows[i];
  const edge = (numbered: boolean) =>
    Math.min(
      ...bare.flatMap(({ lines: [line] }, i) => (line && isNumbered(i) === numbered ? line.words[0]!.box[0] : [])),
    );
  const [inner, outer] = [edge(true), edge(false)];
  const numbers = rows.map((row, i) => (isNumbered(i) ? row.lines[0]!.words[0]!.text : ""));
  const room = Math.max(...numbers.map((number) => number.length)) + 1;
  const runs = rows.map((row, i): Run => {
    const [first] = bare[i]!.lines;
    const deep = first === undefined ? 0 : (first.words[0]!.box[0] - (isNumbered(i) ? inner : outer)) / unit;
    const step = bare[i]!.lines.map(({ words }) => textOfWords(words)).join(" ");
    const text = (isNumbered(i) ? numbers[i]!.padEnd(room) : "") + " ".repeat(Math.round(deep)) + step;
    return { line: row.lines[0]!.id, text, marks: 0 };
  });
  return { kind: "code", algorithm: true, id: ids[0]!, lines: ids, places, runs };
}

export function codeBlock(pieces: readonly Piece[], page: PageLines): BlockOf<"code"> {
  const numbered = pieces.flatMap((piece) => piece.rows);
  const lines = numbered.flatMap((row) => row.lines);
  const rows = areNumbered(numbered) ? numbered.map(withoutNumber) : numbered;
  const advance = advanceOf(rows.flatMap((row) => row.lines));
  const left = Math.min(...rows.flatMap((row) => (row.lines.length === 0 ? [] : [row.lines[0]!.words[0]!.box[0]])));
  const step = usualStep(rows);
  const runs = rows.map((row, i): Run => {
    const by = i === 0 ? 0 : row.baseline - rows[i - 1]!.baseline;
    const empty = step > 0 && by > EMPTY * step ? Math.min(MOST_EMPTY, Math.round(by / step) - 1) : 0;
    // The row is one line of code, whatever pieces the page parts it into.
    return { line: numbered[i]!.lines[0]!.id, text: "\n".repeat(empty) + written(row, left, advance), marks: 0 };
  });
  return {
    kind: "code",
    algorithm: false,
    id: lines[0]!.id,
    lines: lines.map((line) => line.id),
    places: pieces.flatMap((piece) => piece.parts.map((box) => ({ page: page.size.number, box }))),
    runs,
  };
}

function withoutNumber(row: Row): Row {
  const [first, ...rest] = row.lines;
  const lines = [{ ...first!, words: first!.words.slice(1) }, ...rest].filter((line) => line.words.length > 0);
  return { ...row, lines };
}

/** Blanks up to where each word stands, at least one where the page has white. */
function written(row: Row, left: number, advance: number): string {
  let text = "";
  row.lines.forEach((line, l) => {
    line.words.forEach((word, w) => {
      const parted = w === 0 ? l > 0 : word.gap > 0;
      // Where a word's ink begins says little of one blank; wider white is counted from the left.
      const wide = w === 0 || word.gap > WIDE * advance;
      const column = wide ? Math.round((word.box[0] - left) / advance) : 0;
      if (parted || text === "") text = text.padEnd(Math.max(column, text.length + (parted ? 1 : 0)));
      text += word.text;
    });
  });
  return text;
}

/** The width of a character, from the longest word: ink is a little narrower than its characters. */
function advanceOf(lines: readonly Line[]): number {
  const words = lines.flatMap((line) => line.words);
  const longest = words.reduce<Pick<Word, "text" | "box">>((a, b) => (b.text.length > a.text.length ? b : a), {
    text: "",
    box: [0, 0, 0, 0],
  });
  if (longest.text.length < LONG) return Math.max(1, (lines[0]?.size ?? 0) * USUAL_ADVANCE);
  return Math.max(1, (longest.box[2] - longest.box[0]) / (longest.text.length - INK));
}

function usualStep(rows: readonly Row[]): number {
  const steps = rows
    .slice(1)
    .map((row, i) => row.baseline - rows[i]!.baseline)
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 4)] ?? 0;
}

function textOf(row: Row): string {
  return row.lines.map((line) => line.text).join(" ");
}
