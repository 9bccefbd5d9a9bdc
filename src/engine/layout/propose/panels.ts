/**
 * Pictures that each have a caption "(a)", "(b)" of their own, over one caption with the figure's number → one figure.
 * Without such letters, pictures side by side stay apart: nothing tells that they belong together.
 */
import { beginsFigureCaption } from "../../document/captions.ts";
import { type Box, overlap, union, width } from "../../geometry.ts";
import { type Caption, captionsOf } from "../captions.ts";
import type { Line } from "../lines.ts";
import { merge } from "./clusters.ts";
import type { Labelled } from "./figure-labels.ts";

/** "(a)" and "a)"; figures of more than a dozen panels are rare, and letters beyond are often a list's. */
const PANEL = /^(?:\([a-l]\)|[a-l]\))/;
/** White between a panel and its letter, and between the last letter and the figure's caption, in type sizes. */
const UNDER = 1.5;
const NEAR = 2.4;
/** A letter may lie so much over its picture's edge, in type sizes. */
const OVER = 0.5;

/** Its caption stands about the middle of a group, further in than this share of the group's width. */
const INNER = 0.25;

interface Panel {
  figures: Labelled[];
  caption: Caption;
  box: Box;
}

/** @param free lines that no figure holds */
export function joinPanels(figures: readonly Labelled[], free: readonly Line[]): Labelled[] {
  if (figures.length < 2) return [...figures];
  const panels = captionsOf(free, (text) => PANEL.test(text)).flatMap((caption) => panelOf(caption, figures));
  if (panels.length === 0) return [...figures];
  let joined = [...figures];
  for (const caption of captionsOf(free, beginsFigureCaption)) {
    const group = groupOver(caption, panels);
    const parts = [...new Set(group.flatMap((panel) => panel.figures))].filter((one) => joined.includes(one));
    if (parts.length < 2) continue;
    const box = group.map((panel) => panel.box).reduce(union);
    const told = [...new Set(group.flatMap((panel) => panel.caption.lines))];
    const known = new Set([...told, ...caption.lines, ...parts.flatMap((part) => part.labels)]);
    if (free.some((line) => !known.has(line) && lies(line, box))) continue;
    const whole = parts.slice(1).reduce<Labelled>(
      (sum, part) => ({
        ...merge(sum, part),
        core: union(sum.core, part.core),
        labels: [...sum.labels, ...part.labels],
      }),
      parts[0]!,
    );
    joined = [...joined.filter((one) => !parts.includes(one)), { ...whole, box, panels: told }];
  }
  return joined;
}

function panelOf(caption: Caption, figures: readonly Labelled[]): Panel[] {
  const em = caption.lines[0]!.size;
  const over = figures.filter(({ box }) => {
    const below = caption.box[1] - box[3];
    return below >= -OVER * em && below <= UNDER * em && overlap(box[0], box[2], caption.box[0], caption.box[2]) > 0;
  });
  if (over.length === 0) return [];
  return [{ figures: over, caption, box: over.map((figure) => figure.box).reduce(union, caption.box) }];
}

/** From the caption upwards, row by row, as far as the next row is near. */
function groupOver(caption: Caption, panels: readonly Panel[]): Panel[] {
  const em = caption.lines[0]!.size;
  const group: Panel[] = [];
  let top = caption.box[1];
  const above = panels.filter((panel) => panel.box[3] <= caption.box[1] + OVER * em);
  for (const panel of above.toSorted((a, b) => b.box[3] - a.box[3])) {
    if (top - panel.box[3] > NEAR * em) break;
    group.push(panel);
    top = Math.min(top, panel.box[1]);
  }
  if (group.length === 0) return [];
  // The caption of a column's figure does not claim the pictures of the next column.
  const box = group.map((panel) => panel.box).reduce(union);
  const middle = (caption.box[0] + caption.box[2]) / 2;
  const inner = INNER * width(box);
  return middle >= box[0] + inner && middle <= box[2] - inner ? group : [];
}

function lies({ box }: Line, within: Box): boolean {
  return overlap(box[0], box[2], within[0], within[2]) > 0 && overlap(box[1], box[3], within[1], within[3]) > 0;
}
