import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canonicalJson, identityOf } from "../../src/cli/client/files.ts";
import { connect } from "../../src/cli/client/http.ts";
import { readSettings } from "../../src/cli/client/settings.ts";
import { UsageError } from "../../src/cli/command.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answers: Answer[] = [];
let seen: IncomingMessage[] = [];
let waits: number[] = [];
const server = createServer((request, response) => {
  seen.push(request);
  const answer = answers.shift() ?? json(200, { ok: true });
  request.resume().on("end", () => answer(request, response));
});

function json(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return (_, response) => response.writeHead(status, headers).end(JSON.stringify(body));
}
const drop: Answer = (request) => request.socket.destroy();

function client() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { url, appId: "id", appKey: "key", adminSecret: "secret" };
  return connect(settings, async (ms) => {
    waits.push(ms);
  });
}

beforeAll(() => new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready)));
afterAll(() => new Promise<void>((done) => server.close(() => done())));
beforeEach(() => {
  answers = [];
  seen = [];
  waits = [];
});

describe("requests", () => {
  test("try again after a broken connection, a 500 and a 429 that says how long", async () => {
    answers = [drop, json(500, {}), json(429, { error: "http_max_requests" }, { "retry-after": "7" })];
    expect(await client().call("/files/v1/x")).toEqual({ ok: true });
    expect(waits).toEqual([500, 1_000, 7_000]);
    expect(seen[0]!.headers).toMatchObject({ app_key: "key", app_id: "id" });
  });

  test("end after six tries with what the server said", async () => {
    answers = Array.from({ length: 6 }, () =>
      json(503, { error: "unavailable", error_info: { id: "unavailable", message: "later" } }),
    );
    await expect(client().call("/x")).rejects.toMatchObject({ status: 503, code: "unavailable", message: "later" });
    expect(seen).toHaveLength(6);
  });

  test("a refusal is not asked twice", async () => {
    answers = [json(404, { error: "not_found", error_info: { id: "not_found", message: "no such file" } })];
    await expect(client().call("/x")).rejects.toMatchObject({
      status: 404,
      code: "not_found",
      message: "no such file",
    });
    expect(seen).toHaveLength(1);
  });

  test("what makes something new each time is sent again only when nothing was done", async () => {
    answers = [drop];
    await expect(client().call("/x", { method: "POST", json: {}, repeatable: false })).rejects.toMatchObject({
      code: "unreachable",
    });
    answers = [json(500, {})];
    await expect(client().call("/x", { method: "POST", json: {}, repeatable: false })).rejects.toMatchObject({
      status: 500,
    });
    expect(seen).toHaveLength(2);
    answers = [json(429, {})];
    await client().call("/x", { method: "POST", json: {}, repeatable: false });
    expect(seen).toHaveLength(4);
  });

  test("a body is made anew for each try, and a download cut off on the way is fetched again", async () => {
    let made = 0;
    answers = [drop];
    await client().call("/x", { method: "POST", body: () => `body ${++made}` });
    expect(made).toBe(2);
    answers = [
      (_, response) => {
        response.writeHead(200, { "content-length": "100" }).write("part");
        setTimeout(() => response.destroy(), 20);
      },
      json(200, { whole: true }),
    ];
    expect(await client().receive("/y", {}, (response) => response.text())).toBe('{"whole":true}');
  });

  test("the deployment's secret goes where asked, and no key with it", async () => {
    await client().call("/admin/groups/g/keys", { admin: true });
    expect(seen[0]!.headers.authorization).toBe("Bearer secret");
    expect(seen[0]!.headers.app_key).toBeUndefined();
  });
});

describe("what makes a submission the same", () => {
  test("name, content and options, in whatever order they are written", () => {
    const one = identityOf("a.pdf", "hash", { options: { a: 1, b: { c: 2, d: 3 } }, job: null });
    expect(identityOf("a.pdf", "hash", { options: { b: { d: 3, c: 2 }, a: 1 }, job: null })).toEqual(one);
    expect(one.headers["idempotency-key"]).toMatch(/^[A-Za-z0-9_\-.:]{1,256}$/);
    const others = [
      identityOf("b.pdf", "hash", { options: { a: 1, b: { c: 2, d: 3 } }, job: null }),
      identityOf("a.pdf", "other", { options: { a: 1, b: { c: 2, d: 3 } }, job: null }),
      identityOf("a.pdf", "hash", { options: { a: 2, b: { c: 2, d: 3 } }, job: null }),
    ].map((each) => each.headers["idempotency-key"]);
    expect(new Set([...others, one.headers["idempotency-key"]]).size).toBe(4);
  });

  test("in a job a custom_id that the contract allows, however the file is called", () => {
    const { fields } = identityOf(`${"ü".repeat(300)} (1).pdf`, "hash", { options: {}, job: "j" });
    expect(fields.job_id).toBe("j");
    expect(fields.custom_id).toMatch(/^[A-Za-z0-9_\-.:]{1,256}$/);
    expect(canonicalJson([{ b: 1, a: [2, { d: 1, c: 1 }] }])).toBe('[{"a":[2,{"c":1,"d":1}],"b":1}]');
  });
});

describe("settings", () => {
  test("flags beat the environment; the key of another address is never taken from dev.json", () => {
    const env = { SHEAF_URL: "https://env.example/", SHEAF_APP_KEY: "env-key" };
    expect(readSettings({}, env, "/nowhere")).toMatchObject({ url: "https://env.example", appKey: "env-key" });
    expect(readSettings({ url: "http://flag.example", "app-key": "flag" }, env, "/nowhere")).toMatchObject({
      url: "http://flag.example",
      appKey: "flag",
    });
    expect(() => readSettings({}, {}, "/nowhere")).toThrow(UsageError);
    expect(() => readSettings({ url: "not a url" }, {}, "/nowhere")).toThrow(UsageError);
  });
});
