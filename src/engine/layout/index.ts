/**
 * PageLines + Profile → PageBlocks, pure: furniture apart, then proposals and the decision between them (tables, figures;
 * ordinary text is the standing rival), regions in reading order, rows to groups, groups to blocks. Every word of the page
 * lies in exactly one block, hidden text and furniture included. What goes on over the page's end is left open as a
 * seam for join.
 */
import type { Edit } from "../document/index.ts";
import type { PageBlocks } from "../page-blocks.ts";
import type { PageLines } from "../page-lines.ts";
import type { Profile } from "../profile.ts";
import { algorithmsOf } from "./algorithms.ts";
import { listingLines } from "./blocks/code.ts";
import { writeFurniture } from "./blocks/furniture.ts";
import { writeBlocks } from "./blocks/index.ts";
import { addTableCaptions } from "./captions.ts";
import { decide } from "./decide.ts";
import { fieldsOf } from "./fields.ts";
import { flowOf } from "./flow.ts";
import { type Line, linesOf, textLine } from "./lines.ts";
import { type Furniture, setFurnitureApart } from "./margins.ts";
import { propose } from "./propose/index.ts";
import type { Traced } from "./propose/proposal.ts";
import { regionsOf } from "./reading-order.ts";
import { seamsOf } from "./seams.ts";
import { cutOut, standIn } from "./solids.ts";
import { turnBack, turnOf, turnPage, turnProposal } from "./turned.ts";
import { addTurnedHeads } from "./turned-heads.ts";

interface Apart {
  text: Line[];
  furniture: Furniture[];
}

/** @param trace is told every proposal, its features and score, and whether it was taken */
export function layOut(page: PageLines, profile: Profile, trace?: (proposals: Traced[]) => void): PageBlocks {
  const whole = linesOf(page);
  const apart = setFurnitureApart(whole, page, profile);
  const turn = turnOf(page);
  if (turn === null) return layOutUpright(page, whole, apart, profile, trace);
  const turned = turnPage(page, turn);
  const lines = linesOf(turned);
  const back = (traced: Traced[]) =>
    trace?.(traced.map((one) => ({ ...one, proposal: turnProposal(one.proposal, turn, page.size) })));
  const made = layOutUpright(turned, lines, furnitureAgain(apart.furniture, lines, turn), profile, back);
  return turnBack(made, turn, page.size);
}

/** What was furniture on the sheet is so in the turned frame, but for turned text at the sheet's sides: no stamp there. */
function furnitureAgain(furniture: readonly Furniture[], lines: readonly Line[], turn: number): Apart {
  const roles = new Map<number, Furniture["role"]>();
  for (const { role, line } of furniture) {
    if (role === "margin" && line.angle === turn) continue;
    line.words.forEach((_, i) => {
      roles.set(line.from + i, role);
    });
  }
  const apart: Apart = { text: [], furniture: [] };
  for (const line of lines) {
    const role = roles.get(line.from);
    if (role === undefined) apart.text.push(line);
    else apart.furniture.push({ role, line });
  }
  return apart;
}

function layOutUpright(
  page: PageLines,
  whole: readonly Line[],
  apart: Apart,
  profile: Profile,
  trace?: (proposals: Traced[]) => void,
): PageBlocks {
  const algorithms = algorithmsOf(page, apart.text);
  const steps = new Set(algorithms.flatMap(({ words }) => words));
  const free = steps.size === 0 ? apart.text : apart.text.filter((line) => !steps.has(line.from));
  const listings = listingLines(free, page, profile);
  const proposals = propose(
    page,
    free.filter((line) => !listings.has(line)),
    profile,
  );
  const chosen = decide(proposals);
  addTurnedHeads(chosen, apart.text);
  addTableCaptions(chosen, free);
  trace?.(proposals.map((proposal) => ({ proposal, chosen: chosen.includes(proposal) })));
  const fields = fieldsOf(page, free, chosen);
  const { lines, text, solids } = cutOut(whole, apart.text, [...chosen, ...algorithms, ...fields.free], page);
  const regions = regionsOf([...text, ...solids.map((solid) => standIn(solid, page))]);
  const columns = new Map<Line, number>();
  regions.forEach((region, column) => {
    for (const line of region.lines) for (const own of line.solid?.lines ?? [line]) columns.set(own, column);
  });
  const edits: Edit[] = [];
  const { before, after } = writeFurniture(apart.furniture, page, profile.words);
  const flow = flowOf(regions, page.size.number, profile);
  const body = writeBlocks(flow, page, profile, fields.inTables, edits);
  return {
    size: page.size,
    lines: lines.map((line) => textLine(line, columns.get(line))),
    blocks: [...before, ...body.blocks, ...after],
    edits,
    warnings: page.warnings,
    seams: seamsOf(body.tails, before.length, page.size, profile),
  };
}
