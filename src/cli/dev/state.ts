/**
 * What `npm start` keeps in its state folder beside wrangler's own data (v3/): the deployment's secrets, made once; the
 * variables of this start; dev.json for scripts; who runs here; which migrations are in. All readable by the owner only.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OWNER_ONLY = 0o600;
const SECRET_BYTES = 32;

export interface DevInfo {
  url: string;
  app_id: string;
  app_key: string;
  admin_secret: string;
}

/** Who serves from this folder, to be ended by the next start when it is orphaned. */
export interface Running {
  /** The `start` process. */
  pid: number;
  /** The process group of the keeper, wrangler and workerd. */
  group: number;
  url: string;
}

export interface State {
  dir: string;
  /** Files for wrangler's --env-file. */
  envFiles: { secrets: string; vars: string };
  logFile: string;
  adminSecret: string;
}

/** Makes the folder and its secrets where they are missing, and writes the variables of this start. */
export function prepareState(dir: string, vars: Record<string, string>): State {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // wrangler opens a debug log each time; those of earlier starts say nothing any more.
  rmSync(join(dir, "wrangler-debug"), { recursive: true, force: true });
  const secretsFile = join(dir, "secrets.env");
  if (!existsSync(secretsFile)) {
    const secret = () => randomBytes(SECRET_BYTES).toString("base64url");
    writeOwnerOnly(secretsFile, `ID_SECRET="${secret()}"\nADMIN_SECRET="${secret()}"\n`);
  }
  const adminSecret = /^ADMIN_SECRET="([^"]+)"$/m.exec(readFileSync(secretsFile, "utf8"))?.[1];
  if (adminSecret === undefined)
    throw new Error(`${secretsFile} holds no ADMIN_SECRET; delete it to make new secrets (old links and ids then end)`);
  const varsFile = join(dir, "vars.env");
  const lines = Object.entries(vars).map(([name, value]) => `${name}="${value}"\n`);
  writeOwnerOnly(varsFile, lines.join(""));
  return { dir, envFiles: { secrets: secretsFile, vars: varsFile }, logFile: join(dir, "wrangler.log"), adminSecret };
}

export function readDevInfo(dir: string): DevInfo | null {
  return readJson<DevInfo>(join(dir, "dev.json"));
}

export function writeDevInfo(dir: string, info: DevInfo): void {
  writeOwnerOnly(join(dir, "dev.json"), `${JSON.stringify(info, null, 2)}\n`);
}

export function readRunning(dir: string): Running | null {
  return readJson<Running>(join(dir, "running.json"));
}

export function writeRunning(dir: string, running: Running | null): void {
  const file = join(dir, "running.json");
  if (running === null) rmSync(file, { force: true });
  else writeOwnerOnly(file, `${JSON.stringify(running)}\n`);
}

/** Changes with any migration file; equal to the stamp = the local database has them all. */
export function migrationsHash(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

export function migrationsApplied(dir: string, hash: string): boolean {
  const stamp = join(dir, "migrations.applied");
  // The stamp speaks of the database beside it: somebody may have deleted v3/ to start afresh.
  return existsSync(join(dir, "v3", "d1")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

export function markMigrations(dir: string, hash: string): void {
  writeOwnerOnly(join(dir, "migrations.applied"), hash);
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    // Missing, or cut off by a kill in an older version: both mean that nothing is known.
    return null;
  }
}

/** Whole or not at all: a start killed while writing must not leave half a secret. */
function writeOwnerOnly(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: OWNER_ONLY });
  renameSync(temporary, file);
}
