/**
 * What the engine found on a page → marks: boxes with a label and a layer each, in the order they are drawn. The same
 * list is drawn over the page's picture and written as JSON.
 */
import type { Block } from "../document/blocks.ts";
import { type Box, union } from "../geometry.ts";
import type { PageBlocks } from "../page-blocks.ts";
import type { PageLines } from "../page-lines.ts";

export const LAYERS = ["words", "lines", "regions", "tables", "order", "proposals"] as const;
export type Layer = (typeof LAYERS)[number];

export interface Mark {
  layer: Layer;
  /** The block's kind, the word's source, the proposal's kind. */
  kind: string;
  /** 1/100 pt. */
  box: Box;
  label?: string;
  /** The beginning of what is written there. */
  text?: string;
  /** Proposals: whether it was taken, its score and what that rests on. */
  chosen?: boolean;
  score?: number;
  features?: Readonly<Record<string, number>>;
  /** Cells. */
  header?: boolean;
  /** Furniture stands apart from the order of reading. */
  apart?: boolean;
}

/** A proposal as layout's trace tells it. */
export interface Judged {
  kind: string;
  box: Box;
  score: number;
  features: Readonly<Record<string, number>>;
  chosen: boolean;
}

/** Letters of a block's text that are told. */
const TEXT_SHOWN = 80;

export function marksOf(page: PageLines, blocks: PageBlocks, proposals: readonly Judged[]): Mark[] {
  return [
    ...regionMarks(blocks),
    ...blocks.blocks.flatMap(cellMarks),
    ...page.lines.map((line): Mark => ({ layer: "lines", kind: "line", box: line.box })),
    ...page.words.map((word): Mark => {
      const kind = word.hidden === true ? "hidden" : word.source;
      return { layer: "words", kind, box: word.box, text: word.text };
    }),
    ...proposals.map(proposalMark),
  ];
}

function regionMarks({ blocks, lines, seams }: PageBlocks): Mark[] {
  const texts = new Map(lines.map((line) => [line.id, line.text]));
  const boxes = new Map(lines.map((line) => [line.id, line.box]));
  let number = 0;
  return blocks.flatMap((block, index) => {
    const apart = block.kind === "furniture";
    if (!apart) number++;
    const open = (at: "head" | "tail") =>
      seams.some((seam) => seam.at === at && seam.block === index && (seam.openSentence || seam.full));
    const name = nameOf(block);
    const label = `${open("head") ? "..." : ""}${apart ? name : `${number} ${name}`.trim()}${open("tail") ? "..." : ""}`;
    const places = block.places.length > 0 ? block.places.map((place) => place.box) : around(block, boxes);
    const text = block.lines.map((line) => texts.get(line) ?? "").join(" ");
    return places.map((box, part): Mark => {
      const mark: Mark = { layer: "regions", kind: block.kind, box, apart, ...(label === "" ? {} : { label }) };
      // Its further columns carry the number alone.
      if (part > 0) return apart ? mark : { ...mark, label: `${number}` };
      return { ...mark, text: text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text };
    });
  });
}

function around(block: Block, boxes: ReadonlyMap<string, Box | undefined>): Box[] {
  const known = block.lines.map((line) => boxes.get(line)).filter((box) => box !== undefined);
  return known.length === 0 ? [] : [known.reduce(union)];
}

/** Paragraphs are known by their colour, line numbers by their place: on every page there are many. */
function nameOf(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return "";
    case "heading":
      return `heading ${block.level}`;
    case "list":
      return `list of ${block.items.length}`;
    case "table": {
      const rows = block.cells.reduce((most, cell) => Math.max(most, cell.row + cell.rowSpan), 0);
      return `table ${rows}x${block.columns}`;
    }
    case "figure":
      return block.subtype === "" ? "figure" : block.subtype;
    case "contents":
      return `contents of ${block.entries.length}`;
    case "note":
      return `note ${block.mark}`;
    case "furniture":
      return block.role === "lineNumber" ? "" : block.role;
    case "field":
      return block.control;
    case "code":
      return block.algorithm ? "algorithm" : "code";
    case "title":
    case "authors":
    case "abstract":
    case "quote":
    case "reference":
    case "equation":
      return block.kind;
    default:
      return block satisfies never;
  }
}

function cellMarks(block: Block): Mark[] {
  if (block.kind !== "table") return [];
  return block.cells.flatMap(({ box, header, row, column }) =>
    box === undefined ? [] : [{ layer: "tables", kind: "cell", box, header, text: `${row},${column}` } satisfies Mark],
  );
}

function proposalMark({ kind, box, score, features, chosen }: Judged): Mark {
  const label = `${kind} ${score.toFixed(2)}${chosen ? " taken" : ""}`;
  return { layer: "proposals", kind, box, label, chosen, score, features };
}
