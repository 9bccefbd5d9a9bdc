/**
 * The page's picture and marks → the picture with the marks drawn over it and a legend under it. Pure; where the picture
 * comes from and what becomes of the pixels is left to others.
 *
 *   marks     what was found → boxes with labels
 *   canvas    boxes, arrows, letters on pixels
 */
import type { Box } from "../geometry.ts";
import type { Pixels } from "../reader.ts";
import type { PageSize } from "../source-info.ts";
import { Canvas, type Color, sizeOfLabel } from "./canvas.ts";
import type { Layer, Mark } from "./marks.ts";
import { arrowColor, colorOf, PALETTE } from "./palette.ts";

export { type Judged, LAYERS, type Layer, type Mark, marksOf } from "./marks.ts";

/** How much of the page's own ink is taken away. */
const FADE = 0.45;
/** Pixels a dot of the labels' font, by the picture's width: below the limit one. */
const LARGE_PICTURE = 1_500;
const LEGEND_GAP = 6;
const DASH = 5;
/** Arrows longer than this share of the picture's width are thin. */
const FAR = 0.3;
/** A label of so many letters at most hangs in the margin. */
const SHORT_LABEL = 5;
const TINT = { region: 0.13, header: 0.25, word: 0.3 } as const;

/** Where a label lies, so that none hides another. */
type Place = readonly [x0: number, y0: number, x1: number, y1: number];

interface Sheet {
  canvas: Canvas;
  scale: number;
  /** Pixels a dot. */
  dot: number;
  labels: Place[];
}

export function drawMarks(picture: Pixels, size: PageSize, all: readonly Mark[], layers: readonly Layer[]): Pixels {
  const marks = all.filter((mark) => layers.includes(mark.layer));
  const dot = picture.width >= LARGE_PICTURE ? 2 : 1;
  const legend = legendOf(marks, layers, picture.width, dot);
  const canvas = new Canvas(picture, legend.height);
  canvas.fade(FADE);
  const sheet: Sheet = { canvas, scale: picture.width / size.width, dot, labels: [] };
  for (const layer of ["regions", "tables", "lines", "words", "proposals"] as const) {
    for (const mark of marks) if (mark.layer === layer) drawBox(sheet, mark);
  }
  if (layers.includes("order")) drawOrder(sheet, all);
  for (const mark of marks) if (mark.label !== undefined) drawLabel(sheet, mark);
  canvas.fill(0, picture.height, canvas.width, picture.height + 1, [0, 0, 0], 1);
  for (const { x, y, text, color } of legend.labels) canvas.label(x, picture.height + y, text, color, dot);
  return { width: canvas.width, height: canvas.height, data: canvas.data };
}

function drawBox({ canvas, scale, dot }: Sheet, mark: Mark): void {
  const [x0, y0, x1, y1] = mark.box.map((value) => value * scale) as [number, number, number, number];
  const color = colorOf(mark);
  switch (mark.layer) {
    case "regions":
      canvas.fill(x0 - 2, y0 - 2, x1 + 2, y1 + 2, color, TINT.region);
      canvas.frame(x0 - 2, y0 - 2, x1 + 2, y1 + 2, color, dot, mark.apart === true ? DASH : 0);
      break;
    case "tables":
      if (mark.header === true) canvas.fill(x0, y0, x1, y1, color, TINT.header);
      canvas.frame(x0, y0, x1, y1, color, dot);
      break;
    case "lines":
      canvas.frame(x0 - 1, y0 - 1, x1 + 1, y1 + 1, color, 1);
      break;
    case "words":
      canvas.fill(x0, y0, x1, y1, color, TINT.word);
      canvas.fill(x0, y1, x1, y1 + 1, color, 1);
      break;
    case "proposals":
      canvas.frame(x0 - 4, y0 - 4, x1 + 4, y1 + 4, color, 2 * dot, mark.chosen === true ? 0 : DASH);
      break;
    case "order":
      break;
    default:
      mark.layer satisfies never;
  }
}

/** From each block's upper left corner to the next one's. */
function drawOrder({ canvas, scale, dot }: Sheet, marks: readonly Mark[]): void {
  const blocks = marks.filter((mark) => mark.layer === "regions" && mark.apart !== true);
  for (let i = 1; i < blocks.length; i++) {
    const [from, to] = [anchorOf(blocks[i - 1]!.box, scale), anchorOf(blocks[i]!.box, scale)];
    // A jump to the next column crosses text.
    const far = Math.hypot(to[0] - from[0], to[1] - from[1]) > FAR * canvas.width;
    canvas.arrow(from[0], from[1], to[0], to[1], arrowColor, far ? dot : dot + 1);
  }
}

function anchorOf(box: Box, scale: number): readonly [x: number, y: number] {
  return [box[0] * scale - 4, box[1] * scale + 2];
}

/** Short ones beside the box's upper left corner, others over it; else where there is room along its edges or inside. */
function drawLabel({ canvas, scale, dot, labels }: Sheet, mark: Mark): void {
  const text = mark.label!;
  const { width, height } = sizeOfLabel(text, dot);
  const [x0, y0, x1, y1] = mark.box.map((value) => value * scale) as [number, number, number, number];
  const above = Math.max(0, y0 - 2 - height);
  const beside: [number, number] = [x0 - 3 - width, y0 - 2];
  const over: [number, number] = [x0 - 2, above];
  const tries: [number, number][] = [
    ...(text.length <= SHORT_LABEL ? [beside, over] : [over, beside]),
    [x1 + 2 - width, above],
    [x1 + 4, y0 - 2],
    [(x0 + x1 - width) / 2, above],
    [x0 - 2, y1 + 2],
    [x1 + 2 - width, y1 + 2],
    [x0, y0],
  ];
  const places = tries.map(([x, y]): Place => {
    const left = Math.max(0, Math.min(canvas.width - width, x));
    return [left, y, left + width, y + height];
  });
  const place = places.find((one) => labels.every((other) => !overlaps(one, other))) ?? places[0]!;
  labels.push(place);
  canvas.label(place[0], place[1], text, colorOf(mark), dot);
}

function overlaps(a: Place, b: Place): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

interface Legend {
  height: number;
  labels: { x: number; y: number; text: string; color: Color }[];
}

/** Every colour that was used, with its name, in rows as wide as the picture. */
function legendOf(marks: readonly Mark[], layers: readonly Layer[], width: number, dot: number): Legend {
  const used = new Map<string, Color>();
  for (const mark of marks) {
    if (mark.layer !== "proposals") used.set(`${PALETTE[mark.layer].name}: ${mark.kind}`, colorOf(mark));
    else used.set(`proposal ${mark.chosen === true ? "taken" : "refused"}`, colorOf(mark));
  }
  if (layers.includes("order")) used.set("order of reading", arrowColor);
  const labels: Legend["labels"] = [];
  let [x, y] = [LEGEND_GAP, LEGEND_GAP];
  const { height } = sizeOfLabel("", dot);
  for (const [text, color] of used) {
    const { width: wide } = sizeOfLabel(text, dot);
    if (x + wide > width && x > LEGEND_GAP) [x, y] = [LEGEND_GAP, y + height + LEGEND_GAP];
    labels.push({ x, y, text, color });
    x += wide + LEGEND_GAP;
  }
  return { height: labels.length === 0 ? 1 : y + height + LEGEND_GAP, labels };
}
