/** Small verbs on pieces: what is put before the first, after the last, and between lines. */
import type { Piece } from "./dialect.ts";

/** An empty list stays empty: what brackets nothing is not written. */
export function enclose(before: string, pieces: readonly Piece[], after: string): Piece[] {
  return pieces.map((piece, i) => ({
    line: piece.line,
    text: (i === 0 ? before : "") + piece.text + (i === pieces.length - 1 ? after : ""),
  }));
}

/** Lists of pieces one after the other, with text between them that the later one's first line owns. */
export function sequence(parts: readonly (readonly Piece[])[], between: string): Piece[] {
  const out: Piece[] = [];
  for (const part of parts) {
    if (part.length > 0) out.push(...(out.length === 0 ? part : enclose(between, part, "")));
  }
  return out;
}

/** Lines after the first are set in, as Markdown asks within an item or a quotation. */
export function indent(pieces: readonly Piece[], by: string): Piece[] {
  return pieces.map((piece) => ({ line: piece.line, text: piece.text.replace(/\n(?=.)/g, `\n${by}`) }));
}
