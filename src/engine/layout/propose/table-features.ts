/**
 * A grid and the page around it → features, each about 0..1: what tells a table from columns of prose, cards, contents,
 * lists, charts (LAYOUT 1.0).
 */
import { type Box, height, overlap, width } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import { CHUNK_GAP, type Chunk, isNumeric } from "./chunks.ts";
import type { Grid, GridCell } from "./proposal.ts";

export interface Evidence {
  page: PageLines;
  grid: Grid;
  box: Box;
  size: number;
  /** What on the page is a table's caption, by `namesTable`. */
  captions: readonly Chunk[];
  /** Horizontal rules within it and at its borders. */
  rules: number;
  method: "ruled" | "banded" | "unruled";
  /** The share of its cells that are drawn on all four sides. */
  closed: number;
}

const TABLE_CAPTION = /^(?:table|tab\.|tabelle|tableau|tabla|tabella|tabel|таблица|exhibit)\s*[A-Z]?[\dIVX]/iu;
const LABEL = /^(?:[•◦▪▫‣⁃∙●○■□◆►▶➢✓✔☐☑–—*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])$/u;
/** How far from the table its caption may stand, in type sizes. */
const CAPTION_AWAY = 3;
/** Fewer are a coincidence. */
const FEWEST_PAGES = 4;
/** Cells that are not drawn on all sides count so many times: more than a corner left out is another kind of table. */
const OPEN = 5;
const LEADER = /(?:\.\s?){4,}|…{2,}|_{4,}/;

export function featuresOf(on: Evidence): Record<string, number> {
  const { grid, page, size, method } = on;
  const texts = new Map(grid.cells.map((cell) => [cell, textOf(cell, page)]));
  const filled = grid.cells.filter((cell) => cell.words.length > 0);
  const body = filled.filter((cell) => !cell.header);
  const data = body.filter((cell) => cell.column > 0);
  const words = filled.reduce((sum, cell) => sum + cell.words.length, 0);
  const share = (cells: readonly GridCell[], test: (cell: GridCell) => boolean) =>
    cells.length === 0 ? 0 : cells.filter(test).length / cells.length;
  const area = filled.reduce((sum, cell) => sum + cell.rowSpan * cell.columnSpan, 0);
  return {
    ruled: method === "ruled" ? 1 : 0,
    closed: Math.max(0, 1 - OPEN * (1 - on.closed)),
    framed: method === "banded" ? 1 : 0,
    rules: Math.min(1, on.rules / (grid.rows + 1)),
    rows: Math.min(1, (grid.rows - 1) / 7),
    twoColumns: grid.columns === 2 ? 1 : 0,
    filled: area / Math.max(1, grid.rows * grid.columns),
    numeric: share(data, (cell) => isNumeric(texts.get(cell)!)),
    long: Math.min(1, words / Math.max(1, filled.length) / 12),
    runsOn: runsOn(grid, texts),
    fill: fillOf(body, page),
    single: share(filled, (cell) => cell.words.length <= 3),
    caption: hasCaption(on) ? 1 : 0,
    leaders: share(filled, (cell) => LEADER.test(texts.get(cell)!)),
    labels:
      share(
        body.filter((cell) => cell.column === 0),
        (cell) => LABEL.test(texts.get(cell)!),
      ) * (grid.columns === 2 ? 1 : 0),
    contents: namesPages(grid, texts) ? 1 : 0,
    inner: share(filled, (cell) => hasInnerGap(cell, page, size)),
    drawing: drawingShare(on),
    few: words < 10 ? 1 : 0,
    uneven: unevenness(grid, size),
    // Boxes that stand about on a page make a grid of their edges, in which nearly each spans; one over all columns is a section.
    spans: share(body, (cell) => cell.rowSpan > 1 || (cell.columnSpan > 1 && cell.columnSpan < grid.columns)),
  };
}

export function textOf(cell: GridCell, page: PageLines): string {
  return cell.words
    .map((word, i) => (i > 0 && page.words[word]!.gap === 0 ? "" : " ") + page.words[word]!.text)
    .join("")
    .trim();
}

/**
 * Words and whole numbers that never fall, from the first row to the last: a table of contents. Its sections' numbers may
 * make a column of their own, where leaders say that it is one.
 */
function namesPages(grid: Grid, texts: ReadonlyMap<GridCell, string>): boolean {
  const column = grid.columns - 1;
  const pages = grid.cells
    .filter((cell) => cell.column + cell.columnSpan - 1 === column && cell.words.length > 0)
    .sort((a, b) => a.row - b.row);
  if (column < 1 || pages.length < FEWEST_PAGES) return false;
  const led = grid.cells.filter((cell) => LEADER.test(texts.get(cell)!)).length;
  if (column > 1 && led < pages.length / 2) return false;
  let last = 0;
  return pages.every((cell) => {
    const text = texts.get(cell)!;
    if (/^[ivxlc]{1,7}$/i.test(text)) return true;
    const page = /^\d{1,4}$/.test(text) ? Number(text) : -1;
    const rises = page >= last;
    last = page;
    return rises;
  });
}

/** Cells that end in the middle of a sentence that goes on in the next row of their column. */
function runsOn(grid: Grid, texts: ReadonlyMap<GridCell, string>): number {
  let [runs, all] = [0, 0];
  for (let column = 0; column < grid.columns; column++) {
    const cells = grid.cells
      .filter((cell) => cell.column === column && cell.words.length > 0)
      .sort((a, b) => a.row - b.row);
    for (let i = 1; i < cells.length; i++) {
      const [above, below] = [texts.get(cells[i - 1]!)!, texts.get(cells[i]!)!];
      if (isNumeric(below)) {
        all++;
        continue;
      }
      all++;
      if (/[\p{Ll},-]$/u.test(above) && /^\p{Ll}/u.test(below) && cells[i]!.words.length > 1) runs++;
    }
  }
  return all === 0 ? 0 : runs / all;
}

/** How full the lines of words are, against the widest of their column; figures and short words aside. */
function fillOf(cells: readonly GridCell[], page: PageLines): number {
  const widest = new Map<number, number>();
  const lines: { column: number; wide: number; words: number }[] = [];
  for (const cell of cells) {
    if (cell.columnSpan > 1) continue;
    let from = 0;
    for (let i = 1; i <= cell.words.length; i++) {
      const same =
        i < cell.words.length && page.words[cell.words[i]!]!.baseline === page.words[cell.words[from]!]!.baseline;
      if (same) continue;
      const [first, last] = [page.words[cell.words[from]!]!, page.words[cell.words[i - 1]!]!];
      const wide = last.box[2] - first.box[0];
      lines.push({ column: cell.column, wide, words: i - from });
      widest.set(cell.column, Math.max(widest.get(cell.column) ?? 0, wide));
      from = i;
    }
  }
  const long = lines.filter((line) => line.words >= 4);
  if (long.length === 0 || long.length < lines.length / 4) return 0;
  return (
    (long.length / lines.length) *
    (long.reduce((sum, line) => sum + line.wide / Math.max(1, widest.get(line.column)!), 0) / long.length)
  );
}

/** It begins as the captions of tables do; asked once a page, since proposals are many. */
export function namesTable(chunk: Chunk): boolean {
  return TABLE_CAPTION.test(chunk.text);
}

function hasCaption({ box, captions, size }: Evidence): boolean {
  return captions.some((chunk) => {
    const away = Math.max(box[1] - chunk.box[3], chunk.box[1] - box[3]);
    return away < CAPTION_AWAY * size && overlap(box[0], box[2], chunk.box[0], chunk.box[2]) > 0;
  });
}

/** White within a line of a cell that is as wide as between cells. */
function hasInnerGap(cell: GridCell, page: PageLines, size: number): boolean {
  return cell.words.some((word, i) => {
    const before = cell.words[i - 1];
    if (before === undefined || page.words[before]!.baseline !== page.words[word]!.baseline) return false;
    return page.words[word]!.box[0] - page.words[before]!.box[2] > 1.3 * CHUNK_GAP * size;
  });
}

function drawingShare({ page, box }: Evidence): number {
  let sum = 0;
  for (const { box: drawn, paths } of page.drawings) {
    if (paths < 3) continue;
    const [w, h] = [overlap(box[0], box[2], drawn[0], drawn[2]), overlap(box[1], box[3], drawn[1], drawn[3])];
    if (w > 0 && h > 0) sum += w * h;
  }
  return Math.min(1, sum / Math.max(1, width(box) * height(box)));
}

/** How much the white between the rows differs, against its mean. */
function unevenness(grid: Grid, size: number): number {
  const tops: number[] = [];
  for (let row = 0; row < grid.rows; row++) {
    const own = grid.cells.filter((cell) => cell.row === row && cell.words.length > 0);
    if (own.length > 0) tops.push(Math.min(...own.map(({ box }) => box[1])));
  }
  const steps = tops.slice(1).map((top, i) => (top - tops[i]!) / size);
  if (steps.length < 2) return 0;
  const mean = steps.reduce((a, b) => a + b, 0) / steps.length;
  const deviation = Math.sqrt(steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / steps.length);
  return Math.min(1, deviation / Math.max(mean, 0.1));
}
