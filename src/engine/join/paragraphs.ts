/** The second half of a paragraph, on a later page → into the first. In: both parts; out: the first holds it all. */
import type { Block } from "../document/blocks.ts";
import { endsWithHyphen, judgeHyphen } from "../document/hyphens.ts";
import type { Part } from "../document/index.ts";
import type { Run } from "../document/runs.ts";
import type { Seam } from "../page-blocks.ts";

/** @returns whether the halves were joined; the block at `head` is then gone from `part` */
export function continueParagraph(
  open: { part: Part; seam: Seam },
  part: Part,
  head: Seam,
  words: ReadonlySet<number>,
): boolean {
  const outer = open.part.blocks[open.seam.block];
  const second = part.blocks[head.block];
  const path = outer === undefined ? [] : pathToEnd(outer);
  const first = path.at(-1);
  if (first?.kind !== "paragraph" || second?.kind !== "paragraph") return false;
  if (first.runs.length === 0 || second.runs.length === 0) return false;
  const runs = second.runs.map((run) => ({ ...run }));
  bridge(open.part, first.runs, runs, words);
  first.runs.push(...runs);
  for (const block of path) {
    block.lines.push(...second.lines);
    block.places.push(...second.places);
  }
  part.blocks.splice(head.block, 1);
  return true;
}

/** The block, and of a list what its last item ends with, down to a paragraph. */
function pathToEnd(block: Block): Block[] {
  const last = block.kind === "list" ? block.items.at(-1)?.blocks.at(-1) : undefined;
  return last === undefined ? [block] : [block, ...pathToEnd(last)];
}

function bridge(part: Part, before: readonly Run[], after: readonly Run[], words: ReadonlySet<number>): void {
  const [last, next] = [before.at(-1)!, after[0]!];
  if (!endsWithHyphen(last.text)) {
    next.text = ` ${next.text}`;
    return;
  }
  const verdict = judgeHyphen(last.text, next.text, words);
  if (verdict === "space") next.text = ` ${next.text}`;
  if (verdict === "join") {
    part.edits.push({ line: last.line, from: last.text.slice(-1), to: "", reason: "hyphen" });
    last.text = last.text.slice(0, -1);
  }
}
