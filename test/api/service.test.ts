import { describe, expect, test } from "vitest";
import { version } from "../../package.json";
import { CODES } from "../../src/lib/failure.ts";
import { call, fetchFront, keyOf, mustBeDocumented, upload } from "./front.ts";

test("/healthz", async () => {
  expect(await call("GET", "/healthz")).toMatchObject({
    status: 200,
    body: { status: "ok", checks: { database: "ok", storage: "ok", objects: "ok" } },
  });
});

interface Documented {
  content?: Record<string, { schema: unknown }>;
}

describe("documentation", () => {
  test("every code is listed with what it means, and errors name the list", async () => {
    const { body } = await call("GET", "/openapi.json");
    expect(body.info.version).toBe(version);
    const { ErrorCode, Error: error } = body.components.schemas;
    expect(ErrorCode.enum).toEqual(Object.keys(CODES));
    for (const [code, { means }] of Object.entries(CODES)) {
      expect(means).toMatch(/^\S+ .*\.$/);
      expect(ErrorCode.description).toContain(`- \`${code}\`: ${means}`);
    }
    expect(error.properties.error_info.properties.id).toEqual({ $ref: "#/components/schemas/ErrorCode" });
  });

  test("a status that the documentation doesn't list fails the test that meets it", async () => {
    for (const [path, right, wrong] of [
      ["/files/v1/jobs?limit=1", 400, 404],
      ["/files/v1/0-0.lines.json", 415, 409],
      ["/files/v1/0-0", 410, 415],
      ["/v3/pdf/0/stream", 410, 416],
    ] as const) {
      await mustBeDocumented("GET", path, right);
      await expect(mustBeDocumented("GET", path, wrong), path).rejects.toThrow("does not list");
    }
  });

  test("downloads list each way to be refused; v3 its errors with 200; what isn't there yet 501", async () => {
    const { paths } = (await call("GET", "/openapi.json")).body;
    expect(Object.keys(paths["/files/v1/{file_id}.{ext}"].get.responses)).toEqual([
      "200",
      "206",
      "304",
      "401",
      "403",
      "404",
      "410",
      "412",
      "415",
      "416",
      "422",
      "429",
      "500",
    ]);
    expect(paths["/v3/pdf"].post.responses["200"].content["application/json"].schema.anyOf).toHaveLength(2);
    expect(paths["/v3/text"].post.responses["501"].description).toContain("not_available");
    expect(paths["/files/v1"].post.responses["409"].description).toContain("Idempotency-Key");
  });

  test("OpenAPI 3.1 with a schema for every answer", async () => {
    const { status, body } = await call("GET", "/openapi.json");
    expect(status).toBe(200);
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.components.schemas)).toEqual(
      expect.arrayContaining(["File", "Job", "Error", "UriRequest"]),
    );
    const uri = body.components.schemas.UriRequest;
    expect(uri.required).toEqual(["source_uri"]);
    expect(uri.properties.page_ranges.description).toMatch(/negative/);
    for (const [path, methods] of Object.entries(
      body.paths as Record<string, Record<string, { responses: Record<string, Documented>; summary: string }>>,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        const statuses = Object.keys(operation.responses);
        expect(statuses, `${method} ${path}`).toEqual(expect.arrayContaining(["200", "500"]));
        if (path.startsWith("/files/"))
          expect(statuses, `${method} ${path}`).toEqual(expect.arrayContaining(["401", "429"]));
        for (const status of statuses.filter((each) => Number(each) >= 400 && each !== "412" && each !== "503")) {
          expect(
            operation.responses[status]?.content?.["application/json"]?.schema,
            `${method} ${path} ${status}`,
          ).toEqual({
            $ref: "#/components/schemas/Error",
          });
        }
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
      }
    }
  });

  test("/docs works offline: everything it loads comes from here", async () => {
    const page = await fetchFront("GET", "/docs");
    const html = await page.text();
    expect(await (await fetchFront("GET", "/docs/")).text()).toBe(html);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(loaded.length).toBeGreaterThanOrEqual(4);
    for (const path of loaded) {
      expect(path).toMatch(/^\/docs\//);
      const file = await fetchFront("GET", path);
      expect([path, file.status]).toEqual([path, 200]);
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
    expect((await call("GET", "/docs/package.json")).status).toBe(404);
    expect((await call("GET", "/swagger-ui-bundle.js")).status).toBe(404);
  });

  test("/ points there, as JSON or HTML", async () => {
    expect((await call("GET", "/")).body).toMatchObject({ docs: "/docs", openapi: "/openapi.json" });
    expect((await call("GET", "/", { headers: { accept: "text/html" } })).body).toContain('href="/docs"');
  });
});

describe("crops", () => {
  test("names and regions that are none; the converter here knows no page", async () => {
    const key = await keyOf("crops");
    const id = await upload(key);
    for (const name of ["x.jpg", `${id}.jpg`, `${id}-01.png`, `${id}-1.jpg`]) {
      expect((await call("GET", `/cropped/${name}`, { key })).status).toBe(404);
    }
    expect(await call("GET", `/cropped/${id}-01.jpg?width=-5`)).toMatchObject({
      status: 400,
      body: { error: "bad_request" },
    });
    expect(await call("GET", `/cropped/${id}-01.jpg?top_left_x=99999`)).toMatchObject({ status: 400 });
    expect((await call("GET", `/files/v1/cropped/${id}-0.jpg`, { key })).status).toBe(404);
  });
});
