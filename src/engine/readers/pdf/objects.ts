/**
 * The page objects → paths and pictures, in content order: form XObjects are entered, matrices multiplied down, clip
 * paths taken into account by their boxes. How each kind becomes a fact is in paths.ts and images.ts.
 */
import type { Image, Path } from "../../page.ts";
import { IDENTITY, type Matrix, matrixOf, multiply } from "./bounds.ts";
import type { Frame } from "./frame.ts";
import { readImage } from "./images.ts";
import { readPath, type SegmentBudget } from "./paths.ts";
import type { Pdfium } from "./pdfium.ts";

const OBJECT = { path: 2, image: 3, form: 5 } as const;
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
  /** Objects left out because of a limit. */
  leftOut: number;
}

export function readObjects(pdfium: Pdfium, page: number, frame: Frame): Drawn {
  const drawn: Drawn = { paths: [], images: [], leftOut: 0 };
  const budget: SegmentBudget = { segments: MAX_SEGMENTS };
  let objects = MAX_OBJECTS;
  const { api } = pdfium;

  const visit = (object: number, matrix: Matrix, depth: number): void => {
    if (objects-- <= 0) {
      drawn.leftOut++;
      return;
    }
    switch (api.FPDFPageObj_GetType(object)) {
      case OBJECT.path: {
        if (drawn.paths.length >= MAX_PATHS) drawn.leftOut++;
        else readPath(pdfium, object, matrix, frame, budget, drawn.paths);
        break;
      }
      case OBJECT.image: {
        const image = drawn.images.length >= MAX_IMAGES ? undefined : readImage(pdfium, object, matrix, frame);
        if (image) drawn.images.push(image);
        break;
      }
      case OBJECT.form: {
        if (depth >= MAX_DEPTH) break;
        const inner = multiply(matrixOf(pdfium, object), matrix);
        const count = api.FPDFFormObj_CountObjects(object);
        for (let i = 0; i < count && objects > 0; i++) visit(api.FPDFFormObj_GetObject(object, i), inner, depth + 1);
        break;
      }
    }
  };
  const count = api.FPDFPage_CountObjects(page);
  for (let i = 0; i < count && objects > 0; i++) visit(api.FPDFPage_GetObject(page, i), IDENTITY, 0);
  return drawn;
}
