import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  binOf,
  chooseGrid,
  finestResolution,
  leftEdgeOf,
  leftEdgeOfBin,
  rightEdgeOf,
} from "#lib/stats/float-grid.ts";

type Vectors = {
  bins: { x: number; resolution: number; zeroFloor: number; bin: string; leftEdge: number }[];
  grids: {
    name: string;
    values: number[];
    resolution: number;
    zeroFloor: number;
    binCount: number;
  }[];
};
const vectors = JSON.parse(
  readFileSync(new URL("./reference/float-grid.json", import.meta.url), "utf8"),
) as Vectors;

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const resolutions = fc.integer({ min: 0, max: 52 });

describe("the float-bit grid", () => {
  test("gives the bin numbers and left edges that numpy gives", () => {
    expect(vectors.bins.length).toBeGreaterThan(100);
    for (const { x, bin, leftEdge, ...grid } of vectors.bins) {
      expect([x, grid, binOf(x, grid).toString()]).toEqual([x, grid, bin]);
      expect([x, grid, leftEdgeOf(x, grid)]).toEqual([x, grid, leftEdge]);
      expect(leftEdgeOfBin(BigInt(bin), grid.resolution)).toBe(leftEdge);
    }
  });

  test.each(vectors.grids)("chooses the grid that numpy chooses: $name", (vector) => {
    const grid = chooseGrid(vector.values);
    expect(grid).toEqual({ resolution: vector.resolution, zeroFloor: vector.zeroFloor });
    expect(new Set(vector.values.map((x) => leftEdgeOf(x, grid))).size).toBe(vector.binCount);
  });

  test("keeps the order of values, and puts each between its edges", () => {
    fc.assert(
      fc.property(finite, finite, resolutions, (a, b, resolution) => {
        const grid = { resolution, zeroFloor: 0 };
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(leftEdgeOf(low, grid)).toBeLessThanOrEqual(leftEdgeOf(high, grid));
        expect(leftEdgeOf(a, grid)).toBeLessThanOrEqual(a);
        expect(rightEdgeOf(leftEdgeOf(a, grid), grid)).toBeGreaterThan(a);
      }),
    );
  });

  test("an edge and its bin number name each other", () => {
    fc.assert(
      fc.property(finite, resolutions, (x, resolution) => {
        const edge = leftEdgeOf(x, { resolution, zeroFloor: 0 });
        expect(leftEdgeOfBin(binOf(x, { resolution, zeroFloor: 0 }), resolution)).toBe(edge);
      }),
    );
  });

  test("a bin ends where the next one begins, on both sides of zero", () => {
    fc.assert(
      fc.property(finite, resolutions, (x, resolution) => {
        const grid = { resolution, zeroFloor: 0 };
        const next = leftEdgeOfBin(binOf(x, grid) + 1n, resolution);
        expect(Object.is(rightEdgeOf(leftEdgeOf(x, grid), grid), next)).toBe(true);
      }),
      {
        numRuns: 2_000,
        examples: [
          [-5e-324, 52],
          [-1e-310, 3],
          [-1, 0],
          [1, 20],
          [1, 21],
        ],
      },
    );
  });

  test("coarsening an edge is the same as putting the value on the coarser grid", () => {
    const floors = fc.constantFrom(0, 2 ** -20, 2 ** -3, 1, 8);
    fc.assert(
      fc.property(finite, resolutions, resolutions, floors, floors, (x, s, t, f, g) => {
        const fine = { resolution: Math.max(s, t), zeroFloor: Math.min(f, g) };
        const coarse = { resolution: Math.min(s, t), zeroFloor: Math.max(f, g) };
        expect(leftEdgeOf(leftEdgeOf(x, fine), coarse)).toBe(leftEdgeOf(x, coarse));
      }),
    );
  });

  test("minus zero is zero", () => {
    expect(Object.is(leftEdgeOf(-0, { resolution: 52, zeroFloor: 0 }), 0)).toBe(true);
  });

  test("the zero bin ends at the zero floor, the top bin at infinity", () => {
    expect(rightEdgeOf(0, { resolution: 5, zeroFloor: 0.25 })).toBe(0.25);
    expect(rightEdgeOf(Number.MAX_VALUE, { resolution: 52, zeroFloor: 0 })).toBe(Infinity);
  });

  test("the finest resolution within a cap is really the finest", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(finite, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (values, cap) => {
          const distinct = [...new Set(values.map((x) => x + 0))].sort((a, b) => a - b);
          const binCount = (resolution: number) =>
            new Set(distinct.map((x) => leftEdgeOf(x, { resolution, zeroFloor: 0 }))).size;
          const resolution = finestResolution(distinct, 52, cap);
          if (resolution > 0) expect(binCount(resolution)).toBeLessThanOrEqual(cap);
          if (resolution < 52) expect(binCount(resolution + 1)).toBeGreaterThan(cap);
        },
      ),
    );
  });

  test("no values leave the finest grid, which is the identity of merging", () => {
    expect(chooseGrid([])).toEqual({ resolution: 52, zeroFloor: 0 });
  });

  test("a resolution that is none is refused", () => {
    expect(() => leftEdgeOf(1, { resolution: 53, zeroFloor: 0 })).toThrow(RangeError);
    expect(() => leftEdgeOf(1, { resolution: 2.5, zeroFloor: 0 })).toThrow(RangeError);
  });
});
