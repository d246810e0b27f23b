import { expect, test } from "vitest";
import { BinPages, binNumbersOf, leftEdgesOf } from "#lib/stats/bin-pages.ts";
import { binOf, leftEdgeOfBin } from "#lib/stats/float-grid.ts";

const values = [
  -Number.MAX_VALUE,
  -1e9,
  -2,
  -1.0000001,
  -1,
  -1e-300,
  -Number.MIN_VALUE,
  0,
  Number.MIN_VALUE,
  1e-9,
  0.1,
  1,
  1.9999999,
  2,
  1e9,
  Number.MAX_VALUE,
];
const resolutions = Array.from({ length: 21 }, (_, resolution) => resolution);

test.each(resolutions)(
  "at resolution %i a bin's number is the grid's, counted from zero",
  (resolution) => {
    const grid = { resolution, zeroFloor: 0 };
    const bins = values.map((x) => binOf(x, grid));
    const edges = bins.map((bin) => leftEdgeOfBin(bin, resolution));
    const numbers = binNumbersOf(edges, resolution);
    expect([...numbers]).toEqual(bins.map((bin) => Number(bin - binOf(0, grid))));
    expect([...leftEdgesOf(numbers, resolution)]).toEqual(edges);
  },
);

test("pages hold what was added, in rising order, whatever its order and however far apart", () => {
  const pages = new BinPages();
  pages.add(
    Int32Array.of(-65, -64, -1, 0, 1, 63, 64, 100_000),
    Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  );
  pages.add(Int32Array.of(64, -1, 2_147_483_647, -2_147_483_648), Float64Array.of(10, 20, 30, 40));
  const { numbers, counts } = pages.toBins();
  expect([...numbers]).toEqual([
    -2_147_483_648, -65, -64, -1, 0, 1, 63, 64, 100_000, 2_147_483_647,
  ]);
  expect([...counts]).toEqual([40, 1, 2, 23, 4, 5, 6, 17, 8, 30]);
  expect(pages.pageCount).toBe(7);
});

test("numbers of a finer grid fall into the bins that hold them", () => {
  const pages = new BinPages();
  pages.add(Int32Array.of(-5, -4, -1, 0, 3, 4), Float64Array.of(1, 2, 3, 4, 5, 6), 2);
  expect(pages.toBins()).toEqual({
    numbers: Int32Array.of(-2, -1, 0, 1),
    counts: Float64Array.of(1, 5, 9, 6),
  });
});
