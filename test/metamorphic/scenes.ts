/**
 * Documents with known geometry, drawn in ways that must read the same: larger, smaller, moved, turned, with rules as
 * strokes or as thin rectangles, in another order of drawing. A scene in points, origin at the lower left; a PDF out.
 */
import { type FormSpec, makePdf, type PageSpec, type TextLine } from "../pdf.ts";

export interface Rule {
  x: number;
  y: number;
  length: number;
  horizontal: boolean;
  thickness: number;
}

export interface Scene {
  texts: TextLine[];
  rules: Rule[];
  /** Raw operators of curves. */
  drawing?: string;
}

export interface Drawing {
  /** Of all lengths. */
  scale?: number;
  /** Points by which the window and everything in it lie off the origin. */
  offset?: readonly [x: number, y: number];
  rotate?: 0 | 90 | 180 | 270;
  rulesAs?: "strokes" | "rectangles";
  /** Wrapped in two forms, whose matrices undo what is drawn in them: twice the size and moved, turned a quarter. */
  inForms?: boolean;
  /** Of the order in which things are drawn; 0 = as the scene has them. */
  shuffle?: number;
}

const WIDTH = 612;
const HEIGHT = 792;
const FONTS = ["Helvetica", "Helvetica-Bold", "Times-Roman", "Courier"];

export function drawScenes(scenes: readonly Scene[], how: Drawing = {}): Uint8Array<ArrayBuffer> {
  return makePdf(scenes.map((scene) => drawScene(scene, how)));
}

function drawScene(scene: Scene, how: Drawing): PageSpec {
  const { scale = 1, offset = [0, 0], rotate = 0, rulesAs = "strokes", shuffle = 0, inForms = false } = how;
  const [w, h] = [WIDTH * scale, HEIGHT * scale];
  const place = matrixFor(rotate, w, h, scale, offset);
  const pieces = [...scene.texts.map(textOperators), ...scene.rules.map((rule) => ruleOperators(rule, rulesAs))];
  if (scene.drawing !== undefined) pieces.push(`q ${scene.drawing} Q`);
  const content = `q ${place.join(" ")} cm\n${(shuffle === 0 ? pieces : shuffled(pieces, shuffle)).join("\n")}\nQ`;
  const turned = rotate % 180 !== 0;
  const [width, height] = turned ? [h, w] : [w, h];
  const [right, top] = [width + 2 * offset[0], height + 2 * offset[1]];
  return {
    ...(inForms ? { forms: nestedForms(right, top) } : {}),
    width: right,
    height: top,
    cropBox: [offset[0], offset[1], offset[0] + width, offset[1] + height],
    rotate,
    content,
  };
}

/** Boxes as large as the page, seen from inside each form. */
function nestedForms(right: number, top: number): FormSpec[] {
  return [
    {
      matrix: [2, 0, 0, 2, 30, 10],
      box: [-15, -5, (right - 30) / 2, (top - 10) / 2],
      before: "0.5 0 0 0.5 -15 -5 cm",
    },
    { matrix: [0, 1, -1, 0, 0, 0], box: [0, -right, top, 0], before: "0 -1 1 0 0 0 cm" },
  ];
}

/** Contents are turned to the left by what /Rotate turns the page to the right. */
function matrixFor(rotate: number, w: number, h: number, s: number, [x, y]: readonly [number, number]): number[] {
  switch (rotate) {
    case 90:
      return [0, s, -s, 0, h + x, y];
    case 180:
      return [-s, 0, 0, -s, w + x, h + y];
    case 270:
      return [0, -s, s, 0, x, w + y];
    default:
      return [s, 0, 0, s, x, y];
  }
}

function textOperators({ text, x, y, size = 11, font = "Times-Roman", mode = 0 }: TextLine): string {
  const escaped = text.replace(/[\\()]/g, "\\$&");
  return `BT ${mode} Tr /F${FONTS.indexOf(font)} ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped}) Tj ET`;
}

function ruleOperators({ x, y, length, horizontal, thickness }: Rule, as: "strokes" | "rectangles"): string {
  const half = thickness / 2;
  if (as === "strokes") {
    const [x1, y1] = horizontal ? [x + length, y] : [x, y + length];
    return `${thickness} w ${x} ${y} m ${x1} ${y1} l S`;
  }
  return horizontal ? `${x} ${y - half} ${length} ${thickness} re f` : `${x - half} ${y} ${thickness} ${length} re f`;
}

/** The same order for the same seed (a linear congruential generator, Numerical Recipes' constants). */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const out = [...items];
  let state = seed;
  for (let i = out.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const PROSE =
  "The first sentence of the page stands at the top of its column and goes on over several lines as sentences do when they " +
  "have more to say than one line can hold. A second one follows it without any haste and names the reasons why the order of " +
  "drawing must not matter to a reader. Whoever writes a page thinks of words and not of operators and so should whoever reads it. ";

/** Text broken into lines of about so many letters. */
function broken(text: string, letters: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(" ")) {
    if (line !== "" && line.length + 1 + word.length > letters) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function column(x: number, y: number, texts: readonly string[], size = 10, leading = 12): TextLine[] {
  return texts.map((text, i) => ({ text, x, y: y - i * leading, size }));
}

/** A paper's page: title, two columns with headings, a raised note mark, a running head and a page number. */
export function paperPage(number: number): Scene {
  const left = broken(PROSE.repeat(3), 50);
  const right = broken(PROSE.repeat(3), 50);
  return {
    texts: [
      { text: "Proceedings of the Society for Careful Reading", x: 200, y: 752, size: 8 },
      { text: `${number}`, x: 303, y: 40, size: 9 },
      { text: `On reading page ${number} of a paper`, x: 170, y: 710, size: 18, font: "Helvetica-Bold" },
      { text: `${number}. Introduction`, x: 60, y: 670, size: 12, font: "Helvetica-Bold" },
      ...column(60, 650, left),
      { text: "1", x: 60 + 40, y: 653.5 - 12 * left.length, size: 6.5 },
      { text: "Second part", x: 320, y: 670, size: 12, font: "Helvetica-Bold" },
      ...column(320, 650, right),
    ],
    rules: [],
  };
}

/** A report's page: text, a ruled table, a list, text in typewriter face. */
export function reportPage(number: number): Scene {
  const rows = [
    ["Substance", "Limit", "Found", "Unit"],
    ["Lead", "200", "17.5", "mg"],
    ["Mercury", "10", "0.4", "mg"],
    ["Nickel", "50", "12.25", "mg"],
    ["Zinc and its compounds", "100", "98", "mg"],
  ];
  const [x, y, w, h] = [72, 560, [150, 80, 80, 60], 18] as const;
  const edges = [0, 1, 2, 3, 4].map((i) => x + w.slice(0, i).reduce((a, b) => a + b, 0));
  const texts = rows.flatMap((row, r) =>
    row.map(
      (text, c): TextLine => ({
        text,
        x: edges[c]! + 4,
        y: y - r * h - 13,
        size: 9,
        ...(r === 0 ? { font: "Helvetica-Bold" as const } : {}),
      }),
    ),
  );
  const rules: Rule[] = [
    ...rows
      .map((_, r) => r)
      .concat(rows.length)
      .map((r) => ({ x, y: y - r * h, length: 370, horizontal: true, thickness: 0.6 })),
    ...edges.map((edge) => ({
      x: edge,
      y: y - rows.length * h,
      length: rows.length * h,
      horizontal: false,
      thickness: 0.6,
    })),
  ];
  return {
    texts: [
      { text: `Report on measurements, part ${number}`, x: 72, y: 700, size: 16, font: "Helvetica-Bold" },
      ...column(72, 670, broken(PROSE, 95)),
      { text: `Table ${number}: what was found`, x: 72, y: 570, size: 9 },
      ...texts,
      ...column(72, 430, ["1. Take the sample before noon.", "2. Weigh it twice.", "3. Write both weights down."]),
      ...column(72, 380, broken(PROSE, 95)),
      { text: "if (weight > limit) report(sample);", x: 90, y: 300, size: 9, font: "Courier" },
      ...column(72, 270, broken(PROSE, 95)),
    ],
    rules,
  };
}

/** A page with a drawing of curves under text, and a caption. */
export function drawingPage(number: number): Scene {
  const wave = Array.from({ length: 12 }, (_, i) => {
    const x = 150 + i * 25;
    return `1.2 w ${x} 500 m ${x + 8} ${540 + i * 3} ${x + 16} ${460 - i * 3} ${x + 25} 500 c S`;
  });
  return {
    texts: [
      ...column(72, 720, broken(`Part ${number} of the drawings. ${PROSE.repeat(2)}`, 95)),
      { text: `Figure ${number}. A wave that grows from left to right.`, x: 160, y: 430, size: 9 },
      ...column(72, 400, broken(PROSE.repeat(2), 95)),
    ],
    rules: [
      { x: 150, y: 450, length: 100, horizontal: false, thickness: 0.8 },
      { x: 150, y: 450, length: 310, horizontal: true, thickness: 0.8 },
    ],
    drawing: wave.join(" "),
  };
}
