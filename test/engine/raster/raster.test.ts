/** Pixels out of PDFium, encoded by us, decoded again by PDFium (JPEG) or by zlib (PNG). */
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { rasterise } from "../../../src/engine/raster/index.ts";
import { encodeJpeg } from "../../../src/engine/raster/jpeg.ts";
import { encodePng } from "../../../src/engine/raster/png.ts";
import { open, type Pixels } from "../../../src/engine/readers/index.ts";
import { makePdf } from "../../pdf.ts";
import { host } from "../host.ts";

/** A picture with edges, gradients and colours; sides that are no multiples of eight. */
function picture(width: number, height: number, grey = false): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const edge = x > width / 2 && y > height / 3 ? 220 : 30;
      const r = (x * 255) / width;
      data[at] = grey ? edge : r;
      data[at + 1] = grey ? edge : (y * 255) / height;
      data[at + 2] = edge;
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

/** A one-page PDF that shows the JPEG, a pixel a point. */
function asPdf(jpeg: Uint8Array, width: number, height: number, space: string): Uint8Array {
  const head = `%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>> endobj
5 0 obj <</Length 30>> stream
${`${width} 0 0 ${height} 0 0 cm /I Do`.padEnd(30)}
endstream endobj
4 0 obj <</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/${space}/BitsPerComponent 8/Filter/DCTDecode/Length ${jpeg.length}>> stream
`;
  const tail = "\nendstream endobj\ntrailer <</Root 1 0 R/Size 6>>\n%%EOF\n";
  return Buffer.concat([Buffer.from(head, "latin1"), jpeg, Buffer.from(tail, "latin1")]);
}

async function decodeJpeg(jpeg: Uint8Array, width: number, height: number, space = "DeviceRGB"): Promise<Pixels> {
  const reader = await open(asPdf(jpeg, width, height, space), host);
  const pixels = await reader.render({ page: 1, box: [0, 0, width * 100, height * 100] }, 72);
  reader.close();
  return pixels;
}

/** Mean squared error over the colour channels. */
function meanSquare(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) if (i % 4 !== 3) sum += (a.data[i]! - b.data[i]!) ** 2;
  return sum / ((a.data.length / 4) * 3);
}

describe("JPEG", () => {
  test.each([
    [61, 43],
    [64, 64],
    [1, 1],
    [200, 7],
  ])("a %i x %i picture comes back nearly as it was", async (width, height) => {
    const before = picture(width, height);
    const after = await decodeJpeg(encodeJpeg(before, 95), width, height);
    expect([after.width, after.height]).toEqual([width, height]);
    expect(meanSquare(before, after)).toBeLessThan(8);
  });

  test("a grey picture is stored with one component", async () => {
    const before = picture(50, 50, true);
    const jpeg = encodeJpeg(before, 95);
    const sof = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    expect(jpeg[sof + 9]).toBe(1);
    expect(meanSquare(before, await decodeJpeg(jpeg, 50, 50, "DeviceGray"))).toBeLessThan(8);
  });

  test("quality costs bytes and gains likeness", async () => {
    const before = picture(160, 160);
    const [low, high] = [encodeJpeg(before, 20), encodeJpeg(before, 95)];
    expect(low.length).toBeLessThan(high.length);
    const error = async (jpeg: Uint8Array) => meanSquare(before, await decodeJpeg(jpeg, 160, 160));
    expect(await error(low)).toBeGreaterThan(await error(high));
  });
});

test("PNG is lossless", async () => {
  for (const grey of [false, true]) {
    const before = picture(37, 21, grey);
    const png = Buffer.from(await encodePng(before));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    const channels = grey ? 1 : 3;
    const length = png.readUInt32BE(33);
    const rows = inflateSync(png.subarray(41, 41 + length));
    const stride = 37 * channels + 1;
    const unfiltered = Buffer.alloc(37 * 21 * channels);
    for (let y = 0; y < 21; y++) {
      expect(rows[y * stride]).toBe(2);
      for (let x = 0; x < 37 * channels; x++) {
        const above = y > 0 ? unfiltered[(y - 1) * 37 * channels + x]! : 0;
        unfiltered[y * 37 * channels + x] = (rows[y * stride + 1 + x]! + above) & 255;
      }
    }
    for (let i = 0; i < 37 * 21; i++) {
      for (let c = 0; c < channels; c++) expect(unfiltered[i * channels + c]).toBe(before.data[i * 4 + c]);
    }
  }
});

describe("rasterise", () => {
  const pdf = makePdf([{ width: 200, height: 100, content: "1 0 0 rg 50 50 100 25 re f" }]);

  test("cuts the box that is asked for", async () => {
    const reader = await open(pdf, host);
    // The red rectangle: x 50..150, y 25..50 from the top.
    const { width, height, data } = await reader.render({ page: 1, box: [5_000, 2_500, 15_000, 5_000] }, 72);
    expect([width, height]).toEqual([100, 25]);
    const middle = (12 * 100 + 50) * 4;
    expect([...data.subarray(middle, middle + 4)]).toEqual([255, 0, 0, 255]);
    expect(data.every((value, i) => value === [255, 0, 0, 255][i % 4])).toBe(true);
    const above = await reader.render({ page: 1, box: [0, 0, 20_000, 2_400] }, 72);
    expect(above.data.every((value) => value === 255)).toBe(true);
  });

  test("bands join without a seam", async () => {
    // 2,000 x 3,000 pixels: more than one band.
    const reader = await open(makePdf([{ width: 200, height: 300, content: "0 0 1 rg 20 20 160 260 re f" }]), host);
    const { width, data } = await reader.render({ page: 1, box: [0, 0, 20_000, 30_000] }, 720);
    expect(width).toBe(2_000);
    for (let y = 0; y < 3_000; y++) {
      const blue = y >= 200 && y < 2_800;
      const at = (y * 2_000 + 1_000) * 4;
      expect([data[at], data[at + 2]]).toEqual([blue ? 0 : 255, 255]);
    }
  });

  test("too many pixels lower the resolution instead of the process", async () => {
    const reader = await open(makePdf([{ width: 14_400, height: 14_400 }]), host);
    const { width, height } = await reader.render({ page: 1, box: [0, 0, 1_440_000, 1_440_000] }, 300);
    expect(width * height).toBeLessThanOrEqual(9_050_000);
    expect(width * height).toBeGreaterThan(8_000_000);
  });

  test("both formats", async () => {
    const reader = await open(pdf, host);
    const crop = { page: 1, box: [0, 0, 20_000, 10_000] } as const;
    const { bytes: jpg } = await rasterise(reader, crop, { dpi: 144, format: "jpg" });
    const { bytes: png } = await rasterise(reader, crop, { dpi: 144, format: "png" });
    expect([...jpg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(Buffer.from(png).readUInt32BE(16)).toBe(400);
    expect(Buffer.from(jpg).readUInt16BE(14)).toBe(144); // dots per inch
  });
});
