/**
 * Text of the page → text that Markdown shows unchanged. A table of what would be read as markup, each with its reason;
 * what a reader of Markdown leaves alone anyway ("a_b", "5 * 3", "AT&T") is left alone here. Markup can be made of two
 * runs ("<" in one, "script>" in the next), and of a run and a mark of ours, so that a whole text is escaped at once.
 *
 * Brackets and parentheses are not escaped by a backslash: in mmd "\\[" and "\\(" open math even after another "\\".
 */
import type { Dialect } from "./dialect.ts";

/** start: first in a block; text: within it; cell: tabular; pipe: pipe table; brace: the argument of a command. */
export type Place = "start" | "text" | "cell" | "pipe" | "brace";

/** A stretch of what will stand there: the page's own text, or markup of ours. */
export interface Stretch {
  text: string;
  kind: "text" | "label" | "markup";
}

interface Rule {
  /** One character, with what it must stand beside. */
  find: RegExp;
  to: string;
  why: string;
  dialect?: Dialect["name"];
  places?: readonly (Place | "label")[];
  option?: keyof Dialect["escapes"];
  /** Only where the character on this side of it is markup of ours. */
  markupAt?: -1 | 1;
}

/** The first that takes a character has it. */
const RULES: readonly Rule[] = [
  {
    find: /\\(?=[()[\]])/g,
    to: "&#92;",
    why: "opens math, in mmd even when doubled",
    places: ["start", "text", "brace", "pipe"],
  },
  {
    find: /\\(?=[A-Za-z]+\*?\s*[[{])/g,
    to: "&#92;",
    why: "a command and its argument, which a search for the command finds even when doubled",
    dialect: "mmd",
    places: ["start", "text", "brace"],
  },
  { find: /\\/g, to: "\\textbackslash ", why: "doubled it would end the row", dialect: "mmd", places: ["cell"] },
  {
    find: /\\/g,
    to: "\\\\",
    why: "begins an escape or a command",
    places: ["start", "text", "brace", "pipe"],
  },
  { find: /`/g, to: "\\`", why: "code" },
  {
    find: /(?<!\s)\*|\*(?!\s|$)/g,
    to: "\\*",
    why: "emphasis, or an item at the start; with blanks on both sides it is neither",
  },
  { find: /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, to: "\\_", why: "emphasis; inside a word it is not" },
  { find: /~(?=~)|(?<=~)~/g, to: "\\~", why: "struck out, a fence", dialect: "md" },
  { find: /~/g, to: "\\~", why: "subscript, struck out", dialect: "mmd" },
  { find: /\[(?=\^|\[)/g, to: "&#91;", why: "a footnote, a contents mark", places: ["start", "text", "brace", "pipe"] },
  { find: /\^/g, to: "\\^", why: "superscript", dialect: "mmd" },
  { find: /=(?==)|(?<==)=/g, to: "\\=", why: "marked text", dialect: "mmd" },
  { find: /\+(?=\+)|(?<=\+)\+/g, to: "\\+", why: "inserted text", dialect: "mmd" },
  { find: /<(?=[A-Za-z/!?])/g, to: "\\<", why: "a tag" },
  {
    find: /&(?=#\d{1,7};|#[xX][\dA-Fa-f]{1,6};|[A-Za-z][A-Za-z\d]{1,31};)/g,
    to: "\\&",
    why: "an entity",
    option: "ampersand",
    places: ["start", "text", "brace", "pipe"],
  },
  { find: /&/g, to: "\\&", why: "parts cells", dialect: "mmd", places: ["cell"] },
  { find: /\$/g, to: "\\$", why: "math", option: "dollar" },
  { find: /%/g, to: "\\%", why: "a comment, where the text goes on to LaTeX", option: "percent" },
  { find: /!(?=\[)/g, to: "\\!", why: "with our link a picture", markupAt: 1 },
  { find: /!(?=\[)/g, to: "\\!", why: "a picture in our link's label", dialect: "mmd", places: ["cell"] },
  { find: /\((?<=\]\()/g, to: "&#40;", why: "with our note's mark a link", dialect: "md", markupAt: -1 },
  { find: /:(?<=\]:)/g, to: "&#58;", why: "with our note's mark the note", dialect: "md", markupAt: -1 },
  {
    find: /\](?=[([:])/g,
    to: "\\]",
    why: "a link; an entity would part cells, and nothing opens math that it could close",
    dialect: "mmd",
    places: ["cell"],
  },
  { find: /\](?=[([:])/g, to: "&#93;", why: "a link", places: ["start", "text", "brace", "pipe"] },
  { find: /^\[(?=[^\]]*\]:)/g, to: "&#91;", why: "with code that holds its end a definition", places: ["start"] },
  { find: /\[/g, to: "&#91;", why: "ends the link's label", places: ["label"] },
  { find: /\]/g, to: "&#93;", why: "ends the link's label", places: ["label"] },
  { find: /\|/g, to: "\\|", why: "parts cells", places: ["pipe"] },
  { find: /[{}]/g, to: "\\$&", why: "ends the argument", dialect: "mmd", places: ["brace", "cell"] },
  { find: /^#(?=#{0,5}(?:\s|$))/g, to: "\\#", why: "a heading", option: "hash", places: ["start"] },
  { find: /(?<=^\d{1,9})\.(?=\s|$)/g, to: "\\.", why: "a numbered item", places: ["start"] },
  { find: /(?<=^\d{1,9})\)(?=\s|$)/g, to: "&#41;", why: "a numbered item", places: ["start"] },
  { find: /^[-+](?=\s|$)/g, to: "\\$&", why: "an item", places: ["start"] },
  {
    find: /^(?:-(?=--+\s*$)|=(?===+\s*$)|\+(?=\+\++\s*$))/g,
    to: "\\$&",
    why: "a rule, an underline of a heading",
    places: ["start"],
  },
  { find: /^>/g, to: "\\>", why: "a quotation", places: ["start"] },
  { find: /^:(?=\s)/g, to: "\\:", why: "a definition", dialect: "mmd", places: ["start"] },
];

/** Nothing else can need an escape: most texts are let through here. */
const SUSPECT = /[\\`*_~^=+<&$%[\]|{}#>:!(-]|^\d+[.)]/;
const NUMBER_FIRST = /^\d/;

export function escapeText(text: string, place: Place, dialect: Dialect, kind: Stretch["kind"] = "text"): string {
  return escapeStretches([{ text, kind }], place, dialect)[0]!;
}

/** Stretches that stand one after the other, as they are to be written. */
export function escapeStretches(stretches: readonly Stretch[], place: Place, dialect: Dialect): string[] {
  const number = NUMBER_FIRST.test(stretches[0]?.text ?? "");
  const suspect = stretches.some(({ text, kind }, i) => kind !== "markup" && (SUSPECT.test(text) || (i > 0 && number)));
  if (!suspect) return stretches.map(({ text }) => text);
  const whole = stretches.map(({ text }) => text).join("");
  const owners = new Uint32Array(whole.length);
  let from = 0;
  stretches.forEach(({ text }, i) => {
    owners.fill(i, from, from + text.length);
    from += text.length;
  });
  const kindAt = (at: number) => stretches[owners[at] ?? -1]?.kind;
  const edits = new Map<number, string>();
  for (const rule of rulesFor(dialect)) {
    const here = rule.places === undefined || rule.places.includes(place);
    // In a cell of LaTeX an entity would part cells: a label that ends too early links less, and nothing else.
    const inLabels = here || (place !== "cell" && rule.places?.includes("label") === true);
    if (!inLabels) continue;
    for (const { 0: char, index } of whole.matchAll(rule.find)) {
      const kind = kindAt(index);
      if (kind === "markup" || !(here || kind === "label") || edits.has(index)) continue;
      if (rule.markupAt !== undefined && kindAt(index + rule.markupAt) !== "markup") continue;
      edits.set(
        index,
        rule.to.replace("$&", () => char),
      );
    }
  }
  return write(stretches, edits);
}

function write(stretches: readonly Stretch[], edits: ReadonlyMap<number, string>): string[] {
  let at = 0;
  return stretches.map(({ text }) => {
    let [out, copied] = ["", 0];
    for (let i = 0; i < text.length; i++, at++) {
      const edit = edits.get(at);
      if (edit === undefined) continue;
      out += text.slice(copied, i) + edit;
      copied = i + 1;
    }
    return out + text.slice(copied);
  });
}

/** Cached by dialect, which lives as long as the writing does. */
const CHOSEN = new WeakMap<Dialect, readonly Rule[]>();

function rulesFor(dialect: Dialect): readonly Rule[] {
  const known = CHOSEN.get(dialect);
  if (known !== undefined) return known;
  const chosen = RULES.filter(
    (rule) =>
      (rule.dialect === undefined || rule.dialect === dialect.name) &&
      (rule.option === undefined || dialect.escapes[rule.option]),
  );
  CHOSEN.set(dialect, chosen);
  return chosen;
}

/** Within HTML (tables with spans, raised marks): entities do it. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/**
 * A link's address between parentheses. What no address holds (RFC 3986) is written in hundredths; an ampersand as text
 * is, where it would be an entity's or part cells.
 */
export function escapeAddress(href: string, place: Place = "text"): string {
  return href
    .toWellFormed()
    .replace(/[\s\p{C}()<>\\{}|^`"]/gu, (char) => encodeURIComponent(char).replace("(", "%28").replace(")", "%29"))
    .replace(place === "cell" ? /&/g : /&(?=#?\w{1,31};)/g, "\\&");
}
