import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeSample, SAMPLE_FILE } from "./sample.ts";

test("the sample that npm start converts is what its text makes", () => {
  expect(Buffer.from(makeSample()).equals(readFileSync(SAMPLE_FILE))).toBe(true);
});
