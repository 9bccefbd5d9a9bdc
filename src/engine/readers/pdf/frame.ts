/**
 * PDF user space → the engine's: CropBox and /Rotate applied, 1/100 pt, origin at the top left, y down; a page beyond
 * the largest size is cut there.
 */
import { type Box, UNITS } from "../../geometry.ts";

/** 200 inches, the largest page of PDF 1.x (ISO 32000-1 annex C); what lies beyond is outside the page. */
export const MAX_SIDE_PT = 14_400;
/** Further out than this (in units) a coordinate is noise; keeps sums within 32-bit integers. */
const FAR = 1 << 28;

export interface Frame {
  width: number;
  height: number;
  /** x' = a x + c y + e, y' = b x + d y + f, in units. */
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
  /** Quarter turns clockwise. */
  turns: number;
  clamped: boolean;
}

/** @param box CropBox cut with the MediaBox, in points @param turns /Rotate by 90 */
export function frameOf(left: number, bottom: number, right: number, top: number, turns: number): Frame {
  const w = (right - left) * UNITS;
  const h = (top - bottom) * UNITS;
  const [l, b, r, t] = [left * UNITS, bottom * UNITS, right * UNITS, top * UNITS];
  const limit = MAX_SIDE_PT * UNITS;
  const upright = turns % 2 === 0;
  const base = {
    width: Math.round(Math.min(limit, upright ? w : h)),
    height: Math.round(Math.min(limit, upright ? h : w)),
    turns,
    clamped: w > limit || h > limit,
  };
  switch (turns & 3) {
    case 1:
      return { ...base, a: 0, b: UNITS, c: UNITS, d: 0, e: -b, f: -l };
    case 2:
      return { ...base, a: -UNITS, b: 0, c: 0, d: UNITS, e: r, f: -b };
    case 3:
      return { ...base, a: 0, b: -UNITS, c: -UNITS, d: 0, e: t, f: r };
    default:
      return { ...base, a: UNITS, b: 0, c: 0, d: -UNITS, e: -l, f: t };
  }
}

export const frameX = (frame: Frame, x: number, y: number) => frame.a * x + frame.c * y + frame.e;
export const frameY = (frame: Frame, x: number, y: number) => frame.b * x + frame.d * y + frame.f;

/** @returns the box of two opposite corners in user space, in whole units */
export function frameBox(frame: Frame, x0: number, y0: number, x1: number, y1: number): Box {
  const ax = whole(frameX(frame, x0, y0));
  const ay = whole(frameY(frame, x0, y0));
  const bx = whole(frameX(frame, x1, y1));
  const by = whole(frameY(frame, x1, y1));
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

/** A whole number that fits everywhere; what is no number becomes 0 (and never -0, which a stored copy would lose). */
export function whole(value: number): number {
  const rounded = Math.round(value);
  if (rounded >= FAR) return FAR;
  if (rounded <= -FAR) return -FAR;
  return rounded || 0;
}

/** @returns the common part of a box and the page, undefined when there is none */
export function onPage(frame: Frame, box: Box): Box | undefined {
  const cut: Box = [
    Math.max(0, box[0]),
    Math.max(0, box[1]),
    Math.min(frame.width, box[2]),
    Math.min(frame.height, box[3]),
  ];
  return cut[0] <= cut[2] && cut[1] <= cut[3] ? cut : undefined;
}
