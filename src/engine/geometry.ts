/**
 * Geometry of the engine: integers in 1/100 pt, origin at the top left, y downwards, CropBox and /Rotate already
 * applied. Integers, so that facts stored between two steps and facts kept in memory agree to the last bit.
 */

/** x0 <= x1, y0 <= y1. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** A box on a page; `page` is the page's number in the source, from 1. */
export interface Placed {
  page: number;
  box: Box;
}

/** Units per point. */
export const UNITS = 100;

export function union(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Length of the common part of two intervals; negative when they are apart. */
export function overlap(a0: number, a1: number, b0: number, b1: number): number {
  return Math.min(a1, b1) - Math.max(a0, b0);
}

export const width = (b: Box): number => b[2] - b[0];
export const height = (b: Box): number => b[3] - b[1];
