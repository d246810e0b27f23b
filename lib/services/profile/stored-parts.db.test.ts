import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { leftEdgesOf } from "#lib/stats/bin-pages.ts";
import { binOf, leftEdgeOfBin, leftEdgeOn } from "#lib/stats/float-grid.ts";

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
  const rows = Object.entries(stored).map(([feature, { resolution, edges, counts }]) => {
    const bits = [...new BigUint64Array(Float64Array.from(edges).buffer)];
    const own = counts ?? edges.map((_, i) => i + 1);
    return `SELECT '${workspaceId}', '${modelId}', '${baselineId}', 'feature', '${feature}', 1, 1, ${resolution},
      arrayMap(b -> reinterpretAsFloat64(b), CAST([${bits.join(", ")}], 'Array(UInt64)')), CAST([${own.join(", ")}], 'Array(UInt64)')`;
  });
  await stores.clickhouse.command({
    query: `INSERT INTO baseline_profiles (workspace_id, model_id, baseline_id, subject, feature, row_count, numeric_count, resolution, bins, counts)
      ${rows.join(" UNION ALL ")}`,
  });
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
/** The bins of a value and of those so many further up. */
const binsFrom = (resolution: number, value: number, steps: readonly number[]) => {
  const bin = binOf(value, { resolution, zeroFloor: 0 });
  return steps.map((step) => leftEdgeOfBin(bin + BigInt(step), resolution));
};
const run = (resolution: number, value: number, length: number) =>
  binsFrom(resolution, value, [...Array(length).keys()]);

const everyMagnitude = [-1.7e308, -8, -1, -1e-300, -5e-324, 0, 1e-300, 1, 3, 1.7e308];
const lastBelow = leftEdgeOfBin(2n ** 16n - 1n, 5);

const cases: Record<string, Stored> = {
  none: { resolution: 52, edges: [] },
  zero: { resolution: 5, edges: [0] },
  "one below zero": { resolution: 9, edges: edgesOf(9, [-3]) },
  "one that ends at zero": { resolution: 5, edges: [lastBelow] },
  "every magnitude": { resolution: 5, edges: edgesOf(5, everyMagnitude) },
  "every magnitude, coarser": {
    resolution: 4,
    edges: edgesOf(4, everyMagnitude),
  },
  "across zero, below 2": {
    resolution: 6,
    edges: edgesOf(6, [-1.99, -0.5, 0, 0.5, 1.99]),
  },
  "across zero, from 2": { resolution: 6, edges: edgesOf(6, [-2, 0, 0.5]) },
  "every magnitude, finer": { resolution: 20, edges: edgesOf(20, everyMagnitude) },
  "below zero": { resolution: 14, edges: run(14, -2.01, 600) },
  "above zero": { resolution: 14, edges: run(14, 1.99, 600) },
  "with something in the low word": {
    resolution: 21,
    edges: run(21, 1_000, 5),
  },
  "more than a reader begins with": { resolution: 14, edges: run(14, 1, 5_000) },
  exact: { resolution: 52, edges: [-0.1, 0, 0.1, 1e9] },
  "large counts": {
    resolution: 5,
    edges: run(5, 1, 7),
    counts: [1, 255, 256, 65_535, 65_536, 4_294_967_296, Number.MAX_SAFE_INTEGER],
  },
  "middling counts": {
    resolution: 52,
    edges: [1, 2, 3],
    counts: [255, 256, 65_535],
  },
};

test("a scan answers bins and counts as they are stored, in whatever form they are sent", async () => {
  const found = await scanStored(cases);
  expect(found.size).toBe(Object.keys(cases).length);
  for (const [feature, { resolution, edges, counts }] of Object.entries(cases))
    expect([feature, found.get(feature)]).toEqual([
      feature,
      {
        isNumbered: resolution <= 20 && edges.length > 0,
        edges,
        counts: counts ?? edges.map((_, i) => i + 1),
      },
    ]);
});

test("two bins are told apart however far apart they lie", async () => {
  const near: Record<string, Stored> = {};
  for (const resolution of [6, 9, 12, 15, 17, 19, 20])
    for (const value of [1, 1.44, 1.99, -1, -1.44, -1.99])
      for (const step of [1, 255, 256, 65_535, 65_536, 16_777_215, 16_777_216]) {
        // A double has some thousand octaves above 1.
        if (step > 1_000 * 2 ** resolution) continue;
        near[`${resolution} ${value} ${step}`] = {
          resolution,
          edges: binsFrom(resolution, value, [0, value < 0 ? -step : step]).sort((a, b) => a - b),
        };
      }
  const found = await scanStored(near);
  for (const [feature, { edges }] of Object.entries(near))
    expect([feature, found.get(feature)?.edges]).toEqual([feature, edges]);
});

test.each([
  ["sent as a number", { resolution: 5, edges: [1, Number.POSITIVE_INFINITY] }],
  ["sent as half of it", { resolution: 10, edges: [0, Number.POSITIVE_INFINITY] }],
  ["sent as it is", { resolution: 52, edges: [1, Number.NaN] }],
])("a stored bin that is no number is refused, %s", async (_, stored) => {
  await expect(scanStored({ broken: stored })).rejects.toThrow("no finite edge");
});

test("a scan answers how often each value occurs as it is stored", async () => {
  const place = { modelId, baselineId: randomUUID(), subjects: ["feature"] };
  const counts = [Number.MAX_SAFE_INTEGER, 65_536, 65_535, 256, 255, 1];
  const stored: Record<string, number[]> = { many: counts, few: [255, 1], none: [] };
  const rows = Object.entries(stored).map(
    ([feature, own]) =>
      `SELECT '${workspaceId}', '${modelId}', '${place.baselineId}', 'feature', '${feature}', 1,
        arrayMap(i -> toString(i), range(${own.length})), CAST([${own.join(", ")}], 'Array(UInt64)')`,
  );
  await stores.clickhouse.command({
    query: `INSERT INTO baseline_profiles (workspace_id, model_id, baseline_id, subject, feature, row_count, value_names, value_counts)
      ${rows.join(" UNION ALL ")}`,
  });
  const found: Record<string, number[]> = {};
  for await (const scanned of scopeClickHouse(stores.clickhouse, workspaceId).scan(
    baselineProfiles,
    place,
  ))
    for (const { feature, profile } of scanned) {
      expect(profile.valueNames).toEqual(stored[feature]?.map((_, i) => String(i)));
      found[feature] = Array.from(profile.valueCounts);
    }
  expect(found).toEqual(stored);
});

const sentColumns = [
  "bin_base",
  "first_place",
  "bin_gap_bytes",
  "bin_count",
  "count_bytes",
  "value_count_bytes",
  "exact_edges",
] as const;

test("profiles that were stored before their sent form was are read alike, before and after their parts are merged", async () => {
  const table = `profiles_before_${randomUUID().replaceAll("-", "")}`;
  const command = (query: string) => stores.clickhouse.command({ query });
  const ask = async (query: string) =>
    (await stores.clickhouse.query({ query, format: "JSONEachRow" })).json<
      Record<string, unknown>
    >();
  const sent = (from: string) =>
    ask(
      `SELECT feature, ${sentColumns.join(", ")} FROM ${from} FINAL WHERE model_id = '${modelId}' ORDER BY baseline_id, subject, feature`,
    );
  const storedColumns = async () =>
    (
      await ask(
        `SELECT DISTINCT column FROM system.parts_columns WHERE active AND table = '${table}' AND column IN (${sentColumns.map((name) => `'${name}'`).join(", ")})`,
      )
    ).length;

  await scanStored(cases);
  const written = await sent("baseline_profiles");
  expect(written.length).toBeGreaterThanOrEqual(Object.keys(cases).length);
  await command(`CREATE TABLE ${table} AS baseline_profiles`);
  try {
    for (const name of [...sentColumns].reverse())
      await command(`ALTER TABLE ${table} DROP COLUMN ${name}`);
    await command(
      `INSERT INTO ${table} SELECT * EXCEPT exact_edges FROM baseline_profiles WHERE model_id = '${modelId}'`,
    );
    for (const migration of ["0010_profile_sent_form", "0014_profile_lists"])
      await command(await addingStatement(migration, table));
    expect(await storedColumns()).toBe(0);
    expect(await sent(table)).toEqual(written);
    await command(`OPTIMIZE TABLE ${table} FINAL`);
    expect(await storedColumns()).toBe(sentColumns.length);
    expect(await sent(table)).toEqual(written);
  } finally {
    await command(`DROP TABLE ${table} SYNC`);
  }
});

/** What a migration does to the baselines' profiles, done to another table. */
async function addingStatement(migration: string, table: string): Promise<string> {
  const file = new URL(`../../../db/clickhouse/migrations/${migration}.sql`, import.meta.url);
  const [, statement] = (await readFile(file, "utf8")).split("ALTER TABLE baseline_profiles");
  if (statement === undefined) throw new Error("The migration does not name the table.");
  return `ALTER TABLE ${table}${statement.replace(/;\s*$/, "")}`;
}
