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
  table: {
    bias: -1.5,
    weights: {
      ruled: 2.5,
      framed: 1.5,
      rules: 1,
      rows: 0.8,
      columns: 2,
      twoColumns: -0.8,
      oneRow: -4,
      filled: 1,
      numeric: 2.5,
      long: -2,
      sentences: -2,
      runsOn: -6,
      fill: -3,
      single: 0.8,
      caption: 2,
      leaders: -4,
      labels: -5,
      inner: -4,
      drawing: -5,
      figure: -7,
      few: -1,
      uneven: -0.5,
      holds: -4,
    },
  },
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
