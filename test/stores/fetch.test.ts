/** Step fetch in workerd, with a real bucket, from a real server on loopback. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unstable_startWorker } from "wrangler";
import type { FetchAnswer, FetchRequest } from "./fetch-worker.ts";
import { DOCUMENT, LARGE_BYTES, startSourceServer } from "./source-server.ts";

process.env.X_LOCAL_OBSERVABILITY = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

let worker: Awaited<ReturnType<typeof unstable_startWorker>>;
let server: Awaited<ReturnType<typeof startSourceServer>>;
let seq = 0;

beforeAll(async () => {
  server = await startSourceServer();
  // Not the test harness: that sends requests out through node's fetch, and it is workerd's that is tested.
  worker = await unstable_startWorker({
    config: "./test/stores/fetch-worker.toml",
    dev: {
      logLevel: "error",
      persist: false,
      watch: false,
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
    },
  });
});
afterAll(async () => {
  server.close();
  await worker.dispose();
});

async function fetchFrom(path: string, rules: Partial<FetchRequest["rules"]> = {}, more: Partial<FetchRequest> = {}) {
  const sourceUri = path.startsWith("/") ? server.url + path : path;
  const body = JSON.stringify({ seq: seq++, sourceUri, rules: { allowLocal: true, ...rules }, ...more });
  const response = await worker.fetch("http://fetch.test/", { method: "POST", body });
  return (await response.json()) as FetchAnswer;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("documents that come", () => {
  test.each([
    ["with its length, type and name", "/paper.pdf", "paper.pdf"],
    ["of unknown length, a name in UTF-8", "/chunked/caf%C3%A9%20%E2%98%95.pdf", "café ☕.pdf"],
    ["a query is no part of the name", "/paper.pdf?X-Amz-Signature=abc/def.pdf", "paper.pdf"],
    ["a name from Content-Disposition, without folders", "/named", "x.pdf"],
    ["a name in raw UTF-8", "/named-raw", "ü.pdf"],
    ["no name at all", "/", null],
    ["encoded in transit", "/gzip", "gzip"],
    ["behind a redirect", "/once", "paper.pdf"],
    ["behind five redirects of every kind", "/hop5", "paper.pdf"],
  ])("%s", async (_, path, filename) => {
    const { source, failure, stored } = await fetchFrom(path);
    expect(failure).toBeUndefined();
    expect(source).toEqual({
      key: expect.stringMatching(/^30d\/source\//),
      bytes: DOCUMENT.byteLength,
      sha256: sha256(DOCUMENT),
      filename,
    });
    expect(stored).toMatchObject({ size: DOCUMENT.byteLength });
  });

  test("one of several parts, and an empty one", async () => {
    const large = await fetchFrom("/large");
    expect(large.source).toMatchObject({ bytes: LARGE_BYTES, sha256: sha256(Buffer.alloc(LARGE_BYTES, 7)) });
    expect(large.stored).toMatchObject({ size: LARGE_BYTES });
    expect((await fetchFrom("/empty")).source).toMatchObject({ bytes: 0 });
  });

  test("the same one twice lies at the same key", async () => {
    const first = await fetchFrom("/paper.pdf", {}, { seq: 5_000 });
    const second = await fetchFrom("/paper.pdf", {}, { seq: 5_000 });
    expect(second.source).toEqual(first.source);
  });

  test("we say who we are, ask for the bytes as they are, and send nothing else of ours", async () => {
    const headers = JSON.parse((await fetchFrom("/echo")).stored!.text) as Record<string, string>;
    expect(headers).toMatchObject({ "user-agent": "Sheaf", "accept-encoding": "identity", accept: "*/*" });
    expect(Object.keys(headers).filter((name) => /cookie|authorization|app_|referer/.test(name))).toEqual([]);
  });
});

describe("documents that don't", () => {
  test.each([
    ["not there", "/nothing.pdf", "source_not_found", "answered 404"],
    ["no longer there", "/status/410", "source_not_found", "answered 410"],
    ["not public", "/status/403", "source_forbidden", "give a presigned address"],
    ["behind a login", "/status/401", "source_forbidden", "give a presigned address"],
    [
      "presigned and ended",
      "/status/403?X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-Signature=SECRET",
      "source_expired",
      "ended 2026-01-01T00:01:00.000Z",
    ],
    [
      "presigned, ended, said with 400",
      "/status/400?se=2026-01-01T00:00:00Z&sig=SECRET",
      "source_expired",
      "submit a fresh one",
    ],
    ["presigned, not said until when", "/status/403?Signature=SECRET", "source_expired", "no longer valid"],
    [
      "presigned for something else",
      "/status/403?se=2126-01-01T00:00:00Z&sig=SECRET",
      "source_forbidden",
      "presign it again",
    ],
    ["refused for another reason", "/status/451", "source_forbidden", "answered 451"],
    ["a bad request", "/status/400", "source_forbidden", "answered 400"],
    ["busy", "/status/429", "source_unreachable", "answered 429"],
    ["out of order", "/status/503", "source_unreachable", "answered 503"],
    ["an answer without a document", "/status/204", "source_unusable", "answered 204"],
    ["not modified", "/304", "source_unusable", "answered 304"],
    ["six redirects", "/hop6", "source_unusable", "more than 5 times"],
    ["a circle of redirects", "/circle", "source_unusable", "more than 5 times"],
    ["a redirect to a private address", "/to-private", "source_address_refused", "10.0.0.1 is an IP address"],
    ["a redirect to the metadata service", "/to-metadata", "source_address_refused", "169.254.169.254"],
    ["a redirect to a mapped address", "/to-mapped", "source_address_refused", "is an IP address"],
    ["a redirect to a decimal address", "/to-decimal", "source_address_refused", "172.16.0.1 is an IP address"],
    ["a redirect to a file", "/to-file", "source_address_refused", "not an https:// address"],
    ["a redirect to nothing", "/to-nowhere", "source_address_refused", "not an address"],
    ["a connection that is closed", "/hangs-up", "source_unreachable", "can't be reached"],
    ["nobody listening", "http://127.0.0.1:9/x.pdf", "source_unreachable", "can't be reached"],
    ["fewer bytes than said", "/breaks-off", "source_unreachable", "broke off after 19.5 KiB"],
    ["cut off, length not said", "/breaks-off-chunked", "source_unreachable", "broke off after 19.5 KiB"],
    ["a bucket", "s3://bucket/paper.pdf", "data_source_not_found", "presigned https://"],
    ["no address", "paper.pdf", "bad_request", "not an address"],
  ])("%s", async (_, path, code, sentence) => {
    const { failure, stored } = await fetchFrom(path);
    expect(failure).toMatchObject({ name: "Failure", code, message: expect.stringContaining(sentence) });
    expect(failure!.message).not.toContain("SECRET");
    expect(stored).toBeNull();
  });

  test.each([
    ["too large, and saying so", "/says-2-gib", {}, "source_too_large", "2 GiB; at most 1 GiB"],
    ["that never ends", "/endless", { maxBytes: 7 * 2 ** 20 }, "source_too_large", "7 MiB"],
    ["that unpacks to more than is taken", "/bomb", { maxBytes: 6 * 2 ** 20 }, "source_too_large", "6 MiB"],
    ["without an answer", "/no-answer", { headersMs: 200 }, "source_timeout", "did not answer within 0.2 seconds"],
    [
      "that falls silent",
      "/falls-silent",
      { stallMs: 200 },
      "source_timeout",
      "sent nothing for 0.2 seconds after 19.5 KiB",
    ],
    ["that trickles", "/trickles", { fetchMs: 300, stallMs: 500 }, "source_unusable", "too slowly"],
  ])("one %s", async (_, path, rules, code, sentence) => {
    const { failure, stored, ms } = await fetchFrom(path, rules);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(sentence) });
    expect(stored).toBeNull();
    expect(ms).toBeLessThan(30_000);
  });

  test("an address on this machine, unless configuration allows it", async () => {
    expect((await fetchFrom("/paper.pdf", { allowLocal: false })).failure).toMatchObject({
      code: "source_address_refused",
    });
  });
});

describe("the lease", () => {
  test("is kept while bytes come, and while none do", async () => {
    const trickling = await fetchFrom("/trickles", { beatMs: 100, stallMs: 500 });
    expect(trickling.source).toMatchObject({ bytes: 100 });
    expect(trickling.progress.length).toBeGreaterThan(3);
    expect(trickling.progress.at(-1)!).toBeGreaterThan(trickling.progress[0]!);
    const waiting = await fetchFrom("/no-answer", { beatMs: 100, headersMs: 550 });
    expect(waiting.progress.length).toBeGreaterThan(3);
  });

  test.each([["/trickles"], ["/falls-silent"], ["/endless"], ["/no-answer"]])(
    "gone during %s ends the fetch",
    async (path) => {
      const { failure, ms, stored } = await fetchFrom(path, { beatMs: 100 }, { beats: 2 });
      expect(failure).toMatchObject({ name: "LeaseLost" });
      expect(ms).toBeLessThan(30_000);
      expect(stored).toBeNull();
    },
  );
});
