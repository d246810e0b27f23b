import { createReadStream } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import { computeJsDistanceBit, computeJsDistanceNat } from "#lib/stats/jensen-shannon.ts";
import {
  computeKs,
  computeKsOfHistograms,
  ksPValueAsymptotic,
} from "#lib/stats/kolmogorov-smirnov.ts";
import { histogramOf } from "#lib/stats/numeric-histogram.ts";
import reference from "#lib/stats/reference/flights.json" with { type: "json" };

/** The demo's own rows, read by the engine, against what scipy says of the same rows. */
const file = new URL(
  "../../../node_modules/vega-datasets/data/flights-3m.parquet",
  import.meta.url,
);
const table = "flights_against_scipy";
const columns = {
  distance: "toFloat64(distance)",
  delay: "toFloat64(delay)",
  departure_hour: "toFloat64(toHour(date))",
} as const;

let stores: TestStores;

beforeAll(async () => {
  stores = openStores();
  await stores.clickhouse.command({ query: `DROP TABLE IF EXISTS ${table}` });
  await stores.clickhouse.command({
    query: `CREATE TABLE ${table} (date DateTime64(3, 'UTC'), delay Int32, distance Int32, origin String, destination String)
            ENGINE = MergeTree ORDER BY date`,
  });
  await stores.clickhouse.insert({ table, values: createReadStream(file), format: "Parquet" });
});

afterAll(async () => {
  await stores.clickhouse.command({ query: `DROP TABLE IF EXISTS ${table}` });
  await stores.close();
});

async function read<T>(select: string, [from, until]: readonly string[], tail = ""): Promise<T[]> {
  const result = await stores.clickhouse.query({
    query: `SELECT ${select} FROM ${table} WHERE date >= {from: String} AND date < {until: String} ${tail}`,
    query_params: { from, until },
    format: "JSONCompactEachRow",
  });
  return result.json<T>();
}

describe.each(reference.numeric)("$feature of the flights", (expected) => {
  const select = columns[expected.feature as keyof typeof columns];
  const numbers = async (side: readonly string[]) =>
    (await read<[number]>(select, side)).map(([value]) => value);

  test("is as far from January as scipy says: from rows to 1e-9, from profiles within the bound that is shown", async () => {
    const [baseline, window] = [await numbers(reference.baseline), await numbers(reference.window)];
    expect([baseline.length, window.length]).toEqual([
      expected.baselineCount,
      expected.windowCount,
    ]);
    const exact = computeKs(baseline, window) ?? Number.NaN;
    expect(Math.abs(exact - expected.ks)).toBeLessThan(1e-9);
    const pValue = ksPValueAsymptotic(exact, baseline.length, window.length);
    expect(Math.abs(pValue - expected.pValue)).toBeLessThan(1e-6 * expected.pValue + 1e-300);
    const binned = computeKsOfHistograms(histogramOf(baseline), histogramOf(window));
    expect(binned?.value ?? Number.NaN).toBeLessThanOrEqual(expected.ks + 1e-12);
    expect(binned?.upperBound ?? Number.NaN).toBeGreaterThanOrEqual(expected.ks - 1e-12);
  });
});

describe.each(reference.categorical)("$feature of the flights", (expected) => {
  test("is as far from January as scipy says, to 1e-9", async () => {
    const count = async (side: readonly string[]) =>
      new Map(await read<[string, number]>(`${expected.feature}, count()`, side, "GROUP BY 1"));
    const [baseline, window] = [await count(reference.baseline), await count(reference.window)];
    const names = [...new Set([...baseline.keys(), ...window.keys()])];
    expect(names).toHaveLength(expected.categoryCount);
    const cells = {
      baseline: names.map((name) => baseline.get(name) ?? 0),
      window: names.map((name) => window.get(name) ?? 0),
    };
    expect(computeJsDistanceNat(cells)).toBeCloseTo(expected.jsDistanceNat, 9);
    expect(computeJsDistanceBit(cells)).toBeCloseTo(expected.jsDistanceBit, 9);
    const chi = computeChiSquared(cells);
    expect((chi?.statistic ?? Number.NaN) / expected.chiSquared).toBeCloseTo(1, 9);
    expect(chi?.degreesOfFreedom).toBe(expected.degreesOfFreedom);
  });
});
