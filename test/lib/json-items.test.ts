import { describe, expect, test } from "vitest";
import { Failure } from "../../src/lib/failure.ts";
import { type BodyLimits, type Item, scanItems, tapBody } from "../../src/lib/json-items.ts";
import { chunked, type Random, random, whole } from "./chunks.ts";

async function scan(text: string | Uint8Array, limits: Partial<BodyLimits> = {}, sizes?: Random) {
  const tap = tapBody(chunked(text, sizes), { key: "files", ...limits });
  for await (const chunk of tap.chunks) expect(chunk).toBeInstanceOf(Uint8Array);
  return tap.result();
}

async function items(text: string | Uint8Array, sizes?: Random, from?: { offset: number; index: number }) {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const found: Item[] = [];
  const source = chunked(bytes.subarray(from?.offset ?? 0), sizes);
  for await (const item of scanItems(source, { key: "files", ...(from ? { from } : {}) })) found.push(item);
  return found;
}

/** The sentence of the Failure that a scan ends with. */
async function refusal(text: string | Uint8Array, limits: Partial<BodyLimits> = {}): Promise<string> {
  const error = await scan(text, limits).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Failure);
  expect((error as Failure).code).toBe("bad_request");
  return (error as Failure).message;
}

describe("bodies that are read", () => {
  test.each([
    ["files first", '{"files":[{"a":1},{"a":2}],"job_id":"j"}', 2, { job_id: "j" }],
    [
      "files last",
      '{"job_id":"j","metadata":{"files":[1,2,3]},"files":[{}]}',
      1,
      { job_id: "j", metadata: { files: [1, 2, 3] } },
    ],
    ["files between, spread out", ' {\n"a" : 1 ,\t"files" : [ 1 , 2\r\n] , "b" : [ ] } \n', 2, { a: 1, b: [] }],
    ["any kind of item", '{"files":["x",1.5e3,null,true,[[],{}],{"a":[{}]}]}', 6, {}],
    ["no items", '{"files":[]}', 0, {}],
    ["no such key", '{"a":1}', 0, { a: 1 }],
    ["empty object", "{}", 0, {}],
    ["brackets and quotes within strings", '{"files":["]}\\"[{,",{"a":"\\\\"}],"x":"}]"}', 2, { x: "}]" }],
    ["an escaped key", '{"fi\\u006ces":[1,2]}', 2, {}],
    ["the last of two equal keys", '{"a":1,"files":[],"a":2}', 0, { a: 2 }],
    ["a key that is special to JavaScript", '{"__proto__":1}', 0, JSON.parse('{"__proto__":1}')],
    ["a byte order mark", '\ufeff{"files":[1]}', 1, {}],
    ["text outside ASCII", '{"ключ":"значение 🎈","files":["ä€🎈"]}', 1, { ключ: "значение 🎈" }],
  ])("%s", async (_, text, count, rest) => {
    for (const sizes of [undefined, () => 0]) expect(await scan(text, {}, sizes)).toEqual({ count, rest });
  });
});

describe("bodies that are refused, saying where", () => {
  test.each([
    ["nothing", "", "at byte 0"],
    ["no object", "[1]", "at byte 0"],
    ["no JSON", "file=1", "at byte 0"],
    ["an open object", '{"files":[1]', "at byte 12"],
    ["an open array", '{"files":[1', "at byte 11"],
    ["an open string", '{"a":"x', "at byte 7"],
    ["an open item", '{"files":[{"a":1', "at byte 16"],
    ["a comma before the bracket", '{"files":[1,]}', "at byte 12"],
    ["a comma before the brace", '{"a":1,}', "at byte 7"],
    ["no comma between items", '{"files":[1 2]}', "at byte 12"],
    ["no comma between members", '{"a":1 "b":2}', "at byte 7"],
    ["no colon", '{"a" 1}', "at byte 5"],
    ["no value", '{"a":}', "at byte 5"],
    ["an unquoted key", "{a:1}", "at byte 1"],
    ["something after the end", "{} x", "at byte 3"],
    ["an item that is no JSON", '{"files":[1,{"a":tru}]}', "files[1], which ends at byte 21"],
    ["a wrongly paired bracket", '{"files":[{"a":[}]]}', "files[0]"],
    ["a member that is no JSON", '{"a":01}', '"a", which ends at byte 7'],
    ["a line break within a string", '{"files":["a\nb"]}', "files[0]"],
    ["a byte order mark inside", '{"files":[\ufeff1]}', "files[0]"],
    ["files twice", '{"files":[1],"files":[2]}', "files is given twice"],
    ["files that is no array", '{"files":{"0":1}}', "files must be an array"],
  ])("%s", async (_, text, where) => {
    expect(await refusal(text)).toContain(where);
  });

  test("bytes that are not UTF-8", async () => {
    expect(await refusal(Buffer.from([...Buffer.from('{"files":["a'), 0xff, ...Buffer.from('"]}')]))).toContain(
      "UTF-8",
    );
  });

  test("limits, each on its own", async () => {
    expect(await refusal(`{"files":["${"x".repeat(100)}"]}`, { maxItemBytes: 99 })).toContain(
      "files[0] at byte 10 is larger",
    );
    expect(await refusal(`{"a":"${"x".repeat(50)}","b":"${"x".repeat(50)}"}`, { maxRestBytes: 100 })).toContain(
      "beside files",
    );
    expect(await refusal('{"files":[1,2,3]}', { maxItems: 2 })).toContain("more than 2 items");
    expect((await scan('{"files":[1,2]}', { maxItems: 2, maxItemBytes: 1, maxRestBytes: 7 })).count).toBe(2);
  });

  test("no sentence quotes the body: it may hold a presigned URL", async () => {
    expect(await refusal('{"files":[{"source_uri":"https://a.example/x?sig=SECRET" x}]}')).not.toContain("SECRET");
  });
});

test("a scan resumes after any item, from the range behind it", async () => {
  const text = '{"x":{"files":[0]},"files":[ {"a":"ü]"} , 2,"three" ,[4]\n],"y":1}';
  const all = await items(text);
  expect(all.map((item) => JSON.parse(item.text))).toEqual([{ a: "ü]" }, 2, "three", [4]]);
  for (const { offset, index } of all) {
    expect(await items(text, undefined, { offset, index: index + 1 })).toEqual(all.slice(index + 1));
  }
});

test("a scan of items ends the source at the array's end and reports a body cut off before it", async () => {
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    start: (c) => c.enqueue(Buffer.from('{"files":[1],"a')),
    cancel: () => {
      cancelled = true;
    },
  });
  const found: Item[] = [];
  for await (const item of scanItems(source, { key: "files" })) found.push(item);
  expect(found).toEqual([{ index: 0, offset: 11, text: "1" }]);
  expect(cancelled).toBe(true);
  await expect(items('{"files":[1,2')).rejects.toThrow("at byte 13");
});

test("what is scanned can be consumed elsewhere in the same pass, and a bad body breaks that", async () => {
  const text = `{"files":[${Array.from({ length: 500 }, (_, i) => `{"i":${i}}`)}],"job_id":"j"}`;
  const tap = tapBody(chunked(text, random(1)), { key: "files" });
  expect(Buffer.from(await whole(tap.chunks)).toString()).toBe(text);
  expect(tap.result()).toEqual({ count: 500, rest: { job_id: "j" } });
  await expect(whole(tapBody(chunked(`${text}}`), { key: "files" }).chunks)).rejects.toThrow("the end of the body");
  const seen: unknown[] = [];
  await scan(text, { onItem: (value) => seen.push(value) }, random(2));
  expect(seen).toEqual(JSON.parse(text).files);
});

describe("against JSON.parse, in random pieces", () => {
  test("valid bodies", async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed);
      const files = Array.from({ length: next(12) }, () => value(next, 3));
      const members = Object.entries({ a: value(next, 3), [string(next)]: value(next, 2), files, z: value(next, 2) });
      members.sort(() => next(3) - 1);
      const body = Object.fromEntries(members);
      const text = JSON.stringify(body, null, next(3));
      const { files: _, ...rest } = body;
      expect(await scan(text, {}, next), text).toEqual({ count: files.length, rest });
      const found = await items(text, next);
      expect(
        found.map((item) => JSON.parse(item.text)),
        text,
      ).toEqual(files);
      const at = found[next(found.length || 1)];
      if (at)
        expect(await items(text, next, { offset: at.offset, index: at.index + 1 })).toEqual(found.slice(at.index + 1));
    }
  });

  test("bodies with one byte changed, dropped or doubled are taken exactly when JSON.parse takes them", async () => {
    let taken = 0;
    let refused = 0;
    for (let seed = 1; seed <= 3_000; seed++) {
      const next = random(seed);
      const text = JSON.stringify(
        { a: value(next, 2), files: [value(next, 2), value(next, 2)], b: value(next, 1) },
        null,
        next(2),
      );
      const at = next(text.length);
      const middle = ["", text[at]! + text[at]!, '{}[],:"\\ 1ntx\n'[next(14)]!][next(3)]!;
      // Half a surrogate pair has no UTF-8: what goes over the wire is what counts.
      const changed = Buffer.from(text.slice(0, at) + middle + text.slice(at + 1)).toString();
      const expected = parsed(changed);
      if (expected === "skip") continue;
      const result = await scan(changed, {}, next).catch((e: unknown) => e);
      if (expected === null) expect(result, changed).toBeInstanceOf(Failure);
      else expect(result, changed).toEqual(expected);
      expected === null ? refused++ : taken++;
    }
    expect(taken).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
  });
});

/** What the scan must give, null when it must refuse; "skip" where a change hit the key itself. */
function parsed(text: string): { count: number; rest: Record<string, unknown> } | null | "skip" {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    if (typeof body !== "object" || body === null || !Array.isArray(body.files)) return "skip";
    const { files, ...rest } = body;
    return { count: (files as unknown[]).length, rest };
  } catch {
    return null;
  }
}

function value(next: Random, depth: number): unknown {
  const kind = next(depth > 0 ? 8 : 6);
  if (kind < 2) return string(next);
  if (kind === 2) return next(1_000_000) / 7;
  if (kind === 3) return -(1 + next(100)) * 10 ** (next(40) - 20);
  if (kind === 4) return next(2) === 0;
  if (kind === 5) return null;
  if (kind === 6) return Array.from({ length: next(4) }, () => value(next, depth - 1));
  return Object.fromEntries(Array.from({ length: next(4) }, () => [string(next), value(next, depth - 1)]));
}

function string(next: Random): string {
  const alphabet = ["a", '"', "\\", "{", "}", "[", "]", ",", ":", "\n", "\u0000", "é", "€", "🎈", "\u2028", "1", " "];
  return Array.from({ length: next(8) }, () => alphabet[next(alphabet.length)]).join("");
}
