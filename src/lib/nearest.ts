/** A misspelt name and the known ones → the one that was meant, for messages that say what to do. */

/** More edits than a third of the name (and never more than three) is another word, not a misspelling. */
const SHARE_OF_NAME = 3;
const EDITS_MAX = 3;
/** Longer names are not looked at: the table grows with the square. */
const NAME_LENGTH_MAX = 64;

/** @returns null when nothing is near enough to be worth saying */
export function nearestName(name: string, known: Iterable<string>): string | null {
  if (name.length > NAME_LENGTH_MAX) return null;
  const allowed = Math.max(1, Math.min(EDITS_MAX, Math.floor(name.length / SHARE_OF_NAME)));
  let best: string | null = null;
  let fewest = allowed + 1;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(previous[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length]!;
}
