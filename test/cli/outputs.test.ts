import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { findInputs, urlInput } from "../../src/cli/inputs.ts";
import { safeName, stemsOf, writeWhole } from "../../src/cli/outputs.ts";

const named = (...relatives: string[]) => relatives.map((relative) => ({ path: relative, relative }));

describe("names of outputs", () => {
  test("the stem where it is the only one", () => {
    expect(stemsOf(named("a.pdf", "sub/b.v2.pdf"))).toEqual(["a", "b.v2"]);
  });

  test("clashing stems keep their folder, and only they", () => {
    expect(stemsOf(named("x/a.pdf", "y/a.pdf", "c.pdf"))).toEqual([join("x", "a"), join("y", "a"), "c"]);
  });

  test("no two inputs ever share an output, whatever the file system thinks of case", () => {
    const inputs = named("a.pdf", "A.PDF", "a.pdf", "b/a.pdf", "a.tar.pdf", "a");
    const stems = stemsOf(inputs).map((stem) => stem.toLowerCase());
    expect(new Set(stems).size).toBe(inputs.length);
  });

  test("a server's file name names no folder", () => {
    expect(safeName("../../etc/passwd")).toBe("passwd");
    expect(safeName("..\\..\\x.pdf")).toBe("x.pdf");
    expect(safeName(".hidden")).toBe("hidden");
    expect(safeName("..")).toBe("document");
  });

  test("written whole, with no trace of the way there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sheaf-"));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("half"));
        controller.error(new Error("cut off"));
      },
    });
    await expect(writeWhole(join(folder, "a.mmd"), body)).rejects.toThrow("cut off");
    expect(readdirSync(folder)).toEqual([]);
    await writeWhole(join(folder, "deep/a.mmd"), "text");
    expect(readFileSync(join(folder, "deep/a.mmd"), "utf8")).toBe("text");
  });
});

describe("inputs", () => {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-"));
  mkdirSync(join(folder, "in/deep"), { recursive: true });
  for (const name of ["in/b.pdf", "in/a.PDF", "in/deep/c.pdf", "in/notes.txt"]) writeFileSync(join(folder, name), "");

  test("a folder is searched below, for PDFs", async () => {
    const { inputs } = await findInputs([join(folder, "in")]);
    expect(inputs.map((each) => each.relative)).toEqual(["a.PDF", "b.pdf", join("deep", "c.pdf")]);
  });

  test("a pattern, relative to its fixed part; each file once", async () => {
    const { inputs } = await findInputs([join(folder, "in/**/*.pdf"), join(folder, "in/b.pdf")]);
    expect(inputs.map((each) => each.relative)).toEqual(["b.pdf", join("deep", "c.pdf")]);
  });

  test("a file named itself is taken whatever it is called; what isn't there is said and stops nothing", async () => {
    const gone = [join(folder, "gone.pdf"), join(folder, "*.xyz"), join(folder, "empty")];
    mkdirSync(join(folder, "empty"));
    const { inputs, missing } = await findInputs([...gone, join(folder, "in/notes.txt")]);
    expect(inputs.map((each) => each.path)).toEqual([join(folder, "in/notes.txt")]);
    expect(missing.map((each) => each.path)).toEqual(gone);
    expect(missing.map((each) => each.message)).toEqual([
      expect.stringContaining("there is no file or folder"),
      expect.stringContaining("names no .pdf file"),
      expect.stringContaining("names no .pdf file"),
    ]);
  });

  test("folders are counted from the deepest one that all arguments share", async () => {
    for (const name of ["x1/a.pdf", "x2/a.pdf", "x2/b.pdf"]) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), "");
    }
    const namesOf = async (...args: string[]) =>
      stemsOf((await findInputs(args.map((arg) => join(folder, arg)))).inputs);
    const both = [join("x1", "a"), join("x2", "a")];
    expect(await namesOf("x1", "x2")).toEqual([...both, "b"]);
    expect(await namesOf("x2", "x1")).toEqual([both[1], "b", both[0]]);
    expect(await namesOf("x1/a.pdf", "x2/*.pdf")).toEqual([...both, "b"]);
    expect(await namesOf("x1", "x2", "gone.pdf")).toEqual([...both, "b"]);
    expect(await namesOf("x2")).toEqual(["a", "b"]);
    expect(await namesOf("in")).toEqual(["a", "b", "c"]);
  });

  test("addresses of the same name keep host and path, and never climb", () => {
    const urls = ["https://a.example/x/p.pdf?sig=1", "https://a.example/%2e%2e/y/p.pdf", "s3://bucket/../../p.pdf"];
    const stems = stemsOf(urls.map(urlInput));
    expect(stems).toEqual([join("a.example", "x", "p"), join("a.example", "y", "p"), expect.any(String)]);
    for (const stem of stems) expect(stem.split(sep)).not.toContain("..");
  });
});
