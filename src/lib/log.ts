/**
 * One JSON object a line. Never a key, a token, or the query of a source URL: callers name the fields they mean,
 * and only the names below exist.
 */
export interface LogFields {
  request?: string;
  group?: string;
  job?: string;
  file?: string;
  step?: string;
  attempt?: number;
  code?: string;
  status?: number;
  method?: string;
  path?: string;
  ms?: number;
  count?: number;
  error?: string;
  stack?: string;
}

type Level = "info" | "warn" | "error";

export function log(level: Level, event: string, fields: LogFields = {}): void {
  // biome-ignore lint/suspicious/noConsole: the one place that writes logs
  console[level](JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }));
}

/** An unknown thrown value as log fields, without its cause chain (which may quote URLs). */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: `${error.name}: ${stripQueries(error.message)}`, stack: stripQueries(error.stack ?? "") };
}

/** Presigned URLs are secrets in their query. */
export function stripQueries(text: string): string {
  return text.replace(/(https?:\/\/[^\s?#"']+)[?#][^\s"']*/g, "$1");
}
