/** What both configurations want, and what the account has, as wrangler tells. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { CONVERTER, FRONT, ROOT, WRANGLER } from "../wrangler.ts";
import type { Account, Wanted } from "./plan.ts";

/** How wrangler says that a thing isn't there: its own words and Cloudflare's codes for buckets, Workers and queues. */
const ABSENT = /does not exist|not found|could not find|code: 1000[67]|code: 10090|code: 11000/i;

export function readWanted(): Wanted {
  const front = unstable_readConfig({ config: join(ROOT, FRONT) });
  const converter = unstable_readConfig({ config: join(ROOT, CONVERTER) });
  const database = front.d1_databases[0];
  const bucket = front.r2_buckets[0];
  if (database?.database_name === undefined || bucket?.bucket_name === undefined) {
    throw new Error(`${FRONT} names no database or no bucket`);
  }
  const consumers = [...(front.queues.consumers ?? []), ...(converter.queues.consumers ?? [])];
  const queues = new Set([
    ...(front.queues.producers ?? []).map((each: { queue: string }) => each.queue),
    ...consumers.flatMap((each) => [each.queue, each.dead_letter_queue]),
  ]);
  return {
    front: String(front.name),
    converter: String(converter.name),
    database: { name: database.database_name, id: database.database_id ?? "" },
    bucket: bucket.bucket_name,
    queues: [...queues].filter((each) => each !== undefined),
    publicUrl: String(front.vars.PUBLIC_URL ?? ""),
  };
}

/** @throws Error when wrangler isn't logged in */
export function requireLogin(): void {
  if (ask(["whoami", "--json"]).status !== 0) {
    throw new Error(
      "wrangler is not logged in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN (README tells which rights).",
    );
  }
}

/** @throws Error when wrangler isn't logged in, or says anything but yes or no */
export function lookAtAccount(wanted: Wanted): Account {
  requireLogin();
  const databases = ask(["d1", "list", "--json"]);
  if (databases.status !== 0) throw new Error(databases.output);
  const list = JSON.parse(databases.stdout) as { uuid: string; name: string }[];
  return {
    frontExists: exists(["deployments", "list", "--name", wanted.front, "--json"]),
    databaseId: list.find((each) => each.name === wanted.database.name)?.uuid ?? null,
    bucketExists: exists(["r2", "bucket", "info", wanted.bucket, "--json"]),
    queues: wanted.queues.filter((queue) => exists(["queues", "info", queue])),
  };
}

function exists(args: string[]): boolean {
  const { status, output } = ask(args);
  if (status === 0) return true;
  if (ABSENT.test(output)) return false;
  throw new Error(`wrangler ${args.join(" ")} failed:\n${output}`);
}

function ask(args: string[]): { status: number | null; stdout: string; output: string } {
  const run = spawnSync(process.execPath, [WRANGLER, ...args], { cwd: ROOT, env: deployEnv(), encoding: "utf8" });
  return { status: run.status, stdout: run.stdout, output: `${run.stdout}${run.stderr}` };
}

export function deployEnv(): NodeJS.ProcessEnv {
  return { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
}
