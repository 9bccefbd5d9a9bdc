/** The project's own source as tidy looks at it: which file imports which, how long files and functions are. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync, Visitor } from "vite";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface Module {
  /** From the root, with slashes. */
  path: string;
  text: string;
  lines: number;
  /** Paths of the project's own files it imports, types included. */
  imports: string[];
  functions: { name: string; line: number; lines: number }[];
  /** Names of types it refers to. */
  types: Set<string>;
  /** Dotted names of what it calls: "console.log", "fetch". */
  calls: Set<string>;
}

/** Every file below the folders, declarations without code left out. */
export function listFiles(folders: readonly string[], extension: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
        // wrangler builds in folders of its own beside each configuration.
        .filter((path) => !path.includes("/.")),
    )
    .filter((path) => extension.test(path) && !path.endsWith(".d.ts"))
    .sort();
}

export function readModule(path: string): Module {
  return parseModule(path, readFileSync(join(ROOT, path), "utf8"));
}

export function parseModule(path: string, text: string): Module {
  const { program, module: found, errors } = parseSync(path, text, { astType: "ts" });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const specifiers = [
    ...found.staticImports.map((each) => each.moduleRequest.value),
    ...found.staticExports.flatMap((each) => each.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...found.dynamicImports.map((each) => text.slice(each.moduleRequest.start + 1, each.moduleRequest.end - 1)),
  ];
  const own = specifiers.filter((each) => each.startsWith("."));
  const imports = own.map((each) => relative(ROOT, resolve(ROOT, dirname(path), each)).replaceAll("\\", "/"));
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const functions: Module["functions"] = [];
  const types = new Set<string>();
  const calls = new Set<string>();
  const measure = (node: { start: number; end: number; id?: { name: string } | null }): void => {
    const line = lineAt(node.start);
    functions.push({ name: node.id?.name ?? "(anonymous)", line, lines: lineAt(node.end) - line + 1 });
  };
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
    TSTypeReference(node) {
      if (node.typeName.type === "Identifier") types.add(node.typeName.name);
    },
    CallExpression(node) {
      const name = dottedName(node.callee);
      if (name !== null) calls.add(name);
    },
  }).visit(program);
  return {
    path,
    text,
    lines: text.trimEnd().split("\n").length,
    imports: [...new Set(imports)],
    functions,
    types,
    calls,
  };
}

interface Expression {
  type: string;
  name?: unknown;
  object?: unknown;
  property?: unknown;
}

function dottedName(node: Expression): string | null {
  if (node.type === "Identifier") return String(node.name);
  if (node.type !== "MemberExpression") return null;
  const object = dottedName(node.object as Expression);
  const property = node.property as Expression;
  return object !== null && property.type === "Identifier" ? `${object}.${String(property.name)}` : null;
}

/** The first cycle among these modules, as a path that ends where it began; null when there is none. */
export function findCycle(modules: readonly Pick<Module, "path" | "imports">[]): string[] | null {
  const importsOf = new Map(modules.map((module) => [module.path, module.imports]));
  const done = new Set<string>();
  const walk = (path: string, trail: string[]): string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const next of importsOf.get(path) ?? []) {
      const cycle = walk(next, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const path of importsOf.keys()) {
    const cycle = walk(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
