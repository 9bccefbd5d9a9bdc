/** On which side of their pictures the document puts captions: counted where a caption has exactly one picture near. */
import type { Box } from "../geometry.ts";
import { overlap } from "../geometry.ts";
import type { PageLines } from "../page-lines.ts";

const CAPTION = /^(fig(ure|\.)?|abb(ildung|\.)?|figura|рис(унок|\.)?)\s*\d+/i;
/** A caption lies nearer than this to its picture, in type sizes. */
const NEAR = 3.5;

export function countCaptions(counts: { above: number; below: number }, page: PageLines): void {
  const pictures: Box[] = [...page.images.map((image) => image.box), ...page.drawings.map((drawing) => drawing.box)];
  if (pictures.length === 0) return;
  for (const line of page.lines) {
    const text = page.words
      .slice(line.from, Math.min(line.to, line.from + 3))
      .map((word) => word.text)
      .join(" ");
    if (!CAPTION.test(text)) continue;
    const near = NEAR * (page.styles[page.words[line.from]!.style]?.size ?? 0);
    const beside = pictures.filter((box) => overlap(box[0], box[2], line.box[0], line.box[2]) > 0);
    const over = beside.some((box) => Math.abs(line.box[1] - box[3]) < near);
    const under = beside.some((box) => Math.abs(box[1] - line.box[3]) < near);
    if (over && !under) counts.below++;
    if (under && !over) counts.above++;
  }
}
