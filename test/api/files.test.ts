import { beforeAll, describe, expect, test } from "vitest";
import { ErrorBody, FileBody } from "../../src/api/schemas.ts";
import { bindings, call, claim, complete, fetchFront, form, keyOf, PDF, streamOf, upload } from "./front.ts";

const StrictFile = FileBody.strict();
let key: string;
beforeAll(async () => {
  key = await keyOf("files");
});

const uri = (body: unknown, headers: Record<string, string> = {}) =>
  call("POST", "/files/v1/uri", { key, body, headers });
/** Refuses connections, so nothing is fetched for long; what happens to a source is tested elsewhere. */
const SOURCE = "http://127.0.0.1:9/paper.pdf?signature=secret";

describe("upload", () => {
  test("streamed in small chunks without Content-Length; readable at once", async () => {
    const options = {
      metadata: { a: 1 },
      page_ranges: "1-2",
      include_page_inof: true,
      conversion_formats: { md: true },
    };
    const id = await upload(key, options);
    const { status, body } = await call("GET", `/files/v1/${id}`, { key });
    expect(status).toBe(200);
    expect(StrictFile.parse(body)).toMatchObject({
      file_id: id,
      status: "pending",
      filename: "paper.pdf",
      custom_id: null,
      num_pages: 0,
      percent_done: 0,
      format_primary: "mmd",
      formats: { md: expect.stringMatching(/pending|processing/) },
      destination_uri: null,
      warnings: ['unknown option "include_page_inof"; did you mean "include_page_info"?'],
    });
  });

  test("parts in any order, the alias scs_job_id, the display name before the file's own", async () => {
    const { status, body } = await call("POST", "/files/v1", {
      key,
      ...form([
        { name: "file", filename: "C:\\scans\\x.pdf", content: PDF },
        { name: "custom_id", content: "late" },
        { name: "filename", content: "Ünïcode name.pdf" },
        { name: "options_json", content: '{"rm_fonts": "true"}' },
        { name: "scs_job_id", content: "alias" },
      ]),
    });
    expect(status).toBe(200);
    const found = await call("GET", "/files/v1/jobs/alias/files/late", { key });
    expect(found.body).toMatchObject({ file_id: body.file_id, filename: "Ünïcode name.pdf", job_id: "alias" });
  });

  test("the whole file arrives in storage, however large the chunks", async () => {
    const before = new Set((await bindings.BUCKET.list({ prefix: "30d/upload/" })).objects.map((o) => o.key));
    const content = "x".repeat(300_000);
    const answer = await call("POST", "/files/v1", { key, ...form([{ name: "file", filename: "a.pdf", content }]) });
    expect(answer.status).toBe(200);
    const added = (await bindings.BUCKET.list({ prefix: "30d/upload/" })).objects.filter((o) => !before.has(o.key));
    expect(added.map((o) => o.size)).toEqual([300_000]);
  });

  const cases: [string, Parameters<typeof form>[0], RegExp][] = [
    ["no file", [{ name: "options_json", content: "{}" }], /no part named file/],
    [
      "options that are not JSON",
      [
        { name: "options_json", content: "{" },
        { name: "file", filename: "a", content: PDF },
      ],
      /options_json is not valid JSON; give an object .* as the text of the form field/,
    ],
    [
      "options that are a list",
      [
        { name: "file", filename: "a", content: PDF },
        { name: "options_json", content: "[]" },
      ],
      /options_json must be a JSON object/,
    ],
    [
      "a bad option in front",
      [
        { name: "options_json", content: '{"page_ranges":"x"}' },
        { name: "file", filename: "a", content: PDF },
      ],
      /page_ranges/,
    ],
    [
      "a bad option behind",
      [
        { name: "file", filename: "a", content: PDF },
        { name: "options_json", content: '{"page_ranges":"x"}' },
      ],
      /page_ranges/,
    ],
    [
      "custom_id without job_id",
      [
        { name: "custom_id", content: "a" },
        { name: "file", filename: "a", content: PDF },
      ],
      /custom_id needs a job_id/,
    ],
    [
      "an oversized custom_id",
      [
        { name: "job_id", content: "j" },
        { name: "custom_id", content: "x".repeat(257) },
        { name: "file", filename: "a", content: PDF },
      ],
      /custom_id "x+…" must be 1 to 256/,
    ],
    [
      "two files",
      [
        { name: "file", filename: "a", content: PDF },
        { name: "file", filename: "b", content: PDF },
      ],
      /two parts named file/,
    ],
  ];
  test.each(cases)("%s is refused and leaves nothing in storage", async (_name, parts, message) => {
    const before = (await bindings.BUCKET.list({ prefix: "30d/upload/" })).objects.length;
    const answer = await call("POST", "/files/v1", { key, ...form(parts) });
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request", error_info: { id: "bad_request" } } });
    expect(answer.body.error_info.message).toMatch(message);
    expect((await bindings.BUCKET.list({ prefix: "30d/upload/" })).objects.length).toBe(before);
  });

  test.each([
    ["no multipart", { "content-type": "application/pdf" }, PDF, /multipart\/form-data/],
    ["no boundary", { "content-type": "multipart/form-data" }, "", /boundary/],
    ["another boundary", { "content-type": "multipart/form-data; boundary=a" }, "--b\r\n\r\nx", /boundary/],
    [
      "cut off",
      { "content-type": "multipart/form-data; boundary=a" },
      '--a\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nabc',
      /ends in the middle/,
    ],
  ])("%s is refused", async (_name, headers, body, message) => {
    const answer = await call("POST", "/files/v1", {
      key,
      headers,
      body: streamOf(new TextEncoder().encode(body || " "), 7),
    });
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
    expect(answer.body.error_info.message).toMatch(message);
  });

  test("a Content-Length above a gigabyte is refused before anything is read", async () => {
    const { headers, body } = form([{ name: "file", filename: "a.pdf", content: PDF }]);
    const announced = { ...headers, "content-length": String(2 ** 30 + 2_000_000) };
    expect(await call("POST", "/files/v1", { key, body, headers: announced })).toMatchObject({
      status: 413,
      body: { error: "sys_request_too_large", error_info: { message: expect.stringMatching(/1 GiB/) } },
    });
  });

  test("a field that means nothing is a warning", async () => {
    const answer = await call("POST", "/files/v1", {
      key,
      ...form([
        { name: "page_ranges", content: "1" },
        { name: "file", filename: "a.pdf", content: PDF },
      ]),
    });
    const { body } = await call("GET", `/files/v1/${answer.body.file_id}`, { key });
    expect(body.warnings).toEqual([expect.stringMatching(/page_ranges; options go into options_json/)]);
  });

  test("the same Idempotency-Key is the same file; another body under it is a conflict", async () => {
    const parts = [{ name: "file", filename: "a.pdf", content: PDF }];
    const send = (content: string) => {
      const { headers, body } = form([{ ...parts[0]!, content }]);
      return call("POST", "/files/v1", { key, body, headers: { ...headers, "idempotency-key": "once:1" } });
    };
    const first = await send(PDF);
    expect(first.status).toBe(200);
    expect((await send(PDF)).body).toEqual(first.body);
    expect(await send(`${PDF}!`)).toMatchObject({ status: 409, body: { error: "conflict" } });
  });
});

describe("by address", () => {
  test("gives a file that is readable at once and never shows the query", async () => {
    const { status, body } = await uri({ source_uri: SOURCE, job_id: "uris", custom_id: "one" });
    expect({ status, keys: Object.keys(body) }).toEqual({ status: 200, keys: ["file_id"] });
    const view = await call("GET", `/files/v1/${body.file_id}`, { key });
    expect(view.body).toMatchObject({ custom_id: "one", source_uri: "http://127.0.0.1:9/paper.pdf" });
    expect(JSON.stringify(view.body)).not.toContain("secret");
    expect((await uri({ source_uri: SOURCE, job_id: "uris", custom_id: "one" })).body).toEqual(body);
  });

  test.each([
    [{}, 400, "bad_request", /source_uri is missing/],
    [{ source_uri: "gopher://example.com" }, 400, "bad_request", /give https/],
    [{ source_uri: "s3://bucket/key" }, 404, "data_source_not_found", /no data source/],
    [{ source_uri: SOURCE, destination_uri: "s3://out/" }, 404, "data_source_not_found", /destination_uri/],
    [{ source_uri: SOURCE, custom_id: "a" }, 400, "bad_request", /custom_id needs a job_id/],
    [{ source_uri: SOURCE, job_id: "a b" }, 400, "bad_request", /job_id "a b" must be/],
    [{ source_uri: SOURCE, job_id: 5 }, 400, "bad_request", /job_id must be/],
    [{ source_uri: SOURCE, job_id: "x".repeat(300) }, 400, "bad_request", /job_id/],
    [{ source_uri: SOURCE, page_ranges: "7-3-1" }, 400, "bad_request", /page_ranges/],
    [{ source_uri: SOURCE, conversion_formats: { dcox: true } }, 400, "bad_request", /did you mean "docx"/],
    [{ source_uri: SOURCE, strict: true, nope: 1 }, 400, "bad_request", /unknown option "nope"/],
  ])("%j", async (body, status, code, message) => {
    const answer = await uri(body);
    expect(answer).toMatchObject({ status, body: { error: code, error_info: { id: code } } });
    expect(answer.body.error_info.message).toMatch(message);
  });

  test("a body that is not JSON, not UTF-8, not an object, or too large", async () => {
    const bad = new TextDecoder("latin1").decode(new Uint8Array([0x22, 0xff, 0x22]));
    expect(await uri("{not json")).toMatchObject({
      status: 400,
      body: { error: "bad_request", error_info: { message: expect.stringMatching(/not valid JSON/) } },
    });
    expect(await uri("[]")).toMatchObject({ status: 400 });
    expect(await uri("")).toMatchObject({ status: 400 });
    expect(await uri(bad)).toMatchObject({ status: 400 });
    expect(await call("POST", "/files/v1/uri", { key, body: Uint8Array.of(0x7b, 0xff, 0x7d) })).toMatchObject({
      status: 400,
      body: { error_info: { message: expect.stringMatching(/UTF-8/) } },
    });
    const large = await uri({ source_uri: SOURCE, metadata: { a: "x".repeat(10_000_001) } });
    expect(large).toMatchObject({ status: 413, body: { error: "sys_request_too_large" } });
  });

  test("a bad Idempotency-Key", async () => {
    expect(await uri({ source_uri: SOURCE }, { "idempotency-key": "a b" })).toMatchObject({
      status: 400,
      body: { error_info: { message: expect.stringMatching(/Idempotency-Key/) } },
    });
  });
});

describe("download", () => {
  let id: string;
  const MMD = "# Title\n\nwith ünïcode\n";
  const bytes = new TextEncoder().encode(MMD).length;
  const get = (ext: string, headers: Record<string, string> = {}) =>
    fetchFront("GET", `/files/v1/${id}.${ext}`, { key, headers });
  beforeAll(async () => {
    id = await upload(key, { filename: "Größe.v2.pdf", conversion_formats: { md: true, docx: true } });
    await complete(
      id,
      { mmd: MMD, md: "md", "lines.json": '{"pages":[]}', "lines.mmd.json": "{}" },
      { md: "completed" },
    );
  });

  test("the status is complete, with a state for each format", async () => {
    const { body } = await call("GET", `/files/v1/${id}`, { key });
    expect(StrictFile.parse(body)).toMatchObject({
      status: "completed",
      percent_done: 100,
      num_pages: 2,
      num_pages_completed: 2,
      formats: { md: "completed", docx: "error" },
      warnings: ['format "docx" is not available in this version; it will end as error'],
    });
  });

  test("bytes, type, name, ETag", async () => {
    const response = await get("mmd");
    expect(await response.text()).toBe(MMD);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/markdown; charset=utf-8",
      "content-length": String(bytes),
      "content-disposition": `attachment; filename="Gr__e.v2.mmd"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.v2.mmd`,
      "accept-ranges": "bytes",
    });
    const etag = response.headers.get("etag")!;
    const unchanged = await get("mmd", { "if-none-match": etag });
    expect([unchanged.status, await unchanged.text(), unchanged.headers.get("etag")]).toEqual([304, "", etag]);
    const changed = await get("mmd", { "if-none-match": '"other"' });
    expect([changed.status, await changed.text()]).toEqual([200, MMD]);
    const precondition = await get("mmd", { "if-match": '"other"' });
    expect([precondition.status, await precondition.text()]).toEqual([412, ""]);
  });

  test("every always-made output and the requested one", async () => {
    for (const ext of ["mmd", "md", "lines.json", "lines.mmd.json"]) {
      const response = await get(ext);
      expect([ext, response.status]).toEqual([ext, 200]);
      await response.text();
    }
  });

  test.each([
    ["bytes=0-3", 206, MMD.slice(0, 4), `bytes 0-3/${bytes}`],
    ["bytes=2-", 206, MMD.slice(2), `bytes 2-${bytes - 1}/${bytes}`],
    ["bytes=-3", 206, MMD.slice(-3), `bytes ${bytes - 3}-${bytes - 1}/${bytes}`],
    ["bytes=-9999", 206, MMD, `bytes 0-${bytes - 1}/${bytes}`],
    ["bytes=0-9999", 206, MMD, `bytes 0-${bytes - 1}/${bytes}`],
    ["bytes=0-1,3-4", 200, MMD, null],
    ["bytes=5-2", 200, MMD, null],
    ["lines=1-2", 200, MMD, null],
  ])("Range: %s", async (range, status, text, contentRange) => {
    const response = await get("mmd", { range });
    expect([response.status, await response.text(), response.headers.get("content-range")]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  test("a range behind the end is refused as JSON, with the size", async () => {
    const answer = await call("GET", `/files/v1/${id}.mmd`, { key, headers: { range: "bytes=9999-" } });
    expect(answer).toMatchObject({ status: 416, body: { error: "bad_request", error_info: { id: "bad_request" } } });
    expect(ErrorBody.safeParse(answer.body).success).toBe(true);
    expect(answer.headers.get("content-range")).toBe(`bytes */${bytes}`);
    expect(answer.headers.get("content-type")).toBe("application/json");
  });

  test("If-Range with another version gets everything", async () => {
    const etag = (await get("mmd", { range: "bytes=0-0" })).headers.get("etag")!;
    const same = await get("mmd", { range: "bytes=0-3", "if-range": etag });
    const other = await get("mmd", { range: "bytes=0-3", "if-range": '"old"' });
    expect([same.status, (await same.text()).length, other.status, await other.text()]).toEqual([206, 4, 200, MMD]);
  });

  test("HEAD tells the size and sends nothing", async () => {
    const response = await fetchFront("HEAD", `/files/v1/${id}.mmd`, { key });
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      String(bytes),
      "",
    ]);
  });

  test.each([
    ["docx", 422, "conversion_error", /docx is not available in this version/],
    ["html", 415, "unsupported_format", /html was not requested/],
    ["tex", 415, "unsupported_format", /latex was not requested/],
    ["mmdd", 415, "unsupported_format", /did you mean \.mmd\?/],
    ["exe", 415, "unsupported_format", /no format \.exe/],
  ])(".%s: %i %s", async (ext, status, code, message) => {
    const answer = await call("GET", `/files/v1/${id}.${ext}`, { key });
    expect(answer).toMatchObject({
      status,
      body: { error: code, error_info: { id: code, message: expect.stringMatching(message) } },
    });
  });

  test("before the file is complete: 404 with the status, so that clients wait; never-requested stays 415", async () => {
    const waiting = await upload(key, { conversion_formats: { md: true } });
    for (const ext of ["mmd", "md"]) {
      expect(await call("GET", `/files/v1/${waiting}.${ext}`, { key })).toMatchObject({
        status: 404,
        body: { error: "format_not_ready", status: "pending" },
      });
    }
    expect((await call("GET", `/files/v1/${waiting}.docx`, { key })).status).toBe(415);
  });

  test("an output that storage has dropped is gone, not unknown", async () => {
    const dropped = await upload(key);
    await complete(dropped, { mmd: "x" });
    expect(await call("GET", `/files/v1/${dropped}.lines.json`, { key })).toMatchObject({
      status: 410,
      body: { error: "not_found" },
    });
  });
});

describe("moves", () => {
  test("delete: conflict while it runs, then 200 as often as asked, then gone", async () => {
    const id = await upload(key);
    await claim(id);
    expect(await call("DELETE", `/files/v1/${id}`, { key })).toMatchObject({
      status: 409,
      body: { error: "conflict" },
    });
    expect((await call("POST", `/files/v1/${id}/cancel`, { key })).body).toMatchObject({
      status: "error",
      error: "cancelled",
      error_info: { id: "cancelled" },
    });
    const first = await call("DELETE", `/files/v1/${id}`, { key });
    expect(first).toMatchObject({ status: 200, body: { file_id: id, status: "deleted" } });
    expect((await call("DELETE", `/files/v1/${id}`, { key })).body).toEqual(first.body);
    for (const path of ["", ".mmd", ".docx"]) {
      expect(await call("GET", `/files/v1/${id}${path}`, { key })).toMatchObject({
        status: 410,
        body: { error: "not_found", error_info: { message: expect.stringMatching(/was deleted at 20/) } },
      });
    }
  });

  test("a cancelled file's outputs are refused for good, and a retry brings it back", async () => {
    const id = await upload(key);
    await call("POST", `/files/v1/${id}/cancel`, { key });
    expect(await call("GET", `/files/v1/${id}.mmd`, { key })).toMatchObject({
      status: 422,
      body: { error: "conversion_error" },
    });
    expect((await call("POST", `/files/v1/${id}/retry`, { key })).body).toMatchObject({
      file_id: id,
      status: "pending",
    });
    await complete(id, { mmd: "again" });
    expect((await call("GET", `/files/v1/${id}`, { key })).body.status).toBe("completed");
  });
});
