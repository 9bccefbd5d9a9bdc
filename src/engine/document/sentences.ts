/** Whether a text stops in mid-sentence or begins within one: what may go on over a column's or a page's end. */
import { endsWithHyphen } from "./hyphens.ts";

export function endsOpen(text: string): boolean {
  return endsWithHyphen(text) || /[\p{L}\p{N},\p{Pe}\p{Pd}%'’]$/u.test(text);
}

export function beginsWithin(text: string): boolean {
  return /^[\p{Ps}\p{Pi}"']?\p{Ll}/u.test(text);
}
