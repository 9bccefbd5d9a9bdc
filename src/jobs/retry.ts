/**
 * Driving failed files again: one, or all of a job that may have 200,000. What may be driven is said twice, as a reason
 * for one file and as a condition of SQL for all; a test holds them together.
 */
import { type Code, type Outcome, ok, refused } from "../lib/failure.ts";
import { goneOf, requestOf } from "./file-views.ts";
import { findLive } from "./intake.ts";
import { flightKey, isFailed, type JobState, type Patch } from "./job-state.ts";
import { COMPLETED, ERRORED, type FileRow, PENDING, REFUSED, RELEASED, RUNNING, stepNumber } from "./job-tables.ts";
import { isSourceKept, SOURCE_MS } from "./removal.ts";
import { TRIES_MAX } from "./tries.ts";

/** A file at its beginning again. */
const AGAIN = {
  state: PENDING,
  tries: 0,
  claimed: RELEASED,
  due: 0,
  pages: 0,
  pages_done: 0,
  parts: null,
  result: null,
  code: null,
  message: null,
  ended: null,
  ended_rev: null,
} as const satisfies Patch;

/** Above every attempt that may still be under way, parts included. */
const ATTEMPTS_ON = TRIES_MAX + 1;

export function refuseRetry(state: JobState, row: FileRow, now: number): Outcome<never> | null {
  if (!isFailed(row)) return refused("conflict", "The file has completed; there is nothing to try again.");
  const gone = goneOf(state, row);
  if (gone !== null) return refused("conflict", `The file's data is ${gone.why}; submit it again.`);
  if (row.claimed === REFUSED) {
    return refused(
      "conflict",
      "The file was refused when it was submitted; mend what its error names and submit it again.",
    );
  }
  if (requestOf(row).sourceUri === null && !isSourceKept(row, now)) {
    return refused("conflict", "The file has no source any more; submit it again.");
  }
  if (row.claim !== null && findLive(state, row.claim) !== null) {
    return refused("conflict", "A later file has the same custom_id and is live; this one keeps its end.");
  }
  return null;
}

/** Drives a file again, from its kept source when there is one; one that is under way already is left to it. */
export function retryFile(state: JobState, row: FileRow, now: number): Outcome<FileRow> {
  if (row.state === PENDING || row.state === RUNNING) return ok(row);
  const refusal = refuseRetry(state, row, now);
  if (refusal !== null) return refusal;
  const kept = isSourceKept(row, now);
  const next = state.write(
    row,
    {
      ...AGAIN,
      step: stepNumber(kept ? "convert" : "fetch"),
      source_key: kept ? row.source_key : null,
      attempt: row.attempt + ATTEMPTS_ON,
    },
    now,
  );
  state.waits.set(flightKey(row.seq, null), { seq: row.seq, part: null, due: 0 });
  return ok(next);
}

/** Parameters of the statement below. */
const REMOVED_TO = "?1";
const KEPT_FROM = "?2";
const CODES = "?3";
const NOW = "?4";
const REV = "?5";

/**
 * Drives again what may be: all of it, or what ended with one of `codes`. One statement, since a job may have 200,000
 * files: all of them are driven, or none when the process dies. Of several failed files of one claim the first goes.
 * @returns how many
 */
export function retryFailed(state: JobState, codes: Code[] | null, now: number): number {
  const set = Object.entries(AGAIN).map(([name, value]) => `${name} = ${value}`);
  const may = (row: string) => mayBeDriven(row, codes !== null);
  const sql = `
    UPDATE files SET ${set.join(", ")}, modified = ${NOW}, rev = ${REV} + seq, attempt = attempt + ${ATTEMPTS_ON},
      step = iif(${hasSource("files")}, ${stepNumber("convert")}, ${stepNumber("fetch")}),
      source_key = iif(${hasSource("files")}, source_key, NULL)
    WHERE ${may("files")} AND NOT EXISTS (
      SELECT 1 FROM files AS other WHERE other.claim = files.claim AND (
        (other.state <= ${COMPLETED} AND other.gone IS NULL AND other.seq > ${REMOVED_TO})
        OR (other.seq < files.seq AND ${may("other")})))
    RETURNING seq`;
  const removedTo = state.number("removedTo") ?? -1;
  return state.writeMany(
    (rev) =>
      state.sql
        .exec<{ seq: number }>(sql, removedTo, now - SOURCE_MS, JSON.stringify(codes), now, rev)
        .toArray()
        .map(({ seq }) => seq),
    now,
  );
}

const hasSource = (row: string) => `(${row}.source_key IS NOT NULL AND ${row}.ended > ${KEPT_FROM})`;

/** refuseRetry's conditions but for the claim. */
const mayBeDriven = (row: string, byCode: boolean) => `
  ${row}.state >= ${ERRORED} AND ${row}.claimed <> ${REFUSED} AND ${row}.gone IS NULL AND ${row}.seq > ${REMOVED_TO}
  AND (${hasSource(row)} OR json_extract(${row}.request, '$.sourceUri') IS NOT NULL)
  ${byCode ? `AND ${row}.code IN (SELECT value FROM json_each(${CODES}))` : ""}`;
