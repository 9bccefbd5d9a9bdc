/** The document that `npm start` converts, made from text: run this file to write src/cli/sample.pdf anew. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePdf, type PageSpec, type TextLine } from "../pdf.ts";

export const SAMPLE_FILE = join(import.meta.dirname, "../../src/cli/sample.pdf");

const LEFT = 72;
const WIDTH = 468;
const GUTTER = 24;
const SIZE = 11;
const LEADING = 14;

export function makeSample(): Uint8Array {
  const pages = [firstPage(), columnsPage(), lastPage()];
  return makePdf(
    pages.map((lines, i): PageSpec => ({ lines: [...furniture(i + 1), ...lines] })),
    { title: "A Short Walk through a Library" },
  );
}

function furniture(number: number): TextLine[] {
  return [
    { text: "Sheaf sample document", x: LEFT, y: 752, size: 9 },
    { text: String(number), x: 303, y: 40, size: 9 },
  ];
}

function firstPage(): TextLine[] {
  return stack(712, LEFT, WIDTH, [
    { text: "A Short Walk through a Library", size: 20, font: "Helvetica-Bold" },
    { text: "Written for Sheaf, to be read by a machine", size: 11 },
    { text: "1 What a page is", size: 14, font: "Helvetica-Bold" },
    {
      text:
        "A printed page knows nothing of paragraphs. It holds glyphs at places, drawn in some order that need not be the " +
        "order in which a person reads them. Whoever wants the text back has to find the words first, then the lines they " +
        "stand in, then the columns, and only then what belongs together.",
    },
    {
      text:
        "This page is an easy one: a title, a line below it, two headings and three paragraphs, one after the other. The " +
        "words at the top and the number at the foot belong to the page and not to the text, so they are set apart.",
    },
    { text: "2 Why the order matters", size: 14, font: "Helvetica-Bold" },
    {
      text:
        "A sentence that runs from one column into the next is one sentence. If a machine reads straight across the page, " +
        "it makes two halves of four sentences instead, and no reader can mend that later. The next page shows the case.",
    },
  ]);
}

function columnsPage(): TextLine[] {
  const column = (WIDTH - GUTTER) / 2;
  const left = stack(712, LEFT, column, [
    { text: "3 Two columns", size: 14, font: "Helvetica-Bold" },
    {
      text:
        "Journals set their text in two columns, because a short line is easier on the eye. The first column is read to its " +
        "end before the second begins, however near the two may stand to each other.",
    },
    {
      text:
        "Between them lies the gutter: a strip of white that no word crosses. It is narrow, often hardly wider than the gap " +
        "between two words of a stretched line, and still it divides the page from top to bottom. A reader sees it at once. " +
        "A program has to look for it, and has to look at many lines at the same time to be sure that it is",
    },
  ]);
  const right = stack(712, LEFT + column + GUTTER, column, [
    {
      text: "not a chance alignment of spaces. This sentence began in the other column and ends here.",
    },
    {
      text:
        "Where a heading spans both columns, the order starts again below it. Where a figure does, the text flows round it. " +
        "Most of the difficulty of reading a page lies in these few cases.",
    },
    { text: "4 What comes out", size: 14, font: "Helvetica-Bold" },
    {
      text:
        "The result is plain text with a little structure: headings with their level, paragraphs without line breaks, and " +
        "for each line the place on the page where it was found.",
    },
  ]);
  return [...left, ...right];
}

function lastPage(): TextLine[] {
  return stack(712, LEFT, WIDTH, [
    { text: "5 Things to try", size: 14, font: "Helvetica-Bold" },
    { text: "Send a paper of your own with one of the lines that the start command printed." },
    { text: "Ask for page breaks or for the page's own head and foot, and see what changes." },
    { text: "Open the address of the documentation: every option of the service is described there." },
    { text: "6 Licence", size: 14, font: "Helvetica-Bold" },
    {
      text: "This document is part of Sheaf and under the same licence, Apache 2.0. It was made from text by a small program.",
    },
  ]);
}

interface Paragraph extends Pick<TextLine, "size" | "font"> {
  text: string;
}

/** Paragraphs below each other from `y` on, broken at the width. */
function stack(y: number, x: number, width: number, paragraphs: Paragraph[]): TextLine[] {
  const lines: TextLine[] = [];
  let at = y;
  for (const { text, size = SIZE, font = "Times-Roman" } of paragraphs) {
    for (const line of breakLines(text, width, size)) {
      lines.push({ text: line, x, y: at, size, font });
      at -= (LEADING * size) / SIZE;
    }
    at -= LEADING * 0.6;
  }
  return lines;
}

function breakLines(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) * size > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Times-Roman in ems, near enough to break lines by. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text) width += /[iljt.,:;' ]/.test(c) ? 0.27 : /[A-Z]/.test(c) ? 0.68 : /[mw]/.test(c) ? 0.76 : 0.48;
  return width;
}

if (import.meta.main) writeFileSync(SAMPLE_FILE, makeSample());
