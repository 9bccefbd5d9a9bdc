/**
 * Bullets and tick boxes that are drawn instead of set in type (browsers, slides, forms): small shapes right before the
 * words of a line → words of their own, "•" or "☑", so that whatever reads a typed one reads a drawn one. In: the
 * page's text and paths; out: the text with them, and the other paths. What stands alone must have the text's colour,
 * what has another must recur: a chart's legend has a colour a line.
 */
import { type Box, height, overlap, union, width } from "../geometry.ts";
import type { Path } from "../page.ts";
import type { Segment, Style, Word } from "../page-lines.ts";

/* Lengths are in the type size of the line a shape stands before, unless said otherwise. */

/** Sides of a bullet and of a tick box; a shape of both is a bullet when filled. */
const BULLET = { least: 0.14, most: 0.66 } as const;
const TICK_BOX = { least: 0.55, most: 1.5 } as const;
/** Sides of a square or a disc differ by less than this share. */
const SQUARE = 0.25;
/** From the shape to its line. */
const REACH = { least: 0.1, most: 2.6 } as const;
/** A bullet's middle over the baseline, and how much of a tick box lies in the height of the line. */
const MIDDLE = { least: 0.05, most: 0.7 } as const;
const BODY = { above: 0.85, below: 0.25, share: 0.7 } as const;
/** White before a word within a line, which may hold a tick box. */
const ROOM = 0.9;
/** Text that ends nearer before a bullet than this speaks against it. */
const APART = 0.6;
/** Bullets of one list stand under one another, within this. */
const COLUMN = 0.3;
/** Lines of a tick inside a box; what is as large as the box is its fill or border. */
const INSIDE = 0.92;
/** Cells of one row begin and end at one height, and are so near to each other. */
const LEVEL = 0.06;
const BESIDE = 0.4;
/** So many small shapes are a picture. */
const MAX_SHAPES = 4_000;
const WHITE = 0xffffff;

const SIGNS = { disc: "•", ring: "◦", square: "▪", arrow: "‣", box: "☐", ticked: "☑" } as const;

interface Text {
  words: Word[];
  lines: Segment[];
  styles: readonly Style[];
}

interface Mark {
  /** Index of the word it stands before. */
  word: number;
  sign: keyof typeof SIGNS;
  box: Box;
  color: number;
  size: number;
  paths: Path[];
}

/** @param em the page's usual type size, 1/100 pt */
export function takeDrawnMarks(
  text: Text,
  paths: readonly Path[],
  em: number,
): { words: Word[]; lines: Segment[]; paths: readonly Path[] } {
  const near = bySquares(paths, em);
  const found = near === null ? [] : evident(findMarks(text, near, em), text);
  const marks = found.filter((mark) => !isCell(mark, paths));
  if (marks.length === 0) return { words: text.words, lines: text.lines, paths };
  const used = new Set(marks.flatMap((mark) => mark.paths));
  return { ...withMarks(text, marks), paths: paths.filter((path) => !used.has(path)) };
}

type Near = (box: Box) => Path[];

/** Small shapes by the square of the page their middle lies in; null when there are none or far too many. */
function bySquares(paths: readonly Path[], em: number): Near | null {
  const most = TICK_BOX.most * em * 2;
  const small = paths.filter(({ box }) => width(box) <= most && height(box) <= most && width(box) + height(box) > 0);
  if (small.length === 0 || small.length > MAX_SHAPES) return null;
  const side = Math.max(1, 2 * em);
  const key = (x: number, y: number) => Math.floor(y / side) * 65_536 + Math.floor(x / side);
  const squares = new Map<number, Path[]>();
  for (const path of small) {
    const at = key(...middleOf(path.box));
    const square = squares.get(at);
    if (square === undefined) squares.set(at, [path]);
    else square.push(path);
  }
  return (box) => {
    const found: Path[] = [];
    for (let y = Math.floor(box[1] / side) * side; y <= box[3]; y += side)
      for (let x = Math.floor(box[0] / side) * side; x <= box[2]; x += side) {
        for (const path of squares.get(key(x, y)) ?? []) {
          const [px, py] = middleOf(path.box);
          if (px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3]) found.push(path);
        }
      }
    return found;
  };
}

function findMarks({ words, lines, styles }: Text, near: Near, em: number): Mark[] {
  const marks: Mark[] = [];
  for (const line of lines) {
    if (line.angle !== 0) continue;
    for (let i = line.from; i < line.to; i++) {
      const word = words[i]!;
      const size = styles[word.style]?.size ?? em;
      if (word.hidden === true || (i > line.from && word.gap < ROOM * size)) continue;
      const from = word.box[0] - (i > line.from ? Math.min(word.gap, REACH.most * size) : REACH.most * size);
      const found = near([from, word.baseline - BODY.above * size, word.box[0], word.baseline + BODY.below * size]);
      const mark = found.length === 0 ? null : markOf(nearest(found, size), word, i, size);
      if (mark !== null && (i === line.from || mark.sign === "box" || mark.sign === "ticked")) marks.push(mark);
    }
  }
  return marks;
}

/** Of the shapes before a word those that overlap the last of them: a box with its tick. */
function nearest(paths: readonly Path[], size: number): Path[] {
  const last = paths.reduce((a, b) => (b.box[2] > a.box[2] ? b : a));
  const [x, y] = middleOf(last.box);
  return paths.filter(({ box }) => {
    const [mx, my] = middleOf(box);
    return Math.abs(mx - x) < size / 2 && Math.abs(my - y) < size / 2;
  });
}

function markOf(paths: readonly Path[], word: Word, index: number, size: number): Mark | null {
  const outer = paths.reduce((a, b) => (width(b.box) * height(b.box) > width(a.box) * height(a.box) ? b : a));
  const { box } = outer;
  const [side, other] = [Math.max(width(box), height(box)) / size, Math.min(width(box), height(box)) / size];
  const gap = (word.box[0] - box[2]) / size;
  if (other < (1 - SQUARE) * side || gap < REACH.least || gap > REACH.most) return null;
  const base = { word: index, box, color: outer.fill ? outer.fillColor : outer.strokeColor, size, paths: [...paths] };
  const over = (word.baseline - middleOf(box)[1]) / size;
  if (side >= BULLET.least && side <= BULLET.most && over >= MIDDLE.least && over <= MIDDLE.most) {
    const sign = bulletOf(outer);
    if (sign !== null && (sign !== "square" || outer.fill || side < TICK_BOX.least)) return { ...base, sign };
  }
  const body = overlap(box[1], box[3], word.baseline - BODY.above * size, word.baseline + BODY.below * size);
  if (side < TICK_BOX.least || side > TICK_BOX.most || body < BODY.share * height(box)) return null;
  const ticked = paths.some((path) => isTick(path, box));
  return isFrame(paths, box, ticked) ? { ...base, sign: ticked ? "ticked" : "box" } : null;
}

function bulletOf({ curves, points, fill, stroke, edges }: Path): keyof typeof SIGNS | null {
  if (edges !== undefined) return edges.length >= 4 ? "square" : null;
  if (curves >= 4 && curves >= points - 2) return fill ? "disc" : stroke ? "ring" : null;
  return fill && curves === 0 && (points === 3 || points === 4) ? "arrow" : null;
}

/** A line that is not the box's own: a diagonal as large as the box, or anything smaller. */
function isTick({ box, fill, edges, curves }: Path, frame: Box): boolean {
  if (!fill && edges === undefined && curves === 0) return true;
  return Math.max(width(box), height(box)) < INSIDE * Math.max(width(frame), height(frame));
}

/** A stroke around nothing or white, or two fills of which one is the border; a filled square is a legend's. */
function isFrame(paths: readonly Path[], frame: Box, ticked: boolean): boolean {
  const own = paths.filter((path) => !isTick(path, frame));
  const open = own.every((path) => !path.fill || isWhite(path.fillColor));
  return (open && own.some((path) => path.stroke)) || (own.length > 1 && (ticked || own.some((path) => path.stroke)));
}

/** A box that has another of its height close beside it, wider or not, is the empty cell of a table that is drawn cell by cell. */
function isCell({ sign, box, size }: Mark, paths: readonly Path[]): boolean {
  if (sign !== "box") return false;
  return paths.some(({ box: other, stroke }) => {
    const away = Math.max(other[0] - box[2], box[0] - other[2]);
    const level = Math.abs(other[1] - box[1]) <= LEVEL * size && Math.abs(other[3] - box[3]) <= LEVEL * size;
    return stroke && level && away > -LEVEL * size && away <= BESIDE * size;
  });
}

function isWhite(color: number): boolean {
  return color >>> 8 === WHITE;
}

/** What recurs at its place in its colour, or alone has the text's; and no text right before a bullet. */
function evident(marks: readonly Mark[], { words, lines, styles }: Text): Mark[] {
  const columns = new Map<string, number>();
  const keysOf = ({ box, color, sign, size }: Mark) => {
    const at = Math.floor(box[0] / (COLUMN * size));
    return [at, at + 1].map((column) => `${column}|${color}|${sign}`);
  };
  for (const mark of marks) for (const key of keysOf(mark)) columns.set(key, (columns.get(key) ?? 0) + 1);
  const ends = new Map<number, Box[]>();
  for (const { box } of lines) ends.set(rowOf(box), [...(ends.get(rowOf(box)) ?? []), box]);
  return marks.filter((mark) => {
    if (mark.sign === "box" || mark.sign === "ticked") return true;
    const word = words[mark.word]!;
    const alike = styles[word.style]?.color === mark.color || keysOf(mark).some((key) => (columns.get(key) ?? 0) > 1);
    const beside = [-1, 0, 1].flatMap((by) => ends.get(rowOf(word.box) + by) ?? []);
    return alike && !beside.some((box) => touches(box, mark));
  });
}

const ROW = 1_000;
const rowOf = (box: Box) => Math.floor(middleOf(box)[1] / ROW);

function touches(line: Box, { box, size }: Mark): boolean {
  return overlap(line[1], line[3], box[1], box[3]) > 0 && line[2] > box[0] - APART * size && line[0] < box[0];
}

function withMarks({ words, lines }: Text, marks: readonly Mark[]): { words: Word[]; lines: Segment[] } {
  const before = new Map(marks.map((mark) => [mark.word, mark]));
  const out: Word[] = [];
  const moved = lines.map((line) => {
    const from = out.length;
    let { box } = line;
    for (let i = line.from; i < line.to; i++) {
      const word = words[i]!;
      const mark = before.get(i);
      if (mark === undefined) {
        out.push(word);
        continue;
      }
      const gap = i === line.from ? 0 : Math.max(1, mark.box[0] - (words[i - 1]?.box[2] ?? 0));
      const { baseline, style } = word;
      out.push({ text: SIGNS[mark.sign], box: mark.box, baseline, style, gap, source: "native" });
      out.push({ ...word, gap: Math.max(1, word.box[0] - mark.box[2]) });
      box = union(box, mark.box);
    }
    return { ...line, from, to: out.length, box };
  });
  return { words: out, lines: moved };
}

function middleOf(box: Box): [x: number, y: number] {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}
