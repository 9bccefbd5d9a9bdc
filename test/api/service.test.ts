import { describe, expect, test } from "vitest";
import { call, fetchFront, keyOf, upload } from "./front.ts";

test("/healthz", async () => {
  expect(await call("GET", "/healthz")).toMatchObject({
    status: 200,
    body: { status: "ok", checks: { database: "ok", storage: "ok", objects: "ok" } },
  });
});

describe("documentation", () => {
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
      body.paths as Record<string, Record<string, { responses: object; summary: string }>>,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(["200", "default"]);
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
      }
    }
  });

  test("/docs works offline: everything it loads comes from here", async () => {
    const page = await fetchFront("GET", "/docs");
    const html = await page.text();
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
