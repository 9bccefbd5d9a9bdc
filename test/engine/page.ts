/** PageLines made by hand for the tests of the engine's opinions: rows of text at given places, in 1/100 pt. */
import type { Tag } from "../../src/engine/page.ts";
import type { PageLines, Style, Word } from "../../src/engine/page-lines.ts";

export const BODY: Style = {
  family: "Serif",
  size: 1000,
  bold: false,
  italic: false,
  mono: false,
  color: 0xff,
  rise: 0,
};
export const BOLD: Style = { ...BODY, bold: true };
export const ITALIC: Style = { ...BODY, italic: true };
export const SMALL: Style = { ...BODY, size: 800 };
export const HEAD: Style = { ...BODY, size: 1400, bold: true };
export const TITLE: Style = { ...BODY, size: 2000, bold: true };
export const RAISED: Style = { ...BODY, size: 700, rise: 350 };

export const PAGE = { width: 60000, height: 80000, scale: 2 };
/** Letters are so wide, in type sizes. */
const LETTER = 0.5;
export const LEADING = 1200;

export interface RowSpec {
  x: number;
  /** Baseline. */
  y: number;
  /** Words parted by blanks; a pair gives the words a style of their own, "~" at its front glues it to the word before. */
  text: string | readonly (string | readonly [text: string, style: Style])[];
  style?: Style;
  angle?: number;
  hidden?: boolean;
}

export function page(number: number, rows: readonly RowSpec[], extra: Partial<PageLines> = {}): PageLines {
  const lines: PageLines = {
    size: { number, ...PAGE },
    styles: [],
    words: [],
    lines: [],
    rules: [],
    fills: [],
    drawings: [],
    images: [],
    links: [],
    widgets: [],
    warnings: [],
    ...extra,
  };
  for (const row of rows) addRow(lines, row);
  return lines;
}

/** The same page with a structure tree: each row in an element of the role that is said of its text; null: in none. */
export function tagged(lines: PageLines, roleOf: (text: string) => string | null): PageLines {
  const children: Tag[] = [];
  for (const { from, to } of lines.lines) {
    const words = lines.words.slice(from, to);
    const role = roleOf(words.map((word) => word.text).join(" "));
    if (role === null) continue;
    for (const word of words) word.mcid = from;
    children.push({ role, mcids: [from], children: [] });
  }
  return { ...lines, tags: { role: "Document", mcids: [], children } };
}

/** A block of rows under one another, each a line of text. */
export function column(
  x: number,
  y: number,
  texts: readonly string[],
  style: Style = BODY,
  leading = LEADING,
): RowSpec[] {
  return texts.map((text, i) => ({ x, y: y + i * leading, text, style }));
}

/** How far a text in this style reaches. */
export function reach(text: string, style: Style = BODY): number {
  return Math.round(text.length * LETTER * style.size);
}

function addRow(lines: PageLines, row: RowSpec): void {
  const from = lines.words.length;
  const base = row.style ?? BODY;
  const parts = typeof row.text === "string" ? [row.text] : row.text;
  let x = row.x;
  for (const part of parts) {
    const [text, style] = typeof part === "string" ? [part, base] : part;
    const glued = text.startsWith("~");
    for (const [i, one] of text.replace(/^~/, "").split(" ").entries()) {
      const gap = lines.words.length === from || (glued && i === 0) ? 0 : Math.round(LETTER * base.size);
      x += gap;
      lines.words.push(wordOf(lines, one, style, x, row, gap));
      x += reach(one, style);
    }
  }
  const words = lines.words.slice(from);
  const box = [row.x, Math.min(...words.map((w) => w.box[1])), x, Math.max(...words.map((w) => w.box[3]))] as const;
  lines.lines.push({ from, to: lines.words.length, box, angle: row.angle ?? 0 });
}

function wordOf(lines: PageLines, text: string, style: Style, x: number, row: RowSpec, gap: number): Word {
  let index = lines.styles.findIndex((known) => JSON.stringify(known) === JSON.stringify(style));
  if (index < 0) index = lines.styles.push(style) - 1;
  const y = row.y - style.rise;
  const box = [x, y - Math.round(0.7 * style.size), x + reach(text, style), y + Math.round(0.2 * style.size)] as const;
  return { text, box, baseline: row.y, style: index, gap, source: "native", ...(row.hidden ? { hidden: true } : {}) };
}
