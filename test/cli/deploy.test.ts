import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWanted } from "../../src/cli/deploy/account.ts";
import {
  type Account,
  EMPTY_ACCOUNT,
  findObstacles,
  lifecycleRules,
  planDeployment,
  planRollback,
  type Wanted,
} from "../../src/cli/deploy/plan.ts";
import { RETENTION_DAYS } from "../../src/jobs/artifacts.ts";

const DEPLOY = join(import.meta.dirname, "../../src/cli/deploy.ts");
const wanted: Wanted = {
  front: "sheaf",
  converter: "sheaf-converter",
  database: { name: "sheaf", id: "3f0c0d4e-0000-4000-8000-000000000001" },
  bucket: "sheaf",
  queues: ["sheaf-fetch", "sheaf-convert", "sheaf-dead"],
  publicUrl: "https://sheaf.example.com",
};
const lines = (account: Account) => planDeployment(wanted, account).map((step) => step.args.join(" "));

describe("deployment", () => {
  test("on an empty account: storage first, then the front without the converter, the converter, the front", () => {
    expect(lines(EMPTY_ACCOUNT)).toEqual([
      "r2 bucket create sheaf",
      "queues create sheaf-fetch",
      "queues create sheaf-convert",
      "queues create sheaf-dead",
      "r2 bucket lifecycle set sheaf --file {rules} --force",
      "d1 migrations apply DB --remote -c wrangler.toml",
      "deploy -c {first} --secrets-file {secrets}",
      "deploy -c src/converter/wrangler.toml",
      "deploy -c wrangler.toml",
    ]);
  });

  test("where everything is there: rules, migrations, both Workers; never new secrets", () => {
    const full = { frontExists: true, databaseId: wanted.database.id, bucketExists: true, queues: wanted.queues };
    expect(lines(full)).toEqual([
      "r2 bucket lifecycle set sheaf --file {rules} --force",
      "d1 migrations apply DB --remote -c wrangler.toml",
      "deploy -c src/converter/wrangler.toml",
      "deploy -c wrangler.toml",
    ]);
  });

  test("cut off half way, it goes on", () => {
    const half = { frontExists: true, databaseId: wanted.database.id, bucketExists: true, queues: ["sheaf-fetch"] };
    expect(lines(half).slice(0, 2)).toEqual(["queues create sheaf-convert", "queues create sheaf-dead"]);
    expect(lines(half)).not.toContain("deploy -c {first} --secrets-file {secrets}");
  });

  test("a placeholder of a database and a local address are refused, each with what to do", () => {
    expect(findObstacles(wanted, EMPTY_ACCOUNT)).toEqual([]);
    const raw = { ...wanted, database: { name: "sheaf", id: "00000000-0000-0000-0000-000000000000" } };
    expect(
      findObstacles({ ...raw, publicUrl: "http://127.0.0.1:8787" }, { ...EMPTY_ACCOUNT, databaseId: "abc" }),
    ).toEqual([expect.stringContaining('database_id = "abc"'), expect.stringContaining("PUBLIC_URL")]);
    for (const publicUrl of ["http://localhost:1", "http://[::1]/", "http://0.0.0.0", "nonsense", ""]) {
      expect(findObstacles({ ...wanted, publicUrl }, EMPTY_ACCOUNT)).toHaveLength(1);
    }
  });

  test("one lifecycle rule a class of retention", () => {
    const { rules } = lifecycleRules();
    for (const [prefix, days] of Object.entries(RETENTION_DAYS)) {
      expect(rules).toContainEqual(
        expect.objectContaining({
          conditions: { prefix: `${prefix}/` },
          deleteObjectsTransition: { condition: { type: "Age", maxAge: days * 86_400 } },
        }),
      );
    }
  });

  test("a rollback covers both Workers and asks nobody", () => {
    expect(planRollback().map((step) => step.args.slice(0, 4).join(" "))).toEqual([
      "rollback -c wrangler.toml --yes",
      "rollback -c src/converter/wrangler.toml --yes",
    ]);
  });

  test.each(["--lifecycle", "--rollback"])("%s without a login says how to log in, and runs nothing", (flag) => {
    const home = mkdtempSync(join(tmpdir(), "sheaf-home-"));
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_API_KEY: "" };
    const run = spawnSync(process.execPath, [DEPLOY, flag], { encoding: "utf8", env });
    expect(run).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("npx wrangler login") });
  });

  test("what the real configurations want is read whole", () => {
    expect(readWanted()).toMatchObject({
      front: "sheaf",
      converter: "sheaf-converter",
      bucket: "sheaf",
      queues: expect.arrayContaining(["sheaf-fetch", "sheaf-convert", "sheaf-dead"]),
    });
  });
});
