/**
 * `npm run deploy`: both Workers, their database, bucket and queues on a Cloudflare account. What is done in which order
 * is deploy/plan's; this asks the account, says the plan and runs it, step by step, until one fails.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { experimental_readRawConfig } from "wrangler";
import { deployEnv, lookAtAccount, readWanted, requireLogin } from "./deploy/account.ts";
import {
  type Account,
  EMPTY_ACCOUNT,
  findObstacles,
  lacksDatabase,
  lifecycleRules,
  planDatabase,
  planDeployment,
  planDryRun,
  planLifecycle,
  planRollback,
  type Step,
  type Wanted,
} from "./deploy/plan.ts";
import { note, print } from "./terminal.ts";
import { FRONT, ROOT, WRANGLER } from "./wrangler.ts";

const SECRET_BYTES = 32;
/** Beside wrangler.toml, since paths in it are relative to it. */
const FIRST_CONFIG = ".wrangler-first-deploy.json";

const HELP = `npm run deploy [-- FLAGS]   both Workers to your Cloudflare account; makes bucket and queues where missing, migrates D1

  --dry-run     build both Workers, say what a deployment to an empty account would do, change nothing
  --lifecycle   only set the bucket's lifecycle rules
  --rollback    both Workers back to the version before (data and migrations stay)
  --help`;

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function main(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      "dry-run": { type: "boolean" },
      lifecycle: { type: "boolean" },
      rollback: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const wanted = readWanted();
  if (values["dry-run"]) return dryRun();
  if (values.rollback || values.lifecycle) {
    requireLogin();
    return runSteps(values.rollback ? planRollback() : planLifecycle(wanted));
  }
  const account = lookWhereReady(wanted);
  const obstacles = findObstacles(wanted, account);
  if (obstacles.length > 0) {
    note(`Not deployed:\n${obstacles.map((each) => `  - ${each}`).join("\n")}`);
    return 1;
  }
  const failed = runSteps(planDeployment(wanted, account));
  if (failed === 0) print(`\nDeployed. Health: ${wanted.publicUrl}/healthz   API docs: ${wanted.publicUrl}/docs`);
  return failed;
}

/** What the configuration lacks is said even to somebody who isn't logged in; then a missing database is made as well. */
function lookWhereReady(wanted: Wanted): Account {
  if (findObstacles(wanted, EMPTY_ACCOUNT).length === 0) return lookAtAccount(wanted);
  try {
    const account = lookAtAccount(wanted);
    if (!lacksDatabase(wanted) || account.databaseId !== null) return account;
    return runSteps(planDatabase(wanted)) === 0 ? lookAtAccount(wanted) : account;
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return EMPTY_ACCOUNT;
  }
}

function dryRun(): number {
  const wanted = readWanted();
  const failed = runSteps(planDryRun());
  print(`\nOn an empty account \`npm run deploy\` would run:`);
  for (const step of planDeployment(wanted, EMPTY_ACCOUNT)) print(`  wrangler ${step.args.join(" ")}   # ${step.why}`);
  const obstacles = findObstacles(wanted, EMPTY_ACCOUNT);
  if (obstacles.length > 0) print(`\nBefore that:\n${obstacles.map((each) => `  - ${each}`).join("\n")}`);
  return failed;
}

function runSteps(steps: Step[]): number {
  for (const step of steps) {
    print(`\n== ${step.why}: wrangler ${step.args.join(" ")}`);
    const status = runStep(step);
    if (status !== 0) {
      note(
        `\nStopped at "${step.why}" (exit code ${status}). Nothing after it was done; run the same command again once it is settled.`,
      );
      return 1;
    }
  }
  return 0;
}

function runStep(step: Step): number {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-deploy-"));
  const files: Record<string, string> = {
    rules: join(folder, "rules.json"),
    secrets: join(folder, "secrets.json"),
    first: join(ROOT, FIRST_CONFIG),
  };
  const secrets = { ID_SECRET: newSecret(), ADMIN_SECRET: newSecret() };
  try {
    if (step.needs === "rules") writeFileSync(files.rules!, JSON.stringify(lifecycleRules()));
    if (step.needs === "first") {
      writeFileSync(files.secrets!, JSON.stringify(secrets), { mode: 0o600 });
      writeFileSync(files.first!, JSON.stringify(withoutServices()));
    }
    const args = step.args.map((arg) => arg.replace(/^\{(\w+)\}$/, (_, name: string) => files[name]!));
    const run = spawnSync(process.execPath, [WRANGLER, ...args], { cwd: ROOT, env: deployEnv(), stdio: "inherit" });
    if (run.status === 0 && step.needs === "first" && !step.args.includes("--dry-run")) {
      print(`\nADMIN_SECRET, for \`sheaf keys\` (shown this once; keep it): ${secrets.ADMIN_SECRET}`);
    }
    return run.status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(files.first!, { force: true });
  }
}

/** The front's configuration as it is, but for the binding to a Worker that doesn't exist yet. */
function withoutServices(): object {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, FRONT) });
  const { services: _, ...rest } = rawConfig;
  return rest;
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}
