/**
 * Makes documents with drawn tables whose cells are known, for fit/tables: browsers print them from HTML. What real pages have and
 * benches seldom: empty columns and rows, merged cells, sections, wrapped cells, lines of text close above and below, tables a few
 * points apart and side by side; and what is drawn and no table: a box round a note, lines to write on.
 *
 *   node test/fit/drawn.ts --out DIR [--count 40] [--seed 1] [--browser chromium]
 *
 * Writes DIR/pdfs and DIR/markdown (tables as HTML).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

interface Cell {
  text: string;
  rows: number;
  columns: number;
  head: boolean;
}
/** One document: its look, what stands in the flow as HTML, and the same as Markdown. */
interface Sheet {
  border: string;
  html: string[];
  markdown: string[];
}

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    count: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    browser: { type: "string", default: "chromium" },
  },
});
if (values.out === undefined) throw new Error("--out DIR is missing");
const OUT = resolve(values.out);

let state = Number(values.seed) * 7919 + 17;
/** 0..1, the same for the same seed everywhere (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const chance = (share: number) => random() < share;
const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
function pick<T>(from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

const WORDS =
  "river bridge council ticket harvest engine garden letter museum supply winter report valve cabinet orchard signal travel border copper window market lantern method station paper pump summer village canal storage".split(
    " ",
  );
const upper = (text: string) => text[0]!.toUpperCase() + text.slice(1);
const phrase = (from: number, to: number) =>
  upper(Array.from({ length: between(from, to) }, () => pick(WORDS)).join(" "));
const sentence = () => `${phrase(6, 14)}.`;
const figure = () =>
  pick([
    () => String(between(0, 999)),
    () => (random() * 100).toFixed(2),
    () => `${between(1, 99)},${String(between(0, 999)).padStart(3, "0")}.${between(10, 99)}`,
    () => `${between(1, 100)}%`,
    () => `${between(1990, 2026)}-0${between(1, 9)}-${between(10, 28)}`,
  ])();

type Kind = "figures" | "words" | "wrapped" | "empty" | "mixed";

function contentOf(kind: Kind, blank: number): string {
  if (kind === "empty" || chance(blank)) return "";
  if (kind === "figures") return figure();
  if (kind === "words") return phrase(1, 2);
  if (kind === "wrapped") return phrase(6, 16);
  return chance(0.5) ? figure() : phrase(1, 3);
}

/** Rows of cells; what a span covers is left out, as HTML does. */
function tableCells(): Cell[][] {
  const [rows, columns] = [between(2, 9), between(2, 7)];
  const blank = pick([0, 0, 0.15, 0.4, 0.7]);
  const kinds = Array.from({ length: columns }, (_, c): Kind => {
    if (c === 0) return pick(["words", "words", "mixed", "figures", "wrapped"] as const);
    return pick(["figures", "figures", "words", "mixed", "wrapped", "empty"] as const);
  });
  const head = chance(0.75);
  const grid: Cell[][] = [];
  if (head && columns > 3 && chance(0.3)) {
    const wide = between(2, columns - 1);
    const first: Cell[] = [{ text: phrase(1, 2), rows: 2, columns: 1, head: true }];
    first.push({ text: phrase(1, 3), rows: 1, columns: wide, head: true });
    for (let c = 1 + wide; c < columns; c++) first.push({ text: phrase(1, 2), rows: 2, columns: 1, head: true });
    grid.push(first);
    grid.push(Array.from({ length: wide }, () => ({ text: phrase(1, 1), rows: 1, columns: 1, head: true })));
  } else if (head) {
    grid.push(
      kinds.map((_, c) => ({
        text: c === 0 && chance(0.2) ? "" : phrase(1, 2),
        rows: 1,
        columns: 1,
        head: true,
      })),
    );
  }
  grid.push(...bodyCells(rows, kinds, blank));
  return grid;
}

function bodyCells(rows: number, kinds: readonly Kind[], blank: number): Cell[][] {
  const grid: Cell[][] = [];
  const stubs = chance(0.25);
  const sections = chance(0.2);
  let held = 0;
  for (let row = 0; row < rows; row++) {
    if (sections && held === 0 && row + 1 < rows && chance(0.35))
      grid.push([{ text: phrase(1, 4), rows: 1, columns: kinds.length, head: false }]);
    if (chance(0.06) && held === 0) {
      grid.push(kinds.map(() => ({ text: "", rows: 1, columns: 1, head: false })));
      continue;
    }
    const cells: Cell[] = [];
    kinds.forEach((kind, column) => {
      if (column === 0 && held > 0) return;
      const tall = column === 0 && stubs && row + 1 < rows && chance(0.5) ? Math.min(rows - row, between(2, 3)) : 1;
      if (tall > 1) held = tall;
      cells.push({ text: contentOf(kind, column === 0 ? 0 : blank), rows: tall, columns: 1, head: false });
    });
    const last = cells.at(-1)!;
    if (cells.length > 2 && chance(0.05)) {
      cells.splice(-2, 2, { ...last, columns: 2 });
    }
    grid.push(cells);
    held = Math.max(0, held - 1);
  }
  return grid;
}

function spanOf({ rows, columns }: Cell): string {
  return (rows > 1 ? ` rowspan="${rows}"` : "") + (columns > 1 ? ` colspan="${columns}"` : "");
}

function tableHtml(grid: readonly Cell[][], style: string): string {
  const rows = grid.map(
    (row) =>
      `<tr>${row.map((cell) => `<${cell.head ? "th" : "td"}${spanOf(cell)}>${cell.text || "&nbsp;"}</${cell.head ? "th" : "td"}>`).join("")}</tr>`,
  );
  return `<table style="${style}">${rows.join("")}</table>`;
}

function tableTruth(grid: readonly Cell[][]): string {
  const rows = grid.map((row) => `<tr>${row.map((cell) => `<td${spanOf(cell)}>${cell.text}</td>`).join("")}</tr>`);
  return `<table>\n${rows.join("\n")}\n</table>`;
}

function addTable(sheet: Sheet): void {
  const gap = pick([2, 4, 8, 16]);
  if (chance(0.3)) {
    const bullets = Array.from({ length: between(2, 4) }, () => phrase(1, 4));
    sheet.html.push(`<ul style="margin:0">${bullets.map((one) => `<li>${one}</li>`).join("")}</ul>`);
    sheet.markdown.push(bullets.map((one) => `- ${one}`).join("\n"));
  } else if (chance(0.4)) {
    const lines = Array.from({ length: between(1, 3) }, () => phrase(2, 5));
    sheet.html.push(`<div>${lines.join("<br>")}</div>`);
    sheet.markdown.push(lines.join("\n\n"));
  }
  const wide = pick(["", "width:100%", "width:70%"]);
  const grid = tableCells();
  sheet.html.push(tableHtml(grid, `margin:${gap}px 0;${wide}`));
  sheet.markdown.push(tableTruth(grid));
  if (chance(0.25)) {
    const again = tableCells();
    sheet.html.push(tableHtml(again, `margin:${gap}px 0;${wide}`));
    sheet.markdown.push(tableTruth(again));
  }
  if (chance(0.4)) {
    const note = chance(0.5) ? phrase(2, 5) : sentence();
    sheet.html.push(`<div>${note}</div>`);
    sheet.markdown.push(note);
  }
}

function addBeside(sheet: Sheet): void {
  const small = () => tableCells().map((row) => row.filter((_, i) => i < 3));
  const [left, right] = [small(), small()].map((grid) =>
    grid.map((row) =>
      row.slice(0, 2).map((cell) => ({ ...cell, rows: 1, columns: 1, text: cell.text.slice(0, 24).trim() })),
    ),
  ) as [Cell[][], Cell[][]];
  for (const grid of [left, right])
    for (const row of grid) while (row.length < 2) row.push({ text: "", rows: 1, columns: 1, head: false });
  sheet.html.push(`<div style="display:flex;gap:24px">${tableHtml(left, "")}${tableHtml(right, "")}</div>`);
  sheet.markdown.push(tableTruth(left), tableTruth(right));
}

/** Drawn, and none of it a table. */
function addOther(sheet: Sheet): void {
  const text = `${sentence()} ${sentence()} ${sentence()}`;
  if (chance(0.5)) {
    sheet.html.push(`<div style="border:1px solid #000;padding:6px;margin:8px 0">${text}</div>`);
    sheet.markdown.push(text);
    return;
  }
  const labels = Array.from({ length: between(2, 4) }, () => phrase(1, 2));
  sheet.html.push(
    ...labels.map(
      (label) =>
        `<div style="display:flex;margin:6px 0"><span>${label}:</span><span style="flex:1;border-bottom:1px solid #000"></span></div>`,
    ),
  );
  sheet.markdown.push(...labels.map((label) => `${label}:`));
}

function sheetOf(): Sheet {
  const sheet: Sheet = {
    border: pick(["1px solid #000", "1px solid #999", "0.5px solid #444", "2px solid #000"]),
    html: [],
    markdown: [],
  };
  const title = phrase(2, 5);
  sheet.html.push(`<h1>${title}</h1>`);
  sheet.markdown.push(`# ${title}`);
  for (let i = 0; i < between(2, 3); i++) {
    const text = `${sentence()} ${sentence()} ${sentence()}`;
    if (chance(0.7)) {
      sheet.html.push(`<p>${text}</p>`);
      sheet.markdown.push(text);
    }
    if (chance(0.2)) addOther(sheet);
    if (chance(0.12)) addBeside(sheet);
    else addTable(sheet);
  }
  return sheet;
}

function pageOf({ border, html }: Sheet): string {
  const spacing = chance(0.2) ? "separate;border-spacing:2px" : "collapse";
  const padding = pick(["1px 3px", "2px 6px", "4px 8px", "6px 10px"]);
  const head = pick(["", "background:#eee", "background:#345;color:#fff"]);
  const style = [
    `body{font:${pick([11, 12, 13, 14])}px ${pick(["serif", "sans-serif"])};margin:0}`,
    `table{border-collapse:${spacing}}`,
    `td,th{border:${border};padding:${padding};vertical-align:${pick(["top", "middle"])};text-align:${pick(["left", "left", "center"])}}`,
    `th{font-weight:${pick(["bold", "normal"])};${head}}`,
    "td:last-child{text-align:right}".repeat(chance(0.3) ? 1 : 0),
  ];
  return `<!doctype html><meta charset="utf-8"><style>@page{margin:18mm}${style.join("")}</style>${html.join("\n")}`;
}

for (const folder of ["pdfs", "markdown"]) mkdirSync(join(OUT, folder), { recursive: true });
for (let i = 0; i < Number(values.count); i++) {
  const name = `drawn${String(i).padStart(3, "0")}`;
  const sheet = sheetOf();
  const source = join(OUT, `${name}.html`);
  writeFileSync(source, pageOf(sheet));
  const to = join(OUT, "pdfs", `${name}.pdf`);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", `--print-to-pdf=${to}`];
  execFileSync(values.browser, [...flags, source], { stdio: "ignore" });
  rmSync(source);
  writeFileSync(join(OUT, "markdown", `${name}.md`), `${sheet.markdown.join("\n\n")}\n`);
}
