/** What sets the Markdown formats apart, as data, and what every file of this folder passes on. */
import type { PageSize } from "../../source-info.ts";
import type { WriteContext } from "../writer.ts";

export interface Dialect {
  /** mmd: Mathpix Markdown, with LaTeX's environments; md: CommonMark with tables, footnotes and math in dollars. */
  name: "mmd" | "md";
  inline: readonly [string, string];
  display: readonly [string, string];
  htmlTags: boolean;
  escapes: { ampersand: boolean; dollar: boolean; hash: boolean; percent: boolean };
  /** Wrap running text; null = never. */
  wrapAt: number | null;
}

export function mmdDialect({ options }: WriteContext): Dialect {
  return {
    name: "mmd",
    inline: options.mathInlineDelimiters,
    display: options.mathDisplayDelimiters,
    htmlTags: false,
    escapes: { ampersand: true, dollar: true, hash: true, percent: false },
    wrapAt: null,
  };
}

export function mdDialect({ options: { md } }: WriteContext): Dialect {
  return {
    name: "md",
    inline: md.mathInlineDelimiters,
    display: md.mathDisplayDelimiters,
    htmlTags: md.htmlTags,
    escapes: {
      ampersand: md.escapeAmpersand,
      dollar: md.escapeDollar,
      hash: md.escapeHash,
      percent: md.escapePercent,
    },
    wrapAt: md.maxCharacterPerLine,
  };
}

/** What a block's writer may ask. */
export interface Scope {
  dialect: Dialect;
  context: WriteContext;
  /** Sizes of the pages met so far that blocks may lie on; for crops. */
  pages: ReadonlyMap<number, PageSize>;
  /** Text of a line of this part, as the page says it. */
  textOf(line: string): string;
  /** A footnote's label, the same for its references: marks begin anew on every page, labels are a document's. */
  noteLabel(line: string, mark: string): string;
  /** Counts up the numbers of the headings; for sectionNumbering "auto". */
  nextNumber(level: number): string;
}

/** A stretch of Markdown and the line it is owned by. */
export interface Piece {
  line: string;
  text: string;
}
