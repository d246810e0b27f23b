import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { leftEdgesOf } from "#lib/stats/bin-pages.ts";
import { leftEdgeOfBin, leftEdgeOn, rightEdgeOn } from "#lib/stats/float-grid.ts";

let stores: TestStores;

beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());

const workspaceId = randomUUID();
const modelId = randomUUID();

interface Stored {
  resolution: number;
  edges: number[];
  counts?: number[];
}

/** By the bits of the edges: a number that is printed and parsed may be its neighbour. */
async function scanStored(stored: Record<string, Stored>) {
  const baselineId = randomUUID();
  for (const [feature, { resolution, edges, counts }] of Object.entries(stored)) {
    const bits = [...new BigUint64Array(Float64Array.from(edges).buffer)];
    const own = counts ?? edges.map((_, i) => i + 1);
    await stores.clickhouse.command({
      query: `INSERT INTO baseline_profiles (workspace_id, model_id, baseline_id, subject, feature, row_count, numeric_count, resolution, bins, counts)
        SELECT '${workspaceId}', '${modelId}', '${baselineId}', 'feature', '${feature}', 1, 1, ${resolution},
          arrayMap(b -> reinterpretAsFloat64(b), CAST([${bits.join(", ")}], 'Array(UInt64)')), [${own.join(", ")}]`,
    });
  }
  const scanned = scopeClickHouse(stores.clickhouse, workspaceId).scan(baselineProfiles, {
    modelId,
    baselineId,
    subjects: ["feature"],
  });
  const found = new Map<string, { isNumbered: boolean; edges: number[]; counts: number[] }>();
  for await (const rows of scanned) {
    for (const { feature, profile } of rows) {
      const isNumbered = "numbers" in profile;
      const edges = isNumbered ? leftEdgesOf(profile.numbers, profile.resolution) : profile.edges;
      found.set(feature, {
        isNumbered,
        edges: Array.from(edges),
        counts: Array.from(profile.counts),
      });
    }
  }
  return found;
}

const edgesOf = (resolution: number, values: number[]) => [
  ...new Set(values.map(leftEdgeOn({ resolution, zeroFloor: 0 }))),
];
/** So many bins apart. */
const stepFrom = (edge: number, resolution: number, steps: number) => {
  let end = edge;
  const next = rightEdgeOn({ resolution, zeroFloor: 0 });
  for (let step = 0; step < steps; step += 1) end = next(end);
  return end;
};
const run = (resolution: number, from: number, length: number) => {
  const [edge = 0] = edgesOf(resolution, [from]);
  return Array.from({ length }, (_, i) => stepFrom(edge, resolution, i));
};

const everyMagnitude = [-1.7e308, -8, -1, -1e-300, -5e-324, 0, 1e-300, 1, 3, 1.7e308];
const lastBelow = leftEdgeOfBin(2n ** 16n - 1n, 5);

const cases: Record<string, Stored & { isNumbered: boolean }> = {
  none: { resolution: 52, edges: [], isNumbered: false },
  zero: { resolution: 5, edges: [0], isNumbered: true },
  "one below zero": { resolution: 9, edges: edgesOf(9, [-3]), isNumbered: true },
  "one that ends at zero": { resolution: 5, edges: [lastBelow], isNumbered: true },
  "every magnitude": { resolution: 5, edges: edgesOf(5, everyMagnitude), isNumbered: true },
  "every magnitude, coarser": {
    resolution: 4,
    edges: edgesOf(4, everyMagnitude),
    isNumbered: false,
  },
  "across zero, below 2": {
    resolution: 6,
    edges: edgesOf(6, [-1.99, -0.5, 0, 0.5, 1.99]),
    isNumbered: true,
  },
  "across zero, from 2": { resolution: 6, edges: edgesOf(6, [-2, 0, 0.5]), isNumbered: false },
  "below zero": { resolution: 14, edges: run(14, -2.01, 600), isNumbered: true },
  "above zero": { resolution: 14, edges: run(14, 1.99, 600), isNumbered: true },
  "as wide as 16 bits": {
    resolution: 20,
    edges: [1_000, stepFrom(1_000, 20, 65_535)],
    isNumbered: true,
  },
  "a bin wider": {
    resolution: 20,
    edges: [1_000, stepFrom(1_000, 20, 65_536)],
    isNumbered: false,
  },
  "as wide, below zero": {
    resolution: 20,
    edges: [edgesOf(20, [-1_000])[0] ?? 0, stepFrom(edgesOf(20, [-1_000])[0] ?? 0, 20, 65_535)],
    isNumbered: true,
  },
  "with something in the low word": {
    resolution: 21,
    edges: run(21, 1_000, 5),
    isNumbered: false,
  },
  exact: { resolution: 52, edges: [-0.1, 0, 0.1, 1e9], isNumbered: false },
  "large counts": {
    resolution: 5,
    edges: run(5, 1, 7),
    counts: [1, 255, 256, 65_535, 65_536, 4_294_967_296, Number.MAX_SAFE_INTEGER],
    isNumbered: true,
  },
  "middling counts": {
    resolution: 52,
    edges: [1, 2, 3],
    counts: [255, 256, 65_535],
    isNumbered: false,
  },
};

test("a scan answers bins and counts as they are stored, in whatever form they are sent", async () => {
  const found = await scanStored(cases);
  expect(found.size).toBe(Object.keys(cases).length);
  for (const [feature, { edges, counts, isNumbered }] of Object.entries(cases))
    expect([feature, found.get(feature)]).toEqual([
      feature,
      { isNumbered, edges, counts: counts ?? edges.map((_, i) => i + 1) },
    ]);
});

test.each([
  ["sent as a number", { resolution: 10, edges: [Number.POSITIVE_INFINITY] }],
  ["sent as it is", { resolution: 52, edges: [1, Number.NaN] }],
])("a stored bin that is no number is refused, %s", async (_, stored) => {
  await expect(scanStored({ broken: stored })).rejects.toThrow("no finite edge");
});
