/**
 * PageBlocks in page order → Parts. A paragraph that a page's end cuts stands whole where it begins; its later lines
 * keep their page. Only the parts behind an open seam are held, so that 5,000 pages stay flat.
 */
import type { Part } from "../document/index.ts";
import type { PageBlocks, Seam } from "../page-blocks.ts";
import type { Profile } from "../profile.ts";
import { continueParagraph } from "./paragraphs.ts";

/** A paragraph over more pages than this is ended: what is held stays bounded. */
const MAX_OPEN_PARTS = 8;

export async function* join(pages: AsyncIterable<PageBlocks>, profile: Pick<Profile, "words">): AsyncGenerator<Part> {
  /** Parts behind the open seam, the one it begins in first. */
  let held: Part[] = [];
  let open: { part: Part; seam: Seam } | null = null;
  for await (const page of pages) {
    const { seams, ...part } = page;
    const tail = seams.find((seam) => seam.at === "tail");
    const head = seams.find((seam) => seam.at === "head");
    const joined: boolean =
      open !== null &&
      head !== undefined &&
      fits(open.seam, head) &&
      continueParagraph(open, part, head, profile.words);
    if (joined && tail?.block === head?.block && held.length < MAX_OPEN_PARTS) {
      // The whole page was the paragraph's middle: it is still open.
      held.push(part);
      continue;
    }
    yield* held;
    held = [part];
    open = null;
    // A block that went away shifts those after it.
    if (tail !== undefined && !(joined && tail.block === head!.block)) {
      const shift: number = joined && tail.block > head!.block ? 1 : 0;
      open = { part, seam: { ...tail, block: tail.block - shift } };
    } else {
      yield* held;
      held = [];
    }
  }
  yield* held;
}

function fits(tail: Seam, head: Seam): boolean {
  // A capital in mid-sentence is a name when neither line looks like the end or the beginning of a paragraph.
  return tail.openSentence && head.kind === "paragraph" && (head.openSentence || (tail.full && head.full));
}
