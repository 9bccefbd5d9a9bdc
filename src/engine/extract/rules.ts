/**
 * Paths → rules (straight strokes and thin rectangles), fills (rectangles behind things) and drawings (clusters of all
 * the rest). Pieces of one rule that touch become one; what the lines mean is left to layout.
 */
import { type Box, height, union, width } from "../geometry.ts";
import type { Path } from "../page.ts";
import type { Drawing, Fill, Rule } from "../page-lines.ts";

/*
 * Lengths below are in the page's usual type size, so that a page scaled down is sorted alike; what sources give in points
 * is taken for type of 10 pt.
 */

/** A filled rectangle as thin as this is a rule (veraPDF: 2 to 3 pt), if it is so many times as long as thick. */
const MAX_THICKNESS = 0.3;
const MIN_ASPECT = 3;
/** A stroke thicker than this is a bar, not a rule (veraPDF: 5 pt). */
const MAX_STROKE = 0.5;
const SLIVER_POINTS = 6;
/** Shorter strokes are ticks and parts of letters. */
const MIN_LENGTH = 0.2;
/** Pieces of one rule: this far apart along it, and across it. */
const JOIN = { along: 0.06, across: 0.03 } as const;
/** Paths nearer than this belong to one drawing; also the side of the squares that find them. */
const NEAR = 1.2;
/** Squares a single path may cover one by one; a larger one is taken by its corners and edges. */
const MAX_CELLS = 4_096;
/** So many dots on one line, to so little, make a rule of dots. */
const DOTS = { step: 0.05, fewest: 24 } as const;
const MAX_RULES = 20_000;

export interface Strokes {
  rules: Rule[];
  fills: Fill[];
  drawings: Drawing[];
}

/** @param em the page's usual type size, 1/100 pt */
export function sortPaths(paths: readonly Path[], em: number): Strokes {
  const rules: Rule[] = [];
  const fills: Fill[] = [];
  const rest: Path[] = [];
  for (const path of paths) {
    const asFill = path.fill && isRectangle(path);
    const thin = (asFill || isSliver(path)) && thinRule(path, em);
    if (thin) rules.push(thin);
    else if (asFill) fills.push({ box: path.box, color: path.fillColor });
    if (path.stroke && path.edges && path.strokeWidth <= MAX_STROKE * em) {
      const edges = path.edges.filter((edge) => width(edge) + height(edge) >= MIN_LENGTH * em);
      for (const edge of thin ? [] : edges) rules.push(strokeRule(edge, path));
      if (edges.length > 0 || asFill) continue;
    }
    if (!asFill && !thin) rest.push(path);
  }
  return { rules: joinRules(rules.slice(0, MAX_RULES), em), fills, drawings: clusterPaths(rest, em) };
}

/** Its edges are the sides of its box, nothing else. */
export function isRectangle(path: Path): boolean {
  const { edges, box } = path;
  return (
    edges !== undefined &&
    edges.length >= 2 &&
    edges.length <= 5 &&
    edges.every((e) =>
      width(e) === 0 ? near(e[0], box[0]) || near(e[0], box[2]) : near(e[1], box[1]) || near(e[1], box[3]),
    )
  );
}

/** Borders of a browser's table meet in mitres: thin four-sided shapes with slanted ends. */
function isSliver({ fill, curves, points }: Path): boolean {
  return fill && curves === 0 && points <= SLIVER_POINTS;
}

/** Edges that lean a little are evened out by the reader: half of that. */
const near = (a: number, b: number) => Math.abs(a - b) <= 10;

function thinRule({ box, fillColor }: Path, em: number): Rule | undefined {
  const [w, h] = [width(box), height(box)];
  const thickness = Math.min(w, h);
  if (thickness > MAX_THICKNESS * em) return undefined;
  if (Math.max(w, h) < Math.max(MIN_LENGTH * em, MIN_ASPECT * thickness)) return undefined;
  return { box, horizontal: w >= h, thickness, color: fillColor };
}

function strokeRule(edge: Box, path: Path): Rule {
  const horizontal = width(edge) >= height(edge);
  const half = Math.round(path.strokeWidth / 2);
  const box: Box = horizontal
    ? [edge[0], Math.max(0, edge[1] - half), edge[2], edge[3] + half]
    : [Math.max(0, edge[0] - half), edge[1], edge[2] + half, edge[3]];
  return { box, horizontal, thickness: path.strokeWidth, color: path.strokeColor };
}

function joinRules(rules: Rule[], em: number): Rule[] {
  const across = (r: Rule) => (r.horizontal ? r.box[1] + r.box[3] : r.box[0] + r.box[2]) / 2;
  const from = (r: Rule) => (r.horizontal ? r.box[0] : r.box[1]);
  const to = (r: Rule) => (r.horizontal ? r.box[2] : r.box[3]);
  const joined: Rule[] = [];
  for (const horizontal of [true, false]) {
    const sorted = rules
      .filter((rule) => rule.horizontal === horizontal)
      .sort((a, b) => across(a) - across(b) || from(a) - from(b));
    // Rules at one height lie next to each other after sorting; within such a band they are taken along the line.
    for (let i = 0; i < sorted.length; ) {
      let end = i + 1;
      while (end < sorted.length && across(sorted[end]!) - across(sorted[end - 1]!) <= (JOIN.across * em) / 3) end++;
      const band = sorted.slice(i, end).sort((a, b) => from(a) - from(b) || to(a) - to(b));
      let open: Rule | undefined;
      for (const rule of band) {
        const touches =
          open &&
          from(rule) - to(open) <= JOIN.along * em &&
          Math.abs(across(rule) - across(open)) <= JOIN.across * em &&
          rule.color === open.color;
        if (open && touches) {
          open.box = union(open.box, rule.box);
          open.thickness = Math.max(open.thickness, rule.thickness);
        } else {
          open = { ...rule };
          joined.push(open);
        }
      }
      i = end;
    }
  }
  return joined;
}

/** Paths that lie near each other, found by the squares they touch. */
function clusterPaths(paths: readonly Path[], em: number): Drawing[] {
  const parent = paths.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = i; at !== root; ) [parent[at], at] = [root, parent[at]!];
    return root;
  };
  const owners = new Map<number, number>();
  for (let i = 0; i < paths.length; i++) {
    for (const cell of cellsOf(paths[i]!.box, NEAR * em)) {
      const owner = owners.get(cell);
      if (owner === undefined) owners.set(cell, i);
      else parent[find(i)] = find(owner);
    }
  }
  const drawings = new Map<number, Drawing>();
  const dotted = dotsInLine(paths, DOTS.step * em);
  for (let i = 0; i < paths.length; i++) {
    const root = find(i);
    const drawn = dotted(paths[i]!) ? 0 : 1;
    const drawing = drawings.get(root);
    if (drawing) {
      drawing.box = union(drawing.box, paths[i]!.box);
      drawing.paths += drawn;
    } else drawings.set(root, { box: paths[i]!.box, paths: drawn });
  }
  return [...drawings.values()];
}

/** Short strokes of one height, or one above the other, are a dotted rule; a curve's points are not. */
function dotsInLine(paths: readonly Path[], step: number): (path: Path) => boolean {
  const middle = ({ box }: Path, side: 0 | 1) => Math.round((box[side] + box[side + 2]!) / 2 / step) * 2 + side;
  const counts = new Map<number, number>();
  const add = (key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const path of paths) {
    if (path.edges === undefined) continue;
    add(middle(path, 0));
    add(middle(path, 1));
  }
  return (path) =>
    path.edges !== undefined && [0, 1].some((side) => (counts.get(middle(path, side as 0 | 1)) ?? 0) >= DOTS.fewest);
}

/** Numbers of the squares that a box touches. */
function* cellsOf(box: Box, side: number): Generator<number> {
  const [c0, r0, c1, r1] = box.map((value) => Math.floor(value / side)) as [number, number, number, number];
  const cell = (column: number, row: number) => row * 65_536 + column;
  if ((c1 - c0 + 1) * (r1 - r0 + 1) <= MAX_CELLS) {
    for (let row = r0; row <= r1; row++) for (let column = c0; column <= c1; column++) yield cell(column, row);
    return;
  }
  for (const row of [r0, r1]) for (let column = c0; column <= c1; column++) yield cell(column, row);
  for (const column of [c0, c1]) for (let row = r0; row <= r1; row++) yield cell(column, row);
}
