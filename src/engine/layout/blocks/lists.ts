/**
 * Groups that begin with a label → lists. A bullet makes an item by itself; a number or letter only beside its
 * neighbour: "1." without a "2." after it is a heading or a sentence.
 */
import type { Group } from "../rows.ts";
import type { Label } from "./labels.ts";
import { labelOf } from "./labels.ts";

export interface Items {
  ordered: boolean;
  labels: Label[];
  groups: Group[];
}

/** Labels of one list begin at one edge, within this share of the type size. */
const SAME_EDGE = 0.8;
/** A dash alone may be a range or a negative number: such a list needs a second item. */
const DASH = /^[–—-]$/;

/** @returns the list that begins at groups[at], or null */
export function listAt(groups: readonly Group[], at: number, isHeading: (group: Group) => boolean): Items | null {
  const first = groups[at]!;
  const label = labelOf(first.rows[0]!);
  if (label === null || isHeading(first)) return null;
  if (label.kind === "letter" && label.value !== 1) return null;
  const items: Items = { ordered: label.kind !== "bullet", labels: [label], groups: [first] };
  for (let i = at + 1; i < groups.length; i++) {
    const next = labelOf(groups[i]!.rows[0]!);
    if (next === null || !follows(next, items) || isHeading(groups[i]!)) break;
    const shift = Math.abs(groups[i]!.rows[0]!.box[0] - first.rows[0]!.box[0]);
    if (shift > SAME_EDGE * first.rows[0]!.size) break;
    items.labels.push(next);
    items.groups.push(groups[i]!);
  }
  const alone = items.labels.length === 1;
  return alone && (label.kind !== "bullet" || DASH.test(label.text)) ? null : items;
}

function follows(next: Label, items: Items): boolean {
  const last = items.labels.at(-1)!;
  if (next.kind !== last.kind) return false;
  return next.kind === "bullet" ? next.text === last.text : next.value === last.value + 1;
}
