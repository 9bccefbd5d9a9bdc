/** FILE, DIR, GLOB and URL arguments → the list of inputs, each once, in a stable order, and what wasn't found. */
import { glob, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { type Named, safeName } from "./outputs.ts";

/** What a folder is searched for; a file named itself is taken whatever its extension. */
const EXTENSIONS = [".pdf"];

export interface Found {
  inputs: Named[];
  missing: Missing[];
}

/** An argument that names nothing: told beside the others' results, since one slip should not stop a thousand files. */
export interface Missing {
  path: string;
  message: string;
}

export function isUrl(text: string): boolean {
  return /^(https?|s3|gs):\/\//.test(text);
}

export async function findInputs(args: readonly string[]): Promise<Found> {
  const paths = new Map<string, string>();
  const missing: Missing[] = [];
  const roots: string[] = [];
  for (const arg of args) {
    const { root, files, problem } = await findOne(arg).catch((error: Error) => ({
      root: dirname(arg),
      files: [],
      problem: error.message,
    }));
    roots.push(resolve(root));
    if (problem !== null) missing.push({ path: arg, message: problem });
    for (const path of files) if (!paths.has(resolve(path))) paths.set(resolve(path), path);
  }
  const above = commonFolders(roots).length;
  return {
    inputs: [...paths].map(([full, path]) => ({ path, relative: partsOf(full).slice(above).join(sep) })),
    missing,
  };
}

/** An address, and for clashing names its host and path. */
export function urlInput(url: string): Named {
  const { host, pathname } = new URL(url);
  const parts = pathname.split("/").filter((part) => part !== "");
  return { path: url, relative: join(...[host, ...(parts.length > 0 ? parts : ["document"])].map(safeName)) };
}

interface FoundOne {
  /** The folder that the argument speaks of. */
  root: string;
  files: string[];
  problem: string | null;
}

async function findOne(arg: string): Promise<FoundOne> {
  const info = await stat(arg).catch(() => null);
  if (info?.isFile()) return { root: dirname(arg), files: [arg], problem: null };
  if (info?.isDirectory()) {
    const names = await readdir(arg, { recursive: true });
    const wanted = names.filter((name) => EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension)));
    return someOf(
      arg,
      arg,
      wanted.map((name) => join(arg, name)),
    );
  }
  if (!/[*?[{]/.test(arg)) {
    return { root: dirname(arg), files: [], problem: `there is no file or folder "${arg}"` };
  }
  const matches: string[] = [];
  for await (const match of glob(arg)) matches.push(match);
  return someOf(arg, fixedPart(arg), matches);
}

async function someOf(arg: string, root: string, paths: string[]): Promise<FoundOne> {
  const files: string[] = [];
  for (const path of paths.sort()) if ((await stat(path).catch(() => null))?.isFile()) files.push(path);
  return { root, files, problem: files.length > 0 ? null : `"${arg}" names no ${EXTENSIONS.join(" or ")} file` };
}

/** The folders that all have in common, from the top. */
function commonFolders(folders: readonly string[]): string[] {
  const [first = [], ...rest] = folders.map(partsOf);
  const differs = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return differs < 0 ? first : first.slice(0, differs);
}

/** A drive's colon can't stand inside a path. */
function partsOf(full: string): string[] {
  return full
    .split(sep)
    .filter((part) => part !== "")
    .map((part) => part.replace(/:$/, ""));
}

/** The folders of a glob before its first wildcard. */
function fixedPart(pattern: string): string {
  const parts = pattern.split(/[\\/]/);
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  const fixed = parts.slice(0, wild).join(sep);
  return fixed === "" ? (pattern.startsWith("/") ? "/" : ".") : fixed;
}
