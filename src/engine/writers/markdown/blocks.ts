/** One block → its pieces, without the white around it: a case a kind. Tables, lists, figures, displays have files of their own. */
import type { Block, BlockOf, FurnitureRole, TextBlock } from "../../document/blocks.ts";
import { MARK, type Run } from "../../document/runs.ts";
import type { Piece, Scope } from "./dialect.ts";
import { writeEquation } from "./equations.ts";
import { escapeText, type Place } from "./escape.ts";
import { writeFigure } from "./figures.ts";
import { writeHeading, writeTitle } from "./headings.ts";
import { inlineText, writeInline } from "./inline.ts";
import { writeList } from "./lists.ts";
import { enclose, indent, sequence } from "./pieces.ts";
import { writeTable } from "./tables.ts";
import { wrapLines } from "./wrap.ts";

/** Shown when page information is asked for; the rest of the furniture is not part of what a reader reads. */
const PAGE_INFO: ReadonlySet<FurnitureRole> = new Set(["head", "foot", "pageNumber", "margin"]);

export function writeBlock(block: Block, scope: Scope): Piece[] {
  switch (block.kind) {
    case "heading":
      return writeHeading(block, scope);
    case "title":
    case "authors":
    case "paragraph":
    case "quote":
    case "reference":
      return writeText(block, scope);
    case "list":
      return writeList(block, scope, (inner) => writeBlock(inner, scope));
    case "table":
      return writeTable(block, scope, (inner) =>
        inner.kind === "field" ? writeField(inner, scope, "cell") : writeBlock(inner, scope),
      );
    case "figure":
      return writeFigure(block, scope);
    case "equation":
      return writeEquation(block, scope);
    case "code":
      return writeCode(block, scope);
    case "contents":
      return writeContents(block, scope);
    case "abstract":
      return writeAbstract(block, scope);
    case "note":
      return writeNote(block, scope);
    case "field":
      return writeField(block, scope);
    case "furniture": {
      const shown = scope.context.options.includePageInfo && PAGE_INFO.has(block.role);
      return shown ? running(block.runs, scope) : [];
    }
    default:
      return block satisfies never;
  }
}

function writeText(block: TextBlock, scope: Scope): Piece[] {
  const latex = scope.dialect.name === "mmd";
  switch (block.kind) {
    case "title":
      return writeTitle(block.runs, scope);
    case "authors":
      return latex
        ? enclose("\\author{\n", byLine(block.runs, scope, "brace", " \\\\\n"), "\n}")
        : byLine(block.runs, scope, "start", "  \n");
    case "quote":
      return enclose("> ", indent(running(block.runs, scope), "> "), "");
    case "paragraph":
    case "reference":
      return running(block.runs, scope);
    default:
      return block.kind satisfies never;
  }
}

function running(runs: readonly Run[], scope: Scope): Piece[] {
  const pieces = writeInline(runs, scope, "start");
  return scope.dialect.wrapAt === null ? pieces : wrapLines(pieces, scope.dialect.wrapAt);
}

function byLine(runs: readonly Run[], scope: Scope, place: Place, between: string): Piece[] {
  return sequence(
    runsByLine(runs).map((line) => writeInline(line, scope, place)),
    between,
  );
}

function runsByLine(runs: readonly Run[]): Run[][] {
  const lines: Run[][] = [];
  for (const run of runs) {
    const last = lines.at(-1);
    if (last?.[0]?.line === run.line) last.push(run);
    else lines.push([run]);
  }
  return lines;
}

/** What ends a listing of LaTeX wherever it stands. */
const LISTING_END = /\\end\s*\{\s*lstlisting/;

/** Code is the page's own characters, line by line; nothing in it is escaped. What would end its listing is fenced. */
function writeCode(block: BlockOf<"code">, scope: Scope): Piece[] {
  const lines = runsByLine(block.runs).map((runs): Piece[] => [
    {
      line: runs[0]!.line,
      text: runs
        .map((run) => run.text)
        .join("")
        .replace(/\s+$/, ""),
    },
  ]);
  const code = sequence(lines, "\n");
  const text = code.map((piece) => piece.text).join("");
  if (scope.dialect.name === "mmd" && !scope.context.options.disableLstlisting && !LISTING_END.test(text)) {
    const language = block.language === undefined ? "" : `[language=${block.language}]`;
    return enclose(`\\begin{lstlisting}${language}\n`, code, "\n\\end{lstlisting}");
  }
  const fence = "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length + 1)));
  return enclose(`${fence}${block.language ?? ""}\n`, code, `\n${fence}`);
}

/** What leads to the page is shown with the rest of the page's furniture. */
function writeContents(block: BlockOf<"contents">, scope: Scope): Piece[] {
  const leads = scope.context.options.includePageInfo;
  const entries = block.entries.map((entry) => {
    const page = entry.page === "" ? "" : ` ${escapeText(entry.page, "text", scope.dialect)}`;
    return enclose(
      `${"  ".repeat(Math.max(0, entry.level - 1))}- `,
      writeInline(leads ? [...entry.runs, ...(entry.leader ?? [])] : entry.runs, scope, "start"),
      page,
    );
  });
  return sequence(entries, "\n");
}

function writeAbstract({ blocks }: BlockOf<"abstract">, scope: Scope): Piece[] {
  const inner = sequence(
    blocks.map((one) => writeBlock(one, scope)),
    "\n\n",
  );
  return scope.dialect.name === "mmd" ? enclose("\\begin{abstract}\n", inner, "\n\\end{abstract}") : inner;
}

function writeNote(block: BlockOf<"note">, scope: Scope): Piece[] {
  const inner = sequence(
    block.blocks.map((one) => writeBlock(one, scope)),
    "\n\n",
  );
  if (scope.dialect.name === "mmd") {
    const mark = inlineText([{ line: block.id, text: block.mark, marks: MARK.super }], scope);
    return enclose(`\\footnotetext{\n${mark} `, inner, "\n}");
  }
  return enclose(`[^${scope.noteLabel(block.id, block.mark)}]: `, indent(inner, "    "), "");
}

/** Ticks are task items in md, which has nothing for one of several. */
const TICKS = {
  checkbox: ["☑", "☐"],
  radio: ["◉", "○"],
  md: ["- [x]", "- [ ]"],
} as const;

function writeField(block: BlockOf<"field">, scope: Scope, place: "start" | "cell" = "start"): Piece[] {
  const label = writeInline(block.label, scope, "start");
  if (block.control !== "checkbox" && block.control !== "radio") {
    const value = escapeText(block.value.replace(/\s+/g, " "), label.length === 0 ? place : "text", scope.dialect);
    return [...enclose("", label, value === "" ? "" : " "), ...(value === "" ? [] : [{ line: block.id, text: value }])];
  }
  const [on, off] = TICKS[scope.dialect.name === "md" && place === "start" ? "md" : block.control];
  const ticked = block.value !== "" && block.value !== "Off";
  return [{ line: block.id, text: ticked ? on : off }, ...enclose(" ", label, "")];
}
