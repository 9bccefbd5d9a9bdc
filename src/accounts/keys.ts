/**
 * Keys: made, imported, rotated, revoked, found. D1 holds a keyed hash and never the key. An app_id belongs to one
 * group; who may call these is the API's business.
 */
import { and, eq, isNull, ne } from "drizzle-orm";
import type { Directory } from "../db/client.ts";
import { groups, keys } from "../db/schema.ts";
import { Failure } from "../lib/failure.ts";
import { keyHash } from "../lib/hash.ts";
import { ensureGroup } from "./groups.ts";

/** 256 bits: a key is guessed by nobody. */
const KEY_BYTES = 32;
const APP_ID_BYTES = 8;

export interface FoundKey {
  group: string;
  appId: string;
  /** Null = requests are not counted, unless the deployment says so for all. */
  requestsPerMinute: number | null;
}

export interface MadeKey {
  group: string;
  appId: string;
  /** Shown this once. */
  appKey: string;
}

export interface ListedKey {
  appId: string;
  createdAt: number;
  revokedAt: number | null;
}

/** @returns null when no live key is this one; the app_id asked for when the key's group has it, else the key's own */
export async function findKey(
  db: Directory,
  secret: string,
  appKey: string,
  appId: string | null,
): Promise<FoundKey | null> {
  const row = await db
    .select()
    .from(keys)
    .leftJoin(groups, eq(groups.id, keys.group))
    .where(and(eq(keys.hash, keyHash(secret, appKey)), isNull(keys.revokedAt)))
    .get();
  if (row === undefined) return null;
  const { group } = row.keys;
  const requestsPerMinute = row.groups?.requestsPerMinute ?? null;
  const other = appId !== null && appId !== row.keys.appId && (await hasApp(db, group, appId));
  return { group, appId: other ? appId : row.keys.appId, requestsPerMinute };
}

/**
 * Makes a key; with `appKey` imports that one (the same again is fine). A known `appId` without a key is a rotation:
 * its old keys stop at once.
 * @throws Failure conflict when the key or the app_id belongs to another group or application
 */
export async function createKey(
  db: Directory,
  secret: string,
  group: string,
  given: { appId?: string; appKey?: string } = {},
): Promise<MadeKey> {
  await ensureGroup(db, group);
  if (given.appId !== undefined) await refuseForeignApp(db, group, given.appId);
  if (given.appKey !== undefined) return importKey(db, secret, group, given.appKey, given.appId);
  const now = Date.now();
  const appId = given.appId ?? `app_${randomHex(APP_ID_BYTES)}`;
  const appKey = randomHex(KEY_BYTES);
  await db.batch([
    db
      .update(keys)
      .set({ revokedAt: now })
      .where(and(eq(keys.group, group), eq(keys.appId, appId), isNull(keys.revokedAt))),
    db.insert(keys).values({ group, appId, hash: keyHash(secret, appKey), createdAt: now }),
  ]);
  return { group, appId, appKey };
}

async function importKey(
  db: Directory,
  secret: string,
  group: string,
  appKey: string,
  asked: string | undefined,
): Promise<MadeKey> {
  const hash = keyHash(secret, appKey);
  const fresh = asked ?? `app_${randomHex(APP_ID_BYTES)}`;
  // The unique hash decides between concurrent imports; what is there afterwards says who won.
  await db.insert(keys).values({ group, appId: fresh, hash, createdAt: Date.now() }).onConflictDoNothing();
  const row = (await db.select().from(keys).where(eq(keys.hash, hash)).get())!;
  if (row.group !== group) throw new Failure("conflict", "This key is in use elsewhere; import another one.");
  if (asked !== undefined && row.appId !== asked) {
    throw new Failure(
      "conflict",
      `This key belongs to the app_id ${row.appId} of the group; import it under that one.`,
    );
  }
  if (row.revokedAt !== null) await db.update(keys).set({ revokedAt: null }).where(eq(keys.hash, hash));
  return { group, appId: row.appId, appKey };
}

/** Newest first, revoked ones included. */
export async function listKeys(db: Directory, group: string): Promise<ListedKey[]> {
  const rows = await db.select().from(keys).where(eq(keys.group, group));
  return rows
    .map(({ appId, createdAt, revokedAt }) => ({ appId, createdAt, revokedAt }))
    .sort((a, b) => b.createdAt - a.createdAt || (a.appId < b.appId ? -1 : 1));
}

/** Revokes every live key of an application. @returns whether there was one */
export async function revokeKey(db: Directory, group: string, appId: string): Promise<boolean> {
  const revoked = await db
    .update(keys)
    .set({ revokedAt: Date.now() })
    .where(and(eq(keys.group, group), eq(keys.appId, appId), isNull(keys.revokedAt)))
    .returning({ appId: keys.appId });
  return revoked.length > 0;
}

async function hasApp(db: Directory, group: string, appId: string): Promise<boolean> {
  const row = await db
    .select({ appId: keys.appId })
    .from(keys)
    .where(and(eq(keys.group, group), eq(keys.appId, appId)))
    .get();
  return row !== undefined;
}

async function refuseForeignApp(db: Directory, group: string, appId: string): Promise<void> {
  const foreign = await db
    .select({ group: keys.group })
    .from(keys)
    .where(and(eq(keys.appId, appId), ne(keys.group, group)))
    .get();
  if (foreign !== undefined) {
    throw new Failure("conflict", `The app_id ${appId} belongs to another group; choose another one.`);
  }
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
