/** page_ranges of CONTRACT section 3: "2,4-6", negatives from the end, "2--2" or "2 - -2" up to next-to-last. */
import { EngineError } from "./errors.ts";

const ITEM = /^\s*(-?\d+)\s*(?:-\s*(-?\d+)\s*)?$/;

/** Whether the text has the form of a page range, before the page count is known. */
export function isPageRanges(text: string): boolean {
  return text.split(",").every((item) => {
    const found = ITEM.exec(item);
    return found !== null && Number(found[1]) !== 0 && Number(found[2] ?? 1) !== 0;
  });
}

/**
 * The pages asked for, each once, in source order; null asks for all.
 * @throws EngineError invalid_page_number when the form is wrong or no page of the document is in it
 */
export function readPageRanges(text: string | null, count: number): number[] {
  if (text === null) return Array.from({ length: count }, (_, i) => i + 1);
  if (!isPageRanges(text)) {
    throw new EngineError("invalid_page_number", `page_ranges "${text.slice(0, 80)}" is not a list like "2,4-6,-3"`);
  }
  const pages = new Set<number>();
  let backwards: string | null = null;
  for (const item of text.split(",")) {
    const [, a, b] = ITEM.exec(item)!;
    const from = fromEnd(Number(a), count);
    const to = b === undefined ? from : fromEnd(Number(b), count);
    if (from > to) backwards ??= item.trim();
    for (let page = Math.max(1, from); page <= Math.min(count, to); page++) pages.add(page);
  }
  if (pages.size === 0 && backwards !== null) {
    throw new EngineError(
      "invalid_page_number",
      `page_ranges "${text.slice(0, 80)}" names no page: "${backwards}" runs backwards in this ${count}-page document; give the lower page first`,
    );
  }
  if (pages.size === 0) {
    throw new EngineError(
      "invalid_page_number",
      `page_ranges "${text.slice(0, 80)}" names no page of this ${count}-page document`,
    );
  }
  return [...pages].sort((a, b) => a - b);
}

function fromEnd(page: number, count: number): number {
  return page < 0 ? count + page + 1 : page;
}
