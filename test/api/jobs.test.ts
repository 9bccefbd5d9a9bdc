import { beforeAll, describe, expect, test } from "vitest";
import { FileBody, FileList, JobBody } from "../../src/api/schemas.ts";
import { bindings, call, claim, complete, holdFiles, keyOf, streamOf, upload } from "./front.ts";

const StrictJob = JobBody.strict();
const StrictList = FileList.strict();
let key: string;
beforeAll(async () => {
  key = await keyOf("jobs");
  await holdFiles("jobs");
});

const SOURCE = "http://127.0.0.1:9/paper.pdf";
const item = (custom_id: string, more: Record<string, unknown> = {}) => ({
  source_uri: `${SOURCE}?n=${custom_id}`,
  custom_id,
  ...more,
});
const post = (body: unknown, headers: Record<string, string> = {}) =>
  call("POST", "/files/v1/jobs", { key, body, headers });
const get = (path: string) => call("GET", `/files/v1/jobs${path}`, { key });

/** Waits until a spooled job has expanded all its items, checking that the counters sum at every look. */
async function registered(jobId: string, count: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const { body } = await get(`/${jobId}`);
    const { counts } = StrictJob.parse(body);
    const sum = counts.pending + counts.running + counts.completed + counts.errored + counts.cancelled;
    expect(sum).toBe(body.file_count);
    const { body: last } = await get(`/${jobId}/files?limit=1000`);
    if (last.next_page_token !== null || last.files.length >= Math.min(count, 1_000)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`job ${jobId} was never expanded`);
}

describe("submitting", () => {
  test("the answer counts what was sent; the job is there at once", async () => {
    const answer = await post({
      job_id: "contracts-2026-05",
      files: [item("a"), item("b")],
      conversion_formats: { md: true },
    });
    expect(answer).toMatchObject({ status: 200, body: { job_id: "contracts-2026-05", file_count: 2 } });
    const { body } = await get("/contracts-2026-05");
    expect(StrictJob.parse(body)).toMatchObject({
      status: "processing",
      file_count: 2,
      files_completed: 0,
      files_errored: 0,
      finalized_at: null,
    });
    expect((await get("")).body.jobs.map((job: { job_id: string }) => job.job_id)).toContain("contracts-2026-05");
    const file = await get("/contracts-2026-05/files/a");
    expect(FileBody.strict().parse(file.body)).toMatchObject({
      custom_id: "a",
      job_id: "contracts-2026-05",
      source_uri: SOURCE,
    });
  });

  test("bad items become errors of their files, each with a code and a sentence", async () => {
    const files = [
      item("good"),
      { custom_id: "no-source" },
      item("bucket", { source_uri: "s3://nobody/key" }),
      item("pages", { page_ranges: "x" }),
      item("format", { conversion_formats: { mdd: true } }),
      { source_uri: SOURCE, custom_id: "a b" },
      item("twice"),
      item("twice"),
      "https://example.com/a.pdf",
      null,
    ];
    expect((await post({ job_id: "mixed", files })).body).toEqual({ job_id: "mixed", file_count: files.length });
    const errors = StrictList.parse((await get("/mixed/files?status=error")).body);
    const codes = errors.files.map((file) => [file.custom_id, file.error]);
    expect(codes).toEqual(
      expect.arrayContaining([
        ["no-source", "bad_request"],
        ["bucket", "data_source_not_found"],
        ["pages", "bad_request"],
        ["format", "bad_request"],
      ]),
    );
    expect(codes.filter(([id]) => id === "good")).toEqual([]);
    expect(errors.files).toHaveLength(8);
    for (const file of errors.files) expect(file.error_info?.message).toMatch(/\w+ \w+ \w+/);
    expect(JSON.stringify(errors)).not.toContain("?n=");
    const { body } = await get("/mixed");
    expect(body).toMatchObject({ file_count: 10, files_errored: 8 });
  });

  test("an item overrides any option of the job", async () => {
    await post({
      job_id: "override",
      files: [item("plain"), item("own", { conversion_formats: { docx: true }, nope: 1 })],
      conversion_formats: { md: true },
      nope_either: 1,
    });
    const [plain, own] = await Promise.all([get("/override/files/plain"), get("/override/files/own")]);
    expect(Object.keys(plain.body.formats)).toEqual(["md"]);
    expect(plain.body.warnings).toEqual(['unknown option "nope_either"']);
    expect(Object.keys(own.body.formats)).toEqual(["docx"]);
    expect(own.body.warnings).toEqual([
      'unknown option "nope_either"',
      'unknown option "nope"',
      'format "docx" is not available in this version; it will end as error',
    ]);
  });

  test("the same pair is the same file; a job without a name gets one", async () => {
    await post({ job_id: "pairs", files: [item("a")] });
    const first = (await get("/pairs/files/a")).body.file_id;
    await post({ job_id: "pairs", files: [item("a"), item("b")] });
    expect((await get("/pairs/files/a")).body.file_id).toBe(first);
    expect((await get("/pairs")).body.file_count).toBe(2);
    const nameless = await post({ files: [{ source_uri: SOURCE }] });
    expect(nameless).toMatchObject({
      status: 200,
      body: { job_id: expect.stringMatching(/^[\w\-.:]+$/), file_count: 1 },
    });
    expect((await get(`/${nameless.body.job_id}`)).body.file_count).toBe(1);
  });

  test("an Idempotency-Key names a job without a name", async () => {
    const files = [{ source_uri: SOURCE }];
    const first = await post({ files }, { "idempotency-key": "batch-1" });
    const again = await post({ files }, { "idempotency-key": "batch-1" });
    expect(again.body).toEqual(first.body);
    expect((await get(`/${first.body.job_id}`)).body.file_count).toBe(1);
    expect(await post({ files: [...files, ...files] }, { "idempotency-key": "batch-1" })).toMatchObject({
      status: 409,
      body: { error: "conflict" },
    });
  });

  test.each([
    [{}, /files is missing or empty/],
    [{ files: [] }, /files is missing or empty/],
    [{ files: {} }, /files must be an array/],
    [{ files: [item("a")] }, /job_id/],
    [{ job_id: "a/b", files: [item("a")] }, /job_id "a\/b" must be/],
    [{ job_id: "x".repeat(257), files: [item("a")] }, /job_id/],
    [{ job_id: "j", source_uri: SOURCE, files: [item("a")] }, /source_uri belongs into the items/],
    [{ job_id: "j", page_ranges: "0", files: [item("a")] }, /page_ranges/],
    [{ job_id: "j", conversion_formats: { dcox: true }, files: [item("a")] }, /did you mean "docx"/],
    ["{", /not valid JSON/],
    ["[1]", /must be a JSON object/],
  ])("%j is refused as a whole", async (body, message) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
    expect(answer.body.error_info.message).toMatch(message);
  });
});

describe("large bodies", () => {
  const large = (count: number, jobId: string, patch: (i: number) => unknown = () => null) => {
    const files = Array.from({ length: count }, (_, i) => patch(i) ?? item(`c-${i}`, { filename: "x".repeat(100) }));
    return new TextEncoder().encode(JSON.stringify({ files, job_id: jobId, nope: 1 }));
  };
  const spool = (bytes: Uint8Array, jobHeaders: Record<string, string> = {}) =>
    call("POST", "/files/v1/jobs", { key, body: streamOf(bytes, 65_537), headers: jobHeaders });

  test("10,000 items, one without source_uri: all there, that one an error", async () => {
    const bytes = large(10_000, "big", (i) => (i === 7_777 ? { custom_id: "bad" } : null));
    expect(bytes.length).toBeGreaterThan(1_000_000);
    expect(await spool(bytes)).toMatchObject({ status: 200, body: { job_id: "big", file_count: 10_000 } });
    expect((await get("/big")).body.file_count).toBe(10_000);
    await registered("big", 10_000);
    for (let tries = 0; tries < 200; tries++) {
      if ((await get("/big/files/bad")).status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await get("/big/files/bad")).body).toMatchObject({ status: "error", error: "bad_request" });
    await call("POST", "/files/v1/jobs/big/cancel", { key });
  }, 60_000);

  test("custom_id needs a job_id here too, wherever it stands", async () => {
    const files = Array.from({ length: 10_000 }, (_, i) => ({
      ...(i === 9_999 ? { custom_id: "named" } : {}),
      source_uri: SOURCE,
      filename: "x".repeat(100),
    }));
    const bytes = new TextEncoder().encode(JSON.stringify({ files }));
    expect(await spool(bytes)).toMatchObject({
      status: 400,
      body: { error: "bad_request", error_info: { message: expect.stringContaining("custom_id needs a job_id") } },
    });
  });

  test("refusals leave no manifest behind", async () => {
    const stored = async () => (await bindings.BUCKET.list({ prefix: "30d/" })).objects.length;
    const before = await stored();
    const cut = large(10_000, "cut").subarray(0, 1_500_000);
    expect(await spool(cut)).toMatchObject({ status: 400, body: { error: "bad_request" } });
    const broken = large(10_000, "broken");
    broken[1_200_000] = 0x01;
    expect(await spool(broken)).toMatchObject({ status: 400, body: { error: "bad_request" } });
    const badOption = new TextEncoder().encode(
      `{"page_ranges":"x",${new TextDecoder().decode(large(10_000, "o")).slice(1)}`,
    );
    expect(await spool(badOption)).toMatchObject({
      status: 400,
      body: { error_info: { message: expect.stringMatching(/page_ranges/) } },
    });
    expect(await stored()).toBe(before);
  }, 60_000);

  test("more than 200,000 items are refused", async () => {
    const one = `{"source_uri":"${SOURCE}"}`;
    const bytes = new TextEncoder().encode(`{"files":[${Array(200_001).fill(one).join(",")}]}`);
    expect(await spool(bytes)).toMatchObject({
      status: 400,
      body: { error: "bad_request", error_info: { message: expect.stringMatching(/200000/) } },
    });
  }, 60_000);
});

describe("listing", () => {
  beforeAll(async () => {
    await post({ job_id: "listed", files: Array.from({ length: 7 }, (_, i) => item(`i-${i}`)) });
    await post({ job_id: "listed", files: [{ custom_id: "bad" }] });
  });

  test("in order of registration, page by page, status always filled", async () => {
    const seen: string[] = [];
    let state = "";
    for (let page = 0; page < 10; page++) {
      const { body } = await get(`/listed/files?limit=3&paging_state=${state}`);
      const { files, next_page_token } = StrictList.parse(body);
      expect(files.length).toBeLessThanOrEqual(3);
      for (const file of files) seen.push(file.custom_id!);
      if (next_page_token === null) break;
      state = next_page_token;
    }
    expect(seen).toEqual(["i-0", "i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "bad"]);
  });

  test("by status", async () => {
    const idsOf = async (status: string) =>
      (await get(`/listed/files?status=${status}`)).body.files.map((f: { custom_id: string }) => f.custom_id);
    expect(await idsOf("error")).toEqual(["bad"]);
    expect(await idsOf("pending")).toHaveLength(7);
    expect(await idsOf("completed")).toEqual([]);
    expect(await idsOf("cancelled")).toEqual([]);
  });

  test.each([
    ["/listed/files?limit=0", /between 1 and 1000/],
    ["/listed/files?limit=1001", /between 1 and 1000/],
    ["/listed/files?limit=abc", /^query parameter "limit": must be a whole number$/],
    ["/listed/files?status=lost", /pending, completed, error or cancelled/],
    ["/listed/files?paging_state=zzz", /not a token/],
    ["?limit=0", /between 1 and 1000/],
    ["?start=2026-13-01", /a day like/],
    ["?end=2026-02-30", /a day like/],
    ["?start=yesterday", /a day like/],
    ["?paging_state=%7B%7D", /not a token/],
  ])("%s is refused", async (path, message) => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
    expect(answer.body.error_info.message).toMatch(message);
  });

  test("jobs, newest first, page by page; by day", async () => {
    const own = await keyOf("job-list");
    await holdFiles("job-list");
    for (const job_id of ["j1", "j2", "j3"]) {
      await call("POST", "/files/v1/jobs", { key: own, body: { job_id, files: [item("a")] } });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const list = (query: string) => call("GET", `/files/v1/jobs?${query}`, { key: own });
    const first = await list("limit=2");
    expect(first.body.jobs.map((j: { job_id: string }) => j.job_id)).toEqual(["j3", "j2"]);
    const second = await list(`limit=2&paging_state=${first.body.next_page_token}`);
    expect(second.body).toMatchObject({ jobs: [{ job_id: "j1" }], next_page_token: null });
    const today = new Date().toISOString().slice(0, 10);
    expect((await list(`start=${today}&end=${today}`)).body.jobs).toHaveLength(3);
    expect((await list("start=2020-01-01&end=2020-01-02")).body).toEqual({ jobs: [], next_page_token: null });
    expect((await list("end=2020-01-02")).body.jobs).toHaveLength(0);
    await upload(own);
    expect((await list("")).body.jobs).toHaveLength(3);
  });
});

describe("a job's moves", () => {
  test("finalize closes it, as often as asked", async () => {
    await post({ job_id: "closed", files: [item("a")] });
    const first = await call("POST", "/files/v1/jobs/closed/finalize", { key, body: {} });
    expect(first).toMatchObject({ status: 200, body: { job_id: "closed", message: "finalized" } });
    expect((await call("POST", "/files/v1/jobs/closed/finalize", { key })).body).toEqual(first.body);
    expect(await post({ job_id: "closed", files: [item("b")] })).toMatchObject({
      status: 409,
      body: { error: "conflict" },
    });
    expect((await get("/closed")).body.finalized_at).toBe(first.body.finalized_at);
  });

  test("a deleted job obeys nothing and can be submitted anew", async () => {
    await post({ job_id: "buried", files: [item("b")] });
    await call("POST", "/files/v1/jobs/buried/cancel", { key });
    const file = (await get("/buried/files")).body.files[0].file_id;
    expect((await call("DELETE", "/files/v1/jobs/buried", { key })).status).toBe(200);
    for (const path of [
      "/files/v1/jobs/buried/finalize",
      "/files/v1/jobs/buried/cancel",
      "/files/v1/jobs/buried/retry",
      `/files/v1/${file}/cancel`,
    ]) {
      expect(await call("POST", path, { key, body: {} }), path).toMatchObject({
        status: 410,
        body: { error: "not_found" },
      });
    }
    expect((await post({ job_id: "buried", files: [item("b")] })).status).toBe(200);
  });

  test("cancel ends every file; retry by code brings them back", async () => {
    await post({ job_id: "stop", files: [item("a"), item("b"), { custom_id: "bad" }] });
    const cancelled = await call("POST", "/files/v1/jobs/stop/cancel", { key });
    expect(StrictJob.parse(cancelled.body)).toMatchObject({
      status: "completed",
      file_count: 3,
      files_errored: 3,
      files_cancelled: 2,
      counts: { pending: 0, running: 0, completed: 0, errored: 1, cancelled: 2 },
    });
    expect((await get("/stop/files?status=cancelled")).body.files).toHaveLength(2);
    expect((await get("/stop/files?status=error")).body.files).toHaveLength(3);
    const none = await call("POST", "/files/v1/jobs/stop/retry", { key, body: { codes: ["source_timeout"] } });
    expect(none.body).toEqual({ job_id: "stop", retried: 0 });
    const some = await call("POST", "/files/v1/jobs/stop/retry", { key, body: { codes: ["cancelled"] } });
    expect(some.body).toEqual({ job_id: "stop", retried: 2 });
    expect((await get("/stop")).body).toMatchObject({ status: "processing", files_cancelled: 0, files_errored: 1 });
    const misspelt = await call("POST", "/files/v1/jobs/stop/retry", { key, body: { code: ["cancelled"] } });
    expect(misspelt).toMatchObject({ status: 400, body: { error: "bad_request" } });
    const wrong = await call("POST", "/files/v1/jobs/stop/retry", { key, body: { codes: ["no_such_code"] } });
    expect(wrong).toMatchObject({
      status: 400,
      body: { error_info: { message: expect.stringMatching(/error code/) } },
    });
  });

  test("delete refuses while files run, then removes all, and the job is gone", async () => {
    const key = await keyOf("jobs-run");
    const id = await upload(key, {}, { job_id: "goes", custom_id: "a" });
    await claim(id);
    expect(await call("DELETE", "/files/v1/jobs/goes", { key })).toMatchObject({
      status: 409,
      body: { error: "conflict" },
    });
    await call("POST", "/files/v1/jobs/goes/cancel", { key });
    const first = await call("DELETE", "/files/v1/jobs/goes", { key });
    expect(first).toMatchObject({ status: 200, body: { job_id: "goes", status: "deleted", files: 1 } });
    expect((await call("DELETE", "/files/v1/jobs/goes", { key })).status).toBe(200);
    expect(await call("GET", "/files/v1/jobs/goes", { key })).toMatchObject({
      status: 410,
      body: { error: "not_found" },
    });
    expect(await call("GET", `/files/v1/${id}`, { key })).toMatchObject({ status: 410 });
    expect(await call("GET", "/files/v1/jobs/goes/files?status=error", { key })).toMatchObject({ status: 410 });
    expect((await call("GET", "/files/v1/jobs?limit=1000", { key })).body.jobs).not.toContainEqual(
      expect.objectContaining({ job_id: "goes" }),
    );
  });

  test("it is completed when every file has ended", async () => {
    const key = await keyOf("jobs-run");
    const get = (path: string) => call("GET", `/files/v1/jobs${path}`, { key });
    const id = await upload(key, {}, { job_id: "ends", custom_id: "a" });
    await complete(id, { mmd: "x" });
    expect((await get("/ends")).body).toMatchObject({ status: "completed", files_completed: 1, files_pending: 0 });
    expect((await get("/ends/files?status=completed")).body.files).toMatchObject([
      { custom_id: "a", num_pages: 2, error: null },
    ]);
  });
});

describe("legacy names", () => {
  test("scs_job_id everywhere", async () => {
    const files = [item("a"), item("b")];
    const { body } = await post({ scs_job_id: "old", files });
    expect(body).toEqual({ job_id: "old", file_count: 2 });
    const legacy = (path: string) => call("GET", `/files/v1/${path}`, { key });
    const list = await legacy("list?scs_job_id=old&limit=1");
    expect(list.body.file_ids).toHaveLength(1);
    const rest = await legacy(`list?scs_job_id=old&limit=1&paging_state=${list.body.next_page_token}`);
    expect(rest.body.file_ids).toHaveLength(1);
    expect((await legacy("scs-jobs?limit=1000")).body.jobs).toEqual(
      expect.arrayContaining([expect.objectContaining({ scs_job_id: "old", group_id: "jobs" })]),
    );
    expect((await legacy("scs-jobs/status?scs_job_id=old")).body).toMatchObject({
      scs_job_id: "old",
      file_count: 2,
      num_pages: 0,
      num_pages_completed: 0,
    });
    expect(await legacy("list")).toMatchObject({ status: 400 });
    expect(await legacy("scs-jobs/status")).toMatchObject({ status: 400 });
    expect(await legacy("scs-jobs/status?scs_job_id=nope")).toMatchObject({ status: 404 });
  });
});
