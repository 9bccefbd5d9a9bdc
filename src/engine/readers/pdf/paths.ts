/**
 * A path object → one Path a subpath, with its axis-parallel edges where it has no others: a table's grid is often one
 * path of many lines. A path of too many segments is known by its bounds only.
 */
import type { Box } from "../../geometry.ts";
import type { Path } from "../../page.ts";
import { boundsOf, clipOf, type Matrix, matrixOf, multiply, transformX, transformY } from "./bounds.ts";
import { type Frame, frameBox, frameX, frameY, onPage, whole } from "./frame.ts";
import { rgba } from "./glyphs.ts";
import type { Pdfium } from "./pdfium.ts";

/** A path of more segments is a drawing (a map's coast), whose subpaths nobody asks for. */
const MAX_SEGMENTS_A_PATH = 4_096;
/** Units that an edge may lean and still count as axis-parallel: 1/5 pt; and a share of its length, as curves are cut into short chords. */
const LEAN = 20;
const LEAN_SHARE = 0.1;

const SEGMENT = { line: 0, curve: 1, move: 2 } as const;

/** Counts down over a page. */
export interface SegmentBudget {
  segments: number;
}

/** How the path is painted, the same for all its subpaths. */
interface Paint {
  stroke: boolean;
  fill: boolean;
  strokeWidth: number;
  strokeColor: number;
  fillColor: number;
}

/** Appends to `paths`. */
export function readPath(
  pdfium: Pdfium,
  object: number,
  matrix: Matrix,
  frame: Frame,
  budget: SegmentBudget,
  paths: Path[],
): void {
  const own = multiply(matrixOf(pdfium, object), matrix);
  const paint = readPaint(pdfium, object, own);
  if (!paint.stroke && !paint.fill) return; // a clip path
  const bounds = clipOf(pdfium, object, matrix);
  const clip = bounds ? frameBox(frame, bounds[0], bounds[1], bounds[2], bounds[3]) : undefined;
  const count = pdfium.api.FPDFPath_CountSegments(object);
  if (count <= 0) return;
  if (count > MAX_SEGMENTS_A_PATH || count > budget.segments) {
    const whole = boundsOf(pdfium, object, matrix);
    const box = whole && visible(frame, frameBox(frame, whole[0], whole[1], whole[2], whole[3]), clip);
    if (box) paths.push({ box, points: count, curves: 0, ...paint });
    return;
  }
  budget.segments -= count;
  for (const subpath of readSubpaths(pdfium, object, own, frame, count)) {
    const box = visible(frame, subpath.box, clip);
    if (!box) continue;
    const path: Path = { box, points: subpath.points, curves: subpath.curves, ...paint };
    const edges = subpath.edges?.map((edge) => visible(frame, edge, clip)).filter((edge) => edge !== undefined);
    if (edges && edges.length > 0) path.edges = edges;
    paths.push(path);
  }
}

function visible(frame: Frame, box: Box, clip: Box | undefined): Box | undefined {
  const shown = onPage(frame, box);
  if (!shown || !clip) return shown;
  const [x0, y0] = [Math.max(shown[0], clip[0]), Math.max(shown[1], clip[1])];
  const [x1, y1] = [Math.min(shown[2], clip[2]), Math.min(shown[3], clip[3])];
  return x0 <= x1 && y0 <= y1 ? [x0, y0, x1, y1] : undefined;
}

function readPaint(pdfium: Pdfium, object: number, own: Matrix): Paint {
  const { api, scratch } = pdfium;
  api.FPDFPath_GetDrawMode(object, scratch, scratch + 4);
  const fill = pdfium.u32(scratch) !== 0;
  const stroke = pdfium.u32(scratch + 4) !== 0;
  const paint: Paint = { stroke, fill, strokeWidth: 0, strokeColor: 0, fillColor: 0 };
  if (stroke) {
    const scale = Math.sqrt(Math.abs(own[0] * own[3] - own[1] * own[2])) || Math.hypot(own[0], own[1]);
    if (api.FPDFPageObj_GetStrokeWidth(object, scratch)) paint.strokeWidth = whole(pdfium.f32(scratch) * scale * 100);
    if (api.FPDFPageObj_GetStrokeColor(object, scratch, scratch + 4, scratch + 8, scratch + 12)) {
      paint.strokeColor = rgba(pdfium, scratch);
    }
  }
  if (fill && api.FPDFPageObj_GetFillColor(object, scratch, scratch + 4, scratch + 8, scratch + 12)) {
    paint.fillColor = rgba(pdfium, scratch);
  }
  return paint;
}

/** A subpath as it grows, in units. */
interface Subpath {
  box: Box;
  points: number;
  curves: number;
  /** undefined: it has an edge that is not parallel to an axis. */
  edges: Box[] | undefined;
}

function readSubpaths(pdfium: Pdfium, object: number, own: Matrix, frame: Frame, count: number): Subpath[] {
  const { api, scratch } = pdfium;
  const done: Subpath[] = [];
  let open: Subpath | undefined;
  let [startX, startY, lastX, lastY] = [0, 0, 0, 0];
  const lineTo = (x: number, y: number) => {
    if (open?.edges) open.edges = withEdge(open.edges, lastX, lastY, x, y);
    [lastX, lastY] = [x, y];
  };
  for (let i = 0; i < count; i++) {
    const segment = api.FPDFPath_GetPathSegment(object, i);
    const type = api.FPDFPathSegment_GetType(segment);
    if (!api.FPDFPathSegment_GetPoint(segment, scratch, scratch + 4)) continue;
    const px = pdfium.f32(scratch);
    const py = pdfium.f32(scratch + 4);
    const ux = transformX(own, px, py);
    const uy = transformY(own, px, py);
    const x = whole(frameX(frame, ux, uy));
    const y = whole(frameY(frame, ux, uy));
    if (type === SEGMENT.move || !open) {
      if (open && open.points > 1) done.push(open);
      open = { box: [x, y, x, y], points: 1, curves: 0, edges: [] };
      [startX, startY, lastX, lastY] = [x, y, x, y];
      continue;
    }
    open.points++;
    open.box = [Math.min(open.box[0], x), Math.min(open.box[1], y), Math.max(open.box[2], x), Math.max(open.box[3], y)];
    if (type === SEGMENT.curve) {
      open.curves++;
      open.edges = undefined;
      [lastX, lastY] = [x, y];
    } else lineTo(x, y);
    if (api.FPDFPathSegment_GetClose(segment)) lineTo(startX, startY);
  }
  if (open && open.points > 1) done.push(open);
  return done;
}

/** @returns undefined when the edge leans */
function withEdge(edges: Box[], x0: number, y0: number, x1: number, y1: number): Box[] | undefined {
  const dx = Math.abs(x1 - x0);
  const dy = Math.abs(y1 - y0);
  if (dx === 0 && dy === 0) return edges;
  if (dy <= lean(dx) && dx >= dy) {
    const y = Math.round((y0 + y1) / 2);
    edges.push([Math.min(x0, x1), y, Math.max(x0, x1), y]);
  } else if (dx <= lean(dy)) {
    const x = Math.round((x0 + x1) / 2);
    edges.push([x, Math.min(y0, y1), x, Math.max(y0, y1)]);
  } else return undefined;
  return edges;
}

/** A unit is what rounding may do. */
function lean(length: number): number {
  return Math.min(LEAN, Math.max(1, LEAN_SHARE * length));
}
