/** Pixels that can be drawn on: rectangles, lines and labels, mixed with what lies under them. */
import type { Pixels } from "../reader.ts";
import { dotsOf, GLYPH_HEIGHT, GLYPH_WIDTH } from "./font.ts";

export type Color = readonly [red: number, green: number, blue: number];

/** Dots between letters, and around a label. */
const SPACING = 1;
const PADDING = 2;

export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;

  /** A copy of the picture with white under it. */
  constructor(picture: Pixels, below: number) {
    this.width = picture.width;
    this.height = picture.height + below;
    this.data = new Uint8ClampedArray(this.width * this.height * 4).fill(255);
    this.data.set(picture.data);
  }

  /** Mixes everything with white, so that what is drawn over it stands out. */
  fade(share: number): void {
    for (let i = 0; i < this.data.length; i++) this.data[i] = 255 - (255 - this.data[i]!) * (1 - share);
  }

  fill(x0: number, y0: number, x1: number, y1: number, color: Color, alpha: number): void {
    const [left, right] = [Math.max(0, Math.round(x0)), Math.min(this.width, Math.round(x1))];
    const [top, bottom] = [Math.max(0, Math.round(y0)), Math.min(this.height, Math.round(y1))];
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) this.#mix(x, y, color, alpha);
  }

  /** @param dash length of dashes and of the white between them; 0 = drawn through */
  frame(x0: number, y0: number, x1: number, y1: number, color: Color, thick = 1, dash = 0): void {
    const [l, t, r, b] = [Math.round(x0), Math.round(y0), Math.round(x1), Math.round(y1)];
    const [w, h] = [Math.max(r - l, thick), Math.max(b - t, thick)];
    const step = dash === 0 ? Math.max(w, h) : dash * 2;
    for (let at = 0; at < w; at += step) {
      const end = Math.min(w, at + (dash === 0 ? step : dash));
      this.fill(l + at, t, l + end, t + thick, color, 1);
      this.fill(l + at, t + h - thick, l + end, t + h, color, 1);
    }
    for (let at = 0; at < h; at += step) {
      const end = Math.min(h, at + (dash === 0 ? step : dash));
      this.fill(l, t + at, l + thick, t + end, color, 1);
      this.fill(l + w - thick, t + at, l + w, t + end, color, 1);
    }
  }

  arrow(x0: number, y0: number, x1: number, y1: number, color: Color, thick: number): void {
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length < 1) return;
    const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
    for (let at = 0; at <= length; at += 0.5) this.#dot(x0 + dx * at, y0 + dy * at, color, thick);
    for (let back = 0; back <= thick * 4; back += 0.5) {
      for (const side of [-0.5, 0.5]) {
        this.#dot(x1 - dx * back - dy * back * side, y1 - dy * back + dx * back * side, color, thick);
      }
    }
  }

  /** White letters on a coloured ground. @param dot pixels a dot of the font */
  label(x: number, y: number, text: string, color: Color, dot: number): void {
    const { width, height } = sizeOfLabel(text, dot);
    this.fill(x, y, x + width, y + height, color, 1);
    this.text(x + PADDING * dot, y + PADDING * dot, text, [255, 255, 255], dot);
  }

  text(x: number, y: number, text: string, color: Color, dot: number): void {
    let left = Math.round(x);
    const top = Math.round(y);
    for (const letter of text) {
      dotsOf(letter).forEach((row, line) => {
        for (let column = 0; column < GLYPH_WIDTH; column++) {
          if ((row & (1 << (GLYPH_WIDTH - 1 - column))) === 0) continue;
          const [dx, dy] = [left + column * dot, top + line * dot];
          this.fill(dx, dy, dx + dot, dy + dot, color, 1);
        }
      });
      left += (GLYPH_WIDTH + SPACING) * dot;
    }
  }

  #dot(x: number, y: number, color: Color, thick: number): void {
    const half = thick / 2;
    this.fill(x - half, y - half, x + half, y + half, color, 1);
  }

  #mix(x: number, y: number, color: Color, alpha: number): void {
    const at = (y * this.width + x) * 4;
    for (let c = 0; c < 3; c++) this.data[at + c] = this.data[at + c]! * (1 - alpha) + color[c]! * alpha;
    this.data[at + 3] = 255;
  }
}

export function sizeOfLabel(text: string, dot: number): { width: number; height: number } {
  return {
    width: ([...text].length * (GLYPH_WIDTH + SPACING) - SPACING + PADDING * 2) * dot,
    height: (GLYPH_HEIGHT + PADDING * 2) * dot,
  };
}
