/**
 * Runs → pieces: escaped text in its marks and links. A mark may span lines: its opening is owned by the line it opens
 * in, its closing by the line it closes in. Blanks go outside the marks, since "** a**" is no emphasis.
 */
import { MARK, type Run } from "../../document/runs.ts";
import type { Dialect, Piece, Scope } from "./dialect.ts";
import { escapeAddress, escapeStretches, escapeText, type Place, type Stretch } from "./escape.ts";
import { applyLetterOptions } from "./letters.ts";

/** What a raised mark may be to be written as one; anything longer is text. */
const SIMPLE_SCRIPT = /^[\p{L}\p{N}*†‡§¶,.+–−()-]{1,12}$/u;
const EMPHASIS = MARK.bold | MARK.italic;
const WORD = /[\p{L}\p{N}]/u;

interface Span {
  run: Run;
  lead: string;
  core: string;
  tail: string;
  marks: number;
}

/** Code's fence is put around it when all of it is there: it may go on over lines. */
interface Owned extends Omit<Stretch, "kind"> {
  line: string;
  kind: Stretch["kind"] | "code";
}

/** @param plain marks to leave out: a heading is bold anyway */
export function writeInline(runs: readonly Run[], scope: Scope, place: Place = "text", plain = 0): Piece[] {
  const spans = spansOf(scope.dialect.name === "md" ? runs : wholeMarks(runs), scope, plain);
  const stretches: Owned[] = [];
  const push = (line: string, text: string, kind: Owned["kind"] = "markup") => {
    if (text !== "") stretches.push({ line, text, kind });
  };
  let open: Wrap[] = [];
  let blank = "";
  for (const span of spans) {
    blank += span.lead;
    if (span.core === "") {
      blank += span.tail;
      continue;
    }
    const { line } = span.run;
    const wraps = wrapsOf(span, scope, place);
    const same = commonPrefix(open, wraps);
    push(stretches.at(-1)?.line ?? line, closing(open.slice(same)));
    const between = stretches.length === 0 ? "" : blank.replace(/\s+/g, " ");
    const core = coreOf(span, place, scope, wraps);
    const goesOn = core.kind === "code" && stretches.at(-1)?.kind === "code" && same === wraps.length;
    if (!goesOn) push(line, between + opening(wraps.slice(same)));
    push(line, goesOn ? between + core.text : core.text, core.kind);
    open = wraps;
    blank = span.tail;
  }
  push(stretches.at(-1)?.line ?? "", closing(open));
  return piecesOf(fenceCode(stretches, place), place, scope.dialect);
}

function piecesOf(stretches: readonly (Stretch & { line: string })[], place: Place, dialect: Dialect): Piece[] {
  const pieces: Piece[] = [];
  escapeStretches(stretches, place, dialect).forEach((text, i) => {
    const { line } = stretches[i]!;
    const last = pieces.at(-1);
    if (last?.line === line) last.text += text;
    else pieces.push({ line, text });
  });
  return pieces;
}

/** The fence is longer than any row of backticks within. A pipe parts cells even in code. */
function fenceCode(stretches: readonly Owned[], place: Place): (Stretch & { line: string })[] {
  let fence = "";
  return stretches.map(({ line, text, kind }, i) => {
    if (kind !== "code") return { line, text, kind };
    let out = place === "pipe" ? text.replaceAll("|", "\\|") : text;
    if (stretches[i - 1]?.kind !== "code") {
      fence = fenceOf(stretches, i);
      out = fence + (text.startsWith("`") ? " " : "") + out;
    }
    if (stretches[i + 1]?.kind !== "code") out += (text.endsWith("`") ? " " : "") + fence;
    return { line, text: out, kind: "markup" };
  });
}

function fenceOf(stretches: readonly Owned[], from: number): string {
  let code = "";
  for (let i = from; stretches[i]?.kind === "code"; i++) code += stretches[i]!.text;
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((ticks) => ticks.length));
  return "`".repeat(longest + 1);
}

/** The text alone, where no line is to be told: cells, captions. */
export function inlineText(runs: readonly Run[], scope: Scope, place: Place = "text"): string {
  return writeInline(runs, scope, place)
    .map((piece) => piece.text)
    .join("");
}

/** An address that links itself where it stands; a text that only says it is one may hold markup. */
const PLAIN_ADDRESS = /^(?:[A-Za-z][A-Za-z\d+.-]*:\/\/|www\.|[\w.+-]+@)[\w.~:/?#@!&'+,;=%-]+$/u;

interface Wrap {
  open: string;
  close: string;
}

/** "1,2" is one raised mark where no part of it is written as a link to its note. */
function wholeMarks(runs: readonly Run[]): readonly Run[] {
  if (!runs.some((run) => run.note !== undefined)) return runs;
  const whole: Run[] = [];
  for (const run of runs) {
    const last = whole.at(-1);
    const goesOn =
      last !== undefined &&
      (last.note !== undefined || run.note !== undefined) &&
      last.line === run.line &&
      last.marks === run.marks &&
      last.href === run.href &&
      !/^\s|^$/.test(run.text);
    if (goesOn) whole[whole.length - 1] = { ...last, text: last.text + run.text };
    else whole.push(run);
  }
  return whole;
}

function spansOf(runs: readonly Run[], scope: Scope, plain: number): Span[] {
  const { options } = scope.context;
  const allMono = runs.every((run) => (run.marks & MARK.mono) !== 0);
  const drop = plain | (allMono ? MARK.mono : 0);
  const spans = runs.map((run) => {
    const text = run.math === undefined ? applyLetterOptions(run.text, options) : run.text;
    // A formula counts as filled even where the page has no words for it.
    const core = text.trim() || (run.math === undefined ? "" : run.math.latex);
    const lead = core === "" ? "" : text.slice(0, text.length - text.trimStart().length);
    return { run, lead, core, tail: core === "" ? text : text.slice(text.trimEnd().length), marks: run.marks & ~drop };
  });
  // A comma or quote in another face between two marked words takes no emphasis of its own.
  spans.forEach((span, i) => {
    if (WORD.test(span.core)) return;
    const around = (spans[i - 1]?.marks ?? 0) & (spans[i + 1]?.marks ?? 0) & EMPHASIS;
    span.marks = (span.marks & ~EMPHASIS) | around;
  });
  for (const mark of [MARK.bold, MARK.italic]) dropWhatWouldNotHold(spans, mark);
  return spans;
}

/** "**Note:**text" is no emphasis in Markdown: a mark's edge between punctuation and a letter is not seen. */
function dropWhatWouldNotHold(spans: readonly Span[], mark: number): void {
  const filled = spans.filter((span) => span.core !== "");
  for (let from = 0; from < filled.length; from++) {
    if ((filled[from]!.marks & mark) === 0) continue;
    let to = from;
    while (to + 1 < filled.length && (filled[to + 1]!.marks & mark) !== 0) to++;
    const [first, last, before, after] = [filled[from]!, filled[to]!, filled[from - 1], filled[to + 1]];
    const gluedBefore =
      before !== undefined && before.tail === "" && first.lead === "" && WORD.test(before.core.at(-1)!);
    const gluedAfter = after !== undefined && last.tail === "" && after.lead === "" && WORD.test(after.core[0]!);
    const holds = (!gluedBefore || WORD.test(first.core[0]!)) && (!gluedAfter || WORD.test(last.core.at(-1)!));
    if (!holds) for (let i = from; i <= to; i++) filled[i]!.marks &= ~mark;
    from = to;
  }
}

function wrapsOf(span: Span, scope: Scope, place: Place): Wrap[] {
  const wraps: Wrap[] = [];
  const { href } = span.run;
  if (href !== undefined && !sameAddress(href, span.core))
    wraps.push({ open: "[", close: `](${escapeAddress(href, place)})` });
  if (span.marks & MARK.bold) wraps.push({ open: "**", close: "**" });
  if (span.marks & MARK.italic) wraps.push({ open: "*", close: "*" });
  if (span.marks & MARK.strike) wraps.push({ open: "~~", close: "~~" });
  if (span.marks & MARK.underline && scope.dialect.htmlTags) wraps.push({ open: "<u>", close: "</u>" });
  return wraps;
}

/** A text that is its own address becomes a link by itself. */
function sameAddress(href: string, text: string): boolean {
  return href === text || href === `${text}/` || href === `mailto:${text}`;
}

function coreOf(span: Span, place: Place, scope: Scope, wraps: readonly Wrap[]): Omit<Owned, "line"> {
  const { run, core, marks } = span;
  const { dialect } = scope;
  const markup = (text: string): Stretch => ({ text, kind: "markup" });
  const kind: Stretch["kind"] = wraps.some((wrap) => wrap.open === "[") ? "label" : "text";
  if (run.math?.valid === false) return { text: run.math.plain, kind };
  if (run.math !== undefined) return markup(`${dialect.inline[0]}${run.math.latex}${dialect.inline[1]}`);
  if (run.note !== undefined && dialect.name === "md") return markup(`[^${scope.noteLabel(run.line, run.note)}]`);
  if (marks & (MARK.super | MARK.sub) && SIMPLE_SCRIPT.test(core)) return markup(script(core, marks, dialect));
  if (marks & MARK.mono && holdsCode(core, place, kind, dialect)) return { text: core, kind: "code" };
  const links = run.href !== undefined && wraps.length === 0 && PLAIN_ADDRESS.test(core);
  if (links && !core.includes(";") && place !== "cell") return markup(core);
  return { text: core, kind };
}

/** A brace ends a command's argument even as code, "]:" in a label at the start makes a definition; cells are LaTeX. */
function holdsCode(text: string, place: Place, kind: Stretch["kind"], dialect: Dialect): boolean {
  if (place === "brace" && dialect.name === "mmd") return !/[{}]/.test(text);
  return place !== "cell" && !(kind === "label" && text.includes("]"));
}

function script(text: string, marks: number, dialect: Dialect): string {
  const raised = (marks & MARK.super) !== 0;
  if (dialect.htmlTags) {
    const tag = raised ? "sup" : "sub";
    return `<${tag}>${escapeText(text, "text", dialect)}</${tag}>`;
  }
  const inner = /^[\d,.+()-]+$/.test(text)
    ? text
    : `\\mathrm{${text.replace(/[†‡§¶*–−]/g, (char) => SCRIPT_SIGNS[char] ?? char)}}`;
  return `${dialect.inline[0]}{ }${raised ? "^" : "_"}{${inner}}${dialect.inline[1]}`;
}

const SCRIPT_SIGNS: Readonly<Record<string, string>> = {
  "†": "\\dagger ",
  "‡": "\\ddagger ",
  "§": "\\S ",
  "¶": "\\P ",
  "*": "\\ast ",
  "–": "-",
  "−": "-",
};

function commonPrefix(a: readonly Wrap[], b: readonly Wrap[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n]!.open === b[n]!.open && a[n]!.close === b[n]!.close) n++;
  return n;
}

function opening(wraps: readonly Wrap[]): string {
  return wraps.map((wrap) => wrap.open).join("");
}

function closing(wraps: readonly Wrap[]): string {
  return wraps
    .toReversed()
    .map((wrap) => wrap.close)
    .join("");
}
