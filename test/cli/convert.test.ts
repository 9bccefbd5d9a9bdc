import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeArticle, makePdf } from "../pdf.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "sheaf-convert-"));
const input = join(folder, "in");
const out = join(folder, "out");

interface Answer {
  code: number | null;
  report: {
    files: {
      in: string;
      status: string;
      pages: number;
      code: string | null;
      out: string[];
      figures: string[];
      warnings: { code: string; text: string }[];
    }[];
    totals: Record<string, unknown>;
  };
  stderr: string;
}

function convert(...args: string[]): Answer {
  const run = spawnSync(process.execPath, [MAIN, "convert", ...args, "--json"], { encoding: "utf8" });
  return { code: run.status, report: run.stdout === "" ? null : JSON.parse(run.stdout), stderr: run.stderr };
}

const statuses = (answer: Answer) => answer.report.files.map((file) => file.status);

beforeAll(() => {
  mkdirSync(join(input, "sub"), { recursive: true });
  writeFileSync(join(input, "a.pdf"), makeArticle(2, "First"));
  writeFileSync(join(input, "b.pdf"), "this is no PDF");
  writeFileSync(join(input, "c.pdf"), makePdf([], { encrypted: true }));
  writeFileSync(join(input, "sub/a.pdf"), makeArticle(1, "Second"));
});

describe("sheaf convert", () => {
  test("bad files are told and stop nothing; clashing names keep their folder", () => {
    const answer = convert(input, "--out", out, "--formats", "mmd,lines.json", "--workers", "2");
    expect(answer.code).toBe(1);
    expect(statuses(answer)).toEqual(["converted", "failed", "failed", "converted"]);
    expect(answer.report.files.map((file) => file.code)).toEqual([
      null,
      "unsupported_file_type",
      "pdf_encrypted",
      null,
    ]);
    expect(answer.report.totals).toMatchObject({ files: 4, converted: 2, failed: 2, skipped: 0, pages: 3 });
    expect(readFileSync(join(out, "a.mmd"), "utf8")).toContain("First: page 2 of an article");
    expect(readFileSync(join(out, "sub/a.mmd"), "utf8")).toContain("Second: page 1 of an article");
    expect(JSON.parse(readFileSync(join(out, "a.lines.json"), "utf8")).pages).toHaveLength(2);
    expect(readdirSync(out).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("what is lost is told: by a sentence a file, in the totals, and again when it is there already", () => {
    const scans = join(folder, "scans");
    mkdirSync(scans);
    const picture = { content: "q 400 0 0 400 100 100 cm BI /W 1 /H 1 /CS /G /BPC 8 ID A EI Q" };
    writeFileSync(join(scans, "one.pdf"), makePdf([picture, picture, picture]));
    writeFileSync(join(scans, "two.pdf"), makePdf([{ lines: [{ text: "Words", x: 72, y: 700 }] }, picture]));
    writeFileSync(join(scans, "text.pdf"), makeArticle(1));
    const args = [scans, "--out", join(folder, "scans-out"), "--resume"];
    for (const status of ["converted", "skipped"]) {
      const answer = convert(...args);
      expect(answer.code).toBe(0);
      expect(answer.report.files.map((file) => [file.status, file.warnings])).toEqual([
        [status, [{ code: "picture_only", text: expect.stringMatching(/^pages 1-3: .*OCR.*\(picture_only\)$/) }]],
        [status, []],
        [status, [{ code: "picture_only", text: expect.stringMatching(/^page 2: /) }]],
      ]);
      expect(answer.report.totals).toMatchObject({ with_warnings: 2, warnings: { picture_only: 2 } });
    }
    const { stdout } = spawnSync(process.execPath, [MAIN, "convert", ...args], { encoding: "utf8" });
    expect(stdout).toContain("3 there already, 0 failed, 2 with warnings: 2 picture_only");
    expect(stdout).toMatch(/warning: .*one\.pdf: pages 1-3: the page is a picture/);
  });

  test("figures are pictures beside the Markdown, linked relatively, the same on every run", () => {
    const drawn = join(folder, "drawn");
    mkdirSync(drawn);
    const picture = (y: number) => `q 300 0 0 150 100 ${y} cm BI /W 1 /H 1 /CS /G /BPC 8 ID A EI Q`;
    const caption = (number: number, y: number) => ({ text: `Figure ${number}: A grey field.`, x: 180, y, size: 10 });
    const page = { lines: [caption(1, 535), caption(2, 285)], content: `${picture(550)} ${picture(300)}` };
    writeFileSync(join(drawn, "my (own) paper.pdf"), makePdf([page, page]));
    const figuresOut = join(folder, "drawn-out");
    const args = [drawn, "--out", figuresOut, "--formats", "mmd,md,lines.json", "--resume"];
    const names = ["1-1.jpg", "1-2.jpg", "2-1.jpg", "2-2.jpg"];
    const first = convert(...args);
    expect(first.report.files[0]).toMatchObject({
      status: "converted",
      figures: names.map((name) => join(figuresOut, "my (own) paper", name)),
    });
    const pictures = () => names.map((name) => readFileSync(join(figuresOut, "my (own) paper", name)));
    const before = pictures();
    expect([...before[0]!.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const read = (extension: string, at = figuresOut) => readFileSync(join(at, `my (own) paper.${extension}`), "utf8");
    const links = (text: string) => [...text.matchAll(/my%20[^\s/]*\/(\d-\d\.jpg)/g)].map((found) => found[1]);
    for (const extension of ["md", "mmd", "lines.json"]) expect(links(read(extension))).toEqual(names);
    expect(read("md")).toContain("](my%20%28own%29%20paper/1-1.jpg)");

    expect(statuses(convert(...args))).toEqual(["skipped"]);
    rmSync(join(figuresOut, "my (own) paper/2-1.jpg"));
    expect(statuses(convert(...args))).toEqual(["converted"]);
    expect(pictures()).toEqual(before);

    const otherOut = join(folder, "drawn-other");
    expect(convert(drawn, "--out", otherOut, "--formats", "md", "--figures", "none").report.files[0]).toMatchObject({
      figures: [],
    });
    expect(read("md", otherOut)).toMatch(/^Figure 1: A grey field\.\n\nFigure 2/);
    expect(readdirSync(otherOut)).toEqual([".sheaf.jsonl", "my (own) paper.md"]);
    expect(statuses(convert(drawn, "--out", otherOut, "--formats", "md", "--figures", "links", "--resume"))).toEqual([
      "converted",
    ]);
    expect(read("md", otherOut)).toMatch(/\]\(my%20.*paper\.pdf#page=1&viewrect=\d+,\d+,\d+,\d+\)/);
    expect(convert(drawn, "--out", otherOut, "--figures", "all")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--figures is one of files, links, none"),
    });
  }, 60_000);

  test("an argument that names nothing is a failed row, and the rest is converted", () => {
    const gone = join(folder, "gone.pdf");
    const answer = convert(gone, join(input, "a.pdf"), "--out", join(folder, "some"));
    expect(answer.code).toBe(1);
    expect(answer.report.files).toMatchObject([
      { in: join(input, "a.pdf"), status: "converted" },
      { in: gone, status: "failed", code: "not_found", out: [] },
    ]);
    expect(answer.report.totals).toMatchObject({ files: 2, converted: 1, failed: 1 });
  });

  test("--resume skips what is there, and makes anew what is missing, changed or asked for otherwise", () => {
    const again = (...more: string[]) => statuses(convert(join(input, "a.pdf"), "--out", out, "--resume", ...more));
    expect(again()).toEqual(["skipped"]);
    expect(again("--formats", "mmd,md")).toEqual(["converted"]);
    expect(again("--options", '{"include_page_info":true}')).toEqual(["converted"]);
    expect(again("--options", '{"include_page_info":true}')).toEqual(["skipped"]);
    rmSync(join(out, "a.mmd"));
    expect(again("--options", '{"include_page_info":true}')).toEqual(["converted"]);
    writeFileSync(join(out, "a.mmd"), "cut");
    expect(again("--options", '{"include_page_info":true}')).toEqual(["converted"]);
    writeFileSync(join(input, "a.pdf"), makeArticle(2, "Third"));
    expect(again("--options", '{"include_page_info":true}')).toEqual(["converted"]);
  });

  test("a line of the ledger cut off by a kill costs that file only", () => {
    writeFileSync(join(out, ".sheaf.jsonl"), `${readFileSync(join(out, ".sheaf.jsonl"), "utf8")}\n{"out":"a","sha`);
    const args = ["--out", out, "--resume", "--options", '{"include_page_info":true}'];
    expect(statuses(convert(join(input, "a.pdf"), ...args))).toEqual(["skipped"]);
    expect(statuses(convert(join(input, "sub/a.pdf"), "--out", join(folder, "other"), "--resume"))).toEqual([
      "converted",
    ]);
  });

  test("options are those of the API, with its warnings and refusals", () => {
    const one = convert(join(input, "a.pdf"), "--out", out, "--options", '{"page_ranges":"2","page_rangs":"1"}');
    expect(one.report.files[0]).toMatchObject({ status: "converted", pages: 1 });
    expect(one.stderr).toContain('did you mean "page_ranges"?');
    const elsewhere = convert(
      join(input, "a.pdf"),
      "--out",
      out,
      "--options",
      '{"source_uri":"https://a/b","job_id":"j"}',
    );
    expect(elsewhere.stderr).toContain("warning: source_uri, job_id: means nothing here");
    const none = convert(join(input, "a.pdf"), "--out", out, "--options", '{"page_ranges":"9"}');
    expect(none.report.files[0]).toMatchObject({ status: "failed", code: "invalid_page_number" });
  });

  test("misuse is exit code 2 and one sentence", () => {
    expect(convert(input)).toMatchObject({ code: 2, stderr: expect.stringContaining("--out DIR is missing") });
    expect(convert("--out", out)).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing to convert") });
    const format = convert(input, "--out", out, "--formats", "mdd");
    expect(format).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean") });
    expect(convert(input, "--out", out, "--formats", "")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--formats names nothing"),
    });
    expect(convert(input, "--out", out, "--options", "[1]").code).toBe(2);
    expect(convert(input, "--out", out, "--nonsense").code).toBe(2);
  });

  test("a file that takes too long costs its thread alone, and the thread is replaced", () => {
    const slow = join(folder, "slow");
    mkdirSync(slow);
    writeFileSync(join(slow, "large.pdf"), makeArticle(6_000));
    for (const name of ["x", "y", "z"]) writeFileSync(join(slow, `${name}.pdf`), makeArticle(1));
    const answer = convert(slow, "--out", join(folder, "slow-out"), "--timeout", "1", "--workers", "1");
    expect(answer.code).toBe(1);
    expect(answer.report.files.map((file) => file.code)).toEqual(["timeout", null, null, null]);
    expect(answer.report.totals).toMatchObject({ converted: 3, failed: 1 });
  });
});
