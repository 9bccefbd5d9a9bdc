/** How much of a page only its pictures tell: their area where no text lies, counted on a grid of squares. */
import { type Box, height } from "../geometry.ts";
import type { PageLines } from "../page-lines.ts";

/** Squares along each side: fine enough for a column's width, coarse enough to cost nothing. */
const SQUARES = 64;
/** The unit of the answer. */
const WHOLE = 10_000;

/** @returns in 1/10,000 of the page */
export function pictureArea(page: PageLines): number {
  if (page.images.length === 0) return 0;
  const squares = new Uint8Array(SQUARES * SQUARES);
  for (const { box } of page.images) mark(squares, box, page, 1);
  for (const { box } of page.lines) {
    // The white between the lines of a scan that has been read is no picture: a line reaches to its neighbours.
    const by = height(box);
    mark(squares, [box[0] - by, box[1] - by, box[2] + by, box[3] + by], page, 0);
  }
  let covered = 0;
  for (const square of squares) covered += square;
  return Math.round((covered * WHOLE) / squares.length);
}

/** Squares whose middle lies in the box. */
function mark(squares: Uint8Array, box: Box, { size }: PageLines, value: 0 | 1): void {
  const [x0, x1] = span(box[0], box[2], size.width);
  const [y0, y1] = span(box[1], box[3], size.height);
  for (let y = y0; y < y1; y++) squares.fill(value, y * SQUARES + x0, y * SQUARES + Math.max(x0, x1));
}

function span(from: number, to: number, side: number): [from: number, to: number] {
  const at = (value: number) => Math.max(0, Math.min(SQUARES, Math.ceil((value * SQUARES) / Math.max(1, side) - 0.5)));
  return [at(from), at(to)];
}
