/** Documents made by hand, and what the writers make of them. */
import type { Block } from "../../../src/engine/document/blocks.ts";
import type { Part } from "../../../src/engine/document/index.ts";
import type { Run } from "../../../src/engine/document/runs.ts";
import { type ConvertOptions, DEFAULTS } from "../../../src/engine/options.ts";
import { WRITERS, type WriteContext } from "../../../src/engine/writers/index.ts";

export const HEAD = {
  source: { pages: [], outline: [], tagged: false, metadata: {} },
  engine: "test",
};

export function run(line: string, text: string, more: Partial<Run> = {}): Run {
  return { line, text, marks: 0, ...more };
}

/** The kind's own fields; id, lines and places follow from the runs unless they are given. */
export function block(fields: Omit<Block, "id" | "lines" | "places"> & Partial<Pick<Block, "id" | "lines">>): Block {
  const runs = "runs" in fields ? (fields as { runs: Run[] }).runs : [];
  const lines = fields.lines ?? [...new Set(runs.map((one) => one.line))];
  const page = Number.parseInt(lines[0] ?? fields.id ?? "1", 10);
  return {
    id: lines[0] ?? "1.0",
    lines,
    places: [{ page, box: [1000, 2000, 3000, 4000] }],
    ...fields,
  } as unknown as Block;
}

export function paragraph(...runs: Run[]): Block {
  return block({ kind: "paragraph", runs } as never);
}

/** @param texts line → what the page says in it; lines of the blocks' runs are there by themselves */
export function part(number: number, blocks: Block[], texts: Record<string, string> = {}, label?: string): Part {
  const known = new Map<string, string>(Object.entries(texts));
  const walk = (some: readonly Block[]): void => {
    for (const one of some) {
      if ("runs" in one)
        for (const { line, text } of one.runs)
          if (line.startsWith(`${number}.`)) known.set(line, (known.get(line) ?? "") + text);
      if (one.kind === "list") for (const item of one.items) walk(item.blocks);
      if (one.kind === "note") walk(one.blocks);
    }
  };
  walk(blocks);
  return {
    size: { number, width: 60000, height: 80000, scale: 2, ...(label === undefined ? {} : { label }) },
    lines: [...known].map(([id, text]) => ({ id, text, box: [1000, 2000, 3000, 4000], size: 1000, source: "native" })),
    blocks,
    edits: [],
    warnings: [],
  };
}

export function contextOf(options: Partial<ConvertOptions> = {}): WriteContext {
  return {
    fileId: "f11e",
    sourceHash: "ab".repeat(32),
    options: { ...DEFAULTS, ...options },
    cropUrl: (crop) => `https://here/cropped/f11e-${crop.page}.jpg?width=${crop.width}&top_left_y=${crop.top}`,
  };
}

export function write(format: string, parts: readonly Part[], options: Partial<ConvertOptions> = {}): string {
  const writing = WRITERS[format]!.write(HEAD, contextOf(options));
  return parts.map((one) => writing.part(one)).join("") + writing.end();
}

export interface JsonLine {
  id: string;
  parent_id?: string;
  children_ids?: string[];
  type: string;
  line: number;
  text: string;
  text_display: string;
  conversion_output: boolean;
  [field: string]: unknown;
}

export function linesOf(parts: readonly Part[], options: Partial<ConvertOptions> = {}): JsonLine[][] {
  const { pages } = JSON.parse(write("lines.json", parts, options)) as { pages: { lines: JsonLine[] }[] };
  return pages.map((page) => page.lines);
}

/** The law of lines.json. */
export function displayed(pages: readonly JsonLine[][]): string {
  return pages
    .flatMap((page) => page.filter((line) => line.conversion_output).map((line) => line.text_display))
    .join("");
}
