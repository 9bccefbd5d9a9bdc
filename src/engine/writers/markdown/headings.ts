/** Titles and headings: \title and \section* in mmd, "#" in md, where the title is the first level and a section the second. */
import type { BlockOf } from "../../document/blocks.ts";
import { MARK, type Run } from "../../document/runs.ts";
import { isUnnumberedName } from "../../document/section-names.ts";
import type { Piece, Scope } from "./dialect.ts";
import { writeInline } from "./inline.ts";
import { enclose } from "./pieces.ts";

const COMMANDS = ["section", "subsection", "subsubsection"] as const;
/** Markdown has no heading below this. */
const DEEPEST = 6;
/** Bits that say no more than that it is a heading. */
const PLAIN = MARK.bold | MARK.italic;

export function writeTitle(runs: readonly Run[], scope: Scope): Piece[] {
  if (scope.dialect.name === "md") return enclose("# ", keepLastHashes(writeInline(runs, scope, "text", PLAIN)), "");
  return enclose("\\title{\n", writeInline(runs, scope, "brace", PLAIN), "\n}");
}

export function writeHeading(block: BlockOf<"heading">, scope: Scope): Piece[] {
  const numbering = scope.context.options.sectionNumbering;
  const runs = numbering === "preserve" ? block.runs : withoutNumber(block.runs, block.number);
  const counts = numbering === "auto" && !isUnnumberedName(runs.map((run) => run.text).join(""));
  if (scope.dialect.name === "md") {
    const number = counts ? `${scope.nextNumber(block.level)} ` : "";
    return enclose(
      hashesOf(block.level),
      keepLastHashes(enclose(number, writeInline(runs, scope, "text", PLAIN), "")),
      "",
    );
  }
  const command = COMMANDS[block.level - 1];
  const text = writeInline(runs, scope, command === undefined ? "text" : "brace", PLAIN);
  // Mathpix Markdown knows three commands; below them it has Markdown's own headings.
  if (command === undefined) return enclose(hashesOf(block.level), keepLastHashes(text), "");
  // Without the star the renderer numbers it.
  return enclose(`\\${command}${counts ? "" : "*"}{`, text, "}");
}

function hashesOf(level: number): string {
  return `${"#".repeat(Math.min(DEEPEST, level + 1))} `;
}

/** Hashes that end a heading after a blank ("Tuning in F #"), or are all of it, would be read as its closing ones. */
function keepLastHashes(pieces: readonly Piece[]): Piece[] {
  const text = pieces.map((piece) => piece.text).join("");
  let at = /(?<=^|[ \t])#+[ \t]*$/.exec(text)?.index ?? Number.NaN;
  return pieces.map((piece) => {
    const here = at >= 0 && at < piece.text.length;
    const kept = here ? { ...piece, text: `${piece.text.slice(0, at)}\\${piece.text.slice(at)}` } : piece;
    at -= piece.text.length;
    return kept;
  });
}

/** The number may be a run of its own, or the front of the first. */
function withoutNumber(runs: readonly Run[], number: string | undefined): Run[] {
  if (number === undefined) return [...runs];
  const out: Run[] = [];
  let left = number;
  for (const run of runs) {
    let text = run.text;
    const trimmed = text.trimStart();
    if (left !== "" && trimmed !== "") {
      const taken = commonFront(left, trimmed);
      left = taken === 0 ? "" : left.slice(taken);
      text = trimmed.slice(taken);
    }
    out.push({ ...run, text: out.every((one) => one.text === "") ? text.trimStart() : text });
  }
  return out.filter((run) => run.text !== "");
}

function commonFront(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}
