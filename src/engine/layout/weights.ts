/**
 * The weights of score, as data. test/fit/tables.ts fits those of tables again, and prints them in this form. Features are about
 * 0..1, so that a weight is what the feature can add to the log odds.
 */
import type { Proposal } from "./propose/proposal.ts";

export interface Model {
  bias: number;
  weights: Readonly<Record<string, number>>;
}

export const MODELS: Readonly<Record<Proposal["kind"], Model>> = {
  table: { bias: 0, weights: {} },
  figure: {
    bias: -1,
    weights: {
      picture: 2,
      drawn: 2,
      bars: 2,
      caption: 2,
      icon: -2.5,
      background: -5,
      running: -5,
      text: -4,
      edge: -1.5,
      zone: -3,
    },
  },
};
