/** How far text is to be trusted, where a client looks: a file's status, a job's listing, v3; filters, sorting, tombstones. */
import { beforeAll, describe, expect, test } from "vitest";
import { FileBody, FileList, V3Status } from "../../src/api/schemas.ts";
import type { QualitySummary } from "../../src/engine/index.ts";
import { qualityOf } from "../jobs/bench.ts";
import { bindings, call, complete, keyOf, upload } from "./front.ts";

const FILES: Record<string, QualitySummary> = {
  english: qualityOf(1),
  german: qualityOf(1, { languages: ["de", "en"] }),
  repaired: qualityOf(0.9, { native: 0, repaired: 1, warnings: { page_size_clamped: 1 } }),
  soup: qualityOf(0.1, { undecodable: 0.9, languages: [], warnings: { undecodable_text: 2 } }),
  scan: qualityOf(0, { characters: 0, languages: [], picture_only_pages: 3, warnings: { picture_only: 3 } }),
};
let key: string;
const ids: Record<string, string> = {};
const get = (path: string) => call("GET", path, { key });

beforeAll(async () => {
  key = await keyOf("quality");
  for (const [custom_id, quality] of Object.entries(FILES)) {
    ids[custom_id] = await upload(key, {}, { job_id: "sorted", custom_id });
    await complete(ids[custom_id], {}, {}, 2, quality);
  }
  ids.earlier = await upload(key, {}, { job_id: "sorted", custom_id: "earlier" });
  await complete(ids.earlier, {});
});

async function list(query: string): Promise<string[]> {
  const { body } = await get(`/files/v1/jobs/sorted/files?${query}`);
  return FileList.strict()
    .parse(body)
    .files.map((file) => file.custom_id!);
}

test("a file's status, its row in the listing and v3 tell it; files of before have none", async () => {
  const { body } = await get(`/files/v1/${ids.soup}`);
  expect(FileBody.strict().parse(body).quality).toEqual(FILES.soup);
  const all = (await get("/files/v1/jobs/sorted/files")).body.files;
  expect(all.map((file: { quality: unknown }) => file.quality)).toEqual([...Object.values(FILES), null]);
  const v3 = (await get(`/v3/pdf/${ids.german!.replaceAll("-", "")}`)).body;
  expect(V3Status.strict().parse(v3).quality).toEqual(FILES.german);
  expect((await get(`/files/v1/${ids.earlier}`)).body.quality).toBeNull();
});

describe("the listing of a job", () => {
  test.each([
    ["language=en", ["english", "german", "repaired"]],
    ["language=de", ["german"]],
    ["language=und", ["soup", "scan"]],
    ["min_trust=0.9", ["english", "german", "repaired"]],
    ["max_trust=0.1", ["soup", "scan"]],
    ["min_native=0.95", ["english", "german"]],
    ["max_native=0", ["repaired", "scan"]],
    ["undecodable=true", ["soup"]],
    ["undecodable=false&max_trust=0.95", ["repaired", "scan"]],
    ["picture_pages=true", ["scan"]],
    ["warning=any", ["repaired", "soup", "scan"]],
    ["warning=none", ["english", "german"]],
    ["warning=undecodable_text", ["soup"]],
    ["status=error&min_trust=0", []],
    ["sort=trust", ["scan", "soup", "repaired", "english", "german"]],
    ["sort=trust&language=en&limit=2", ["repaired", "english"]],
  ])("%s", async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test("page after page, sorted or filtered, each file once", async () => {
    for (const [query, expected] of [
      ["sort=trust", ["scan", "soup", "repaired", "english", "german"]],
      ["min_trust=0", Object.keys(FILES)],
    ] as const) {
      const seen: string[] = [];
      for (let state: string | null = ""; state !== null; ) {
        const { body } = await get(`/files/v1/jobs/sorted/files?${query}&limit=2&paging_state=${state}`);
        seen.push(...body.files.map((file: { custom_id: string }) => file.custom_id));
        state = body.next_page_token;
      }
      expect(seen).toEqual(expected);
    }
  });

  test.each([
    ["min_trust=2", /"min_trust": must be a number from 0 to 1/],
    ["min_trust=-0.1", /from 0 to 1/],
    ["undecodable=yes", /true or false/],
    ["warning=lost", /any, none, or one of .*picture_only/],
    ["language=English", /a language like en/],
    ["sort=name", /must be trust/],
    ["languge=en", /unknown query parameter "languge"; did you mean "language"\?/],
    ["foo=1", /unknown query parameter "foo"; there are status, language, .*sort, limit, paging_state/],
  ])("%s is refused", async (query, message) => {
    const { status, body } = await get(`/files/v1/jobs/sorted/files?${query}`);
    expect({ status, message: body.error_info.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test("a token of other filters is refused, whatever the limit", async () => {
    const { body } = await get("/files/v1/jobs/sorted/files?min_trust=0&limit=1");
    const go = (query: string) => get(`/files/v1/jobs/sorted/files?${query}&paging_state=${body.next_page_token}`);
    expect((await go("min_trust=0&limit=2")).status).toBe(200);
    for (const query of ["min_trust=0.5", "limit=1", "min_trust=0&status=completed"]) {
      expect(await go(query)).toMatchObject({ status: 400, body: { error: "bad_request" } });
    }
  });

  test("a token of the other order is refused", async () => {
    const { body } = await get("/files/v1/jobs/sorted/files?limit=1");
    const answer = await get(`/files/v1/jobs/sorted/files?sort=trust&paging_state=${body.next_page_token}`);
    expect(answer).toMatchObject({ status: 400, body: { error: "bad_request" } });
  });
});

test("the ledger has it, and it goes with the file's data", async () => {
  const id = await upload(key, {}, { job_id: "goes", custom_id: "a" });
  await complete(id, {}, {}, 2, FILES.english);
  const row = bindings.DB.prepare("SELECT quality FROM files WHERE id = ?").bind(id);
  const stored = () => row.first<string>("quality");
  await expect.poll(stored, { timeout: 20_000 }).toBe(JSON.stringify(FILES.english));
  expect(await call("DELETE", `/files/v1/${id}`, { key })).toMatchObject({ status: 200 });
  await expect.poll(stored, { timeout: 20_000 }).toBeNull();
});
