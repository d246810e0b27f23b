import { describe, expect, test } from "vitest";
import { computeCentroidDistance, computeMmd } from "#lib/stats/embeddings/embedding-drift.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

test("centroid distance, cosine distance and MMD are numpy's", () => {
  const { cases } = readReference<{
    cases: {
      x: number[][];
      y: number[][];
      sigma: number;
      mmd: number;
      centroid: number;
      cosine: number;
    }[];
  }>("embeddings");
  for (const { x, y, sigma, mmd, centroid, cosine } of cases) {
    const distance = computeCentroidDistance(x, y);
    const found = computeMmd(x, y, { random: seededRandom(1), permutationCount: 9 });
    // The same sums in another order; MMD is a difference of such sums.
    expect(disagreement(distance?.distance ?? null, centroid, { rtol: 1e-9 })).toBeUndefined();
    expect(disagreement(distance?.cosineDistance ?? null, cosine, { rtol: 1e-9 })).toBeUndefined();
    expect(disagreement(found?.sigma ?? null, sigma, { rtol: 1e-12 })).toBeUndefined();
    expect(disagreement(found?.value ?? null, mmd, { atol: 1e-12 })).toBeUndefined();
  }
});

const cloud = (count: number, random: () => number, shift = 0): number[][] =>
  Array.from({ length: count }, () => Array.from({ length: 4 }, () => normalFrom(random) + shift));

describe("MMD", () => {
  test("with no drift alarms in at most 8 of 80 runs at 5 %, in one block and in several", () => {
    for (const blockSize of [100, 20]) {
      let alarms = 0;
      for (let run = 0; run < 80; run += 1) {
        const random = seededRandom(run + 1);
        const found = computeMmd(cloud(60, random), cloud(45, random), {
          random,
          permutationCount: 39,
          blockSize,
        });
        if ((found?.pValue ?? 0) <= 0.05) alarms += 1;
      }
      // 97.5 % of the time at most 8 of 80 at a rate of 5 %.
      expect(alarms).toBeLessThanOrEqual(8);
    }
  });

  test("finds a shift, in blocks too", () => {
    const random = seededRandom(3);
    const [x, y] = [cloud(200, random), cloud(150, random, 0.6)];
    expect(computeMmd(x, y, { random, permutationCount: 99 })?.pValue).toBe(0.01);
    const blocks = computeMmd(x, y, { random, permutationCount: 99, blockSize: 50 });
    expect(blocks).toMatchObject({ pValue: 0.01, blockCount: 4 });
  });
});

test("degenerate sides have the answers that are theirs", () => {
  const random = seededRandom(1);
  expect(computeCentroidDistance([], [[1]])).toBeNull();
  expect(computeCentroidDistance([[1, 2]], [[1]])).toBeNull();
  expect(computeMmd([[1]], [[1], [2]], { random })).toBeNull();
  expect(computeCentroidDistance([[1], [1]], [[1]])).toMatchObject({
    distance: 0,
    cosineDistance: 0,
  });
  expect(computeCentroidDistance([[1], [1]], [[2]])?.distance).toBeNull();
  expect(
    computeCentroidDistance(
      [
        [1, 0],
        [-1, 0],
      ],
      [[1, 0]],
    )?.cosineDistance,
  ).toBeNull();
  expect(computeMmd([[1], [1]], [[1], [1]], { random, permutationCount: 9 })).toMatchObject({
    value: 0,
    pValue: 1,
  });
});
