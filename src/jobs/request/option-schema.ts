/**
 * Every option of a request as a zod schema (CONTRACT section 3), with its default in words: what validates is what the
 * API's documentation shows. Options of single formats are in conversion-options; what a name means is left to the engine.
 */
import { z } from "zod";
import { isPageRanges } from "../../engine/page-ranges.ts";
import { Bool, Delimiters } from "./conversion-options.ts";
import { FORMATS } from "./formats.ts";

/** A page list longer than this is a mistake: 5,000 single pages fit. */
const PAGE_RANGES_LENGTH_MAX = 30_000;
/** Free values of the customer, kept with the file: bounded so that a row stays a row. */
const METADATA_LENGTH_MAX = 16_384;
const CALLBACK_URL_LENGTH_MAX = 2_048;
const CALLBACK_HEADERS_MAX = 32;
const CALLBACK_HEADER_LENGTH_MAX = 2_048;

export const ALPHABETS = ["en", "hi", "zh", "ja", "ko", "ru", "th", "ta", "te", "gu", "bn", "vi"] as const;
const EVENTS = ["file.completed", "file.error", "job.completed"] as const;

const PageRanges = z
  .union([z.string(), z.number().int().transform(String)], { error: 'must be a string like "2,4-6,-3"' })
  .refine((text) => text.length <= PAGE_RANGES_LENGTH_MAX, {
    error: `is longer than ${PAGE_RANGES_LENGTH_MAX} characters`,
  })
  .refine(isPageRanges, { error: 'must list pages from 1 like "2,4-6"; negative pages count from the end, "2--2"' });

const CallbackUrl = z
  .string({ error: "must be an https:// address" })
  .max(CALLBACK_URL_LENGTH_MAX)
  .refine(isHttpsAddress, { error: "must be an https:// address without user and password" });

export const OPTIONS = z.object({
  streaming: Bool.describe("v3/pdf: send each page as a server-sent event"),
  metadata: z
    .record(z.string(), z.unknown(), { error: "must be an object" })
    .refine((value) => JSON.stringify(value).length <= METADATA_LENGTH_MAX, {
      error: `is larger than ${METADATA_LENGTH_MAX} characters of JSON`,
    })
    .describe("Your own keys and values; improve_mathpix is accepted and has nothing to switch off"),
  alphabets_allowed: z
    .record(z.string(), Bool, { error: "must be an object of language codes, each true or false" })
    .describe(`false leaves a script's letters out; codes: ${ALPHABETS.join(" ")}`),
  rm_spaces: Bool.describe("Strip extra spaces in equations (default true)"),
  rm_fonts: Bool.describe("Strip \\mathbf, \\mathrm and the like (default false)"),
  idiomatic_eqn_arrays: Bool.describe("aligned, gathered, cases instead of array (default false)"),
  include_equation_tags: Bool.describe("\\tag{n}; switches idiomatic_eqn_arrays on (default false)"),
  include_smiles: Bool.describe("Chemistry as <smiles> (default true)"),
  include_chemistry_as_image: Bool.describe("Chemistry as an image crop (default false)"),
  include_diagram_text: Bool.describe("Text in diagrams in lines.json (default false)"),
  include_page_info: Bool.describe("Running heads, feet and side text in mmd (default false)"),
  include_page_breaks: Bool.describe("A comment before each page's first block in mmd and md (default false)"),
  numbers_default_to_math: Bool.describe("Numbers as math (default false)"),
  math_inline_delimiters: Delimiters.describe('Default ["\\\\(", "\\\\)"]'),
  math_display_delimiters: Delimiters.describe('Default ["\\\\[", "\\\\]"]'),
  page_ranges: PageRanges.describe('Pages from 1: "2,4-6"; negative counts from the end, "2--2"'),
  enable_spell_check: Bool.describe("Has no effect"),
  enable_spelling_correction: Bool.describe("Has no effect"),
  auto_number_sections: Bool.describe("At most one of the three section numbering options may be true"),
  remove_section_numbering: Bool,
  preserve_section_numbering: Bool.describe("Default true"),
  enable_tables_fallback: Bool.describe("Another way for very large tables (default false)"),
  fullwidth_punctuation: Bool.nullable().describe("null decides from the content"),
  continued_tables: z
    .enum(["merge", "keep"], { error: 'must be "merge" or "keep"' })
    .describe(
      "A table over several pages: merge = one (default); keep = each page's part on its page, with the header",
    ),
  disable_itemize: Bool.describe("List items as flat lines"),
  disable_lstlisting: Bool.describe("No lstlisting environment"),
  conversion_formats: z
    .record(z.string(), Bool, { error: 'must be an object like {"md": true}' })
    .describe(`Formats beside mmd, lines.json and lines.mmd.json: ${Object.keys(FORMATS).join(" ")}`),
  conversion_options: z
    .record(z.string(), z.record(z.string(), z.unknown()), { error: "must be an object keyed by format" })
    .describe("Options of single formats, keyed by format"),
  image_output_mode: z
    .enum(["local", "cdn"], { error: 'must be "local" or left out' })
    .describe("local: crops beside the outputs at the destination, linked relatively"),
  callback_url: CallbackUrl.describe("Validated; webhooks are not delivered by this version"),
  callback_headers: z
    .record(z.string(), z.string().max(CALLBACK_HEADER_LENGTH_MAX), { error: "must be an object of strings" })
    .refine((value) => Object.keys(value).length <= CALLBACK_HEADERS_MAX, {
      error: `holds more than ${CALLBACK_HEADERS_MAX} headers`,
    }),
  callback_events: z.array(z.enum(EVENTS), { error: `must be a list of ${EVENTS.join(", ")}` }),
  strict: Bool.describe("An unknown option beside it is refused instead of warned about (default false)"),
});

function isHttpsAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "";
}
