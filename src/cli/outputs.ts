/** Where results go: `<stem>.<ext>` in one folder, with relative folders where stems clash; written whole or not at all. */
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** An input, and its path below the deepest folder that all arguments of the run have in common. */
export interface Named {
  path: string;
  relative: string;
}

/**
 * Each input's output path without extension, below the output folder. Stems that clash keep their relative folder;
 * those that clash even then (a.pdf beside a.PDF) keep their whole name, then a number. What a file is called depends
 * on its own clash alone: it is the same whatever else is converted with it. Case is ignored, since some file systems do.
 */
export function stemsOf(inputs: readonly Named[]): string[] {
  const candidates: ((input: Named) => string)[] = [
    (input) => stem(basename(input.relative)),
    (input) => join(dirname(input.relative), stem(basename(input.relative))),
    (input) => input.relative,
  ];
  const chosen: (string | undefined)[] = new Array(inputs.length).fill(undefined);
  let open = inputs.map((_, index) => index);
  for (const candidate of candidates) {
    const counts = new Map<string, number>();
    for (const index of open) count(counts, candidate(inputs[index]!));
    const taken = new Set(chosen.filter((name) => name !== undefined).map(key));
    open = open.filter((index) => {
      const name = candidate(inputs[index]!);
      if (counts.get(key(name)) !== 1 || taken.has(key(name))) return true;
      chosen[index] = name;
      return false;
    });
  }
  const taken = new Set(chosen.filter((name) => name !== undefined).map(key));
  for (const index of open) {
    let name = inputs[index]!.relative;
    for (let number = 2; taken.has(key(name)); number++) name = `${inputs[index]!.relative}-${number}`;
    taken.add(key(name));
    chosen[index] = name;
  }
  return chosen.map((name) => name!);
}

function stem(name: string): string {
  return name.slice(0, name.length - extname(name).length) || name;
}

function key(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(key(name), (counts.get(key(name)) ?? 0) + 1);
}

/** @param data a body is streamed */
export async function writeWhole(file: string, data: string | Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = temporaryOf(file);
  try {
    if (data instanceof ReadableStream) await pipeline(Readable.fromWeb(data as never), createWriteStream(temporary));
    else await writeFile(temporary, data);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Where `writeWhole` of this process writes first: left behind only by a thread that was ended in the middle. */
export function temporaryOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
}

/** A name the server gave, made harmless: no folders, nothing hidden. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).pop() ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return last.replace(/[\u0000-\u001f\u007f]/g, "").replace(/^\.+/, "") || "document";
}
