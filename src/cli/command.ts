/** What a command of `sheaf` is, and how its arguments may be wrong. */
export interface Command {
  help: string;
  /** @returns the exit code */
  run(args: string[]): Promise<number>;
}

/** The user asked for something that can't be: the sentence and a pointer to --help, exit code 2. */
export class UsageError extends Error {}

/** A whole number of at least `least`, from a flag. */
export function readCount(name: string, text: string | undefined, fallback: number, least = 1): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`--${name} must be a whole number of at least ${least}, not "${text}"`);
  return value;
}

/** The JSON object of --options. */
export function readJsonObject(name: string, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(`--${name} must be a JSON object`);
  return value as Record<string, unknown>;
}

/** "mmd, md" → the names, each once. A flag that names nothing is a slip (an unset variable), not the default. */
export function readList(name: string, text: string | undefined, fallback: readonly string[]): string[] {
  if (text === undefined) return [...fallback];
  const names = text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  if (names.length === 0)
    throw new UsageError(`--${name} names nothing; leave it out or give names with commas between`);
  return [...new Set(names)];
}

/** Runs `work` on each item, at most `width` at a time, and keeps the order of the results. */
export async function eachOf<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
