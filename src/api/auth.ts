/**
 * Who asks: `app_key`, with or without `app_id`, → the caller; the deployment's secret for /admin. Keys are looked up
 * in D1 and kept in the isolate for half a minute, so a revoked key stops within that time everywhere.
 */
import type { MiddlewareHandler } from "hono";
import { findKey } from "../accounts/keys.ts";
import { directoryOf } from "../db/client.ts";
import { APP_KEY_LENGTH_MAX } from "../lib/app-key.ts";
import { Failure } from "../lib/failure.ts";
import { keyHash, sameSecret } from "../lib/hash.ts";
import type { AppEnv, Bindings, Caller } from "./env.ts";
import { INVALID_CREDENTIALS } from "./errors.ts";

/** How long a revoked key may go on working in an isolate that has just used it. */
const KEY_CACHE_MS = 30_000;
const KEY_CACHE_SIZE = 10_000;
/** Pure cache, by hash of the key and the application named: only keys that were found, oldest dropped first. */
const found = new Map<string, { caller: Caller; until: number }>();

export const authenticate: MiddlewareHandler<AppEnv> = async (c, next) => {
  const appKey = c.req.header("app_key");
  if (appKey === undefined && c.req.header("app_token") !== undefined) {
    throw new Failure("http_unauthorized", `${INVALID_CREDENTIALS}: an app_token is not valid here; send app_key`);
  }
  // Nothing is hashed for what can't be a key.
  if (appKey === undefined || appKey.length > APP_KEY_LENGTH_MAX)
    throw new Failure("http_unauthorized", INVALID_CREDENTIALS);
  const caller = await findCaller(c.env, appKey, c.req.header("app_id") ?? null);
  if (caller === null) throw new Failure("http_unauthorized", INVALID_CREDENTIALS);
  c.set("caller", caller);
  await next();
};

/** `Authorization: Bearer <ADMIN_SECRET>`; a deployment without the secret has no admin API. */
export const requireAdmin: MiddlewareHandler<AppEnv> = async (c, next) => {
  const given = /^Bearer +(.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
  const secret = c.env.ADMIN_SECRET ?? "";
  if (secret === "" || !sameSecret(given, secret)) throw new Failure("http_unauthorized", INVALID_CREDENTIALS);
  await next();
};

/** After a change of keys or limits: this isolate sees it at once, others within KEY_CACHE_MS. */
export function forgetKeys(): void {
  found.clear();
}

async function findCaller(env: Bindings, appKey: string, appId: string | null): Promise<Caller | null> {
  const now = Date.now();
  const cacheKey = `${keyHash(env.ID_SECRET, appKey)} ${appId?.slice(0, APP_KEY_LENGTH_MAX) ?? ""}`;
  const known = found.get(cacheKey);
  if (known !== undefined && known.until > now) return known.caller;
  found.delete(cacheKey);
  const caller = await findKey(directoryOf(env.DB), env.ID_SECRET, appKey, appId);
  if (caller === null) return null;
  if (found.size >= KEY_CACHE_SIZE) found.delete(found.keys().next().value!);
  found.set(cacheKey, { caller, until: now + KEY_CACHE_MS });
  return caller;
}
