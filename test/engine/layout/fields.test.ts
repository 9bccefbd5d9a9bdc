import { expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { Widget } from "../../../src/engine/page.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { column, LEADING, page, type RowSpec } from "../page.ts";

const before = column(5000, 8000, ["the text before the form is full to the edge", "and ends here."]);

function widget(control: Widget["control"], x: number, y: number, width: number, more: Partial<Widget> = {}): Widget {
  return { box: [x, y - 900, x + width, y + 300], control, name: `${x}`, value: "", ...more };
}

function shapesOf(rows: readonly RowSpec[], widgets: Widget[]): unknown[] {
  const lines = page(1, [...before, ...rows], { widgets });
  const { blocks } = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines))));
  const words = blocks.flatMap((block) => block.lines);
  expect(new Set(words).size).toBe(words.length);
  return blocks.slice(1).map(shape);
}

function shape(block: Block): unknown {
  if (block.kind === "field") return [block.control, block.label.map(({ text }) => text).join(""), block.value];
  return "runs" in block ? block.runs.map((run) => run.text).join("") : block.kind;
}

test("what is filled in is labelled on its left, or above", () => {
  const rows = [
    { x: 5000, y: 20000, text: "Name of the boat:" },
    { x: 5000, y: 22000, text: "Remarks" },
    { x: 5000, y: 26000, text: "Of the skipper" },
  ];
  const widgets = [
    widget("text", 18000, 20000, 20000, { value: "Ada" }),
    widget("text", 5000, 23400, 40000, { value: "none\rso far" }),
    widget("choice", 18000, 26000, 9000, { value: "Spain" }),
    widget("button", 40000, 26000, 9000, { value: "Send" }),
  ];
  expect(shapesOf(rows, widgets)).toEqual([
    ["text", "Name of the boat:", "Ada"],
    ["text", "Remarks", "none\rso far"],
    ["choice", "Of the skipper", "Spain"],
  ]);
});

test("what is ticked is labelled on its right, up to the next one, over several lines", () => {
  const rows = [
    { x: 5000, y: 20000, text: "Stay:" },
    { x: 11000, y: 20000, text: "one week" },
    { x: 18000, y: 20000, text: "two" },
    { x: 6600, y: 22000, text: "I have read the rules" },
    { x: 6600, y: 22000 + LEADING, text: "and all the rest" },
    { x: 5000, y: 26000, text: "The text goes on here." },
  ];
  const widgets = [
    widget("radio", 9500, 20000, 1000, { value: "week", checked: true }),
    widget("radio", 16500, 20000, 1000, { value: "week", checked: false }),
    widget("checkbox", 5000, 22000, 1000, { value: "Yes", checked: true }),
  ];
  expect(shapesOf(rows, widgets)).toEqual([
    "Stay:",
    ["radio", "one week", "week"],
    ["radio", "two", "Off"],
    ["checkbox", "I have read the rules and all the rest", "Yes"],
    "The text goes on here.",
  ]);
});

test("what is printed in a field is its value, not said twice", () => {
  const rows = [
    { x: 5000, y: 20000, text: "Name:" },
    { x: 9000, y: 20000, text: "Ada Lovelace" },
  ];
  expect(shapesOf(rows, [widget("text", 8800, 20000, 9000, { value: "Ada Lovelace" })])).toEqual([
    ["text", "Name:", "Ada Lovelace"],
  ]);
});

test("two fields of one place are one", () => {
  const twice = [widget("text", 9000, 20000, 9000, { value: "a" }), widget("text", 9000, 20000, 9000, { value: "b" })];
  expect(shapesOf([{ x: 5000, y: 20000, text: "Name:" }], twice)).toEqual([["text", "Name:", "b"]]);
});
