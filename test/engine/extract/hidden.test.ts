/** What nobody sees on the page is hidden; what can be seen, or can't be told, is text. */
import { describe, expect, test } from "vitest";
import { readPages } from "../../../src/engine/convert.ts";
import { extract, findHidden } from "../../../src/engine/extract/index.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import { open } from "../../../src/engine/readers/index.ts";
import { makePdf } from "../../pdf.ts";
import { host } from "../host.ts";
import { rawPdf, stream } from "../readers/raw-pdf.ts";

const SEEN = "BT 0 g /F2 11 Tf 72 700 Td (Plain text on the page) Tj ET";

async function pageOf(content: string): Promise<PageLines> {
  const reader = await open(makePdf([{ content: `${SEEN}\n${content}` }]), host);
  return (await readPages(reader, [1])).pages[0]!;
}

async function hiddenIn(content: string): Promise<string> {
  const page = await pageOf(content);
  return page.words.flatMap((word) => (word.hidden === true ? [word.text] : [])).join(" ");
}

const at = (y: number, text: string, size = 11) => `BT /F2 ${size} Tf 72 ${y} Td (${text}) Tj ET`;

describe("hidden", () => {
  test.each([
    ["white on white", `1 g ${at(650, "secret")}`],
    ["nearly white on white", `0.97 g ${at(650, "secret")}`],
    ["dark on as dark a ground", `0.2 g 60 640 200 30 re f 0.22 g ${at(650, "secret")}`],
    ["under a black bar", `${at(650, "secret")} 0 g 60 640 200 30 re f`],
    ["clipped away", `q 300 100 50 50 re W n ${at(650, "secret")} Q`],
    ["outside the page", at(820, "secret")],
    ["a speck", at(650, "secret", 0.6)],
    ["under a shape", `${at(650, "secret")} 0 g 60 640 m 260 640 l 250 670 l 150 690 l 50 671 l f`],
    ["white, drawn twice", `1 g ${at(650, "secret")} BT /F2 11 Tf 72.4 649.6 Td (secret) Tj ET`],
    ["white with white outlines", `1 g 1 G BT 2 Tr /F2 11 Tf 72 650 Td (secret) Tj ET`],
    ["white on a white shape", `1 g 60 640 m 260 640 l 250 670 l 50 671 l f ${at(650, "secret")}`],
    ["white in a frame of hairlines", `0.2 w 60 640 200 30 re S 1 g ${at(650, "secret")}`],
    ["smaller than an eye reads, and than its page", at(650, "secret", 1.4)],
    ["squeezed to a line", "BT 0.1 Tz /F2 11 Tf 72 650 Td (secret) Tj ET"],
    ["all letters on one spot", "BT -6.6 Tc /F3 11 Tf 72 650 Td (blackspot) Tj ET"],
    ["white over more shapes than a page has", `1 g ${"0.9 g 1 1 1 1 re f ".repeat(5000)} 1 g ${at(650, "secret")}`],
    ["painted in no way", `BT 3 Tr /F2 11 Tf 72 650 Td (secret) Tj ET`],
  ])("%s", async (_, content) => {
    expect((await hiddenIn(content)).replace("blackspot", "secret")).toBe("secret");
  });

  test("the words outside a clip that leaves only the first", async () => {
    const cut = `q 60 640 50 30 re W n ${at(650, "shown and then a long line of secret words after it")} Q`;
    expect(await hiddenIn(cut)).toBe("and then a long line of secret words after it");
  });

  test("is told where the looks end before the text does", async () => {
    const reader = await open(makePdf([{ content: `0.9 g 60 640 200 30 re f 1 g ${at(650, "secret")}` }]), host);
    const page = await reader.page(1);
    expect(findHidden(page).unfinished).toBe(false);
    const hiding = findHidden(page, 3);
    expect(hiding.unfinished).toBe(true);
    expect(extract(page, hiding).warnings.map(({ code }) => code)).toContain("hidden_unjudged");
  });

  test("is told by a warning with its place", async () => {
    const { warnings } = await pageOf(`1 g ${at(650, "secret")}`);
    expect(warnings).toMatchObject([{ code: "hidden_text", page: 1, detail: "6 glyphs" }]);
    expect(warnings[0]!.box![0]).toBeGreaterThan(7000);
  });
});

describe("seen", () => {
  test.each([
    ["white on a dark bar", `0.2 g 60 640 200 30 re f 1 g ${at(650, "title")}`],
    ["white on a shape", `0.2 g 60 640 m 260 640 l 280 655 l 260 670 l 60 670 l f 1 g ${at(650, "title")}`],
    ["white on a thick stroke", `0 G 30 w 60 655 m 260 655 l S 1 g ${at(650, "title")}`],
    ["white with outlines", `1 g BT 2 Tr 0 G /F2 11 Tf 72 650 Td (title) Tj ET`],
    ["outlines alone", `1 g BT 1 Tr 0 G /F2 11 Tf 72 650 Td (title) Tj ET`],
    ["a rule through it", `${at(650, "title")} 0 g 60 653 200 0.5 re f`],
    ["partly covered", `${at(650, "title")} 1 g 76 640 200 30 re f`],
    ["black on a white panel on a black one", `0 g 50 630 300 60 re f 1 g 60 640 200 30 re f 0 g ${at(650, "title")}`],
    [
      "small beside big type, but readable",
      `${[100, 200, 300, 400, 500].map((y) => at(y, "Poster", 70)).join(" ")} ${at(650, "title", 6)}`,
    ],
    [
      "small on a page of small type",
      Array.from({ length: 20 }, (_, i) => at(300 + 2 * i, "words of this size", 1.4)).join(" "),
    ],
    [
      "white on a black shape that a white one's box holds",
      `0 g 60 640 200 30 re f 1 g 60 600 m 600 600 l 600 700 l f 1 g ${at(650, "title")}`,
    ],
    ["black with a white shape's empty corner over it", `${at(650, "title")} 1 g 60 640 m 500 640 l 500 800 l f`],
    ["cut by the clip of its cell", `q 60 640 20 30 re W n ${at(650, "title")} Q`],
    ["yellow", `1 1 0 rg ${at(650, "title")}`],
  ])("%s", async (_, content) => {
    expect(await hiddenIn(content)).toBe(_ === "partly covered" ? "tle" : "");
  });

  const picture = (box: string) =>
    `q ${box} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q BT 3 Tr /F2 11 Tf 72 650 Td (layer) Tj ET`;

  test("an unpainted layer on a picture, and all of it on a scan's page; not beside a small one", async () => {
    expect(await hiddenIn(picture("100 0 0 40 60 640"))).toBe("");
    expect(await hiddenIn(picture("500 0 0 640 80 0"))).toBe("");
    expect(await hiddenIn(picture("100 0 0 40 300 300"))).toBe("layer");
  });

  test("what lies under a form that lets it shine through", async () => {
    const content = "BT /F 20 Tf 72 650 Td (marked) Tj ET /G gs /X Do";
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> /ExtGState << /G << /BM /Multiply >> >> >> >>",
      stream(content),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      stream("1 1 0 rg 60 640 200 30 re f", "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"),
    ]);
    const page = (await readPages(await open(pdf, host), [1])).pages[0]!;
    expect(page.words.map(({ text, hidden }) => [text, hidden])).toEqual([["marked", undefined]]);
  });

  test("type filled with a gradient, which PDFium calls white; not what only lies beside it", async () => {
    const content = `/Pattern cs /P scn BT /F 20 Tf 72 650 Td (Gradient) Tj ET 1 g BT /F 20 Tf 72 600 Td (secret) Tj ET`;
    const pdf = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /Pattern << /P 6 0 R >> >> >>",
      stream(content),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      "<< /Type /Pattern /PatternType 2 /Shading << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [72 0 200 0] /Extend [true true] /Function << /FunctionType 2 /Domain [0 1] /C0 [0.8 0 0] /C1 [0 0 0.8] /N 1 >> >> >>",
    ]);
    const page = (await readPages(await open(pdf, host), [1])).pages[0]!;
    expect(page.words.map(({ text, hidden }) => [text, hidden])).toEqual([
      ["Gradient", undefined],
      ["secret", true],
    ]);
  });

  test("a white shadow under black type: once, not bold", async () => {
    const page = await pageOf(`1 g BT /F2 11 Tf 72.4 649.6 Td (shadow) Tj ET 0 g ${at(650, "shadow")}`);
    const words = page.words.filter(({ text }) => text === "shadow");
    expect(words).toHaveLength(1);
    expect(words[0]!.hidden).toBeUndefined();
    expect(page.styles[words[0]!.style]!.bold).toBe(false);
  });
});
