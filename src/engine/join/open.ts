/** What is still open while pages go by: a block of an earlier page, and what the page's end says of it. Types only. */
import type { Block } from "../document/blocks.ts";
import type { Part } from "../document/index.ts";
import type { Seam } from "../page-blocks.ts";

/** An end: the block, the part that holds it, and the seam. */
export interface End {
  part: Part;
  /** Of the page that the seam is on: a later one than `part` when all of that page was the block's middle. */
  last: Part;
  block: Block;
  seam: Seam;
}
