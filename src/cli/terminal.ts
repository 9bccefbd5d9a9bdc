/** What a person sees: lines, tables, a progress bar. Results go to stdout, everything about the run to stderr. */

/** Redrawing more often than this costs time and shows nothing. */
const REDRAW_MS = 100;
/** Where stderr is no terminal (a log), a line this often says that something moves. */
const LOG_LINE_MS = 10_000;
const BAR_WIDTH = 28;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Columns padded to their widest cell; numbers to the right. */
export function tableOf(
  header: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => String(cell ?? "")));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"));
  return cells
    .map((row) =>
      row
        .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export interface Bar {
  /** @param done may be fractional (a file half converted) */
  update(done: number, total: number, text: string): void;
  end(): void;
}

/** A bar on a terminal, a line now and then in a log, nothing when quiet. */
export function progressBar(quiet: boolean): Bar {
  if (quiet) return { update() {}, end() {} };
  const interactive = process.stderr.isTTY === true;
  let drawnAt = 0;
  let open = false;
  let last = "";
  let drawn = "";
  const draw = (text: string): void => {
    drawnAt = Date.now();
    drawn = text;
    if (!interactive) {
      note(text);
      return;
    }
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[2K${text.slice(0, width)}`);
    open = true;
  };
  return {
    update(done, total, text) {
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * BAR_WIDTH);
      const bar = interactive ? `[${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}] ` : "";
      last = `${bar}${Math.floor(share * 100)}% ${text}`;
      if (Date.now() - drawnAt >= (interactive ? REDRAW_MS : LOG_LINE_MS)) draw(last);
    },
    end() {
      if (last === "") return;
      if (interactive || last !== drawn) draw(last);
      if (open) process.stderr.write("\n");
      open = false;
      last = "";
    },
  };
}
