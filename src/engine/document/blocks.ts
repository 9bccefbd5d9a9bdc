/** Blocks of the document. The type knows no format and has no verbs. */
import type { Box, Placed } from "../geometry.ts";
import type { LineId } from "./lines.ts";
import type { MathFacts, Run } from "./runs.ts";

export interface Base {
  /** The line that a table, figure, display or container owns. */
  id: LineId;
  /** Every line in it. */
  lines: LineId[];
  places: Placed[];
}

export type FurnitureRole = "head" | "foot" | "pageNumber" | "lineNumber" | "margin" | "watermark" | "hidden";

/** Where a caption stands on the page; not said: a table's above it, a figure's below. */
export type Side = "above" | "below";

export type Block = Base &
  (
    | { kind: "heading"; level: number; number?: string; runs: Run[] }
    | { kind: "title" | "authors" | "paragraph" | "quote" | "reference"; runs: Run[] }
    | { kind: "list"; ordered: boolean; items: { label: string; checked?: boolean; blocks: Block[] }[] }
    | {
        kind: "table";
        columns: number;
        cells: Cell[];
        parts: TablePart[];
        caption?: Run[];
        captionSide?: Side;
        notes: Run[];
      }
    | {
        kind: "figure";
        crop: Placed;
        subtype: string;
        alt?: string;
        caption?: Run[];
        captionSide?: Side;
        labels: LineId[];
      }
    | { kind: "equation"; rows: { cells: string[]; number?: LineId }[]; fences?: string; facts: MathFacts }
    | { kind: "code"; language?: string; algorithm: boolean; runs: Run[] }
    | { kind: "contents"; entries: { runs: Run[]; leader?: Run[]; level: number; page: string }[] }
    | { kind: "abstract"; blocks: Block[] }
    | { kind: "note"; mark: string; blocks: Block[] }
    | { kind: "field"; control: string; name: string; value: string; label: Run[] }
    | { kind: "furniture"; role: FurnitureRole; runs: Run[] }
  );

export type TextBlock = Extract<
  Block,
  { kind: "title" | "authors" | "paragraph" | "quote" | "reference"; runs: Run[] }
>;
export type BlockOf<K extends Exclude<Block["kind"], TextBlock["kind"]>> = Extract<Block, { kind: K }>;

export interface Cell {
  row: number;
  column: number;
  rowSpan: number;
  columnSpan: number;
  header: boolean;
  blocks: Block[];
  box?: Box;
  align: string;
}

/**
 * Where rows [from, to) of a table lie; merge or keep is the writer's option. A row that a page's end cuts lies in both
 * parts.
 */
export interface TablePart extends Placed {
  from: number;
  to: number;
  /** Of the table's first rows, those that this part says again above its own; and the lines it says them in. */
  repeatedRows: number;
  repeatedHeader: LineId[];
}
