/** `npm run types`: the types of both Workers' bindings, from their configurations. `--if-needed`: only when those are newer. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { note } from "./terminal.ts";
import { CONVERTER, FRONT, ROOT, WRANGLER } from "./wrangler.ts";

const FILE = "src/worker-configuration.d.ts";

const changedAt = (file: string): number => statSync(join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const upToDate = changedAt(FILE) > Math.max(changedAt(FRONT), changedAt(CONVERTER));
if (!upToDate || !process.argv.includes("--if-needed")) generate();

function generate(): void {
  const args = ["types", FILE, "--include-runtime=false", "--strict-vars=false", "-c", FRONT, "-c", CONVERTER];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  const run = spawnSync(process.execPath, [WRANGLER, ...args], { cwd: ROOT, env, encoding: "utf8" });
  if (run.status === 0) note(`${FILE} written.`);
  else {
    note(`${run.stdout}${run.stderr}`);
    process.exitCode = 1;
  }
}
