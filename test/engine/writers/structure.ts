/** What every lines.json has to keep (CONTRACT section 5), whatever the document: asserted line by line. */
import { expect } from "vitest";

export interface JsonLine {
  id: string;
  type: string;
  subtype?: string;
  parent_id?: string;
  children_ids?: string[];
  selected_labels?: string[];
  line: number;
  text: string;
  text_display: string;
  conversion_output: boolean;
  region?: { top_left_x: number; top_left_y: number; width: number; height: number };
  cnt?: [number, number][];
  confidence?: number;
  [field: string]: unknown;
}

interface JsonPage {
  page: number;
  page_width: number;
  page_height: number;
  lines: JsonLine[];
}

const TYPES = new Set([
  ..."text math table table_cell diagram diagram_info chart chart_info figure_label equation_number page_info".split(
    " ",
  ),
  ..."code pseudocode form_field qed_symbol footnote title quote section_header authors abstract".split(" "),
  ..."table_of_contents_container table_of_contents_row table_of_contents_item table_of_contents_number".split(" "),
]);
const CONTAINERS = new Set(["title", "authors", "abstract", "quote", "footnote", "table_of_contents_row"]);
const FIELDS = new Set([
  ..."id parent_id children_ids selected_labels type subtype line column font_size text text_display".split(" "),
  ..."conversion_output is_printed is_handwritten region cnt confidence confidence_rate".split(" "),
]);

/** @returns the types met, each with its subtypes */
export function expectContract(linesJson: string, mmd: string): Set<string> {
  const { pages } = JSON.parse(linesJson) as { pages: JsonPage[] };
  const all = pages.flatMap((page) => page.lines);
  const byId = new Map(all.map((line) => [line.id, line]));
  expect(byId.size).toBe(all.length);
  expect(all.map((line) => line.text_display).join("")).toBe(mmd);
  for (const page of pages) {
    expect(page.lines.map((line) => line.line)).toEqual(page.lines.map((_, i) => i + 1));
    for (const line of page.lines) expectLine(line, page, byId);
  }
  return new Set(all.flatMap(({ type, subtype }) => (subtype === undefined ? [type] : [type, `${type}/${subtype}`])));
}

function expectLine(line: JsonLine, page: JsonPage, byId: ReadonlyMap<string, JsonLine>): void {
  const what = `${page.page}: ${line.type} ${JSON.stringify(line.text)}`;
  expect(line.id, what).toMatch(/^[0-9a-f]{32}$/);
  expect(TYPES.has(line.type), what).toBe(true);
  for (const field of Object.keys(line)) expect(FIELDS.has(field), `${what} ${field}`).toBe(true);
  expect(line.conversion_output, what).toBe(line.text_display !== "");
  if (line.parent_id !== undefined) expect(byId.get(line.parent_id)?.children_ids, what).toContain(line.id);
  for (const child of line.children_ids ?? []) expect(byId.get(child)?.parent_id, what).toBe(line.id);
  for (const label of line.selected_labels ?? []) expect(byId.get(label)?.type, what).toBe("figure_label");
  if (CONTAINERS.has(line.type) && line.children_ids !== undefined)
    expect([line.text, line.text_display], what).toEqual(["", ""]);
  const { region, cnt } = line;
  if (region === undefined) throw new Error(`${what} lies nowhere`);
  const { top_left_x: x, top_left_y: y, width, height } = region;
  for (const value of [x, y, width, height]) expect(Number.isInteger(value), what).toBe(true);
  expect(Math.min(x, y), what).toBeGreaterThanOrEqual(0);
  expect(Math.min(width, height), what).toBeGreaterThan(0);
  expect(x + width, what).toBeLessThanOrEqual(page.page_width);
  expect(y + height, what).toBeLessThanOrEqual(page.page_height);
  expect(cnt, what).toEqual([
    [x, y + height],
    [x, y],
    [x + width, y],
    [x + width, y + height],
  ]);
  for (const sure of [line.confidence, line.confidence_rate])
    if (sure !== undefined) expect((sure as number) > 0 && (sure as number) <= 1, what).toBe(true);
}
