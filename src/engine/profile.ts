/**
 * What only the whole document can tell: the types, and the keys of their maps, so that who counts (survey) and who
 * looks up (layout) can't disagree on a key.
 */
import type { Box } from "./geometry.ts";
import type { Style } from "./page-lines.ts";

/** Counted in integers and sets, merged by sum and union, so that chunking can't show. */
export interface Survey {
  /** styleKey → its counts. */
  styles: Map<string, StyleCount>;
  /** "style>next style" → times the second began a line right after the first. */
  follows: Map<string, number>;
  /** marginKey → page numbers where it stands, and the number found in it (NO_NUMBER = none); sorted by page. */
  margins: Map<string, { page: number; value: number }[]>;
  /** Hashes of distinct words (document/hyphens). */
  words: Set<number>;
  /** Keys of the section marks that lines begin with (document/section-marks). */
  marks: Set<string>;
  /** Role of a tagged file's headings → how many there are, and how much text is in them. */
  tags: Map<string, { elements: number; chars: number }>;
  captions: { above: number; below: number };
  mathChars: number;
  pages: number;
}

export interface StyleCount {
  chars: number;
  /** Of them, those where heads and feet stand. */
  outer: number;
  lines: number;
  /** Lines that look like a heading's: few words, no comma at their end. */
  short: number;
  /** Lines on the document's first page. */
  front: number;
}

/** Read off the merged survey once. */
export interface Profile {
  /** styleKey of running text. */
  body: string;
  /** 1/100 pt. */
  bodySize: number;
  /** styleKey → level from 1. */
  headings: Map<string, number>;
  /** Role of a tagged file's headings → level from 1, 0 for the document's title; empty where it is not tagged. */
  tags: Map<string, number>;
  /** styleKey of the document's title, when one style is used for it alone. */
  title: string | null;
  /** Lines in that style, where only one text that holds them all is the title; 0 where that is sure. */
  titleLines: number;
  /** marginKeys that recur over pages. */
  furniture: Set<string>;
  /** A page's place in the file less the number it has, for each count that pages go by (front matter has its own). */
  pageOffsets: Set<number>;
  /** Places of margin keys where the running heads stand whose text changes by chapter. */
  headPlaces: Set<string>;
  words: Set<number>;
  /** Keys of the document's section marks. */
  marks: Set<string>;
  captionSide: "above" | "below";
  math: boolean;
  /** outlineKey(page, title) → level from 1, 0 for the document's title above them all; empty when the file has no bookmarks. */
  outline: Map<string, number>;
}

/**
 * Steps of type size to its double, 2 % each: producers round 9.96 and 10 as they like. Of a ratio and not of points, so
 * that a document scaled down has the same styles.
 */
const SIZE_STEPS = 32;
/** Ten points lie on a step, 1/100 pt. */
const USUAL_SIZE = 1000;
/** Lines of a running head lie on one height: half an em of usual type on usual paper, as a share of the sheet's side (the root of its area, so that lying and standing pages of one sheet agree). */
const MARGIN_STEP = 1 / 116;

export function styleKey(style: Style): string {
  const step = Math.round(Math.log2(Math.max(1, style.size) / USUAL_SIZE) * SIZE_STEPS);
  const size = Math.round(USUAL_SIZE * 2 ** (step / SIZE_STEPS));
  const face = `${style.bold ? "b" : ""}${style.italic ? "i" : ""}${style.mono ? "m" : ""}`;
  return `${style.family}|${size}|${face}|${style.color.toString(16)}`;
}

export function sizeOfStyleKey(key: string): number {
  return Number(key.split("|").at(-3) ?? 0);
}

export function faceOfStyleKey(key: string): { family: string; color: string } {
  const parts = key.split("|");
  return { family: parts.slice(0, -3).join("|"), color: parts.at(-1) ?? "" };
}

export function isBoldStyleKey(key: string): boolean {
  return key.split("|").at(-2)?.includes("b") ?? false;
}

export function isMonoStyleKey(key: string): boolean {
  return key.split("|").at(-2)?.includes("m") ?? false;
}

/** Steps of MARGIN_STEP from the nearer edge of the page; the edge is part of the key, since page heights may differ. */
export function marginStep(distance: number, { width, height }: { width: number; height: number }): number {
  return Math.round(distance / (MARGIN_STEP * Math.sqrt(Math.max(1, width * height))));
}

/** Share of the page's height at its top and bottom in which furniture is looked for (LAYOUT 1.12). */
const ZONE = 0.12;
/** A number alone that runs with the pages is theirs further in: TeX's usual text on a larger sheet leaves a sixth below. */
const NUMBER_ZONE = 0.2;
const NUMBER_ALONE = /^[\s\p{P}|]*(?:\d{1,4}|[ivxlc]{1,7})[\s\p{P}|]*$/iu;

/** Further in so far, what stands outside the text and recurs on most pages: wide lower margins put the foot there. */
const INNER_ZONE = 0.25;

export interface MarginEdge {
  side: "top" | "bottom";
  /** Further in than heads and feet usually are: it takes more pages to be one. */
  inner: boolean;
}

/** @param at the middle of the line, as a share of the page's height */
export function marginEdge(text: string, at: number): MarginEdge | null {
  const zone = NUMBER_ALONE.test(text) ? NUMBER_ZONE : ZONE;
  const depth = Math.min(at, 1 - at);
  if (depth >= Math.max(zone, INNER_ZONE)) return null;
  return { side: at < 0.5 ? "top" : "bottom", inner: depth >= zone };
}

/**
 * Where a line stands between the top and the foot of the sheet as its text stands: a head keeps its place when the page
 * is turned, and a turned line's head is at the sheet's side. null: oblique.
 */
export function standing(
  { box, angle }: { box: Box; angle: number },
  { width, height }: { width: number; height: number },
): { middle: number; height: number } | null {
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  switch (angle) {
    case 0:
      return { middle: y, height };
    case 90:
      return { middle: x, height: width };
    case 180:
      return { middle: height - y, height };
    case 270:
      return { middle: width - x, height: width };
    default:
      return null;
  }
}

/** A line of the outer zone without its digits, at its height. */
export function marginKey(text: string, { side, inner }: MarginEdge, step: number): string {
  return `${marginPlace({ side, inner }, step)}|${withoutNumbers(text)}`;
}

export function marginPlace({ side, inner }: MarginEdge, step: number): string {
  return `${inner ? INNER : ""}${side}${step}`;
}

export function placeOfMarginKey(key: string): string {
  return key.slice(0, key.indexOf("|"));
}

const INNER = "inner-";

export function isInnerKey(key: string): boolean {
  return key.startsWith(INNER);
}

export function withoutNumbers(text: string): string {
  return text
    .toLowerCase()
    .replace(/\d+/g, "")
    .replace(/(^|\s)[ivxlc]+(?=\s|$)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** A bookmark and the line it leads to are the same words, whatever the blanks, case and punctuation. */
export function outlineKey(page: number, title: string): string {
  return `${page}|${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")}`;
}
