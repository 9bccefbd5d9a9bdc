/** Chunking can't show: a document cut into parts of 1, of 3 and not at all gives the same bytes. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeArticle } from "../pdf.ts";
import { startService } from "./service.ts";

const EXTENSIONS = ["mmd", "md", "lines.json", "lines.mmd.json"];

/** A real paper where the benches are at hand. */
const PAPER = "../shared/bench/data/tex/pdfs";

test("parts of 1, 3 and all pages: identical bytes", async () => {
  const document: Uint8Array<ArrayBuffer> = makeArticle(17, "Parts");
  const [one, three, all] = [await outputs(document, 1), await outputs(document, 3), await outputs(document, 100)];
  expect(all.mmd).toContain("names the number 17 once more");
  expect(one).toEqual(all);
  expect(three).toEqual(all);
}, 180_000);

test.skipIf(!existsSync(PAPER))(
  "the same for a real paper",
  async () => {
    const { readdirSync } = await import("node:fs");
    const name = readdirSync(PAPER).find((f) => f.endsWith(".pdf"))!;
    const paper = new Uint8Array(readFileSync(`${PAPER}/${name}`));
    expect(await outputs(paper, 3)).toEqual(await outputs(paper, 100));
  },
  180_000,
);

async function outputs(pdf: Uint8Array<ArrayBuffer>, partPages: number): Promise<Record<string, string>> {
  const service = await startService({ partPages });
  try {
    const { body } = await service.upload("press", pdf, { conversion_formats: { md: true } });
    const status = await service.ended("press", body.file_id);
    expect(status).toMatchObject({ status: "completed", quality: { languages: ["en"], picture_only_pages: 0 } });
    const texts = await Promise.all(
      EXTENSIONS.map(async (e) => [e, await (await service.download("press", body.file_id, e)).text()]),
    );
    // Links and image_id carry the file's own id.
    const outputs = Object.fromEntries(
      texts.map(([e, text]) => [
        e,
        text!.replaceAll(body.file_id, "ID").replaceAll(body.file_id.replaceAll("-", ""), "ID"),
      ]),
    );
    return { ...outputs, quality: JSON.stringify(status.quality) };
  } finally {
    await service.close();
  }
}
