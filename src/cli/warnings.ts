/** Warnings of many files → lines for people below their table: the same sentence once, with whom it concerns. */

/** More lines than this are for --json. */
const LINES_SHOWN = 40;
/** Files named of those that a sentence concerns. */
const NAMES_SHOWN = 3;

export function warningLines(files: readonly { name: string; warnings: readonly string[] }[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, warnings } of files) {
    for (const text of new Set(warnings)) {
      const concerned = names.get(text);
      if (concerned === undefined) names.set(text, [name]);
      else concerned.push(name);
    }
  }
  const lines = [...names].map(([text, concerned]) => `warning: ${describeNames(concerned)}: ${text}`);
  if (lines.length <= LINES_SHOWN) return lines;
  return [...lines.slice(0, LINES_SHOWN), `and ${lines.length - LINES_SHOWN} warnings more (--json lists all)`];
}

function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  return names.length <= NAMES_SHOWN ? shown : `${shown} and ${names.length - NAMES_SHOWN} files more`;
}
