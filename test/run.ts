/**
 * `npm test`: type check, lint, then every test, as they go; the very last line says how many passed and failed, checks
 * included. `--fast`: the node project only; `--checks-only`: no tests; other arguments go to vitest.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const MODULES = join(ROOT, "node_modules");

interface Count {
  passed: number;
  failed: number;
}

/** What vitest's JSON report is read for. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; status: string; assertionResults: unknown[] }[];
}

const CHECKS: readonly [name: string, script: string, args: string[]][] = [
  ["types of the bindings", join(ROOT, "src/cli/types.ts"), ["--if-needed"]],
  ["type check", join(MODULES, "typescript/bin/tsc"), ["-p", "."]],
  ["lint and format", join(MODULES, "@biomejs/biome/bin/biome"), ["check", "--no-errors-on-unmatched"]],
];

const args = process.argv.slice(2);
const counts: Count[] = [];
for (const [name, script, scriptArgs] of CHECKS) counts.push(await check(name, script, scriptArgs));
if (!args.includes("--checks-only")) {
  const rest = args.filter((arg) => arg !== "--fast");
  counts.push(await runTests(args.includes("--fast") ? ["--project", "node", ...rest] : rest));
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failed > 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed\n`);

async function check(name: string, script: string, args: string[]): Promise<Count> {
  const began = Date.now();
  const code = await run([script, ...args]);
  say(`${code === 0 ? "ok    " : "FAILED"} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runTests(args: string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-tests-"));
  const file = join(folder, "report.json");
  const config = ["--config", join(import.meta.dirname, "vitest.config.ts")];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  try {
    const code = await run([join(MODULES, "vitest/vitest.mjs"), "run", ...config, ...reporters, ...args]);
    return countTests(file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not be loaded has no tests to count, and an error outside of any test none either: each is a failure. */
function countTests(file: string, code: number): Count {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    say(`vitest left no report (exit code ${code}): ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  }
  const broken = report.testResults.filter((each) => each.status === "failed" && each.assertionResults.length === 0);
  for (const each of broken) say(`FAILED to load ${each.name}`);
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

function run(command: string[]): Promise<number> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, command, { cwd: ROOT, stdio: "inherit" });
    child.on("error", (error) => {
      say(error.message);
      settle(1);
    });
    child.on("exit", (code) => settle(code ?? 1));
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
