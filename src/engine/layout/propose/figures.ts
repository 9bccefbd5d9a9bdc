/**
 * The page's pictures and drawings → figures, each with the text in it and its caption. What tells a figure from a frame
 * round text, a background or an ornament is left to score: here are the facts it weighs.
 */
import { beginsFigureCaption } from "../../document/captions.ts";
import { type Box, height, overlap, union, width } from "../../geometry.ts";
import type { PageLines } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import { type Caption, captionsOf, sideOf, tieCaptions } from "../captions.ts";
import type { Line } from "../lines.ts";
import { cutAtCaptions } from "./caption-cuts.ts";
import { claimStrokes } from "./claims.ts";
import { BACKGROUND, type Cluster, clustersOf, joinAll } from "./clusters.ts";
import { type Labelled, labelFigures, paragraphLines, proseOf } from "./figure-labels.ts";
import { joinPanels } from "./panels.ts";
import type { FigureProposal } from "./proposal.ts";

/** Without any type on the page, 10 pt. */
const USUAL_TYPE = 1_000;
/** Smaller than this is an ornament or a symbol: share of the page (LAYOUT 1.11), and type sizes each way. */
const SMALLEST = 0.01;
const SMALLEST_DRAWING = { width: 4, height: 2.5 } as const;
/** Heads and feet of the page: logos and ornaments stand there, without captions. */
const ZONE = 0.12;
/** A drawing of so many paths is one beyond doubt. */
const MANY_PATHS = 12;
/** Running text on this share of it makes it a background or a frame. */
const MUCH_TEXT = 0.2;
/** A drawing without a caption is an icon at SMALLEST and none at this share of the page. */
const ICON = 0.025;
/** Two axes have so many ticks. */
const CHART_TICKS = 8;
/** White round a drawing's strokes, whose width their boxes leave out, in type sizes. */
const MARGIN = 0.1;

interface Found {
  figures: Labelled[];
  /** Each figure's. */
  tied: (Caption | undefined)[];
  captions: Caption[];
}

export function proposeFigures(page: PageLines, lines: readonly Line[], profile: Profile): FigureProposal[] {
  if (page.images.length + page.drawings.length + page.fills.length + page.rules.length === 0) return [];
  const em = profile.bodySize || USUAL_TYPE;
  const text = cutAtCaptions(lines, page);
  const large = clustersOf(page, em).filter(({ box }) => isLarge(box, page, em));
  const prose = proseOf(text);
  let found = findFigures(large, text, profile, em);
  const open = found.captions.filter((caption) => !found.tied.includes(caption));
  const held = found.figures.map((figure) => figure.box);
  const claimed = claimStrokes(open, held, prose, page, em);
  if (claimed.length > 0) found = findFigures([...large, ...claimed], text, profile, em);
  return found.figures.flatMap((figure, i) => {
    if (figure.claimed && found.tied[i] === undefined) return [];
    return [proposalOf(figure, found.tied[i], page, prose, em)];
  });
}

/** Clusters with their text, joined where that or their letters say so, and their captions. */
function findFigures(clusters: readonly Cluster[], text: readonly Line[], profile: Profile, em: number): Found {
  const labelled = joinLabelled(labelFigures(clusters, text, profile), text, profile, em);
  const inside = new Set(labelled.flatMap((figure) => figure.labels));
  const figures = joinPanels(
    labelled,
    text.filter((line) => !inside.has(line)),
  );
  const held = new Set(figures.flatMap((figure) => [...figure.labels, ...(figure.panels ?? [])]));
  const captions = captionsOf(
    text.filter((line) => !held.has(line)),
    beginsFigureCaption,
  );
  const tied = tieCaptions(
    captions,
    figures.map((figure) => figure.box),
    profile.captionSide,
  );
  return { figures, tied, captions };
}

function isLarge(box: Box, { size }: PageLines, em: number): boolean {
  if (width(box) * height(box) < SMALLEST * size.width * size.height) return false;
  return width(box) >= SMALLEST_DRAWING.width * em && height(box) >= SMALLEST_DRAWING.height * em;
}

/** Drawings that their labels made meet are one. */
function joinLabelled(figures: Labelled[], text: readonly Line[], profile: Profile, em: number): Labelled[] {
  const joined = joinAll(figures, em);
  return joined.length === figures.length ? figures : labelFigures(joined, text, profile);
}

function proposalOf(
  figure: Labelled,
  caption: Caption | undefined,
  page: PageLines,
  prose: ReadonlySet<Line>,
  em: number,
): FigureProposal {
  const { size } = page;
  const crop = cropOf(figure, size, em);
  const told = [...(figure.panels ?? []), ...(caption?.lines ?? [])].flatMap(wordsOf);
  const words = [...figure.labels.flatMap(wordsOf), ...told];
  const area = width(crop) * height(crop);
  const coreArea = Math.max(1, width(figure.core) * height(figure.core));
  const inside = figure.labels.filter((line) => overlap(line.box[1], line.box[3], figure.core[1], figure.core[3]) > 0);
  const running = paragraphLines(inside, prose);
  const share = area / (size.width * size.height);
  const icon = figure.paths > 0 && caption === undefined ? (ICON - share) / (ICON - SMALLEST) : 0;
  const atEdge = crop[0] <= em / 10 || crop[2] >= size.width - em / 10 || crop[1] <= em / 10;
  const inZone = crop[3] < ZONE * size.height || crop[1] > (1 - ZONE) * size.height;
  return {
    kind: "figure",
    subtype: subtypeOf(figure),
    box: caption === undefined ? crop : union(crop, caption.box),
    crop,
    caption: told,
    captionSide: caption === undefined ? "below" : sideOf(caption, crop),
    words,
    features: {
      picture: figure.images > 0 ? 1 : 0,
      drawn: Math.min(1, (figure.paths + figure.ticks) / MANY_PATHS),
      bars: figure.bars > 0 ? 1 : 0,
      caption: caption === undefined ? 0 : 1,
      area: Math.min(1, share),
      icon: Math.min(1, Math.max(0, icon)),
      background: share > BACKGROUND ? 1 : 0,
      running: Math.min(1, areaOf(running) / coreArea / MUCH_TEXT),
      // Under a caption boxes with a few words each are a diagram's.
      text: Math.min(1, areaOf(caption === undefined ? inside : inside.filter((line) => prose.has(line))) / coreArea),
      edge: atEdge ? 1 : 0,
      zone: inZone && caption === undefined ? 1 : 0,
    },
    score: 0,
  };
}

/** As far as boxes tell: bars by how they lie, other charts by the ticks of their axes. */
function subtypeOf({ bars, lying, ticks, images }: Labelled): string {
  if (bars > 0) return 2 * lying > bars ? "chart:bar" : "chart:column";
  return ticks >= CHART_TICKS && images === 0 ? "chart" : "";
}

function cropOf(figure: Labelled, size: PageLines["size"], em: number): Box {
  const by = figure.images > 0 && figure.paths === 0 ? 0 : Math.round(MARGIN * em);
  const [x0, y0, x1, y1] = figure.box;
  return [Math.max(0, x0 - by), Math.max(0, y0 - by), Math.min(size.width, x1 + by), Math.min(size.height, y1 + by)];
}

function areaOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { box }) => sum + width(box) * height(box), 0);
}

function wordsOf(line: Line): number[] {
  return line.words.map((_, i) => line.from + i);
}
