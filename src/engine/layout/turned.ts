/**
 * Pages whose text stands turned on an upright sheet (a table set sideways, a landscape page without /Rotate, vertical
 * Chinese and Japanese): the page's facts in the frame in which that text is upright, and what was made of them back in
 * the sheet's own.
 */
import type { Block, Cell } from "../document/blocks.ts";
import type { Box, Placed } from "../geometry.ts";
import type { PageBlocks } from "../page-blocks.ts";
import type { PageLines } from "../page-lines.ts";
import type { PageSize } from "../source-info.ts";
import type { Proposal } from "./propose/proposal.ts";

/** Degrees counter-clockwise that the text is turned by. */
export type Turn = 90 | 180 | 270;

/** Of the page's visible characters, the share that decides; a stamp or a chart's labels never reach it. */
const MOST = 0.7;
/** Fewer lines are a label. */
const LINES = 3;

export function turnOf({ words, lines }: PageLines): Turn | null {
  const chars = new Map<number, number>();
  const counts = new Map<number, number>();
  let all = 0;
  for (const { from, to, angle } of lines) {
    for (let i = from; i < to; i++) {
      const { hidden, text } = words[i]!;
      if (hidden === true) continue;
      all += text.length;
      chars.set(angle, (chars.get(angle) ?? 0) + text.length);
    }
    counts.set(angle, (counts.get(angle) ?? 0) + 1);
  }
  const turns: Turn[] = [90, 180, 270];
  return turns.find((turn) => (counts.get(turn) ?? 0) >= LINES && (chars.get(turn) ?? 0) >= MOST * all) ?? null;
}

export function turnPage(page: PageLines, turn: Turn): PageLines {
  const by = <T extends { box: Box }>(thing: T): T => ({ ...thing, box: turnBox(thing.box, turn, page.size) });
  const across = turn !== 180;
  const angles = anglesOf(page);
  return {
    ...page,
    size: turnSize(page.size, turn),
    words: page.words.map((word, i) => ({
      ...by(word),
      baseline: word.baseline + shiftOf(angles[i]!, turn, page.size),
    })),
    lines: page.lines.map((line) => ({ ...by(line), angle: (line.angle - turn + 360) % 360 })),
    rules: page.rules.map((rule) => ({ ...by(rule), horizontal: across ? !rule.horizontal : rule.horizontal })),
    fills: page.fills.map(by),
    drawings: page.drawings.map(by),
    images: page.images.map(by),
    links: page.links.map(by),
    widgets: page.widgets.map(by),
  };
}

function anglesOf({ words, lines }: PageLines): Int16Array {
  const angles = new Int16Array(words.length);
  for (const { from, to, angle } of lines) angles.fill(angle, from, to);
  return angles;
}

/** A baseline is measured from the origin, which the turn moves. */
function shiftOf(angle: number, turn: Turn, { width, height }: PageSize): number {
  const after = ((angle - turn) * Math.PI) / 180;
  const [x, y] = turn === 90 ? [height, 0] : turn === 180 ? [width, height] : [0, width];
  return Math.round(x * Math.sin(after) + y * Math.cos(after));
}

function turnSize(size: PageSize, turn: Turn): PageSize {
  return turn === 180 ? size : { ...size, width: size.height, height: size.width };
}

function turnBox([x0, y0, x1, y1]: Box, turn: Turn, { width, height }: PageSize): Box {
  if (turn === 90) return [height - y1, x0, height - y0, x1];
  if (turn === 180) return [width - x1, height - y1, width - x0, height - y0];
  return [y0, width - x1, y1, width - x0];
}

/** @param size the sheet's own */
export function turnBack(made: PageBlocks, turn: Turn, size: PageSize): PageBlocks {
  const back = backFrom(turn, size);
  return {
    ...made,
    size,
    turn,
    lines: made.lines.map((line) => (line.box === undefined ? line : { ...line, box: back(line.box) })),
    blocks: made.blocks.map((block) => turnBlock(block, back)),
  };
}

/** For those who look at proposals. */
export function turnProposal(proposal: Proposal, turn: Turn, size: PageSize): Proposal {
  const back = backFrom(turn, size);
  const box = back(proposal.box);
  return proposal.kind === "figure" ? { ...proposal, box, crop: back(proposal.crop) } : { ...proposal, box };
}

type Back = (box: Box) => Box;

function backFrom(turn: Turn, size: PageSize): Back {
  const inverse = (360 - turn) as Turn;
  return (box) => turnBox(box, inverse, turnSize(size, turn));
}

function turnBlock(block: Block, back: Back): Block {
  const place = <T extends Placed>(one: T): T => ({ ...one, box: back(one.box) });
  const turned = { ...block, places: block.places.map(place) };
  const inner = (blocks: readonly Block[]) => blocks.map((one) => turnBlock(one, back));
  switch (turned.kind) {
    case "list":
      return { ...turned, items: turned.items.map((item) => ({ ...item, blocks: inner(item.blocks) })) };
    case "note":
      return { ...turned, blocks: inner(turned.blocks) };
    case "figure":
      return { ...turned, crop: place(turned.crop) };
    case "table": {
      const cells = turned.cells.map((cell): Cell => {
        const own = { ...cell, blocks: inner(cell.blocks) };
        return cell.box === undefined ? own : { ...own, box: back(cell.box) };
      });
      return { ...turned, cells, parts: turned.parts.map(place) };
    }
    default:
      return turned;
  }
}
