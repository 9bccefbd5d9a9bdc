/**
 * Groups in D1: who exists, and the limits that a key's look-up brings along. The group object enforces limits and has
 * the same numbers; whoever changes them tells both (api/routes/admin).
 */
import { eq } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { groups } from "../db/schema.ts";

/** Null = no limit of the group's own: the deployment's default holds. */
export interface Limits {
  pageMonthlyLimit: number | null;
  requestsPerMinute: number | null;
  filesInFlight: number | null;
}

export async function ensureGroup(db: Database, group: string, now = Date.now()): Promise<void> {
  await db.insert(groups).values({ id: group, createdAt: now }).onConflictDoNothing();
}

/** Null = there is no such group. */
export async function findLimits(db: Database, group: string): Promise<Limits | null> {
  const row = await db.select().from(groups).where(eq(groups.id, group)).get();
  if (row === undefined) return null;
  const { pageMonthlyLimit, requestsPerMinute, filesInFlight } = row;
  return { pageMonthlyLimit, requestsPerMinute, filesInFlight };
}

/** Changes what is given; the group is made when it is new. */
export async function saveLimits(db: Database, group: string, change: Partial<Limits>): Promise<void> {
  await ensureGroup(db, group);
  if (Object.keys(change).length > 0) await db.update(groups).set(change).where(eq(groups.id, group));
}
