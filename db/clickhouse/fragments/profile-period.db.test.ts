import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs, grains } from "#lib/domain/grain.ts";
import { bucketsBetween, bucketsOfPieces, daysAndNewest } from "./profile-period.ts";
import { pieceParams } from "./profile-window.ts";

const featureCount = 64;
const firstDay = Date.UTC(2026, 8, 29);
const lastDay = Date.UTC(2026, 10, 8);
/** Of five minutes the newest two days. */
const firstOf: Record<Grain, number> = {
  "5m": lastDay - 2 * grainMs["1d"],
  "1h": firstDay,
  "1d": firstDay,
};
const at = (time: string) => new Date(`2026-${time}:00Z`);

let stores: TestStores;
const workspaceId = randomUUID();
const modelId = randomUUID();

beforeAll(async () => {
  stores = openStores();
  for (const grain of grains) {
    const bucketCount = (lastDay - firstOf[grain]) / grainMs[grain];
    await stores.clickhouse.command({
      query: `INSERT INTO bucket_profiles (workspace_id, model_id, environment, version, grain, subject, feature, bucket, row_count)
        SELECT '${workspaceId}', '${modelId}', 'production', '1', '${grain}', 'feature', concat('feature_', toString(place)),
          toDateTime(${firstOf[grain] / 1000} + number * ${grainMs[grain] / 1000}, 'UTC'), 1
        FROM numbers(${bucketCount}) ARRAY JOIN range(${featureCount}) AS place`,
    });
  }
});
afterAll(() => stores.close());

/** Buckets that a condition finds, each with all features, and how many rows the store goes through for it. */
async function ask(condition: string, params: Record<string, unknown>) {
  const source = `FROM bucket_profiles FINAL WHERE workspace_id = '${workspaceId}' AND model_id = '${modelId}'
    AND segment_key = '' AND segment_value = '' AND environment = 'production' AND version = '1' AND subject = 'feature' AND ${condition}`;
  const rowsOf = async <T>(query: string) => {
    const found = await stores.clickhouse.query({
      query,
      query_params: params,
      format: "JSONEachRow",
    });
    return found.json<T>();
  };
  const found = await rowsOf<{ grain: Grain; seconds: number; features: number }>(
    `SELECT grain, toUnixTimestamp(bucket) AS seconds, uniqExact(feature) AS features ${source} GROUP BY grain, bucket`,
  );
  const read = await rowsOf<{ rows: number }>(`EXPLAIN ESTIMATE SELECT count() ${source}`);
  return {
    buckets: found.map(({ grain, seconds, features }) => {
      expect(features).toBe(featureCount);
      return `${grain} ${new Date(seconds * 1000).toISOString()}`;
    }),
    rowsRead: read.reduce((sum, { rows }) => sum + Number(rows), 0),
  };
}

function bucketsIn(grain: Grain, fromTime: Date, untilTime: Date): string[] {
  const listed: string[] = [];
  for (let ms = firstOf[grain]; ms < lastDay; ms += grainMs[grain])
    if (ms >= fromTime.getTime() && ms < untilTime.getTime())
      listed.push(`${grain} ${new Date(ms).toISOString()}`);
  return listed;
}

describe.each<[Grain, string, string, number]>([
  ["1h", "10-15T00:00", "10-16T00:00", 1],
  ["1h", "10-15T13:00", "10-15T14:00", 1],
  ["1h", "10-31T23:00", "11-01T01:00", 2],
  ["1h", "10-31T23:30", "11-01T00:30", 2],
  ["5m", "11-07T12:00", "11-07T12:05", 1],
  ["5m", "11-07T01:55", "11-07T02:05", 2],
  ["1d", "10-15T00:00", "10-16T00:00", 1],
  ["1d", "10-28T00:00", "11-04T00:00", 2],
])("buckets of %s from %s to %s", (grain, from, until, periodCount) => {
  const [fromTime, untilTime] = [at(from), at(until)];
  const bucketsOfPeriod = { "5m": 24, "1h": 24, "1d": 30 }[grain];
  // Where a period begins is known to a granule of 64 rows, and the month's parts may not be merged yet.
  const readMax = periodCount * (bucketsOfPeriod * featureCount + 4 * 64);

  test("are found by their bounds, from their periods alone", async () => {
    const { buckets, rowsRead } = await ask(bucketsBetween(), { grain, fromTime, untilTime });
    expect(buckets.sort()).toEqual(bucketsIn(grain, fromTime, untilTime));
    expect(rowsRead).toBeLessThanOrEqual(readMax);
  });

  test("are found as a piece of a window, from their periods alone", async () => {
    const { buckets, rowsRead } = await ask(
      bucketsOfPieces,
      pieceParams([{ grain, fromTime, untilTime }]),
    );
    expect(buckets.sort()).toEqual(bucketsIn(grain, fromTime, untilTime));
    expect(rowsRead).toBeLessThanOrEqual(readMax);
  });
});

test("a window that begins and ends within a day reads of the hours its two days, and of the days its periods", async () => {
  const pieces = [
    { grain: "5m", fromTime: at("10-30T12:35"), untilTime: at("10-30T13:00") },
    { grain: "1h", fromTime: at("10-30T13:00"), untilTime: at("10-31T00:00") },
    { grain: "1d", fromTime: at("10-31T00:00"), untilTime: at("11-06T00:00") },
    { grain: "1h", fromTime: at("11-06T00:00"), untilTime: at("11-06T12:00") },
    { grain: "5m", fromTime: at("11-06T12:00"), untilTime: at("11-06T12:35") },
  ] as const;
  const { buckets, rowsRead } = await ask(bucketsOfPieces, pieceParams(pieces));
  expect(buckets.sort()).toEqual(
    pieces.flatMap((one) => bucketsIn(one.grain, one.fromTime, one.untilTime)).sort(),
  );
  expect(rowsRead).toBeLessThanOrEqual((2 * 24 + 2 * 30 + 24) * featureCount + 5 * 4 * 64);
});

test("all days, and of hours and five minutes the newest", async () => {
  const hoursFrom = at("11-06T10:30");
  const { buckets, rowsRead } = await ask(daysAndNewest, { hoursFrom });
  const end = new Date(lastDay);
  expect(buckets.sort()).toEqual(
    [
      ...bucketsIn("1d", new Date(firstDay), end),
      ...bucketsIn("1h", hoursFrom, end),
      ...bucketsIn("5m", hoursFrom, end),
    ].sort(),
  );
  const dayCount = (lastDay - firstDay) / grainMs["1d"];
  const fineCount = 2 * (grainMs["1d"] / grainMs["1h"] + grainMs["1d"] / grainMs["5m"]);
  expect(rowsRead).toBeLessThanOrEqual((dayCount + fineCount) * featureCount + 30 * 64);
});
