/** Many at once, and clients that hang up: one pair is one file, one page limit is never passed. */
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeArticle } from "../pdf.ts";
import { ADMIN_SECRET, type Service, startService } from "./service.ts";

let service: Service;
let sources: Server;
let sourceUrl: string;

beforeAll(async () => {
  service = await startService();
  sources = createServer((request, response) => {
    // Neither answered nor refused: the file stays live while the test counts.
    if (request.url!.startsWith("/held")) return;
    const pages = Number(/pages-(\d+)/.exec(request.url!)?.[1] ?? 1);
    response.end(makeArticle(pages, request.url!));
  });
  await new Promise<void>((resolve) => sources.listen(0, "127.0.0.1", resolve));
  sourceUrl = `http://127.0.0.1:${(sources.address() as AddressInfo).port}`;
});

afterAll(async () => {
  sources.close();
  sources.closeAllConnections();
  await service.close();
});

test("1,000 concurrent submissions of 10 pairs make 10 files", async () => {
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) =>
      service.call("POST", "/files/v1/uri", {
        group: "race",
        body: { job_id: "pairs", custom_id: `c${i % 10}`, source_uri: `${sourceUrl}/c${i % 10}.pdf` },
      }),
    ),
  );
  expect(answers.filter((a) => a.status !== 200)).toEqual([]);
  expect(new Set(answers.map((a) => a.body.file_id)).size).toBe(10);
  expect((await service.call("GET", "/files/v1/jobs/pairs", { group: "race" })).body.file_count).toBe(10);
});

test("200 concurrent submissions under one Idempotency-Key make one file", async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, () =>
      service.call("POST", "/files/v1/uri", {
        group: "race",
        headers: { "idempotency-key": "once" },
        body: { source_uri: `${sourceUrl}/once.pdf` },
      }),
    ),
  );
  expect(new Set(answers.map((a) => a.body.file_id)).size).toBe(1);
  const other = await service.call("POST", "/files/v1/uri", {
    group: "race",
    headers: { "idempotency-key": "once" },
    body: { source_uri: `${sourceUrl}/other.pdf` },
  });
  expect(other).toMatchObject({ status: 409, body: { error: "conflict" } });
});

test("10,000 items, cut off in mid-response and sent three times, make 10,000 files", async () => {
  const items = Array.from({ length: 10_000 }, (_, i) => ({
    source_uri: `${sourceUrl}/held-${i}.pdf`,
    custom_id: `item-${i}`,
  }));
  const body = JSON.stringify({ job_id: "ten-thousand", files: items });
  const key = await service.key("race");
  const { url } = await service.harness.listen();
  await hangUp(url, key, body);
  await hangUp(url, key, body);
  const last = await service.call("POST", "/files/v1/jobs", { group: "race", body });
  expect(last).toMatchObject({ status: 200, body: { job_id: "ten-thousand", file_count: 10_000 } });

  const ids = new Set<string>();
  let job = { file_count: 0, files_pending: 0, files_running: 0, files_completed: 0, files_errored: 0 };
  for (let i = 0; i < 600; i++) {
    job = (await service.call("GET", "/files/v1/jobs/ten-thousand", { group: "race" })).body;
    expect(job.files_pending + job.files_running + job.files_completed + job.files_errored).toBe(job.file_count);
    if (job.file_count === 10_000 && (await listAll(ids)) === 10_000) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(job.file_count).toBe(10_000);
  expect(ids.size).toBe(10_000);
  await service.call("POST", "/files/v1/jobs/ten-thousand/cancel", { group: "race" });
}, 180_000);

test("a page limit is never passed by concurrent files", async () => {
  const limits = await service.call("PUT", "/admin/groups/thrifty/limits", {
    body: { page_monthly_limit: 50 },
    headers: { authorization: `Bearer ${ADMIN_SECRET}` },
  });
  expect(limits.status).toBe(200);
  const files = Array.from({ length: 40 }, (_, i) => ({
    source_uri: `${sourceUrl}/pages-3-${i}.pdf`,
    custom_id: `t${i}`,
  }));
  await service.call("POST", "/files/v1/jobs", { group: "thrifty", body: { job_id: "limit", files } });
  let job: { status: string; files_completed: number; files_errored: number };
  do {
    job = (await service.call("GET", "/files/v1/jobs/limit", { group: "thrifty" })).body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (job.status !== "completed");
  // 16 files of 3 pages are 48 pages; a 17th would make 51.
  expect(job).toMatchObject({ files_completed: 16, files_errored: 24 });
  const errors = (await service.call("GET", "/files/v1/jobs/limit/files?status=error", { group: "thrifty" })).body
    .files;
  expect(new Set(errors.map((f: { error: string }) => f.error))).toEqual(new Set(["http_max_requests"]));
});

async function listAll(ids: Set<string>): Promise<number> {
  ids.clear();
  let page = "";
  do {
    const listed = await service.call("GET", `/files/v1/jobs/ten-thousand/files?limit=1000${page}`, { group: "race" });
    for (const file of listed.body.files) ids.add(file.file_id);
    page = listed.body.next_page_token ? `&paging_state=${encodeURIComponent(listed.body.next_page_token)}` : "";
  } while (page !== "");
  return ids.size;
}

/** Sends the whole request and goes away when the first byte of the answer comes. */
function hangUp(url: URL, key: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write(
        `POST /files/v1/jobs HTTP/1.1\r\nhost: ${url.host}\r\napp_key: ${key}\r\ncontent-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
    socket.once("data", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
