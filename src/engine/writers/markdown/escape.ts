/**
 * Text of the page → text that Markdown shows unchanged. A table of what would be read as markup, each with its reason;
 * what a reader of Markdown leaves alone anyway ("a_b", "5 * 3", "AT&T") is left alone here.
 *
 * Brackets and parentheses are never escaped by a backslash: in mmd "\[" and "\(" open math even after another "\".
 */
import type { Dialect } from "./dialect.ts";

/** start: first in a block; text: within it; cell: tabular; pipe: pipe table; brace: the argument of a command; label: of a link. */
export type Place = "start" | "text" | "cell" | "pipe" | "brace" | "label";

interface Rule {
  find: RegExp;
  to: string;
  why: string;
  dialect?: Dialect["name"];
  places?: readonly Place[];
  option?: keyof Dialect["escapes"];
}

/** In order: backslashes first, since later rules add some. */
const RULES: readonly Rule[] = [
  {
    find: /\\(?=[()[\]])/g,
    to: "&#92;",
    why: "opens math, in mmd even when doubled",
    places: ["start", "text", "brace", "label", "pipe"],
  },
  { find: /\\/g, to: "\\textbackslash ", why: "doubled it would end the row", dialect: "mmd", places: ["cell"] },
  {
    find: /\\/g,
    to: "\\\\",
    why: "begins an escape or a command",
    places: ["start", "text", "brace", "label", "pipe"],
  },
  { find: /`/g, to: "\\`", why: "code" },
  {
    find: /(?<!\s)\*|\*(?!\s|$)/g,
    to: "\\*",
    why: "emphasis, or an item at the start; with blanks on both sides it is neither",
  },
  { find: /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, to: "\\_", why: "emphasis; inside a word it is not" },
  { find: /~~/g, to: "\\~\\~", why: "struck out", dialect: "md" },
  { find: /~/g, to: "\\~", why: "subscript, struck out", dialect: "mmd" },
  { find: /\[(?=\^|\[)/g, to: "&#91;", why: "a footnote, a contents mark", places: ["start", "text", "brace", "pipe"] },
  { find: /\^/g, to: "\\^", why: "superscript", dialect: "mmd" },
  { find: /==/g, to: "\\=\\=", why: "marked text", dialect: "mmd" },
  { find: /\+\+/g, to: "\\+\\+", why: "inserted text", dialect: "mmd" },
  { find: /<(?=[A-Za-z/!?])/g, to: "\\<", why: "a tag" },
  {
    find: /&(?=#\d{1,7};|#[xX][\dA-Fa-f]{1,6};|[A-Za-z][A-Za-z\d]{1,31};)(?!#9[123];)/g,
    to: "\\&",
    why: "an entity",
    option: "ampersand",
    places: ["start", "text", "brace", "label", "pipe"],
  },
  { find: /&/g, to: "\\&", why: "parts cells", dialect: "mmd", places: ["cell"] },
  { find: /\$/g, to: "\\$", why: "math", option: "dollar" },
  { find: /%/g, to: "\\%", why: "a comment, where the text goes on to LaTeX", option: "percent" },
  { find: /\](?=[([:])/g, to: "&#93;", why: "a link", places: ["start", "text", "brace", "pipe"] },
  { find: /\[/g, to: "&#91;", why: "ends the link's label", places: ["label"] },
  { find: /\]/g, to: "&#93;", why: "ends the link's label", places: ["label"] },
  { find: /\|/g, to: "\\|", why: "parts cells", places: ["pipe"] },
  { find: /[{}]/g, to: "\\$&", why: "ends the argument", dialect: "mmd", places: ["brace", "cell"] },
  { find: /^(#{1,6})(?=\s|$)/, to: "\\$1", why: "a heading", option: "hash", places: ["start"] },
  { find: /^(\d{1,9})\.(?=\s|$)/, to: "$1\\.", why: "a numbered item", places: ["start"] },
  { find: /^(\d{1,9})\)(?=\s|$)/, to: "$1&#41;", why: "a numbered item", places: ["start"] },
  { find: /^([-+])(?=\s|$)/, to: "\\$1", why: "an item", places: ["start"] },
  { find: /^(?=(?:-{3,}|={3,}|\+{3,})\s*$)/, to: "\\", why: "a rule, an underline of a heading", places: ["start"] },
  { find: /^>/, to: "\\>", why: "a quotation", places: ["start"] },
  { find: /^:(?=\s)/, to: "\\:", why: "a definition", dialect: "mmd", places: ["start"] },
];

/** Nothing else can need an escape: most runs are let through here. */
const SUSPECT = /[\\`*_~^=+<&$%[\]|{}#>:-]|^\d+[.)]/;

export function escapeText(text: string, place: Place, dialect: Dialect): string {
  if (!SUSPECT.test(text)) return text;
  let out = text;
  for (const rule of rulesFor(place, dialect)) out = out.replace(rule.find, rule.to);
  return out;
}

/** Cached by dialect and place: the dialect lives as long as the writing does. */
const CHOSEN = new WeakMap<Dialect, Map<Place, readonly Rule[]>>();

function rulesFor(place: Place, dialect: Dialect): readonly Rule[] {
  const places = CHOSEN.get(dialect) ?? new Map<Place, readonly Rule[]>();
  CHOSEN.set(dialect, places);
  const known = places.get(place);
  if (known !== undefined) return known;
  const chosen = RULES.filter(
    (rule) =>
      (rule.dialect === undefined || rule.dialect === dialect.name) &&
      (rule.places === undefined || rule.places.includes(place)) &&
      (rule.option === undefined || dialect.escapes[rule.option]),
  );
  places.set(place, chosen);
  return chosen;
}

/** Within HTML (tables with spans, raised marks): entities do it. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A link's address between parentheses. */
export function escapeAddress(href: string): string {
  return href.replace(/[\s()<>\\]/g, (char) => encodeURIComponent(char).replace("(", "%28").replace(")", "%29"));
}
