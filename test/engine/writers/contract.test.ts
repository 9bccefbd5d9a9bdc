/** lines.json of pages with everything the engine tells apart, laid out and joined as in a conversion. */
import { expect, test } from "vitest";
import type { Part } from "../../../src/engine/document/index.ts";
import { join } from "../../../src/engine/join/index.ts";
import { layOut } from "../../../src/engine/layout/index.ts";
import type { ConvertOptions } from "../../../src/engine/options.ts";
import type { Style } from "../../../src/engine/page-lines.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { BODY, column, HEAD, LEADING, page, RAISED, type RowSpec, SMALL, TITLE } from "../page.ts";
import { write } from "./document.ts";
import { expectContract } from "./structure.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";
const MONO: Style = { ...BODY, family: "Mono", mono: true };
const MARK = { ...RAISED, size: 500, rise: 300 };
const text = (y: number) => column(5000, y, [FULL, FULL, FULL, "and the last one is short."]);
const grid = (x0: number, y0: number, x1: number, y1: number) => {
  const rule = (box: readonly [number, number, number, number], horizontal: boolean) => ({
    box,
    horizontal,
    thickness: 50,
    color: 0xff,
  });
  return [0, 1, 2].flatMap((i) => {
    const [x, y] = [x0 + (i * (x1 - x0)) / 2, y0 + (i * (y1 - y0)) / 2];
    return [rule([x0, y, x1, y], true), rule([x, y0, x, y1], false)];
  });
};

const contents: RowSpec[] = ["Beginnings", "Middles", "Ends"].flatMap((name, i) => [
  { x: 5000, y: 10000 + i * LEADING, text: `${name} and more of them` },
  { x: 45000, y: 10000 + i * LEADING, text: `${i + 3}` },
]);

const pages = [
  page(1, [
    { x: 5000, y: 8000, text: "A title of this", style: TITLE },
    { x: 5000, y: 11000, text: "Ada Lovelace and Charles Babbage" },
    ...text(15000),
    { x: 5000, y: 22000, text: "1 Introduction", style: HEAD },
    ...text(25000),
    ...column(7000, 31500, [
      "The smallest things are those that nobody",
      "sees, and the largest are those that noone",
      "sees.",
    ]),
    ...text(37000),
    { x: 5000, y: 46000, text: ["here is what was said", ["~1", RAISED], "and the end"] },
    { x: 5000, y: 70000, text: [["1", MARK], "~See the first book."], style: SMALL },
    { x: 30000, y: 78500, text: "1" },
  ]),
  page(2, contents, {}),
  page(
    3,
    [
      ...text(8000),
      { x: 5000, y: 15000, text: "☑ Papers copied" },
      { x: 5000, y: 15000 + LEADING, text: "☐ Fee paid" },
      { x: 5000, y: 19000, text: "Signature: ________________" },
      { x: 5000, y: 21500, text: "Paid by ............ in cash" },
      { x: 5000, y: 24000, text: "Name:" },
      { x: 6500, y: 26500, text: "I have read the rules" },
      { x: 10300, y: 31000, text: "Year" },
      { x: 20300, y: 31000, text: "Yield" },
      { x: 10300, y: 33000, text: "1999" },
      { x: 20300, y: 33000, text: "12.5" },
      ...column(5000, 38000, ["def main(argv):", "total = 0;", "return total"], MONO),
      { x: 40000, y: 44000, text: "∎" },
      { x: 25000, y: 50000, text: "runs upwards", angle: 90 },
      { x: 59000, y: 60000, text: "over the edge" },
    ],
    {
      rules: grid(10000, 30000, 30000, 34000),
      widgets: [
        { box: [9000, 23000, 30000, 24300], control: "text", name: "n", value: "Ada" },
        { box: [5000, 25600, 6000, 26600], control: "checkbox", name: "c", value: "Yes", checked: true },
      ],
    },
  ),
];

async function parts(): Promise<Part[]> {
  const profile = profileOf(pages.map(survey).reduce(mergeSurveys, emptySurvey()));
  const out: Part[] = [];
  async function* laidOut() {
    for (const one of pages) yield layOut(one, profile);
  }
  for await (const part of join(laidOut(), profile)) out.push(part);
  return out;
}

test.each<Partial<ConvertOptions>>([{}, { includePageInfo: true, includePageBreaks: true, includeDiagramText: true }])(
  "every line keeps the contract, and every type that the pages hold is told (%o)",
  async (options) => {
    const document = await parts();
    const types = expectContract(write("lines.json", document, options), write("mmd", document, options));
    const expected =
      "title authors section_header text text/vertical quote footnote page_info code table table_cell qed_symbol form_field form_field/box form_field/checkbox form_field/dashed form_field/dotted table_of_contents_container table_of_contents_row table_of_contents_item table_of_contents_number";
    expect([...types].sort()).toEqual(expected.split(" ").sort());
  },
);
