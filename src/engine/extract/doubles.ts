/**
 * Glyphs drawn again on top of themselves (bold by overprint, shadows): the second is dropped, the first is marked.
 * Only runs that overlap along their line are looked at.
 */
import { GLYPH } from "../page.ts";
import type { GlyphRun } from "./baselines.ts";
import type { Strip } from "./strip.ts";

/** Largest shift between the two, in em. */
const SHIFT = 0.15;

/** @param runs of one line, by their start along it */
export function markDoubles(strip: Strip, runs: readonly GlyphRun[], hidden: Uint8Array): void {
  for (let r = 1; r < runs.length; r++) {
    const run = runs[r]!;
    for (let e = r - 1; e >= 0; e--) {
      const earlier = runs[e]!;
      if (run.u0 - earlier.u0 > SHIFT * run.size && earlier.u1 <= run.u0) {
        if (earlier.to - earlier.from === 1) break; // single glyphs: those before it end earlier still
        continue;
      }
      compareRuns(strip, earlier, run, hidden);
    }
  }
}

function compareRuns(strip: Strip, earlier: GlyphRun, run: GlyphRun, hidden: Uint8Array): void {
  const { ink, u, v, glyphs, doubled } = strip;
  let from = earlier.from;
  for (let k = run.from; k < run.to; k++) {
    const i = ink[k]!;
    if (doubled[i]) continue;
    const reach = SHIFT * run.size;
    while (from < earlier.to && u[ink[from]!]! < u[i]! - reach) from++;
    for (let m = from; m < earlier.to && u[ink[m]!]! <= u[i]! + reach; m++) {
      const other = ink[m]!;
      if (doubled[other] || glyphs.unicode[other] !== glyphs.unicode[i] || Math.abs(v[other]! - v[i]!) > reach)
        continue;
      // Of a pair that is half seen (white under black) the other half is no text, nor does it make bold.
      if (hidden[i] === hidden[other]) glyphs.flags[other]! |= GLYPH.overprinted;
      doubled[hidden[other]! > hidden[i]! ? other : i] = 1;
      break;
    }
  }
}
