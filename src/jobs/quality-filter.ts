/**
 * Listing by how far a file's text is to be trusted: conditions on the quality that lies in its result. No column and no
 * index, which would be a row written per file; a listing reads the job's rows, so one call reads a bounded number.
 */
import type { WarningCode } from "../engine/warnings.ts";

/** Rows one call looks at: a page that found less ends where it stopped, and its token goes on from there. */
export const SCAN_ROWS = 200_000;
/** A sorted page reads the whole job: some 4 s at this size (0.85 s at 200,000). Larger ones are filtered and sorted by who asks. */
export const SORT_FILES_MAX = 1_000_000;

/** Absent = all. Files without a quality (not completed, or by an earlier version) pass none of them. */
export interface QualityFilter {
  /** BCP 47: one of the file's languages; `und` = none was told. */
  language?: string | undefined;
  minTrust?: number | undefined;
  maxTrust?: number | undefined;
  minNative?: number | undefined;
  maxNative?: number | undefined;
  /** Whether it has characters that no font tells. */
  undecodable?: boolean | undefined;
  /** Whether it has pages that are only a picture. */
  picturePages?: boolean | undefined;
  /** `any`, `none`, or one's code. */
  warning?: WarningCode | "any" | "none" | undefined;
}

/** As SQL: of a row's `result`. */
export const TRUST = "(result ->> '$.quality.trust')";

const NATIVE = "(result ->> '$.quality.native')";
const UNDECODABLE = "(result ->> '$.quality.undecodable')";
const PICTURE_PAGES = "(result ->> '$.quality.picture_only_pages')";
const LANGUAGES = "(result -> '$.quality.languages')";
const WARNINGS = "(result -> '$.quality.warnings')";

export interface Condition {
  sql: string;
  bindings: (string | number)[];
}

export function conditionOf(filter: QualityFilter): Condition {
  const parts: Condition[] = [{ sql: `state = 2 AND ${TRUST} IS NOT NULL`, bindings: [] }];
  const add = (sql: string, ...bindings: (string | number)[]) => parts.push({ sql, bindings });
  const { language, warning } = filter;
  if (language === "und") add(`${LANGUAGES} = '[]'`);
  else if (language !== undefined) add(`EXISTS (SELECT 1 FROM json_each(${LANGUAGES}) WHERE value = ?)`, language);
  if (filter.minTrust !== undefined) add(`${TRUST} >= ?`, filter.minTrust);
  if (filter.maxTrust !== undefined) add(`${TRUST} <= ?`, filter.maxTrust);
  if (filter.minNative !== undefined) add(`${NATIVE} >= ?`, filter.minNative);
  if (filter.maxNative !== undefined) add(`${NATIVE} <= ?`, filter.maxNative);
  if (filter.undecodable !== undefined) add(`(${UNDECODABLE} > 0) = ?`, Number(filter.undecodable));
  if (filter.picturePages !== undefined) add(`(${PICTURE_PAGES} > 0) = ?`, Number(filter.picturePages));
  if (warning === "any") add(`${WARNINGS} <> '{}'`);
  else if (warning === "none") add(`${WARNINGS} = '{}'`);
  else if (warning !== undefined) add(`${WARNINGS} -> ? IS NOT NULL`, `$.${warning}`);
  return { sql: parts.map((part) => part.sql).join(" AND "), bindings: parts.flatMap((part) => part.bindings) };
}
