/** A page's quality → what lines.json says of it. */
import type { Part } from "../../document/index.ts";
import { summarisePart } from "../../quality.ts";

/** Empty for a part that was read from no page. */
export function describeQuality(part: Part): object {
  if (part.quality === undefined) return {};
  const { languages, warnings, picture_only_pages: _, ...shares } = summarisePart(part);
  return { languages_detected: languages, quality: { ...shares, warnings: Object.keys(warnings) } };
}
