/**
 * The engine's verbs together, on real PDFs: whole and from stored facts in parts must give the same bytes, every word
 * must lie in one block, lines.json must add up to the mmd.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeHost } from "../../src/cli/host.ts";
import { convert, documentOf, ENGINE, writeAll } from "../../src/engine/convert.ts";
import type { Block } from "../../src/engine/document/blocks.ts";
import { extract } from "../../src/engine/extract/index.ts";
import { decodeLines, encodeLines } from "../../src/engine/extract/store.ts";
import { layOut } from "../../src/engine/layout/index.ts";
import { DEFAULTS } from "../../src/engine/options.ts";
import type { PageLines } from "../../src/engine/page-lines.ts";
import type { Reader } from "../../src/engine/reader.ts";
import { open } from "../../src/engine/readers/index.ts";
import {
  decodeSurvey,
  emptySurvey,
  encodeSurvey,
  mergeSurveys,
  profileOf,
  survey,
} from "../../src/engine/survey/index.ts";
import type { WriteContext } from "../../src/engine/writers/index.ts";
import { displayed } from "./writers/document.ts";

const BENCH = join(import.meta.dirname, "../../../shared/bench/data");
const FORMATS = ["mmd", "md", "lines.json", "lines.mmd.json"];
const SAMPLE = join(import.meta.dirname, "../../src/cli/sample.pdf");

const context: WriteContext = {
  fileId: "0f",
  sourceHash: "5a".repeat(32),
  options: { ...DEFAULTS, includePageInfo: true, includePageBreaks: true },
  cropUrl: () => "https://here/crop",
};

const host = nodeHost();

async function opened<T>(path: string, use: (reader: Reader, pages: number[]) => Promise<T>): Promise<T> {
  const reader = await open(new Uint8Array(readFileSync(path)), await host);
  try {
    return await use(
      reader,
      Array.from({ length: reader.pageCount }, (_, i) => i + 1),
    );
  } finally {
    reader.close();
  }
}

/** As the pipeline does it: parts are read and stored each by itself, then merged and written page by page. */
async function throughParts(reader: Reader, pages: readonly number[], size: number): Promise<Map<string, string>> {
  const stored: { facts: Uint8Array[]; survey: Uint8Array }[] = [];
  for (let from = 0; from < pages.length; from += size) {
    const facts: Uint8Array[] = [];
    let counted = emptySurvey();
    for (const number of pages.slice(from, from + size)) {
      const lines = extract(await reader.page(number));
      counted = mergeSurveys(counted, survey(lines));
      facts.push(encodeLines(lines));
    }
    stored.push({ facts, survey: encodeSurvey(counted) });
  }
  // Parts end in any order.
  const profile = profileOf(
    stored
      .toReversed()
      .map((part) => decodeSurvey(part.survey))
      .reduce(mergeSurveys, emptySurvey()),
  );
  async function* lines(): AsyncGenerator<PageLines> {
    for (const part of stored) for (const bytes of part.facts) yield decodeLines(bytes);
  }
  const outputs = new Map<string, string>();
  const head = { source: await reader.info(pages), engine: ENGINE };
  await writeAll(documentOf(head, lines(), profile), FORMATS, context, async (format, text) => {
    outputs.set(format, (outputs.get(format) ?? "") + text);
  });
  return outputs;
}

function pdfsOf(set: string): string[] {
  const folder = join(BENCH, set, "pdfs");
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".pdf"))
        .map((name) => join(folder, name))
    : [];
}

/** One page's documents say nothing about parts. */
const several = [SAMPLE, ...pdfsOf("tex"), ...pdfsOf("synth").slice(0, 4), ...pdfsOf("icdar2013").slice(0, 3)];

describe("whole, or from stored facts in parts of 1, 3, all: the same bytes", () => {
  test.each(several.map((path) => [path.split("/").slice(-3).join("/"), path]))("%s", async (_, path) => {
    await opened(path, async (reader, pages) => {
      const done: number[] = [];
      const whole = await convert(reader, { pages, formats: FORMATS, context, onPage: (n) => void done.push(n) });
      expect(done).toEqual(pages);
      expect(whole.outputs.get("mmd")!.length).toBeGreaterThan(50);
      for (const size of [1, 3, pages.length]) {
        const parts = await throughParts(reader, pages, size);
        for (const format of FORMATS)
          expect(parts.get(format) === whole.outputs.get(format), `${format} in parts of ${size}`).toBe(true);
      }
    });
  });
});

test("only the pages asked for, in their numbers", async () => {
  await opened(SAMPLE, async (reader, pages) => {
    const last = pages.slice(-1);
    const { outputs } = await convert(reader, { pages: last, formats: ["mmd", "lines.json"], context });
    expect(outputs.get("mmd")).toMatch(new RegExp(`^<!-- page ${last[0]}`));
    const { pages: written } = JSON.parse(outputs.get("lines.json")!) as { pages: { page: number }[] };
    expect(written.map((page) => page.page)).toEqual(last);
  });
});

test("a format without a writer is a bug, said so", async () => {
  await opened(SAMPLE, async (reader) => {
    await expect(convert(reader, { pages: [1], formats: ["docx"], context })).rejects.toThrow(
      'no writer for the format "docx"',
    );
  });
});

/** All of it takes six seconds on two idle cores. */
const ODL_TIMEOUT_MS = 120_000;

const odl = pdfsOf("odl");

test.skipIf(odl.length === 0)(
  "97 real pages: every word lies in one block, and lines.json adds up to the mmd",
  async () => {
    for (const path of odl) {
      await opened(path, async (reader, pages) => {
        const lines = extract(await reader.page(1));
        const blocks = layOut(lines, profileOf(survey(lines)));
        expect(
          wordsOf(
            blocks.lines.map((line) => line.id),
            lines,
          ),
          path,
        ).toEqual(lines.words.map((_, i) => i));
        expect(blocks.blocks.flatMap(ownLines).sort(), path).toEqual(blocks.lines.map((line) => line.id).sort());
        const { outputs } = await convert(reader, { pages, formats: ["mmd", "lines.json"], context });
        const json = JSON.parse(outputs.get("lines.json")!) as { pages: { lines: never[] }[] };
        expect(displayed(json.pages.map((page) => page.lines)), path).toBe(outputs.get("mmd"));
      });
    }
  },
  ODL_TIMEOUT_MS,
);

function ownLines(block: Block): string[] {
  return block.lines;
}

/** A line's id names its first word; it goes to the next line's, or to its segment's end. */
function wordsOf(ids: readonly string[], page: PageLines): number[] {
  const starts = new Set(ids.map((id) => Number(id.split(".")[1])));
  const words: number[] = [];
  for (const segment of page.lines) {
    if (!starts.has(segment.from)) continue;
    for (let i = segment.from; i < segment.to; i++) words.push(i);
  }
  return words.sort((a, b) => a - b);
}
