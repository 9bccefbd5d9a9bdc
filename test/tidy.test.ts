/** Keeps the layout: ranks, no cycles, no dead files, nothing too long, no grab bags, no banned calls, no machine's paths. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeImport } from "./tidy/ranks.ts";
import { findCycle, listFiles, type Module, parseModule, ROOT, readModule } from "./tidy/source.ts";

const FILE_LINES = 300;
const FUNCTION_LINES = 70;

/** Longer than allowed, each with its reason; this list may only shrink. */
const LONG_FILES: Record<string, string> = {};
const LONG_FUNCTIONS: Record<string, string> = {};

/** Started by a runtime, a configuration or a command, and imported by nobody. */
const ENTRIES = [
  "src/worker.ts",
  "src/converter/worker.ts",
  "src/cli/setup.mjs",
  "src/cli/start.ts",
  "src/cli/main.ts",
  "src/cli/deploy.ts",
  "src/cli/types.ts",
  "src/cli/meter.ts",
  "src/cli/dev/keeper.ts",
  "src/cli/convert/worker.ts",
];

const GRAB_BAGS = /^(utils?|helpers?|common|misc)$/;
/** DESIGN section 2: the checks every route gets. */
const NOT_GRAB_BAGS = ["test/api/common.ts", "test/api/common.test.ts"];

const BANNED_CALLS: Record<string, string> = {
  "Math.random": "node:crypto's randomBytes or crypto.randomUUID",
  "console.log": "lib/log's log, or cli/terminal's print",
  "console.error": "lib/log's log, or cli/terminal's note",
  "console.warn": "lib/log's log, or cli/terminal's note",
};

const ENV_ALLOWED = /^src\/(worker\.ts|(converter|typesetter)\/worker\.ts|(api|pipeline|dashboard)\/)/;

const MACHINE_PATH = /(^|[\s"'`(=:])\/(work|home|root|Users)\/[A-Za-z0-9]/m;

const modules = listFiles(["src"], /\.(m?ts|mjs|tsx)$/).map(readModule);
const paths = new Set(modules.map((module) => module.path));

describe("tidy", () => {
  test("imports go to a lower rank only", () => {
    const wrong = modules.flatMap((module) => module.imports.map((to) => judgeImport(module.path, to)));
    expect(wrong.filter((each) => each !== null)).toEqual([]);
  });

  test("what is imported exists", () => {
    const missing = modules.flatMap((module) =>
      module.imports.filter((to) => !existsSync(join(ROOT, to))).map((to) => `${module.path} imports ${to}`),
    );
    expect(missing).toEqual([]);
  });

  test("no cycles", () => {
    expect(findCycle(modules)).toBeNull();
  });

  test("no file that nobody imports", () => {
    const imported = new Set(modules.flatMap((module) => module.imports));
    expect([...paths].filter((path) => !imported.has(path) && !ENTRIES.includes(path))).toEqual([]);
    expect(ENTRIES.filter((path) => !paths.has(path))).toEqual([]);
  });

  test(`files of at most ${FILE_LINES} lines`, () => {
    const long = modules.filter((module) => module.lines > FILE_LINES).map((module) => module.path);
    expect(long).toEqual(Object.keys(LONG_FILES).sort());
  });

  test(`functions of at most ${FUNCTION_LINES} lines`, () => {
    expect(longFunctions(modules)).toEqual(Object.keys(LONG_FUNCTIONS).sort());
  });

  test("no grab bags", () => {
    const all = listFiles(["src", "test"], /./).filter((path) => !NOT_GRAB_BAGS.includes(path));
    expect(all.filter((path) => path.split("/").some((part) => GRAB_BAGS.test(part.split(".")[0]!)))).toEqual([]);
  });

  test("no banned calls", () => {
    const found = modules.flatMap((module) =>
      Object.entries(BANNED_CALLS)
        .filter(([name]) => module.calls.has(name))
        .map(([name, instead]) => `${module.path} calls ${name}; use ${instead}`),
    );
    expect(found).toEqual([]);
  });

  test("Env is named at the entries, in api, pipeline and dashboard only", () => {
    const named = modules.filter((module) => module.types.has("Env")).map((module) => module.path);
    expect(named.filter((path) => !ENV_ALLOWED.test(path))).toEqual([]);
  });

  test("no path of a machine", () => {
    const top = [
      "package.json",
      "wrangler.toml",
      "tsconfig.json",
      "biome.json",
      "README.md",
      "CHANGELOG.md",
      ".ci/run",
    ];
    const texts = [
      ...listFiles(["src", "test"], /\.(m?ts|mjs|tsx|toml|json|md)$/),
      ...top.filter((path) => existsSync(join(ROOT, path))),
    ];
    const found = texts.filter(
      (path) => path !== "test/tidy.test.ts" && MACHINE_PATH.test(readFileSync(join(ROOT, path), "utf8")),
    );
    expect(found).toEqual([]);
  });
});

function longFunctions(modules: readonly Module[]): string[] {
  return modules
    .flatMap((module) =>
      module.functions.filter((each) => each.lines > FUNCTION_LINES).map((each) => `${module.path} ${each.name}`),
    )
    .sort();
}

describe("tidy itself finds", () => {
  test("a climb, an equal, a verb that knows another verb, a side door", () => {
    expect(judgeImport("src/jobs/a.ts", "src/api/b.ts")).toContain("rank");
    expect(judgeImport("src/lib/a.ts", "src/engine/errors.ts")).toContain("rank");
    expect(judgeImport("src/engine/layout/a.ts", "src/engine/survey/index.ts")).toContain("engine rank");
    expect(judgeImport("src/pipeline/a.ts", "src/engine/readers/pdf/page.ts")).toContain("enters the engine");
    expect(judgeImport("src/shared/a.ts", "src/lib/hash.ts")).toContain("no folder with a rank");
    expect(judgeImport("src/api/a.ts", "src/jobs/b.ts")).toBeNull();
    expect(judgeImport("src/engine/layout/a.ts", "src/engine/layout/blocks/b.ts")).toBeNull();
  });

  test("a cycle of three", () => {
    const cycle = findCycle([
      { path: "a", imports: ["b"] },
      { path: "b", imports: ["c"] },
      { path: "c", imports: ["a"] },
    ]);
    expect(cycle).toEqual(["a", "b", "c", "a"]);
  });

  test("imports over several lines, re-exports, lazy ones, calls, types and long functions", () => {
    const body = "  x();\n".repeat(FUNCTION_LINES);
    const module = parseModule(
      "src/jobs/example.ts",
      `import {\n  a,\n  type B,\n} from "../lib/a.ts";\nexport * from "./b.ts";\nconst c = await import("./c.ts");\nfunction long(env: Env) {\n${body}}\nconsole.log(a, Math.random());`,
    );
    expect(module.imports).toEqual(["src/lib/a.ts", "src/jobs/b.ts", "src/jobs/c.ts"]);
    expect(longFunctions([module])).toEqual(["src/jobs/example.ts long"]);
    expect(module.types.has("Env")).toBe(true);
    expect([...module.calls]).toEqual(expect.arrayContaining(["console.log", "Math.random", "x"]));
  });
});
