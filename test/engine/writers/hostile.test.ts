/** Runs of a hostile page, cut anywhere and marked at random: what a reader finds live is what the document type holds. */
import { describe, expect, test } from "vitest";
import { MARK, type Run } from "../../../src/engine/document/runs.ts";
import { block, paragraph, part, run, write } from "./document.ts";
import { cellsOf, readMarkdown } from "./reading.ts";

const both = (runs: readonly Run[]) => ({
  mmd: write("mmd", [part(1, [paragraph(...runs)])]),
  md: write("md", [part(1, [paragraph(...runs)])]),
});

describe("markup made of two runs", () => {
  const cases: [string, Run[], string, string][] = [
    [
      "a tag",
      [run("1.0", "<"), run("1.0", "svg/onload=alert(9)>", { marks: MARK.super })],
      "\\<svg/onload=alert(9)>",
      "",
    ],
    ["a closed tag", [run("1.0", "<"), run("1.1", "/script>")], "\\</script>", ""],
    ["a link", [run("1.0", "[a]"), run("1.0", "(http://x)")], "[a&#93;(http://x)", ""],
    ["an entity", [run("1.0", "&"), run("1.0", "lt;")], "\\&lt;", ""],
    ["math", [run("1.0", "\\"), run("1.0", "(x\\)")], "&#92;(x&#92;)", ""],
    ["an item", [run("1.0", "1"), run("1.0", ". x")], "1\\. x", ""],
    ["a heading", [run("1.0", "#"), run("1.0", "# x")], "\\## x", ""],
    ["a fence", [run("1.0", "~"), run("1.0", "~~x")], "\\~\\~\\~x", ""],
    ["a picture", [run("1.0", "Look!"), run("1.0", "here", { href: "http://x" })], "Look\\![here](http://x)", ""],
    [
      "a link out of a note",
      [run("1.0", "a"), run("1.0", "1", { note: "1", marks: MARK.super }), run("1.0", "(http://x)")],
      "a\\({ }^{1}\\)(http://x)",
      "a[^1]&#40;http://x)",
    ],
    [
      "a note out of its mark",
      [run("1.0", "1", { note: "1", marks: MARK.super }), run("1.0", ": x")],
      "\\({ }^{1}\\): x",
      "[^1]&#58; x",
    ],
    ["a command", [run("1.0", "\\end{"), run("1.0", "abstract}")], "&#92;end{abstract}", "\\\\end{abstract}"],
  ];
  test.each(cases)("%s", (_, runs, mmd, md) => {
    expect(both(runs)).toEqual({ mmd, md: md === "" ? mmd : md });
  });
});

test("code goes on over runs and lines in one fence, longer than any within", () => {
  const mono = { marks: MARK.mono };
  const runs = [
    run("1.0", "say "),
    run("1.0", "a`", mono),
    run("1.0", "`b ", mono),
    run("1.1", "c", mono),
    run("1.1", "."),
  ];
  expect(both(runs).md).toBe("say ```a``b c```.");
  expect(write("lines.json", [part(1, [paragraph(...runs)])])).toContain('"text_display":" c```."');
});

test("a listing that holds its own end is fenced, and one that holds a fence has a longer one", () => {
  const code = block({
    kind: "code",
    algorithm: false,
    runs: [run("1.0", "\\end {lstlisting}"), run("1.1", "```")],
  } as never);
  expect(write("mmd", [part(1, [code])])).toBe("````\n\\end {lstlisting}\n```\n````");
});

test("code in a heading's argument has no braces, in a pipe table no bare pipes", () => {
  const runs = [run("1.0", "Code "), run("1.0", "}{\\evil", { marks: MARK.mono })];
  const heading = block({ kind: "heading", level: 1, runs } as never);
  expect(write("mmd", [part(1, [heading])])).toBe("\\section*{Code \\}\\{\\\\evil}");
  expect(write("md", [part(1, [heading])])).toBe("## Code `}{\\evil`");
  const table = tableOf([run("1.0", "a "), run("1.0", "b|c", { marks: MARK.mono })]);
  expect(write("md", [part(1, [table])])).toContain("| a `b\\|c` | end |");
});

test("addresses hold no markup, and part no cells", () => {
  const href = 'http://a.example/?a=1&b=2|c {}`"\u202e<x>&lt;';
  const link = [run("1.0", "see ["), run("1.0", "a & b", { href })];
  expect(both(link).md).toBe("see &#91;[a & b](http://a.example/?a=1&b=2%7Cc%20%7B%7D%60%22%E2%80%AE%3Cx%3E\\&lt;)");
  const row = write("mmd", [part(1, [tableOf(link)])]).split("\n")[2]!;
  expect(cellsOf(row, "mmd")).toHaveLength(2);
});

test("an author's line is no heading, and a brace doesn't end the authors", () => {
  const authors = block({ kind: "authors", runs: [run("1.0", "A. Author"), run("1.1", "# }{ x")] } as never);
  expect(write("md", [part(1, [authors])])).toBe("A. Author  \n\\# }{ x");
  expect(write("mmd", [part(1, [authors])])).toBe("\\author{\nA. Author \\\\\n# \\}\\{ x\n}");
});

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img/src=x onerror=a>",
  "[a](javascript:b)",
  "![a](http://t/x.png)",
  "[^1]: note",
  "&lt;b&gt;&#60;",
  "\\(x\\) \\[y\\] \\\\(z",
  "$\\href{u}{v}$ $$",
  "\\begin{tabular}{l}\\end{abstract}",
  "`code` ```",
  "**b** _i_ ~~s~~ ~~~",
  "x^2^ H~2~ ==m== ++i++",
  "# h",
  "12. n",
  "- i",
  "---",
  "> q",
  "a|b & c % d {e}",
  "http://x.y/z",
  "Plain words, as most are",
];
const MARKS = [0, 0, 0, MARK.bold, MARK.italic, MARK.mono, MARK.super, MARK.bold | MARK.italic, MARK.underline];

/** Numerical Recipes' generator: the same runs on every machine. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function hostileRuns(seed: number): Run[] {
  const pick = randomly(seed);
  let text = "";
  for (let n = 1 + pick(3); n > 0; n--) text += (pick(2) === 0 ? "" : " ") + HOSTILE[pick(HOSTILE.length)]!;
  text = text.trim();
  const runs: Run[] = [];
  while (text !== "") {
    const length = 1 + pick(8);
    const marks = MARKS[pick(MARKS.length)]!;
    runs.push(run("1.0", text.slice(0, length), { marks, ...(pick(6) === 0 ? { href: "http://ours/" } : {}) }));
    text = text.slice(length);
  }
  return runs;
}

/** The reading's text beside the page's: blanks may move, and raised marks are written in math or tags. */
const bare = (text: string) => text.replace(/\s+/g, "");
/** Ours: the link, tags of marks, and raised or lowered characters as math. */
const OURS = /^(?:link http:\/\/ours\/|tag (?:sup|sub|u)|math \{ \}[\^_]\{(?:[^{}]|\\mathrm\{[^{}]*\})*\})$/;

const SEEDS = 2_000;

describe("random hostile runs", () => {
  test.each(["mmd", "md"] as const)(
    "%s: nothing lives that the document doesn't hold, and md keeps every character",
    (format) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const runs = hostileRuns(seed);
        const written = both(runs)[format];
        const { live, text } = readMarkdown(written, format);
        expect({ seed, written, live: live.filter((one) => !OURS.test(one)) }).toEqual({ seed, written, live: [] });
        if (format === "md")
          expect({ seed, written, text: bare(text) }).toEqual({
            seed,
            written,
            text: bare(runs.map((one) => one.text).join("")),
          });
      }
    },
  );

  test.each(["mmd", "md"] as const)("%s: a row keeps its cells", (format) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const runs = hostileRuns(seed);
      const row = write(format, [part(1, [tableOf(runs)])]).split("\n")[format === "mmd" ? 2 : 0]!;
      const cells = cellsOf(format === "mmd" ? row.replace(/ \\\\ \\hline$/, "") : row.slice(1, -1), format);
      const live = cells.flatMap((cell) => readMarkdown(cell.trim(), format, false).live);
      expect({ seed, row, cells: cells.length, live: live.filter((one) => !OURS.test(one)) }).toEqual({
        seed,
        row,
        cells: 2,
        live: [],
      });
    }
  });
});

function tableOf(runs: Run[]) {
  const cell = (column: number, some: Run[]) => ({
    row: 0,
    column,
    rowSpan: 1,
    columnSpan: 1,
    header: false,
    align: "left",
    blocks: [paragraph(...some)],
  });
  const cells = [cell(0, runs), cell(1, [run("1.1", "end")])];
  return block({ kind: "table", id: "1.9", columns: 2, cells, parts: [], notes: [] } as never);
}
