/** A page's quality → what lines.json says of it. */
import type { Part } from "../../document/index.ts";
import { summarise } from "../../quality.ts";

/** Empty for a part that was read from no page. */
export function describeQuality({ quality, warnings }: Part): object {
  if (quality === undefined) return {};
  const { languages, ...shares } = summarise(quality);
  const codes = [...new Set(warnings.map(({ code }) => code))].sort();
  return { languages_detected: languages, quality: { ...shares, warnings: codes } };
}
