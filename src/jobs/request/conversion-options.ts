/** Options of single formats, `conversion_options.{format}` (CONTRACT section 4): names, types and ranges. */
import { z } from "zod";

/** Booleans and integers appear as JSON strings in the contract's own examples. */
export const Bool = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
  error: "must be true or false",
});

/** An integer, or its digits as a string. */
const int = (min: number, max: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d+$/)
          .transform(Number),
      ],
      { error: "must be a whole number" },
    )
    .pipe(
      z.number().int("must be a whole number").min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
    );

/** A size as a bare number or with its unit, "10pt". */
const Size = z.union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?(pt|px)?$/, 'must be a size like "10pt"')]);

const DELIMITER_LENGTH_MAX = 32;
const Delimiter = z
  .string()
  .min(1, "must not be empty")
  .max(DELIMITER_LENGTH_MAX, `must be at most ${DELIMITER_LENGTH_MAX} characters`);
export const Delimiters = z.tuple([Delimiter, Delimiter], {
  error: 'must be two strings that are not empty, for example ["$", "$"]',
});

const TWIPS_MAX = 31_680; // 22 inches, the largest page Word knows
const FONT_SIZE_MAX = 400;
const CSS_LENGTH_MAX = 65_536;
const NAME_LENGTH_MAX = 128;
const LINE_LENGTH_MIN = 10;
const LINE_LENGTH_MAX = 100_000;
/** Pixels, as the contract bounds the pdf format. */
const PDF_MARGIN = [40, 200] as const;
const SECONDS_MAX = 600;
const ZOOM = [10, 400] as const;

const Name = z.string().min(1).max(NAME_LENGTH_MAX);
const Color = z.string().max(NAME_LENGTH_MAX);
const Twips = int(0, TWIPS_MAX);
const FontSize = int(1, FONT_SIZE_MAX);
const Css = z.string().max(CSS_LENGTH_MAX);

const html = z.object({ htmlTags: Bool });
const md = z.object({
  math_inline_delimiters: Delimiters,
  math_display_delimiters: Delimiters,
  escape_ampersand: Bool,
  escape_dollar: Bool,
  escape_hash: Bool,
  escape_percent: Bool,
  htmlTags: Bool,
  max_character_per_line: int(LINE_LENGTH_MIN, LINE_LENGTH_MAX),
});
const slide = {
  text_color: Color,
  background_color: Color,
  custom_css: Css,
  footnote_compact_refs: Bool,
  htmlTags: Bool,
};

export const CONVERSION_OPTIONS = {
  md,
  "md.zip": md,
  html,
  "html.zip": html,
  docx: z.object({
    font: Name,
    fontSize: FontSize,
    language: Name,
    orientation: z.enum(["portrait", "landscape"], { error: "must be portrait or landscape" }),
    margins: z.object({ top: Twips, right: Twips, bottom: Twips, left: Twips, gutter: Twips }).partial(),
    htmlTags: Bool,
    footnote_compact_refs: Bool,
  }),
  "tex.zip": z.object({ fontSize: Size, font: Name, imagesFolder: Name, load_external_fonts: Bool, htmlTags: Bool }),
  latex: z.object({ fontSize: Size, font: Name, imagesFolder: Name, load_external_fonts: Bool, htmlTags: Bool }),
  "latex.pdf": z.object({ fontSize: Size, font: Name, htmlTags: Bool }),
  pdf: z.object({
    ...slide,
    fontSize: FontSize,
    disable_footer: Bool,
    margin: int(...PDF_MARGIN),
    resource_load_timeout_sec: int(1, SECONDS_MAX),
  }),
  pptx: z.object({ ...slide, fontSize: FontSize, margin: int(0, 1_000) }),
  xlsx: z.object({
    singleSheet: Bool,
    mathOutputFormat: z.enum(["linearmath", "latex", "asciimath"], { error: "must be linearmath, latex or asciimath" }),
    maxColumnWidthChars: int(1, 255),
    fontSize: FontSize,
    zoomScale: int(...ZOOM),
  }),
} as const;
