/**
 * The engine's contents, a line a verb: read → extract → survey → lay out → join → write.
 * Facts first (what a page holds), opinions when the whole document has been seen.
 *
 *   open(source, host)              a PDF, opened; its SourceInfo, its pages, its pixels
 *   reader.page(n) → extract(page)  PageLines: one page's facts
 *   survey(lines), merge, profile   what only the whole document can tell
 *   layOut(lines, profile)          PageBlocks
 *   join(pages)                     Parts, in page order
 *   write(format, document, ...)    bytes
 */
export { type Converted, convert, documentOf, ENGINE, writeAll } from "./convert.ts";
export type { FileQuality, PageQuality } from "./document/quality.ts";
export { extract } from "./extract/index.ts";
export { decodeLines, encodeLines } from "./extract/store.ts";
export { type Inspection, inspectPage, LAYERS, type Layer, type Look, lookAtPage, type Mark } from "./inspection.ts";
export { join } from "./join/index.ts";
export { layOut } from "./layout/index.ts";
export { type ConvertOptions, DEFAULTS } from "./options.ts";
export { readPageRanges } from "./page-ranges.ts";
export { type QualitySummary, summarise } from "./quality.ts";
export { cutCrop, type PixelRegion, rasterise, whiteJpeg } from "./raster/index.ts";
export { open } from "./readers/index.ts";
export { decodeSurvey, emptySurvey, encodeSurvey, mergeSurveys, profileOf, survey } from "./survey/index.ts";
export { type Crop, WRITERS, type WriteContext } from "./writers/index.ts";
