/**
 * Survey ↔ bytes, for a document read in parts: JSON of sorted entries, the word hashes after it as raw integers.
 * Equal surveys give equal bytes.
 */
import type { Survey } from "../profile.ts";

/** First bytes of a stored survey; a change of the layout changes the last one. */
const MAGIC = 0x53_56_59_05;
const HEAD_BYTES = 12;

interface StoredCounts {
  styles: [string, number, number, number, number, number][];
  follows: [string, number][];
  margins: [string, number[]][];
  marks: string[];
  tags: [string, number, number][];
  captions: [number, number];
  mathChars: number;
  pages: number;
}

export function encodeSurvey(survey: Survey): Uint8Array {
  const byKey = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) => (a[0] < b[0] ? -1 : 1);
  const counts: StoredCounts = {
    styles: [...survey.styles]
      .map(([k, s]): [string, number, number, number, number, number] => [
        k,
        s.chars,
        s.outer,
        s.lines,
        s.short,
        s.front,
      ])
      .sort(byKey),
    follows: [...survey.follows].sort(byKey),
    margins: [...survey.margins]
      .map(([k, p]): [string, number[]] => [k, p.flatMap((m) => [m.page, m.value])])
      .sort(byKey),
    marks: [...survey.marks].sort(),
    tags: [...survey.tags].map(([k, t]): [string, number, number] => [k, t.elements, t.chars]).sort(byKey),
    captions: [survey.captions.above, survey.captions.below],
    mathChars: survey.mathChars,
    pages: survey.pages,
  };
  const json = new TextEncoder().encode(JSON.stringify(counts));
  const words = Uint32Array.from(survey.words).sort();
  const bytes = new Uint8Array(HEAD_BYTES + json.length + words.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, json.length);
  view.setUint32(8, words.length);
  bytes.set(json, HEAD_BYTES);
  for (let i = 0; i < words.length; i++) view.setUint32(HEAD_BYTES + json.length + i * 4, words[i]!);
  return bytes;
}

/** @throws RangeError when the bytes are no survey of this build */
export function decodeSurvey(bytes: Uint8Array): Survey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD_BYTES || view.getUint32(0) !== MAGIC)
    throw new RangeError("not a stored survey of this build");
  const jsonLength = view.getUint32(4);
  const count = view.getUint32(8);
  if (bytes.length !== HEAD_BYTES + jsonLength + count * 4) throw new RangeError("a stored survey was cut short");
  const text = new TextDecoder().decode(bytes.subarray(HEAD_BYTES, HEAD_BYTES + jsonLength));
  const stored = JSON.parse(text) as StoredCounts;
  const words = new Set<number>();
  for (let i = 0; i < count; i++) words.add(view.getUint32(HEAD_BYTES + jsonLength + i * 4));
  return {
    styles: new Map(
      stored.styles.map(([key, chars, outer, lines, short, front]) => [key, { chars, outer, lines, short, front }]),
    ),
    follows: new Map(stored.follows),
    margins: new Map(stored.margins.map(([key, flat]) => [key, pairs(flat)])),
    words,
    marks: new Set(stored.marks),
    tags: new Map(stored.tags.map(([key, elements, chars]) => [key, { elements, chars }])),
    captions: { above: stored.captions[0], below: stored.captions[1] },
    mathChars: stored.mathChars,
    pages: stored.pages,
  };
}

function pairs(flat: readonly number[]): { page: number; value: number }[] {
  const out: { page: number; value: number }[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) out.push({ page: flat[i]!, value: flat[i + 1]! });
  return out;
}
