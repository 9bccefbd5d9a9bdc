/**
 * Claims of Idempotency-Keys (CONTRACT sections 7 and 14): per group, for 30 days, one body. A claim lies in the object
 * that the key names, this month's or last month's: with the file when the file lies there too, else as a row that says
 * only which body came with it. The file or job itself is found by its own claim where it lies.
 */
import { type Outcome, ok, refused } from "../lib/failure.ts";
import type { FileId } from "../lib/ids.ts";
import { claimOfKey, goneOf, requestOf } from "./file-views.ts";
import type { JobState } from "./job-state.ts";
import { COMPLETED, type FileRow, hasTable } from "./job-tables.ts";
import type { JobRef } from "./views.ts";

/** How long a key is remembered. */
export const KEY_MS = 30 * 86_400_000;

export interface KeyClaim {
  /** Of group and key. */
  hash: string;
  bodyHash: string;
  /** Older claims are forgotten. */
  since: number;
}

/** Claims a key for what lies elsewhere. A request that is refused later has used its key up. */
export function claimKey(
  state: JobState,
  object: JobRef,
  key: KeyClaim,
  now: number,
): Outcome<{ registered: boolean }> {
  return state.atomically(() => {
    state.open(object, now);
    state.sql.exec(
      "CREATE TABLE IF NOT EXISTS keys (hash TEXT PRIMARY KEY, body TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID",
    );
    const known = findKey(state, key);
    if (!known.ok) return known;
    if (known.value === null) {
      state.sql.exec("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", key.hash, key.bodyHash, now);
    }
    return ok({ registered: state.isRegistered });
  });
}

/**
 * What a key claims here: null = nothing; `live` = its file, unless that failed or is gone, when the same request makes
 * a new one. Refused when it came with another body.
 */
export function findKey(
  state: JobState,
  { hash, bodyHash, since }: KeyClaim,
): Outcome<{ live: FileRow | null } | null> {
  if (!state.exists) return ok(null);
  const file = state.sql
    .exec<FileRow>(
      "SELECT * FROM files WHERE claim = ? AND created >= ? ORDER BY seq DESC LIMIT 1",
      claimOfKey(hash),
      since,
    )
    .toArray()[0];
  const body = file === undefined ? bodyOf(state, hash, since) : requestOf(file).body;
  if (body === undefined) return ok(null);
  if (body !== bodyHash) return anotherBody();
  const live = file !== undefined && file.state <= COMPLETED && goneOf(state, file) === null;
  return ok({ live: live ? file : null });
}

/** The live file that a key claims here; null = none. */
export function findKeyed(state: JobState, key: KeyClaim): Outcome<{ fileId: FileId } | null> {
  const known = findKey(state, key);
  if (!known.ok) return known;
  return ok(known.value?.live == null ? null : { fileId: state.fileId(known.value.live.seq) });
}

function bodyOf(state: JobState, hash: string, since: number): string | undefined {
  if (!hasTable(state.sql, "keys")) return undefined;
  return state.sql
    .exec<{ body: string }>("SELECT body FROM keys WHERE hash = ? AND created >= ?", hash, since)
    .toArray()[0]?.body;
}

/** @returns when the next one goes; null = none is left */
export function expireKeys(state: JobState, now: number): number | null {
  if (!hasTable(state.sql, "keys")) return null;
  state.sql.exec("DELETE FROM keys WHERE created <= ?", now - KEY_MS);
  const first = state.sql.exec<{ created: number | null }>("SELECT min(created) AS created FROM keys").one().created;
  return first === null ? null : first + KEY_MS;
}

export function anotherBody(): Outcome<never> {
  return refused("conflict", "This Idempotency-Key was used with another request; use a new key for a new request.");
}
