/**
 * Form widgets → fields tied to their labels. What is filled in is labelled on its left, on the same line, or else above;
 * what is ticked, on its right. In: the page, its lines, and what was decided on before; out: fields that take their
 * labels' words (and what is printed in the field already) out of the text, and those that lie in a table's cells.
 */
import { type Box, height, overlap, union } from "../geometry.ts";
import type { Widget } from "../page.ts";
import type { PageLines } from "../page-lines.ts";
import type { Line } from "./lines.ts";
import type { Field, Proposal } from "./propose/proposal.ts";

/* Lengths are in the label's type size. */

/** A label on the left may be far, where nothing stands between; one on the right or above is near. */
const LEFT = 20;
const RIGHT = 2.5;
const ABOVE = 1.2;
/** A label above begins no further left of its field than this. */
const SET_OUT = 1;
/** Share of the label's height that lies in the field's. */
const SAME_LINE = 0.4;
/** White in a label; more of it parts two. */
const WITHIN = 1.2;
/** A label goes on in the next line: at its edge, and no further below. */
const NEXT_LINE = 1.6;
const SAME_EDGE = 0.3;
const MOST_LINES = 6;
/** More are no form that is read. */
const MAX_FIELDS = 2_000;

export interface Fields {
  /** With their labels, down the page. */
  free: Field[];
  /** In the tables that were decided on. */
  inTables: Field[];
}

/** A word of a line that no one took yet. */
interface Token {
  index: number;
  box: Box;
  size: number;
  /** White before it, in its line; of a line's first word any. */
  gap: number;
}

export function fieldsOf(page: PageLines, text: readonly Line[], chosen: readonly Proposal[]): Fields {
  const fields: Fields = { free: [], inTables: [] };
  const widgets = readable(page.widgets);
  if (widgets.length === 0) return fields;
  const rows = tokensOf(text, new Set(chosen.flatMap(({ words }) => words)));
  for (const widget of widgets.toSorted((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0])) {
    const table = chosen.find(({ kind, box }) => kind === "table" && isInside(widget.box, box));
    if (table !== undefined) {
      fields.inTables.push({ kind: "field", box: widget.box, words: [], label: [], widget });
      continue;
    }
    const inside = rows.flatMap((row) =>
      isNear(row, widget) ? row.filter(({ box }) => isInside(box, widget.box)) : [],
    );
    take(rows, inside);
    const label = isTick(widget)
      ? (labelBeside(widget, rows, widgets, "right") ?? labelBeside(widget, rows, widgets, "left"))
      : (labelBeside(widget, rows, widgets, "left") ?? labelAbove(widget, rows));
    take(rows, label ?? []);
    const all = [...(label ?? []), ...inside];
    const box = all.map((token) => token.box).reduce(union, widget.box);
    const indexes = (tokens: readonly Token[]) => tokens.map(({ index }) => index).sort((a, b) => a - b);
    fields.free.push({ kind: "field", box, words: indexes(all), label: indexes(label ?? []), widget });
  }
  return fields;
}

/** Buttons say nothing; of two at one place the later one is what the page shows. */
function readable(widgets: readonly Widget[]): Widget[] {
  const byPlace = new Map(widgets.map((widget) => [`${widget.box[0]}-${widget.box[1]}`, widget]));
  return [...byPlace.values()].filter(({ control }) => control !== "button").slice(0, MAX_FIELDS);
}

export function isTick({ control }: Widget): boolean {
  return control === "checkbox" || control === "radio";
}

function tokensOf(text: readonly Line[], taken: ReadonlySet<number>): Token[][] {
  return text
    .filter((line) => line.angle === 0)
    .map((line) =>
      line.words
        .map((word, i) => ({ index: line.from + i, box: word.box, size: line.size, gap: i === 0 ? 0 : word.gap }))
        .filter(({ index }) => !taken.has(index)),
    )
    .filter((row) => row.length > 0);
}

function take(rows: Token[][], tokens: readonly Token[]): void {
  if (tokens.length === 0) return;
  const gone = new Set(tokens);
  rows.forEach((row, i) => {
    if (row.some((token) => gone.has(token))) rows[i] = row.filter((token) => !gone.has(token));
  });
}

function isInside(box: Box, outer: Box): boolean {
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return x >= outer[0] && x <= outer[2] && y >= outer[1] && y <= outer[3];
}

/** Words of a line lie at one height: the first tells whether the others are worth asking. */
function isNear([first]: readonly Token[], { box }: Widget): boolean {
  return first !== undefined && overlap(first.box[1], first.box[3], box[1], box[3]) > -first.size;
}

function onLine(box: Box, field: Box): boolean {
  return overlap(box[1], box[3], field[1], field[3]) >= SAME_LINE * Math.min(height(box), height(field));
}

/** The nearest words on that side, up to other fields and wide white; on the right with the lines they go on in. */
function labelBeside(
  widget: Widget,
  rows: readonly Token[][],
  widgets: readonly Widget[],
  side: "left" | "right",
): Token[] | null {
  const { box } = widget;
  const right = side === "right";
  const beside = rows
    .filter((row) => isNear(row, widget))
    .flatMap((row) =>
      row.filter((token) => onLine(token.box, box) && (right ? token.box[0] >= box[2] : token.box[2] <= box[0])),
    );
  const others = widgets.filter((other) => other.box !== box && onLine(other.box, box)).map((other) => other.box);
  const clear = beside.filter((token) =>
    others.every((other) =>
      right ? other[0] < box[2] || token.box[0] < other[0] : other[2] > box[0] || token.box[2] > other[2],
    ),
  );
  const far = ({ box: own }: Token) => (right ? own[0] - box[2] : box[0] - own[2]);
  clear.sort((a, b) => far(a) - far(b));
  const [first] = clear;
  if (first === undefined || far(first) > (right ? RIGHT : LEFT) * first.size) return null;
  const label = [first];
  for (const token of clear.slice(1)) {
    const last = label.at(-1)!;
    const white = right ? token.box[0] - last.box[2] : last.box[0] - token.box[2];
    if (white > WITHIN * token.size) break;
    label.push(token);
  }
  return right ? withNextLines(label, rows, widgets) : label;
}

function withNextLines(label: Token[], rows: readonly Token[][], widgets: readonly Widget[]): Token[] {
  const left = label[0]!.box[0];
  let last = label[0]!;
  for (let lines = 1; lines < MOST_LINES; lines++) {
    const next = rows.find(([first]) => {
      if (first === undefined || Math.abs(first.box[0] - left) > SAME_EDGE * first.size) return false;
      const by = first.box[3] - last.box[3];
      return by > SAME_LINE * first.size && by < NEXT_LINE * first.size;
    });
    if (next === undefined || widgets.some((widget) => onLine(next[0]!.box, widget.box))) break;
    label.push(...next);
    last = next[0]!;
  }
  return label;
}

/** The line that ends right above the field and begins with it. */
function labelAbove({ box }: Widget, rows: readonly Token[][]): Token[] | null {
  const above = rows.filter(([first]) => {
    if (first === undefined) return false;
    const by = box[1] - first.box[3];
    const from = first.box[0] - box[0];
    return (
      by >= -SAME_LINE * first.size &&
      by <= ABOVE * first.size &&
      from >= -SET_OUT * first.size &&
      first.box[0] < box[2]
    );
  });
  const nearest = above.toSorted((a, b) => b[0]!.box[3] - a[0]!.box[3] || a[0]!.box[0] - b[0]!.box[0])[0];
  if (nearest === undefined) return null;
  const end = nearest.findIndex((token, i) => i > 0 && token.gap > WITHIN * token.size);
  return end < 0 ? nearest : nearest.slice(0, end);
}
