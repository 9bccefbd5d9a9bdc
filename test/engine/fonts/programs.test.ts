/** TrueType programs by hand: what they call their glyphs, and what damage does. */
import { expect, test } from "vitest";
import { nameGlyphs } from "../../../src/engine/fonts/programs.ts";

/** Big-endian 16-bit words; numbers above 65,535 take two. */
function words(...values: number[]): number[] {
  return values.flatMap((v) => (v > 0xffff ? [v >>> 24, (v >> 16) & 255, (v >> 8) & 255, v & 255] : [v >> 8, v & 255]));
}

function program(tables: Record<string, number[]>): Uint8Array {
  const tags = Object.keys(tables);
  const head = [...words(0x00010000), ...words(tags.length, 0, 0, 0)];
  let offset = 12 + 16 * tags.length;
  const body: number[] = [];
  for (const tag of tags) {
    head.push(...Array.from(tag, (c) => c.charCodeAt(0)), 0, 0, 0, 0, ...words(0, offset, 0, tables[tag]!.length));
    body.push(...tables[tag]!);
    offset += tables[tag]!.length;
  }
  return Uint8Array.from([...head, ...body]);
}

/** One subtable for (3, 1), format 4: A to C by delta, é by the array. */
const SUBTABLE = words(4, 44, 0, 6, 0, 0, 0, 0x43, 0xe9, 0xffff, 0, 0x41, 0xe9, 0xffff, 0xffc4, 0, 1, 0, 4, 0, 77);
const CMAP = [...words(0, 1, 3, 1, 0, 12), ...SUBTABLE];

test("the character map read backwards", () => {
  const names = nameGlyphs(program({ cmap: CMAP }))!;
  expect([...names].sort(([a], [b]) => a - b)).toEqual([
    [5, 0x41],
    [6, 0x42],
    [7, 0x43],
    [77, 0xe9],
  ]);
});

test("names written out, in Apple's order and by their number", () => {
  const own = [7, ...Array.from("uni20AC", (c) => c.charCodeAt(0)), 5, ...Array.from("g1234", (c) => c.charCodeAt(0))];
  const post = [...words(0x00020000), ...Array<number>(28).fill(0), ...words(4, 36, 98, 258, 259), ...own];
  expect([...nameGlyphs(program({ post }))!]).toEqual([
    [0, 0x41],
    [1, 0xc4],
    [2, 0x20ac],
  ]);
});

test("a damaged table of names takes nothing from the character map", () => {
  const post = [...words(0x00020000), ...Array<number>(28).fill(0), ...words(60_000, 258)];
  expect(nameGlyphs(program({ cmap: CMAP, post }))?.get(5)).toBe(0x41);
});

test("only what is asked for", () => {
  expect([...nameGlyphs(program({ cmap: CMAP }), new Set([6, 900]))!]).toEqual([[6, 0x42]]);
});

test("cut anywhere, or something else: nothing, and no error", () => {
  const whole = program({ cmap: CMAP });
  for (let end = 0; end < whole.length; end++) expect(() => nameGlyphs(whole.subarray(0, end))).not.toThrow();
  expect(nameGlyphs(Uint8Array.from([1, 0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
});

test("a map that claims all of Unicode for many groups ends soon", () => {
  const groups = Array.from({ length: 2_000 }, () => [...words(0, 0), 0xff, 0xff, 0xff, 0xff, ...words(0, 1)]).flat();
  const huge = [...words(0, 1, 3, 10, 0, 12), ...words(12, 0, 0, 0, 0, 0, 0, 2_000), ...groups];
  const start = performance.now();
  nameGlyphs(program({ cmap: huge }));
  expect(performance.now() - start).toBeLessThan(2_000);
});

/** An INDEX of CFF with offsets of one byte. */
function index(...entries: number[][]): number[] {
  if (entries.length === 0) return words(0);
  let end = 1;
  const offsets = [1, ...entries.map((entry) => (end += entry.length))];
  return [...words(entries.length), 1, ...offsets, ...entries.flat()];
}

const letters = (text: string) => Array.from(text, (c) => c.charCodeAt(0));

/** A bare CFF of these glyphs after the missing one, [code, string]; strings from 391 on are `own`. */
function compact(glyphs: readonly (readonly [code: number, string: number])[], own: string[], extra: number[] = []) {
  const start = [1, 0, 4, 1, ...index(letters("F"))];
  const rest = [...index(...own.map(letters)), ...index()];
  const dictBytes = 5 * 3 + 3;
  const body = start.length + index(Array<number>(dictBytes).fill(0)).length + rest.length;
  const charset = [0, ...glyphs.flatMap(([, string]) => words(string))];
  const encoding = [extra.length > 0 ? 128 : 0, glyphs.length, ...glyphs.map(([code]) => code), ...extra];
  const places = [body, body + charset.length, body + charset.length + encoding.length];
  const dict = [15, 16, 17].flatMap((operator, i) => [29, 0, 0, ...words(places[i]!), operator]);
  const shapes = index(...Array.from({ length: glyphs.length + 1 }, () => [14]));
  return Uint8Array.from([...start, ...index(dict), ...rest, ...charset, ...encoding, ...shapes]);
}

test("a CFF program's codes: ligatures are named by their letters", () => {
  const own = ["f_f", "f_f_i", "T_h", "uni20AC", "f_l.alt"];
  const codes: [number, number][] = [
    [30, 391],
    [31, 392],
    [2, 393],
    [3, 394],
    [97, 66],
    [39, 8],
  ];
  expect([...nameGlyphs(compact(codes, own, [1, 27, ...words(395)]))!]).toEqual([
    [30, 0xfb00],
    [31, 0xfb03],
    [3, 0x20ac],
    [97, 0x61],
    [39, 0x2019],
    [27, 0xfb02],
  ]);
  const whole = compact(codes, own);
  for (let end = 0; end < whole.length; end++) expect(() => nameGlyphs(whole.subarray(0, end))).not.toThrow();
});
