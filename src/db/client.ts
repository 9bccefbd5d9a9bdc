/**
 * The one door to D1. What is known before a group is lies in the directory: groups and keys, which are found by the
 * hash of a key alone. What belongs to a group lies in its shard: its jobs and its files. There is one database today,
 * and it is both; a second one is a second binding here and nowhere else.
 */
import { drizzle } from "drizzle-orm/d1";
import { files, groups, jobs, keys } from "./schema.ts";

const directoryTables = { groups, keys };
const shardTables = { jobs, files };

export type Directory = ReturnType<typeof directoryOf>;
export type Shard = ReturnType<typeof shardOf>;

export function directoryOf(binding: D1Database) {
  return drizzle(binding, { schema: directoryTables });
}

/** Where a group's jobs and files lie. */
export function shardOf(binding: D1Database, _group: string) {
  return drizzle(binding, { schema: shardTables });
}

/** Every shard, for who walks all groups. */
export function allShards(binding: D1Database): Shard[] {
  return [drizzle(binding, { schema: shardTables })];
}
