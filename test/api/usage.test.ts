import { beforeAll, describe, expect, test, vi } from "vitest";
import { qualityOf } from "../jobs/bench.ts";
import { call, complete, form, keyOf, PDF, upload } from "./front.ts";

let key: string;
beforeAll(async () => {
  key = await keyOf("usage");
});
const get = (path: string) => call("GET", path, { key });

async function submitPdf(): Promise<string> {
  const parts = [{ name: "file", filename: "paper.pdf", content: PDF }];
  const { body } = await call("POST", "/v3/pdf", { key, ...form(parts) });
  return body.pdf_id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The ledger hears of ended files within seconds. */
async function usageOf(query: string, pages: number): Promise<{ ocr_usage: { count: number }[]; months: unknown[] }> {
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await get(`/v3/ocr-usage?${query}`);
    if (body.ocr_usage.reduce((sum: number, row: { count: number }) => sum + row.count, 0) === pages) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the ledger never came to ${pages} pages`);
}

test("pages of completed files, by type, and their price; cancelled ones cost nothing", async () => {
  const [direct, v3, cancelled] = [await upload(key), await submitPdf(), await upload(key)];
  await complete(direct, { mmd: "x" }, {}, 1_000);
  await complete(v3, { mmd: "x" }, {}, 20, qualityOf(0.9));
  await call("POST", `/files/v1/${cancelled}/cancel`, { key });
  const usage = await usageOf("group_by=usage_type&timespan=day", 1_020);
  expect(usage.ocr_usage).toMatchObject([
    { usage_type: "files-page", count: 1_000, app_id: [expect.any(String)] },
    { usage_type: "pdf-page", count: 20 },
  ]);
  expect(usage.months).toMatchObject([{ pages: 1_020, dollars: 1.53 }]);
  expect(
    (await get("/v3/ocr-usage?usage_type=pdf-page&group_by=usage_type&group_by=app_id")).body.ocr_usage,
  ).toMatchObject([{ count: 20 }]);
  expect((await get("/v3/ocr-usage?from_date=2020-01-01&to_date=2020-12-31")).body).toEqual({
    ocr_usage: [],
    months: [],
  });
  const today = new Date().toISOString().slice(0, 10);
  expect((await get(`/v3/ocr-usage?from_date=${today}&to_date=${today}`)).body.ocr_usage).toMatchObject([
    { count: 1_020 },
  ]);
  expect((await get("/v3/pdf-results")).body.pdfs).toMatchObject([
    {
      id: v3.replaceAll("-", ""),
      input_file: "paper.pdf",
      status: "completed",
      num_pages: 20,
      quality: qualityOf(0.9),
    },
  ]);
  expect((await get("/v3/pdf-results?page=2")).body.pdfs).toEqual([]);
});

test.each([
  ["/v3/ocr-usage?timespan=week", /hour, day, month or year/],
  ["/v3/ocr-usage?from_date=yesterday", /date like/],
  ["/v3/ocr-usage?page=101", /between 1 and 100/],
  ["/v3/ocr-usage?per_page=0", /between 1 and 1000/],
  ["/v3/ocr-usage?group_by=colour", /group_by/],
  ["/v3/pdf-results?to_date=x", /date like/],
])("%s is refused", async (path, message) => {
  const { body } = await get(path);
  expect(body).toMatchObject({
    error_info: { id: "opts_value_out_of_range", message: expect.stringMatching(message) },
  });
});

describe("the log", () => {
  test("a line a request: route, status and group; no query, no key, no name of a customer", async () => {
    const spies = (["info", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    const body = {
      source_uri: "http://127.0.0.1:9/confidential.pdf?signature=hunter2",
      job_id: "private-name",
      custom_id: "a",
    };
    await call("POST", "/files/v1/uri?token=hunter2", { key, body, headers: { "x-request-id": "log-test" } });
    await call("GET", "/files/v1/jobs/private-name/files/a?limit=hunter2", { key });
    const lines = spies.flatMap((spy) => spy.mock.calls.map(([line]) => String(line)));
    for (const spy of spies) spy.mockRestore();
    const request = lines.map((line) => JSON.parse(line)).find((line) => line.request === "log-test");
    expect(request).toMatchObject({
      level: "info",
      event: "request",
      method: "POST",
      path: "/files/v1/uri",
      status: 200,
      group: "usage",
      file: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ms: expect.any(Number),
    });
    for (const secret of ["hunter2", key, "private-name"]) expect(lines.join("\n")).not.toContain(secret);
  });
});
