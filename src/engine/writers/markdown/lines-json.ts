/**
 * lines.json and lines.mmd.json: the emitter's pieces grouped by line, with the line's type, parent, place and the words
 * of the page (CONTRACT section 5). Goes page by page; what belongs to a line of a later page waits for that page.
 */
import type { Part } from "../../document/index.ts";
import type { LineId, TextLine } from "../../document/lines.ts";
import { type Box, union } from "../../geometry.ts";
import type { PageSize } from "../../source-info.ts";
import type { WriteContext, Writer } from "../writer.ts";
import { mmdDialect } from "./dialect.ts";
import { createEmitter } from "./emit.ts";
import { lineHash, pageOf } from "./line-ids.ts";
import { type Region, regionOf, toPixels } from "./pixels.ts";
import { describeQuality } from "./quality.ts";
import { type Entry, entriesOf } from "./structure.ts";

export const linesJson: Writer = jsonWriter("lines.json", fullLine);
export const linesMmdJson: Writer = jsonWriter("lines.mmd.json", mmdLine);

/** A line about to be written. */
interface Row {
  entry: Entry;
  /** What it adds to the mmd; "" = nothing. */
  display: string;
  facts: TextLine | undefined;
  region: Region | undefined;
  number: number;
  childIds: string[];
}

type LineWriter = (row: Row, size: PageSize | undefined, context: WriteContext) => object | null;

function jsonWriter(extension: string, writeLine: LineWriter): Writer {
  return {
    extension,
    contentType: "application/json; charset=utf-8",
    write(_head, context) {
      const emitter = createEmitter(mmdDialect(context), context);
      const { includeDiagramText } = context.options;
      const waiting = new Map<number, Waiting[]>();
      const displays = new Map<LineId, string>();
      let pages = 0;
      return {
        part(part) {
          const page = part.size?.number ?? 0;
          for (const { block, pieces } of emitter.emit(part)) {
            const entries = entriesOf(block).filter(({ diagramText }) => diagramText !== true || includeDiagramText);
            const family = familyOf(entries);
            for (const entry of entries)
              push(waiting, Math.max(page, pageOf(entry.line)), { entry, children: family.get(entry.line) ?? [] });
            for (const { line, text } of pieces) displays.set(line, (displays.get(line) ?? "") + text);
          }
          const rows = rowsOf(part, inContainer(part, waiting.get(page) ?? []), displays, context);
          waiting.delete(page);
          for (const { entry } of rows) displays.delete(entry.line);
          const lines = rows.map((row) => writeLine(row, part.size, context)).filter((line) => line !== null);
          pages++;
          return (
            (pages === 1 ? '{"pages":[' : ",") +
            JSON.stringify({ ...pageHead(part.size, pages, context), ...describeQuality(part), lines })
          );
        },
        end: () => (pages === 0 ? '{"pages":[]}' : "]}"),
      };
    },
  };
}

/** An entry that waits for its page; its children may lie on pages after that one. */
interface Waiting {
  entry: Entry;
  children: readonly Entry[];
}

function familyOf(entries: readonly Entry[]): Map<LineId, Entry[]> {
  const children = new Map<LineId, Entry[]>();
  for (const entry of entries) {
    if (entry.parent === undefined) continue;
    const known = children.get(entry.parent);
    if (known === undefined) children.set(entry.parent, [entry]);
    else known.push(entry);
  }
  return children;
}

/** What stands turned on its sheet lies in a container of its own; furniture stands beside it. */
function inContainer(part: Part, waiting: readonly Waiting[]): readonly Waiting[] {
  const isInside = ({ type, parent }: Entry) => parent === undefined && type !== "page_info";
  const inside = waiting.filter(({ entry }) => isInside(entry)).map(({ entry }) => entry);
  if (part.turn === undefined || part.size === undefined || inside.length === 0) return waiting;
  const own = new Set(waiting.filter(({ entry }) => entry.type !== "page_info").map(({ entry }) => entry.line));
  const boxes = part.lines.flatMap(({ id, box }) => (box !== undefined && own.has(id) ? [box] : []));
  const [page, { width, height }] = [part.size.number, part.size];
  const box = boxes.length === 0 ? ([0, 0, width, height] as const) : boxes.reduce(union);
  const line = `${page}.turned`;
  return [
    { entry: { line, type: "rotated_container", container: { page, box } }, children: inside },
    ...waiting.map((one) => (isInside(one.entry) ? { ...one, entry: { ...one.entry, parent: line } } : one)),
  ];
}

function rowsOf(
  part: Part,
  waiting: readonly Waiting[],
  displays: ReadonlyMap<LineId, string>,
  context: WriteContext,
): Row[] {
  const facts = new Map(part.lines.map((line) => [line.id, line]));
  const boxOf = (entry: Entry) => entry.container?.box ?? facts.get(entry.line)?.box;
  return waiting.map(({ entry, children }, i) => {
    const line = entry.container === undefined ? facts.get(entry.line) : undefined;
    const around = entry.around === true ? children.map(boxOf).filter((box) => box !== undefined) : [];
    const box: Box | undefined = around.length > 0 ? around.reduce(union) : boxOf(entry);
    return {
      entry,
      display: displays.get(entry.line) ?? "",
      facts: line,
      region: box === undefined || part.size === undefined ? undefined : shownRegion(box, part.size),
      number: i + 1,
      childIds: children.map((child) => lineHash(context.sourceHash, child.line)),
    };
  });
}

/** On the page, and at least a pixel: what the file draws may reach over its edges, or be thinner. */
function shownRegion(box: Box, size: PageSize): Region {
  const { top_left_x, top_left_y, width, height } = regionOf(box, size);
  const [right, bottom] = [toPixels(size.width, size.scale), toPixels(size.height, size.scale)];
  const x = Math.max(0, Math.min(top_left_x, right - 1));
  const y = Math.max(0, Math.min(top_left_y, bottom - 1));
  return {
    top_left_x: x,
    top_left_y: y,
    width: Math.max(1, Math.min(top_left_x + width, right) - x),
    height: Math.max(1, Math.min(top_left_y + height, bottom) - y),
  };
}

/** A source without pages is one long page as far as this format can tell. */
function pageHead(size: PageSize | undefined, count: number, context: WriteContext): object {
  const page = size?.number ?? count;
  return {
    image_id: `${context.fileId}-${String(page).padStart(2, "0")}`,
    page,
    page_height: size === undefined ? 0 : toPixels(size.height, size.scale),
    page_width: size === undefined ? 0 : toPixels(size.width, size.scale),
  };
}

function fullLine(row: Row, size: PageSize | undefined, context: WriteContext): object {
  const { entry, facts } = row;
  const type = facts?.size === undefined || size === undefined ? {} : { font_size: toPixels(facts.size, size.scale) };
  return {
    id: lineHash(context.sourceHash, entry.line),
    ...(entry.parent === undefined ? {} : { parent_id: lineHash(context.sourceHash, entry.parent) }),
    ...(row.childIds.length === 0 ? {} : { children_ids: row.childIds }),
    ...(entry.labels === undefined
      ? {}
      : { selected_labels: entry.labels.map((line) => lineHash(context.sourceHash, line)) }),
    type: entry.type,
    ...subtypeOf(row),
    line: row.number,
    ...(facts?.column === undefined ? {} : { column: facts.column }),
    ...type,
    text: (facts?.text ?? entry.text ?? "").replace(UNREAD, ""),
    text_display: row.display,
    conversion_output: row.display !== "",
    ...shape(row),
  };
}

/** Text that stands upright on its side, or runs down. */
function subtypeOf({ entry, facts }: Row): { subtype?: string } {
  if (entry.subtype !== undefined) return { subtype: entry.subtype };
  return entry.type === "text" && (facts?.angle === 90 || facts?.angle === 270) ? { subtype: "vertical" } : {};
}

/** Only what contributes; the text is the mmd's. */
function mmdLine(row: Row): object | null {
  if (row.display === "") return null;
  const { cnt, region, is_printed, is_handwritten, confidence, confidence_rate } = shape(row);
  return { cnt, region, is_printed, is_handwritten, text: row.display, line: row.number, confidence, confidence_rate };
}

/** Glyphs that no font tells: never shipped, and nothing to be confident of. */
const UNREAD = /\ufffd/g;

function readShare(text: string): number {
  return text === "" ? 1 : 1 - (text.match(UNREAD)?.length ?? 0) / text.length;
}

interface Shape {
  is_printed: boolean;
  is_handwritten: boolean;
  region?: Region;
  cnt?: [number, number][];
  confidence?: number;
  confidence_rate?: number;
}

function shape({ region, facts, entry }: Row): Shape {
  // Text from the file itself is certain; a container has no text to be sure of.
  const confidence = facts === undefined ? undefined : (facts.confidence ?? 1) * readShare(facts.text);
  const words = Math.max(1, (facts?.text ?? "").split(" ").length);
  return {
    is_printed: true,
    is_handwritten: false,
    ...(region === undefined ? {} : { region, cnt: contourOf(region) }),
    ...(confidence === undefined || entry.container !== undefined
      ? {}
      : { confidence, confidence_rate: confidence ** (1 / words) }),
  };
}

/** Bottom left, top left, top right, bottom right. */
function contourOf({ top_left_x: x, top_left_y: y, width, height }: Region): [number, number][] {
  return [
    [x, y + height],
    [x, y],
    [x + width, y],
    [x + width, y + height],
  ];
}

function push(map: Map<number, Waiting[]>, key: number, one: Waiting): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [one]);
  else list.push(one);
}
