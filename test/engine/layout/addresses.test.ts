import { expect, test } from "vitest";
import { layOut } from "../../../src/engine/layout/index.ts";
import { emptySurvey, mergeSurveys, profileOf, survey } from "../../../src/engine/survey/index.ts";
import { column, page } from "../page.ts";

const FULL = "the lines of a paragraph are full to the edge of the column";

function textOf(end: string, begin: string, uris: readonly string[] = []): string {
  const boxes = [
    [5000, 10300, 60000, 11300],
    [5000, 11500, 60000, 12500],
  ] as const;
  const links = uris.map((uri, i) => ({ box: boxes[i]!, uri }));
  const lines = page(1, column(5000, 10000, [FULL, `${"as told in the ".repeat(2)}${end}`, begin]), { links });
  const [block] = layOut(lines, profileOf(mergeSurveys(emptySurvey(), survey(lines)))).blocks;
  const text = block !== undefined && "runs" in block ? block.runs.map((run) => run.text).join("") : "";
  return text.slice(FULL.length + 1 + 30);
}

test("an address that a line's end breaks is one", () => {
  expect(textOf("https://doi.org/", "10.25318/221000.")).toBe("https://doi.org/10.25318/221000.");
  expect(textOf("https://a.org/cross-", "section/page and on")).toBe("https://a.org/cross-section/page and on");
});

test("an address that ends with its line stays apart from what follows", () => {
  for (const [end, begin] of [
    ["https://a.org/", "for more of it"],
    ["https://a.org/", "https://b.org/more"],
    ["https://a.org", "example/more"],
    ["either/", "or/both"],
  ] as const)
    expect(textOf(end, begin)).toBe(`${end} ${begin}`);
});

test("what one link holds in one is one, what two links hold is two", () => {
  const whole = "https://a.org/about/us";
  expect(textOf("https://a.org/about/", "us.", [whole, whole])).toBe("https://a.org/about/us.");
  expect(textOf("https://a.org/about/", "us/more", [whole, "https://b.org/"])).toBe("https://a.org/about/ us/more");
});
