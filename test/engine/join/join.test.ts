import { describe, expect, test } from "vitest";
import type { Part } from "../../../src/engine/document/index.ts";
import { column, HEAD, page, SMALL } from "../page.ts";
import { joined } from "./pages.ts";

const texts = (parts: readonly Part[]) =>
  parts.map((part) =>
    part.blocks.map((block) => ("runs" in block ? block.runs.map((run) => run.text).join("") : block.kind)),
  );

const begin = (number: number, last: string) =>
  page(number, [
    ...column(5000, 10000, ["A sentence that begins here and is", last]),
    { x: 5000, y: 40000, text: "1 A note under it.", style: SMALL },
  ]);

describe("a paragraph over the page's end", () => {
  test("stands where it begins, its lines keep their pages, a note does not part it", async () => {
    const { parts } = await joined([
      begin(1, "going on over the end of the"),
      page(2, [...column(5000, 10000, ["page until it stops."]), ...column(5000, 15000, ["Then more."])]),
    ]);
    expect(texts(parts)).toEqual([
      ["A sentence that begins here and is going on over the end of the page until it stops.", "1 A note under it."],
      ["Then more."],
    ]);
    expect(parts[0]!.blocks[0]!.lines).toEqual(["1.0", "1.7", "2.0"]);
    expect(parts[0]!.blocks[0]!.places.map((place) => place.page)).toEqual([1, 2]);
    expect(parts.map((part) => part.lines.length)).toEqual([3, 2]);
  });

  test("a word broken by it is made whole, with an edit", async () => {
    const { parts } = await joined([
      begin(1, "going on over the inter-"),
      page(2, column(5000, 10000, ["national border."])),
    ]);
    expect(texts(parts)[0]![0]).toContain("the international border.");
    expect(parts[0]!.edits).toEqual([{ line: "1.7", from: "-", to: "", reason: "hyphen" }]);
  });

  test("an address broken by it keeps its hyphen and gets no blank", async () => {
    const { parts } = await joined([
      begin(1, "told in https://a.org/cross-"),
      page(2, column(5000, 10000, ["section/page and so on."])),
    ]);
    expect(texts(parts)[0]![0]).toContain("in https://a.org/cross-section/page and so on.");
    expect(parts[0]!.edits).toEqual([]);
  });

  test.each([
    ["a full stop", begin(1, "that ends here."), page(2, column(5000, 10000, ["and so on."]))],
    ["a capital", begin(1, "that ends here"), page(2, column(5000, 10000, ["And so on."]))],
    [
      "a heading",
      begin(1, "that goes on"),
      page(2, [{ x: 5000, y: 9000, text: "heading in between", style: HEAD }, ...column(5000, 12000, ["and so on."])]),
    ],
  ])("%s ends it", async (_, first, second) => {
    expect((await joined([first, second])).parts[1]!.blocks.length).toBeGreaterThan(0);
  });

  test("over many pages it holds a bounded number of parts", async () => {
    const pages = Array.from({ length: 40 }, (_, i) =>
      page(i + 1, column(5000, 10000, [`${i === 0 ? "It" : "and"} goes on and on and`, "then it goes on over"])),
    );
    const { parts, held } = await joined(pages);
    expect(parts.map((part) => part.size!.number)).toEqual(pages.map((one) => one.size.number));
    expect(parts[0]!.blocks[0]!.places.length).toBeGreaterThan(3);
    expect(held).toBeLessThan(30);
  });
});

test("a page of nothing but a picture stands between the halves", async () => {
  const picture = { box: [5000, 5000, 50000, 60000] as const };
  const { parts } = await joined([
    begin(1, "going on over the end of the"),
    page(2, [], { images: [picture as never] }),
    page(3, column(5000, 10000, ["page after the picture."])),
  ]);
  expect(texts(parts)[0]![0]).toContain("over the end of the page after the picture.");
  expect(texts(parts)[2]).toEqual([]);
});

test("a caption that nothing took does not go on, and lets the text go on over its page", async () => {
  const { parts } = await joined([
    begin(1, "going on over the end of the"),
    page(2, column(5000, 10000, ["Table 1: What stands on a page by itself"])),
    page(3, column(5000, 10000, ["page after the caption."])),
  ]);
  expect(texts(parts)[0]![0]).toContain("over the end of the page after the caption.");
  expect(texts(parts)[1]).toEqual(["Table 1: What stands on a page by itself"]);
});

test("no page, no part", async () => {
  expect((await joined([])).parts).toEqual([]);
});
