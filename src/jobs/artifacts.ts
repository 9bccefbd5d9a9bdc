/**
 * Every object we keep in R2: key, content type, who writes it, when it goes. Keys begin with their class of
 * retention, since R2's lifecycle rules know only prefix and age; the daily sweep uses the same classes.
 *
 * | object    | key                                | writer             | goes             |
 * |-----------|------------------------------------|--------------------|------------------|
 * | upload    | 30d/upload/{32 hex}                | api, streamed      | 30 days          |
 * | source    | 30d/source/{job}/{seq}             | pipeline/fetch     | 30 days          |
 * | output    | 90d/output/{job}/{seq}/{ext}       | convert, assemble  | 90 days          |
 * | facts     | 1d/facts/{job}/{seq}/{part}        | part               | after assemble   |
 * | manifest  | 30d/manifest/{32 hex}              | api, streamed      | when expanded    |
 */
import type { JobKey } from "../lib/ids.ts";

/** Days an object of each class is kept; `npm run deploy` sets the same lifecycle rules. */
export const RETENTION_DAYS = { "1d": 1, "30d": 30, "90d": 90 } as const;

export const artifacts = {
  upload: (id: string) => `30d/upload/${id}`,
  source: (job: JobKey, seq: number) => `30d/source/${job}/${seq}`,
  /** ext as in the download's path: mmd, md, lines.json, lines.mmd.json. Text outputs live 90 days, others 30. */
  output: (job: JobKey, seq: number, ext: string) =>
    `${TEXT_OUTPUTS.has(ext) ? "90d" : "30d"}/output/${job}/${seq}/${ext}`,
  facts: (job: JobKey, seq: number, part: number) => `1d/facts/${job}/${seq}/${part}`,
  /** Its body may name the job behind the items, so the key can't. */
  manifest: (id: string) => `30d/manifest/${id}`,
} as const;

/** Kept 90 days (CONTRACT section 8); every other format 30. */
const TEXT_OUTPUTS = new Set(["mmd", "lines.json", "lines.mmd.json"]);
