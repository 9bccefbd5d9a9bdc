import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/cli/command.ts";
import { findInputs } from "../../src/cli/inputs.ts";
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
    const found = await findInputs([join(folder, "in")]);
    expect(found.map((each) => each.relative)).toEqual(["a.PDF", "b.pdf", join("deep", "c.pdf")]);
  });

  test("a pattern, relative to its fixed part; each file once", async () => {
    const found = await findInputs([join(folder, "in/**/*.pdf"), join(folder, "in/b.pdf")]);
    expect(found.map((each) => each.relative)).toEqual(["b.pdf", join("deep", "c.pdf")]);
  });

  test("a file named itself is taken whatever it is called; what isn't there is said", async () => {
    expect(await findInputs([join(folder, "in/notes.txt")])).toHaveLength(1);
    await expect(findInputs([join(folder, "gone.pdf")])).rejects.toThrow(UsageError);
    await expect(findInputs([join(folder, "*.xyz")])).rejects.toThrow("names no .pdf file");
  });
});
