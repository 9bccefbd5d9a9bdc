/**
 * What consumers tell of claimed steps → rows: claim, fetched, split, progress, partDone, done. What goes wrong is in
 * `tries`. Each names the attempt it belongs to; what is late, doubled or out of order finds another attempt, step or
 * state, and changes nothing.
 */
import type { QualitySummary } from "../engine/index.ts";
import { requestOf, viewWork } from "./file-views.ts";
import { type Flight, flightKey, type JobState } from "./job-state.ts";
import {
  COMPLETED,
  type FileRow,
  LEASED,
  RELEASED,
  RUNNING,
  type StoredResult,
  stepNumber,
  stepOf,
} from "./job-tables.ts";
import type { StepName } from "./steps.ts";
import { dropSteps, forgetParts, TRIES_MAX } from "./tries.ts";
import type { FormatState, Work } from "./views.ts";

/**
 * How long a claimed step may be silent. Fetching says that it lives every 5 s, converting every 3 s; but a converter
 * first waits for its isolate's one document, so its lease covers a queue of them.
 */
const LEASE_MS: Record<StepName, number> = { fetch: 60_000, convert: 120_000, part: 120_000, assemble: 120_000 };
/** A fetched source up to this goes on at once in the same run; larger ones leave the network's queue. */
const ONE_HOP_BYTES = 32 * 2 ** 20;
export interface Fetched {
  key: string;
  bytes: number;
  sha256: string;
  filename: string | null;
}

export interface Done {
  /** Asked for. */
  pages: number;
  /** Of them, those that could not be read: they cost nothing. */
  unreadable?: number;
  formats: Record<string, FormatState>;
  warnings?: string[];
  quality?: QualitySummary;
}

/** Starts the lease of a released step. @returns the work; null = nothing to do */
export function claimStep(
  state: JobState,
  hint: { seq: number; part: number; attempt: number; step: StepName },
  now: number,
): Work | null {
  const row = state.row(hint.seq);
  if (row === null || row.state !== RUNNING || stepOf(row) !== hint.step) return null;
  const part = hint.step === "part" ? hint.part : null;
  const flight = state.flights.get(flightKey(hint.seq, part));
  if (flight === undefined || flight.leased || flight.attempt !== hint.attempt) return null;
  const due = now + LEASE_MS[hint.step];
  if (part === null) state.write(row, { claimed: LEASED, due }, now);
  else state.sql.exec("UPDATE parts SET claimed = ?, due = ? WHERE seq = ? AND part = ?", LEASED, due, hint.seq, part);
  flight.leased = true;
  flight.due = due;
  return viewWork(state, row, part, hint.attempt);
}

/** The row a consumer may speak for: its attempt holds the lease of the whole file. */
export function leasedRow(state: JobState, seq: number, attempt: number): FileRow | null {
  const flight = state.flights.get(flightKey(seq, null));
  if (flight === undefined || !flight.leased || flight.attempt !== attempt) return null;
  return state.row(seq);
}

/** @returns the work of converting when the caller should go on at once; else `queued` says that a hint is to be sent */
export function markFetched(
  state: JobState,
  seq: number,
  attempt: number,
  source: Fetched,
  now: number,
): { work: Work | null; hint: Flight | null } {
  const row = leasedRow(state, seq, attempt);
  if (row === null || stepOf(row) !== "fetch") return { work: null, hint: null };
  const goesOn = source.bytes <= ONE_HOP_BYTES;
  const request = requestOf(row);
  if (request.filename === null && source.filename !== null) request.filename = source.filename;
  const due = now + LEASE_MS.convert;
  const next = state.write(
    row,
    {
      step: stepNumber("convert"),
      attempt: goesOn ? attempt : attempt + 1,
      tries: 0,
      claimed: goesOn ? LEASED : RELEASED,
      due,
      source_key: source.key,
      source_bytes: source.bytes,
      source_sha256: source.sha256,
      request: JSON.stringify(request),
    },
    now,
  );
  const flight: Flight = { seq, part: null, attempt: next.attempt, due, leased: goesOn, releasedAt: now };
  state.flights.set(flightKey(seq, null), flight);
  return goesOn ? { work: viewWork(state, next, null, attempt), hint: null } : { work: null, hint: flight };
}

/** Pages are known and set aside. */
export function markReserved(state: JobState, row: FileRow, pages: number, now: number): void {
  renew(state, row, { pages }, now);
}

/** Cuts a large document into parts, each a step of its own. */
export function markSplit(
  state: JobState,
  seq: number,
  attempt: number,
  cut: { pages: number[]; partPages: number },
  now: number,
): boolean {
  const row = leasedRow(state, seq, attempt);
  if (row === null || stepOf(row) !== "convert" || cut.pages.length === 0 || cut.partPages < 1) return false;
  const parts = "0".repeat(Math.ceil(cut.pages.length / cut.partPages));
  state.atomically(() => {
    state.sql.exec("INSERT OR REPLACE INTO large VALUES (?, ?, ?)", seq, JSON.stringify(cut.pages), cut.partPages);
    state.write(
      row,
      { step: stepNumber("part"), attempt: attempt + 1, tries: 0, claimed: RELEASED, due: 0, parts },
      now,
    );
  });
  state.flights.delete(flightKey(seq, null));
  for (let part = 0; part < parts.length; part++) state.waits.set(flightKey(seq, part), { seq, part, due: 0 });
  return true;
}

/** Renews a lease. @returns false when it is gone: the caller stops */
export function markProgress(
  state: JobState,
  at: { seq: number; part: number; attempt: number; pagesDone: number },
  now: number,
): boolean {
  const whole = leasedRow(state, at.seq, at.attempt);
  if (whole !== null) {
    renew(state, whole, { pages_done: Math.max(whole.pages_done, at.pagesDone) }, now);
    return true;
  }
  const flight = state.flights.get(flightKey(at.seq, at.part));
  if (flight === undefined || !flight.leased || flight.attempt !== at.attempt) return false;
  flight.due = now + LEASE_MS.part;
  state.sql.exec("UPDATE parts SET due = ? WHERE seq = ? AND part = ?", flight.due, at.seq, at.part);
  return true;
}

/** @returns whether it counted, and the flight of `assemble` when this was the last part */
export function markPartDone(
  state: JobState,
  seq: number,
  part: number,
  attempt: number,
  now: number,
): { counted: boolean; hint: Flight | null } {
  const flight = state.flights.get(flightKey(seq, part));
  const row = state.row(seq);
  if (flight === undefined || !flight.leased || flight.attempt !== attempt || row?.parts == null) {
    return { counted: false, hint: null };
  }
  const parts = `${row.parts.slice(0, part)}1${row.parts.slice(part + 1)}`;
  const { part_pages: partPages } = state.sql
    .exec<{ part_pages: number }>("SELECT part_pages FROM large WHERE seq = ?", seq)
    .one();
  const last = !parts.includes("0");
  const pages = Math.min(partPages, row.pages - part * partPages);
  const due = now + LEASE_MS.assemble;
  // Parts use the attempts from row.attempt on, one for each try; assembling begins above all of them.
  const move = last
    ? { step: stepNumber("assemble"), attempt: row.attempt + TRIES_MAX + 1, claimed: RELEASED, due }
    : {};
  const next = state.atomically(() => {
    state.sql.exec("DELETE FROM parts WHERE seq = ? AND part = ?", seq, part);
    return state.write(row, { parts, pages_done: row.pages_done + Math.max(0, pages), ...move }, now);
  });
  state.flights.delete(flightKey(seq, part));
  if (!last) return { counted: true, hint: null };
  const hint: Flight = { seq, part: null, attempt: next.attempt, due, leased: false, releasedAt: now };
  state.flights.set(flightKey(seq, null), hint);
  return { counted: true, hint };
}

/** Completes a file: once, by the attempt that holds it. */
export function markDone(state: JobState, seq: number, attempt: number, done: Done, now: number): boolean {
  const row = leasedRow(state, seq, attempt);
  if (row === null || (stepOf(row) !== "convert" && stepOf(row) !== "assemble")) return false;
  const result: StoredResult = { formats: done.formats, warnings: done.warnings ?? [] };
  if (done.quality !== undefined) result.quality = done.quality;
  const pages = row.pages > 0 ? row.pages : done.pages;
  state.atomically(() => {
    forgetParts(state, row);
    state.write(
      row,
      {
        state: COMPLETED,
        claimed: RELEASED,
        due: 0,
        pages,
        pages_done: pages - (done.unreadable ?? 0),
        result: JSON.stringify(result),
      },
      now,
    );
  });
  dropSteps(state, row);
  return true;
}

function renew(state: JobState, row: FileRow, patch: { pages?: number; pages_done?: number }, now: number): void {
  const due = now + LEASE_MS[stepOf(row)];
  state.write(row, { ...patch, due }, now);
  const flight = state.flights.get(flightKey(row.seq, null));
  if (flight !== undefined) flight.due = due;
}
