/**
 * The one emitter of Markdown. In: parts in page order; out: each block's pieces, white included, every piece owned by
 * a line. mmd and md are the concatenation, lines.json is the grouping by line; so that the grouping can go page by page,
 * a piece of an earlier page than the line just emitted is charged to that line.
 */
import type { Block } from "../../document/blocks.ts";
import type { Part } from "../../document/index.ts";
import type { PageSize } from "../../source-info.ts";
import type { WriteContext } from "../writer.ts";
import { writeBlock } from "./blocks.ts";
import { tableParter } from "./continued-tables.ts";
import type { Dialect, Piece, Scope } from "./dialect.ts";
import { pageOf } from "./line-ids.ts";

export interface Emitted {
  block: Block;
  pieces: Piece[];
}

export interface Emitter {
  emit(part: Part): Emitted[];
}

/** Pages whose sizes are kept: a block lies on the page it begins on or on one soon after. */
const SIZES_KEPT = 16;

export function createEmitter(dialect: Dialect, context: WriteContext): Emitter {
  const pages = new Map<number, PageSize>();
  const numbers: number[] = [];
  const labelFor = labeller();
  let texts = new Map<string, string>();
  let marks = "";
  let last: string | null = null;
  const blocksOf = context.options.continuedTables === "keep" ? tableParter() : (part: Part) => part.blocks;
  const scope: Scope = {
    dialect,
    context,
    pages,
    textOf: (line) => texts.get(line) ?? "",
    noteLabel: (line, mark) => labelFor(pageOf(line), mark),
    nextNumber: (level) => countUp(numbers, level),
  };
  return {
    emit(part) {
      if (part.size !== undefined) {
        pages.set(part.size.number, part.size);
        pages.delete(part.size.number - SIZES_KEPT);
        if (context.options.includePageBreaks)
          marks += `${last === null && marks === "" ? "" : "\n\n"}${pageBreak(part.size)}`;
      }
      texts = new Map(part.lines.map((line) => [line.id, line.text]));
      return blocksOf(part).map((block) => {
        const pieces = writeBlock(block, scope);
        pieces.forEach((piece, i) => {
          if (i === 0) {
            piece.text = marks + (last === null && marks === "" ? "" : "\n\n") + piece.text;
            marks = "";
          }
          if (last !== null && pageOf(piece.line) < pageOf(last)) piece.line = last;
          last = piece.line;
        });
        return { block, pieces };
      });
    },
  };
}

function pageBreak(size: PageSize): string {
  const label = size.label === undefined ? "" : ` label ${JSON.stringify(size.label).replace(/-(?=-)|>/g, "")}`;
  return `<!-- page ${size.number}${label} -->`;
}

function countUp(numbers: number[], level: number): string {
  numbers.length = Math.max(level, 1);
  for (let i = 0; i < numbers.length; i++) numbers[i] ??= i === numbers.length - 1 ? 0 : 1;
  numbers[numbers.length - 1]!++;
  return numbers.join(".");
}

/** A footnote's label: the mark itself while it is the first of its kind in the document; a symbol can't be one. */
function labeller(): (page: number, mark: string) => string {
  const pages = new Map<number, Map<string, string>>();
  const counts = new Map<string, number>();
  return (page, mark) => {
    const labels = pages.get(page) ?? new Map<string, string>();
    pages.set(page, labels);
    pages.delete(page - SIZES_KEPT);
    const known = labels.get(mark);
    if (known !== undefined) return known;
    const name = /^[\p{L}\p{N}]+$/u.test(mark) ? mark : "note";
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const label = count === 1 ? name : `${name}-${count}`;
    labels.set(mark, label);
    return label;
  };
}
