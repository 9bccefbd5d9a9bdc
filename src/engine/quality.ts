/**
 * How far a page's text is to be trusted, and a file's: from what the page's glyphs were (PageLines) and what was made
 * of them (Part). Counts, so that a file's are sums and neither chunking nor length can show; and, read off either, the
 * shares that a client is told.
 */
import type { Block } from "./document/blocks.ts";
import type { Part } from "./document/index.ts";
import type { FileQuality, PageQuality } from "./document/quality.ts";
import type { PageLines } from "./page-lines.ts";
import { languagesOf, mainLanguages } from "./quality/languages.ts";
import { pictureArea } from "./quality/pictures.ts";
import { charactersOf, isPicture, SOURCES, trustOf } from "./quality/trust.ts";
import type { WarningCode } from "./warnings.ts";

/** A language below this share of the letters is a quotation or a list of references. */
const LANGUAGE_SHARE = 0.1;
/** Shares are told to four digits. */
const WHOLE = 10_000;

/** As a client is told, in the names of lines.json: bounded, whatever the file's length. */
export interface QualitySummary {
  /** 0 to 1, by which files can be sorted (quality/trust). */
  trust: number;
  /** BCP 47, the most letters first. */
  languages: string[];
  characters: number;
  /** Shares of the characters. */
  native: number;
  repaired: number;
  ocr: number;
  undecodable: number;
  hidden_characters: number;
  /** Share of the pages' area. */
  picture_only_area: number;
  /** Pages that are a picture without text, or with no more than a stamp. */
  picture_only_pages: number;
  tables: number;
  figures: number;
  /** Code → how often. */
  warnings: Partial<Record<WarningCode, number>>;
}

export function summarise(file: FileQuality): QualitySummary {
  const { native, repaired, ocr, model, undecodable } = file.characters;
  const all = charactersOf(file);
  const share = (count: number) => (all === 0 ? 0 : told(count / all));
  return {
    trust: told(trustOf(file)),
    languages: mainLanguages(file.languages, LANGUAGE_SHARE),
    characters: all,
    native: share(native),
    repaired: share(repaired),
    ocr: share(ocr + model),
    undecodable: share(undecodable),
    hidden_characters: file.hidden,
    picture_only_area: Math.round(file.pictureArea / Math.max(1, file.pages)) / WHOLE,
    picture_only_pages: file.picturePages,
    tables: file.tables,
    figures: file.figures,
    warnings: Object.fromEntries([...file.warnings].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Four digits, but 0 is none and 1 is all. */
function told(share: number): number {
  if (share <= 0 || share >= 1) return Math.max(0, Math.min(1, share));
  return Math.max(1, Math.min(WHOLE - 1, Math.round(share * WHOLE))) / WHOLE;
}

/** Of one page, as of a file that has no other. */
export function summarisePart(part: Part): QualitySummary {
  const file = emptyQuality();
  addPart(file, part);
  return summarise(file);
}

/** What the page itself tells; tables and figures are known when its part is. */
export function pageQuality(page: PageLines): PageQuality {
  const quality = noQuality();
  for (const word of page.words) {
    if (word.hidden === true) quality.hidden += word.text.length;
    else quality.characters[word.source] += word.text.length;
  }
  quality.languages = languagesOf(page);
  quality.pictureArea = pictureArea(page);
  return quality;
}

/** Counts the tables and figures of a part that carries its page's quality. */
export function countFound(part: Part): Part {
  if (part.quality === undefined) return part;
  const found = { tables: 0, figures: 0 };
  for (const block of part.blocks) visit(block, found);
  return { ...part, quality: { ...part.quality, ...found } };
}

export function emptyQuality(): FileQuality {
  return { ...noQuality(), pages: 0, picturePages: 0, warnings: new Map() };
}

/** Adds a page to its file: `file` is changed. */
export function addPart(file: FileQuality, part: Part): void {
  for (const { code } of part.warnings) file.warnings.set(code, (file.warnings.get(code) ?? 0) + 1);
  const page = part.quality;
  if (page === undefined) return;
  file.pages++;
  for (const source of SOURCES) file.characters[source] += page.characters[source];
  for (const [language, letters] of page.languages)
    file.languages.set(language, (file.languages.get(language) ?? 0) + letters);
  file.hidden += page.hidden;
  file.pictureArea += page.pictureArea;
  file.tables += page.tables;
  file.figures += page.figures;
  if (isPicture(page)) file.picturePages++;
}

function noQuality(): PageQuality {
  return {
    characters: { native: 0, repaired: 0, ocr: 0, model: 0, undecodable: 0 },
    hidden: 0,
    languages: new Map(),
    pictureArea: 0,
    tables: 0,
    figures: 0,
  };
}

function visit(block: Block, found: { tables: number; figures: number }): void {
  switch (block.kind) {
    case "table":
      found.tables++;
      for (const cell of block.cells) for (const inner of cell.blocks) visit(inner, found);
      break;
    case "figure":
      found.figures++;
      break;
    case "list":
      for (const item of block.items) for (const inner of item.blocks) visit(inner, found);
      break;
    case "note":
      for (const inner of block.blocks) visit(inner, found);
      break;
    case "heading":
    case "title":
    case "authors":
    case "abstract":
    case "paragraph":
    case "quote":
    case "reference":
    case "equation":
    case "code":
    case "contents":
    case "field":
    case "furniture":
      break;
    default:
      block satisfies never;
  }
}
