/** A document's whole life through the front door, both real Workers running. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeArticle, makePdf } from "../pdf.ts";
import { type Service, startService } from "./service.ts";

let service: Service;
let sources: Server;
let sourceUrl: string;

beforeAll(async () => {
  service = await startService();
  sources = createServer((request, response) => {
    const name = request.url!.split("?")[0]!.slice(1);
    if (name.startsWith("dripping")) {
      const drip = setInterval(() => response.write("%PDF-1.7 and so on "), 100);
      return response.once("close", () => clearInterval(drip));
    }
    if (name.startsWith("missing")) return response.writeHead(404).end("no such document");
    if (name.startsWith("broken")) return response.end("%PDF-1.7\nthis is where it ends");
    response.setHeader("content-type", "application/pdf");
    response.end(makeArticle(2, name));
  });
  await new Promise<void>((resolve) => sources.listen(0, "127.0.0.1", resolve));
  sourceUrl = `http://127.0.0.1:${(sources.address() as AddressInfo).port}`;
});

afterAll(async () => {
  sources.close();
  sources.closeAllConnections();
  await service.close();
});

describe("a single file", () => {
  test("uploaded, polled, downloaded, deleted", async () => {
    const submitted = await service.upload("press", makeArticle(3), { conversion_formats: { md: true } });
    expect(submitted).toMatchObject({ status: 200, body: { file_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const id = submitted.body.file_id as string;

    const status = await service.ended("press", id);
    expect(status).toMatchObject({
      status: "completed",
      num_pages: 3,
      num_pages_completed: 3,
      percent_done: 100,
      formats: { md: "completed" },
    });

    const mmd = await (await service.download("press", id, "mmd")).text();
    expect(mmd).toContain("goes on in a second line, as sentences do.");
    expect(mmd).toContain("Another paragraph names the number 3 once more.");
    const lines = (await (await service.download("press", id, "lines.json")).json()) as {
      pages: { page: number; lines: { text_display: string; conversion_output: boolean }[] }[];
    };
    expect(lines.pages.map((p) => p.page)).toEqual([1, 2, 3]);
    const rebuilt = lines.pages
      .flatMap((p) => p.lines.filter((l) => l.conversion_output).map((l) => l.text_display))
      .join("");
    expect(rebuilt).toBe(mmd);

    expect((await service.call("DELETE", `/files/v1/${id}`, { group: "press" })).body).toMatchObject({
      file_id: id,
      status: "deleted",
    });
    expect((await service.call("DELETE", `/files/v1/${id}`, { group: "press" })).status).toBe(200);
    expect(await service.call("GET", `/files/v1/${id}`, { group: "press" })).toMatchObject({
      status: 410,
      body: { error: "not_found" },
    });
    expect((await service.download("press", id, "mmd")).status).toBe(410);
  });

  test("fetched from a URL, in one hop", async () => {
    const submitted = await service.call("POST", "/files/v1/uri", {
      group: "press",
      body: { source_uri: `${sourceUrl}/report.pdf?signature=secret`, conversion_formats: { md: true } },
    });
    expect(submitted.status).toBe(200);
    const status = await service.ended("press", submitted.body.file_id);
    expect(status).toMatchObject({ status: "completed", num_pages: 2 });
    expect(JSON.stringify(status)).not.toContain("secret");
    const logs = service.harness.getLogs().map((entry) => JSON.stringify(entry));
    expect(logs.some((line) => line.includes("signature=secret"))).toBe(false);
  });

  test("another group sees 403 by id, and nothing by name", async () => {
    const { body } = await service.upload("press", makeArticle(1), {}, { job_id: "mine", custom_id: "a" });
    expect((await service.call("GET", `/files/v1/${body.file_id}`, { group: "next-door" })).status).toBe(403);
    expect((await service.call("DELETE", `/files/v1/${body.file_id}`, { group: "next-door" })).status).toBe(403);
    expect((await service.call("GET", "/files/v1/jobs/mine/files/a", { group: "next-door" })).status).toBe(404);
    expect((await service.call("GET", "/files/v1/jobs/mine", { group: "next-door" })).status).toBe(404);
  });
});

test("a source that drips without end keeps no other group waiting", async () => {
  const uris = (name: string) => ({ source_uri: `${sourceUrl}/${name}.pdf` });
  const slow = await service.call("POST", "/files/v1/uri", { group: "press", body: uris("dripping") });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const other = await service.call("POST", "/files/v1/uri", { group: "next-door", body: uris("quick") });
  expect(await service.ended("next-door", other.body.file_id, 20_000)).toMatchObject({ status: "completed" });
  expect((await service.call("GET", `/files/v1/${slow.body.file_id}`, { group: "press" })).body.status).toBe("pending");
  await service.call("POST", `/files/v1/${slow.body.file_id}/cancel`, { group: "press" });
  expect(await service.ended("press", slow.body.file_id)).toMatchObject({ status: "error", error: "cancelled" });
});

test.each([".pdf", "\\..\\.pdf", "\ud800.pdf", "../../etc/passwd.pdf", "\u202egnp.pdf"])(
  "a file called %j can be downloaded",
  async (filename) => {
    const { body } = await service.upload("press", makeArticle(1), { filename });
    expect(await service.ended("press", body.file_id)).toMatchObject({ status: "completed" });
    const answer = await service.download("press", body.file_id, "mmd");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).not.toMatch(/\.\.|\u202e|passwd\//);
  },
);

describe("a bad file ends with its code and hurts nothing else", () => {
  const cases: [string, Uint8Array<ArrayBuffer>, string][] = [
    ["not a PDF", Uint8Array.from(new TextEncoder().encode("<html>Please log in</html>")), "unsupported_file_type"],
    ["nothing", new Uint8Array(0), "unsupported_file_type"],
    ["truncated", Uint8Array.from(makeArticle(2).subarray(0, 300)), "corrupt_pdf_file"],
    ["encrypted", makePdf([{ lines: [{ text: "secret", x: 72, y: 700 }] }], { encrypted: true }), "pdf_encrypted"],
    ["no pages", makePdf([]), "pdf_no_pages"],
    ["50,000 pages", makePdf(Array.from({ length: 50_000 }, () => ({}))), "pdf_page_limit_exceeded"],
  ];
  test.each(cases)("%s", async (_name, pdf, code) => {
    const { body } = await service.upload("press", pdf);
    const status = await service.ended("press", body.file_id);
    expect(status).toMatchObject({
      status: "error",
      error: code,
      error_info: { id: code, message: expect.stringMatching(/\w+ \w+ \w+/) },
    });
  });

  test("pages that can't be read cost nothing", async () => {
    const pdf = makePdf([{ lines: [{ text: "The only page that is there.", x: 72, y: 700 }] }], { missingPages: 4 });
    const { body } = await service.upload("frugal", pdf);
    const status = await service.ended("frugal", body.file_id);
    expect(status).toMatchObject({ status: "completed", num_pages: 5, num_pages_completed: 1 });
    expect(JSON.stringify(status.warnings)).toContain("page_unreadable");
    await expect
      .poll(async () => (await service.call("GET", "/v3/ocr-usage", { group: "frugal" })).body.ocr_usage[0]?.count, {
        timeout: 20_000,
      })
      .toBe(1);
  });

  test("a page of 2 km is clamped and read", async () => {
    const pdf = makePdf([
      { width: 5_669_291, height: 5_669_291, lines: [{ text: "Far away", x: 72, y: 72, size: 40 }] },
    ]);
    const { body } = await service.upload("press", pdf);
    const status = await service.ended("press", body.file_id);
    expect(status).toMatchObject({ status: "completed", num_pages: 1 });
    expect(status.warnings).toContainEqual(
      expect.stringMatching(/^page 1: the page is larger .*\(page_size_clamped\)$/),
    );
  });
});

test("a million files sort by trust: what was lost of a scan stands in its status and in its job's listing", async () => {
  const text = {
    lines: [{ text: "The report of the year is that it has not been read by the committee.", x: 72, y: 700 }],
  };
  const scan = { content: "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q" };
  const documents = { digital: [text], half: [text, scan], scanned: [scan] };
  for (const [custom_id, pages] of Object.entries(documents)) {
    const { body } = await service.upload("sorter", makePdf(pages), {}, { job_id: "archive", custom_id });
    await service.ended("sorter", body.file_id);
  }
  const list = async (query: string) =>
    (await service.call("GET", `/files/v1/jobs/archive/files?${query}`, { group: "sorter" })).body.files;
  expect(await list("sort=trust")).toMatchObject([
    { custom_id: "scanned", quality: { trust: 0, picture_only_pages: 1, warnings: { picture_only: 1 } } },
    { custom_id: "half", quality: { trust: 0.5, languages: ["en"], native: 1 } },
    { custom_id: "digital", quality: { trust: 1, languages: ["en"], picture_only_area: 0 } },
  ]);
  expect(await list("picture_pages=true&language=en")).toMatchObject([{ custom_id: "half" }]);
});

describe("a job", () => {
  test("with good, missing and broken items ends completed, counters sum at every poll", async () => {
    const files = Array.from({ length: 60 }, (_, i) => ({
      source_uri: `${sourceUrl}/${i % 20 === 7 ? "missing" : i % 20 === 13 ? "broken" : "good"}-${i}.pdf`,
      custom_id: `doc-${i}`,
    }));
    const submitted = await service.call("POST", "/files/v1/jobs", {
      group: "press",
      body: { job_id: "mixed", files },
    });
    expect(submitted).toMatchObject({ status: 200, body: { job_id: "mixed", file_count: 60 } });
    let job: Record<string, number | string>;
    do {
      job = (await service.call("GET", "/files/v1/jobs/mixed", { group: "press" })).body;
      expect(
        Number(job.files_pending) + Number(job.files_running) + Number(job.files_completed) + Number(job.files_errored),
      ).toBe(60);
      await new Promise((resolve) => setTimeout(resolve, 30));
    } while (job.status !== "completed");
    expect(job).toMatchObject({ file_count: 60, files_completed: 54, files_errored: 6 });

    const errors = (await service.call("GET", "/files/v1/jobs/mixed/files?status=error", { group: "press" })).body
      .files;
    expect(errors.map((f: { custom_id: string; error: string }) => `${f.custom_id} ${f.error}`).sort()).toEqual([
      "doc-13 corrupt_pdf_file",
      "doc-27 source_not_found",
      "doc-33 corrupt_pdf_file",
      "doc-47 source_not_found",
      "doc-53 corrupt_pdf_file",
      "doc-7 source_not_found",
    ]);
  });

  test("the same pair again gives the same file, after an error a new one", async () => {
    const post = (custom_id: string, source_uri: string) =>
      service.call("POST", "/files/v1/uri", { group: "press", body: { job_id: "pairs", custom_id, source_uri } });
    const first = await post("x", `${sourceUrl}/x.pdf`);
    expect((await post("x", `${sourceUrl}/x.pdf`)).body.file_id).toBe(first.body.file_id);
    await service.ended("press", first.body.file_id);
    expect((await post("x", `${sourceUrl}/x.pdf`)).body.file_id).toBe(first.body.file_id);

    const failed = await post("y", `${sourceUrl}/missing.pdf`);
    await service.ended("press", failed.body.file_id);
    const again = await post("y", `${sourceUrl}/y.pdf`);
    expect(again.body.file_id).not.toBe(failed.body.file_id);
    expect(await service.ended("press", again.body.file_id)).toMatchObject({ status: "completed", custom_id: "y" });
  });
});
