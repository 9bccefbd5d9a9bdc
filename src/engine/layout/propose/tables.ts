/**
 * The page and its text → tables, by all methods: drawn grids, bands between rules, rows of chunks. They may contradict
 * each other: decide takes what scores best.
 */
import { type Box, union } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import { boxOf, type Line } from "../lines.ts";
import { regionsOf } from "../reading-order.ts";
import { scoreOf } from "../score.ts";
import { type Band, openBands, ruledBands } from "./bands.ts";
import { type Chunk, chunksOf, medianSize, wordsOf } from "./chunks.ts";
import { drawnOf, type Edge, type Edges, edgesOf, snap } from "./edges.ts";
import type { Grid, TableProposal } from "./proposal.ts";
import { type Frame, framesOf } from "./ruled.ts";
import { ruledGridOf } from "./ruled-grid.ts";
import { isStretchedText } from "./stretched-text.ts";
import { stripedFrames } from "./stripes.ts";
import { featuresOf, namesTable } from "./table-features.ts";
import { withUndrawnColumns } from "./undrawn-columns.ts";
import { whiteGridOf } from "./white-grid.ts";

/** Columns of the page's first cut, and no columns in them: what looks for columns there is the table itself. */
const ONE_CUT = 4;
/** Of a table's words, the share that counts as all of them; and the score that makes it likely. */
const HELD = 0.85;
const SURE = 1;
const MOST_CHUNKS = 6_000;

interface Looking {
  page: PageLines;
  chunks: readonly Chunk[];
  edges: Edges;
  size: number;
  captions: readonly Chunk[];
  /** Bands that were tried. */
  seen: Set<string>;
}

export function proposeTables(page: PageLines, text: readonly Line[]): TableProposal[] {
  const chunks = chunksOf(page, text);
  if (chunks.length < 4 || chunks.length > MOST_CHUNKS) return [];
  const size = medianSize(chunks);
  const edges = edgesOf(page, chunks, size);
  const on: Looking = { page, chunks, edges, size, captions: chunks.filter(namesTable), seen: new Set() };
  const drawn = drawnOf(on.edges);
  const frames = framesOf(drawn, size);
  const shaded =
    on.edges.vertical.length > drawn.vertical.length || on.edges.horizontal.length > drawn.horizontal.length;
  if (shaded) {
    const fills = framesOf(on.edges, size);
    frames.push(...fills, ...stripedFrames(fills, chunks, on.edges.horizontal, size));
  }
  const proposals = [
    ...frames.flatMap((frame) => fromFrame(frame, on)),
    ...ruledBands(chunks, on.edges.horizontal, size).flatMap((band) => fromBand(band, on)),
    ...fromScopes(text, on),
  ];
  const all = distinct(proposals);
  const sure = all.filter((one) => one.method !== "unruled" && scoreOf(one) >= SURE);
  for (const proposal of all) Object.assign(proposal.features, { holds: holdsOther(proposal, sure) ? 1 : 0 });
  return all;
}

/**
 * Another table lies within it between rules of its own, in other columns, and leaves much of it out: tables beside each other
 * or beside text. In the same columns it is a part of it: a shaded header, a box round some of the rows; but several that are
 * drawn on all sides are tables one above the other.
 */
function holdsOther(proposal: TableProposal, sure: readonly TableProposal[]): boolean {
  if (proposal.method === "ruled") return false;
  const words = new Set(proposal.words);
  const held = sure.filter((other) => {
    if (other === proposal || other.words.length > HELD * proposal.words.length) return false;
    return other.words.filter((word) => words.has(word)).length > HELD * other.words.length;
  });
  const drawn = held.filter(({ features }) => features.closed === 1);
  return drawn.length > 1 || held.some(({ grid }) => grid.columns !== proposal.grid.columns);
}

function fromFrame(strokes: Frame, on: Looking): TableProposal[] {
  const inside = on.chunks.filter((chunk) => isInside(chunk, strokes.box));
  if (inside.length < 2) return [];
  const size = medianSize(inside);
  const frame = withUndrawnColumns(strokes, inside, size);
  const grid = ruledGridOf(on.page, frame, inside, size);
  const ruled =
    grid.columns > 1 && grid.rows > 1 ? [proposalOf("ruled", grid, inside, frame.edges.horizontal, on, frame)] : [];
  const white = fromBand({ chunks: inside, rules: frame.edges.horizontal, framed: true }, on);
  return [...ruled, ...white];
}

function isInside({ box, baseline, size }: Chunk, frame: Box): boolean {
  const [x, y] = [(box[0] + box[2]) / 2, baseline - 0.3 * size];
  return x > frame[0] && x < frame[2] && y > frame[1] && y < frame[3];
}

function fromBand(band: Band, on: Looking): TableProposal[] {
  const key = keyOf(band);
  if (on.seen.has(key)) return [];
  on.seen.add(key);
  const white = whiteGridOf(on.page, band.chunks, band.rules, medianSize(band.chunks));
  if (white === null || white.grid.rows < 2) return [];
  return [proposalOf(band.framed ? "banded" : "unruled", white.grid, band.chunks, band.rules, on)];
}

/** A band of the same words and rules gives the same grid: the page and its one region are often looked at twice. */
function keyOf({ chunks, rules }: Band): string {
  let key = "";
  for (const { from, to } of chunks) key += `${from}-${to} `;
  for (const { at, from, to, drawn } of rules) key += `|${at} ${from} ${to} ${drawn}`;
  return key;
}

function fromScopes(text: readonly Line[], on: Looking): TableProposal[] {
  const upright = text.filter((line) => line.angle === 0);
  const regions = regionsOf(upright, ONE_CUT);
  const scopes = regions.length > 1 ? [upright, ...regions.map((region) => region.lines)] : [upright];
  return scopes.flatMap((lines) => {
    const chunks = lines === upright ? on.chunks : chunksOf(on.page, lines);
    return openBands(chunks, on.edges.horizontal)
      .filter((band) => !isStretchedText(on.page, band.chunks))
      .flatMap((band) => fromBand(band, on));
  });
}

function proposalOf(
  method: TableProposal["method"],
  grid: Grid,
  chunks: readonly Chunk[],
  rules: readonly Edge[],
  on: Looking,
  frame?: Frame,
): TableProposal {
  const text = boxOf(chunks);
  const box = frame === undefined ? text : union(text, frame.box);
  const size = medianSize(chunks);
  const drawn = snap(
    rules.map((rule) => rule.at),
    0.3 * size,
  ).length;
  const closed = frame?.drawn ?? 0;
  const features = featuresOf({ page: on.page, grid, box, size, captions: on.captions, rules: drawn, method, closed });
  return { kind: "table", method, grid, box, words: wordsOf(chunks), features, score: 0 };
}

/** The same cells found twice count once. */
function distinct(proposals: readonly TableProposal[]): TableProposal[] {
  const seen = new Set<string>();
  return proposals.filter(({ grid, words }) => {
    const key = `${grid.rows}x${grid.columns}:${words.length}:${Math.min(...words)}:${grid.cells.length}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
