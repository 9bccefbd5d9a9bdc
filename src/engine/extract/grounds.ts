/**
 * What is painted, by place: what lies at a point is found without asking all of it. Each box lies in the squares of the
 * level whose squares are no smaller than it (four at most), so that a point asks one square a level. What a page may
 * ask is bounded: thousands of boxes on one spot can't be told apart by place.
 */
import { type Box, height, width } from "../geometry.ts";

export interface Placed {
  box: Box;
  /** When it is painted. */
  order: number;
}

/** Squares of the finest level are 1/128 of the page: about half a line of text. */
const LEVELS = 8;
/** A square's number in its level, in one direction. */
const BITS = 8;

/** Boxes that may still be looked at on a page. */
export interface Looks {
  left: number;
}

export interface PlaceIndex<T extends Placed> {
  /** The uppermost of those painted before that hold the point and fit. */
  under(x: number, y: number, before: number, looks: Looks, fits: (one: T) => boolean): T | undefined;
  /** One of those painted after that hold all of the box. */
  over(box: Box, after: number, looks: Looks): T | undefined;
}

/** @param all in the order of painting */
export function indexPlaces<T extends Placed>(
  all: readonly T[],
  page: { width: number; height: number },
): PlaceIndex<T> {
  const side = Math.max(page.width, page.height, 1);
  const squares = new Map<number, T[]>();
  const used = new Set<number>();
  for (const one of all) {
    const [x0, y0, x1, y1] = one.box;
    const level = levelOf(Math.max(width(one.box), height(one.box)), side);
    used.add(level);
    for (let row = squareOf(y0, level, side); row <= squareOf(y1, level, side); row++) {
      for (let column = squareOf(x0, level, side); column <= squareOf(x1, level, side); column++) {
        const key = keyOf(level, row, column);
        const square = squares.get(key);
        if (square) square.push(one);
        else squares.set(key, [one]);
      }
    }
  }
  const levels = [...used].sort((a, b) => a - b);
  const at = (level: number, x: number, y: number) =>
    squares.get(keyOf(level, squareOf(y, level, side), squareOf(x, level, side))) ?? [];
  return {
    under(x, y, before, looks, fits) {
      let best: T | undefined;
      for (const level of levels) {
        const square = at(level, x, y);
        for (let i = countBefore(square, before) - 1; i >= 0 && looks.left > 0; i--) {
          const one = square[i]!;
          if (best !== undefined && one.order <= best.order) break;
          looks.left--;
          if (holds(one.box, x, y) && fits(one)) best = one;
        }
      }
      return best;
    },
    over([x0, y0, x1, y1], after, looks) {
      for (const level of levels) {
        const square = at(level, (x0 + x1) / 2, (y0 + y1) / 2);
        for (let i = square.length - 1; i >= 0 && square[i]!.order > after && looks.left > 0; i--) {
          looks.left--;
          const { box } = square[i]!;
          if (box[0] <= x0 && box[2] >= x1 && box[1] <= y0 && box[3] >= y1) return square[i]!;
        }
      }
      return undefined;
    },
  };
}

export const holds = (box: Box, x: number, y: number) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];

function levelOf(size: number, side: number): number {
  return Math.max(0, Math.min(LEVELS - 1, Math.floor(Math.log2(side / Math.max(size, 1)))));
}

function squareOf(at: number, level: number, side: number): number {
  return Math.max(0, Math.min(2 ** level - 1, Math.floor((at / side) * 2 ** level)));
}

const keyOf = (level: number, row: number, column: number) => (((level << BITS) | row) << BITS) | column;

/** Entries of a square that are painted before. */
function countBefore(square: readonly Placed[], before: number): number {
  let [low, high] = [0, square.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (square[middle]!.order < before) low = middle + 1;
    else high = middle;
  }
  return low;
}
