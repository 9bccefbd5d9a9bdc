/** Displays: LaTeX in the chosen delimiters; a rejected one shows its words. A display owns one line, its number another. */
import type { BlockOf } from "../../document/blocks.ts";
import type { Piece, Scope } from "./dialect.ts";
import { escapeText } from "./escape.ts";

type Equation = BlockOf<"equation">;

export function writeEquation(block: Equation, scope: Scope): Piece[] {
  const { options } = scope.context;
  const { dialect } = scope;
  if (!block.facts.valid) return [{ line: block.id, text: escapeText(block.facts.plain, "start", dialect) }];
  const tags = options.includeEquationTags;
  // Tags force the idiomatic environments: an array's rows can't be tagged.
  const body = options.idiomaticEqnArrays || tags ? idiomatic(block, scope, tags) : array(block);
  const display = { line: block.id, text: `${dialect.display[0]}\n${body}\n${dialect.display[1]}` };
  if (tags) return [display];
  const numbers = block.rows.flatMap((row) => (row.number === undefined ? [] : [row.number]));
  return [
    display,
    ...numbers.map((line, i) => ({
      line,
      text: `${i === 0 ? "\n\n" : " "}${escapeText(scope.textOf(line), "start", dialect)}`,
    })),
  ];
}

function array(block: Equation): string {
  const columns = columnsOf(block);
  if (block.rows.length <= 1 && columns <= 1) return block.rows[0]?.cells[0] ?? "";
  const letters = Array.from({ length: columns }, (_, i) =>
    block.fences !== undefined || i % 2 === 1 ? "l" : columns === 1 ? "l" : "r",
  );
  const rows = block.rows.map((row) => row.cells.join(" & "));
  const body = `\\begin{array}{${letters.join("")}}\n${rows.join(" \\\\\n")}\n\\end{array}`;
  return block.fences === undefined ? body : `\\left${block.fences}${body}\\right.`;
}

function idiomatic(block: Equation, scope: Scope, tags: boolean): string {
  const columns = columnsOf(block);
  const rows = block.rows.map((row) => {
    const tag = tags && row.number !== undefined ? ` \\tag{${tagOf(scope.textOf(row.number))}}` : "";
    return row.cells.join(" & ") + (block.rows.length > 1 ? tag : "");
  });
  const lone = block.rows[0]?.number;
  const after = tags && block.rows.length === 1 && lone !== undefined ? ` \\tag{${tagOf(scope.textOf(lone))}}` : "";
  if (block.rows.length <= 1 && columns <= 1) return (rows[0] ?? "") + after;
  const several = tags && block.rows.some((row) => row.number !== undefined) && block.fences === undefined;
  const name =
    block.fences === "\\{"
      ? "cases"
      : columns > 1
        ? several
          ? "align*"
          : "aligned"
        : several
          ? "gather*"
          : "gathered";
  return `\\begin{${name}}\n${rows.join(" \\\\\n")}\n\\end{${name}}${after}`;
}

function columnsOf(block: Equation): number {
  return Math.max(0, ...block.rows.map((row) => row.cells.length));
}

/** "(3.1)" → "3.1": \tag sets its own parentheses. */
function tagOf(text: string): string {
  return text.trim().replace(/^[([]\s*|\s*[)\]]$/g, "");
}
