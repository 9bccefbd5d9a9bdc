import { expect, test } from "vitest";
import { takeDrawnMarks } from "../../../src/engine/extract/drawn-marks.ts";
import type { Path } from "../../../src/engine/page.ts";
import { column, page } from "../page.ts";

const BLACK = 0xff;
const RED = 0xff0000ff;

/** A square of the side around (x, y). */
function shape(x: number, y: number, side: number, how: Partial<Path> = {}): Path {
  const half = side / 2;
  const box = [x - half, y - half, x + half, y + half] as const;
  return {
    box,
    points: 13,
    curves: 12,
    stroke: false,
    fill: true,
    strokeWidth: 0,
    strokeColor: 0,
    fillColor: BLACK,
    ...how,
  };
}

function edged(x: number, y: number, side: number, how: Partial<Path> = {}): Path {
  const path = shape(x, y, side, { points: 5, curves: 0, stroke: true, fill: false, strokeColor: BLACK, ...how });
  const [x0, y0, x1, y1] = path.box;
  return {
    ...path,
    edges: [
      [x0, y0, x1, y0],
      [x1, y0, x1, y1],
      [x0, y1, x1, y1],
      [x0, y0, x0, y1],
    ],
  };
}

const text = page(1, column(6000, 10000, ["Slow down here", "and call us", "and go on"]));
const taken = (paths: Path[], of = text) => {
  const { words, lines, paths: rest } = takeDrawnMarks(of, paths, 1000);
  const texts = lines.map((line) =>
    words
      .slice(line.from, line.to)
      .map((word) => word.text)
      .join(" "),
  );
  return { texts, rest: rest.length, words, lines };
};

test("discs, rings and squares before lines are bullets, and drawings no more", () => {
  const ring = { fill: false, stroke: true, strokeColor: BLACK };
  const { texts, rest, lines } = taken([
    shape(5300, 9700, 350),
    shape(5300, 10900, 350, ring),
    { ...edged(5300, 12100, 350, { fill: true, stroke: false }) },
    shape(5300, 40000, 350),
  ]);
  expect(texts).toEqual(["• Slow down here", "◦ and call us", "▪ and go on"]);
  expect(rest).toBe(1);
  expect(lines[0]!.box[0]).toBe(5125);
});

test("a chart's legend has a colour a line, a list one for all", () => {
  const colored = (y: number, fillColor: number) => shape(5300, y, 350, { fillColor });
  expect(taken([colored(9700, RED), colored(10900, 0xff00ff)]).texts[0]).toBe("Slow down here");
  expect(taken([colored(9700, RED), colored(10900, RED)]).texts.slice(0, 2)).toEqual([
    "• Slow down here",
    "• and call us",
  ]);
});

test("what is too far, too high or too large is no bullet", () => {
  for (const path of [shape(2000, 9700, 350), shape(5300, 9000, 350), shape(5000, 9700, 1200)])
    expect(taken([path]).texts[0]).toBe("Slow down here");
});

test("a dot that other text stands right before is none", () => {
  const beside = page(1, [...column(6000, 10000, ["Slow down"]), { x: 4800, y: 10000, text: "a" }]);
  expect(taken([shape(5600, 9700, 300)], beside).texts).toEqual(["Slow down", "a"]);
});

test("tick boxes, empty and ticked; a box full of colour is a legend's", () => {
  const tick = shape(5300, 10850, 900, { points: 2, curves: 0, fill: false, stroke: true });
  const { texts } = taken([edged(5300, 9650, 900), edged(5300, 10850, 900), tick]);
  expect(texts).toEqual(["☐ Slow down here", "☑ and call us", "and go on"]);
  expect(taken([edged(5300, 9650, 900, { fill: true, fillColor: RED })]).texts[0]).toBe("Slow down here");
});

test("a tick box within a line stands where it is drawn", () => {
  const line = page(1, [{ x: 6000, y: 10000, text: "Yes" }]);
  line.words.push({ ...line.words[0]!, text: "No", box: [10000, 9300, 11000, 10200], gap: 2500 });
  line.lines[0] = { ...line.lines[0]!, to: 2, box: [6000, 9300, 11000, 10200] };
  const { texts, words } = taken([edged(5300, 9650, 800), edged(9000, 9650, 800)], line);
  expect(texts).toEqual(["☐ Yes ☐ No"]);
  expect(words.map((word) => word.gap > 0)).toEqual([false, true, true, true]);
});

test("an empty cell beside others of its row is no tick box", () => {
  const cells = [edged(5300, 9700, 900), edged(6400, 9700, 900), edged(7500, 9700, 900)];
  expect(taken(cells).texts[0]).toBe("Slow down here");
  expect(taken(cells.slice(0, 1)).texts[0]).toBe("☐ Slow down here");
});
