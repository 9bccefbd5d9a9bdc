/** Crops as linked from results, cut by the real converter; and the stream of pages of a real conversion. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePdf } from "../pdf.ts";
import { type Service, startService } from "./service.ts";

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

test("a region is public by its id, and has the size that was asked for", async () => {
  const response = await fetchPath(`/cropped/${fileId}-02.jpg?height=80&width=120&top_left_y=10&top_left_x=20`);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  expect(response.headers.get("cache-control")).toBe("public, max-age=600");
  expect(sizeOf(new Uint8Array(await response.arrayBuffer()))).toEqual([120, 80]);
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
  for (const name of [`${fileId}-00.jpg`, `${fileId}-03.jpg`, `${fileId}-01.jpg?top_left_x=30000`]) {
    expect((await fetchPath(`/cropped/${name}`)).status).toBe(404);
  }
  const { body } = await service.upload("press", makePdf([{ lines: [{ text: "Gone.", x: 72, y: 700 }] }]));
  await service.ended("press", body.file_id);
  await service.call("DELETE", `/files/v1/${body.file_id}`, { group: "press" });
  expect((await fetchPath(`/cropped/${body.file_id}-01.jpg`)).status).toBe(404);
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
