/** How far a file's text is to be trusted: as answers tell it, and as the listing of a job filters and sorts by it. */
import { z } from "@hono/zod-openapi";
import { WARNING_TEXT, type WarningCode } from "../engine/warnings.ts";
import type { QualityFilter } from "../jobs/quality-filter.ts";

const CODES = Object.keys(WARNING_TEXT) as [WarningCode, ...WarningCode[]];

const Count = z.number().int().nonnegative();
const Share = z.number().min(0).max(1);
const ofCharacters = (what: string) => Share.openapi({ description: `Share of the characters: ${what}` });

export const Quality = z
  .object({
    trust: Share.openapi({
      description:
        "Sorts files by how much of what their pages say stands in the text: characters weighed by how sure they are (native 1, repaired 0.9, read off pixels 0.7 to 0.8, undecodable 0), times the share of pages that are neither unreadable nor only a picture. 1 and 0 are exact",
    }),
    languages: z
      .array(z.string())
      .openapi({ description: "BCP 47, the most letters first; each has a tenth of the letters or more" }),
    characters: Count.openapi({ description: "Visible ones, without spaces" }),
    native: ofCharacters("as the file says them"),
    repaired: ofCharacters("put right by their fonts"),
    ocr: ofCharacters("read off pixels"),
    undecodable: ofCharacters("no font tells which they are"),
    hidden_characters: Count.openapi({ description: "Drawn invisibly or outside the page; in no output" }),
    picture_only_area: Share.openapi({ description: "Share of the pages' area that pictures without text take" }),
    picture_only_pages: Count.openapi({ description: "Pages that are a picture, with no more text than a stamp" }),
    tables: Count,
    figures: Count,
    warnings: z
      .partialRecord(z.enum(CODES), Count)
      .openapi({ description: "How often each kind of loss was met", example: { picture_only: 3 } }),
  })
  .openapi("Quality");

/** Of a file that has it. */
export const QualityOrNull = Quality.nullable().openapi({
  description: "Of a completed file; null before, and of files that a version without it converted",
});

const ShareText = z
  .string()
  .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, "must be a number from 0 to 1")
  .transform(Number)
  .optional()
  .openapi({ type: "number", minimum: 0, maximum: 1 });
const Flag = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((text) => text === "true")
  .optional()
  .openapi({ type: "boolean" });

/** Query parameters; each that is given leaves completed files only. */
export const QUALITY_QUERY = {
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, "must be a language like en, or und")
    .optional()
    .openapi({ description: "One of the file's languages (BCP 47); und: none could be told", example: "en" }),
  min_trust: ShareText,
  max_trust: ShareText,
  min_native: ShareText,
  max_native: ShareText,
  undecodable: Flag,
  picture_pages: Flag,
  warning: z.enum(["any", "none", ...CODES], { error: `must be any, none, or one of ${CODES.join(", ")}` }).optional(),
  sort: z
    .enum(["trust"], { error: "must be trust" })
    .optional()
    .openapi({ description: "The least trusted first; of jobs of up to a million files" }),
};
const QualityQuery = z.object(QUALITY_QUERY);

export function readQualityFilter(query: z.output<typeof QualityQuery>): QualityFilter | null {
  const filter: QualityFilter = {
    language: query.language,
    minTrust: query.min_trust,
    maxTrust: query.max_trust,
    minNative: query.min_native,
    maxNative: query.max_native,
    undecodable: query.undecodable,
    picturePages: query.picture_pages,
    warning: query.warning,
  };
  return Object.values(filter).every((value) => value === undefined) ? null : filter;
}
