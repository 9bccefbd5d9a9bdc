/**
 * Sets furniture apart: running heads and feet, page numbers, stamps in the margin, watermarks, hidden text. In: all
 * lines of the page; out: the text, and the furniture with its role. Evidence is what recurs over the document
 * (profile.furniture); a single page needs more of it.
 */
import type { FurnitureRole } from "../document/blocks.ts";
import { isPageNumber } from "../document/page-numbers.ts";
import { isTagged, tagsOf } from "../document/tags.ts";
import type { PageLines } from "../page-lines.ts";
import { type MarginEdge, marginEdge, marginKey, marginStep, type Profile, standing } from "../profile.ts";
import type { PageSize } from "../source-info.ts";
import { boxOf, type Line } from "./lines.ts";
import { printStamps } from "./print-stamps.ts";
import { isBeside, middleOf, runningHeads } from "./running-heads.ts";

export interface Furniture {
  role: FurnitureRole;
  line: Line;
}

/** Outer share of the page's height, without recurrence. */
const ZONE_ALONE = 0.085;
/** A lone line of the zone is this far from the text, in line heights of the body. */
const GAP_ALONE = 1.5;
const LEADING = 1.2;
/** Words a lone head or foot has at most. */
const WORDS_ALONE = 14;
/** Type larger than this against the body is a title, never a lone head. */
const LARGEST = 1.1;
/** Degrees off upright (or off a right angle) that a watermark is turned by at least. */
const OBLIQUE = 15;
/** A watermark's type against the body's. */
const WATERMARK_SIZE = 2;
/** A stamp is turned text outside of all that stands upright, in the outer share of the page's width, and no more than so many lines. */
const SIDE = 0.12;
const STAMP_LINES = 2;
/** It may reach so far in, in its type sizes. */
const REACHES_IN = 0.5;
const RUNNING: ReadonlySet<FurnitureRole> = new Set(["head", "foot", "pageNumber"]);
/** Increasing integers beside the lines make line numbers when there are so many. */
const LINE_NUMBERS = 8;

export function setFurnitureApart(
  lines: readonly Line[],
  page: PageLines,
  profile: Profile,
): { text: Line[]; furniture: Furniture[] } {
  const { size } = page;
  const tags = tagsOf(page);
  const tagged = tags && new Set(lines.filter(({ words }) => words.some((word) => isTagged(word, tags))));
  const furniture: Furniture[] = [];
  let text: Line[] = [];
  const take = (found: Iterable<Line>, roleOf: (line: Line) => FurnitureRole) => {
    const taken = new Set(found);
    for (const line of taken) furniture.push({ role: roleOf(line), line });
    if (taken.size > 0) text = text.filter((line) => !taken.has(line));
  };
  const stamps = stampsOf(lines, size);
  const titles = lines.filter((line) => isTitleLike(line, profile));
  for (const line of lines) {
    const role =
      roleByItself(line, size, profile, stamps, titles) ?? (tagged === null ? null : roleByTag(line, tagged, size));
    if (role === null) text.push(line);
    else furniture.push({ role, line });
  }
  const atEdge = (line: Line) => roleAtEdge(line, size);
  take(printStamps(text, size.height), atEdge);
  const recurring = furniture.filter(({ role }) => RUNNING.has(role)).map(({ line }) => line);
  take(runningHeads(text, recurring, size, profile), atEdge);
  take(lineNumbers(text, profile), () => "lineNumber");
  // Whoever tagged the page has said what of it is text.
  if (tagged === null)
    for (const edge of ["bottom", "top"] as const) text = takeLone(text, edge, size, profile, furniture);
  return { text, furniture };
}

/** In a file whose text is tagged, a row at the page's edge that is not is no part of the text. */
function roleByTag(line: Line, tagged: ReadonlySet<Line>, size: PageSize): FurnitureRole | null {
  if (line.angle !== 0 || tagged.has(line)) return null;
  const edge = marginEdge(line.text, middleOf(line) / size.height);
  // A drawn bullet is not tagged, but its item is.
  if (edge === null || [...tagged].some((other) => isBeside(other, line))) return null;
  return roleAtEdge(line, size);
}

function roleAtEdge({ text, box }: Line, { height }: PageSize): FurnitureRole {
  if (isPageNumber(text)) return "pageNumber";
  return box[1] + box[3] < height ? "head" : "foot";
}

function roleByItself(
  line: Line,
  size: PageSize,
  profile: Profile,
  stamps: ReadonlySet<Line>,
  titles: readonly Line[],
): FurnitureRole | null {
  if (line.hidden) return "hidden";
  if (line.isLineNumber) return "lineNumber";
  const role = roleByRecurrence(line, size, profile, titles);
  if (role !== null || line.angle === 0) return role;
  const off = line.angle % 90;
  if (Math.min(off, 90 - off) >= OBLIQUE && line.size >= WATERMARK_SIZE * profile.bodySize) return "watermark";
  return stamps.has(line) ? "margin" : null;
}

/** Turned lines beside all other text; columns of them are a text of their own, as vertical writing is. */
function stampsOf(lines: readonly Line[], { width }: PageSize): Set<Line> {
  const stamps = new Set<Line>();
  const upright = lines.filter((line) => line.angle === 0 && !line.hidden);
  const turned = lines.filter((line) => line.angle !== 0);
  if (turned.length === 0 || upright.length === 0) return stamps;
  const [left, , right] = boxOf(upright);
  const sides = [
    turned.filter(({ box, size }) => box[2] < Math.min(width * SIDE, left + REACHES_IN * size)),
    turned.filter(({ box, size }) => box[0] > Math.max(width * (1 - SIDE), right - REACHES_IN * size)),
  ];
  for (const side of sides) if (countBeside(side) <= STAMP_LINES) for (const line of side) stamps.add(line);
  return stamps;
}

/** How many of them stand beside each other. */
function countBeside(lines: readonly Line[]): number {
  let [count, reach] = [0, Number.NEGATIVE_INFINITY];
  for (const { box } of lines.toSorted((a, b) => a.box[0] - b.box[0])) {
    if (box[0] >= reach) count++;
    reach = Math.max(reach, box[2]);
  }
  return count;
}

function roleByRecurrence(line: Line, size: PageSize, profile: Profile, titles: readonly Line[]): FurnitureRole | null {
  const place = standing(line, size);
  if (place === null) return null;
  const { middle, height } = place;
  const edge = marginEdge(line.text, middle / height);
  if (edge === null || !recurs(line, edge, edge.side === "top" ? middle : height - middle, size, profile)) return null;
  if (isTitleLike(line, profile) || titles.some((title) => isNumberedBy(title, line))) return null;
  if (isPageNumber(line.text)) return "pageNumber";
  return edge.side === "top" ? "head" : "foot";
}

function isTitleLike({ size, text }: Line, { bodySize }: Profile): boolean {
  return size > LARGEST * LARGEST * bodySize && /\p{L}{2}/u.test(text);
}

/** What stands before a title in its own type is its number, however well it runs with the pages. */
function isNumberedBy(title: Line, line: Line): boolean {
  return (
    title.styleKey === line.styleKey &&
    title.angle === line.angle &&
    isBeside(title, line) &&
    title.box[0] >= line.box[2]
  );
}

/** Producers move a head by a fraction of a point: the neighbouring steps count too. */
function recurs(line: Line, edge: MarginEdge, distance: number, size: PageSize, profile: Profile): boolean {
  const step = marginStep(distance, size);
  return [step, step - 1, step + 1].some((near) => profile.furniture.has(marginKey(line.text, edge, near)));
}

/** The outermost rows of the zone, when they are short, small and clearly apart from the text. */
function takeLone(
  lines: Line[],
  edge: "top" | "bottom",
  size: PageSize,
  profile: Profile,
  furniture: Furniture[],
): Line[] {
  const inZone = (line: Line) =>
    edge === "top" ? line.box[3] < size.height * ZONE_ALONE : line.box[1] > size.height * (1 - ZONE_ALONE);
  const zone = lines.filter((line) => inZone(line) && line.angle === 0);
  const inside = new Set(zone);
  const rest = lines.filter((line) => !inside.has(line));
  if (zone.length === 0 || rest.length === 0) return lines;
  const gap = edge === "top" ? boxOf(rest)[1] - boxOf(zone)[3] : boxOf(zone)[1] - boxOf(rest)[3];
  const words = zone.reduce((sum, line) => sum + line.words.length, 0);
  if (words > WORDS_ALONE || gap < GAP_ALONE * LEADING * profile.bodySize) return lines;
  if (zone.some((line) => line.size > LARGEST * profile.bodySize || profile.headings.has(line.styleKey))) return lines;
  const numbered = zone.some((line) => isPageNumber(line.text));
  if (!numbered && zone.some((line) => line.bold)) return lines;
  // In the text's own type, links or not, and on a page without a number, it may be a letter's first line, or a menu.
  const plain = zone.every((line) => withoutColor(line.styleKey) === withoutColor(profile.body));
  if (!numbered && plain && !furniture.some(({ role }) => role === "pageNumber")) return lines;
  for (const line of zone) {
    const role = isPageNumber(line.text) ? "pageNumber" : edge === "top" ? "head" : "foot";
    furniture.push({ role, line });
  }
  return rest;
}

/** A column of growing integers at the left of everything else: a manuscript's or a law's line numbers. */
function lineNumbers(lines: readonly Line[], profile: Profile): Line[] {
  const numbers = lines.filter((line) => /^\d{1,4}$/.test(line.text) && line.angle === 0);
  if (numbers.length < LINE_NUMBERS) return [];
  const right = median(numbers.map((line) => line.box[2]));
  const column = new Set(numbers.filter((line) => Math.abs(line.box[2] - right) < profile.bodySize));
  const others = lines.filter((line) => !column.has(line) && line.angle === 0);
  if (column.size < LINE_NUMBERS || others.some((line) => line.box[0] < right)) return [];
  const values = [...column].sort((a, b) => a.baseline - b.baseline).map((line) => Number(line.text));
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  return steps.every((step) => step > 0 && step === steps[0]) ? [...column] : [];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function withoutColor(key: string): string {
  return key.slice(0, key.lastIndexOf("|"));
}
