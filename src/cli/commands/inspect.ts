/** `sheaf inspect`: one page's picture with what the engine found drawn over it, so that a person sees why it decided so. */
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { parseArgs } from "node:util";
import { EngineError } from "../../engine/errors.ts";
import { inspectPage, LAYERS, type Layer, type Look, lookAtPage, type Mark, open } from "../../engine/index.ts";
import type { Reader } from "../../engine/reader.ts";
import { nearestName } from "../../lib/nearest.ts";
import { type Command, readCount, readList, UsageError } from "../command.ts";
import { nodeHost } from "../host.ts";
import { contactSheet, type Picture, SHEET } from "../inspect/sheet.ts";
import { writeWhole } from "../outputs.ts";
import { note, print, printJson, tableOf } from "../terminal.ts";

const DEFAULT_LAYERS: readonly Layer[] = ["regions", "order", "tables"];
/** A page of text is readable on a screen, its labels too. */
const DEFAULT_DPI = 110;
/** Letters of a block's text in the table. */
const TEXT_SHOWN = 60;
const UNITS = 100;

const HELP = `sheaf inspect FILE --page N [--out page.png]   draw what the engine finds on a page over its picture

  --page N          number of the page, from 1 (default 1)
  --out FILE        where the picture goes (default <file>-<page>.png)
  --layers LIST     ${LAYERS.join(",")} (default ${DEFAULT_LAYERS.join(",")})
                    words: by where their text comes from; regions: blocks with their number in the order of reading;
                    proposals: what competed for each stretch of the page, with scores
  --dpi N           of the picture (default ${DEFAULT_DPI})
  --sheet           one HTML page with every layer of the page as a picture and what was found as text
                    (default <file>-<page>.html)
  --json            everything found as JSON on stdout instead of the table; lengths in 1/100 pt`;

export const inspectCommand: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        page: { type: "string" },
        out: { type: "string" },
        layers: { type: "string" },
        dpi: { type: "string" },
        sheet: { type: "boolean" },
        json: { type: "boolean" },
      },
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new UsageError("name one file");
    const page = readCount("page", values.page, 1);
    const layers = readLayers(readList("layers", values.layers, DEFAULT_LAYERS));
    const out = values.out ?? `${basename(file, extname(file))}-${page}.${values.sheet ? "html" : "png"}`;
    const dpi = readCount("dpi", values.dpi, DEFAULT_DPI);
    if (values.sheet) return writeSheet(file, { page, dpi, out });
    const inspection = await readPage(file, (reader) => inspectPage(reader, { page, layers, dpi }));
    if (inspection === null) return 1;
    await writeWhole(out, Buffer.from(inspection.png));
    const { png: _, ...facts } = inspection;
    if (values.json) printJson({ file, page, picture: out, ...facts });
    else print(`${describe(inspection)}\n\n${out}: ${inspection.width} x ${inspection.height} pixels`);
    return 0;
  },
};

async function writeSheet(
  file: string,
  { page, dpi, out }: { page: number; dpi: number; out: string },
): Promise<number> {
  const sheet = await readPage(file, async (reader) => {
    const look = await lookAtPage(reader, { page, dpi });
    const pictures: Picture[] = [];
    for (const [title, drawn] of SHEET) pictures.push({ title, png: (await look.draw(drawn)).png });
    return contactSheet(`${basename(file)}, page ${page}`, pictures, describe(look));
  });
  if (sheet === null) return 1;
  await writeWhole(out, Buffer.from(sheet));
  print(`${out}: ${SHEET.length} pictures`);
  return 0;
}

async function readPage<T>(file: string, look: (reader: Reader) => Promise<T>): Promise<T | null> {
  const bytes = await readFile(file);
  try {
    const reader = await open(new Uint8Array(bytes), await nodeHost());
    try {
      return await look(reader);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    note(`error: ${error.message} (${error.code})`);
    return null;
  }
}

function readLayers(names: readonly string[]): Layer[] {
  return names.map((name) => {
    const layer = LAYERS.find((one) => one === name);
    if (layer !== undefined) return layer;
    const near = nearestName(name, LAYERS);
    throw new UsageError(
      `there is no layer "${name}"${near === null ? "" : ` (did you mean "${near}"?)`}; these are: ${LAYERS.join(", ")}`,
    );
  });
}

function describe({ marks, quality, warnings }: Look): string {
  const blocks = marks
    .filter((mark) => mark.layer === "regions")
    .map((mark) => [mark.label, placeOf(mark), start(mark)]);
  const proposals = marks
    .filter((mark) => mark.layer === "proposals")
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map((mark) => [mark.label, placeOf(mark), featuresOf(mark)]);
  const parts = [tableOf(["block", "place (pt)", "text"], blocks)];
  if (proposals.length > 0) parts.push(tableOf(["proposal", "place (pt)", "features"], proposals));
  for (const { code, detail } of warnings) parts.push(`warning: ${code}${detail === undefined ? "" : ` (${detail})`}`);
  const { trust, languages, characters, native, repaired, undecodable, picture_only_area: pictures } = quality;
  parts.push(
    `trust ${trust}: ${characters} characters (native ${native}, repaired ${repaired}, undecodable ${undecodable}), ` +
      `language ${languages.join(", ") || "unknown"}, pictures without text ${(pictures * 100).toFixed(1)} % of the page`,
  );
  return parts.join("\n\n");
}

function placeOf({ box }: Mark): string {
  return box.map((value) => (value / UNITS).toFixed(0)).join(" ");
}

function start({ text = "" }: Mark): string {
  return text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text;
}

function featuresOf({ features = {} }: Mark): string {
  return Object.entries(features)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(", ");
}
