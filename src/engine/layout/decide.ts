/**
 * Proposals → the best set of them that do not contradict each other. The standing rival is ordinary text, whose score
 * is 0: what does not beat it is not taken. A proposal counts by its score and by how much of the page it explains, so
 * that one whole table beats its halves.
 */
import { type Box, height, overlap, width } from "../geometry.ts";
import type { Proposal } from "./propose/proposal.ts";

/** Boxes that share more than this of the smaller one exclude each other, even without a common word. */
const SHARED_AREA = 0.25;
/** What a proposal counts grows with its words by this power: less than 1, so that a large poor one does not beat good ones. */
const BY_WORDS = 0.5;
/** Up to so many rivals are tried in every combination; among more the best comes first. */
const EXACT = 12;

export function decide(proposals: readonly Proposal[]): Proposal[] {
  const winners = proposals.filter((proposal) => proposal.score > 0);
  return rivalsOf(winners)
    .flatMap((rivals) => (rivals.length > EXACT ? greedy(rivals) : best(rivals)))
    .sort((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0]);
}

function worthOf({ score, words, box }: Proposal): number {
  // A picture without words still stands for something.
  return score * (1 + words.length) ** BY_WORDS + 1e-9 * width(box) * height(box);
}

/** Groups of proposals that exclude each other, over any number of steps. */
function rivalsOf(proposals: readonly Proposal[]): Proposal[][] {
  const groups: Proposal[][] = [];
  for (const proposal of proposals) {
    const near = groups.filter((group) => group.some((other) => excludes(proposal, other)));
    const merged = [proposal, ...near.flat()];
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups;
}

function excludes(a: Proposal, b: Proposal): boolean {
  const shared = sharedArea(a.box, b.box);
  if (shared <= 0) return false;
  if (shared > SHARED_AREA * Math.min(areaOf(a.box), areaOf(b.box))) return true;
  const words = new Set(a.words);
  return b.words.some((word) => words.has(word));
}

function sharedArea(a: Box, b: Box): number {
  return Math.max(0, overlap(a[0], a[2], b[0], b[2])) * Math.max(0, overlap(a[1], a[3], b[1], b[3]));
}

function areaOf(box: Box): number {
  return Math.max(1, width(box) * height(box));
}

function greedy(rivals: readonly Proposal[]): Proposal[] {
  const taken: Proposal[] = [];
  for (const proposal of rivals.toSorted((a, b) => worthOf(b) - worthOf(a))) {
    if (!taken.some((other) => excludes(proposal, other))) taken.push(proposal);
  }
  return taken;
}

function best(rivals: readonly Proposal[]): Proposal[] {
  let [most, set] = [0, [] as Proposal[]];
  const visit = (at: number, value: number, taken: Proposal[]) => {
    if (value > most) [most, set] = [value, [...taken]];
    for (let i = at; i < rivals.length; i++) {
      const next = rivals[i]!;
      if (taken.some((other) => excludes(next, other))) continue;
      taken.push(next);
      visit(i + 1, value + worthOf(next), taken);
      taken.pop();
    }
  };
  visit(0, 0, []);
  return set;
}
