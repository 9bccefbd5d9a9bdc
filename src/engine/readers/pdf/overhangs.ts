/**
 * Glyphs whose ink ends where PDFium's loose box does (f in many faces) → their advance, learnt from where the glyph
 * after them begins in the same text object: the box alone would swallow the white before the next word.
 */
import type { Glyphs } from "../../page.ts";

/** Steps are counted in 1/100 em: kerning moves them by a few. */
const BINS_AN_EM = 100;
/** No letter is narrower. */
const MIN_ADVANCE = 0.08;

/** Corrects `glyphs.advance` of the glyphs listed. */
export function learnAdvances(glyphs: Glyphs, overhanging: readonly number[]): void {
  const steps = new Map<string, Map<number, number>>();
  const keyed = overhanging.map((i) => ({ i, key: keyOf(glyphs, i) }));
  for (const { i, key } of keyed) {
    const step = stepOf(glyphs, i);
    if (step === undefined) continue;
    const counts = steps.get(key) ?? new Map<number, number>();
    steps.set(key, counts);
    const bin = Math.round(step * BINS_AN_EM);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  for (const { i, key } of keyed) {
    const counts = steps.get(key);
    if (!counts) continue;
    const usual = mostFrequent(counts) / BINS_AN_EM;
    glyphs.advance[i] = Math.min(glyphs.advance[i]!, usual * glyphs.size[i]!);
  }
}

/** Font, letter and width: the letters of a ligature all have the ligature's box. */
function keyOf(glyphs: Glyphs, i: number): string {
  const width = Math.round((glyphs.advance[i]! / glyphs.size[i]!) * BINS_AN_EM);
  return `${glyphs.font[i]} ${glyphs.unicode[i]} ${width}`;
}

/** @returns em to the next glyph, where it begins before the ink of this one ends */
function stepOf(glyphs: Glyphs, i: number): number | undefined {
  if (i + 1 >= glyphs.count || glyphs.object[i + 1] !== glyphs.object[i]) return undefined;
  const em = glyphs.size[i]! || 1;
  const distance = Math.hypot(glyphs.x[i + 1]! - glyphs.x[i]!, glyphs.y[i + 1]! - glyphs.y[i]!);
  return distance <= glyphs.advance[i]! && distance >= MIN_ADVANCE * em ? distance / em : undefined;
}

/** The smaller one among equals, so that the answer depends on nothing else. */
function mostFrequent(counts: ReadonlyMap<number, number>): number {
  let best = 0;
  let most = 0;
  for (const [bin, count] of counts) if (count > most || (count === most && bin < best)) [best, most] = [bin, count];
  return best;
}
