/**
 * A block → the lines of lines.json it stands for, in the order they are written: containers before their children,
 * each with its type and parent (CONTRACT section 5). What they say and where they lie, lines-json adds.
 */
import type { Block, BlockOf, FurnitureRole, TextBlock } from "../../document/blocks.ts";
import type { LineId } from "../../document/lines.ts";
import type { Placed } from "../../geometry.ts";

export interface Entry {
  line: LineId;
  type: string;
  subtype?: string;
  parent?: LineId;
  /** Owns no text of its own; its box is the block's, and it lies on the block's first page. */
  container?: Placed;
  /** Those of its children that are its caption. */
  labels?: LineId[];
  /** What to search for, where the block knows it and no line says it. */
  text?: string;
  /** Written only when diagram text is asked for. */
  diagramText?: boolean;
}

interface Up {
  parent?: LineId;
}

export function entriesOf(block: Block, parent?: LineId): Entry[] {
  const up: Up = parent === undefined ? {} : { parent };
  switch (block.kind) {
    case "heading":
      return block.lines.map((line) => ({ line, type: "section_header", ...up }));
    case "title":
    case "authors":
    case "abstract":
    case "quote":
    case "paragraph":
    case "reference":
      return textEntries(block, up);
    case "list":
      return listEntries(block, parent);
    case "table":
      return tableEntries(block, up);
    case "figure":
      return figureEntries(block, up);
    case "equation":
      return equationEntries(block, up);
    case "code":
      return block.lines.map((line) => ({ line, type: block.algorithm ? "pseudocode" : "code", ...up }));
    case "contents":
      return [
        { line: block.id, type: "table_of_contents_container", ...up, ...placeOf(block) },
        ...childLines(block).map((line) => ({ line, type: "table_of_contents_row", parent: block.id })),
      ];
    case "note":
      return [
        { line: block.id, type: "footnote", ...up, ...placeOf(block) },
        ...block.blocks.flatMap((inner) => entriesOf(inner, block.id)),
      ];
    case "field":
      return fieldEntries(block, up);
    case "furniture":
      return block.lines.map((line) => ({ line, type: "page_info", ...subtypeOf(FURNITURE[block.role]), ...up }));
    default:
      return block satisfies never;
  }
}

function tableEntries(block: BlockOf<"table">, up: Up): Entry[] {
  const labels = new Set(block.caption?.map((run) => run.line));
  return [
    { line: block.id, type: "table", ...labelsOf(labels), ...up, ...placeOf(block) },
    ...childLines(block).map((line) => ({
      line,
      type: labels.has(line) ? "figure_label" : "table_cell",
      parent: block.id,
    })),
    ...block.cells.flatMap((cell) =>
      cell.blocks.flatMap((one) => (one.kind === "field" ? fieldEntries(one, { parent: block.id }) : [])),
    ),
  ];
}

function labelsOf(labels: ReadonlySet<LineId>): { labels?: LineId[] } {
  return labels.size === 0 ? {} : { labels: [...labels] };
}

function figureEntries(block: BlockOf<"figure">, up: Up): Entry[] {
  const chart = block.subtype.startsWith("chart");
  const labels = new Set(block.labels);
  return [
    {
      line: block.id,
      type: chart ? "chart" : "diagram",
      ...subtypeOf(block.subtype),
      ...labelsOf(labels),
      ...up,
      ...placeOf(block),
    },
    ...childLines(block).map((line) =>
      labels.has(line)
        ? { line, type: "figure_label", parent: block.id }
        : { line, type: chart ? "chart_info" : "diagram_info", parent: block.id, diagramText: true },
    ),
  ];
}

/** Lines under the display are what it stands for: its children, silent. Numbers stand beside it. */
function equationEntries(block: BlockOf<"equation">, up: Up): Entry[] {
  const numbers = new Set(block.rows.flatMap((row) => (row.number === undefined ? [] : [row.number])));
  const owned = block.lines.includes(block.id);
  const display = { line: block.id, type: "math", ...up };
  return [
    owned ? display : { ...display, text: block.facts.plain, ...placeOf(block) },
    ...childLines(block)
      .filter((line) => !numbers.has(line))
      .map((line) => ({ line, type: "math", parent: block.id })),
    ...[...numbers].map((line) => ({ line, type: "equation_number", ...up })),
  ];
}

/** As they are written: a tick box before its label, a value after it. */
function fieldEntries(block: BlockOf<"field">, up: Up): Entry[] {
  const tick = block.control === "checkbox" || block.control === "radio";
  const subtype = block.control === "checkbox" ? "checkbox" : block.control === "radio" ? "circle" : "box";
  const field = { line: block.id, type: "form_field", subtype, text: block.value, ...up, ...placeOf(block) };
  const label = childLines(block).map((line) => ({ line, type: "text", parent: block.id }));
  return tick ? [field, ...label] : [...label, field];
}

/** Furniture is page_info; what is more than that is told by the subtype. */
const FURNITURE: Readonly<Record<FurnitureRole, string>> = {
  head: "",
  foot: "",
  pageNumber: "",
  margin: "",
  lineNumber: "line_number",
  watermark: "watermark",
  hidden: "hidden",
};

const CONTAINERS: Readonly<Record<TextBlock["kind"], string | null>> = {
  title: "title",
  authors: "authors",
  abstract: "abstract",
  quote: "quote",
  paragraph: null,
  reference: null,
};

function textEntries(block: TextBlock, up: Up): Entry[] {
  const type = CONTAINERS[block.kind];
  if (type === null) return block.lines.map((line) => ({ line, type: "text", ...up }));
  // A block made before containers had ids of their own (an office file's line) stands for itself.
  if (block.lines.includes(block.id)) return block.lines.map((line) => ({ line, type, ...up }));
  return [
    { line: block.id, type, ...up, ...placeOf(block) },
    ...block.lines.map((line) => ({ line, type: "text", parent: block.id })),
  ];
}

/** Labels that are lines by themselves come with their item. */
function listEntries(block: BlockOf<"list">, parent: LineId | undefined): Entry[] {
  const inner = block.items.flatMap((item) => item.blocks.flatMap((one) => entriesOf(one, parent)));
  const known = new Set(inner.map((entry) => entry.line));
  const rest = block.lines.filter((line) => !known.has(line));
  return [...inner, ...rest.map((line) => ({ line, type: "text", ...(parent === undefined ? {} : { parent }) }))];
}

function childLines(block: Block): LineId[] {
  return block.lines.filter((line) => line !== block.id);
}

function placeOf(block: Block): { container?: Placed } {
  const place = block.places[0];
  return place === undefined ? {} : { container: place };
}

function subtypeOf(subtype: string): { subtype?: string } {
  return subtype === "" ? {} : { subtype: subtype.replace(/^chart:?/, "") };
}
