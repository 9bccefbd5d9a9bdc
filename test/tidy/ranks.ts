/** DESIGN section 2: every folder has a rank, and a file imports only from lower ranks or from its own folder. */

const FOLDERS = [
  ["lib", "engine"],
  ["stores", "db"],
  ["accounts"],
  ["jobs"],
  ["pipeline", "api", "dashboard"],
  ["cli", "worker", "converter", "typesetter"],
];

/**
 * The verbs stand at one rank and meet only in convert, inspection and index. Finer than DESIGN's list, as the types turned out:
 * document stands above page-lines, since a line of text keeps where its words come from.
 */
const ENGINE = [
  ["geometry", "errors", "host", "options", "meter"],
  ["warnings", "source-info", "page-ranges"],
  ["page"],
  ["page-lines", "reader"],
  ["document", "profile"],
  ["page-blocks"],
  ["fonts", "math", "quality"],
  ["readers", "raster", "ocr", "extract", "survey", "layout", "join", "writers", "inspect"],
  ["convert"],
  ["inspection"],
  ["index"],
];

interface Place {
  rank: number;
  name: string;
}

/** @returns what is wrong with the import, or null */
export function judgeImport(from: string, to: string): string | null {
  // Its version is the API's.
  if (to === "package.json") return null;
  // Made from a package's file before bundling.
  if (to === "dist/pdfium.wasm") return null;
  const [inside, target] = [placeOf(from), placeOf(to)];
  if (inside === null) return `${from} lies in no folder with a rank`;
  if (target === null) return `${to} lies in no folder with a rank`;
  if (inside.name !== target.name) {
    if (target.rank >= inside.rank) return `${from} (rank ${inside.rank}) imports ${to} (rank ${target.rank})`;
    if (target.name === "engine" && !isDoor(to)) return `${from} enters the engine by ${to}, not by a file at its top`;
    return null;
  }
  return inside.name === "engine" ? judgeInEngine(from, to) : null;
}

function judgeInEngine(from: string, to: string): string | null {
  const [inside, target] = [enginePlaceOf(from), enginePlaceOf(to)];
  if (inside === null) return `${from} has no rank in the engine`;
  if (target === null) return `${to} has no rank in the engine`;
  if (inside.name === target.name || target.rank < inside.rank) return null;
  return `${from} (engine rank ${inside.rank}) imports ${to} (engine rank ${target.rank})`;
}

/** What may be imported from outside: the files at the top, the table of writers, what a host has to load. */
function isDoor(path: string): boolean {
  return /^src\/engine\/[^/]+$/.test(path) || path === "src/engine/writers/index.ts" || path.endsWith(".wasm");
}

function placeOf(path: string): Place | null {
  return find(FOLDERS, /^src\/([^/.]+)/.exec(path)?.[1]);
}

function enginePlaceOf(path: string): Place | null {
  return find(ENGINE, /^src\/engine\/([^/.]+)/.exec(path)?.[1]);
}

function find(ranks: string[][], name: string | undefined): Place | null {
  const rank = ranks.findIndex((names) => name !== undefined && names.includes(name));
  return rank < 0 ? null : { rank, name: name! };
}
