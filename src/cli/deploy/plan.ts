/**
 * From what the configuration asks and the account has to the wrangler commands of a deployment, in an order that works
 * on an empty account too. Pure: nothing is run here.
 */
import { RETENTION_DAYS } from "../../jobs/artifacts.ts";
import { CONVERTER, FRONT } from "../wrangler.ts";

/** What wrangler.toml of both Workers says. */
export interface Wanted {
  front: string;
  converter: string;
  database: { name: string; id: string };
  bucket: string;
  queues: string[];
  publicUrl: string;
}

/** What the account has. */
export interface Account {
  frontExists: boolean;
  /** Id of the database with the wanted name; null = none. */
  databaseId: string | null;
  bucketExists: boolean;
  /** Of the wanted ones, those that exist. */
  queues: string[];
}

export interface Step {
  why: string;
  /** Arguments of wrangler. */
  args: string[];
  /** Files made for it and removed after; in the arguments they stand as their names in braces. */
  needs?: "rules" | "first";
}

/** An account as it is before the first deployment. */
export const EMPTY_ACCOUNT: Account = { frontExists: false, databaseId: null, bucketExists: false, queues: [] };

const PLACEHOLDER = /^[0-]*$/;
const DAY_S = 86_400;
/** Uploads that were begun and never finished; R2's own default. */
const ABANDONED_UPLOAD_DAYS = 7;

/** Whether the configuration still has the placeholder it came with. */
export function lacksDatabase(wanted: Wanted): boolean {
  return PLACEHOLDER.test(wanted.database.id);
}

/** What has to be settled by a person first; empty = go. */
export function findObstacles(wanted: Wanted, account: Account): string[] {
  const obstacles: string[] = [];
  const { id, name } = wanted.database;
  if (lacksDatabase(wanted)) {
    obstacles.push(
      account.databaseId === null
        ? `wrangler.toml names no database yet (database_id is ${id}): once you are logged in this command makes one.`
        : `wrangler.toml names no database: put database_id = "${account.databaseId}" (the account's "${name}") into it.`,
    );
  }
  if (isLoopback(wanted.publicUrl)) {
    obstacles.push(
      `PUBLIC_URL in wrangler.toml is ${wanted.publicUrl}: every link in the results would point there. ` +
        `Set it to the address of this deployment, such as https://${wanted.front}.YOUR-SUBDOMAIN.workers.dev or your own domain.`,
    );
  }
  return obstacles;
}

export function planDeployment(wanted: Wanted, account: Account): Step[] {
  const steps: Step[] = [];
  if (!account.bucketExists) steps.push({ why: "bucket", args: ["r2", "bucket", "create", wanted.bucket] });
  for (const queue of wanted.queues.filter((each) => !account.queues.includes(each))) {
    steps.push({ why: "queue", args: ["queues", "create", queue] });
  }
  steps.push(...planLifecycle(wanted));
  steps.push({ why: "database", args: ["d1", "migrations", "apply", "DB", "--remote", "-c", FRONT] });
  if (!account.frontExists) {
    // Each Worker names the other: the first one goes up without its service binding, and brings the secrets.
    const args = ["deploy", "-c", "{first}", "--secrets-file", "{secrets}"];
    steps.push({ why: "front, for the first time, without the converter", args, needs: "first" });
  }
  steps.push({ why: "converter", args: ["deploy", "-c", CONVERTER] });
  steps.push({ why: "front", args: ["deploy", "-c", FRONT] });
  return steps;
}

/** Only where the account has none of that name. */
export function planDatabase(wanted: Wanted): Step[] {
  return [{ why: "database", args: ["d1", "create", wanted.database.name] }];
}

export function planLifecycle(wanted: Wanted): Step[] {
  const args = ["r2", "bucket", "lifecycle", "set", wanted.bucket, "--file", "{rules}", "--force"];
  return [{ why: "lifecycle rules", args, needs: "rules" }];
}

/** Both Workers to the version before; data and migrations stay, so a rollback over a migration is not undone. */
export function planRollback(): Step[] {
  const back = ["--yes", "--message", "npm run deploy -- --rollback"];
  return [
    { why: "front", args: ["rollback", "-c", FRONT, ...back] },
    { why: "converter", args: ["rollback", "-c", CONVERTER, ...back] },
  ];
}

export function planDryRun(): Step[] {
  const first = ["deploy", "--dry-run", "-c", "{first}", "--secrets-file", "{secrets}"];
  return [
    { why: "front, for the first time, without the converter", args: first, needs: "first" },
    { why: "front", args: ["deploy", "--dry-run", "-c", FRONT] },
    { why: "converter", args: ["deploy", "--dry-run", "-c", CONVERTER] },
  ];
}

/** In the form of R2's API: one rule a class of retention, by the prefix of its keys. */
export function lifecycleRules(): { rules: object[] } {
  const expiring = Object.entries(RETENTION_DAYS).map(([prefix, days]) => ({
    id: `sheaf ${prefix}`,
    enabled: true,
    conditions: { prefix: `${prefix}/` },
    deleteObjectsTransition: { condition: { type: "Age", maxAge: days * DAY_S } },
  }));
  const abandoned = {
    id: "sheaf abandoned uploads",
    enabled: true,
    conditions: {},
    abortMultipartUploadsTransition: { condition: { type: "Age", maxAge: ABANDONED_UPLOAD_DAYS * DAY_S } },
  };
  return { rules: [...expiring, abandoned] };
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { hostname } = new URL(url);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^(127\.|0\.0\.0\.0$)/.test(hostname)
  );
}
