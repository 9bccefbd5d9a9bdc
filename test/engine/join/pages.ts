/** Pages → the parts that join makes of them, and how many it held at once. */
import type { Part } from "../../../src/engine/document/index.ts";
import { join } from "../../../src/engine/join/index.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";

export async function joined(pages: readonly PageLines[]): Promise<{ parts: Part[]; held: number }> {
  const profile = profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()));
  let [asked, given, held] = [0, 0, 0];
  async function* feed() {
    for (const one of pages) {
      held = Math.max(held, asked - given);
      asked++;
      yield layOut(one, profile);
    }
  }
  const parts: Part[] = [];
  for await (const part of join(feed(), profile)) {
    parts.push(part);
    given++;
  }
  return { parts, held };
}
