/**
 * What a request may ask of a conversion (CONTRACT sections 3 and 4): the raw JSON of a request or of one item of a
 * batch → validated options in the wire's names, only those given, with warnings about what is not understood. The
 * fields that say which file and where to put it are left to jobs/items and to the routes.
 */
import type { z } from "zod";
import { type ConvertOptions, DEFAULTS } from "../../engine/options.ts";
import { type Code, Failure } from "../../lib/failure.ts";
import { nearestName } from "../../lib/nearest.ts";
import { CONVERSION_OPTIONS } from "./conversion-options.ts";
import { ALWAYS_MADE, FORMATS } from "./formats.ts";
import { ALPHABETS, OPTIONS } from "./option-schema.ts";

/** Beyond these the rest of the unknown names is only counted. */
const WARNINGS_MAX = 20;
const NAME_SHOWN_LENGTH = 60;
/** How a warning about a name begins: what `strict` refuses. */
const UNKNOWN = "unknown";

/** Fields that say which file and where it goes; known here only so that they aren't called unknown options. */
export const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  ..."source_uri url file files options_json filename job_id scs_job_id custom_id".split(" "),
  ..."destination_uri destination_basename s3_region".split(" "),
]);

/** Exactly one of these holds at a time. */
const NUMBERING = ["auto_number_sections", "remove_section_numbering", "preserve_section_numbering"] as const;
const WITHOUT_EFFECT = ["enable_spell_check", "enable_spelling_correction"] as const;
/** Taken and kept, but nothing reads them yet: option → the value that is what happens anyway. */
const NOT_YET: Readonly<Record<string, unknown>> = {
  rm_spaces: DEFAULTS.rmSpaces,
  rm_fonts: DEFAULTS.rmFonts,
  numbers_default_to_math: DEFAULTS.numbersDefaultToMath,
  idiomatic_eqn_arrays: DEFAULTS.idiomaticEqnArrays,
  include_equation_tags: DEFAULTS.includeEquationTags,
  include_smiles: DEFAULTS.includeSmiles,
  include_chemistry_as_image: DEFAULTS.includeChemistryAsImage,
  enable_tables_fallback: DEFAULTS.enableTablesFallback,
  image_output_mode: "cdn",
};

/** The codes that tell what is wrong, per API; the sentence is the same. */
export interface OptionCodes {
  value: Code;
  conflict: Code;
  callback: Code;
}
export const FILES_CODES: OptionCodes = { value: "bad_request", conflict: "bad_request", callback: "bad_request" };
export const V3_CODES: OptionCodes = {
  value: "opts_value_out_of_range",
  conflict: "opts_conflict",
  callback: "opts_bad_callback",
};

export interface ReadOptions {
  /** In the wire's names, normalised; only what was given. */
  options: Record<string, unknown>;
  warnings: string[];
}

/** @throws Failure with a code of `codes` */
export function readOptions(raw: Record<string, unknown>, codes: OptionCodes = FILES_CODES): ReadOptions {
  const options: Record<string, unknown> = {};
  const warnings: string[] = [];
  const strict = raw.strict === true || raw.strict === "true";
  for (const [name, value] of Object.entries(raw)) {
    if (REQUEST_FIELDS.has(name) || value === undefined) continue;
    // mpxpy drops None; a client that sends null means "left out" too, but where null is a value of its own.
    if (value === null && name !== "fullwidth_punctuation") continue;
    if (!isOption(name)) warnings.push(unknownName("option", name, Object.keys(OPTIONS.shape)));
    else options[name] = readOption(name, value, codes);
  }
  readFormats(options, warnings, codes);
  readConversionOptions(options, warnings, codes);
  readAlphabets(options, warnings);
  const unknown = warnings.find((text) => text.startsWith(UNKNOWN));
  if (strict && unknown !== undefined) throw new Failure(codes.value, `${unknown} (refused, since strict is true)`);
  settleNumbering(options, codes);
  settleCallbacks(options, warnings);
  for (const name of WITHOUT_EFFECT) if (name in options) warnings.push(`option "${name}" has no effect`);
  for (const [name, usual] of Object.entries(NOT_YET)) {
    if (name in options && options[name] !== usual) warnings.push(`option "${name}" does nothing in this version`);
  }
  delete options.strict;
  return { options, warnings: boundWarnings(warnings) };
}

/** Formats asked for beside those that are always made. */
export function formatsOf(options: Record<string, unknown>): string[] {
  const asked = (options.conversion_formats ?? {}) as Record<string, boolean>;
  return Object.keys(asked).filter((name) => asked[name] && !ALWAYS_MADE.includes(name));
}

/** @param options as readOptions gave them, or several such laid over each other */
export function toConvertOptions(options: Record<string, unknown>): ConvertOptions {
  const given = options as Partial<z.output<typeof OPTIONS>>;
  const d = DEFAULTS;
  const tags = given.include_equation_tags ?? d.includeEquationTags;
  return {
    pageRanges: given.page_ranges ?? d.pageRanges,
    mathInlineDelimiters: given.math_inline_delimiters ?? d.mathInlineDelimiters,
    mathDisplayDelimiters: given.math_display_delimiters ?? d.mathDisplayDelimiters,
    includePageInfo: given.include_page_info ?? d.includePageInfo,
    includePageBreaks: given.include_page_breaks ?? d.includePageBreaks,
    includeDiagramText: given.include_diagram_text ?? d.includeDiagramText,
    includeEquationTags: tags,
    idiomaticEqnArrays: tags || (given.idiomatic_eqn_arrays ?? d.idiomaticEqnArrays),
    includeSmiles: given.include_smiles ?? d.includeSmiles,
    includeChemistryAsImage: given.include_chemistry_as_image ?? d.includeChemistryAsImage,
    rmSpaces: given.rm_spaces ?? d.rmSpaces,
    rmFonts: given.rm_fonts ?? d.rmFonts,
    numbersDefaultToMath: given.numbers_default_to_math ?? d.numbersDefaultToMath,
    enableTablesFallback: given.enable_tables_fallback ?? d.enableTablesFallback,
    fullwidthPunctuation: given.fullwidth_punctuation ?? d.fullwidthPunctuation,
    continuedTables: given.continued_tables ?? d.continuedTables,
    disableItemize: given.disable_itemize ?? d.disableItemize,
    disableLstlisting: given.disable_lstlisting ?? d.disableLstlisting,
    sectionNumbering: given.auto_number_sections ? "auto" : given.remove_section_numbering ? "remove" : "preserve",
    alphabetsAllowed: given.alphabets_allowed ?? d.alphabetsAllowed,
    md: toMdOptions((given.conversion_options?.md ?? {}) as Partial<z.output<(typeof CONVERSION_OPTIONS)["md"]>>),
  };
}

function toMdOptions(given: Partial<z.output<(typeof CONVERSION_OPTIONS)["md"]>>): ConvertOptions["md"] {
  const d = DEFAULTS.md;
  return {
    mathInlineDelimiters: given.math_inline_delimiters ?? d.mathInlineDelimiters,
    mathDisplayDelimiters: given.math_display_delimiters ?? d.mathDisplayDelimiters,
    escapeAmpersand: given.escape_ampersand ?? d.escapeAmpersand,
    escapeDollar: given.escape_dollar ?? d.escapeDollar,
    escapeHash: given.escape_hash ?? d.escapeHash,
    escapePercent: given.escape_percent ?? d.escapePercent,
    htmlTags: given.htmlTags ?? d.htmlTags,
    maxCharacterPerLine: given.max_character_per_line ?? d.maxCharacterPerLine,
  };
}

function isOption(name: string): name is keyof typeof OPTIONS.shape {
  return Object.hasOwn(OPTIONS.shape, name);
}

function readOption(name: keyof typeof OPTIONS.shape, value: unknown, codes: OptionCodes): unknown {
  const read = OPTIONS.shape[name].safeParse(value);
  if (read.success) return read.data;
  const code = name.startsWith("callback_") ? codes.callback : codes.value;
  throw new Failure(code, describeProblem(`option "${name}"`, read.error));
}

/** One sentence out of zod's list: where, and the first thing that is wrong. */
function describeProblem(what: string, error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join(".") ?? "";
  const text = issue?.message ?? "is not valid";
  return `${what}${path === "" ? "" : ` at "${path.slice(0, NAME_SHOWN_LENGTH)}"`} ${/^(must|is|holds)/.test(text) ? text : `is not valid: ${text}`}`;
}

function unknownName(kind: string, name: string, known: Iterable<string>): string {
  const shown = name.length > NAME_SHOWN_LENGTH ? `${name.slice(0, NAME_SHOWN_LENGTH)}…` : name;
  const near = nearestName(name, known);
  return `${UNKNOWN} ${kind} "${shown}"${near === null ? "" : `; did you mean "${near}"?`}`;
}

function readFormats(options: Record<string, unknown>, warnings: string[], codes: OptionCodes): void {
  const asked = options.conversion_formats as Record<string, boolean> | undefined;
  for (const [name, on] of Object.entries(asked ?? {})) {
    if (!Object.hasOwn(FORMATS, name)) {
      const known = Object.keys(FORMATS);
      const near = nearestName(name, known);
      const message = near === null ? `; known are ${known.join(", ")}` : "";
      throw new Failure(
        codes.value,
        `${unknownName("format", name, known)}${message}`,
        near === null ? {} : { nearest: near },
      );
    }
    if (on && !FORMATS[name]!.written)
      warnings.push(`format "${name}" is not available in this version; it will end as error`);
  }
}

function readConversionOptions(options: Record<string, unknown>, warnings: string[], codes: OptionCodes): void {
  const given = options.conversion_options as Record<string, Record<string, unknown>> | undefined;
  if (given === undefined) return;
  const read: Record<string, Record<string, unknown>> = {};
  for (const [format, values] of Object.entries(given)) {
    if (!isConversionFormat(format)) {
      warnings.push(unknownName("format in conversion_options", format, Object.keys(CONVERSION_OPTIONS)));
      continue;
    }
    const shape: Record<string, z.ZodType> = CONVERSION_OPTIONS[format].shape;
    const kept: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === undefined) continue;
      const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (schema === undefined) {
        warnings.push(unknownName(`option of ${format}`, name, Object.keys(shape)));
        continue;
      }
      const result = schema.safeParse(value);
      if (!result.success)
        throw new Failure(codes.value, describeProblem(`option "${name}" of ${format}`, result.error));
      kept[name] = result.data;
    }
    read[format] = kept;
  }
  options.conversion_options = read;
}

function isConversionFormat(format: string): format is keyof typeof CONVERSION_OPTIONS {
  return Object.hasOwn(CONVERSION_OPTIONS, format);
}

function readAlphabets(options: Record<string, unknown>, warnings: string[]): void {
  for (const code of Object.keys((options.alphabets_allowed ?? {}) as object)) {
    if (!(ALPHABETS as readonly string[]).includes(code))
      warnings.push(unknownName("code in alphabets_allowed", code, ALPHABETS));
  }
}

/** All three are set as soon as one is, so that an item's choice laid over the job's leaves no second one standing. */
function settleNumbering(options: Record<string, unknown>, codes: OptionCodes): void {
  const chosen = NUMBERING.filter((name) => options[name] === true);
  if (chosen.length > 1) {
    throw new Failure(codes.conflict, `${chosen.join(" and ")} are both true; at most one of them may be`);
  }
  const unkept = options.preserve_section_numbering === false && options.remove_section_numbering === undefined;
  const choice = chosen[0] ?? (unkept ? "remove_section_numbering" : undefined);
  if (choice !== undefined) for (const name of NUMBERING) options[name] = name === choice;
}

/** Nothing of a callback is kept while nothing is delivered: its headers are secrets. */
function settleCallbacks(options: Record<string, unknown>, warnings: string[]): void {
  const given = ["callback_url", "callback_headers", "callback_events"].filter((name) => name in options);
  for (const name of given) delete options[name];
  if (given.length > 0)
    warnings.push(`${given.join(", ")}: webhooks are not delivered by this version; poll the status instead`);
}

function boundWarnings(warnings: string[]): string[] {
  if (warnings.length <= WARNINGS_MAX) return warnings;
  return [...warnings.slice(0, WARNINGS_MAX), `and ${warnings.length - WARNINGS_MAX} more`];
}
