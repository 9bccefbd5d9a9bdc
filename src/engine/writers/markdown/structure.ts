/**
 * A block → the lines of lines.json it stands for, in the order they are written: containers before their children,
 * each with its type and parent (CONTRACT section 5). What they say and where they lie, lines-json adds.
 *
 *   type (subtype)                         from                                        lines of the page
 *   title authors abstract quote footnote  the block of that name                      children, as text
 *   section_header                         heading                                     itself
 *   text (vertical)                        paragraph, list, reference                  itself
 *   form_field (box checkbox circle        field; a list's ticked items; a paragraph   a field's label: children's
 *     dotted dashed)                         with a blank to fill in                     place, as text beside it
 *   table                                  table: table_cell (spanning), form_field    in its cells; the caption's are
 *                                            children                                    figure_label children
 *   diagram chart (by the figure)          figure: diagram_info, chart_info children   children; captions figure_label
 *   code pseudocode                        code                                        itself
 *   table_of_contents_container            contents: _row, and in it _item, _number    children of a row
 *   math equation_number                   equation                                    silent children
 *   qed_symbol                             a paragraph's line that is nothing else     itself
 *   page_info (line_number watermark       furniture                                   itself
 *     hidden)
 */
import type { Block, BlockOf, FurnitureRole, TextBlock } from "../../document/blocks.ts";
import type { LineId } from "../../document/lines.ts";
import type { Run } from "../../document/runs.ts";
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
  /** A container that lies around its children. */
  around?: true;
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
      return contentsEntries(block, up);
    case "abstract":
    case "note":
      return [
        { line: block.id, type: block.kind === "note" ? "footnote" : "abstract", ...up, ...placeOf(block) },
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

/** A line may hold several cells, so that they have ids of their own; a cell lies where its text does. */
function tableEntries(block: BlockOf<"table">, up: Up): Entry[] {
  const labels = new Set(block.caption?.map((run) => run.line));
  const page = block.places[0]?.page ?? 0;
  const cells = block.cells.flatMap((cell): Entry[] => {
    const text = cell.blocks.map(textIn).filter((one) => one !== "");
    const place = cell.blocks[0]?.places[0]?.page ?? page;
    const fields = cell.blocks.flatMap((one) => (one.kind === "field" ? fieldEntries(one, { parent: block.id }) : []));
    if (text.length === 0) return fields;
    return [
      {
        line: `${place}.${block.id}-${cell.row}-${cell.column}`,
        type: "table_cell",
        ...(cell.rowSpan * cell.columnSpan > 1 ? { subtype: "spanning" } : {}),
        parent: block.id,
        text: text.join(" "),
        ...(cell.box === undefined ? placeOf(block) : { container: { page: place, box: cell.box } }),
      },
      ...fields,
    ];
  });
  return [
    { line: block.id, type: "table", ...labelsOf(labels), ...up, ...placeOf(block) },
    ...[...labels].map((line) => ({ line, type: "figure_label", parent: block.id })),
    ...cells,
  ];
}

function textIn(block: Block): string {
  if (block.kind === "list") return block.items.flatMap((item) => [item.label, ...item.blocks.map(textIn)]).join(" ");
  return "runs" in block ? block.runs.map((run) => run.text).join("") : "";
}

function labelsOf(labels: ReadonlySet<LineId>): { labels?: LineId[] } {
  return labels.size === 0 ? {} : { labels: [...labels] };
}

/** What no entry's text holds of its lines is its page number. */
function contentsEntries(block: BlockOf<"contents">, up: Up): Entry[] {
  const begins = new Set(block.entries.flatMap(({ runs }) => (runs[0] === undefined ? [] : [runs[0].line])));
  const items = new Set(block.entries.flatMap(({ runs }) => runs.map((run) => run.line)));
  const entries: Entry[] = [{ line: block.id, type: "table_of_contents_container", ...up, ...placeOf(block) }];
  let row = block.id;
  for (const line of childLines(block)) {
    if (begins.has(line)) {
      row = `${line}.row`;
      entries.push({ line: row, type: "table_of_contents_row", parent: block.id, around: true });
    }
    entries.push({ line, type: `table_of_contents_${items.has(line) ? "item" : "number"}`, parent: row });
  }
  return entries;
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
  quote: "quote",
  paragraph: null,
  reference: null,
};

function textEntries(block: TextBlock, up: Up): Entry[] {
  const type = CONTAINERS[block.kind];
  if (type === null) return block.lines.map((line) => ({ line, ...typeOfLine(line, block.runs), ...up }));
  // A block made before containers had ids of their own (an office file's line) stands for itself.
  if (block.lines.includes(block.id)) return block.lines.map((line) => ({ line, type, ...up }));
  return [
    { line: block.id, type, ...up, ...placeOf(block) },
    ...block.lines.map((line) => ({ line, type: "text", parent: block.id })),
  ];
}

/** Dots in a row are a blank only where they are no leader or omission at the end. */
const BLANKS = [
  { find: /_{3,}/, subtype: "dashed" },
  { find: /(?:\.{5,}|…{3,})(?=\s*\S)|^[^.…]*[:：]\s*(?:\.{5,}|…{3,})$/u, subtype: "dotted" },
] as const;
const QED = /^[∎□■◻◼⬜⬛▢]$/u;

/** Plain text, but for a blank to fill in and the sign that ends a proof. */
function typeOfLine(line: LineId, runs: readonly Run[]): Pick<Entry, "type" | "subtype"> {
  let text = "";
  for (const run of runs) if (run.line === line) text += run.text;
  text = text.trim();
  if (QED.test(text)) return { type: "qed_symbol" };
  const blank = BLANKS.find(({ find }) => find.test(text));
  return blank === undefined ? { type: "text" } : { type: "form_field", subtype: blank.subtype };
}

/** Ticked or not: the first line of such an item is the field. */
const TICK = /^[☐☑☒✓✔❏❑❒]$/u;

/** Labels that are lines by themselves come with their item. */
function listEntries(block: BlockOf<"list">, parent: LineId | undefined): Entry[] {
  const inner = block.items.flatMap((item) => {
    const entries = item.blocks.flatMap((one) => entriesOf(one, parent));
    const tick = item.checked !== undefined || TICK.test(item.label);
    return tick
      ? entries.map((entry, i) => (i === 0 ? { ...entry, type: "form_field", subtype: "checkbox" } : entry))
      : entries;
  });
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
  const told = subtype.replace(/^chart:?/, "");
  return told === "" ? {} : { subtype: told };
}
