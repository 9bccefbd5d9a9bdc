/** The command line against the real service: what it tells of files, jobs and keys. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeArticle, makePdf } from "../pdf.ts";
import { ADMIN_SECRET, type Service, startService } from "./service.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "sheaf-cli-"));
const text = join(folder, "text.pdf");
const scan = join(folder, "scan.pdf");

let service: Service;

interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came out is what the test looks at
  json: any;
}

async function sheaf(...args: string[]): Promise<Answer> {
  const env = { ...process.env, SHEAF_URL: service.url, SHEAF_APP_KEY: await service.key("cli") };
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...env, SHEAF_ADMIN_SECRET: ADMIN_SECRET } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, stdout, stderr, json: args.includes("--json") && stdout !== "" ? JSON.parse(stdout) : null };
}

beforeAll(async () => {
  service = await startService();
  writeFileSync(text, makeArticle(1));
  writeFileSync(scan, makePdf([{ content: "q 400 0 0 400 100 100 cm BI /W 1 /H 1 /CS /G /BPC 8 ID A EI Q" }]));
});
afterAll(() => service.close());

describe("warnings of the service", () => {
  test("are told by submit, wait and status, in the table and in --json", async () => {
    const options = ["--options", '{"page_rangs":"1"}'];
    const sent = await sheaf("submit", scan, ...options, "--json");
    expect(sent.json.files[0]).toMatchObject({
      status: "submitted",
      warnings: expect.arrayContaining([expect.stringContaining('did you mean "page_ranges"?')]),
    });
    const id = sent.json.files[0].file_id;
    expect((await sheaf("wait", id)).stdout).toMatch(new RegExp(`warning: ${id}: page 1: the page is a picture`));
    expect((await sheaf("status", id)).stdout).toContain("(picture_only)");
    expect((await sheaf("status", id, "--json")).json.files[0].warnings).toHaveLength(2);
    const again = await sheaf("submit", scan, ...options, "--wait");
    expect(again.stdout).toMatch(/warning: .*scan\.pdf: page 1: the page is a picture/);
    expect(again.code).toBe(0);
  });

  test("a path that isn't there is a refused row, and the rest is sent", async () => {
    const answer = await sheaf("submit", join(folder, "gone.pdf"), text, "--json");
    expect(answer.code).toBe(1);
    expect(answer.json.files).toMatchObject([
      { in: text, status: "submitted" },
      { in: join(folder, "gone.pdf"), status: "refused", code: "not_found" },
    ]);
  });
});

describe("sheaf download", () => {
  test("--job takes all files, and a format that is missing costs only itself", async () => {
    const sent = await sheaf("submit", text, scan, "--job", "walk", "--formats", "md", "--wait", "--json");
    expect(sent.code).toBe(0);
    const out = join(folder, "out");
    const answer = await sheaf("download", "--job", "walk", "--formats", "docx,mmd,md", "--out", out, "--json");
    expect(answer.code).toBe(1);
    expect(readdirSync(out).sort()).toEqual(["scan.md", "scan.mmd", "text.md", "text.mmd"]);
    expect(answer.json.files).toHaveLength(2);
    for (const { failed } of answer.json.files)
      expect(failed).toEqual([{ format: "docx", code: "unsupported_format", message: expect.any(String) }]);
    const ids = sent.json.files.map((file: { file_id: string }) => file.file_id);
    const some = await sheaf("download", ids[0], "0".repeat(36), "--out", join(folder, "some"));
    expect([some.code, readdirSync(join(folder, "some"))]).toEqual([1, ["text.mmd"]]);
    expect(some.stderr).toContain("(not_found)");
    expect((await sheaf("download", ids[0], "--out", join(folder, "one"))).code).toBe(0);
    expect(await sheaf("download")).toMatchObject({ code: 2, stderr: expect.stringContaining("--job JOB_ID") });
  });
});

describe("sheaf keys", () => {
  test("rotate gives a known app_id another key, and makes none for an unknown one", async () => {
    const made = (await sheaf("keys", "create", "turns", "--json")).json;
    const rotated = (await sheaf("keys", "rotate", "turns", made.app_id, "--json")).json;
    expect(rotated.app_id).toBe(made.app_id);
    expect(rotated.app_key).not.toBe(made.app_key);
    const unknown = await sheaf("keys", "rotate", "turns", "nobody");
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no live key of the app_id "nobody"') });
    expect((await sheaf("keys", "list", "turns", "--json")).json.keys).toHaveLength(2);
  });

  test("a group that isn't there is said to be none; limits set leave the others as they are", async () => {
    expect((await sheaf("keys", "list", "nope")).stderr).toContain('There is no group "nope"');
    const limits = await sheaf("keys", "limits", "nope");
    expect(limits.stderr).toContain("these limits would hold for it");
    expect(limits.stdout).toMatch(/files_in_flight\s+100/);
    await sheaf("keys", "limits", "turns", "--pages", "7");
    const set = await sheaf("keys", "limits", "turns", "--requests", "600", "--json");
    expect(set.json).toMatchObject({ page_monthly_limit: 7, requests_per_minute: 600 });
    expect(set.stderr).toBe("");
  });
});
