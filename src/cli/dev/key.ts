/** The development group's key: the one of last time while it works, a given one imported, else a new one. */
import { type Client, connect, ServerError } from "../client/http.ts";
import type { DevInfo } from "./state.ts";

const GROUP = "dev";
/** A key that comes from elsewhere needs an app_id to be imported under. */
const IMPORTED_ID = "dev";

interface Key {
  app_id: string;
  app_key: string;
}

/** @param given the key of --app-key */
export async function settleKey(admin: Client, last: DevInfo | null, given: string | undefined): Promise<Key> {
  if (last !== null && (given === undefined || given === last.app_key) && (await works(admin, last.app_key))) {
    return { app_id: last.app_id, app_key: last.app_key };
  }
  if (given !== undefined && (await works(admin, given))) return { app_id: IMPORTED_ID, app_key: given };
  const body = given === undefined ? {} : { app_id: IMPORTED_ID, app_key: given };
  const path = `/admin/groups/${GROUP}/keys`;
  const answer = await admin.call(path, { method: "POST", admin: true, json: body, repeatable: false });
  return { app_id: String(answer.app_id), app_key: String(answer.app_key) };
}

/** A state folder may have lost its database, or the key may be revoked. */
async function works(admin: Client, appKey: string): Promise<boolean> {
  try {
    await connect({ ...admin.settings, appKey }).call("/files/v1/jobs?limit=1");
    return true;
  } catch (error) {
    if (error instanceof ServerError && error.status === 401) return false;
    throw error;
  }
}
