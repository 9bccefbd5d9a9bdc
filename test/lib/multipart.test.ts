import { describe, expect, test } from "vitest";
import { Failure } from "../../src/lib/failure.ts";
import { readBoundary, readParts, readText } from "../../src/lib/multipart.ts";
import { chunked, type Random, random, whole } from "./chunks.ts";

const B = "XyZ";
const part = (disposition: string, body: string, more = "") =>
  `--${B}\r\nContent-Disposition: ${disposition}\r\n${more}\r\n${body}\r\n`;
const field = (name: string, body: string) => part(`form-data; name="${name}"`, body);

interface Read {
  name: string;
  filename: string | null;
  contentType: string | null;
  body: Uint8Array;
}

async function read(form: string | Uint8Array, sizes?: Random, boundary = B): Promise<Read[]> {
  const parts: Read[] = [];
  for await (const { body, ...head } of readParts(chunked(form, sizes), boundary))
    parts.push({ ...head, body: await whole(body) });
  return parts;
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Failure);
  expect((error as Failure).code).toBe("bad_request");
  return (error as Failure).message;
}

describe("boundary of the Content-Type", () => {
  test.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ["Multipart/Form-Data;charset=utf-8; BOUNDARY=abc", "abc"],
    ['multipart/form-data; boundary="a b;c"', "a b;c"],
    ["multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk", "----WebKitFormBoundary7MA4YWxk"],
  ])("%s", (type, boundary) => expect(readBoundary(type)).toBe(boundary));

  test.each([
    [null, "must be multipart/form-data"],
    ["application/json", "must be multipart/form-data"],
    ["multipart/mixed; boundary=a", "must be multipart/form-data"],
    ["multipart/form-data", "names no boundary"],
    [`multipart/form-data; boundary=${"a".repeat(71)}`, "1 to 70"],
    ['multipart/form-data; boundary="a\tb"', "printable"],
  ])("%s is refused", async (type, why) => {
    expect(await refusal(Promise.resolve().then(() => readBoundary(type)))).toContain(why);
  });
});

describe("names of files", () => {
  test.each([
    ['form-data; name="file"; filename="a.pdf"', "a.pdf"],
    ["form-data; name=file; filename=a.pdf", "a.pdf"],
    ['form-data; name="file"; filename="Übersicht – 図.pdf"', "Übersicht – 図.pdf"],
    ['form-data; filename="a;b=c.pdf"; name="file"', "a;b=c.pdf"],
    ['form-data; name="file"; filename="say \\"hi\\".pdf"', 'say "hi".pdf'],
    ['form-data; name="file"; filename="say %22hi%22.pdf"', 'say "hi".pdf'],
    ['form-data; name="file"; filename="100%25.pdf"', "100%25.pdf"],
    ['form-data; name="file"; filename="C:\\scans\\a.pdf"', "a.pdf"],
    ['form-data; name="file"; filename="../../etc/a.pdf"', "a.pdf"],
    ['form-data; name="file"; filename="a\u0007b%0D%0A.pdf"', "ab.pdf"],
    ["form-data; name=\"file\"; filename*=UTF-8''%e2%82%ac%20rates.pdf", "€ rates.pdf"],
    ['form-data; name="file"; filename="EUR.pdf"; filename*=utf-8\'en\'%e2%82%ac.pdf', "€.pdf"],
    ["form-data; name=\"file\"; filename*=iso-8859-1''%fc.pdf", "ü.pdf"],
    ['form-data; name="file"; filename="plain.pdf"; filename*=utf-8\'\'%ff.pdf', "plain.pdf"],
    ['form-data; name="file"; filename="plain.pdf"; filename*=utf-8\'\'%4.pdf', "plain.pdf"],
    ['form-data; name="file"; filename="plain.pdf"; filename*=koi8-r\'\'a.pdf', "plain.pdf"],
    ['FORM-DATA ; name="file" ; FileName = "a.pdf"', "a.pdf"],
    ['form-data; name="file"; filename=""', ""],
    ['form-data; name="file"', null],
  ])("%s", async (disposition, filename) => {
    expect(await read(`${part(disposition, "x")}--${B}--\r\n`)).toEqual([
      { name: "file", filename, contentType: null, body: Buffer.from("x") },
    ]);
  });

  test("bytes that are not UTF-8 are read as ISO 8859-1", async () => {
    const form = Buffer.from(`${part('form-data; name="file"; filename="\xfc.pdf"', "x")}--${B}--`, "latin1");
    expect((await read(form))[0]!.filename).toBe("ü.pdf");
  });

  test("a header that invites backtracking takes no time", async () => {
    const started = performance.now();
    await read(`${part(`form-data; name="file"; filename="${"\\\\a".repeat(4000)}`, "x")}--${B}--`).catch(
      () => undefined,
    );
    await read(`${part(`form-data; name="file"${"; ".repeat(7000)}`, "x")}--${B}--`).catch(() => undefined);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("forms", () => {
  test("fields and files in the order sent, with folded and unknown headers", async () => {
    const form = `${part(
      'form-data;\r\n name="file"; filename="a.pdf"',
      "%PDF\r\n--Xy\r\n",
      "Content-Type: application/pdf\r\nX-Other: 1\r\n",
    )}${field("options_json", "{}")}--${B}--\r\n`;
    expect(await read(form)).toEqual([
      { name: "file", filename: "a.pdf", contentType: "application/pdf", body: Buffer.from("%PDF\r\n--Xy\r\n") },
      { name: "options_json", filename: null, contentType: null, body: Buffer.from("{}") },
    ]);
  });

  test.each([
    ["an empty form", `--${B}--\r\n`, []],
    ["no line end after the last delimiter", `${field("a", "1")}--${B}--`, ["1"]],
    ["a preamble and an epilogue", `This is a form.\r\n${field("a", "1")}--${B}--\r\nbye\r\n--${B}\r\n`, ["1"]],
    ["blanks after delimiters", `--${B} \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--${B}-- `, ["1"]],
    ["empty bodies", `${field("a", "")}${field("b", "")}--${B}--`, ["", ""]],
    ["bodies of line ends", `${field("a", "\r\n")}${field("b", "\r\n\r\n")}--${B}--`, ["\r\n", "\r\n\r\n"]],
    ["a part that ends with its headers", `--${B}\r\nContent-Disposition: form-data; name=a\r\n\r\n--${B}--`, [""]],
    [
      "a line that only begins like a delimiter",
      `${field("a", `x\r\n--${B}y\r\n--${B}-z\r\n--${B} .`)}--${B}--`,
      [`x\r\n--${B}y\r\n--${B}-z\r\n--${B} .`],
    ],
    ["dashes", `${field("a", "--")}${field("b", "\r\n-")}--${B}--`, ["--", "\r\n-"]],
  ])("%s", async (_, form, bodies) => {
    for (const sizes of [undefined, () => 0]) {
      expect((await read(form, sizes)).map((p) => Buffer.from(p.body).toString())).toEqual(bodies);
    }
  });

  test("what the caller leaves unread, wholly or in part, is skipped", async () => {
    const form = `${field("a", "x".repeat(5_000))}${field("b", "y".repeat(5_000))}${field("c", "3")}--${B}--`;
    const names: string[] = [];
    for await (const p of readParts(chunked(form, random(1)), B)) {
      names.push(p.name);
      if (p.name === "b") for await (const _ of p.body) break;
      if (p.name === "c") expect(await readText(p, 1)).toBe("3");
    }
    expect(names).toEqual(["a", "b", "c"]);
  });

  test("a caller that stops cancels the source", async () => {
    let cancelled = false;
    const source = new ReadableStream<Uint8Array>({
      start: (c) => c.enqueue(Buffer.from(field("a", "1") + field("b", "2"))),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const _ of readParts(source, B)) break;
    expect(cancelled).toBe(true);
  });

  test("random bodies in random pieces, with much that looks like a delimiter", async () => {
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed);
      const bodies = Array.from({ length: 1 + next(4) }, () => {
        const pieces = [
          "\r\n",
          "\r",
          "\n",
          "--",
          "-",
          `--${B}`,
          `\r\n--${B}`,
          `--${B}--`,
          "Xy",
          "\0",
          "é",
          " ",
          "a".repeat(next(60)),
        ];
        // A whole delimiter can't occur in content, by the format's own rule.
        const text = Array.from({ length: next(30) }, () => pieces[next(pieces.length)]).join("");
        return withoutDelimiters(`|${text}|`);
      });
      const form = `${bodies.map((body, i) => field(`f${i}`, body)).join("")}--${B}--\r\nepilogue`;
      const expected = bodies.map((body, i) => ({
        name: `f${i}`,
        filename: null,
        contentType: null,
        body: Buffer.from(body),
      }));
      expect(await read(form, next), `seed ${seed}`).toEqual(expected);
    }
  });

  test("the same as the runtime's own parser makes of what the runtime's own writer writes", async () => {
    const data = new FormData();
    data.append('odd "name"\n', "a\nb");
    data.append(
      "file",
      new Blob([new Uint8Array(70_000).map((_, i) => i % 251)], { type: "application/pdf" }),
      '1 "ü" 図.pdf',
    );
    const request = new Request("http://a.example/", { method: "POST", body: data });
    const boundary = readBoundary(request.headers.get("content-type"));
    const parts = await read(new Uint8Array(await request.arrayBuffer()), random(7), boundary);
    expect(parts.map((p) => [p.name, p.filename, p.contentType])).toEqual([
      ['odd "name"\r\n', null, null],
      ["file", '1 "ü" 図.pdf', "application/pdf"],
    ]);
    expect(Buffer.from(parts[0]!.body).toString()).toBe("a\r\nb");
    expect(parts[1]!.body).toEqual(Buffer.from(new Uint8Array(70_000).map((_, i) => i % 251)));
  });
});

describe("malformed forms", () => {
  const head = `--${B}\r\nContent-Disposition: form-data; name="a"\r\n`;
  test.each([
    ["nothing", "", "does not occur"],
    ["another boundary", "--other\r\n\r\n--other--", "does not occur"],
    ["cut off in the headers", head, "within the headers"],
    ["cut off in a body", `${head}\r\nabc`, "in the middle of a part"],
    ["cut off in a delimiter", `${head}\r\nabc\r\n--${B}`, "in the middle of a part"],
    ["cut off after a field", `${field("a", "1")}--${B}\r\n`, "within the headers"],
    ["no disposition", `--${B}\r\nContent-Type: text/plain\r\n\r\nx\r\n--${B}--`, "Content-Disposition"],
    ["no headers", `--${B}\r\n\r\nx\r\n--${B}--`, "Content-Disposition"],
    ["no name", `${part("form-data", "x")}--${B}--`, "Content-Disposition"],
    ["another disposition", `${part('attachment; name="a"', "x")}--${B}--`, "Content-Disposition"],
    ["a header without a name", `--${B}\r\nhello\r\n\r\nx\r\n--${B}--`, "without a name"],
    [
      "base64",
      `${part('form-data; name="a"', "eA==", "Content-Transfer-Encoding: base64\r\n")}--${B}--`,
      "Transfer-Encoding",
    ],
    ["endless headers", `${head}X: ${"x".repeat(20_000)}\r\n\r\nx\r\n--${B}--`, "longer than 16384 bytes"],
    ["an endless preamble", `${"x".repeat(70_000)}\r\n${field("a", "1")}--${B}--`, "does not occur"],
    ["a hundred and one parts", `${field("a", "1").repeat(101)}--${B}--`, "more than 100 parts"],
  ])("%s", async (_, form, why) => {
    for (const sizes of [undefined, random(3)]) expect(await refusal(read(form, sizes))).toContain(why);
  });

  test("a field that is too long, or no text", async () => {
    const text = (form: string | Uint8Array, limit: number) =>
      (async () => {
        for await (const p of readParts(chunked(form), B)) return await readText(p, limit);
        return null;
      })();
    expect(await text(`${field("a", "äö")}--${B}--`, 4)).toBe("äö");
    expect(await refusal(text(`${field("a", "äö")}--${B}--`, 3))).toContain("the field a is longer than 3 bytes");
    expect(await refusal(text(Buffer.from(`${field("a", "\xff")}--${B}--`, "latin1"), 9))).toContain("not UTF-8");
  });
});

function withoutDelimiters(text: string): string {
  const less = text.replace(new RegExp(`\r\n--${B}(?=--|[ \t]*\r\n)`), "");
  return less === text ? text : withoutDelimiters(less);
}
