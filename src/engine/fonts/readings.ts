/**
 * Fonts that leave glyphs without text → how to read their codes: by the table of a known symbol font, by the names in the
 * embedded program, else by the encoding in which the page's words read like a language. Also finds fonts whose mapping
 * lies: text that is none, and becomes text when its letters are moved along the alphabet.
 */
import { type Font, GLYPH, type Glyphs } from "../page.ts";
import { ENCODINGS, type Encoding, isShortCode, shifted, shiftedGlyphs } from "./encodings.ts";
import { judgeWord, type Signs } from "./fluency.ts";
import { corporateUse } from "./private-use.ts";
import { lookUpSymbol, symbolTable } from "./symbols.ts";

/** Glyphs looked at of one font at most, and words of each code: more would not change the answer. */
const SAMPLE = 2_000;
/** Of one that tells all its glyphs: whether that is a language shows sooner. */
const TOLD_SAMPLE = 300;
const OFTEN = 4;
/** Neighbours in a word: the next begins so near to the end of the last, on its baseline; em. */
const NEAR = { gap: 0.12, back: 0.3, drift: 0.1 } as const;
/** Bits by which a reading must beat chance, in all and for each glyph. English gives about one a glyph. */
const CERTAIN = { bits: 14, each: 0.4 } as const;
/** A font too short to tell by itself follows its kind, unless that reads badly. */
const FOLLOWS = -0.75;
/** A mapping that lies: so many glyphs, in bits a glyph reading worse than chance, well when moved, and by so much better. */
const LIE = { glyphs: 30, worse: -0.5, better: 0.6, gain: 1.6 } as const;
/** Symbol-encoded TrueType fonts have their codes at F000. */
const PRIVATE_USE = 0xf000;

const STEPS = Array.from({ length: 126 }, (_, i) => i - 63).filter((by) => by !== 0);
const SHIFTS: readonly Encoding[] = [...STEPS.map(shifted), ...STEPS.map(shiftedGlyphs)];
/** Fonts without a name are Type 3: TeX's bitmap fonts, or drawn by a producer that keeps codes. Likeliest first. */
const UNNAMED: readonly Encoding[] = [ENCODINGS.ot1, ENCODINGS.t1, ENCODINGS.unicode];
const NAMED: readonly Encoding[] = [ENCODINGS.unicode, ENCODINGS.trueType, ENCODINGS.openType, ENCODINGS.t1];
/** What stands alone beside the text of TeX's bitmap fonts: bullets and signs, and the letters of formulas. */
const SIGNS: readonly Encoding[] = [ENCODINGS.ts1, ENCODINGS.oms, ENCODINGS.oml];

/** How the codes of one font are read. */
export type Reading = Encoding;

interface Sample {
  font: number;
  /** Codes, word by word. */
  words: number[][];
  /** Characters that the font itself tells, among those codes. */
  told: Set<number>;
  glyphs: number;
}

/** Replaces what fonts leave unmapped, or map wrongly, by what was found; marks it `repaired`. */
export function repairText(glyphs: Glyphs, fonts: readonly Font[]): void {
  const counts = countGlyphs(glyphs, fonts);
  if (!counts.some(({ bad, plain }) => bad > 0 || plain >= LIE.glyphs)) return;
  applyReadings(glyphs, findReadings(glyphs, fonts, counts), counts);
}

interface Count {
  bad: number;
  /** Mapped to what one byte can hold. */
  plain: number;
}

function countGlyphs(glyphs: Glyphs, fonts: readonly Font[]): Count[] {
  const counts: Count[] = fonts.map(() => ({ bad: 0, plain: 0 }));
  for (let i = 0; i < glyphs.count; i++) {
    const count = counts[glyphs.font[i]!]!;
    if (isUnread(glyphs, i)) count.bad++;
    else if (isShortCode(glyphs.unicode[i]!)) count.plain++;
  }
  return counts;
}

/** The font gives no Unicode, or one that no font draws. */
export function isUnread(glyphs: Glyphs, i: number): boolean {
  const flags = glyphs.flags[i]!;
  if ((flags & GLYPH.unmapped) !== 0) return true;
  if ((flags & GLYPH.hyphen) !== 0) return false;
  const c = glyphs.unicode[i]!;
  return isControl(c) || (c >= 0xd800 && c <= 0xf8ff) || c === 0xfffd || c >= 0xf0000 || (c & 0xfffe) === 0xfffe;
}

/** But for those that are white space. */
const isControl = (c: number) => (c < 0x20 && !(c >= 0x09 && c <= 0x0d)) || (c >= 0x7f && c < 0xa0);

function findReadings(glyphs: Glyphs, fonts: readonly Font[], counts: readonly Count[]): (Reading | undefined)[] {
  const signs: Signs = new Map();
  const readings: (Reading | undefined)[] = fonts.map(() => undefined);
  const unknown: Sample[] = [];
  const samples = sampleFonts(glyphs, fonts, counts);
  fonts.forEach((font, number) => {
    const { bad, plain } = counts[number]!;
    const table = symbolTable(font);
    if (bad > 0 && table) {
      readings[number] = (code) => lookUpSymbol(table, code)?.codePointAt(0);
    } else if (bad > 0 && font.glyphNames !== undefined) {
      readings[number] = readNames(samples[number]!, font.glyphNames, signs);
    } else if (bad > plain) {
      unknown.push(samples[number]!);
    } else if (plain >= LIE.glyphs) {
      readings[number] = findShift(samples[number]!, signs);
    }
  });
  for (const unnamed of [true, false]) {
    const kind = unknown.filter(({ font }) => (fonts[font]!.name === "") === unnamed);
    if (kind.length > 0) readKind(kind, unnamed, readings, signs);
  }
  return readings;
}

/** Fonts of one kind on one page are mostly made the same way: those that can't tell follow the others. */
function readKind(kind: readonly Sample[], unnamed: boolean, readings: (Reading | undefined)[], signs: Signs): void {
  const encodings = unnamed ? UNNAMED : NAMED;
  const scores = kind.map((sample) => encodings.map((encoding) => judge(sample, encoding, signs)));
  const sum = encodings.map((_, e) => scores.reduce((all, score) => all + Math.max(0, score[e]!), 0));
  const common = bestOf(sum);
  const all = kind.reduce((total, { glyphs }) => total + glyphs, 0);
  const told = isCertain(sum[common]!, all);
  kind.forEach((sample, s) => {
    const own = bestOf(scores[s]!);
    const follows = scores[s]![common]! >= FOLLOWS * sample.glyphs;
    let reading: Reading | undefined;
    if (isCertain(scores[s]![own]!, sample.glyphs)) reading = encodings[own];
    else if (told && unnamed && isSigns(sample)) reading = readSigns(sample);
    else if (told && follows) reading = encodings[common];
    else if (told && unnamed) reading = readSigns(sample);
    else reading = findShift(sample, signs);
    readings[sample.font] = reading;
  });
}

/** Single glyphs, none of them an ASCII letter or digit: no text. */
function isSigns({ words }: Sample): boolean {
  return words.every(([code, more]) => more === undefined && !/[A-Za-z0-9]/.test(String.fromCharCode(code!)));
}

/** @returns the first encoding of signs that knows every code */
function readSigns({ words }: Sample): Encoding | undefined {
  return SIGNS.find((encoding) => words.every((word) => word.every((code) => encoding(code) !== undefined)));
}

/**
 * Glyph numbers are not always codes: what the program says holds unless another reading is clearly better. Either is
 * asked only for what the font doesn't tell: often a few ligatures.
 */
function readNames(sample: Sample, names: ReadonlyMap<number, number>, signs: Signs): Reading {
  const byName: Encoding = (code) => names.get(code);
  const score = (encoding: Encoding) => judge(sample, (code) => (sample.told.has(code) ? code : encoding(code)), signs);
  const scores = NAMED.map(score);
  const best = bestOf(scores);
  const clearly = scores[best]! - score(byName) >= CERTAIN.bits;
  return clearly && isCertain(scores[best]!, sample.glyphs) ? NAMED[best]! : byName;
}

function findShift(sample: Sample, signs: Signs): Encoding | undefined {
  if (sample.glyphs < LIE.glyphs || !isShort(sample)) return undefined;
  const asTold = judge(sample, ENCODINGS.unicode, signs);
  if (asTold > LIE.worse * sample.glyphs) return undefined;
  const scores = SHIFTS.map((shift) => judge(sample, shift, signs));
  const best = bestOf(scores);
  const least = Math.max(LIE.better * sample.glyphs, asTold + LIE.gain * sample.glyphs);
  return scores[best]! >= least ? SHIFTS[best] : undefined;
}

/** The codes of a large font are glyph numbers in no known order. */
const isShort = ({ words }: Sample) => words.every((word) => word.every(isShortCode));

function isCertain(bits: number, glyphs: number): boolean {
  return bits >= CERTAIN.bits && bits >= CERTAIN.each * glyphs;
}

/** The first among equals. */
function bestOf(scores: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

function judge({ words }: Sample, encoding: Encoding, signs: Signs): number {
  let bits = 0;
  for (const codes of words) {
    let word: (number | undefined)[] = [];
    for (const code of codes) {
      const c = encoding(code);
      if (c === 0x20) {
        if (word.length > 0) bits += judgeWord(word, signs);
        word = [];
      } else if (c !== undefined && c >= 0xfb00 && c <= 0xfb06) word.push(...lettersOf(c));
      else word.push(c);
    }
    if (word.length > 0) bits += judgeWord(word, signs);
  }
  return bits;
}

const lettersOf = (ligature: number) =>
  Array.from(String.fromCodePoint(ligature).normalize("NFKD"), (c) => c.codePointAt(0)!);

function sampleFonts(glyphs: Glyphs, fonts: readonly Font[], counts: readonly Count[]): Sample[] {
  const samples: Sample[] = fonts.map((_, font) => ({ font, words: [], told: new Set(), glyphs: 0 }));
  const seen = fonts.map(() => new Map<number, number>());
  let [from, font] = [0, -1];
  const close = (to: number) => {
    const { bad, plain } = counts[font] ?? { bad: 0, plain: 0 };
    const most = bad > 0 ? SAMPLE : plain >= LIE.glyphs ? TOLD_SAMPLE : 0;
    if (most > (samples[font]?.glyphs ?? most)) addWord(samples[font]!, seen[font]!, glyphs, from, to);
  };
  for (let i = 0; i < glyphs.count; i++) {
    if (glyphs.font[i] === font && isBeside(glyphs, i)) continue;
    close(i);
    [from, font] = [i, glyphs.font[i]!];
  }
  close(glyphs.count);
  return samples;
}

/** Keeps a word that has a code seen seldom so far: ligatures tell encodings apart, and are rare. */
function addWord(sample: Sample, seen: Map<number, number>, glyphs: Glyphs, from: number, to: number): void {
  let rare = false;
  for (let i = from; i < to && !rare; i++) rare = (seen.get(codeOf(glyphs, i)) ?? 0) < OFTEN;
  if (!rare) return;
  const word: number[] = [];
  for (let i = from; i < to; i++) {
    const code = codeOf(glyphs, i);
    word.push(code);
    if (!isUnread(glyphs, i)) sample.told.add(code);
    seen.set(code, (seen.get(code) ?? 0) + 1);
  }
  sample.words.push(word);
  sample.glyphs += word.length;
}

/** Glyph i goes on the word of the one before it. */
function isBeside({ x, y, advance, size, angle, object, unicode }: Glyphs, i: number): boolean {
  if (unicode[i] === 0x20 || unicode[i - 1] === 0x20) return false;
  if (angle[i] !== 0) return object[i] === object[i - 1];
  const gap = (x[i]! - x[i - 1]! - advance[i - 1]!) / (size[i]! || 1);
  return gap <= NEAR.gap && gap >= -NEAR.back && Math.abs(y[i]! - y[i - 1]!) <= NEAR.drift * size[i]!;
}

/** What a font that leaves a glyph without text is asked about. */
export function codeOf(glyphs: Glyphs, i: number): number {
  const c = glyphs.unicode[i]!;
  return c >= PRIVATE_USE && c < PRIVATE_USE + 256 ? c - PRIVATE_USE : c;
}

function applyReadings(glyphs: Glyphs, readings: readonly (Reading | undefined)[], counts: readonly Count[]): void {
  for (let i = 0; i < glyphs.count; i++) {
    const font = glyphs.font[i]!;
    const reading = readings[font];
    const lies = reading !== undefined && counts[font]!.bad === 0;
    if (!lies && !isUnread(glyphs, i)) continue;
    const text = reading?.(codeOf(glyphs, i)) ?? corporateUse(glyphs.unicode[i]!);
    if (text === undefined) {
      if (lies) glyphs.flags[i]! |= GLYPH.unmapped;
      continue;
    }
    glyphs.unicode[i] = text;
    glyphs.flags[i] = (glyphs.flags[i]! & ~(GLYPH.unmapped | GLYPH.hyphen)) | GLYPH.repaired;
  }
}
