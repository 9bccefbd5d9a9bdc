/** Lines of glyphs → words and segments: the only place where text is put together. */
import { repairText } from "../fonts/readings.ts";
import { type Box, union } from "../geometry.ts";
import type { Page } from "../page.ts";
import type { Segment, Source, Style, Word } from "../page-lines.ts";
import { type Baseline, findBaselines, type GlyphRun } from "./baselines.ts";
import { type Hand, learnHand, mirror, orderForReading, readsRightToLeft } from "./bidi.ts";
import { DECODED, type Decoder, openDecoder } from "./decode.ts";
import { markDoubles } from "./doubles.ts";
import { BREAK, judgeGaps } from "./gaps.ts";
import { type Strip, stripOf } from "./strip.ts";
import { openStyleTable, type StyleTable } from "./styles.ts";
import { partAtUprights, type Upright, uprightsOf } from "./uprights.ts";

/** A baseline shift below this share of the line's em is jitter, and only smaller type is raised or lowered. */
const RISE = { em: 0.08, ratio: 0.9 } as const;
/** So far does the A of LaTeX reach into the L; em. */
const DRAWN_IN = 0.2;
const CAPITAL = /^\p{Lu}$/u;
const SOURCES: readonly Source[] = ["native", "repaired", "undecodable"]; // by DECODED
const SOFT_HYPHEN = 0xad;

export interface PageText {
  words: Word[];
  lines: Segment[];
  styles: Style[];
  /** Glyphs without any text, and where. */
  lost: Loss | undefined;
  /** Glyphs that nobody sees. */
  hidden: Loss | undefined;
}

export interface Loss {
  glyphs: number;
  box: Box;
}

/** What the steps below share for one page. */
interface Work {
  page: Page;
  strip: Strip;
  decoder: Decoder;
  styles: StyleTable;
  /** Per glyph. */
  rise: Int32Array;
  hidden: Uint8Array;
  uprights: readonly Upright[];
  /** Drop capitals: the glyph after them, whose style and height in the line are theirs. */
  looks: Map<number, number>;
  text: PageText;
}

/** @param hidden by glyph: 1 = nobody sees it */
export function readText(page: Page, hidden: Uint8Array): PageText {
  repairText(page.glyphs, page.fonts);
  const strip = stripOf(page.glyphs);
  const styles = openStyleTable(page.glyphs, page.fonts);
  const text: PageText = { words: [], lines: [], styles: styles.list, lost: undefined, hidden: undefined };
  const decoder = openDecoder(page.glyphs);
  const work: Work = {
    page,
    strip,
    decoder,
    styles,
    rise: new Int32Array(page.glyphs.count),
    hidden,
    uprights: uprightsOf(page.paths),
    looks: new Map(),
    text,
  };
  const drafts = findBaselines(strip).flatMap((line) => cutLine(work, line));
  const fromTheRight = drafts.filter(({ words }) => readsRightToLeft(strip, words));
  const hand =
    fromTheRight.length > 0
      ? learnHand(
          strip,
          fromTheRight.map(({ words }) => words),
        )
      : undefined;
  const turned = new Set(fromTheRight);
  for (const draft of drafts) writeSegment(work, draft, turned.has(draft) ? hand : undefined);
  return text;
}

/** A segment as it stands on the page, from left to right. */
interface Draft {
  degrees: number;
  words: number[][];
  /** White before each word, in units. */
  gaps: number[];
}

function cutLine(work: Work, line: Baseline): Draft[] {
  const { strip } = work;
  const runs = line.runs.sort((a, b) => a.u0 - b.u0 || a.from - b.from);
  markDoubles(strip, runs, work.hidden);
  const { dropCapital } = line;
  const main = mainRun(runs.filter((run) => run !== dropCapital?.run));
  const glyphs: number[] = [];
  for (const run of runs) {
    const shift = Math.round(main.v - run.v);
    const raised =
      run.size < RISE.ratio * main.size && Math.abs(shift) > RISE.em * main.size && !isDrawnIn(work, runs, run, main);
    for (let k = run.from; k < run.to; k++) {
      const i = strip.ink[k]!;
      if (strip.doubled[i]) continue;
      if (raised) work.rise[i] = shift;
      glyphs.push(i);
    }
  }
  const { gap, breaks } = judgeGaps(strip, glyphs);
  if (line.degrees === 0) partAtUprights(work.uprights, strip, glyphs, breaks);
  if (dropCapital) {
    const at = glyphs.indexOf(strip.ink[dropCapital.run.to - 1]!) + 1;
    if (dropCapital.glued || breaks[at] === BREAK.segment) breaks[at] = dropCapital.glued ? BREAK.none : BREAK.word;
    for (const i of glyphs.slice(0, at)) work.looks.set(i, glyphs[at] ?? i);
  }
  const drafts: Draft[] = [];
  for (let k = 0; k < glyphs.length; k++) {
    if (k === 0 || breaks[k] === BREAK.segment)
      drafts.push({ degrees: line.degrees, words: [[glyphs[k]!]], gaps: [0] });
    else if (breaks[k] === BREAK.none) drafts.at(-1)!.words.at(-1)!.push(glyphs[k]!);
    else {
      drafts.at(-1)!.words.push([glyphs[k]!]);
      drafts.at(-1)!.gaps.push(Math.max(1, Math.round(gap[k]!)));
    }
  }
  return drafts;
}

/** The A of LaTeX: one small raised capital, drawn far into the letter before it, as no exponent is. */
function isDrawnIn({ strip }: Work, runs: readonly GlyphRun[], run: GlyphRun, main: GlyphRun): boolean {
  if (run.to - run.from !== 1 || !CAPITAL.test(String.fromCodePoint(strip.glyphs.unicode[strip.ink[run.from]!]!))) {
    return false;
  }
  const before = runs[runs.indexOf(run) - 1];
  return before !== undefined && run.u0 < before.u1 - DRAWN_IN * main.size;
}

/** The run that most of the line's ink is like: the largest among those that hold a fair share. */
function mainRun(runs: readonly GlyphRun[]): GlyphRun {
  let best = runs[0]!;
  const weight = (run: GlyphRun) => (run.to - run.from) * run.size * run.size;
  for (const run of runs) if (weight(run) > weight(best)) best = run;
  return best;
}

function writeSegment(work: Work, draft: Draft, hand: Hand | undefined): void {
  const { strip, text } = work;
  let words = draft.words.map((glyphs) => ({ glyphs, turned: [] as number[] }));
  let { gaps } = draft;
  if (hand) {
    words = orderForReading(strip, draft.words, hand);
    gaps = words.map(({ glyphs }, i) => (i === 0 ? 0 : Math.max(1, whiteBetween(strip, words[i - 1]!.glyphs, glyphs))));
  }
  const from = text.words.length;
  for (let w = 0; w < words.length; w++) {
    const { glyphs, turned } = words[w]!;
    writeWord(work, glyphs, gaps[w]!, w === words.length - 1, hand?.mirrored ? turned : []);
  }
  const to = text.words.length;
  if (to === from) return;
  let box = text.words[from]!.box;
  for (let w = from + 1; w < to; w++) box = union(box, text.words[w]!.box);
  text.lines.push({ from, to, box, angle: draft.degrees });
}

/** White between two words, whichever stands first on the line. */
function whiteBetween(strip: Strip, a: readonly number[], b: readonly number[]): number {
  const ends = (word: readonly number[]) => {
    let [u0, u1] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const i of word) [u0, u1] = [Math.min(u0, strip.u[i]!), Math.max(u1, strip.end[i]!)];
    return { u0, u1 };
  };
  const [x, y] = [ends(a), ends(b)];
  return Math.round(Math.max(y.u0 - x.u1, x.u0 - y.u1));
}

/**
 * One Word a stretch of equal style, visibility and source; the later ones are glued to the first.
 * @param mirrored glyphs whose brackets have the shape of the other hand
 */
function writeWord(
  work: Work,
  glyphs: readonly number[],
  gap: number,
  lastInLine: boolean,
  mirrored: readonly number[],
): void {
  const { strip, page, decoder, styles, text } = work;
  let word: Word | undefined;
  let last = -1;
  for (let k = 0; k < glyphs.length; k++) {
    const i = glyphs[k]!;
    const unicode = page.glyphs.unicode[i]!;
    const softHyphen = unicode === SOFT_HYPHEN;
    // Inside a line a soft hyphen shows nothing.
    if (softHyphen && !(lastInLine && k === glyphs.length - 1)) continue;
    const letters = mirrored.includes(i) ? mirror(decoder.text(i)) : decoder.text(i);
    const { trust } = decoder;
    const look = work.looks.get(i) ?? i;
    const style = styles.numberOf(look, work.rise[look]!);
    const hidden = work.hidden[i] === 1;
    const now = (style * 4 + trust) * 2 + Number(hidden);
    if (word && now === last) {
      word.text += letters;
      word.box = grown(word.box, page.glyphs, i);
    } else {
      word = {
        text: letters,
        box: look === i ? boxOf(page, i) : besides(boxOf(page, i), boxOf(page, look)),
        baseline: Math.round(strip.v[look]!) || 0,
        style,
        gap: word ? 0 : gap,
        source: SOURCES[trust]!,
      };
      if (hidden) word.hidden = true;
      const mcid = page.glyphs.mcid[i]!;
      if (mcid >= 0) word.mcid = mcid;
      text.words.push(word);
      last = now;
    }
    if (softHyphen) word.softHyphen = true;
    if (trust === DECODED.undecodable) text.lost = noted(text.lost, boxOf(page, i));
    if (hidden) text.hidden = noted(text.hidden, boxOf(page, i));
  }
}

function boxOf(page: Page, i: number): Box {
  const { x0, y0, x1, y1 } = page.glyphs;
  return [Math.round(x0[i]!) || 0, Math.round(y0[i]!) || 0, Math.round(x1[i]!) || 0, Math.round(y1[i]!) || 0];
}

/** As wide as the one, as high as the other. */
function besides(wide: Box, high: Box): Box {
  return [wide[0], high[1], wide[2], high[3]];
}

/** The same as the union with the glyph's box, without making that: once a glyph. */
function grown(box: Box, { x0, y0, x1, y1 }: Page["glyphs"], i: number): Box {
  return [
    Math.min(box[0], Math.round(x0[i]!) || 0),
    Math.min(box[1], Math.round(y0[i]!) || 0),
    Math.max(box[2], Math.round(x1[i]!) || 0),
    Math.max(box[3], Math.round(y1[i]!) || 0),
  ];
}

function noted(loss: Loss | undefined, box: Box): Loss {
  return loss ? { glyphs: loss.glyphs + 1, box: union(loss.box, box) } : { glyphs: 1, box };
}
