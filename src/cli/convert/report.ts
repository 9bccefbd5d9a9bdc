/** What a run of `sheaf convert` says at its end: a table for people, one object for programs. */
import type { QualitySummary } from "../../engine/index.ts";
import type { Notice } from "../../engine/warnings.ts";
import { tableOf } from "../terminal.ts";
import { warningLines } from "../warnings.ts";
import type { Outcome } from "./task.ts";

export interface FileReport {
  in: string;
  out: string[];
  /** The pictures written beside them. */
  figures: string[];
  pages: number;
  ms: number;
  status: Outcome["status"];
  code: string | null;
  message: string | null;
  warnings: Notice[];
  quality: QualitySummary | null;
}

export interface Totals {
  files: number;
  converted: number;
  skipped: number;
  failed: number;
  /** Files of which something was lost, and how many a code. */
  with_warnings: number;
  warnings: Record<string, number>;
  /** Of the files converted in this run. */
  pages: number;
  seconds: number;
  pages_per_second: number;
  cpu_ms_per_page: number;
  peak_memory_mb: number;
}

/** More lines of failures than this are for --json. */
const FAILURES_SHOWN = 40;
/** With more files than this the table shows failures only. */
const FILES_SHOWN = 20;

/** @param began at the very start of the process's work, in milliseconds since 1970 */
export function totalsOf(files: readonly FileReport[], began: number): Totals {
  const count = (status: Outcome["status"]) => files.filter((file) => file.status === status).length;
  const pages = files.filter((file) => file.status === "converted").reduce((sum, file) => sum + file.pages, 0);
  const seconds = (Date.now() - began) / 1000;
  const { user, system } = process.cpuUsage();
  return {
    files: files.length,
    converted: count("converted"),
    skipped: count("skipped"),
    failed: count("failed"),
    with_warnings: files.filter((file) => file.warnings.length > 0).length,
    warnings: countWarnings(files),
    pages,
    seconds: round(seconds),
    pages_per_second: round(pages / seconds),
    cpu_ms_per_page: pages === 0 ? 0 : round((user + system) / 1000 / pages),
    // maxRSS is in KiB on every system, and of the whole process, threads included.
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

export function describeRun(files: readonly FileReport[], totals: Totals): string {
  const failures = files.filter((file) => file.status === "failed");
  const shown = files.length <= FILES_SHOWN ? files : failures.slice(0, FAILURES_SHOWN);
  const rows = shown.map((file) => [
    file.in,
    file.status,
    file.pages,
    file.ms,
    file.quality?.trust,
    file.quality?.languages.join(","),
    file.code,
    file.message,
  ]);
  const header = ["file", "status", "pages", "ms", "trust", "language", "code", "message"];
  const parts = rows.length > 0 ? [tableOf(header, rows), ""] : [];
  if (failures.length > shown.length)
    parts.push(`and ${failures.length - shown.length} failures more (--json lists all)`);
  const warnings = warningLines(files.map((file) => ({ name: file.in, warnings: file.warnings.map(textOf) })));
  if (warnings.length > 0) parts.push(...warnings, "");
  parts.push(
    `${totals.converted} converted, ${totals.skipped} there already, ${totals.failed} failed${describeWarnings(totals)}; ` +
      `${totals.pages} pages in ${totals.seconds} s (${totals.pages_per_second} pages/s, ` +
      `${totals.cpu_ms_per_page} ms of CPU a page, at most ${totals.peak_memory_mb} MB)`,
  );
  return parts.join("\n");
}

const textOf = (notice: Notice): string => notice.text;

function countWarnings(files: readonly FileReport[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of files.flatMap((file) => file.warnings)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function describeWarnings({ with_warnings, warnings }: Totals): string {
  if (with_warnings === 0) return "";
  const counts = Object.entries(warnings).map(([code, count]) => `${count} ${code}`);
  return `, ${with_warnings} with warnings: ${counts.join(", ")}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
