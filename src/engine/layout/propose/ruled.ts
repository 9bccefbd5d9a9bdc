/**
 * Edges that cross → grids drawn on the page. In: the page's edges; out: one frame a set of connected edges, with its
 * cells: places between neighbouring edges, made one where no edge parts them. What stands in them, and whether that is
 * a table, others say.
 */
import type { Box } from "../../geometry.ts";
import { covered, type Edge, type Edges, snap } from "./edges.ts";

export interface DrawnCell {
  row: number;
  column: number;
  rowSpan: number;
  columnSpan: number;
  box: Box;
}

export interface Frame {
  box: Box;
  xs: number[];
  ys: number[];
  cells: DrawnCell[];
  /** Its edges alone. */
  edges: Edges;
  /** The share of its cells that are drawn by strokes on all four sides; 0 where no rule goes through from side to side. */
  drawn: number;
}

/** Edges nearer than this are one, and ends that miss each other by less cross; in type sizes (3 pt at 11 pt type). */
const SNAP = 0.28;
/** An edge parts two places when it covers this share of their common side. */
const PARTS = 0.6;
/** Uprights that miss each other by less than this, against the snap, go on. */
const SEAM = 0.25;
/** And rules nearer than this are pieces of one. */
const TWO_RULES = 0.5;
/** What overhangs the outermost crossing edge by more than this, in type sizes, is an open side: a column without its outer rule. */
const OVERHANG = 1;
/** A grid of more places is a drawing. */
const MOST_PLACES = 20_000;
const MOST_EDGES = 6_000;

export function framesOf({ horizontal, vertical }: Edges, size: number): Frame[] {
  if (horizontal.length === 0 || vertical.length === 0 || horizontal.length + vertical.length > MOST_EDGES) return [];
  const slack = SNAP * size;
  const frames: Frame[] = [];
  for (const whole of connected(horizontal, vertical, slack)) {
    for (const edges of partedAtSeams(whole, slack)) {
      const frame = frameOf(edges, slack, size);
      if (frame !== null) frames.push(frame);
    }
  }
  return frames;
}

/**
 * Tables one above the other, nearer than edges that are one: no upright goes through between them, and what is drawn right
 * above ends elsewhere than what is drawn right below, or is cut at other places. Else it is a double rule.
 */
function partedAtSeams({ horizontal, vertical }: Edges, slack: number): Edges[] {
  const uprights = vertical.toSorted((a, b) => a.from - b.from);
  let [start, foot] = [0, uprights[0]?.to ?? 0];
  const parts: Edges[] = [];
  let rest = horizontal;
  for (let i = 1; i < uprights.length; i++) {
    const { from, to } = uprights[i]!;
    if (from - foot > SEAM * slack) {
      const above = {
        horizontal: rest.filter((edge) => edge.at < (foot + from) / 2),
        vertical: uprights.slice(start, i),
      };
      const below = { horizontal: rest.filter((edge) => edge.at >= (foot + from) / 2), vertical: uprights.slice(i) };
      if (areTwo(above, below, slack)) {
        parts.push(...connected(above.horizontal, above.vertical, slack));
        [rest, start] = [below.horizontal, i];
      }
    }
    foot = Math.max(foot, to);
  }
  return start === 0 ? [{ horizontal, vertical }] : [...parts, ...connected(rest, uprights.slice(start), slack)];
}

function areTwo(above: Edges, below: Edges, slack: number): boolean {
  const foot = Math.max(...above.horizontal.map(({ at }) => at));
  const top = Math.min(...below.horizontal.map(({ at }) => at));
  // One rule is the border of two rows, however its uprights meet it.
  if (!(top - foot >= TWO_RULES * slack && top - foot <= 2 * slack)) return false;
  const a = shapeAt(above, foot, slack);
  const b = shapeAt(below, top, slack);
  if (Math.abs(a.left - b.left) > slack || Math.abs(a.right - b.right) > slack) return true;
  if (a.cuts.length === 0 || b.cuts.length === 0) return false;
  return !a.cuts.some((x) => b.cuts.some((other) => Math.abs(x - other) <= slack));
}

/** Its ends, and where uprights between them meet it. */
function shapeAt({ horizontal, vertical }: Edges, y: number, slack: number) {
  const flat = horizontal.filter(({ at }) => Math.abs(at - y) <= slack);
  const xs = vertical.filter(({ from, to }) => from <= y + slack && to >= y - slack).map(({ at }) => at);
  const left = Math.min(...flat.map(({ from }) => from), ...xs);
  const right = Math.max(...flat.map(({ to }) => to), ...xs);
  return { left, right, cuts: xs.filter((x) => x - left > slack && right - x > slack) };
}

function connected(horizontal: readonly Edge[], vertical: readonly Edge[], slack: number): Edges[] {
  const parent = Array.from({ length: horizontal.length + vertical.length }, (_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = i; at !== root; ) [parent[at], at] = [root, parent[at]!];
    return root;
  };
  const flat = horizontal.map((edge, i) => ({ edge, i })).sort((a, b) => a.edge.at - b.edge.at);
  vertical.forEach((upright, v) => {
    for (const { edge, i } of flat) {
      if (edge.at < upright.from - slack) continue;
      if (edge.at > upright.to + slack) break;
      if (upright.at >= edge.from - slack && upright.at <= edge.to + slack)
        parent[find(i)] = find(horizontal.length + v);
    }
  });
  const groups = new Map<number, Edges>();
  const groupAt = (i: number): Edges => {
    const root = find(i);
    const group = groups.get(root) ?? { horizontal: [], vertical: [] };
    groups.set(root, group);
    return group;
  };
  for (const [i, edge] of horizontal.entries()) groupAt(i).horizontal.push(edge);
  for (const [i, edge] of vertical.entries()) groupAt(horizontal.length + i).vertical.push(edge);
  return [...groups.values()].filter((group) => group.horizontal.length > 1 && group.vertical.length > 0);
}

function frameOf(edges: Edges, slack: number, size: number): Frame | null {
  const xs = placesOf(edges.vertical, edges.horizontal, slack, size);
  const ys = placesOf(edges.horizontal, edges.vertical, slack, size);
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  if (columns < 1 || rows < 1 || columns * rows > MOST_PLACES) return null;
  const upright = (x: number, row: number) => parts(edges.vertical, xs[x]!, slack, ys[row]!, ys[row + 1]!);
  const flat = (y: number, column: number) => parts(edges.horizontal, ys[y]!, slack, xs[column]!, xs[column + 1]!);
  const owner = Array.from({ length: rows * columns }, (_, i) => i);
  const find = (i: number): number => (owner[i] === i ? i : find(owner[i]!));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const here = row * columns + column;
      if (column + 1 < columns && !upright(column + 1, row)) owner[find(here + 1)] = find(here);
      if (row + 1 < rows && !flat(row + 1, column)) owner[find(here + columns)] = find(here);
    }
  }
  const cells = rectangles(rows, columns, (row, column) => find(row * columns + column), xs, ys);
  // Rows that a page's end cuts: every upright goes on beyond the last rule.
  const goOn = (at: number) => !edges.horizontal.some((edge) => Math.abs(edge.at - at) <= slack);
  const [openTop, openFoot] = [goOn(ys[0]!), goOn(ys.at(-1)!)];
  const outer = (cell: DrawnCell) =>
    (cell.column > 0 || parts(edges.vertical, xs[0]!, slack, cell.box[1], cell.box[3])) &&
    (cell.column + cell.columnSpan < columns || parts(edges.vertical, xs.at(-1)!, slack, cell.box[1], cell.box[3])) &&
    (cell.row > 0 || openTop || parts(edges.horizontal, ys[0]!, slack, cell.box[0], cell.box[2])) &&
    (cell.row + cell.rowSpan < rows ||
      openFoot ||
      parts(edges.horizontal, ys.at(-1)!, slack, cell.box[0], cell.box[2]));
  const strokes = [...edges.horizontal, ...edges.vertical].every((edge) => edge.drawn);
  const drawn = strokes && isCutThrough(cells, rows, columns) ? cells.filter(outer).length / cells.length : 0;
  return { box: [xs[0]!, ys[0]!, xs.at(-1)!, ys.at(-1)!], xs, ys, cells, edges, drawn };
}

/** An inner rule goes from side to side, as a table's do; boxes set round each other make a grid without one. */
function isCutThrough(cells: readonly DrawnCell[], rows: number, columns: number): boolean {
  const crossed = { rows: new Set<number>(), columns: new Set<number>() };
  for (const { row, column, rowSpan, columnSpan } of cells) {
    for (let r = 1; r < rowSpan; r++) crossed.rows.add(row + r);
    for (let c = 1; c < columnSpan; c++) crossed.columns.add(column + c);
  }
  return crossed.rows.size < rows - 1 || crossed.columns.size < columns - 1;
}

function placesOf(edges: readonly Edge[], crossing: readonly Edge[], slack: number, size: number): number[] {
  const places = snap(
    edges.map((edge) => edge.at),
    slack,
  );
  const [first, last] = [Math.min(...crossing.map((edge) => edge.from)), Math.max(...crossing.map((edge) => edge.to))];
  if (places.length === 0) return [];
  if (places[0]! - first > OVERHANG * size) places.unshift(first);
  if (last - places.at(-1)! > OVERHANG * size) places.push(last);
  return places;
}

function parts(edges: readonly Edge[], at: number, slack: number, from: number, to: number): boolean {
  return covered(edges, at, slack, from, to) >= PARTS * (to - from);
}

/** Connected places that fill their rectangle are one cell; others are taken apart along the rows. */
function rectangles(
  rows: number,
  columns: number,
  ownerOf: (row: number, column: number) => number,
  xs: readonly number[],
  ys: readonly number[],
): DrawnCell[] {
  const extents = new Map<number, { top: number; left: number; foot: number; right: number; count: number }>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const owner = ownerOf(row, column);
      const extent = extents.get(owner) ?? { top: row, left: column, foot: row, right: column, count: 0 };
      extent.foot = row;
      extent.left = Math.min(extent.left, column);
      extent.right = Math.max(extent.right, column);
      extent.count++;
      extents.set(owner, extent);
    }
  }
  const cells: DrawnCell[] = [];
  const push = (row: number, column: number, rowSpan: number, columnSpan: number) => {
    const box: Box = [xs[column]!, ys[row]!, xs[column + columnSpan]!, ys[row + rowSpan]!];
    cells.push({ row, column, rowSpan, columnSpan, box });
  };
  for (const [owner, { top, left, foot, right, count }] of extents) {
    const [tall, wide] = [foot - top + 1, right - left + 1];
    if (count === tall * wide) {
      push(top, left, tall, wide);
      continue;
    }
    for (let row = top; row <= foot; row++) {
      for (let column = left; column <= right; column++) {
        if (ownerOf(row, column) !== owner) continue;
        let end = column + 1;
        while (end <= right && ownerOf(row, end) === owner) end++;
        push(row, column, 1, end - column);
        column = end;
      }
    }
  }
  return cells.sort((a, b) => a.row - b.row || a.column - b.column);
}
