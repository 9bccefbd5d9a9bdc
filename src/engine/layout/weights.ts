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
  // Tables: fitted on odl, icdar2013, ppb-tables, ppb-formulas and synth together, each set counting the same. What those
  // have too few examples of (oneRow, leaders, labels, contents, holds) keeps its start value. The bias stands 0.9 above the fitted
  // one: a table missed costs a reader more than a few lines of text in a grid.
  table: {
    bias: -6,
    weights: {
      ruled: 1.6,
      framed: 1.5,
      rules: 1.5,
      rows: 2,
      columns: 0.1,
      twoColumns: -1.2,
      oneRow: -4,
      filled: 3,
      numeric: 0.7,
      long: 0.8,
      sentences: -0.3,
      runsOn: -1.1,
      fill: 0.8,
      single: 2.5,
      caption: 1.4,
      leaders: -3,
      labels: -4,
      contents: -6,
      inner: -3.6,
      drawing: -1.1,
      few: -1.2,
      uneven: -2.1,
      holds: -2,
      figure: -2,
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
