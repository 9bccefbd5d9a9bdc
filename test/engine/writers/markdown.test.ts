import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/engine/document/blocks.ts";
import { MARK } from "../../../src/engine/document/runs.ts";
import { DEFAULTS } from "../../../src/engine/options.ts";
import { WRITERS } from "../../../src/engine/writers/index.ts";
import { block, contextOf, displayed, HEAD, linesOf, paragraph, part, run, write } from "./document.ts";

const heading = (level: number, text: string, number?: string): Block =>
  block({ kind: "heading", level, runs: [run("1.0", text)], ...(number === undefined ? {} : { number }) } as never);

const both = (blocks: Block[], texts = {}, options = {}) => ({
  mmd: write("mmd", [part(1, blocks, texts)], options),
  md: write("md", [part(1, blocks, texts)], options),
});

describe("running text", () => {
  test("lines of a paragraph become one; marks open and close outside the blanks", () => {
    const runs = [
      run("1.0", "A bold", { marks: MARK.bold }),
      run("1.1", " end,", { marks: MARK.bold }),
      run("1.1", " and "),
      run("1.1", "on", { marks: MARK.italic }),
      run("1.1", "."),
    ];
    expect(both([paragraph(...runs)]).md).toBe("**A bold end,** and *on*.");
  });

  test("a link's text that says it is its own address is escaped all the same", () => {
    const tag = "<script>alert(1)</script>";
    expect(both([paragraph(run("1.0", tag, { href: tag }))]).md).toBe("\\<script>alert(1)\\</script>");
  });

  test("a mark that Markdown would not see is not written", () => {
    expect(both([paragraph(run("1.0", "Note:", { marks: MARK.bold }), run("1.0", "text"))]).md).toBe("Note:text");
  });

  test("raised marks, code, links", () => {
    const runs = [
      run("1.0", "x"),
      run("1.0", "2", { marks: MARK.super }),
      run("1.0", " is "),
      run("1.0", "f_*", { marks: MARK.mono }),
      run("1.0", " of "),
      run("1.0", "a [site]", { href: "http://x.y/(a b)" }),
      run("1.0", " and "),
      run("1.0", "http://z.y/a_b_c", { href: "http://z.y/a_b_c" }),
    ];
    const said = both([paragraph(...runs)]);
    expect(said.md).toBe("x<sup>2</sup> is `f_*` of [a &#91;site&#93;](http://x.y/%28a%20b%29) and http://z.y/a_b_c");
    expect(said.mmd).toBe("x\\({ }^{2}\\) is `f_*` of [a &#91;site&#93;](http://x.y/%28a%20b%29) and http://z.y/a_b_c");
    expect(both([paragraph(...runs.slice(0, 2))], {}, { md: { ...DEFAULTS.md, htmlTags: false } }).md).toBe(
      ["x$", "{ }^{2}$"].join(""),
    );
  });

  test("math in the chosen delimiters; a rejected formula shows its words", () => {
    const math = { latex: "a^2", plain: "a_2", score: 1, valid: true };
    const runs = [
      run("1.0", "If ", {}),
      run("1.0", "", { math }),
      run("1.0", " or "),
      run("1.0", "", { math: { ...math, valid: false } }),
    ];
    expect(both([paragraph(...runs)]).mmd).toBe("If \\(a^2\\) or a_2");
    expect(both([paragraph(...runs)], {}, { mathInlineDelimiters: ["$", "$"] }).mmd).toBe("If $a^2$ or a_2");
    expect(both([paragraph(...runs)]).md).toBe("If $a^2$ or a_2");
  });

  test("wrapped at a width, never so that a block begins", () => {
    const text = "some words and more - than 1. fit # here are a few and then some";
    const md = both([paragraph(run("1.0", text))], {}, { md: { ...DEFAULTS.md, maxCharacterPerLine: 20 } }).md;
    expect(md.replaceAll("\n", " ")).toBe(text);
    expect(md.split("\n").length).toBeGreaterThan(2);
    for (const line of md.split("\n").slice(1)) expect(line).not.toMatch(/^(-|1\.|#)/);
  });
});

describe("headings", () => {
  test("commands in mmd, hashes in md", () => {
    const title = block({
      kind: "title",
      id: "1.9.title",
      lines: ["1.9"],
      runs: [run("1.9", "On {x}", { marks: MARK.bold })],
    } as never);
    const said = both([title, heading(1, "One"), heading(3, "Deep"), heading(4, "Deeper")]);
    expect(said.mmd).toBe("\\title{\nOn \\{x\\}\n}\n\n\\section*{One}\n\n\\subsubsection*{Deep}\n\n##### Deeper");
    expect(said.md).toBe("# On {x}\n\n## One\n\n#### Deep\n\n##### Deeper");
  });

  test("hashes at a heading's end are its text and close nothing", () => {
    const title = block({
      kind: "title",
      id: "1.9.title",
      lines: ["1.9"],
      runs: [run("1.9", "Chords in C #")],
    } as never);
    const split = { ...heading(1, ""), runs: [run("1.0", "Signs: "), run("1.0", "##", { marks: MARK.mono })] } as Block;
    const said = both([title, heading(1, "Cells with ##"), heading(5, "#"), heading(2, "Parts of C#"), split]);
    expect(said.md).toBe("# Chords in C \\#\n\n## Cells with \\##\n\n###### \\#\n\n### Parts of C#\n\n## Signs: `##`");
    expect(said.mmd).toContain("###### \\#");
    expect(said.mmd).toContain("\\section*{Cells with ##}");
  });

  test("section numbers kept, left out, counted", () => {
    const blocks = [
      heading(1, "4 Start", "4"),
      heading(2, "4.1 More", "4.1"),
      heading(2, "4.2 Yet", "4.2"),
      heading(1, "Next"),
    ];
    expect(both(blocks).md).toBe("## 4 Start\n\n### 4.1 More\n\n### 4.2 Yet\n\n## Next");
    expect(both(blocks, {}, { sectionNumbering: "remove" }).mmd).toBe(
      "\\section*{Start}\n\n\\subsection*{More}\n\n\\subsection*{Yet}\n\n\\section*{Next}",
    );
    const auto = both(blocks, {}, { sectionNumbering: "auto" });
    expect(auto.mmd).toBe("\\section{Start}\n\n\\subsection{More}\n\n\\subsection{Yet}\n\n\\section{Next}");
    expect(auto.md).toBe("## 1 Start\n\n### 1.1 More\n\n### 1.2 Yet\n\n## 2 Next");
    const front = [heading(1, "Abstract"), heading(1, "Start"), heading(1, "References")];
    const counted = both(front, {}, { sectionNumbering: "auto" });
    expect(counted.mmd).toBe("\\section*{Abstract}\n\n\\section{Start}\n\n\\section*{References}");
    expect(counted.md).toBe("## Abstract\n\n## 1 Start\n\n## References");
  });
});

describe("lists", () => {
  const list = (ordered: boolean, ...labels: string[]): Block =>
    ({
      ...block({
        kind: "list",
        ordered,
        items: labels.map((label, i) => ({ label, blocks: [paragraph(run(`1.${i}`, `item ${i}`))] })),
        lines: labels.map((_, i) => `1.${i}`),
      } as never),
    }) as Block;

  test("bullets, numbers, other labels", () => {
    expect(both([list(false, "•", "•")])).toEqual({
      mmd: "\\begin{itemize}\n\\item item 0\n\\item item 1\n\\end{itemize}",
      md: "- item 0\n- item 1",
    });
    expect(both([list(true, "1.", "2.")])).toEqual({
      mmd: "\\begin{enumerate}\n\\item item 0\n\\item item 1\n\\end{enumerate}",
      md: "1. item 0\n2. item 1",
    });
    expect(both([list(true, "(a)", "(b)")])).toEqual({
      mmd: "\\begin{itemize}\n\\item[(a)] item 0\n\\item[(b)] item 1\n\\end{itemize}",
      md: "- (a) item 0\n- (b) item 1",
    });
    expect(both([list(true, "3.", "4.")]).mmd).toBe(
      "\\begin{itemize}\n\\item[3.] item 0\n\\item[4.] item 1\n\\end{itemize}",
    );
  });

  test("disable_itemize: flat lines", () => {
    expect(both([list(true, "1.", "2.")], {}, { disableItemize: true }).mmd).toBe("1\\. item 0\n\n2\\. item 1");
  });
});

describe("tables", () => {
  const cell = (row: number, column: number, text: string, more = {}) => ({
    row,
    column,
    rowSpan: 1,
    columnSpan: 1,
    header: row === 0,
    align: column === 0 ? "left" : "right",
    blocks: [paragraph(run("1.0", text))],
    ...more,
  });
  const table = (cells: object[], more = {}): Block =>
    block({ kind: "table", id: "1.90", lines: ["1.0"], columns: 2, cells, parts: [], notes: [], ...more } as never);

  test("plain", () => {
    const said = both([table([cell(0, 0, "A & B"), cell(0, 1, "x|y"), cell(1, 0, "50%"), cell(1, 1, "\\$2")])]);
    expect(said.md).toBe("| A & B | x\\|y |\n| --- | ---: |\n| 50% | \\\\\\$2 |");
    expect(said.mmd).toBe(
      "\\begin{tabular}{|l|r|}\n\\hline\nA \\& B & x|y \\\\ \\hline\n50% & \\textbackslash \\$2 \\\\ \\hline\n\\end{tabular}",
    );
  });

  test("a place that no cell covers is an empty cell in HTML too: its row's others stay in their columns", () => {
    const cells = [cell(0, 1, "Wide", { columnSpan: 2 }), cell(1, 0, "a"), cell(1, 2, "c")];
    expect(both([table(cells, { columns: 3 })]).md).toBe(
      '<table>\n<tr><th></th><th colspan="2">Wide</th></tr>\n<tr><td>a</td><td></td><td>c</td></tr>\n</table>',
    );
  });

  test("spans: HTML in md, multirow and multicolumn in mmd", () => {
    const said = both([
      table(
        [cell(0, 0, "Wide", { columnSpan: 2 }), cell(1, 0, "tall", { rowSpan: 2 }), cell(1, 1, "a<b"), cell(2, 1, "c")],
        { caption: [run("1.5", "Table 1: of #1")] },
      ),
    ]);
    expect(said.md).toBe(
      'Table 1: of #1\n\n<table>\n<tr><th colspan="2">Wide</th></tr>\n<tr><td rowspan="2">tall</td><td>a&lt;b</td></tr>\n<tr><td>c</td></tr>\n</table>',
    );
    expect(said.mmd).toBe(
      "\\begin{table}\n\\captionsetup{labelformat=empty}\n\\caption{Table 1: of #1}\n\\begin{tabular}{|l|r|}\n\\hline\n\\multicolumn{2}{|l|}{Wide} \\\\ \\hline\n" +
        "\\multirow{2}{*}{tall} & a\\<b \\\\ \\cline{2-2}\n & c \\\\ \\hline\n\\end{tabular}\n\\end{table}",
    );
  });
});

test("without an address a figure is its caption, and nothing without one", () => {
  const figure = {
    kind: "figure",
    id: "1.80",
    lines: ["1.1"],
    crop: { page: 1, box: [1000, 2000, 31000, 9000] },
    subtype: "",
    labels: ["1.1"],
  };
  const said = (format: string, more: object) => {
    const writing = WRITERS[format]!.write(HEAD, { ...contextOf(), cropUrl: () => null });
    return writing.part(part(1, [block({ ...figure, ...more } as never)])) + writing.end();
  };
  const caption = { caption: [run("1.1", "Fig. 1")] };
  expect(said("md", caption)).toBe("Fig. 1");
  expect(said("mmd", caption)).toBe(
    "\\begin{figure}\n\\captionsetup{labelformat=empty}\n\\caption{Fig. 1}\n\\end{figure}",
  );
  expect(said("md", {})).toBe("");
});

test("figures are addresses of crops, in the pixels of lines.json", () => {
  const figure = block({
    kind: "figure",
    id: "1.80",
    lines: ["1.1"],
    crop: { page: 1, box: [1000, 2000, 31000, 9000] },
    subtype: "",
    alt: "a ]b",
    caption: [run("1.1", "Fig. 1")],
    labels: ["1.1"],
  } as never);
  const said = both([figure]);
  expect(said.mmd).toBe(
    "\\begin{figure}\n\\includegraphics[alt={a ]b},max width=\\textwidth]{https://here/cropped/f11e-1.jpg?width=600&top_left_y=40}\n\\captionsetup{labelformat=empty}\n\\caption{Fig. 1}\n\\end{figure}",
  );
  expect(said.md).toBe("![a &#93;b](https://here/cropped/f11e-1.jpg?width=600&top_left_y=40)\n\nFig. 1");
});

describe("displays", () => {
  const facts = { plain: "a = b", score: 1, valid: true };
  const equation = (rows: object[], more = {}): Block =>
    block({ kind: "equation", id: "1.70", lines: ["1.2"], rows, facts, ...more } as never);
  const texts = { "1.2": "(3)" };

  test("one row, with its number after it or as a tag", () => {
    const blocks = [equation([{ cells: ["a=b"], number: "1.2" }])];
    expect(both(blocks, texts).mmd).toBe("\\[\na=b\n\\]\n\n(3)");
    expect(both(blocks, texts, { includeEquationTags: true }).mmd).toBe("\\[\na=b \\tag{3}\n\\]");
    expect(both(blocks, texts).md).toBe("$$\na=b\n$$\n\n(3)");
  });

  test("aligned rows: array, or idiomatic", () => {
    const blocks = [equation([{ cells: ["a", "=b"] }, { cells: ["", "=c"] }])];
    expect(both(blocks).mmd).toBe("\\[\n\\begin{array}{rl}\na & =b \\\\\n & =c\n\\end{array}\n\\]");
    expect(both(blocks, {}, { idiomaticEqnArrays: true }).mmd).toBe(
      "\\[\n\\begin{aligned}\na & =b \\\\\n & =c\n\\end{aligned}\n\\]",
    );
  });

  test("a rejected one shows its words", () => {
    expect(both([equation([], { facts: { ...facts, plain: "# 1", valid: false } })]).mmd).toBe("\\# 1");
  });
});

test("code, notes, quotes, authors, abstract, contents, fields", () => {
  const runs = [run("1.0", "if (a) {"), run("1.1", "  # b`s")];
  expect(both([block({ kind: "code", algorithm: false, runs } as never)])).toEqual({
    mmd: "\\begin{lstlisting}\nif (a) {\n  # b`s\n\\end{lstlisting}",
    md: "```\nif (a) {\n  # b`s\n```",
  });
  expect(both([block({ kind: "code", algorithm: false, runs } as never)], {}, { disableLstlisting: true }).mmd).toBe(
    "```\nif (a) {\n  # b`s\n```",
  );
  const note = block({
    kind: "note",
    id: "1.8.note",
    lines: ["1.8"],
    mark: "1",
    blocks: [paragraph(run("1.8", "See."))],
  } as never);
  const cited = paragraph(
    run("1.0", "So it was."),
    ...["1", ",", "2"].map((text) => run("1.0", text, { marks: MARK.super, ...(text === "," ? {} : { note: text }) })),
    run("1.0", " And on."),
  );
  expect(both([cited])).toEqual({
    mmd: "So it was.\\({ }^{1,2}\\) And on.",
    md: "So it was.[^1]<sup>,</sup>[^2] And on.",
  });
  expect(both([note])).toEqual({ mmd: "\\footnotetext{\n\\({ }^{1}\\) See.\n}", md: "[^1]: See." });
  expect(both([block({ kind: "quote", runs: [run("1.0", "Said.")] } as never)]).md).toBe("> Said.");
  expect(both([block({ kind: "authors", runs: [run("1.0", "A"), run("1.1", "B")] } as never)]).mmd).toBe(
    "\\author{\nA \\\\\nB\n}",
  );
  const said = [paragraph(run("1.0", "We.")), paragraph(run("1.1", "They."))];
  expect(both([block({ kind: "abstract", id: "1.0.abstract", blocks: said } as never)])).toEqual({
    mmd: "\\begin{abstract}\nWe.\n\nThey.\n\\end{abstract}",
    md: "We.\n\nThey.",
  });
  const entries = [
    { runs: [run("1.0", "One")], leader: [run("1.0", " ....")], level: 1, page: "3" },
    { runs: [run("1.1", "Sub")], level: 2, page: "iv" },
  ];
  expect(both([block({ kind: "contents", id: "1.7.toc", lines: ["1.0", "1.1"], entries } as never)]).md).toBe(
    "- One 3\n  - Sub iv",
  );
  const led = both(
    [block({ kind: "contents", id: "1.7.toc", lines: ["1.0", "1.1"], entries } as never)],
    {},
    {
      includePageInfo: true,
    },
  );
  expect(led.md).toBe("- One .... 3\n  - Sub iv");
  const field = (control: string, value: string) =>
    block({
      kind: "field",
      id: "1.6.field",
      lines: ["1.0"],
      control,
      name: "n",
      value,
      label: [run("1.0", "Yes")],
    } as never);
  expect(both([field("checkbox", "On"), field("text", "me")])).toMatchObject({
    mmd: "☑ Yes\n\nYes me",
    md: "- [x] Yes\n\nYes me",
  });
  const cell = { row: 0, column: 0, rowSpan: 1, columnSpan: 1, header: false, align: "left" };
  const cells = [{ ...cell, blocks: [paragraph(run("1.0", "Paid")), field("radio", "Off")] }];
  const table = block({ kind: "table", id: "1.5.table", columns: 1, cells, parts: [], notes: [] } as never);
  expect(both([table]).md).toBe("| Paid ○ Yes |\n| --- |");
});

describe("options", () => {
  const head = block({ kind: "furniture", role: "head", runs: [run("1.5", "Running head")] } as never);
  const hidden = block({ kind: "furniture", role: "hidden", runs: [run("1.6", "unseen")] } as never);
  const text = paragraph(run("1.0", "Text."));

  test("include_page_info shows heads, never hidden text", () => {
    expect(both([head, text, hidden]).mmd).toBe("Text.");
    expect(both([head, text, hidden], {}, { includePageInfo: true }).mmd).toBe("Running head\n\nText.");
  });

  test("include_page_breaks, with labels; a page without text leaves its mark to the next", () => {
    const parts = [part(1, [text], {}, "xii"), part(2, []), part(3, [paragraph(run("3.0", "More."))], {}, 'a"--b')];
    const mmd = write("mmd", parts, { includePageBreaks: true });
    expect(mmd).toBe(
      '<!-- page 1 label "xii" -->\n\nText.\n\n<!-- page 2 -->\n\n<!-- page 3 label "a\\"-b" -->\n\nMore.',
    );
    expect(displayed(linesOf(parts, { includePageBreaks: true }))).toBe(mmd);
  });

  test("alphabets_allowed leaves out a script's letters", () => {
    const mixed = paragraph(run("1.0", "Тест test 漢字 かな"));
    expect(both([mixed], {}, { alphabetsAllowed: { ru: false } }).mmd).toBe("test 漢字 かな");
    expect(both([mixed], {}, { alphabetsAllowed: { ja: false, en: false, hi: true } }).mmd).toBe("Тест 漢字");
  });

  test("fullwidth_punctuation", () => {
    const cjk = paragraph(run("1.0", "漢字,かな. Latin, too"));
    expect(both([cjk]).mmd).toBe("漢字,かな. Latin, too");
    expect(both([cjk], {}, { fullwidthPunctuation: true }).mmd).toBe("漢字，かな。 Latin, too");
    expect(both([paragraph(run("1.0", "漢字，かな。"))], {}, { fullwidthPunctuation: false }).mmd).toBe("漢字, かな.");
  });
});
