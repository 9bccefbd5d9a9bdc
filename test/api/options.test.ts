import { describe, expect, test } from "vitest";
import { DEFAULTS } from "../../src/engine/options.ts";
import { itemToFileRequest } from "../../src/jobs/request/items.ts";
import { OPTIONS } from "../../src/jobs/request/option-schema.ts";
import { formatsOf, readOptions, toConvertOptions, V3_CODES } from "../../src/jobs/request/options.ts";
import { Failure } from "../../src/lib/failure.ts";

function refusal(raw: Record<string, unknown>, codes?: Parameters<typeof readOptions>[1]): Failure {
  try {
    readOptions(raw, codes);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(raw)}`);
}

describe("readOptions", () => {
  test("keeps what was given, in the wire's names, with JSON strings made into values", () => {
    const raw = {
      source_uri: "https://example.com/a.pdf",
      include_page_info: "true",
      rm_spaces: false,
      page_ranges: "2, 4-6,-3--1",
      conversion_formats: { md: "true", docx: false, mmd: true },
      conversion_options: { md: { max_character_per_line: "80", escape_hash: "false" } },
      metadata: { any: [1] },
      fullwidth_punctuation: null,
      rm_fonts: null,
    };
    expect(readOptions(raw)).toEqual({
      options: {
        include_page_info: true,
        rm_spaces: false,
        page_ranges: "2, 4-6,-3--1",
        conversion_formats: { md: true, docx: false, mmd: true },
        conversion_options: { md: { max_character_per_line: 80, escape_hash: false } },
        metadata: { any: [1] },
        fullwidth_punctuation: null,
      },
      warnings: ['option "rm_spaces" does nothing in this version'],
    });
    expect(formatsOf(readOptions(raw).options)).toEqual(["md"]);
  });

  test("continued_tables is merge or keep", () => {
    expect(toConvertOptions(readOptions({}).options).continuedTables).toBe("merge");
    expect(toConvertOptions(readOptions({ continued_tables: "keep" }).options).continuedTables).toBe("keep");
    expect(refusal({ continued_tables: "split" }).message).toContain('must be "merge" or "keep"');
  });

  test.each([
    [{ include_page_inof: true }, 'unknown option "include_page_inof"; did you mean "include_page_info"?'],
    [{ page_range: "1" }, 'unknown option "page_range"; did you mean "page_ranges"?'],
    [{ something_else_entirely: 1 }, 'unknown option "something_else_entirely"'],
    [
      { conversion_options: { md: { escape_dolar: true } } },
      'unknown option of md "escape_dolar"; did you mean "escape_dollar"?',
    ],
    [{ conversion_options: { markdown: {} } }, 'unknown format in conversion_options "markdown"'],
    [{ alphabets_allowed: { eng: true } }, 'unknown code in alphabets_allowed "eng"; did you mean "en"?'],
    [{ enable_spell_check: true }, 'option "enable_spell_check" has no effect'],
  ])("%j is a warning", (raw, warning) => {
    expect(readOptions(raw).warnings).toEqual([warning]);
  });

  test("strict refuses what is unknown, and nothing else", () => {
    expect(refusal({ page_range: "1", strict: true })).toMatchObject({
      code: "bad_request",
      message: 'unknown option "page_range"; did you mean "page_ranges"? (refused, since strict is true)',
    });
    expect(readOptions({ conversion_formats: { docx: true }, strict: "true" })).toEqual({
      options: { conversion_formats: { docx: true } },
      warnings: ['format "docx" is not available in this version; it will end as error'],
    });
  });

  test.each([
    [{ page_ranges: "0" }, "bad_request", "opts_value_out_of_range", /page_ranges" must list pages from 1/],
    [{ page_ranges: "1-" }, "bad_request", "opts_value_out_of_range", /page_ranges" must list pages/],
    [{ page_ranges: "a" }, "bad_request", "opts_value_out_of_range", /page_ranges/],
    [{ page_ranges: ["1"] }, "bad_request", "opts_value_out_of_range", /must be a string like/],
    [{ page_ranges: "1,".repeat(20_000) }, "bad_request", "opts_value_out_of_range", /longer than/],
    [{ rm_spaces: "yes" }, "bad_request", "opts_value_out_of_range", /"rm_spaces" must be true or false/],
    [{ math_inline_delimiters: ["$"] }, "bad_request", "opts_value_out_of_range", /two strings/],
    [{ math_display_delimiters: ["$$", ""] }, "bad_request", "opts_value_out_of_range", /must not be empty/],
    [
      { conversion_formats: { dcox: true } },
      "bad_request",
      "opts_value_out_of_range",
      /unknown format "dcox"; did you mean "docx"\?/,
    ],
    [{ conversion_formats: ["md"] }, "bad_request", "opts_value_out_of_range", /must be an object/],
    [
      { conversion_options: { md: { max_character_per_line: 9 } } },
      "bad_request",
      "opts_value_out_of_range",
      /at least 10/,
    ],
    [{ conversion_options: { pdf: { margin: 300 } } }, "bad_request", "opts_value_out_of_range", /at most 200/],
    [{ auto_number_sections: true, preserve_section_numbering: true }, "bad_request", "opts_conflict", /at most one/],
    [{ callback_url: "http://example.com" }, "bad_request", "opts_bad_callback", /https:\/\//],
    [{ callback_url: "https://u:p@example.com" }, "bad_request", "opts_bad_callback", /without user/],
    [{ callback_events: ["file.lost"] }, "bad_request", "opts_bad_callback", /file\.completed/],
    [{ metadata: { text: "x".repeat(20_000) } }, "bad_request", "opts_value_out_of_range", /larger than/],
    [{ image_output_mode: "remote" }, "bad_request", "opts_value_out_of_range", /local/],
  ])("%j is refused", (raw: Record<string, unknown>, files, v3, message) => {
    expect(refusal(raw)).toMatchObject({ code: files, message: expect.stringMatching(message) });
    expect(refusal(raw, V3_CODES)).toMatchObject({ code: v3, message: expect.stringMatching(message) });
  });

  test("nothing of a callback is kept while webhooks are not delivered", () => {
    const { options, warnings } = readOptions({
      callback_url: "https://example.com/hook",
      callback_headers: { authorization: "secret" },
      callback_events: ["job.completed"],
    });
    expect(options).toEqual({});
    expect(warnings).toEqual([expect.stringMatching(/webhooks are not delivered/)]);
  });

  test("names of objects in JavaScript are unknown options like any other", () => {
    const raw = JSON.parse('{"__proto__": {"rm_fonts": true}, "constructor": 1, "toString": 2}') as Record<
      string,
      unknown
    >;
    expect(readOptions(raw).options).toEqual({});
    expect(readOptions(raw).warnings).toHaveLength(3);
    expect(refusal({ conversion_formats: { constructor: true } }).code).toBe("bad_request");
  });

  test("an option that nothing reads yet says so, unless what it asks for happens anyway", () => {
    const asked = {
      rm_spaces: false,
      rm_fonts: true,
      numbers_default_to_math: true,
      idiomatic_eqn_arrays: true,
      include_equation_tags: true,
      include_smiles: false,
      include_chemistry_as_image: true,
      enable_tables_fallback: true,
      image_output_mode: "local",
    };
    for (const [name, value] of Object.entries(asked)) {
      expect(readOptions({ [name]: value }).warnings, name).toEqual([`option "${name}" does nothing in this version`]);
      const usual = typeof value === "boolean" ? !value : "cdn";
      expect(readOptions({ [name]: usual }).warnings, name).toEqual([]);
    }
    expect(readOptions({ include_page_info: true, include_diagram_text: true }).warnings).toEqual([]);
  });

  test("many unknown names are counted, not listed", () => {
    const raw = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`zz${i}zzzzzzzz`, 1]));
    expect(readOptions(raw).warnings).toHaveLength(21);
    expect(readOptions(raw).warnings.at(-1)).toBe("and 480 more");
  });
});

describe("toConvertOptions", () => {
  test("nothing given is the engine's defaults", () => {
    expect(toConvertOptions({})).toEqual(DEFAULTS);
  });

  test("an item's section numbering laid over the job's leaves one choice standing", () => {
    const job = readOptions({ auto_number_sections: true }).options;
    const item = readOptions({ remove_section_numbering: "true" }).options;
    expect(toConvertOptions({ ...job, ...item }).sectionNumbering).toBe("remove");
    expect(toConvertOptions({ ...item, ...job }).sectionNumbering).toBe("auto");
    expect(toConvertOptions(readOptions({ preserve_section_numbering: false }).options).sectionNumbering).toBe(
      "remove",
    );
  });

  test("equation tags bring the idiomatic arrays with them", () => {
    expect(toConvertOptions(readOptions({ include_equation_tags: true }).options)).toMatchObject({
      includeEquationTags: true,
      idiomaticEqnArrays: true,
    });
  });

  test("every option of the schema that concerns a conversion changes what the engine is told", () => {
    const values: Record<string, unknown> = {
      alphabets_allowed: { en: false },
      math_inline_delimiters: ["<", ">"],
      math_display_delimiters: ["<<", ">>"],
      page_ranges: "1",
      rm_spaces: false,
      include_smiles: false,
      continued_tables: "keep",
      preserve_section_numbering: false,
      conversion_options: { md: { escape_percent: true } },
    };
    const elsewhere = /^(streaming|metadata|enable_spell|conversion_formats|image_output_mode|callback_|strict)/;
    for (const name of Object.keys(OPTIONS.shape).filter((n) => !elsewhere.test(n))) {
      const { options } = readOptions({ [name]: values[name] ?? true });
      expect(toConvertOptions(options), name).not.toEqual(DEFAULTS);
    }
  });
});

describe("itemToFileRequest", () => {
  test("an item with options of its own", () => {
    const item = { source_uri: "https://example.com/a.pdf?sig=1", custom_id: "a:1", page_ranges: "1", pge: 1 };
    expect(itemToFileRequest(item)).toEqual({
      sourceUri: "https://example.com/a.pdf?sig=1",
      upload: null,
      customId: "a:1",
      filename: null,
      destinationUri: null,
      destinationBasename: null,
      s3Region: null,
      options: { page_ranges: "1" },
      warnings: ['unknown option "pge"'],
      refusal: null,
    });
  });

  test.each([
    [{}, "bad_request", /source_uri is missing/],
    [null, "bad_request", /must be an object/],
    ["https://example.com", "bad_request", /must be an object/],
    [[], "bad_request", /must be an object/],
    [{ source_uri: 5 }, "bad_request", /must be a string/],
    [{ source_uri: "not an address" }, "bad_request", /not an address/],
    [{ source_uri: "ftp://example.com/a" }, "bad_request", /kind ftp:/],
    [{ source_uri: "file:///etc/passwd" }, "bad_request", /kind file:/],
    [{ source_uri: `https://example.com/${"a".repeat(3_000)}` }, "bad_request", /more than 2048 characters/],
    [{ source_uri: "s3://bucket/key" }, "data_source_not_found", /s3:\/\/bucket/],
    [{ source_uri: "gs://bucket/key" }, "data_source_not_found", /gs:\/\/bucket/],
    [{ source_uri: "https://account.blob.core.windows.net/c/b" }, "data_source_not_found", /"account of Azure"/],
    [{ source_uri: "https://account.blob.core.usgovcloudapi.net/c/b" }, "data_source_not_found", /of Azure/],
    [{ source_uri: "https://account.blob.core.chinacloudapi.cn/c/b" }, "data_source_not_found", /of Azure/],
    [{ source_uri: "https://account.blob.core.windows.net/c" }, "bad_request", /a container and a blob/],
    [{ source_uri: "s3://bucket/a/../b" }, "bad_request", /segment/],
    [{ source_uri: "s3://bucket" }, "bad_request", /a bucket and a key/],
    [{ source_uri: "https://e.com/a", destination_uri: "s3://out/" }, "data_source_not_found", /destination_uri/],
    [{ source_uri: "https://e.com/a", custom_id: "a b" }, "bad_request", /custom_id "a b" must be/],
    [{ source_uri: "https://e.com/a", custom_id: "x".repeat(257) }, "bad_request", /custom_id/],
    [{ source_uri: "https://e.com/a", custom_id: "" }, "bad_request", /custom_id/],
    [{ source_uri: "https://e.com/a", filename: "a\nb" }, "bad_request", /filename/],
    [{ source_uri: "https://e.com/a", destination_basename: "../up" }, "bad_request", /without slashes/],
    [{ source_uri: "https://e.com/a", page_ranges: "x" }, "bad_request", /page_ranges/],
    [{ source_uri: "https://e.com/a", conversion_formats: { mdd: true } }, "bad_request", /did you mean/],
  ])("%j becomes a refusal", (item, code, message) => {
    expect(itemToFileRequest(item).refusal).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("a refused item still says which one it is; a message never quotes a query", () => {
    const item = { source_uri: "s3://bucket/key?token=secret", custom_id: "a" };
    const request = itemToFileRequest(item);
    expect(request).toMatchObject({ customId: "a", sourceUri: "s3://bucket/key?token=secret" });
    expect(request.refusal?.message).not.toContain("secret");
  });

  test("an Azure address with a shared access signature is a presigned one", () => {
    for (const sig of ["sig", "SIG"]) {
      const source_uri = `https://acc.blob.core.windows.net/c/b?sv=1&${sig}=abc`;
      expect(itemToFileRequest({ source_uri }).refusal).toBeNull();
    }
  });
});
