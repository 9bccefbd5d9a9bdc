import { describe, expect, test } from "vitest";
import { DEFAULTS } from "../../../src/engine/options.ts";
import { paragraph, part, run, write } from "./document.ts";

const say = (format: string, text: string, options = {}) =>
  write(format, [part(1, [paragraph(run("1.0", text))])], options);

describe("text that looks like markup stays text", () => {
  test.each([
    ["# x", "\\# x", "\\# x"],
    ["#hash and C#", "#hash and C#", "#hash and C#"],
    ["* a", "\\* a", "\\* a"],
    ["- a", "\\- a", "\\- a"],
    ["1. b", "1\\. b", "1\\. b"],
    ["12) b", "12&#41; b", "12&#41; b"],
    ["1.5 times", "1.5 times", "1.5 times"],
    ["> quoted", "\\> quoted", "\\> quoted"],
    ["---", "\\---", "\\---"],
    ["costs $5 or $6", "costs \\$5 or \\$6", "costs \\$5 or \\$6"],
    ["_a_ and snake_case", "\\_a\\_ and snake_case", "\\_a\\_ and snake_case"],
    ["a * b but *c*", "a * b but \\*c\\*", "a * b but \\*c\\*"],
    ["`code`", "\\`code\\`", "\\`code\\`"],
    ["<b> and 1 < 2", "\\<b> and 1 < 2", "\\<b> and 1 < 2"],
    ["a | b", "a | b", "a | b"],
    ["\\(x\\)", "&#92;(x&#92;)", "&#92;(x&#92;)"],
    ["C:\\temp", "C:\\\\temp", "C:\\\\temp"],
    ["\\\\(", "\\\\&#92;(", "\\\\&#92;("],
    ["AT&T but &amp; too", "AT&T but \\&amp; too", "AT&T but \\&amp; too"],
    ["see [1] and [2](x)", "see [1] and [2&#93;(x)", "see [1] and [2&#93;(x)"],
    ["[^1]", "&#91;\\^1]", "&#91;^1]"],
    ["~~gone~~", "\\~\\~gone\\~\\~", "\\~\\~gone\\~\\~"],
    ["x^2 is H~2~", "x\\^2 is H\\~2\\~", "x^2 is H~2~"],
    ["50 % off", "50 % off", "50 % off"],
  ])("%s", (text, mmd, md) => {
    expect(say("mmd", text)).toBe(mmd);
    expect(say("md", text)).toBe(md);
  });

  test("md's own escapes are options", () => {
    const md = { ...DEFAULTS.md, escapeDollar: false, escapeAmpersand: false, escapeHash: false, escapePercent: true };
    expect(say("md", "# $5 &amp; 50%", { md })).toBe("# $5 &amp; 50\\%");
    expect(say("mmd", "# $5 &amp; 50%", { md })).toBe("\\# \\$5 \\&amp; 50%");
  });
});
