/** The worst documents of each set as a page of pictures: the page where most goes wrong, as the engine sees it, and why. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../../src/engine/host.ts";
import { inspectPage } from "../../../src/engine/index.ts";
import { toFormats, withReader } from "./conversion.ts";
import { linesOfTruth, pageOf, type Reason, reasonOf, wordsOf } from "./reasons.ts";
import { type BenchSet, dataOf, type Place } from "./sets.ts";

const PICTURE_DPI = 90;
const LAYERS = ["regions", "order", "tables", "proposals"] as const;
const LINE_SHOWN = 240;

export interface Low {
  set: BenchSet;
  id: string;
  score: number;
  /** The scorer. */
  by: string;
  parts: Record<string, number>;
}

export interface Shown extends Low {
  reason: Reason;
  page: number;
  /** Name of its picture in the folder; null = no such PDF. */
  picture: string | null;
}

export async function showWorst(host: Host, place: Place, worst: readonly Low[], folder: string): Promise<Shown[]> {
  mkdirSync(folder, { recursive: true });
  const shown: Shown[] = [];
  for (const low of worst) shown.push(await look(host, place, low, folder));
  writeFileSync(join(folder, "index.html"), pageOfPictures(shown));
  return shown;
}

async function look(host: Host, place: Place, low: Low, folder: string): Promise<Shown> {
  const { set, id, parts } = low;
  const file = join(dataOf(place.bench, set.pdfs), `${id}.pdf`);
  if (!existsSync(file)) return { ...low, reason: reasonOf(parts, [], [], true), page: 1, picture: null };
  const bytes = new Uint8Array(readFileSync(file));
  const outputs = await toFormats(host, bytes, set.options).catch(() => new Map<string, string>());
  const ours = (outputs.get("md") ?? "").split("\n");
  const truth = truthOf(place, set, id);
  const reason = reasonOf(parts, truth.lines, ours, truth.whole);
  const page = pageOf([...reason.lost, ...reason.added], pagesIn(outputs.get("lines.json") ?? '{"pages":[]}'));
  const picture = `${set.name.replace(" ", "-")}-${id}-${page}.png`;
  const drawn = await withReader(host, bytes, (reader) =>
    inspectPage(reader, { page, layers: LAYERS, dpi: PICTURE_DPI }),
  ).catch(() => null);
  if (drawn !== null) writeFileSync(join(folder, picture), drawn.png);
  return { ...low, reason, page, picture: drawn === null ? null : picture };
}

function truthOf(place: Place, set: BenchSet, id: string): { lines: string[]; whole: boolean } {
  const folder = dataOf(place.bench, set.truth);
  const name = readdirSync(folder).find((one) => one.replace(/(-str)?\.\w+$/, "") === id);
  if (name === undefined) return { lines: [], whole: false };
  return { lines: linesOfTruth(readFileSync(join(folder, name), "utf8"), name), whole: name.endsWith(".md") };
}

function pagesIn(linesJson: string): string[][] {
  const { pages } = JSON.parse(linesJson) as { pages: { lines: { text: string }[] }[] };
  return pages.map(({ lines }) => wordsOf(lines.map(({ text }) => text).join("\n")));
}

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function pageOfPictures(shown: readonly Shown[]): string {
  const parts = shown.map(({ set, id, score, by, reason, page, picture }) => {
    const lines = (texts: readonly string[], sign: string) =>
      texts
        .map(
          (text) =>
            `<div class="${sign === "-" ? "lost" : "added"}">${sign} ${escaped(text.slice(0, LINE_SHOWN))}</div>`,
        )
        .join("");
    return `<section><h2>${escaped(set.name)} / ${escaped(id)}: ${score.toFixed(3)} (${by})</h2>
<p>${escaped(reason.sentence)}; page ${page}</p>${lines(reason.lost, "-")}${lines(reason.added, "+")}
${picture === null ? "" : `<img loading="lazy" src="${encodeURI(picture)}" alt="page ${page}">`}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>The worst pages</title>
<style>body{font:14px sans-serif;margin:2em}section{border-top:1px solid #999;padding:1em 0}img{max-width:100%;margin-top:1em}
.lost{color:#a00;font-family:monospace}.added{color:#060;font-family:monospace}</style>
<h1>The worst pages</h1><p>- is in the truth and not in ours, + in ours and not in the truth.</p>
${parts.join("\n")}
`;
}
