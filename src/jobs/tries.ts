/**
 * What ends a try or a file otherwise than well: failures, lost leases, cancellations. As in `work`, who
 * speaks names the attempt, and a late word changes nothing.
 */
import { CODES, type Code, type Outcome, ok, refused } from "../lib/failure.ts";
import { type Flight, flightKey, type JobState } from "./job-state.ts";
import { CANCELLED, ERRORED, type FileRow, PENDING, RELEASED, RUNNING, stepOf, WAITING } from "./job-tables.ts";

/** Tries of one step; then the file ends with the last one's code. */
export const TRIES_MAX = 5;
/** Before the second try, doubled four times over for each one more: 1, 4, 16, 64 s, each up to a half longer. */
const BACK_OFF_MS = 1_000;
const BACK_OFF_FACTOR = 4;
const JITTER = 0.5;
/** May pass as a request, not as a step: the month's pages don't come back by trying again. */
const FINAL_CODES: ReadonlySet<Code> = new Set(["http_max_requests", "max_retries_exceeded"]);

export interface TryFailure {
  code: Code;
  message: string;
  retry: boolean;
}

/** A try went wrong: another one with back-off, or the end. */
export function markFailed(
  state: JobState,
  at: { seq: number; part: number; attempt: number },
  failure: TryFailure,
  now: number,
): boolean {
  const row = state.row(at.seq);
  if (row === null || row.state !== RUNNING) return false;
  const part = stepOf(row) === "part" ? at.part : null;
  const flight = state.flights.get(flightKey(at.seq, part));
  if (flight === undefined || !flight.leased || flight.attempt !== at.attempt) return false;
  endTry(state, row, part, failure, now);
  return true;
}

/** A lease ran out: the consumer is taken for dead, and that counts as a try. */
export function loseLease(state: JobState, flight: Flight, now: number): void {
  const row = state.row(flight.seq);
  if (row === null || row.state !== RUNNING) {
    state.flights.delete(flightKey(flight.seq, flight.part));
    return;
  }
  const message = `The file was given up after ${TRIES_MAX} tries that ended without a word; retry it, or check that it opens elsewhere.`;
  endTry(state, row, flight.part, { code: "max_retries_exceeded", message, retry: true }, now);
}

function endTry(state: JobState, row: FileRow, part: number | null, failure: TryFailure, now: number): void {
  const tries = (part === null ? row.tries : (state.part(row.seq, part)?.tries ?? 0)) + 1;
  const lost = failure.code === "max_retries_exceeded" && failure.retry;
  const again = failure.retry && (lost || (CODES[failure.code].retry && !FINAL_CODES.has(failure.code)));
  if (!again || tries >= TRIES_MAX) {
    endFile(state, row, failure, now);
    return;
  }
  const due = now + backOff(tries);
  if (part === null) {
    // Assembling begins when every page is done, and its next try finds them so.
    const pages_done = stepOf(row) === "assemble" ? row.pages_done : 0;
    state.write(row, { state: PENDING, tries, claimed: RELEASED, due, pages_done }, now);
  } else {
    state.sql.exec("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", row.seq, part, WAITING, tries, due);
  }
  state.flights.delete(flightKey(row.seq, part));
  state.waits.set(flightKey(row.seq, part), { seq: row.seq, part, due });
}

function endFile(state: JobState, row: FileRow, { code, message }: { code: Code; message: string }, now: number): void {
  state.atomically(() => {
    forgetParts(state, row);
    state.write(row, { state: ERRORED, claimed: RELEASED, due: 0, code, message }, now);
  });
  dropSteps(state, row);
}

/** Cancels a file that hasn't ended; a repeat changes nothing. */
export function cancelFile(state: JobState, row: FileRow, now: number): Outcome<FileRow> {
  if (row.state === CANCELLED) return ok(row);
  if (row.state !== PENDING && row.state !== RUNNING) {
    return refused("conflict", "The file has ended; there is nothing to cancel.");
  }
  const next = state.atomically(() => {
    forgetParts(state, row);
    return state.write(row, { state: CANCELLED, claimed: RELEASED, due: 0, ...CANCELLATION }, now);
  });
  dropSteps(state, row);
  return ok(next);
}

export const CANCELLATION = { code: "cancelled", message: "The file was cancelled before it was converted." } as const;

export function forgetParts(state: JobState, row: FileRow): void {
  if (row.parts === null) return;
  state.sql.exec("DELETE FROM parts WHERE seq = ?", row.seq);
  state.sql.exec("DELETE FROM large WHERE seq = ?", row.seq);
}

export function dropSteps(state: JobState, row: FileRow): void {
  state.flights.delete(flightKey(row.seq, null));
  state.waits.delete(flightKey(row.seq, null));
  for (let part = 0; part < (row.parts?.length ?? 0); part++) {
    state.flights.delete(flightKey(row.seq, part));
    state.waits.delete(flightKey(row.seq, part));
  }
}

function backOff(tries: number): number {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return BACK_OFF_MS * BACK_OFF_FACTOR ** (tries - 1) * (1 + (JITTER * random!) / 2 ** 32);
}
