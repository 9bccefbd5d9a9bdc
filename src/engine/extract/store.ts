/**
 * PageLines ⇄ bytes, lossless: integers as variable-length columns (differences where neighbours are alike), all text
 * in one UTF-8 block. What a chunk stores; JSON would be ten times the time. Layout of the bytes: header, then the
 * sections in the order of `encodeLines`; a change of either is a new VERSION.
 */
import type { Box } from "../geometry.ts";
import type { Image, Link, Tag, Widget } from "../page.ts";
import type { Drawing, Fill, PageLines, Rule, Segment, Source, Style, Word } from "../page-lines.ts";
import type { PageSize } from "../source-info.ts";
import type { Warning, WarningCode } from "../warnings.ts";
import { ByteReader, ByteWriter } from "./columns.ts";

const VERSION = 1;

const SOURCES: readonly Source[] = ["native", "repaired", "ocr", "model", "undecodable"];
const CONTROLS: readonly Widget["control"][] = ["text", "checkbox", "radio", "choice", "button", "signature"];

/** Bits of a word's byte of facts; the three lowest hold its source. */
const WORD = { source: 7, hidden: 8, softHyphen: 16, confidence: 32, mcid: 64, notHidden: 128 } as const;
const STYLE = { bold: 1, italic: 2, mono: 4 } as const;

export function encodeLines(page: PageLines): Uint8Array {
  const out = new ByteWriter();
  out.byte(VERSION);
  writeSize(out, page.size);
  writeStyles(out, page.styles);
  writeWords(out, page.words);
  writeSegments(out, page.lines);
  writeStrokes(out, page);
  out.list(page.images, (image) => {
    writeBox(out, image.box);
    out.unsigned(image.pixelWidth);
    out.unsigned(image.pixelHeight);
    out.signed(image.mcid);
  });
  out.list(page.links, (link) => {
    writeBox(out, link.box);
    out.optionalText(link.uri);
    out.optionalSigned(link.page);
  });
  writeWidgets(out, page.widgets);
  out.byte(page.tags ? 1 : 0);
  if (page.tags) writeTag(out, page.tags);
  out.list(page.warnings, (warning) => {
    out.text(warning.code);
    out.unsigned(warning.page);
    out.byte(warning.box ? 1 : 0);
    if (warning.box) writeBox(out, warning.box);
    out.optionalText(warning.detail);
  });
  return out.finish();
}

/** @throws RangeError on bytes that `encodeLines` of this version did not write */
export function decodeLines(bytes: Uint8Array): PageLines {
  const from = new ByteReader(bytes);
  const version = from.byte();
  if (version !== VERSION) throw new RangeError(`Stored lines of version ${version}; this engine reads ${VERSION}`);
  const size = readSize(from);
  const styles = readStyles(from);
  const words = readWords(from);
  const lines = readSegments(from);
  const strokes = readStrokes(from);
  const images = from.list(
    (): Image => ({
      box: readBox(from),
      pixelWidth: from.unsigned(),
      pixelHeight: from.unsigned(),
      mcid: from.signed(),
    }),
  );
  const links = from.list((): Link => {
    const link: Link = { box: readBox(from) };
    const uri = from.optionalText();
    if (uri !== undefined) link.uri = uri;
    const page = from.optionalSigned();
    if (page !== undefined) link.page = page;
    return link;
  });
  const widgets = readWidgets(from);
  const tags = from.byte() === 1 ? readTag(from) : undefined;
  const warnings = from.list((): Warning => {
    const warning: Warning = { code: from.text() as WarningCode, page: from.unsigned() };
    if (from.byte() === 1) warning.box = readBox(from);
    const detail = from.optionalText();
    if (detail !== undefined) warning.detail = detail;
    return warning;
  });
  return { size, styles, words, lines, ...strokes, images, links, widgets, ...(tags ? { tags } : {}), warnings };
}

function writeBox(out: ByteWriter, box: Box): void {
  out.signed(box[0]);
  out.signed(box[1]);
  out.signed(box[2] - box[0]);
  out.signed(box[3] - box[1]);
}

function readBox(from: ByteReader): Box {
  const x0 = from.signed();
  const y0 = from.signed();
  return [x0, y0, x0 + from.signed(), y0 + from.signed()];
}

function writeSize(out: ByteWriter, size: PageSize): void {
  out.unsigned(size.number);
  out.optionalText(size.label);
  out.unsigned(size.width);
  out.unsigned(size.height);
  out.float(size.scale);
}

function readSize(from: ByteReader): PageSize {
  const number = from.unsigned();
  const label = from.optionalText();
  const size = { number, width: from.unsigned(), height: from.unsigned(), scale: from.float() };
  return label === undefined ? size : { ...size, label };
}

function writeStyles(out: ByteWriter, styles: readonly Style[]): void {
  out.list(styles, (style) => {
    out.text(style.family);
    out.signed(style.size);
    out.byte((style.bold ? STYLE.bold : 0) | (style.italic ? STYLE.italic : 0) | (style.mono ? STYLE.mono : 0));
    out.unsigned(style.color);
    out.signed(style.rise);
  });
}

function readStyles(from: ByteReader): Style[] {
  return from.list(() => {
    const family = from.text();
    const size = from.signed();
    const bits = from.byte();
    return {
      family,
      size,
      bold: (bits & STYLE.bold) !== 0,
      italic: (bits & STYLE.italic) !== 0,
      mono: (bits & STYLE.mono) !== 0,
      color: from.unsigned(),
      rise: from.signed(),
    };
  });
}

function writeWords(out: ByteWriter, words: readonly Word[]): void {
  let [x, y, baseline] = [0, 0, 0];
  out.list(words, (word) => {
    out.byte(
      SOURCES.indexOf(word.source) |
        (word.hidden === true ? WORD.hidden : 0) |
        (word.hidden === false ? WORD.notHidden : 0) |
        (word.softHyphen ? WORD.softHyphen : 0) |
        (word.confidence === undefined ? 0 : WORD.confidence) |
        (word.mcid === undefined ? 0 : WORD.mcid),
    );
    out.text(word.text);
    // Along a line the next word starts near the end of the last, on the same baseline.
    out.signed(word.box[0] - x);
    out.signed(word.box[1] - y);
    out.signed(word.box[2] - word.box[0]);
    out.signed(word.box[3] - word.box[1]);
    out.signed(word.baseline - baseline);
    [x, y, baseline] = [word.box[2], word.box[1], word.baseline];
    out.unsigned(word.style);
    out.signed(word.gap);
    if (word.confidence !== undefined) out.float(word.confidence);
    if (word.mcid !== undefined) out.signed(word.mcid);
  });
}

function readWords(from: ByteReader): Word[] {
  let [x, y, baseline] = [0, 0, 0];
  return from.list(() => {
    const bits = from.byte();
    const text = from.text();
    const x0 = x + from.signed();
    const y0 = y + from.signed();
    const box: Box = [x0, y0, x0 + from.signed(), y0 + from.signed()];
    baseline += from.signed();
    [x, y] = [box[2], y0];
    const word: Word = {
      text,
      box,
      baseline,
      style: from.unsigned(),
      gap: from.signed(),
      source: SOURCES[bits & WORD.source]!,
    };
    if (bits & WORD.hidden) word.hidden = true;
    if (bits & WORD.notHidden) word.hidden = false;
    if (bits & WORD.softHyphen) word.softHyphen = true;
    if (bits & WORD.confidence) word.confidence = from.float();
    if (bits & WORD.mcid) word.mcid = from.signed();
    return word;
  });
}

function writeSegments(out: ByteWriter, lines: readonly Segment[]): void {
  let last = 0;
  out.list(lines, (line) => {
    out.signed(line.from - last);
    out.signed(line.to - line.from);
    last = line.to;
    writeBox(out, line.box);
    out.signed(line.angle);
  });
}

function readSegments(from: ByteReader): Segment[] {
  let last = 0;
  return from.list(() => {
    const start = last + from.signed();
    last = start + from.signed();
    return { from: start, to: last, box: readBox(from), angle: from.signed() };
  });
}

function writeStrokes(out: ByteWriter, page: PageLines): void {
  out.list(page.rules, (rule) => {
    writeBox(out, rule.box);
    out.byte(rule.horizontal ? 1 : 0);
    out.signed(rule.thickness);
    out.unsigned(rule.color);
  });
  out.list(page.fills, (fill) => {
    writeBox(out, fill.box);
    out.unsigned(fill.color);
  });
  out.list(page.drawings, (drawing) => {
    writeBox(out, drawing.box);
    out.unsigned(drawing.paths);
  });
}

function readStrokes(from: ByteReader): { rules: Rule[]; fills: Fill[]; drawings: Drawing[] } {
  const rules = from.list(() => ({
    box: readBox(from),
    horizontal: from.byte() === 1,
    thickness: from.signed(),
    color: from.unsigned(),
  }));
  const fills = from.list(() => ({ box: readBox(from), color: from.unsigned() }));
  const drawings = from.list(() => ({ box: readBox(from), paths: from.unsigned() }));
  return { rules, fills, drawings };
}

function writeWidgets(out: ByteWriter, widgets: readonly Widget[]): void {
  out.list(widgets, (widget) => {
    writeBox(out, widget.box);
    out.byte(CONTROLS.indexOf(widget.control));
    out.text(widget.name);
    out.text(widget.value);
    out.byte(widget.checked === undefined ? 0 : widget.checked ? 2 : 1);
  });
}

function readWidgets(from: ByteReader): Widget[] {
  return from.list(() => {
    const widget: Widget = {
      box: readBox(from),
      control: CONTROLS[from.byte()]!,
      name: from.text(),
      value: from.text(),
    };
    const checked = from.byte();
    if (checked > 0) widget.checked = checked === 2;
    return widget;
  });
}

function writeTag(out: ByteWriter, tag: Tag): void {
  out.text(tag.role);
  out.list(tag.mcids, (mcid) => out.signed(mcid));
  out.optionalText(tag.actualText);
  out.optionalText(tag.alt);
  out.list(tag.children, (child) => writeTag(out, child));
}

function readTag(from: ByteReader): Tag {
  const role = from.text();
  const mcids = from.list(() => from.signed());
  const actualText = from.optionalText();
  const alt = from.optionalText();
  const tag: Tag = { role, mcids, children: from.list(() => readTag(from)) };
  if (actualText !== undefined) tag.actualText = actualText;
  if (alt !== undefined) tag.alt = alt;
  return tag;
}
