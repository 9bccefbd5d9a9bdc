/**
 * What a request may ask of a conversion, normalised: every field present, types certain. Options act in writers only,
 * but for `pageRanges`. The wire's names, defaults and validation are `jobs/request/options`; CONTRACT section 3 is the source.
 */
export interface ConvertOptions {
  /** As asked, for example "2,4-6" or "2--2"; null = all pages. Resolved against the page count by readPageRanges. */
  pageRanges: string | null;
  mathInlineDelimiters: readonly [string, string];
  mathDisplayDelimiters: readonly [string, string];
  includePageInfo: boolean;
  includePageBreaks: boolean;
  includeDiagramText: boolean;
  includeEquationTags: boolean;
  idiomaticEqnArrays: boolean;
  includeSmiles: boolean;
  includeChemistryAsImage: boolean;
  rmSpaces: boolean;
  rmFonts: boolean;
  numbersDefaultToMath: boolean;
  enableTablesFallback: boolean;
  fullwidthPunctuation: boolean | null;
  /** A table over several pages: one, where it begins, or each page's part on its page. */
  continuedTables: "merge" | "keep";
  disableItemize: boolean;
  disableLstlisting: boolean;
  sectionNumbering: "preserve" | "remove" | "auto";
  /** Script code (en hi zh ja ko ru th ta te gu bn vi) → false = its letters are left out. */
  alphabetsAllowed: Readonly<Record<string, boolean>>;
  /** Options of the md format (CONTRACT section 4). */
  md: {
    mathInlineDelimiters: readonly [string, string];
    mathDisplayDelimiters: readonly [string, string];
    escapeAmpersand: boolean;
    escapeDollar: boolean;
    escapeHash: boolean;
    escapePercent: boolean;
    htmlTags: boolean;
    /** Wrap paragraphs; null = never. */
    maxCharacterPerLine: number | null;
  };
}

export const DEFAULTS: ConvertOptions = {
  pageRanges: null,
  mathInlineDelimiters: ["\\(", "\\)"],
  mathDisplayDelimiters: ["\\[", "\\]"],
  includePageInfo: false,
  includePageBreaks: false,
  includeDiagramText: false,
  includeEquationTags: false,
  idiomaticEqnArrays: false,
  includeSmiles: true,
  includeChemistryAsImage: false,
  rmSpaces: true,
  rmFonts: false,
  numbersDefaultToMath: false,
  enableTablesFallback: false,
  fullwidthPunctuation: null,
  continuedTables: "merge",
  disableItemize: false,
  disableLstlisting: false,
  sectionNumbering: "preserve",
  alphabetsAllowed: {},
  md: {
    mathInlineDelimiters: ["$", "$"],
    mathDisplayDelimiters: ["$$", "$$"],
    escapeAmpersand: true,
    escapeDollar: true,
    escapeHash: true,
    escapePercent: false,
    htmlTags: true,
    maxCharacterPerLine: null,
  },
};
