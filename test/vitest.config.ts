/**
 * Three projects: `node` (the engine, the command line, pure code), `front` (the front Worker in workerd with real D1, R2,
 * queues and Durable Objects) and `both` (both real Workers together, started from node and spoken to over HTTP).
 */
import { execFileSync } from "node:child_process";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** A named service must exist; the real one is exercised by the project `both`. */
const converterStub = `
import { WorkerEntrypoint } from "cloudflare:workers";
export class Converter extends WorkerEntrypoint { convert() {} crop() { return null; } }
export default { fetch: () => new Response("stub") };`;

/** dist/pdfium.wasm, which the converter imports: wrangler makes it before it bundles, and so do we. */
execFileSync(process.execPath, ["src/cli/meter.ts"]);

const compatibilityDate = "2026-10-23";

export default defineConfig(async () => ({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/{engine,metamorphic,cli,lib,stores,deploy}/**/*.test.ts", "test/*.test.ts"],
          exclude: ["test/**/*.workerd.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              compatibilityFlags: ["nodejs_compat", "service_binding_extra_handlers"],
              bindings: {
                MIGRATIONS: await readD1Migrations("./migrations"),
                ID_SECRET: "id-secret-of-the-tests",
                ADMIN_SECRET: "admin-secret-of-the-tests",
                ALLOW_LOCAL_SOURCES: "true",
                FETCH_PATIENCE_MS: "1000",
              },
              workers: [{ name: "sheaf-converter", modules: true, script: converterStub, compatibilityDate }],
            },
          }),
        ],
        test: {
          name: "front",
          include: ["test/{jobs,accounts,api,pipeline,db}/**/*.test.ts", "test/**/*.workerd.test.ts"],
          setupFiles: ["test/front.setup.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "both",
          include: ["test/both/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
}));
