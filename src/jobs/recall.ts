/**
 * The job object's memory, read off its rows: counters, what waits, what is under way, what is untold. One pass over the
 * files; what was under way when the process that held the object ended is driven again soon, since nobody knows who
 * else ended with it.
 */
import { type Flight, flightKey, type JobState } from "./job-state.ts";
import {
  COMPLETED,
  type FileRow,
  hasTables,
  LEASED,
  type PartRow,
  PENDING,
  RUNNING,
  stepNumber,
  WAITING,
} from "./job-tables.ts";
import type { JobRef } from "./views.ts";
import { Waits } from "./waits.ts";

/** After a restart the queue may have died with the process: hints are sent again after this. */
const REBOOT_HINT_MS = 2_000;
/** A consumer that lives says so every 3 s (pipeline/convert), so one that is silent for longer is gone. */
const REBOOT_LEASE_MS = 10_000;

type OpenRow = Pick<FileRow, "seq" | "state" | "step" | "attempt" | "claimed" | "due" | "parts">;

/** After a start, and after a run that was rolled back. */
export function recall(state: JobState): void {
  if (!hasTables(state.sql)) {
    forget(state);
    return;
  }
  const job = state.meta("job");
  state.job = job === null ? null : (JSON.parse(String(job)) as JobRef);
  const now = Date.now();
  state.countStates();
  const last = state.sql
    .exec<Record<"seq" | "rev" | "at", number | null>>(
      "SELECT max(seq) AS seq, max(rev) AS rev, max(modified) AS at FROM files",
    )
    .one();
  state.lastSeq = last.seq ?? -1;
  state.rev = last.rev ?? 0;
  state.modified = last.at ?? state.number("created") ?? 0;
  state.spooled = Number(
    state.sql.exec("SELECT total(count - next) AS n FROM submissions WHERE manifest IS NOT NULL").one().n,
  );
  recallWork(state, now);
  state.unflushed = seqs(
    state,
    `SELECT seq FROM files WHERE state >= ${COMPLETED} AND rev > ? ORDER BY rev`,
    state.number("flushed") ?? 0,
  );
  state.unbilled = seqs(
    state,
    `SELECT seq FROM files WHERE state >= ${COMPLETED} AND ended_rev > ? ORDER BY ended_rev`,
    state.number("billed") ?? 0,
  );
  state.removing = state.number("removedTo") !== null;
  state.purges = seqs(state, "SELECT seq FROM files WHERE purge IS NOT NULL AND gone > ?", 0);
}

/** The run that would have made the job was rolled back, tables and all. Only rows and counters can have moved in it. */
function forget(state: JobState): void {
  Object.assign(state, { job: null, counts: [0, 0, 0, 0, 0], spooled: 0, rev: 0, lastSeq: -1, modified: 0 });
  state.unflushed.clear();
  state.unbilled.clear();
}

function recallWork(state: JobState, now: number): void {
  state.waits = new Waits();
  state.flights = new Map();
  // A file due at once lies at or after `fresh`; one that waits out a back-off is in `waits`, wherever it lies.
  state.fresh =
    state.sql
      .exec<{ seq: number | null }>(`SELECT min(seq) AS seq FROM files WHERE state = ${PENDING} AND due = 0`)
      .one().seq ?? state.lastSeq + 1;
  for (const row of state.sql.exec<OpenRow>(
    `SELECT seq, state, step, attempt, claimed, due, parts FROM files
     WHERE state = ${RUNNING} OR (state = ${PENDING} AND due > 0)`,
  )) {
    const { seq } = row;
    const key = flightKey(seq, null);
    if (row.state === PENDING) state.waits.set(key, { seq, part: null, due: row.due });
    else if (row.step === stepNumber("part")) recallParts(state, row, now);
    else state.flights.set(key, flightAfterBoot(seq, null, row.attempt, row.claimed, now));
  }
}

function recallParts(state: JobState, row: OpenRow, now: number): void {
  const known = new Map<number, PartRow>();
  for (const part of state.sql.exec<PartRow>("SELECT * FROM parts WHERE seq = ?", row.seq)) known.set(part.part, part);
  for (const [number, mark] of [...(row.parts ?? "")].entries()) {
    if (mark === "1") continue;
    const part = known.get(number);
    const key = flightKey(row.seq, number);
    if (part === undefined || part.claimed === WAITING) {
      state.waits.set(key, { seq: row.seq, part: number, due: part?.due ?? 0 });
    } else {
      state.flights.set(key, flightAfterBoot(row.seq, number, row.attempt + part.tries, part.claimed, now));
    }
  }
}

function seqs(state: JobState, query: string, value: number): Set<number> {
  return new Set(
    state.sql
      .exec<{ seq: number }>(query, value)
      .toArray()
      .map(({ seq }) => seq),
  );
}

function flightAfterBoot(seq: number, part: number | null, attempt: number, claimed: number, now: number): Flight {
  const leased = claimed === LEASED;
  return { seq, part, attempt, due: now + (leased ? REBOOT_LEASE_MS : REBOOT_HINT_MS), leased, releasedAt: now };
}
