/** FILE, DIR, GLOB and URL arguments → the list of inputs, each once, in a stable order. */
import { glob, readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { UsageError } from "./command.ts";
import type { Named } from "./outputs.ts";

/** What a folder is searched for; a file named itself is taken whatever its extension. */
const EXTENSIONS = [".pdf"];

export function isUrl(text: string): boolean {
  return /^(https?|s3|gs):\/\//.test(text);
}

/** @throws UsageError for what doesn't exist */
export async function findInputs(args: readonly string[]): Promise<Named[]> {
  const found = new Map<string, Named>();
  for (const arg of args) {
    const inputs = await findOne(arg);
    if (inputs.length === 0) throw new UsageError(`"${arg}" names no ${EXTENSIONS.join(" or ")} file`);
    for (const input of inputs) if (!found.has(resolve(input.path))) found.set(resolve(input.path), input);
  }
  return [...found.values()];
}

async function findOne(arg: string): Promise<Named[]> {
  const info = await stat(arg).catch(() => null);
  if (info?.isFile()) return [{ path: arg, relative: basename(arg) }];
  if (info?.isDirectory())
    return below(
      arg,
      (await readdir(arg, { recursive: true })).map((name) => join(arg, name)),
    );
  if (!/[*?[{]/.test(arg)) throw new UsageError(`there is no file or folder "${arg}"`);
  const matches: string[] = [];
  for await (const match of glob(arg)) matches.push(match);
  const files: string[] = [];
  for (const match of matches) if ((await stat(match)).isFile()) files.push(match);
  return files.sort().map((path) => ({ path, relative: relative(fixedPart(arg), path) }));
}

async function below(folder: string, paths: string[]): Promise<Named[]> {
  const wanted = paths.filter((path) => EXTENSIONS.some((extension) => path.toLowerCase().endsWith(extension)));
  const inputs: Named[] = [];
  for (const path of wanted.sort()) {
    const info = await stat(path).catch(() => null);
    if (info?.isFile()) inputs.push({ path, relative: relative(folder, path) });
  }
  return inputs;
}

/** The folders of a glob before its first wildcard. */
function fixedPart(pattern: string): string {
  const parts = pattern.split(/[\\/]/);
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  const fixed = parts.slice(0, wild).join(sep);
  return fixed === "" ? (pattern.startsWith("/") ? "/" : ".") : fixed;
}
