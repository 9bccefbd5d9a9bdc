/**
 * A list that goes on at the next page's head → into the first: items whose label is the next one (bullets: the same)
 * at the same edge, in the list that the page ended in or in one around it. A lone item is a paragraph so far, since
 * layout sees no neighbour of it.
 */
import type { Block, BlockOf, TextBlock } from "../document/blocks.ts";
import type { Part } from "../document/index.ts";
import type { Seam } from "../page-blocks.ts";
import type { End } from "./open.ts";
import { pathToEnd, takeLines } from "./paragraphs.ts";

type List = BlockOf<"list">;

/** Labels of one list begin at one edge, within this share of the type size. */
const SAME_EDGE = 0.8;
const ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];
const COUNTED = /^([([]?)(\d{1,4}|[a-z]|[A-Z]|[ivx]+)([.)\]]+)$/;
/** A letter with a stop may be a name's: "A. Smith". */
const DOUBTFUL = /^\p{L}+\.$/u;
const TICKS = /^[☐☑☒❏❑✓✔]$/u;

/** @param at where the next page's text begins, or what is left of it @returns blocks that went into the tail */
export function continueList(tail: End, part: Part, at: number, head: Seam): Block[] {
  const taken: Block[] = [];
  for (;;) {
    const block = part.blocks[at];
    if (block === undefined || !takeItems(tail, block, part.blocks[at + 1], head)) return taken;
    part.blocks.splice(at, 1);
    taken.push(block);
  }
}

function takeItems(tail: End, block: Block, next: Block | undefined, head: Seam): boolean {
  if (block.kind !== "list" && block.kind !== "paragraph") return false;
  const path = pathToEnd(asList(tail, block, head));
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const list = path[depth]!;
    if (list.kind !== "list") continue;
    const items = itemsOf(block, list);
    if (items === null || !isAtEdge(list, block, tail.seam, head)) continue;
    list.items.push(...items);
    for (const outer of path.slice(0, depth + 1)) takeLines(outer, block);
    return true;
  }
  // A list within the item that the page ended with; the list around it goes on after it.
  const inner = path.findLast((one) => one.kind === "list");
  if (inner === undefined || block.kind !== "list" || next === undefined || itemsOf(next, inner) === null) return false;
  if (!isSetIn(inner, block, tail.seam, head)) return false;
  inner.items.at(-1)!.blocks.push(block);
  for (const outer of path.slice(0, path.indexOf(inner) + 1)) takeLines(outer, block);
  return true;
}

/** A paragraph that begins with the label before the list's first is that list's first item; so are two lone items. */
function asList(tail: End, block: TextBlock | List, head: Seam): Block {
  const lone = tail.block;
  const index = tail.part.blocks.indexOf(lone);
  if (lone.kind !== "paragraph" || index < 0) return lone;
  const label = labelIn(lone);
  const next = block.kind === "list" ? block.items[0]!.label : labelIn(block);
  if (!COUNTED.test(label) || !follow(label, next) || (block.kind !== "list" && DOUBTFUL.test(label))) return lone;
  const { id, lines, places } = lone;
  const item = { label, blocks: [withoutLabel(lone, label)] };
  const list: List = { kind: "list", ordered: true, id, lines: [...lines], places: [...places], items: [item] };
  if (!isAtEdge(list, block, tail.seam, head)) return lone;
  tail.part.blocks[index] = list;
  tail.block = list;
  return list;
}

/** The block's items, when they go on with the list. */
function itemsOf(block: Block, list: List): List["items"] | null {
  const last = list.items.at(-1)?.label ?? "";
  if (block.kind === "list") return follow(last, block.items[0]?.label ?? "") ? block.items : null;
  if (block.kind !== "paragraph" || !COUNTED.test(last)) return null;
  const label = labelIn(block);
  return follow(last, label) ? [{ label, blocks: [withoutLabel(block, label)] }] : null;
}

/** The first word, when a blank or the run's end follows it. */
function labelIn(block: TextBlock): string {
  return /^\S+/u.exec(block.runs[0]?.text ?? "")?.[0] ?? "";
}

function withoutLabel(block: TextBlock, label: string): TextBlock {
  const [first, ...rest] = block.runs;
  const text = first?.text.slice(label.length).trimStart() ?? "";
  const runs = first === undefined || text === "" ? rest : [{ ...first, text }, ...rest];
  return { ...block, runs: runs.map((run, i) => (i === 0 ? { ...run, text: run.text.trimStart() } : run)) };
}

/** Whether the second label comes right after the first. */
function follow(first: string, second: string): boolean {
  const [a, b] = [COUNTED.exec(first), COUNTED.exec(second)];
  if (a === null || b === null) {
    if (a !== null || b !== null || first === "") return false;
    return first === second || (TICKS.test(first) && TICKS.test(second));
  }
  if (a[1] !== b[1] || a[3] !== b[3]) return false;
  const [x, y] = [a[2]!, b[2]!];
  if (/^\d/.test(x) || /^\d/.test(y)) return Number(y) === Number(x) + 1;
  if (x.length === 1 && y.length === 1 && y.charCodeAt(0) === x.charCodeAt(0) + 1) return true;
  const roman = ROMAN.indexOf(x);
  return roman >= 0 && ROMAN[roman + 1] === y;
}

function isAtEdge(list: List, block: Block, tail: Seam, head: Seam): boolean {
  return Math.min(...indents(list, block, tail, head).map(Math.abs)) <= SAME_EDGE;
}

function isSetIn(list: List, block: Block, tail: Seam, head: Seam): boolean {
  return Math.min(...indents(list, block, tail, head)) > SAME_EDGE;
}

/** How far the block is set in against the list's last item, in type sizes: on the sheet, and in its column. */
function indents(list: List, block: Block, tail: Seam, head: Seam): [number, number] {
  const item = list.items.at(-1)?.blocks[0]?.places[0]?.box ?? list.places[0]!.box;
  const by = (block.places[0]!.box[0] - item[0]) / Math.max(1, tail.size);
  return [by, by - (head.column[0] - tail.column[0]) / Math.max(1, tail.size)];
}
