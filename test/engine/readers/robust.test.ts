/** Files that broke other readers: each opens to pages or to a refusal in our words; none crashes, none hangs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EngineError } from "../../../src/engine/errors.ts";
import { extract } from "../../../src/engine/extract/index.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { host } from "../host.ts";

const BENCH = "../shared/bench/data/robust";
const MAX_PAGES = 20;
const MAX_MS_A_FILE = 10_000;

test.skipIf(!existsSync(BENCH))("hostile files", { timeout: 120_000 }, async () => {
  const files = readdirSync(BENCH).filter((file) => file.endsWith(".pdf"));
  expect(files.length).toBeGreaterThan(0);
  let pages = 0;
  const refused: string[] = [];
  for (const file of files) {
    const bytes = readFileSync(`${BENCH}/${file}`);
    const start = performance.now();
    try {
      const reader = await open(bytes, host);
      const last = Math.min(MAX_PAGES, reader.pageCount);
      await reader.info(Array.from({ length: last }, (_, i) => i + 1));
      for (let number = 1; number <= last; number++) {
        const lines = extract(await reader.page(number));
        pages++;
        expect(lines.lines.at(-1)?.to ?? 0, file).toBe(lines.words.length);
      }
      // In ranges the same page comes out, however odd the file.
      const ranged = {
        size: bytes.length,
        read: async (at: number, length: number) => bytes.subarray(at, at + length),
      };
      const pieces = await open(ranged, host);
      expect(await pieces.page(1), file).toEqual(await reader.page(1));
      pieces.close();
      const pixels = await reader.render({ page: 1, box: [0, 0, 61_200, 79_200] }, 40);
      expect(pixels.data.length, file).toBe(pixels.width * pixels.height * 4);
      reader.close();
    } catch (error) {
      if (!(error instanceof EngineError)) throw new Error(`${file}: ${String(error)}`, { cause: error });
      refused.push(`${file} ${error.code}`);
    }
    expect(performance.now() - start, file).toBeLessThan(MAX_MS_A_FILE);
  }
  expect(pages).toBeGreaterThan(files.length / 2);
  expect(refused.length).toBeLessThan(files.length / 10);
});

test.skipIf(!existsSync(BENCH))("files cut off at any point", { timeout: 120_000 }, async () => {
  const file = readdirSync(BENCH).find((name) => name === "camelot__eu-006.pdf");
  expect(file).toBeDefined();
  const bytes = readFileSync(`${BENCH}/${file}`);
  for (let part = 1; part < 16; part++) {
    const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 16));
    const outcome = await open(cut, host).then(
      async (reader) => extract(await reader.page(1)).size.number,
      (error: unknown) => (error instanceof EngineError ? error.code : error),
    );
    expect([1, "corrupt_pdf_file", "pdf_no_pages"]).toContain(outcome);
  }
});
