/** The shard of a group: one database today; every query that belongs to a group comes through here. */
import { drizzle } from "drizzle-orm/d1";
import * as schema from "./schema.ts";

export function database(binding: D1Database, _group?: string) {
  return drizzle(binding, { schema });
}
export type Database = ReturnType<typeof database>;
