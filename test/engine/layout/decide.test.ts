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

test("one whole table beats a half of it that is no likelier", () => {
  const whole = table(0, 120, 2);
  expect(decide([table(0, 60, 2), whole])).toEqual([whole]);
});

test("two good tables apart beat the poor one of both", () => {
  const both = table(0, 120, 1.2);
  const apart = [table(0, 60, 3), table(60, 120, 3)];
  expect(decide([both, ...apart])).toEqual(apart);
});
