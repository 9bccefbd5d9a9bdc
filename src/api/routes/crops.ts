/** A region of a page as JPEG, cut on read from the kept source: by a signed link as results carry it, or with a key. */
import { z } from "@hono/zod-openapi";
import { cropKey, isSigned } from "../../lib/crop-links.ts";
import { Failure } from "../../lib/failure.ts";
import { authenticate } from "../auth.ts";
import type { Ctx } from "../env.ts";
import { type FilePlace, findFile, placeOf, refuseGone } from "../lookup.ts";
import { type App, addRoute } from "../route.ts";

/** Pixels of a page of 5 m at 200 dpi; more is no region of a page. */
const PIXELS_MAX = 40_000;
/** A deleted file's crops may be served by caches for at most this long (CONTRACT section 8). */
const CACHE_SECONDS = 600;

const Pixels = z
  .string()
  .regex(/^\d{1,5}$/, "must be a whole number of pixels")
  .transform(Number)
  .refine((n) => n <= PIXELS_MAX, { error: `must be at most ${PIXELS_MAX}` })
  .default(0)
  .openapi({ type: "integer", minimum: 0, maximum: PIXELS_MAX, default: 0 });

const CropQuery = z.object({ top_left_x: Pixels, top_left_y: Pixels, width: Pixels, height: Pixels });
type CropQuery = z.output<typeof CropQuery>;
const LinkQuery = CropQuery.extend({
  sig: z.string().max(64).optional().openapi({ description: "As in the link; without it a key is needed" }),
});

const JPEG = { description: "The region; width or height 0 reach to the page's edge", types: ["image/jpeg"] };

export function addCropRoutes(app: App): void {
  addRoute(
    app,
    {
      method: "get",
      path: "/cropped/{name}",
      tag: "Crops",
      summary: "A region of a page, as linked from mmd and md: {file_id}-{page}.jpg, page from 1",
      query: LinkQuery,
      answer: JPEG,
      guard: "none",
      refuses: ["http_unauthorized", "forbidden", "gone"],
    },
    async (c, { query }) => {
      const { id, page } = readName(c.req.param("name")!);
      const place = await allowed(c, id, page, query);
      const key = cacheKey(c, place, page, query);
      const cached = await caches.default.match(key);
      if (cached !== undefined) return new Response(cached.body, cached);
      const response = await cut(c, place, page, query, "public");
      c.executionCtx.waitUntil(caches.default.put(key, response.clone()));
      return response;
    },
  );
  addRoute(
    app,
    {
      method: "get",
      path: "/files/v1/cropped/{name}",
      tag: "Crops",
      summary: "The same with a key: {file_id}-{page}.jpg, page from 0",
      query: CropQuery,
      answer: JPEG,
      refuses: ["gone"],
    },
    async (c, { query }) => {
      const { id, page } = readName(c.req.param("name")!);
      const view = refuseGone(await findFile(c, id));
      return cut(c, placeOf(c, view.fileId), page + 1, query, "private");
    },
  );
}

/** A link's signature opens its own region; a key opens every region of its group's files. */
async function allowed(c: Ctx, id: string, page: number, query: z.output<typeof LinkQuery>): Promise<FilePlace> {
  const { sig, top_left_x: left, top_left_y: top, width, height } = query;
  if (sig === undefined) {
    await authenticate(c, async () => undefined);
    return placeOf(c, refuseGone(await findFile(c, id)).fileId);
  }
  const key = cropKey(c.env.ID_SECRET, id);
  if (!isSigned(sig, key, { page, left, top, width, height })) {
    throw new Failure("not_found", "This link was not made by this service, or it was changed.");
  }
  return placeOf(c, id);
}

function readName(name: string): { id: string; page: number } {
  const [, id, page] = /^([0-9a-f-]{36}|[0-9a-f]{32})-(\d{1,5})\.jpg$/.exec(name) ?? [];
  if (id === undefined) throw new Failure("not_found", "A crop is named {file_id}-{page}.jpg");
  return { id, page: Number(page) };
}

/** Only what decides the pixels: other parameters don't make the same region be cut again. */
function cacheKey(c: Ctx, place: FilePlace, page: number, query: CropQuery): string {
  const { top_left_x, top_left_y, width, height } = query;
  const region = [page, top_left_x, top_left_y, width, height].join("-");
  return new URL(`/cropped/${place.job}-${place.seq}/${region}.jpg`, c.req.url).href;
}

async function cut(c: Ctx, place: FilePlace, page: number, query: CropQuery, cache: "public" | "private") {
  const region = { left: query.top_left_x, top: query.top_left_y, width: query.width, height: query.height };
  const jpeg = await c.env.CONVERTER.crop({ ...place, page, ...region });
  if (jpeg === null) {
    throw new Failure(
      "not_found",
      "There is no such page or region, or the file's source is gone (it is kept 30 days)",
    );
  }
  return new Response(jpeg as Uint8Array<ArrayBuffer>, {
    headers: {
      "content-type": "image/jpeg",
      "content-length": String(jpeg.byteLength),
      "cache-control": `${cache}, max-age=${CACHE_SECONDS}`,
      "x-content-type-options": "nosniff",
    },
  });
}
