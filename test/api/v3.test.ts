import { beforeAll, describe, expect, test } from "vitest";
import { V3Status } from "../../src/api/schemas.ts";
import { call, claim, complete, fetchFront, form, keyOf, PDF } from "./front.ts";

const StrictStatus = V3Status.strict();
let key: string;
beforeAll(async () => {
  key = await keyOf("v3");
});
const SOURCE = "http://127.0.0.1:9/paper.pdf?signature=secret";
const post = (body: unknown) => call("POST", "/v3/pdf", { key, body });
const get = (path: string) => call("GET", `/v3${path}`, { key });

async function submit(options: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await call("POST", "/v3/pdf", {
    key,
    ...form([
      { name: "options_json", content: JSON.stringify(options) },
      { name: "file", filename: "paper.pdf", content: PDF },
    ]),
  });
  if (status !== 200 || body.pdf_id === undefined) throw new Error(JSON.stringify(body));
  return body.pdf_id;
}
const fileId = (pdf: string) => pdf.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

describe("submitting", () => {
  test("by upload, as mpxpy does", async () => {
    const pdf = await submit({
      metadata: { improve_mathpix: false, mpxpy: true },
      math_inline_delimiters: ["$", "$"],
      rm_spaces: true,
      conversion_formats: { md: true },
    });
    expect(pdf).toMatch(/^[0-9a-f]{32}$/);
    expect(StrictStatus.parse((await get(`/pdf/${pdf}`)).body)).toMatchObject({
      pdf_id: pdf,
      status: expect.stringMatching(/received|loaded/),
      input_file: "paper.pdf",
      num_pages: 0,
      conversion_status: { md: { status: "processing" } },
    });
  });

  test("by address; the query is never shown", async () => {
    const { body } = await post({ url: SOURCE, page_ranges: "1" });
    const status = (await get(`/pdf/${body.pdf_id}`)).body;
    expect(status.input_file).toBe("http://127.0.0.1:9/paper.pdf");
    expect(JSON.stringify(status)).not.toContain("secret");
  });

  test.each([
    [{}, "pdf_missing", /address as url/],
    [{ url: SOURCE, page_ranges: "0" }, "opts_value_out_of_range", /page_ranges/],
    [{ url: SOURCE, conversion_formats: { dcox: true } }, "opts_value_out_of_range", /did you mean "docx"/],
    [{ url: SOURCE, auto_number_sections: true, remove_section_numbering: true }, "opts_conflict", /at most one/],
    [{ url: SOURCE, callback_url: "http://a.example" }, "opts_bad_callback", /https/],
    [{ url: "ftp://a.example/x" }, "bad_request", /https/],
    ["{", "json_syntax", /not valid JSON/],
  ])("%j: HTTP 200 with the error in the body", async (body, id, message) => {
    const answer = await post(body);
    expect(answer).toMatchObject({
      status: 200,
      body: { error_info: { id, message: expect.stringMatching(message) } },
    });
    expect(answer.body.error).toBe(answer.body.error_info.message);
  });

  test("a form without a file", async () => {
    const answer = await call("POST", "/v3/pdf", { key, ...form([{ name: "options_json", content: "{}" }]) });
    expect(answer).toMatchObject({ status: 200, body: { error_info: { id: "pdf_missing" } } });
  });
});

describe("reading", () => {
  const lines = {
    pages: [
      {
        page: 1,
        lines: [
          { text_display: "# One", conversion_output: true },
          { text_display: "head", conversion_output: false },
        ],
      },
      { page: 2, lines: [{ text_display: "\n\nTwo ünïcode", conversion_output: true }] },
      { page: 3, lines: [] },
    ],
  };
  let pdf: string;
  beforeAll(async () => {
    pdf = await submit({ streaming: true, conversion_formats: { md: true, docx: true } });
  });

  test("before and after", async () => {
    await claim(fileId(pdf));
    expect((await call("DELETE", `/v3/pdf/${pdf}`, { key })).status).toBe(404);
    expect(await get(`/pdf/${pdf}.mmd`)).toMatchObject({
      status: 404,
      body: { error_info: { id: "format_not_ready" } },
    });
    expect((await get(`/converter/${pdf}`)).body).toMatchObject({ status: "processing" });
  });

  test("the stream waits for the end and sends each page once, in order", async () => {
    const waiting = await submit();
    const response = await fetchFront("GET", `/v3/pdf/${waiting}/stream`, { key });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const text = response.text();
    await complete(fileId(waiting), { "lines.json": JSON.stringify(lines) }, {}, 3);
    const events = (await text)
      .split("\n\n")
      .filter((event) => event.startsWith("data: "))
      .map((event) => JSON.parse(event.slice(6)));
    expect(events).toMatchObject([
      { text: "# One", page_idx: 1, pdf_selected_len: 3, pdf_id: waiting },
      { text: "\n\nTwo ünïcode", page_idx: 2, pdf_selected_len: 3 },
      { text: "", page_idx: 3, pdf_selected_len: 3 },
    ]);
  });

  test("the stream of a file that fails says so and ends", async () => {
    const failing = await submit();
    await call("POST", `/files/v1/${fileId(failing)}/cancel`, { key });
    const response = await fetchFront("GET", `/v3/pdf/${failing}/stream`, { key });
    const text = await response.text();
    expect(text).toContain("event: error");
    expect(text).toContain('"id":"cancelled"');
  });

  test("converter, downloads, delete", async () => {
    const done = await submit({ conversion_formats: { md: true, docx: true } });
    await complete(fileId(done), { mmd: "mmd", md: "md" }, { md: "completed" });
    expect((await get(`/converter/${done}`)).body).toMatchObject({
      status: "completed",
      conversion_status: {
        md: { status: "completed" },
        docx: { status: "error", error_info: { id: "conversion_error" } },
      },
    });
    expect(await get(`/pdf/${done}.md`)).toMatchObject({ status: 200, body: "md" });
    expect((await get(`/pdf/${done}.docx`)).status).toBe(422);
    expect((await get(`/pdf/${done}.html`)).status).toBe(415);
    expect(await call("DELETE", `/v3/pdf/${done}`, { key })).toMatchObject({
      status: 200,
      body: { pdf_id: done, status: "deleted" },
    });
    expect((await call("DELETE", `/v3/pdf/${done}`, { key })).status).toBe(200);
    expect(StrictStatus.parse((await get(`/pdf/${done}`)).body)).toMatchObject({
      status: "completed",
      num_pages: 2,
      input_file: null,
      deleted_at: expect.stringMatching(/^20/),
    });
    expect((await get(`/pdf/${done}.mmd`)).status).toBe(410);
  });

  test("unknown ids, by the contract's ways to say so", async () => {
    const unknown = "0".repeat(32);
    expect(await get(`/pdf/${unknown}`)).toMatchObject({ status: 200, body: { error_info: { id: "pdf_unknown_id" } } });
    expect(await get(`/converter/${unknown}`)).toMatchObject({
      status: 200,
      body: { error_info: { id: "cnv_unknown_id" } },
    });
    expect(await get(`/pdf/${unknown}.mmd`)).toMatchObject({ status: 404, body: { error_info: { id: "not_found" } } });
    expect((await call("DELETE", `/v3/pdf/${unknown}`, { key })).status).toBe(404);
  });
});

describe("what is not available says so", () => {
  test.each([
    ["POST", "/v3/text", { src: "https://a.example/x.png" }],
    ["POST", "/v3/latex", { src: "data:image/png;base64,AA" }],
    ["POST", "/v3/strokes", { strokes: {} }],
    ["POST", "/v3/batch", { urls: { a: "https://a.example" } }],
    ["POST", "/v3/converter", { mmd: "# x", formats: { docx: true } }],
    ["POST", "/v3/app-tokens", { expires: 300 }],
    ["GET", "/files/v1/webhook-config", undefined],
    ["POST", "/files/v1/webhook-config/secret", { force: true }],
    ["POST", "/files/v1/webhook-config/test", { callback_url: "https://a.example" }],
    [
      "POST",
      "/files/v1/data-sources",
      {
        provider: "aws",
        bucket: "b",
        auth_method: "iam_role",
        provider_specific_details: { iam_role_arn: "arn:x", aws_external_id: "e" },
      },
    ],
  ])("%s %s", async (method, path, body) => {
    const answer = await call(method, path, { key, ...(body === undefined ? {} : { body }) });
    expect(answer).toMatchObject({ status: 501, body: { error_info: { id: "not_available" } } });
    expect(answer.body.error_info.message).toMatch(/version/);
  });

  test.each([
    ["/v3/text", {}, /"src"/],
    ["/v3/strokes", {}, /"strokes"/],
    ["/v3/batch", { urls: [] }, /"urls"/],
    ["/v3/converter", { formats: {} }, /"mmd"/],
    ["/v3/app-tokens", { expires: 5 }, /at least 30/],
  ])("%s validates: %j", async (path, body, message) => {
    const answer = await call("POST", path, { key, body });
    expect(answer).toMatchObject({ status: 200, body: { error_info: { id: "opts_value_out_of_range" } } });
    expect(answer.body.error).toMatch(message);
  });

  test.each([
    [{ provider: "oss" }, /aws, azure or gcp/],
    [{ provider: "aws", auth_method: "iam_role", provider_specific_details: {} }, /bucket/],
    [{ provider: "aws", auth_method: "azure_ad", bucket: "b", provider_specific_details: {} }, /belong together/],
    [
      {
        provider: "aws",
        auth_method: "iam_role",
        bucket: "b",
        secret: "s",
        provider_specific_details: { iam_role_arn: "a", aws_external_id: "e" },
      },
      /belong together/,
    ],
  ])("data sources validate: %j", async (body, message) => {
    const answer = await call("POST", "/files/v1/data-sources", { key, body });
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
    expect(answer.body.error_info.message).toMatch(message);
  });

  test("lists are empty, single ones unknown, identities unconfigured", async () => {
    expect((await call("GET", "/files/v1/data-sources", { key })).body).toEqual({ data_sources: [] });
    expect((await get("/ocr-results")).body).toEqual({ ocr_results: [] });
    expect((await get("/converter-results")).body).toEqual({ documents: [] });
    expect((await get("/app-tokens")).body).toEqual({ app_tokens: [] });
    expect((await call("DELETE", "/files/v1/data-sources/x", { key })).status).toBe(404);
    expect((await call("POST", "/files/v1/data-sources/x/test", { key, body: {} })).status).toBe(404);
    expect(await call("GET", "/files/v1/onboarding/identities", { key })).toMatchObject({
      status: 500,
      body: { error: "internal_error" },
    });
  });
});
