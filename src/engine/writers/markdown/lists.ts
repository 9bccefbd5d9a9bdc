/** Lists: itemize and enumerate in mmd, "- " and "1. " in md. A label that neither can say stays as the page has it. */
import type { Block, BlockOf } from "../../document/blocks.ts";
import type { Piece, Scope } from "./dialect.ts";
import { escapeText } from "./escape.ts";
import { enclose, indent, sequence } from "./pieces.ts";

const NUMBER = /^(\d{1,9})([.)])$/;
const BULLET = /^[•◦▪▫◾◽‣⁃∙●○■□❍◻◼◆◇❖⬥⬧⧫►▶▸▹⮚⮞➔➜➢➤→⇒⇨★☆✦·*–—-]$/u;
const TICKED = /^[☑☒✓✔]$/;
const UNTICKED = /^[☐❑❏❒]$/;

export function writeList(block: BlockOf<"list">, scope: Scope, write: (inner: Block) => Piece[]): Piece[] {
  const contents = block.items.map((item) => contentOf(item.blocks, write));
  if (scope.context.options.disableItemize) return writeFlat(block, contents, scope);
  return scope.dialect.name === "mmd" ? writeItemize(block, contents, scope) : writeMarkers(block, contents, scope);
}

/** A list within follows its item's text without a blank line; further paragraphs have one. */
function contentOf(blocks: readonly Block[], write: (inner: Block) => Piece[]): Piece[] {
  return blocks.reduce<Piece[]>((pieces, block, i) => {
    if (i === 0) return write(block);
    return sequence([pieces, write(block)], block.kind === "list" ? "\n" : "\n\n");
  }, []);
}

function writeFlat(block: BlockOf<"list">, contents: readonly Piece[][], scope: Scope): Piece[] {
  const lines = block.items.map((item, i) => {
    const label = item.label === "" ? "" : `${escapeText(item.label, "start", scope.dialect)} `;
    return enclose(label, contents[i]!, "");
  });
  return sequence(lines, "\n\n");
}

function writeItemize(block: BlockOf<"list">, contents: readonly Piece[][], scope: Scope): Piece[] {
  const counted = block.items.every((item, i) => NUMBER.exec(item.label)?.[1] === String(i + 1));
  const environment = block.ordered && counted ? "enumerate" : "itemize";
  const items = block.items.map((item, i) => {
    const plain = counted || BULLET.test(item.label) || item.label === "";
    const label = item.checked === undefined ? item.label : item.checked ? "☑" : "☐";
    const mark = plain && item.checked === undefined ? "" : `[${escapeText(label, "text", scope.dialect, "label")}]`;
    return enclose(`\\item${mark} `, contents[i]!, "");
  });
  return enclose(`\\begin{${environment}}\n`, sequence(items, "\n"), `\n\\end{${environment}}`);
}

function writeMarkers(block: BlockOf<"list">, contents: readonly Piece[][], scope: Scope): Piece[] {
  const items = block.items.map((item, i) => {
    const marker = markerOf(item, scope);
    const hang = NUMBER.test(item.label) ? " ".repeat(marker.length) : "  ";
    return enclose(marker, indent(contents[i]!, hang), "");
  });
  return sequence(items, "\n");
}

function markerOf(item: BlockOf<"list">["items"][number], scope: Scope): string {
  const checked = item.checked ?? (TICKED.test(item.label) ? true : UNTICKED.test(item.label) ? false : undefined);
  if (checked !== undefined) return checked ? "- [x] " : "- [ ] ";
  if (NUMBER.test(item.label)) return `${item.label} `;
  if (item.label === "" || BULLET.test(item.label)) return "- ";
  return `- ${escapeText(item.label, "start", scope.dialect)} `;
}
