/**
 * The share of pages that say the same after a rewriting that changes nothing: PDFium's own rewritings always, those of
 * other programs (qpdf, mutool, Ghostscript, cairo) where all their tools are installed.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../../src/engine/host.ts";
import { REWRITINGS, rewritePdf } from "../../metamorphic/rewrite.ts";
import { type Change, convertFolder, pdfsIn, toFormats } from "./conversion.ts";
import type { Place } from "./sets.ts";

const OPTIONS = { includePageInfo: true };
const TOOLS = ["qpdf", "mutool", "gs", "pdftocairo", "pdftoppm", "pdftotext"];

export interface Kept {
  rewriting: string;
  same: number;
  of: number;
  changed: string[];
}

export async function compareRewritten(host: Host, folder: string): Promise<Kept[]> {
  const kept = REWRITINGS.map((rewriting): Kept => ({ rewriting, same: 0, of: 0, changed: [] }));
  for (const file of pdfsIn(folder)) {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    const original = await squeezed(host, bytes);
    for (const [i, rewriting] of REWRITINGS.entries()) {
      const own = kept[i]!;
      own.of++;
      if ((await squeezed(host, await rewritePdf(bytes, rewriting))) === original) own.same++;
      else own.changed.push(file.slice(0, -4));
    }
  }
  return kept;
}

async function squeezed(host: Host, bytes: Uint8Array): Promise<string> {
  return (await toFormats(host, bytes, OPTIONS, ["md"])).get("md")!.split(/\s+/).join(" ");
}

/**
 * Links and fields are left out on both sides: what embeds pages in forms drops all annotations, which says nothing
 * about the reading.
 * @returns the lines of the benches' own comparison, or why there are none
 */
export async function compareByTools(host: Host, place: Place, folder: string): Promise<string[]> {
  const missing = TOOLS.filter((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) return [`not run: install ${missing.join(", ")}`];
  if (place.modules === null) return ["not run: --modules DIR with @cantoo/pdf-lib"];
  const rewritten = join(place.work, "rewritten");
  const made = spawnSync(
    process.execPath,
    [join(place.bench, "metamorphic.mjs"), folder, rewritten, "--modules", join(place.modules, "..")],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (made.status !== 0) return [`failed: ${made.stderr.trim().split("\n").at(-1)}`];
  const original = join(place.work, "rewritten-original");
  const bare: Change = (page) => ({ ...page, links: [], widgets: [] });
  await convertFolder(host, folder, original, OPTIONS, bare);
  for (const name of readdirSync(rewritten))
    await convertFolder(host, join(rewritten, name), join(rewritten, name), OPTIONS, bare);
  const compared = spawnSync(process.execPath, [join(place.bench, "metamorphic_eval.mjs"), original, rewritten], {
    encoding: "utf8",
  });
  return compared.stdout.trim().split("\n");
}
