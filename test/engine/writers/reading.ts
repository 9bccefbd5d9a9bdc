/**
 * What a reader of Markdown makes of a paragraph, as far as it matters to a hostile page: tags, links, pictures, notes, math
 * and commands that are live, and the text that is left. After CommonMark (escapes, code, entities, raw HTML, links), with
 * the math and the marks of mmd; where readers differ, the one that finds more.
 */
import type { Dialect } from "../../../src/engine/writers/markdown/dialect.ts";

export interface Reading {
  text: string;
  /** "tag sup", "link http://x", "picture http://x", "note 1", "math …", "command section", "cell", "block". */
  live: string[];
}

interface Found {
  live: string[];
  text: string;
  length: number;
}

type Construct = (rest: string, dialect: Dialect["name"]) => Found | undefined;

const PUNCTUATION = /^\\[!-/:-@[-`{-~]/;
const TAG = /^<(?:[A-Za-z/][^>]*|!--[\s\S]*?--|[!?][^>]*)>/;
const ENTITY = /^&(?:#(\d{1,7})|#[xX]([\dA-Fa-f]{1,6})|([A-Za-z][A-Za-z\d]{1,31}));/;
const LINK =
  /^(!?)\[((?:\\.|(?<ticks>`+)(?!`)(?:(?!(?<!`)\k<ticks>(?!`))[\s\S])+\k<ticks>|[^[\]\\`])*)\]\(((?:\\.|[^\s()\\])*)\)/;
const BLOCK =
  /^(?:#{1,6}(?:\s|$)|\d{1,9}[.)](?:\s|$)|[-+*](?:\s|$)|(?:-{3,}|={3,}|\+{3,})\s*$|>|`{3,}[^`]*$|~{3,}|\[[^\]]*\]:)/;

const inner = (text: string, dialect: Dialect["name"]) => readMarkdown(text, dialect, false);

/** In order: the first that is there has it. */
const CONSTRUCTS: readonly Construct[] = [
  (rest) => (rest.startsWith("\\textbackslash ") ? { live: [], text: "\\", length: 15 } : undefined),
  (rest) => {
    const found = /^\\+([([])/.exec(rest);
    return found === null ? undefined : mathUpTo(rest, found[0].length, found[1] === "(" ? "\\)" : "\\]");
  },
  (rest, dialect) => {
    const found = /^\\+([A-Za-z]+)\*?\s*[[{]/.exec(rest);
    return dialect === "mmd" && found !== null
      ? { live: [`command ${found[1]}`], text: "", length: found[0].length }
      : undefined;
  },
  (rest) => (PUNCTUATION.test(rest) ? { live: [], text: rest[1]!, length: 2 } : undefined),
  (rest) => {
    const found = /^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/.exec(rest);
    return found === null
      ? undefined
      : { live: [], text: found[2]!.replace(/^ (.*) $/, "$1"), length: found[0].length };
  },
  (rest) => (rest.startsWith("$") ? mathUpTo(rest, 1, "$") : undefined),
  (rest) => {
    const found = TAG.exec(rest);
    return found === null
      ? undefined
      : { live: [`tag ${/^<\/?(\w*)/.exec(rest)![1]}`], text: "", length: found[0].length };
  },
  (rest) => {
    const found = ENTITY.exec(rest);
    if (found === null) return undefined;
    const code = found[1] === undefined ? Number.parseInt(found[2] ?? "0", 16) : Number(found[1]);
    return { live: [], text: code === 0 ? "\ufffd" : String.fromCodePoint(code), length: found[0].length };
  },
  (rest, dialect) => {
    const found = LINK.exec(rest);
    if (found === null) return undefined;
    const within = inner(found[2]!, dialect);
    const kind = found[1] === "!" ? "picture" : "link";
    const href = found.at(-1)!.replace(/\\(?=[!-/:-@[-`{-~])/g, "");
    return { live: [`${kind} ${href}`, ...within.live], text: within.text, length: found[0].length };
  },
  (rest) => {
    const found = /^\[\^([^\]\s]+)\]/.exec(rest);
    return found === null ? undefined : { live: [`note ${found[1]}`], text: "", length: found[0].length };
  },
  (rest) => {
    const found = /^(?:\*{1,3}|~~)/.exec(rest);
    return found === null ? undefined : { live: [], text: "", length: found[0].length };
  },
  (rest, dialect) => {
    const found = dialect === "mmd" ? /^(?:\^|~|==|\+\+)/.exec(rest) : null;
    return found === null ? undefined : { live: [`mark ${found[0]}`], text: "", length: found[0].length };
  },
];

export function readMarkdown(markdown: string, dialect: Dialect["name"], begins = true): Reading {
  const live: string[] = begins && BLOCK.test(markdown) ? ["block"] : [];
  let text = "";
  for (let at = 0; at < markdown.length; ) {
    const rest = markdown.slice(at);
    const found = CONSTRUCTS.map((read) => read(rest, dialect)).find((one) => one !== undefined);
    const loneStar = rest.startsWith("*") && /(?:^|\s)$/.test(markdown.slice(0, at)) && /^\*(?:\s|$)/.test(rest);
    if (found === undefined || loneStar) {
      text += rest[0];
      at++;
      continue;
    }
    live.push(...found.live);
    text += found.text;
    at += found.length;
  }
  return { text, live };
}

function mathUpTo(rest: string, from: number, close: string): Found | undefined {
  const end = rest.indexOf(close, from);
  return end < 0 ? undefined : { live: [`math ${rest.slice(from, end)}`], text: "", length: end + close.length };
}

/** The cells of one row, as LaTeX and pipe tables part them. */
export function cellsOf(row: string, dialect: Dialect["name"]): string[] {
  return row.split(dialect === "mmd" ? /(?<!\\)&/ : /(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|"));
}
