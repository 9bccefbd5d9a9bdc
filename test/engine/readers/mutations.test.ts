/** A file damaged in any way ends as a result or as one of the engine's own errors; the same seed gives the same damage. */
import { expect, test } from "vitest";
import { convert } from "../../../src/engine/convert.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import { DEFAULTS } from "../../../src/engine/options.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { MUTATIONS, mutate, seeded } from "../../bench/engine/mutate.ts";
import { makeArticle } from "../../pdf.ts";
import { host } from "../host.ts";

const EACH = 12;
const article = makeArticle(3);

/** @returns the text, or the error's code */
async function ending(bytes: Uint8Array): Promise<string> {
  try {
    const reader = await open(bytes, host);
    try {
      const pages = Array.from({ length: reader.pageCount }, (_, i) => i + 1);
      const context = { fileId: "f", sourceHash: "0", options: DEFAULTS, cropUrl: () => "" };
      return (await convert(reader, { pages, formats: ["md"], context })).outputs.get("md")!;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
}

test.each(MUTATIONS)("%s", async (how) => {
  const [random, again] = [seeded(7), seeded(7)];
  const whole = await ending(article);
  const endings = new Set<string>();
  for (let i = 0; i < EACH; i++) {
    const damaged = mutate(article, how, random);
    expect(Buffer.compare(damaged, mutate(article, how, again))).toBe(0);
    expect(Buffer.compare(damaged, article)).not.toBe(0);
    endings.add(await ending(damaged));
  }
  expect(
    [...endings].some((one) => one !== whole),
    "some damage shows",
  ).toBe(true);
});
