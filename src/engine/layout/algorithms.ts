/**
 * Algorithms as papers set them: "Algorithm 3" and its title between two rules, the steps under them, a third rule that
 * ends it. In: the page's rules and its text; out: what each takes, before any table is sought in it.
 */
import { type Box, width } from "../geometry.ts";
import type { PageLines, Rule } from "../page-lines.ts";
import { boxOf, type Line } from "./lines.ts";
import type { Algorithm } from "./propose/proposal.ts";

/* Lengths are in the type size of the title. */

const TITLE = /^(?:algorithm(?:us|e)?|algoritm[oe]?|алгоритм)\s+\d+(?:\.\d+)*[a-z]?(?=\W|$)/iu;
/** From the title up to its rule, and down to the next: a title has up to three lines. */
const OVER = 1;
const UNDER = 4;
/** Rules of one algorithm begin and end alike, within this, and the title begins so near to them. */
const SAME_EDGE = 0.5;
const TITLE_EDGE = 1.5;
/** A shorter rule underlines. */
const SHORTEST = 8;
/** Numbers of steps may hang out over the rules. */
const HANGS_OUT = 1;
/** More titles are a list of algorithms. */
const MAX_TITLES = 40;
const MAX_RULES = 2_000;

export function algorithmsOf(page: PageLines, text: readonly Line[]): Algorithm[] {
  const titles = text.filter((line) => line.angle === 0 && TITLE.test(line.text)).slice(0, MAX_TITLES);
  if (titles.length === 0) return [];
  const rules = page.rules.filter((rule) => rule.horizontal).slice(0, MAX_RULES);
  rules.sort((a, b) => a.box[1] - b.box[1]);
  const found: Algorithm[] = [];
  const taken = new Set<number>();
  for (const title of titles) {
    const box = taken.has(title.from) ? null : frameOf(title, rules);
    if (box === null) continue;
    const words = wordsIn(box, title, text).filter((word) => !taken.has(word));
    if (words.length > 0) found.push({ kind: "algorithm", box, words });
    for (const word of words) taken.add(word);
  }
  return found;
}

/** From the rule over the title to the one under the steps. */
function frameOf({ box, size }: Line, rules: readonly Rule[]): Box | null {
  const over = rules.findLast(
    (rule) =>
      rule.box[3] <= box[1] + SAME_EDGE * size &&
      box[1] - rule.box[3] <= OVER * size &&
      width(rule.box) >= SHORTEST * size &&
      Math.abs(rule.box[0] - box[0]) <= TITLE_EDGE * size &&
      rule.box[2] >= box[2] - SAME_EDGE * size,
  );
  if (over === undefined) return null;
  const [under, end] = rules.filter(
    (rule) =>
      rule.box[1] >= box[3] - SAME_EDGE * size &&
      Math.abs(rule.box[0] - over.box[0]) <= SAME_EDGE * size &&
      Math.abs(rule.box[2] - over.box[2]) <= SAME_EDGE * size,
  );
  if (under === undefined || end === undefined || under.box[1] - box[3] > UNDER * size) return null;
  return [over.box[0], over.box[1], over.box[2], end.box[3]];
}

/** All the lines between the rules, when there are steps, and nothing there reaches out over the sides. */
function wordsIn(frame: Box, title: Line, text: readonly Line[]): number[] {
  const isBetween = ({ box }: Line) => (box[1] + box[3]) / 2 > frame[1] && (box[1] + box[3]) / 2 < frame[3];
  const inside = text.filter(
    (line) => isBetween(line) && line.box[2] > frame[0] - HANGS_OUT * title.size && line.box[0] < frame[2],
  );
  const [left, , right] = boxOf(inside);
  const fits = left >= frame[0] - 2 * HANGS_OUT * title.size && right <= frame[2] + HANGS_OUT * title.size;
  if (!fits || !inside.some((line) => line.box[1] > title.box[3])) return [];
  return inside.flatMap((line) => line.words.map((_, i) => line.from + i));
}
