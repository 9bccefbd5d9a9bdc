/**
 * One page as the engine sees it: its picture with what was found drawn over it, and the same as data. The whole
 * document is read first, since a page is laid out by what the document tells.
 */
import { readPages } from "./convert.ts";
import { drawMarks, type Judged, type Layer, type Mark, marksOf } from "./inspect/index.ts";
import { layOut } from "./layout/index.ts";
import { countFound, pageQuality, type QualitySummary, summarisePart } from "./quality.ts";
import { encodePng } from "./raster/png.ts";
import type { Reader } from "./reader.ts";
import { profileOf } from "./survey/index.ts";
import type { Warning } from "./warnings.ts";

export { LAYERS, type Layer, type Mark } from "./inspect/index.ts";

export interface InspectRequest {
  /** Number in the source, from 1. */
  page: number;
  layers: readonly Layer[];
  /** Of the picture; lowered where it would have too many pixels. */
  dpi: number;
}

export interface Inspection extends Drawn, Look {}

export interface Drawn {
  png: Uint8Array;
  /** Pixels, the legend included. */
  width: number;
  height: number;
}

/** What was found on a page. */
export interface Look {
  /** Of all layers, whatever was drawn. */
  marks: Mark[];
  quality: QualitySummary;
  warnings: Warning[];
}

/** @throws EngineError invalid_page_number */
export async function inspectPage(reader: Reader, request: InspectRequest): Promise<Inspection> {
  const { draw, ...look } = await lookAtPage(reader, request);
  return { ...(await draw(request.layers)), ...look };
}

/** As inspectPage; the page is read once and drawn as often as is asked for, without layers as it is. */
export async function lookAtPage(
  reader: Reader,
  request: Omit<InspectRequest, "layers">,
): Promise<Look & { draw(layers: readonly Layer[]): Promise<Drawn> }> {
  // First, since it says at once when there is no such page.
  const picture = await reader.render({ page: request.page, box: EVERYTHING }, request.dpi);
  const numbers = Array.from({ length: reader.pageCount }, (_, i) => i + 1);
  const { pages, counted } = await readPages(reader, numbers);
  const page = pages[request.page - 1]!;
  let judged: Judged[] = [];
  const blocks = layOut(page, profileOf(counted, await reader.info(numbers)), (traced) => {
    judged = traced.map(({ proposal: { kind, box, score, features }, chosen }) => ({
      kind,
      box,
      score,
      features,
      chosen,
    }));
  });
  const marks = marksOf(page, blocks, judged);
  const quality = summarisePart(countFound({ ...blocks, quality: pageQuality(page) }));
  const draw = async (layers: readonly Layer[]) => {
    const drawn = layers.length === 0 ? picture : drawMarks(picture, page.size, marks, layers);
    return { png: await encodePng(drawn), width: drawn.width, height: drawn.height };
  };
  return { marks, quality, warnings: page.warnings, draw };
}

/** Readers cut a box at the page's edges. */
const EVERYTHING = [0, 0, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;
