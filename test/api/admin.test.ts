import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ADMIN, call, form, keyOf, PDF } from "./front.ts";

const { DB } = env as unknown as { DB: D1Database };
const admin = (method: string, path: string, body?: unknown) =>
  call(method, `/admin/groups${path}`, { headers: ADMIN, ...(body === undefined ? {} : { body }) });
const works = async (key: string, appId?: string) =>
  (await call("GET", "/files/v1/jobs", { key, ...(appId === undefined ? {} : { headers: { app_id: appId } }) }))
    .status === 200;

describe("keys", () => {
  test("made, listed, rotated, revoked", async () => {
    const made = await admin("POST", "/keys-1/keys", {});
    expect(made).toMatchObject({
      status: 200,
      body: { group: "keys-1", app_id: expect.any(String), app_key: expect.any(String) },
    });
    expect(made.body.app_key.length).toBeGreaterThanOrEqual(32);
    expect(await works(made.body.app_key)).toBe(true);
    expect(await works(made.body.app_key, made.body.app_id)).toBe(true);

    const list = await admin("GET", "/keys-1/keys");
    expect(list.body.keys).toMatchObject([{ app_id: made.body.app_id, revoked_at: null }]);
    expect(JSON.stringify(list.body)).not.toContain(made.body.app_key);

    const rotated = await admin("POST", "/keys-1/keys", { app_id: made.body.app_id });
    expect(rotated.body.app_key).not.toBe(made.body.app_key);
    expect([await works(made.body.app_key), await works(rotated.body.app_key)]).toEqual([false, true]);

    expect(await admin("DELETE", `/keys-1/keys/${made.body.app_id}`)).toMatchObject({
      status: 200,
      body: { status: "revoked" },
    });
    expect(await works(rotated.body.app_key)).toBe(false);
    expect((await admin("DELETE", "/keys-1/keys/nobody")).status).toBe(404);
  });

  test("an existing pair is imported, so that a client changes only its URL", async () => {
    const pair = { app_id: "my_app_123", app_key: "8_chars!" };
    expect((await admin("POST", "/keys-2/keys", pair)).body).toEqual({ group: "keys-2", ...pair });
    expect((await admin("POST", "/keys-2/keys", pair)).status).toBe(200);
    expect(await works(pair.app_key, pair.app_id)).toBe(true);
    expect(await admin("POST", "/keys-3/keys", pair)).toMatchObject({ status: 409, body: { error: "conflict" } });
  });

  test("the body may be left out", async () => {
    expect((await admin("POST", "/keys-4/keys")).status).toBe(200);
  });

  test.each([
    ["/keys-5/keys", { app_key: "0123456789abcdef" }, /app_id/],
    ["/keys-5/keys", { app_id: "a", app_key: "short" }, /at least 8/],
    ["/keys-5/keys", { app_id: "a b" }, /app_id/],
    ["/keys-5/keys", { app_id: "a", app_key: "has spaces in it, sorry" }, /without spaces/],
    ["/bad%20group/keys", {}, /group is named/],
  ])("%s %j is refused", async (path, body, message) => {
    const answer = await admin("POST", path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
    expect(answer.body.error_info.message).toMatch(message);
  });
});

describe("limits", () => {
  test("set, kept, lifted", async () => {
    await keyOf("limits-1");
    const set = await admin("PUT", "/limits-1/limits", { page_monthly_limit: 1000, files_in_flight: 5 });
    expect(set).toMatchObject({
      status: 200,
      body: { page_monthly_limit: 1000, files_in_flight: 5, requests_per_minute: null },
    });
    expect((await admin("GET", "/limits-1/limits")).body).toEqual(set.body);
    expect((await admin("PUT", "/limits-1/limits", { page_monthly_limit: null })).body).toMatchObject({
      page_monthly_limit: null,
      files_in_flight: 5,
    });
    for (const body of [
      { page_monthly_limit: -1 },
      { requests_per_minute: 1.5 },
      { files_in_flight: "5" },
      { pages: 5 },
    ]) {
      expect(await admin("PUT", "/limits-1/limits", body)).toMatchObject({
        status: 400,
        body: { error: "bad_request" },
      });
    }
  });

  test("null = the default again; a PUT repairs what the directory missed", async () => {
    const key = await keyOf("limits-3");
    await admin("PUT", "/limits-3/limits", { files_in_flight: 5, requests_per_minute: 60 });
    expect((await admin("PUT", "/limits-3/limits", { files_in_flight: null })).body).toEqual({
      page_monthly_limit: null,
      files_in_flight: 100,
      requests_per_minute: 60,
    });
    const stored = () => DB.prepare("SELECT * FROM groups WHERE id = 'limits-3'").first();
    expect(Object.keys((await stored())!).sort()).toEqual(["created_at", "id", "requests_per_minute"]);
    await DB.prepare("UPDATE groups SET requests_per_minute = NULL WHERE id = 'limits-3'").run();
    await admin("PUT", "/limits-3/limits", {});
    expect(await stored()).toMatchObject({ requests_per_minute: 60 });
    expect((await call("GET", "/files/v1/jobs", { key })).headers.get("ratelimit-limit")).toBe("60");
  });

  test("a misspelt field is named, with the one that was meant", async () => {
    const answer = await admin("PUT", "/limits-4/limits", { pages_monthly_limit: 5 });
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
    expect(answer.body.error_info.message).toBe(
      'unknown field "pages_monthly_limit"; did you mean "page_monthly_limit"?',
    );
  });

  test("requests a minute: 429 with what to wait for", async () => {
    const key = await keyOf("limits-2");
    expect((await call("GET", "/files/v1/jobs", { key })).headers.get("ratelimit-limit")).toBeNull();
    await admin("PUT", "/limits-2/limits", { requests_per_minute: 3 });
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await call("GET", "/files/v1/jobs", { key }));
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(answers[0]!.headers.get("ratelimit-limit")).toBe("3");
    expect(refused[0]!.body).toMatchObject({
      error: "http_max_requests",
      error_info: { id: "http_max_requests", limit_name: "requests_per_minute", limit_value: 3, count: 3 },
    });
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused[0]!.headers.get("ratelimit-remaining")).toBe("0");
    const upload = await call("POST", "/files/v1", {
      key,
      ...form([{ name: "file", filename: "a.pdf", content: PDF }]),
    });
    expect(upload.status).toBe(429);
    const v3 = await call("GET", `/v3/pdf/${"0".repeat(32)}`, { key });
    expect(v3).toMatchObject({ status: 429, body: { error_info: { id: "http_max_requests" } } });
  });

  test("a month that is used up: 429 at the door, for submissions only", async () => {
    const key = await keyOf("limits-3");
    // Nothing is released: what counts here is the door.
    await admin("PUT", "/limits-3/limits", { page_monthly_limit: 0, files_in_flight: 0 });
    const body = { source_uri: "https://example.com/a.pdf" };
    for (const [path, sent] of [
      ["/files/v1/uri", body],
      ["/files/v1/jobs", { files: [body] }],
    ] as const) {
      const refused = await call("POST", path, { key, body: sent });
      expect(refused).toMatchObject({
        status: 429,
        body: {
          error: "http_max_requests",
          error_info: { limit_name: "page_monthly_limit", limit_value: 0, count: 0 },
        },
      });
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect((await call("GET", "/files/v1/jobs", { key })).status).toBe(200);
    await admin("PUT", "/limits-3/limits", { page_monthly_limit: null });
    expect((await call("POST", "/files/v1/uri", { key, body })).status).toBe(200);
  });
});
