import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const START = join(import.meta.dirname, "../../src/cli/start.ts");
const children: ChildProcess[] = [];

interface Started {
  child: ChildProcess;
  output(): string;
  /** Settles when the output holds the text, or the process has ended. */
  says(text: string): Promise<void>;
  ended: Promise<number | null>;
}

function start(...args: string[]): Started {
  const child = spawn(process.execPath, [START, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk));
  const ended = new Promise<number | null>((done) => child.on("exit", (code) => done(code)));
  const says = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted) && child.exitCode === null && child.signalCode === null) await pause(50);
    expect(text).toContain(wanted);
  };
  return { child, output: () => text, says, ended };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

function freePort(): Promise<number> {
  return new Promise((answer) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => answer(port));
    });
  });
}

/** Processes of a group that still run. */
function alive(group: number): number {
  const run = spawnSync("ps", ["-A", "-o", "pgid=,stat="], { encoding: "utf8" });
  return run.stdout.split("\n").filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line)).length;
}

async function gone(group: number): Promise<void> {
  for (let i = 0; i < 100 && alive(group) > 0; i++) await pause(100);
  expect(alive(group)).toBe(0);
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGTERM");
});

describe("npm start", () => {
  test("serves, keeps secrets to their owner, survives its own death, and leaves nothing behind", async () => {
    const dir = join(mkdtempSync(join(tmpdir(), "sheaf-start-")), "state");
    const port = await freePort();
    const args = ["--state", dir, "--port", String(port)];
    const first = start(...args);
    await first.says("Serving until Ctrl-C.");
    expect(first.output()).toContain("A Short Walk through a Library");
    const dev = JSON.parse(readFileSync(join(dir, "dev.json"), "utf8"));
    expect(statSync(join(dir, "dev.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "secrets.env")).mode & 0o777).toBe(0o600);
    const arguments_ = spawnSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" }).stdout;
    expect(arguments_).toContain(dir);
    expect(arguments_).not.toContain(dev.admin_secret);
    expect((await fetch(`${dev.url}/healthz`)).status).toBe(200);

    const second = start(...args);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain("is being served at");
    const busy = start("--state", `${dir}-other`, "--port", String(port));
    expect(await busy.ended).toBe(1);
    expect(busy.output()).toContain(`Port ${port} is in use`);

    // Killed outright, its servers end by themselves.
    const { group } = JSON.parse(readFileSync(join(dir, "running.json"), "utf8"));
    first.child.kill("SIGKILL");
    await gone(group);

    // Killed together with the keeper of its servers, the next start ends what is left.
    const third = start(...args, "--no-demo");
    await third.says("Serving until Ctrl-C.");
    const orphaned = JSON.parse(readFileSync(join(dir, "running.json"), "utf8")).group;
    process.kill(orphaned, "SIGSTOP");
    third.child.kill("SIGKILL");
    process.kill(orphaned, "SIGKILL");
    await third.ended;
    expect(alive(orphaned)).toBeGreaterThan(0);
    const fourth = start(...args, "--no-demo");
    await fourth.says("Serving until Ctrl-C.");
    expect(fourth.output()).toMatch(/Ended \d+ processes that an earlier start left behind/);
    expect(alive(orphaned)).toBe(0);
    expect(JSON.parse(readFileSync(join(dir, "dev.json"), "utf8"))).toEqual(dev);

    const last = JSON.parse(readFileSync(join(dir, "running.json"), "utf8")).group;
    fourth.child.kill("SIGINT");
    expect(await fourth.ended).toBe(0);
    expect(alive(last)).toBe(0);
    expect(existsSync(join(dir, "running.json"))).toBe(false);

    // A key of one's own takes the place of the generated one, which is said to stay valid and does.
    const fifth = start(...args, "--no-demo", "--app-key", "8_chars!");
    await fifth.says("Serving until Ctrl-C.");
    expect(fifth.output()).toContain(`The key of app_id ${dev.app_id} stays valid`);
    for (const app_key of ["8_chars!", dev.app_key]) {
      expect((await fetch(`${dev.url}/files/v1/jobs`, { headers: { app_key } })).status).toBe(200);
    }
    fifth.child.kill("SIGINT");
    expect(await fifth.ended).toBe(0);
  }, 120_000);

  test("misuse is said before anything is done", async () => {
    const wrong = start("--port", "many");
    expect(await wrong.ended).toBe(2);
    const dir = join(mkdtempSync(join(tmpdir(), "sheaf-start-")), "state");
    const key = start("--state", dir, "--app-key", "short");
    expect(await key.ended).toBe(2);
    expect(key.output()).toContain("--app-key must have at least 8 characters");
    expect(existsSync(dir)).toBe(false);
    const unknown = start("--nonsense");
    expect(await unknown.ended).toBe(2);
    expect(unknown.output()).toContain("--allow-local-sources");
    const help = start("--help");
    expect(await help.ended).toBe(0);
  });
});
