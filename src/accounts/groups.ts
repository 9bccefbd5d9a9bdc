/**
 * Groups in D1: who exists, and whether requests are counted. Limits are the group object's alone; D1 keeps the one that a
 * key's look-up brings along, so that a request of a group without it asks nobody.
 */
import { eq } from "drizzle-orm";
import type { Directory } from "../db/client.ts";
import { groups } from "../db/schema.ts";

/** Null = no limit. Files in flight always have one. */
export interface Limits {
  pageMonthlyLimit: number | null;
  requestsPerMinute: number | null;
  filesInFlight: number | null;
}

export async function ensureGroup(db: Directory, group: string, now = Date.now()): Promise<void> {
  await db.insert(groups).values({ id: group, createdAt: now }).onConflictDoNothing();
}

/** What the group object says, for look-ups of keys; the group is made when it is new. */
export async function saveRequestLimit(db: Directory, group: string, requestsPerMinute: number | null): Promise<void> {
  await ensureGroup(db, group);
  await db.update(groups).set({ requestsPerMinute }).where(eq(groups.id, group));
}
