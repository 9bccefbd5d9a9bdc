/**
 * A frame of drawn cells and the words in it → a grid. Several rows of text in one drawn row are parted where their
 * lines share baselines and were ended on purpose; a wrapped cell is not.
 */
import type { Box } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import { boxOf } from "../lines.ts";
import { type Chunk, isNumeric, wordsOf } from "./chunks.ts";
import type { Grid, GridCell } from "./proposal.ts";
import type { DrawnCell, Frame } from "./ruled.ts";

/** Rows and columns without text that are thinner than this, in type sizes, are the white of a double rule. */
const THINNEST = 0.7;
/** Baselines nearer than this, in type sizes, are one. */
const SAME_BASELINE = 0.35;
/** So many of the line ends in a drawn row were made on purpose: each line is a row. */
const EARLY = 0.6;
/** So many of its baselines are shared by several cells. */
const SHARED = 0.5;
const HYPHEN = /\d[-‐–/]$/;
/** White between rows in one drawn row, against the leading. */
const BAND = 1.5;
/** Room beyond the next word, and padding of a cell, in type sizes. */
const ROOM = 0.3;
const PADDING = 0.6;

interface CellLine {
  baseline: number;
  words: number[];
  box: Box;
}

interface Filled {
  cell: DrawnCell;
  lines: CellLine[];
}

export function ruledGridOf(page: PageLines, frame: Frame, chunks: readonly Chunk[], size: number): Grid {
  const filled = fill(page, frame, chunks, size);
  const splits = Array.from({ length: frame.ys.length - 1 }, (_, row) => baselinesOf(page, filled, row, size));
  const starts: number[] = [];
  let count = 0;
  for (const split of splits) {
    starts.push(count);
    count += Math.max(1, split.length);
  }
  starts.push(count);
  const cells = filled.flatMap((one) => cellsOf(one, splits, starts, size));
  return header(withoutThin({ rows: count, columns: frame.xs.length - 1, cells }, frame, starts, size));
}

function fill(page: PageLines, frame: Frame, chunks: readonly Chunk[], size: number): Filled[] {
  const filled = frame.cells.map((cell): Filled => ({ cell, lines: [] }));
  for (const chunk of chunks) {
    for (const word of wordsOf([chunk])) {
      const { box } = page.words[word]!;
      const [x, y] = [(box[0] + box[2]) / 2, chunk.baseline - 0.3 * chunk.size];
      const home = filled.find(({ cell: { box: b } }) => x >= b[0] && x <= b[2] && y >= b[1] && y <= b[3]);
      const near = home ?? nearest(filled, x, y);
      const line = near.lines.find((one) => Math.abs(one.baseline - chunk.baseline) <= SAME_BASELINE * size);
      if (line === undefined) near.lines.push({ baseline: chunk.baseline, words: [word], box });
      else line.words.push(word);
    }
  }
  for (const { lines } of filled) {
    lines.sort((a, b) => a.baseline - b.baseline);
    for (const line of lines) {
      line.words.sort((a, b) => page.words[a]!.box[0] - page.words[b]!.box[0]);
      line.box = boxOf(line.words.map((word) => page.words[word]!));
    }
  }
  return filled;
}

function nearest(filled: readonly Filled[], x: number, y: number): Filled {
  const distance = ({ cell: { box } }: Filled) =>
    Math.max(box[0] - x, 0, x - box[2]) + Math.max(box[1] - y, 0, y - box[3]);
  return filled.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

/** Baselines that the rows begin with which one drawn row holds; none when it is one row. */
function baselinesOf(page: PageLines, filled: readonly Filled[], row: number, size: number): number[] {
  const own = filled.filter(({ cell, lines }) => cell.row === row && cell.rowSpan === 1 && lines.length > 0);
  const bands = bandsOf(own, size);
  return bands.length > 1 ? bands : sharedBaselines(page, filled, own, size);
}

/**
 * Rows with white between them that goes through all cells, more than between lines of a cell; each begins in the first column,
 * and in another one too a text ends where it does.
 */
function bandsOf(own: readonly Filled[], size: number): number[] {
  const key = own.find(({ cell }) => cell.column === 0);
  if (key === undefined || key.lines.length < 2) return [];
  const steps = own.flatMap(({ lines }) => lines.slice(1).map((line, i) => line.baseline - lines[i]!.baseline));
  const leading = Math.min(...steps);
  const baselines = own.flatMap(({ lines }) => lines.map(({ baseline }) => baseline)).sort((a, b) => a - b);
  const starts = baselines.filter((at, i) => i === 0 || at - baselines[i - 1]! > BAND * leading);
  const begins = (at: number) =>
    key.lines.some(({ baseline }) => baseline - at <= SAME_BASELINE * size && baseline >= at);
  const bandAt = (at: number) => starts.findLastIndex((start) => start <= at);
  const over = own.filter(({ lines }) => new Set(lines.map(({ baseline }) => bandAt(baseline))).size > 1);
  return starts.length > 1 && over.length > 1 && starts.every(begins) ? starts : [];
}

/** Where each line is a row: those that several cells share. */
function sharedBaselines(page: PageLines, filled: readonly Filled[], own: readonly Filled[], size: number): number[] {
  const tall = own.filter(({ lines }) => lines.length > 1);
  if (tall.length < 2 || tall.length < own.length / 2) return [];
  let [early, all] = [0, 0];
  for (const { cell, lines } of tall) {
    const wide = Math.min(cell.box[2] - cell.box[0] - PADDING * size, widestLine(filled, cell));
    for (let i = 1; i < lines.length; i++) {
      const word = page.words[lines[i]!.words[0]!]!.box;
      const room = wide - (lines[i - 1]!.box[2] - lines[i - 1]!.box[0]);
      // Figures are not wrapped, but for dates at their hyphens.
      const above = textOf(lines[i - 1]!, page);
      const figures = isNumeric(textOf(lines[i]!, page)) && isNumeric(above) && !HYPHEN.test(above);
      if (figures || room > word[2] - word[0] + ROOM * size) early++;
      all++;
    }
  }
  if (early < EARLY * all) return [];
  const counts: { at: number; cells: number }[] = [];
  for (const { lines } of own) {
    for (const { baseline } of lines) {
      const known = counts.find(({ at }) => Math.abs(at - baseline) <= SAME_BASELINE * size);
      if (known === undefined) counts.push({ at: baseline, cells: 1 });
      else known.cells++;
    }
  }
  const shared = counts.filter(({ cells }) => cells > 1);
  if (shared.length < 2 || shared.length < SHARED * counts.length) return [];
  const key = own.find(({ cell }) => cell.column === 0);
  const named = counts.filter(
    (one) => one.cells === 1 && key !== undefined && standsAlone(key, one.at, page, filled, size),
  );
  return [...shared, ...named].map(({ at }) => at).sort((a, b) => a - b);
}

/** A section's name in the key column: neither the rest of the line above nor gone on with in the one below. */
function standsAlone(key: Filled, at: number, page: PageLines, filled: readonly Filled[], size: number): boolean {
  const i = key.lines.findIndex(({ baseline }) => Math.abs(baseline - at) <= SAME_BASELINE * size);
  if (i < 0) return false;
  const wide = widestLine(filled, key.cell);
  return [i, i + 1].every((n) => {
    const [before, next] = [key.lines[n - 1], key.lines[n]];
    if (before === undefined || next === undefined) return true;
    const word = page.words[next.words[0]!]!.box;
    return wide - (before.box[2] - before.box[0]) > word[2] - word[0] + ROOM * size;
  });
}

function cellsOf(
  { cell, lines }: Filled,
  splits: readonly number[][],
  starts: readonly number[],
  size: number,
): GridCell[] {
  const make = (row: number, rowSpan: number, own: readonly CellLine[]): GridCell => ({
    row,
    column: cell.column,
    rowSpan,
    columnSpan: cell.columnSpan,
    header: false,
    align: "left",
    words: own.flatMap((line) => line.words),
    box: own.length === 0 ? cell.box : boxOf(own),
  });
  const split = splits[cell.row]!;
  // A single line at half height stands for all rows beside it.
  const centred = lines.length === 1 && split.length > 1 && lines[0]!.baseline > split[0]! + SAME_BASELINE * size;
  const whole = cell.rowSpan > 1 || split.length === 0 || lines.length === 0 || centred;
  if (whole) return [make(starts[cell.row]!, starts[cell.row + cell.rowSpan]! - starts[cell.row]!, lines)];
  const groups = split.map((): CellLine[] => []);
  for (const line of lines) {
    let at = 0;
    while (at + 1 < split.length && split[at + 1]! <= line.baseline + SAME_BASELINE * size) at++;
    groups[at]!.push(line);
  }
  return groups.map((own, i) => make(starts[cell.row]! + i, 1, own));
}

function textOf(line: CellLine, page: PageLines): string {
  return line.words.map((word) => page.words[word]!.text).join(" ");
}

/** Of the cells of its column: text is wrapped there, whatever the cell's padding. */
function widestLine(filled: readonly Filled[], { column, columnSpan }: DrawnCell): number {
  let widest = 0;
  for (const { cell, lines } of filled) {
    if (cell.column !== column || cell.columnSpan !== columnSpan) continue;
    for (const { box } of lines) widest = Math.max(widest, box[2] - box[0]);
  }
  return widest;
}

/** What a double rule or a spacer leaves between is no row and no column. */
function withoutThin(grid: Grid, frame: Frame, starts: readonly number[], size: number): Grid {
  const filledRows = new Set<number>();
  const filledColumns = new Set<number>();
  for (const cell of grid.cells) {
    if (cell.words.length === 0) continue;
    for (let r = 0; r < cell.rowSpan; r++) filledRows.add(cell.row + r);
    for (let c = 0; c < cell.columnSpan; c++) filledColumns.add(cell.column + c);
  }
  const rowDrops = new Set<number>();
  for (let row = 0; row + 1 < frame.ys.length; row++) {
    const thin = frame.ys[row + 1]! - frame.ys[row]! < THINNEST * size;
    if (thin && !filledRows.has(starts[row]!)) rowDrops.add(starts[row]!);
  }
  const columnDrops = new Set<number>();
  for (let column = 0; column < grid.columns; column++) {
    const thin = frame.xs[column + 1]! - frame.xs[column]! < THINNEST * size;
    if (thin && !filledColumns.has(column)) columnDrops.add(column);
  }
  for (const row of rowDrops)
    if (grid.cells.some((cell) => spans(cell.row, cell.rowSpan, row) && cell.words.length > 0 && cell.rowSpan === 1))
      rowDrops.delete(row);
  const place = (at: number, drops: ReadonlySet<number>) => at - [...drops].filter((drop) => drop < at).length;
  const cells = grid.cells.flatMap((cell): GridCell[] => {
    const [row, column] = [place(cell.row, rowDrops), place(cell.column, columnDrops)];
    const rowSpan = place(cell.row + cell.rowSpan, rowDrops) - row;
    const columnSpan = place(cell.column + cell.columnSpan, columnDrops) - column;
    return rowSpan < 1 || columnSpan < 1 ? [] : [{ ...cell, row, column, rowSpan, columnSpan }];
  });
  return { rows: grid.rows - rowDrops.size, columns: grid.columns - columnDrops.size, cells };
}

function spans(from: number, count: number, at: number): boolean {
  return at >= from && at < from + count;
}

/** The first row and, while cells of it span, those they reach down to. */
function header(grid: Grid): Grid {
  const first = grid.cells.filter((cell) => cell.row === 0);
  const wide = first.some((cell) => cell.columnSpan > 1 && cell.columnSpan < grid.columns);
  const rows = Math.max(1, ...first.map((cell) => cell.rowSpan), wide ? 2 : 1);
  const count = rows >= grid.rows ? 1 : rows;
  return { ...grid, cells: grid.cells.map((cell) => ({ ...cell, header: cell.row < count })) };
}
