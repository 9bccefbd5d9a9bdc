/**
 * Tables: tabular in mmd; in md a pipe table, or HTML where cells span or hold more than a line. A table owns one
 * line, so that all of it is one piece.
 */
import type { Block, BlockOf, Cell } from "../../document/blocks.ts";
import { MARK, type Run } from "../../document/runs.ts";
import type { Piece, Scope } from "./dialect.ts";
import { escapeHtml, type Place } from "./escape.ts";
import { inlineText, writeInline } from "./inline.ts";

type Table = BlockOf<"table">;

export function writeTable(block: Table, scope: Scope, write: (inner: Block) => Piece[]): Piece[] {
  const rows = gridOf(block);
  const spans = block.cells.some((cell) => cell.rowSpan > 1 || cell.columnSpan > 1);
  const nested = block.cells.some(
    (cell) => cell.blocks.filter(isText).length > 1 || cell.blocks.some((one) => !isText(one) && one.kind !== "field"),
  );
  const notes = block.notes.length === 0 ? "" : `\n\n${inlineText(block.notes, scope, "start")}`;
  if (scope.dialect.name === "mmd") return [{ line: block.id, text: tabular(block, rows, scope, write) + notes }];
  const table = scope.dialect.htmlTags && (spans || nested) ? html(rows, write) : pipes(rows, scope, write);
  const caption = block.caption === undefined ? [] : [inlineText(block.caption, scope, "start")];
  const parts = block.captionSide === "below" ? [table, ...caption] : [...caption, table];
  return [{ line: block.id, text: parts.join("\n\n") + notes }];
}

const isText = (block: Block) => "runs" in block;

/** Rows of the grid; a place under a span is null, a place that no cell covers undefined. */
type Grid = (Cell | null | undefined)[][];

function gridOf(block: Table): Grid {
  const count = Math.max(0, ...block.cells.map((cell) => cell.row + cell.rowSpan));
  const grid: Grid = Array.from({ length: count }, () =>
    new Array<Cell | null | undefined>(block.columns).fill(undefined),
  );
  for (const cell of block.cells) {
    for (let row = cell.row; row < cell.row + cell.rowSpan; row++) {
      for (let column = cell.column; column < cell.column + cell.columnSpan; column++) {
        grid[row]![column] = row === cell.row && column === cell.column ? cell : null;
      }
    }
  }
  return grid;
}

function tabular(block: Table, rows: Grid, scope: Scope, write: (inner: Block) => Piece[]): string {
  const letters = Array.from({ length: block.columns }, (_, column) => letterOf(alignOf(block, column)));
  const lines = [`\\begin{tabular}{|${letters.join("|")}|}`, "\\hline"];
  rows.forEach((row, r) => {
    const cells: string[] = [];
    for (let column = 0; column < row.length; column++) {
      const cell = row[column];
      if (cell === null && coveredFromLeft(row, column)) continue;
      cells.push(cell ? latexCell(cell, cellText(cell, "cell", scope, write)) : "");
    }
    lines.push(`${cells.join(" & ")} \\\\${lineBelow(rows, r)}`);
  });
  lines.push("\\end{tabular}");
  const table = lines.join("\n");
  if (block.caption === undefined) return table;
  const caption = inlineText(block.caption, scope, "brace");
  const told = `\\captionsetup{labelformat=empty}\n\\caption{${caption}}`;
  const parts = block.captionSide === "below" ? [table, told] : [told, table];
  return `\\begin{table}\n${parts.join("\n")}\n\\end{table}`;
}

/** A place under a cell that spans columns in this same row is written by that cell. */
function coveredFromLeft(row: Grid[number], column: number): boolean {
  for (let left = column - 1; left >= 0; left--) {
    const cell = row[left];
    if (cell) return cell.columnSpan > column - left;
    if (cell === undefined) return false;
  }
  return false;
}

/** The rule under a row is cut where a cell goes on into the next. */
function lineBelow(rows: Grid, r: number): string {
  const next = rows[r + 1];
  if (next === undefined || next.every((cell, c) => cell !== null || coveredFromLeft(next, c))) return " \\hline";
  const pieces: string[] = [];
  let from = -1;
  next.forEach((cell, c) => {
    const open = cell !== null || coveredFromLeft(next, c);
    if (open && from < 0) from = c;
    if (from >= 0 && (!open || c === next.length - 1)) {
      pieces.push(` \\cline{${from + 1}-${open ? c + 1 : c}}`);
      from = -1;
    }
  });
  return pieces.join("");
}

function latexCell(cell: Cell, text: string): string {
  const tall = cell.rowSpan > 1 ? `\\multirow{${cell.rowSpan}}{*}{${text}}` : text;
  if (cell.columnSpan === 1) return tall;
  const letter = letterOf(cell.align);
  return `\\multicolumn{${cell.columnSpan}}{|${letter}|}{${tall}}`;
}

function pipes(rows: Grid, scope: Scope, write: (inner: Block) => Piece[]): string {
  const line = (row: Grid[number]) =>
    `| ${row.map((cell) => (cell ? cellText(cell, "pipe", scope, write) : "")).join(" | ")} |`;
  const [head, ...rest] = rows;
  if (head === undefined) return "";
  const rule = `| ${head.map((cell) => PIPE_RULES[cell?.align ?? ""] ?? "---").join(" | ")} |`;
  return [line(head), rule, ...rest.map(line)].join("\n");
}

const PIPE_RULES: Readonly<Record<string, string>> = { right: "---:", center: ":---:" };

/** A place that no cell covers is an empty cell: left out, the row's others would move to the left. */
function html(rows: Grid, write: (inner: Block) => Piece[]): string {
  const lines = rows.map((row) => {
    const header = row.some((cell) => cell?.header === true);
    const cells = row.map((cell) => {
      if (cell === null) return "";
      return cell === undefined ? (header ? "<th></th>" : "<td></td>") : htmlCell(cell, write);
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return ["<table>", ...lines, "</table>"].join("\n");
}

function htmlCell(cell: Cell, write: (inner: Block) => Piece[]): string {
  const tag = cell.header ? "th" : "td";
  const spans = `${cell.rowSpan > 1 ? ` rowspan="${cell.rowSpan}"` : ""}${cell.columnSpan > 1 ? ` colspan="${cell.columnSpan}"` : ""}`;
  const inner = cell.blocks.map((block) =>
    "runs" in block
      ? htmlText(block.runs, cell.header)
      : `\n\n${write(block)
          .map((piece) => piece.text)
          .join("")}\n\n`,
  );
  return `<${tag}${spans}>${inner.join("<br>")}</${tag}>`;
}

/** Markdown is not read within HTML: marks are tags there. A header is bold anyway. */
function htmlText(runs: readonly Run[], header: boolean): string {
  const html = runs.map(({ text, marks, math }) => {
    const core = text.trim();
    if (core === "") return escapeHtml(text);
    const [before, after] = [text.slice(0, text.indexOf(core)), text.slice(text.indexOf(core) + core.length)];
    const tags = HTML_TAGS.filter(({ mark }) => (marks & mark) !== 0 && !(header && mark === MARK.bold));
    const open = tags.map(({ tag }) => `<${tag}>`).join("");
    const close = tags
      .toReversed()
      .map(({ tag }) => `</${tag}>`)
      .join("");
    return before + open + escapeHtml(math === undefined ? core : math.plain) + close + after;
  });
  return html.join("").trim();
}

const HTML_TAGS: readonly { mark: number; tag: string }[] = [
  { mark: MARK.bold, tag: "b" },
  { mark: MARK.italic, tag: "i" },
  { mark: MARK.strike, tag: "s" },
  { mark: MARK.super, tag: "sup" },
  { mark: MARK.sub, tag: "sub" },
];

function cellText(cell: Cell, place: Place, scope: Scope, write: (inner: Block) => Piece[]): string {
  const texts = cell.blocks.map((block) =>
    "runs" in block
      ? writeInline(block.runs, scope, place, cell.header ? MARK.bold : 0)
          .map((piece) => piece.text)
          .join("")
      : write(block)
          .map((piece) => piece.text)
          .join(""),
  );
  return texts.join(" ").replace(/\n+/g, " ").trim();
}

function alignOf(block: Table, column: number): string {
  const own = block.cells.filter((cell) => cell.column === column && cell.columnSpan === 1);
  return own.find((cell) => !cell.header)?.align ?? own[0]?.align ?? "left";
}

function letterOf(align: string): string {
  return align === "right" ? "r" : align === "center" ? "c" : "l";
}
