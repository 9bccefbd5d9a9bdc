/** Every route of the documentation, whoever added it: no key, a wrong key, another group's file, a made-up id. */
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/api/app.ts";
import { ErrorBody } from "../../src/api/schemas.ts";
import { bindings, call, fetchFront, keyOf, upload } from "./front.ts";

interface Route {
  method: string;
  path: string;
  guard: "key" | "admin" | "none";
}

const document = createApp().getOpenAPI31Document({ openapi: "3.1.0", info: { title: "t", version: "1" } });
const routes: Route[] = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, { security?: Record<string, unknown>[] }>).map(([method, { security }]) => ({
    method: method.toUpperCase(),
    path,
    guard: security?.[0] === undefined ? "none" : "admin" in security[0] ? "admin" : "key",
  })),
);
const keyed = routes.filter((route) => route.guard === "key");

/** A path with its names filled in. */
function fill(path: string, names: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "x");
}

const body = (method: string) => (method === "POST" || method === "PUT" ? { body: {} } : {});

test("the documentation lists the contract's endpoints", () => {
  expect(keyed.length).toBeGreaterThan(45);
  const listed = routes.map(({ method, path }) => `${method} ${path}`);
  for (const route of [
    "POST /files/v1",
    "POST /files/v1/uri",
    "POST /files/v1/jobs",
    "GET /files/v1/jobs/{job_id}/files/{custom_id}",
    "GET /files/v1/{file_id}.{ext}",
    "DELETE /files/v1/{file_id}",
    "GET /files/v1/scs-jobs/status",
    "GET /v3/pdf/{pdf_id}/stream",
    "GET /v3/ocr-usage",
    "POST /admin/groups/{group}/keys",
    "GET /healthz",
  ]) {
    expect(listed).toContain(route);
  }
});

describe.each(keyed)("$method $path", ({ method, path }) => {
  test.each([
    ["no key", {}],
    ["a wrong key", { app_key: "not-a-key-of-anybody" }],
    ["an empty key", { app_key: "" }],
    ["a key that is too long", { app_key: "k".repeat(5_000) }],
    ["an app_token", { app_token: "token" }],
    ["the admin's secret", { authorization: "Bearer admin-secret-of-the-tests" }],
  ])("refuses %s", async (_name, headers: Record<string, string>) => {
    const answer = await call(method, fill(path), { headers, ...body(method) });
    expect(answer.status).toBe(401);
    expect(answer.body.error_info.id).toBe("http_unauthorized");
    expect(answer.body.error).toMatch(/^Invalid credentials/);
    expect(answer.body.error).toBe(answer.body.error_info.message);
  });
});

describe.each(routes.filter((route) => route.guard === "admin"))("$method $path", ({ method, path }) => {
  test("refuses everything but the deployment's secret", async () => {
    const key = await keyOf("common");
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: "Bearer " },
      { authorization: "admin-secret-of-the-tests" },
      { app_key: key },
    ] as Record<string, string>[]) {
      expect(await call(method, fill(path), { headers, ...body(method) })).toMatchObject({
        status: 401,
        body: { error_info: { id: "http_unauthorized" } },
      });
    }
  });
});

describe("files of others", () => {
  let key: string;
  let stranger: string;
  let fileId: string;
  beforeAll(async () => {
    [key, stranger] = await Promise.all([keyOf("common"), keyOf("stranger")]);
    fileId = await upload(key, {}, { job_id: "mine", custom_id: "a" });
  });

  const byId = keyed.filter(({ path }) => /\{(file_id|pdf_id|name)\}/.test(path));
  const names = (id: string) => ({ file_id: id, pdf_id: id.replaceAll("-", ""), name: `${id}-01.jpg`, ext: "mmd" });

  test("there are such routes", () => expect(byId.length).toBeGreaterThan(8));

  test.each(byId)("$method $path: 403 for another group's", async ({ method, path }) => {
    const answer = await call(method, fill(path, names(fileId)), { key: stranger });
    expect(answer).toMatchObject({ status: 403, body: { error_info: { id: "forbidden" } } });
    expect((await call("GET", `/files/v1/${fileId}`, { key })).status).toBe(200);
  });

  test.each(byId)("$method $path: not found for a made-up id, which wakes nothing", async ({ method, path }) => {
    const madeUp = fileId.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    const answer = await call(method, fill(path, names(madeUp)), { key });
    const unknownInV3 = answer.status === 200 && path.startsWith("/v3/");
    expect(answer.status === 404 || unknownInV3, `${answer.status}`).toBe(true);
    expect(answer.body.error_info.id).toMatch(/^(not_found|pdf_unknown_id|cnv_unknown_id)$/);
  });

  const byJob = keyed.filter(({ path }) => path.includes("{job_id}"));
  test.each(byJob)("$method $path: 404 by name, as if it weren't there", async ({ method, path }) => {
    const filled = fill(path, { job_id: "mine", custom_id: "a" });
    const theirs = await call(method, filled, { key: stranger });
    const nobodys = await call(method, fill(path, { job_id: "nobodys", custom_id: "a" }), { key: stranger });
    expect(theirs).toMatchObject({ status: 404, body: { error: "not_found", error_info: { id: "not_found" } } });
    expect(theirs.body).toEqual(nobodys.body);
  });

  test.each(byJob)("$method $path: a job_id that is none is 400", async ({ method, path }) => {
    for (const job_id of ["a%20b", "x".repeat(257), "%F0%9F%92%A9", "%2e%2e%2fx"]) {
      expect(await call(method, fill(path, { job_id, custom_id: "a" }), { key })).toMatchObject({
        status: 400,
        body: { error: "bad_request", error_info: { message: expect.stringContaining("job_id must be") } },
      });
    }
  });
});

describe("around every request", () => {
  test("the client's request id is echoed; a harmful one is replaced", async () => {
    const echoed = await fetchFront("GET", "/healthz", { headers: { "x-request-id": "abc-1" } });
    expect(echoed.headers.get("x-request-id")).toBe("abc-1");
    const replaced = await fetchFront("GET", "/nowhere", { headers: { "x-request-id": "a b {}" } });
    expect(replaced.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    await Promise.all([echoed.text(), replaced.text()]);
  });

  test("unknown paths and methods have the envelope too", async () => {
    const key = await keyOf("common");
    for (const [method, path] of [
      ["GET", "/nowhere"],
      ["PATCH", "/files/v1/jobs"],
      ["GET", "/files/v1/jobs/a/b/c/d"],
    ] as const) {
      const answer = await call(method, path, { key });
      expect(answer).toMatchObject({ status: 404, body: { error: "not_found" } });
      expect(ErrorBody.safeParse(answer.body).success).toBe(true);
    }
  });

  test("app_id beside the key is taken when it is the group's and ignored otherwise", async () => {
    const key = await keyOf("common");
    for (const app_id of ["somebody-elses", ""]) {
      expect((await call("GET", "/files/v1/jobs", { key, headers: { app_id } })).status).toBe(200);
    }
  });

  test("nothing secret is in the answers of the documentation", async () => {
    const response = await fetchFront("GET", "/openapi.json");
    const text = await response.text();
    for (const secret of [bindings.ID_SECRET, bindings.ADMIN_SECRET]) expect(text).not.toContain(secret);
  });
});
