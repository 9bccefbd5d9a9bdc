/** Lines → which way their text runs: columns from right to left, or lines turned as vertical writing is. */
import { boxOf, type Line } from "./lines.ts";

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;
/** Fewer turned lines are a label, or shorter ones a sign in a line of text. */
const TURNED_LINES = 3;
const TURNED_CHARS = 3;

/** Columns of Hebrew or Arabic go from right to left. */
export function isRightToLeft(lines: readonly Line[]): boolean {
  let [right, left] = [0, 0];
  for (const { text } of lines) {
    right += text.match(RIGHT_TO_LEFT)?.length ?? 0;
    left += text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  }
  return right > left;
}

/** Baselines of turned lines are no heights on the page: columns of vertical writing follow what stands above them. */
export function withTurnedApart(lines: readonly Line[]): Line[][] {
  const turned = lines.filter((line) => line.angle !== 0 && line.chars >= TURNED_CHARS);
  if (turned.length < TURNED_LINES) return lines.length === 0 ? [] : [[...lines]];
  const apart = new Set(turned);
  const upright = lines.filter((line) => !apart.has(line));
  const top = boxOf(turned)[1];
  const above = upright.filter((line) => line.box[1] < top);
  const below = upright.filter((line) => line.box[1] >= top);
  return [above, turned, below].filter((part) => part.length > 0);
}
