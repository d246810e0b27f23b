import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { qualityResults } from "#db/postgres/schema/quality.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { evaluateQuality } from "../quality/evaluate-quality.ts";
import { getVolume } from "../volume/get-volume.ts";
import { getFreshness } from "./get-freshness.ts";
import { getLabelDelay } from "./get-label-delay.ts";
import { updateFreshnessObjective } from "./update-freshness-objective.ts";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let call: CallContext;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
// New York's clock goes back on 1 November 2026. Now is Wednesday, 09:30 there.
const now = new Date("2026-11-04T14:30:00Z");
const lastHour = new Date("2026-11-04T13:00:00Z");
const zone = "America/New_York";

/** Eight weeks: 40 rows at eight o'clock of New York, and from 13:00 UTC of today 20 rows, each a minute later than the one before. */
function rows(): TestPrediction[] {
  const history = Array.from({ length: 56 }, (_, day) => {
    const at = Date.parse("2026-09-09T12:00:00Z") + day * dayMs;
    // Until the change eight o'clock is 12:00 UTC, after it 13:00 UTC.
    const hour = at >= Date.parse("2026-11-01T06:00:00Z") ? at + hourMs : at;
    return Array.from({ length: 38 + (day % 5) }, (_, i) => ({
      id: `h${day}-${i}`,
      time: new Date(hour + i * minuteMs),
      features: { a: i },
      tags: { region: "eu" },
    }));
  }).flat();
  const today = Array.from({ length: 20 }, (_, i) => ({
    id: `t${i}`,
    time: new Date(lastHour.getTime() + i * minuteMs),
    receivedAt: new Date(lastHour.getTime() + 2 * i * minuteMs),
    features: { a: i },
    tags: { region: "eu" },
  }));
  return [...history, ...today];
}

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres, { timeZone: zone }));
  model = await buildModel(stores.postgres, workspaceId, {
    features: { a: "numeric", b: "numeric" },
  });
  const target = { workspaceId, modelId: model.id };
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  await insertPredictions(stores, target, rows());
  const fromTime = new Date("2026-09-09T00:00:00Z");
  const untilTime = new Date("2026-11-04T15:00:00Z");
  await recomputeBuckets(stores, { ...target, grain: "1h", fromTime, untilTime });
  const today = new Date("2026-11-04T00:00:00Z");
  await recomputeBuckets(stores, { ...target, grain: "5m", fromTime: today, untilTime });
  await stores.postgres.db.execute(
    sql`UPDATE model_versions SET last_seen_at = ${now.toISOString()}::timestamptz WHERE model_id = ${model.id}`,
  );
});
afterAll(() => stores.close());

const scope = () => ({
  model: model.name,
  from: "2026-11-04T13:00:00Z",
  until: "2026-11-04T14:00:00Z",
});

describe("the freshness of a window", () => {
  test("has no objective until somebody promises one, and none once it is taken back", async () => {
    expect(await getFreshness.call(call, scope())).toMatchObject({
      objective: null,
      attainment: null,
    });
    const objective = { ageMs: 10 * minuteMs, share: 0.9 };
    const change = { model: model.name, objective };
    await updateFreshnessObjective.call(call, change);
    const { attainment, ...freshness } = await getFreshness.call(call, scope());
    expect(freshness.objective).toEqual(objective);
    // The lag of row i is i minutes: 11 of 20 within ten. Slices end at 13:05 to 14:00; the newest row that lies in five
    // minutes with one that came within ten was made at 13:14, so those that end by 13:20 are fresh.
    expect(attainment).toMatchObject({
      rowCount: 20,
      rowsWithinLeast: 11,
      rowsWithinMost: 11,
      rows: "missed",
      sliceCount: 12,
      freshSliceCount: 4,
      slices: "missed",
    });
    await updateFreshnessObjective.call(call, { model: model.name, objective: null });
    expect((await getFreshness.call(call, scope())).objective).toBeNull();
  });

  test("knows when each feature and segment was last seen, and which rows carry the time of receipt", async () => {
    const freshness = await getFreshness.call(call, scope());
    const newest = "2026-11-04T13:19:00.000Z";
    expect(
      freshness.features.map(({ feature, lastSeenEverAt }) => [feature, lastSeenEverAt]),
    ).toEqual([
      ["a", newest],
      ["b", null],
    ]);
    // The first row of today was received when it was made.
    expect(freshness.receiptTimedShareMost).toBe(1 / 20);
  });

  test("measures how long labels take, and says how many have no prediction", async () => {
    const label = (id: string, minutes: number) => ({
      workspace_id: workspaceId,
      model_id: model.id,
      environment: "production",
      prediction_id: id,
      label_timestamp: "2026-11-04 13:30:00.000",
      sequence: String(BigInt(lastHour.getTime() + minutes * minuteMs) << 22n),
      label_kind: "number",
      label_value: 1,
    });
    await stores.clickhouse.insert({
      table: "labels",
      values: [label("t0", 30), label("t1", 41), label("unknown", 30)],
      format: "JSONEachRow",
    });
    expect(await getLabelDelay.call(call, scope())).toEqual({
      sampleCount: 3,
      unmatchedCount: 1,
      delayMs: { p50: 30 * minuteMs, p90: 40 * minuteMs, maximum: 40 * minuteMs },
    });
  });
});

describe("the volume of an hour", () => {
  test("is judged on the wall clock of the workspace, across its change", async () => {
    const { hours } = await getVolume.call(call, {
      model: model.name,
      from: "2026-11-04T00:00:00Z",
      until: now.toISOString(),
    });
    expect(hours.zone).toBe(zone);
    expect(hours.last).toMatchObject({
      from: lastHour.toISOString(),
      rowCount: 20,
      verdict: "low",
      expected: 40,
    });
    // Noon UTC is seven o'clock there now: 0 rows are usual, whatever 12:00 UTC had before.
    expect(hours.series.find((hour) => hour.from === "2026-11-04T12:00:00.000Z")).toMatchObject({
      rowCount: 0,
      verdict: "usual",
      expected: 0,
    });
  });

  test("that waits for its profile is not known", async () => {
    await stores.postgres.db.execute(sql`
      INSERT INTO dirty_buckets (workspace_id, model_id, grain, bucket, first_marked_at, last_marked_at)
      VALUES (${workspaceId}, ${model.id}, '1h', ${lastHour.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz)`);
    const { hours } = await getVolume.call(call, {
      model: model.name,
      from: "2026-11-04T00:00:00Z",
      until: now.toISOString(),
    });
    expect(hours.series.at(-1)).toMatchObject({
      rowCount: null,
      verdict: "cannot_say",
      reason: "not profiled yet",
    });
    await stores.postgres.db.execute(sql`DELETE FROM dirty_buckets WHERE model_id = ${model.id}`);
  });
});

test("an evaluation keeps every finding, and run again for the same window changes nothing", async () => {
  await updateFreshnessObjective.call(call, {
    model: model.name,
    objective: { ageMs: hourMs, share: 0.5 },
  });
  const evaluate = () => evaluateQuality(stores, { workspaceId, modelId: model.id, now });
  await evaluate();
  const read = () =>
    stores.postgres.db
      .select()
      .from(qualityResults)
      .where(sql`model_id = ${model.id}`)
      .orderBy(qualityResults.kind, qualityResults.feature);
  const first = await read();
  expect(first.map(({ kind, feature, verdict }) => [kind, feature, verdict])).toEqual([
    ["freshness", "", "problem"],
    ["quality", "a", "cannot_say"],
    ["volume", "", "problem"],
  ]);
  expect(first.find((row) => row.kind === "volume")).toMatchObject({
    windowFrom: lastHour,
    reason: expect.stringContaining("20 rows, where 40 rows are usual"),
  });
  await evaluate();
  expect(await read()).toEqual(first);
});
