import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import type { Part } from "../../../src/engine/document/index.ts";
import { block, displayed, linesOf, paragraph, part, run, write } from "./document.ts";

const title = block({
  kind: "title",
  id: "1.0.title",
  lines: ["1.0", "1.1"],
  runs: [run("1.0", "A title"), run("1.1", " in two")],
} as never);
const furniture = (line: string, role: string): Block =>
  block({ kind: "furniture", role, runs: [run(line, `the ${role}`)] } as never);
const figure = block({
  kind: "figure",
  id: "1.50",
  lines: ["1.5", "1.6"],
  crop: { page: 1, box: [0, 0, 10000, 5000] },
  subtype: "",
  caption: [run("1.5", "Fig. 1")],
  labels: ["1.5"],
} as never);
/** Goes on over two pages, with a note of page 1 after it: that note is of an earlier page than the line before it. */
const long = paragraph(run("1.2", "It begins"), run("2.3", " and goes on"), run("3.1", " to the end."));

const parts: Part[] = [
  part(
    1,
    [
      furniture("1.9", "head"),
      title,
      figure,
      long,
      paragraph(run("1.4", "A note of page 1.")),
      furniture("1.8", "pageNumber"),
    ],
    { "1.5": "Fig. 1", "1.6": "in it" },
  ),
  part(2, [paragraph(run("2.7", "Only page 2 has this.")), furniture("2.8", "pageNumber")], { "2.3": "and goes on" }),
  part(3, [paragraph(run("3.4", "The end."))], { "3.1": "to the end." }),
];

describe("lines.json", () => {
  test.each([
    {},
    { includePageInfo: true },
    { includePageBreaks: true },
    { includePageInfo: true, includePageBreaks: true, includeDiagramText: true },
  ])("the displayed lines, concatenated, are the mmd (%o)", (options) => {
    const mmd = write("mmd", parts, options);
    expect(mmd).toContain("It begins and goes on to the end.\n\nA note of page 1.");
    expect(displayed(linesOf(parts, options))).toBe(mmd);
    const short = JSON.parse(write("lines.mmd.json", parts, options)) as { pages: { lines: { text: string }[] }[] };
    expect(short.pages.flatMap((page) => page.lines.map((line) => line.text)).join("")).toBe(mmd);
  });

  test("a line keeps its page, whatever page its block begins on; a line stands once", () => {
    const pages = linesOf(parts);
    expect(pages.map((page) => page.map((line) => line.text))).toEqual([
      ["the head", "", "A title", " in two", "", "Fig. 1", "It begins", "A note of page 1.", "the pageNumber"],
      ["and goes on", "Only page 2 has this.", "the pageNumber"],
      ["to the end.", "The end."],
    ]);
    const ids = pages.flat().map((line) => line.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    for (const page of pages) expect(page.map((line) => line.line)).toEqual(page.map((_, i) => i + 1));
  });

  test("containers, children, types", () => {
    const [first] = linesOf(parts);
    const byText = (text: string) => first!.find((line) => line.text === text)!;
    const container = first!.find((line) => line.type === "title")!;
    expect(container).toMatchObject({ text: "", text_display: "", conversion_output: false });
    expect(container.confidence).toBeUndefined();
    expect(container.children_ids).toEqual([byText("A title").id, byText(" in two").id]);
    expect(byText("A title")).toMatchObject({
      type: "text",
      parent_id: container.id,
      text_display: "\\title{\nA title",
    });
    expect(byText(" in two").text_display).toBe(" in two\n}");
    const diagram = first!.find((line) => line.type === "diagram")!;
    expect(diagram.text_display).toContain("\\caption{Fig. 1}");
    expect(byText("Fig. 1")).toMatchObject({ type: "figure_label", conversion_output: false, parent_id: diagram.id });
    expect(byText("the head")).toMatchObject({ type: "page_info", conversion_output: false });
  });

  test("diagram text comes on demand, as children", () => {
    const inside = (options: object) =>
      linesOf(parts, options)[0]!
        .filter((line) => line.type === "diagram_info")
        .map((line) => line.text);
    expect(inside({})).toEqual([]);
    expect(inside({ includeDiagramText: true })).toEqual(["in it"]);
  });

  test("every field of the contract, in pixels", () => {
    const json = JSON.parse(write("lines.json", parts)) as { pages: Record<string, unknown>[] };
    const { lines, ...page } = json.pages[0]!;
    expect(page).toEqual({ image_id: "f11e-01", page: 1, page_height: 1600, page_width: 1200 });
    const line = (lines as Record<string, unknown>[]).find((one) => one.text === "It begins")!;
    expect(line).toEqual({
      id: expect.any(String),
      type: "text",
      line: 7,
      font_size: 20,
      text: "It begins",
      text_display: expect.stringContaining("It begins"),
      conversion_output: true,
      is_printed: true,
      is_handwritten: false,
      confidence: 1,
      confidence_rate: 1,
      region: { top_left_x: 20, top_left_y: 40, width: 40, height: 40 },
      cnt: [
        [20, 80],
        [20, 40],
        [60, 40],
        [60, 80],
      ],
    });
    const short = JSON.parse(write("lines.mmd.json", parts)) as { pages: { lines: object[] }[] };
    expect(Object.keys(short.pages[0]!.lines[0]!).sort()).toEqual([
      "cnt",
      "confidence",
      "confidence_rate",
      "is_handwritten",
      "is_printed",
      "line",
      "region",
      "text",
    ]);
  });

  test("ids follow from the source and the line, not from the file's id", () => {
    expect(linesOf(parts)[0]![0]!.id).toBe(linesOf([parts[0]!])[0]![0]!.id);
    expect(write("lines.json", [])).toBe('{"pages":[]}');
  });
});

test("what goes on over pages has all its lines as children; turned text lies in a container, furniture beside it", () => {
  const note = block({
    kind: "note",
    id: "1.0.note",
    mark: "1",
    lines: ["1.0", "2.0"],
    blocks: [paragraph(run("1.0", "A"), run("2.0", " b"))],
  } as never);
  const turned: Part = {
    ...part(2, [paragraph(run("2.5", "Turned")), furniture("2.8", "pageNumber")], { "2.0": "b" }),
    turn: 90,
  };
  const both = [part(1, [note]), turned];
  const [first, second] = linesOf(both);
  const at = (text: string) => second!.find((line) => line.text === text)!;
  expect(first![0]!.children_ids).toEqual([first![1]!.id, at("b").id]);
  const container = second!.find((line) => line.type === "rotated_container")!;
  expect(container).toMatchObject({ text: "", conversion_output: false, children_ids: [at("Turned").id] });
  expect(at("Turned").parent_id).toBe(container.id);
  expect(at("the pageNumber").parent_id).toBeUndefined();
  expect(displayed([first!, second!])).toBe(write("mmd", both));
});

test("what no font tells is not shipped, and nothing to be confident of", () => {
  const blocks = [paragraph(run("1.0", "")), paragraph(run("1.1", "half")), paragraph(run("1.2", "all of it"))];
  const lines = linesOf([part(1, blocks, { "1.0": "\ufffd\ufffd", "1.1": "\ufffd\ufffd\ufffd\ufffd" })])[0]!;
  expect(lines.map(({ text, confidence }) => [text, confidence])).toEqual([
    ["", 0],
    ["half", 0.5],
    ["all of it", 1],
  ]);
});

test("a chart is one by its figure's subtype, and names its kind where that is known", () => {
  const chart = (subtype: string) => {
    const [lines] = linesOf([part(1, [{ ...figure, subtype } as never], { "1.5": "Fig. 1", "1.6": "a tick" })]);
    const { type, subtype: told } = lines!.find((line) => line.type === "chart" || line.type === "diagram")!;
    return [type, told];
  };
  expect(chart("chart:bar")).toEqual(["chart", "bar"]);
  expect(chart("chart")).toEqual(["chart", undefined]);
  expect(chart("")).toEqual(["diagram", undefined]);
});
