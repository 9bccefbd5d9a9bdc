/** Which proposals are taken: a whole or its parts, one table or two. */
import { expect, test } from "vitest";
import { decide } from "../../../src/engine/layout/decide.ts";
import type { TableProposal } from "../../../src/engine/layout/propose/proposal.ts";

/** A table of the words from one index to another, ten a line. */
function table(from: number, to: number, score: number): TableProposal {
  return {
    kind: "table",
    method: "unruled",
    grid: { rows: 2, columns: 2, cells: [] },
    box: [0, from * 100, 1000, to * 100],
    words: Array.from({ length: to - from }, (_, i) => from + i),
    features: {},
    score,
  };
}

test("a whole does not lose to itself cut up, though each part by itself is likely", () => {
  const whole = table(0, 150, 2.8);
  const parts = [2, 1.34, 1.24, 1.05, 0.95].map((score, i) => table(i * 30, (i + 1) * 30, score));
  expect(decide([...parts, whole])).toEqual([whole]);
});

test("two good tables apart beat the poor one of both", () => {
  const both = table(0, 120, 1.2);
  const apart = [table(0, 60, 3), table(60, 120, 3)];
  expect(decide([both, ...apart])).toEqual(apart);
});

test("a few words that only just look like a table are not worth beginning one, however many stand apart", () => {
  const scraps = [table(0, 4, 0.3), table(10, 14, 0.3), table(20, 24, 0.3)];
  expect(decide(scraps)).toEqual([]);
});

test("beyond what can be tried in all combinations, too, nothing that loses is taken", () => {
  const scraps = Array.from({ length: 14 }, (_, i) => table(i, i + 4, 0.2));
  expect(decide(scraps)).toEqual([]);
});
