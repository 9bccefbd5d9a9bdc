/** Features → log odds against ordinary text: a linear model a kind, whose weights are data. */
import type { Proposal } from "./propose/proposal.ts";
import { MODELS } from "./weights.ts";

export function scoreOf({ kind, features }: Pick<Proposal, "kind" | "features">): number {
  const { bias, weights } = MODELS[kind];
  let score = bias;
  for (const [name, value] of Object.entries(features)) score += (weights[name] ?? 0) * value;
  return score;
}
