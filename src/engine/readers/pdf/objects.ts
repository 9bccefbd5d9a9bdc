/**
 * The page objects → paths and pictures, in content order: form XObjects are entered, matrices multiplied down, clip
 * paths taken into account by their boxes. How each kind becomes a fact is in paths.ts and images.ts.
 */
import type { Box } from "../../geometry.ts";
import type { Ground, Image, Painting, Path, Twin } from "../../page.ts";
import { boundsOf, clipOf, IDENTITY, type Matrix, matrixOf, multiply } from "./bounds.ts";
import { type Frame, frameBox } from "./frame.ts";
import { rgba } from "./glyphs.ts";
import { readImage } from "./images.ts";
import { readPath, type SegmentBudget } from "./paths.ts";
import type { Pdfium } from "./pdfium.ts";

const OBJECT = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;
const OPAQUE = 0xff;
const BLACK = 0x000000ff;
/** Forms inside forms; a file can nest them without end. */
const MAX_DEPTH = 12;
/** A page of maps has 50,000 objects. Shared forms can multiply them: 2 forms a level, 12 levels. */
const MAX_OBJECTS = 200_000;
const MAX_PATHS = 100_000;
const MAX_IMAGES = 10_000;
/** Path segments looked at one by one on a page; beyond, a path is known by its bounds only. */
const MAX_SEGMENTS = 400_000;

export interface Drawn {
  paths: Path[];
  images: Image[];
  painting: Painting;
  /** Objects left out because of a limit. */
  leftOut: number;
}

/** What the visits of one page share. */
interface Visit {
  pdfium: Pdfium;
  frame: Frame;
  /** Numbers of the text objects whose glyphs were read, by pointer. */
  texts: ReadonlyMap<number, number>;
  budget: SegmentBudget;
  paths: Path[];
  images: Image[];
  grounds: Ground[];
  textOrder: Uint32Array;
  textClips: Map<number, Box>;
  twins: Twin[];
  left: number;
  leftOut: number;
}

/** @param texts pointers of the text objects, by their number in Glyphs.object */
export function readObjects(pdfium: Pdfium, page: number, frame: Frame, texts: readonly number[]): Drawn {
  const visit: Visit = {
    pdfium,
    frame,
    texts: new Map(texts.map((pointer, number) => [pointer, number])),
    budget: { segments: MAX_SEGMENTS },
    paths: [],
    images: [],
    grounds: [],
    textOrder: new Uint32Array(texts.length),
    textClips: new Map(),
    twins: [],
    left: MAX_OBJECTS,
    leftOut: 0,
  };
  const { api } = pdfium;
  const count = api.FPDFPage_CountObjects(page);
  for (let i = 0; i < count && visit.left > 0; i++)
    visitObject(visit, api.FPDFPage_GetObject(page, i), IDENTITY, 0, true);
  // An object may be read in several pieces: each has the first one's pointer.
  texts.forEach((pointer, number) => {
    const first = visit.texts.get(pointer)!;
    visit.textOrder[number] = visit.textOrder[first]!;
    const clip = visit.textClips.get(first);
    if (clip) visit.textClips.set(number, clip);
  });
  const { paths, images, grounds, textOrder, textClips, twins, leftOut } = visit;
  return { paths, images, painting: { grounds, textOrder, textClips, twins, complete: leftOut === 0 }, leftOut };
}

/** @param solid no form around it is transparent */
function visitObject(visit: Visit, object: number, matrix: Matrix, depth: number, solid: boolean): void {
  const { pdfium, frame } = visit;
  const { api } = pdfium;
  if (visit.left-- <= 0) {
    visit.leftOut++;
    return;
  }
  const order = MAX_OBJECTS - visit.left;
  switch (api.FPDFPageObj_GetType(object)) {
    case OBJECT.text: {
      visitText(visit, object, matrix, order);
      break;
    }
    case OBJECT.path: {
      if (visit.paths.length >= MAX_PATHS) visit.leftOut++;
      else visitPath(visit, object, matrix, order, solid);
      break;
    }
    case OBJECT.image: {
      const image = visit.images.length >= MAX_IMAGES ? undefined : readImage(pdfium, object, matrix, frame);
      if (!image) break;
      visit.images.push(image);
      visit.grounds.push({ box: image.box, order });
      break;
    }
    case OBJECT.shading: {
      const bounds = boundsOf(pdfium, object, matrix);
      if (bounds) visit.grounds.push({ box: frameBox(frame, ...bounds), order });
      break;
    }
    case OBJECT.form: {
      if (depth >= MAX_DEPTH) {
        visit.leftOut++;
        break;
      }
      const inner = multiply(matrixOf(pdfium, object), matrix);
      const opaque = solid && api.FPDFPageObj_HasTransparency(object) === 0;
      const count = api.FPDFFormObj_CountObjects(object);
      for (let i = 0; i < count && visit.left > 0; i++) {
        visitObject(visit, api.FPDFFormObj_GetObject(object, i), inner, depth + 1, opaque);
      }
      break;
    }
  }
}

function visitText(visit: Visit, object: number, matrix: Matrix, order: number): void {
  const { pdfium, frame, texts, textOrder, textClips, twins } = visit;
  const number = texts.get(object);
  if (number === undefined) {
    const bounds = boundsOf(pdfium, object, matrix);
    if (bounds) twins.push({ box: frameBox(frame, ...bounds), order, color: fillOf(pdfium, object) });
    return;
  }
  textOrder[number] = order;
  const clip = clipOf(pdfium, object, matrix);
  if (clip) textClips.set(number, frameBox(frame, ...clip));
}

function fillOf(pdfium: Pdfium, object: number): number {
  const { api, scratch } = pdfium;
  const known = api.FPDFPageObj_GetFillColor(object, scratch, scratch + 4, scratch + 8, scratch + 12);
  return known ? rgba(pdfium, scratch) : BLACK;
}

function visitPath(visit: Visit, object: number, matrix: Matrix, order: number, solid: boolean): void {
  const { pdfium, frame, paths, grounds } = visit;
  const first = paths.length;
  readPath(pdfium, object, matrix, frame, visit.budget, paths);
  let opaque: boolean | undefined;
  for (let i = first; i < paths.length; i++) {
    const path = paths[i]!;
    const { fill, fillColor, strokeWidth } = path;
    const full = solid && fill && (fillColor & 255) === OPAQUE;
    if (full) opaque ??= pdfium.api.FPDFPageObj_HasTransparency(object) === 0;
    const [x0, y0, x1, y1] = path.box;
    const half = Math.round(strokeWidth / 2);
    grounds.push({
      box: [x0 - half, y0 - half, x1 + half, y1 + half],
      order,
      ...(full && opaque ? { opaque: path } : {}),
    });
  }
}
