/** Running text wrapped at a width: blanks become line breaks, where Markdown reads the two alike. */
import type { Piece } from "./dialect.ts";

/** A word that would begin a block if it came first in its line. */
const BEGINS_BLOCK = /^(?:[-+*>#=|:]|\d+[.)]|~~~|```|<)/;

/** What must not be cut: code, math, links, tags. */
const WHOLE = /`+[^`]*`+|\$[^$]*\$|\\\(.*?\\\)|\[[^\]]*\]\([^)]*\)|<[^>]*>|\S+/g;

export function wrapLines(pieces: readonly Piece[], width: number): Piece[] {
  const text = pieces.map((piece) => piece.text).join("");
  const breaks = breaksOf(text, width);
  let at = 0;
  return pieces.map((piece) => {
    const chars = [...piece.text.matchAll(/[\s\S]/g)].map((found, i) => (breaks.has(at + i) ? "\n" : found[0]));
    at += piece.text.length;
    return { line: piece.line, text: chars.join("") };
  });
}

/** Places of the blanks that become line breaks. */
function breaksOf(text: string, width: number): Set<number> {
  const breaks = new Set<number>();
  let lineStart = 0;
  for (const found of text.matchAll(WHOLE)) {
    const from = found.index;
    const to = from + found[0].length;
    if (from > lineStart && to - lineStart > width && text[from - 1] === " " && !BEGINS_BLOCK.test(found[0])) {
      breaks.add(from - 1);
      lineStart = from;
    }
  }
  return breaks;
}
