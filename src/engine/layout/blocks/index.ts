/** Groups in reading order → blocks: headings, the title, lists, paragraphs. Order and grouping are settled before. */
import type { Block, BlockOf } from "../../document/blocks.ts";
import type { Edit } from "../../document/index.ts";
import type { LineId } from "../../document/lines.ts";
import type { Run } from "../../document/runs.ts";
import { namesReferences } from "../../document/section-names.ts";
import type { Placed } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Piece } from "../flow.ts";
import type { Line, Solid } from "../lines.ts";
import type { Field } from "../propose/proposal.ts";
import { gatherAbstract } from "./abstracts.ts";
import { algorithmBlock, codeBlock, countCode } from "./code.ts";
import { type ContentsEntry, contentsAt, splitEntry } from "./contents.ts";
import { definitionsAt } from "./definitions.ts";
import { fieldBlock } from "./fields.ts";
import { figureBlock } from "./figures.ts";
import { frontMatterOf } from "./front-matter.ts";
import { type Items, listAt } from "./lists.ts";
import { notesOf } from "./notes.ts";
import { edgesOf, isQuote } from "./quotes.ts";
import { type Entry, partsOf, referencesAt } from "./references.ts";
import { writeRuns } from "./runs.ts";
import { tableBlock } from "./tables.ts";
import type { Writing } from "./writing.ts";

/** A block beside the pieces that its text begins and ends with, for the seams. */
export interface Tail {
  block: Block;
  first: Piece;
  piece: Piece;
}

/** @param fields those in tables */
export function writeBlocks(
  pieces: readonly Piece[],
  page: PageLines,
  profile: Profile,
  fields: readonly Field[],
  edits: Edit[],
): { blocks: Block[]; tails: Tail[] } {
  const { flow, title, authors } = frontMatterOf(pieces, page.size.number, profile);
  const notes = notesOf(flow, page, profile);
  const on: Writing = { page, profile, fields, edits, references: notes.references };
  const tails: Tail[] = [];
  const isText = (piece: Piece) => piece.heading === null && piece.solid === undefined && !notes.marks.has(piece);
  const edges = edgesOf(flow);
  let bibliography = false;
  for (let i = 0; i < flow.length; i++) {
    const piece = flow[i]!;
    if (piece.solid !== undefined) {
      tails.push({ block: solidBlock(piece.solid, on), first: piece, piece });
      continue;
    }
    const mark = notes.marks.get(piece);
    if (mark !== undefined) {
      tails.push({ block: noteBlock(piece, mark, on), first: piece, piece });
      continue;
    }
    const listing = countCode(flow, i, page, profile);
    if (listing > 0) {
      tails.push({ block: codeBlock(flow.slice(i, i + listing), page), first: piece, piece: flow[i + listing - 1]! });
      i += listing - 1;
      continue;
    }
    const contents = contentsAt(flow, i);
    if (contents !== null) {
      i += contents.count - 1;
      tails.push({ block: contentsBlock(contents.entries, on), first: piece, piece: flow[i]! });
      continue;
    }
    if (piece.heading !== null)
      bibliography = namesReferences(
        linesIn(piece)
          .map((line) => line.text)
          .join(" "),
      );
    const references =
      bibliography || tails.every(({ piece: { solid } }) => solid !== undefined)
        ? referencesAt(flow, i, isText, bibliography)
        : null;
    if (references !== null) {
      for (const entry of references.entries)
        tails.push({ block: referenceBlock(entry, on), first: entry.piece, piece: entry.piece });
      i += references.count - 1;
      continue;
    }
    const list = listAt(flow, i, isText) ?? (bibliography ? null : definitionsAt(flow, i, isText));
    if (list !== null) {
      i += list.count - 1;
      tails.push({ block: listBlock(list, on), first: piece, piece: flow[i]! });
      continue;
    }
    const quoted = !bibliography && isQuote(piece, tails.at(-1), edges);
    const kind = piece === title ? "title" : authors.has(piece) ? "authors" : quoted ? "quote" : null;
    const block = kind === null ? textBlock(piece, on) : containerBlock(piece, kind, on);
    tails.push({ block, first: piece, piece });
  }
  const gathered = gatherAbstract(tails, page.size.number);
  return { blocks: gathered.map(({ block }) => block), tails: gathered };
}

function solidBlock({ taken, lines }: Solid, on: Writing): Block {
  switch (taken.kind) {
    case "table":
      return tableBlock(taken, lines, on);
    case "figure":
      return figureBlock(taken, lines, on);
    case "field":
      return fieldBlock(taken, lines, on);
    case "algorithm":
      return algorithmBlock(taken, lines, on.page);
    default:
      return taken satisfies never;
  }
}

function textBlock(piece: Piece, on: Writing): Block {
  const base = baseOf(piece, on);
  const runs = write(linesIn(piece), on);
  if (piece.heading === null) return { ...base, kind: "paragraph", runs };
  const { level, number } = piece.heading;
  return { ...base, kind: "heading", level, ...(number === undefined ? {} : { number }), runs };
}

function referenceBlock({ rows }: Entry, on: Writing): Block {
  const lines = rows.flatMap((row) => row.lines);
  return {
    kind: "reference",
    id: lines[0]!.id,
    lines: lines.map((line) => line.id),
    places: partsOf(rows).map((box) => ({ page: on.page.size.number, box })),
    runs: write(lines, on),
  };
}

/** The mark says itself what it is; it is not repeated in the text. */
function noteBlock(piece: Piece, mark: string, on: Writing): Block {
  const base = baseOf(piece, on);
  const block: Block = { ...base, kind: "paragraph", runs: write(withoutWords(piece, 1), on) };
  return { ...base, id: `${base.id}.note`, kind: "note", mark, blocks: [block] };
}

/** Title, authors and quotations are containers: their id is a line of its own. */
function containerBlock(piece: Piece, kind: "title" | "authors" | "quote", on: Writing): Block {
  const base = baseOf(piece, on);
  return { ...base, id: `${base.id}.${kind}`, kind, runs: write(linesIn(piece), on) };
}

function listBlock(list: Items, on: Writing): BlockOf<"list"> {
  const items = list.items.map(({ label, parts }) => ({
    label: label.text,
    blocks: parts.map((part, i) => {
      if ("items" in part) return listBlock(part, on);
      return {
        ...baseOf(part, on),
        kind: "paragraph" as const,
        runs: write(withoutWords(part, i === 0 ? label.words : 0), on),
      };
    }),
  }));
  const blocks = items.flatMap((item) => item.blocks);
  return {
    kind: "list",
    ordered: list.ordered,
    id: blocks[0]!.id,
    lines: blocks.flatMap((block) => block.lines),
    places: blocks.flatMap((block) => block.places),
    items,
  };
}

function withoutWords(piece: Piece, count: number): Line[] {
  const [first, ...rest] = linesIn(piece);
  return [{ ...first!, words: first!.words.slice(count) }, ...rest].filter((line) => line.words.length > 0);
}

function contentsBlock(contents: readonly ContentsEntry[], on: Writing): Block {
  const bases = contents.flatMap(({ pieces }) => pieces.map((piece) => baseOf(piece, on)));
  const entries = contents.map(({ pieces, level }) => ({ ...splitEntry(write(pieces.flatMap(linesIn), on)), level }));
  return {
    kind: "contents",
    id: `${bases[0]!.id}.contents`,
    lines: bases.flatMap((base) => base.lines),
    places: bases.flatMap((base) => base.places),
    entries,
  };
}

function baseOf(piece: Piece, on: Writing): { id: LineId; lines: LineId[]; places: Placed[] } {
  const lines = linesIn(piece).map((line) => line.id);
  return { id: lines[0]!, lines, places: piece.parts.map((box) => ({ page: on.page.size.number, box })) };
}

function linesIn(piece: Piece): Line[] {
  return piece.rows.flatMap((row) => row.lines);
}

function write(lines: readonly Line[], on: Writing): Run[] {
  const { runs, edits } = writeRuns(lines, on.page, on.profile.words, on.references);
  on.edits.push(...edits);
  return runs;
}
