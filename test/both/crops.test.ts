/** Crops as linked from results, cut by the real converter; and the stream of pages of a real conversion. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { cropKey, cropLink } from "../../src/lib/crop-links.ts";
import { makePdf } from "../pdf.ts";
import { ID_SECRET, type Service, startService } from "./service.ts";

let service: Service;
let fileId: string;
beforeAll(async () => {
  service = await startService();
  const page = (text: string) => ({ width: 300, height: 200, lines: [{ text, x: 20, y: 150 }] });
  const { body } = await service.upload("press", makePdf([page("First page."), page("Second page.")]));
  fileId = body.file_id;
  await service.ended("press", fileId);
});
afterAll(() => service.close());

const fetchPath = (path: string, headers: Record<string, string> = {}) =>
  (service.harness.fetch as unknown as (path: string, init: RequestInit) => Promise<Response>)(path, { headers });

/** Width and height out of a JPEG's frame header (ITU T.81 B.2.2). */
function sizeOf(jpeg: Uint8Array): [width: number, height: number] {
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xc2) {
      return [(jpeg[at + 7]! << 8) | jpeg[at + 8]!, (jpeg[at + 5]! << 8) | jpeg[at + 6]!];
    }
    at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!);
  }
  throw new Error("no frame header");
}

const link = (page: number, left: number, top: number, width: number, height: number) => {
  const key = cropKey(ID_SECRET, fileId);
  return cropLink("", key, fileId, { page, left, top, width, height });
};

test("a signed link is public, for its own region and no other", async () => {
  const response = await fetchPath(link(2, 20, 10, 120, 80));
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  expect(response.headers.get("cache-control")).toBe("public, max-age=600");
  expect(sizeOf(new Uint8Array(await response.arrayBuffer()))).toEqual([120, 80]);
  const changed = link(2, 20, 10, 120, 80);
  for (const other of [
    changed.replace("width=120", "width=121"),
    changed.replace("-02.jpg", "-01.jpg"),
    changed.replace(/sig=./, "sig=g"),
    changed.replace(/sig=.*/, "sig="),
  ]) {
    expect((await fetchPath(other)).status).toBe(404);
  }
});

test("without a signature a key is asked for, and its group's files only are cut", async () => {
  const path = `/cropped/${fileId}-02.jpg?height=80&width=120`;
  expect((await fetchPath(path)).status).toBe(401);
  expect((await fetchPath(path, { app_key: await service.key("press") })).status).toBe(200);
  expect((await fetchPath(path, { app_key: await service.key("next-door") })).status).toBe(403);
});

test("with a key, pages count from 0, and no size means to the page's edge", async () => {
  const key = await service.key("press");
  const response = await fetchPath(`/files/v1/cropped/${fileId}-1.jpg`, { app_key: key });
  expect(response.status).toBe(200);
  const [width, height] = sizeOf(new Uint8Array(await response.arrayBuffer()));
  expect(width / height).toBeCloseTo(1.5, 1);
  const { body } = await service.call("GET", `/files/v1/${fileId}.lines.json`, { group: "press" });
  expect([width, height]).toEqual([body.pages[1].page_width, body.pages[1].page_height]);
  const stranger = await service.key("next-door");
  expect((await fetchPath(`/files/v1/cropped/${fileId}-1.jpg`, { app_key: stranger })).status).toBe(403);
});

test("no such page, an empty region, a deleted file", async () => {
  for (const path of [link(0, 0, 0, 0, 0), link(3, 0, 0, 0, 0), link(1, 30_000, 0, 0, 0)]) {
    expect((await fetchPath(path)).status).toBe(404);
  }
  const { body } = await service.upload("press", makePdf([{ lines: [{ text: "Gone.", x: 72, y: 700 }] }]));
  await service.ended("press", body.file_id);
  await service.call("DELETE", `/files/v1/${body.file_id}`, { group: "press" });
  const region = { page: 1, left: 0, top: 0, width: 0, height: 0 };
  expect((await fetchPath(cropLink("", cropKey(ID_SECRET, body.file_id), body.file_id, region))).status).toBe(404);
});

test("the pages of a real conversion as events, together the mmd", async () => {
  const key = await service.key("press");
  const response = await fetchPath(`/v3/pdf/${fileId.replaceAll("-", "")}/stream`, { app_key: key });
  const events = (await response.text())
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => JSON.parse(event.slice("data: ".length)) as { text: string; page_idx: number });
  expect(events.map((event) => event.page_idx)).toEqual([1, 2]);
  const mmd = await (await service.download("press", fileId, "mmd")).text();
  expect(events.map((event) => event.text).join("")).toBe(mmd);
});
