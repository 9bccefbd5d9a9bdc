import { expect, test } from "vitest";
import { regionOf } from "../../../src/engine/writers/markdown/pixels.ts";

const PAGE = { number: 1, width: 60000, height: 80000, scale: 2 };

test("a region lies within its page and has an area", () => {
  const region = (x0: number, y0: number, x1: number, y1: number) => Object.values(regionOf([x0, y0, x1, y1], PAGE));
  expect(region(1000, 2000, 3000, 4000)).toEqual([20, 40, 40, 40]);
  expect(region(1000, 2000, 3000, 2000)).toEqual([20, 40, 40, 1]);
  expect(region(-500, -500, 100, 100)).toEqual([0, 0, 2, 2]);
  expect(region(61000, 79990, 62000, 81000)).toEqual([1199, 1599, 1, 1]);
});
