import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listBaselinesToProfile } from "#db/postgres/queries/active-models.ts";
import { baselines, models } from "#db/postgres/schema/models.ts";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { finishBaseline } from "../baseline/finish-baseline.ts";
import { getCauses } from "../cause/get-causes.ts";
import type { CallContext } from "../context.ts";
import { explainDrift } from "../drift/explain-drift.ts";
import { getDrift } from "../drift/get-drift.ts";
import { getFreshness } from "../freshness/get-freshness.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getQuality } from "../quality/get-quality.ts";
import { getVolume } from "../volume/get-volume.ts";
import { createSegmentKey } from "./create-segment-key.ts";
import { getWorstSegments } from "./get-worst-segments.ts";
import { listSegments } from "./list-segments.ts";

let stores: TestStores;
let call: CallContext;
let model: { id: string; name: string };

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T12:00:00Z");
const now = new Date("2026-11-20T12:00:00Z");
const count = 2_400;
const window = { from: fromTime.toISOString(), until: untilTime.toISOString() };

/** A column without noise: every value as often. */
const spread = (i: number) => (i * 7_919) % 1_000;
const regionOf = (i: number) => ["eu", "eu", "us", "asia"][i % 4] ?? "eu";

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  model = await buildModel(stores.postgres, workspaceId, {
    features: { distance: "numeric", weight: "numeric" },
  });
  await stores.postgres.db.update(models).set({ task: "binary" }).where(eq(models.id, model.id));
  const key = { workspaceId, modelId: model.id };
  // In asia distances come in another unit; in the us every fifth weight is missing.
  const rows = Array.from({ length: count }, (_, i) => {
    const region = regionOf(i);
    return {
      id: `r${i}`,
      time: new Date(fromTime.getTime() + i * 3_000),
      features: {
        distance: region === "asia" ? spread(i) * 1.609344 : spread(i),
        weight: region === "us" && i % 20 === 2 ? null : spread(i + 1),
      },
      label: i % 3 === 0 ? "late" : "on_time",
      score: i % 3 === 0 ? 0.75 : 0.25,
      tags: { region, tier: i % 5 === 0 ? "gold" : "basic" },
    };
  });
  await insertPredictions(stores, key, rows);
  // One decision in ten is wrong; of gold rows in the us every second one.
  await insertLabels(
    stores,
    key,
    rows.map((row, i) => {
      const isPlanted = row.tags.region === "us" && row.tags.tier === "gold";
      const isWrong = isPlanted ? i % 8 < 4 : spread(i) < 100;
      const other = row.label === "late" ? "on_time" : "late";
      return { id: row.id, label: isWrong ? other : row.label, time: row.time };
    }),
  );
  await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
  await createSegmentKey.call(call, { model: model.name, segmentKey: "tier" });
  const range = { ...key, fromTime, untilTime };
  await recomputeBuckets(stores, { ...range, grain: "5m" });
  await recomputeBuckets(stores, { ...range, grain: "1h" });
  await recomputePerformance(stores, range);
});
afterAll(() => stores.close());

async function insertBaseline(tagsOf: (i: number) => Record<string, string>): Promise<string> {
  const baselineId = randomUUID();
  const values = Array.from({ length: count }, (_, i) => ({
    workspace_id: call.workspaceId,
    model_id: model.id,
    baseline_id: baselineId,
    row_number: i,
    prediction_kind: "object",
    prediction_label: i % 3 === 0 ? "late" : "on_time",
    prediction_score: i % 3 === 0 ? 0.75 : 0.25,
    numeric_features: { distance: spread(i), weight: spread(i + 1) },
    string_features: {},
    tags: tagsOf(i),
  }));
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values,
    columns: Object.keys(values[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  await stores.postgres.db
    .update(baselines)
    .set({ isActive: false })
    .where(eq(baselines.modelId, model.id));
  await buildBaseline(
    stores.postgres,
    { id: baselineId, workspaceId: call.workspaceId, modelId: model.id },
    { state: "profiling", rowCount: count, isActive: false, readyAt: null },
  );
  return baselineId;
}

const finish = (baselineId: string) =>
  finishBaseline(stores, {
    workspaceId: call.workspaceId,
    baselineId,
    now: () => now,
    newId: randomUUID,
  });

const eu = { segmentKey: "region", segmentValue: "eu" };
const asia = { segmentKey: "region", segmentValue: "asia" };
const us = { segmentKey: "region", segmentValue: "us" };
const drift = (query: object = {}) =>
  getDrift.call(call, { model: model.name, ...window, ...query });
const verdictsOf = ({ features }: Awaited<ReturnType<typeof drift>>) =>
  Object.fromEntries(features.map((one) => [one.feature, one.verdict]));

describe("a baseline whose rows carry the tags", () => {
  let baselineId: string;
  beforeAll(async () => {
    baselineId = await insertBaseline((i) => ({ region: regionOf(i) }));
    await finish(baselineId);
  });

  test("is profiled by every declared key, and is not looked at again until one more is declared", async () => {
    const [row] = await stores.postgres.db
      .select()
      .from(baselines)
      .where(eq(baselines.id, baselineId));
    expect(row).toMatchObject({ state: "ready", isActive: true });
    expect(row?.profiledSegmentKeys.toSorted()).toEqual(["region", "tier"]);
    const isDue = async () =>
      (await listBaselinesToProfile(stores.postgres.db)).some(
        (one) => one.baselineId === baselineId,
      );
    expect(await isDue()).toBe(false);
    await createSegmentKey.call(call, { model: model.name, segmentKey: "zone" });
    expect(await isDue()).toBe(true);
    await finish(baselineId);
    expect(await isDue()).toBe(false);
  });

  test("is compared segment by segment: what drifts in one drifts in no other", async () => {
    const [whole, inEu, inAsia] = await Promise.all([drift(), drift(eu), drift(asia)]);
    expect(verdictsOf(inEu)).toMatchObject({ distance: "no_drift", weight: "no_drift" });
    expect(verdictsOf(inAsia)).toMatchObject({ distance: "drift", weight: "no_drift" });
    expect(verdictsOf(whole)).toMatchObject({ distance: "drift" });
    expect(inAsia).toMatchObject({
      segment: { key: "region", value: "asia" },
      windowRowCount: count / 4,
      reference: { rowCount: count / 4 },
      referenceLack: null,
    });
    expect(whole).toMatchObject({ segment: null, windowRowCount: count });
    const heat = inAsia.heat.find((row) => row.feature === "distance");
    expect(heat?.cells.reduce((sum, cell) => sum + cell.rowCount, 0)).toBe(count / 4);
  });

  test("explains a number and its cause by the rows of the segment alone", async () => {
    const asked = { model: model.name, ...window, ...asia, feature: "distance" };
    const [explained, cause] = await Promise.all([
      explainDrift.call(call, { ...asked, measure: "wasserstein" }),
      getCauses.call(call, asked),
    ]);
    expect(explained.exact).toMatchObject({
      state: "read",
      referenceCount: count / 4,
      windowCount: count / 4,
    });
    expect(explained.sql).toContain("tags['region'] = 'asia'");
    expect(cause).toMatchObject({ rowCount: count / 4, referenceCount: count / 4 });
    expect(cause.causes[0]).toMatchObject({ kind: "unit_change" });
  });

  test("judges the quality, the freshness and the volume of the segment alone", async () => {
    const asked = { model: model.name, ...window };
    const [there, here, fresh, volume] = await Promise.all([
      getQuality.call(call, { ...asked, ...eu }),
      getQuality.call(call, { ...asked, ...us }),
      getFreshness.call(call, { ...asked, ...us }),
      getVolume.call(call, { ...asked, ...us }),
    ]);
    const weightOf = (quality: typeof here) =>
      quality.features.find((one) => one.feature === "weight")?.verdict;
    expect(weightOf(there)).toBe("ok");
    expect(weightOf(here)).toBe("problem");
    expect(fresh.series.reduce((sum, one) => sum + (one.rowCount ?? 0), 0)).toBe(count / 4);
    expect(volume).toMatchObject({ rowCount: count / 4, labelCount: null, rejectedCount: null });
  });

  test("stands beside the window value by value: mix, drift, breaks and performance against all others", async () => {
    const list = await listSegments.call(call, { model: model.name, ...window });
    expect(list).toMatchObject({
      segmentKey: "region",
      segmentKeys: ["region", "tier", "zone"],
      rowCount: count,
      metric: "accuracy",
      comparedCount: 3,
    });
    const byValue = Object.fromEntries(list.values.map((row) => [row.value, row]));
    expect(list.values.map((row) => row.value)).toEqual(["eu", "asia", "us"]);
    expect(byValue.eu).toMatchObject({
      share: 0.5,
      mix: { referenceShare: 0.5, difference: 0, adjustedPValue: 1 },
      drift: { foundCount: 0 },
      quality: { foundCount: 0 },
    });
    const inAsia = await drift(asia);
    expect(byValue.asia?.drift).toEqual({
      size: inAsia.family.size,
      foundCount: inAsia.family.driftCount,
      cannotSayCount: inAsia.family.cannotSayCount,
    });
    const inUs = await getQuality.call(call, { model: model.name, ...window, ...us });
    expect(byValue.us?.quality).toEqual({
      size: inUs.family.size,
      foundCount: inUs.family.problemCount,
      cannotSayCount: inUs.family.cannotSayCount,
    });
    expect(byValue.us?.quality?.foundCount).toBe(1);
    expect(byValue.us?.missingShare).toBeCloseTo(120 / 1_200, 12);
    // By hand: of 600 in the us 120 are gold, 60 of them wrong; of the rest every tenth.
    const wrongIn = (isOf: (region: string) => boolean) =>
      Array.from({ length: count }, (_, i) => i).filter((i) => {
        const isPlanted = regionOf(i) === "us" && i % 5 === 0;
        return isOf(regionOf(i)) && (isPlanted ? i % 8 < 4 : spread(i) < 100);
      }).length;
    expect(byValue.us?.performance).toMatchObject({
      labelledCount: 600,
      value: 1 - wrongIn((region) => region === "us") / 600,
      restValue: 1 - wrongIn((region) => region !== "us") / 1_800,
    });
    expect(byValue.us?.performance?.adjustedPValue).toBeLessThan(0.01);
  });

  test("the worst segment is the pair that was planted, and it alone", async () => {
    const worst = await getWorstSegments.call(call, { model: model.name, ...window });
    expect(worst).toMatchObject({
      state: "found",
      loss: "error_rate",
      rowCount: count,
      sampledShare: 1,
      findingCount: 1,
    });
    expect(worst.findings[0]).toMatchObject({
      conditions: [
        { key: "region", value: "us" },
        { key: "tier", value: "gold" },
      ],
      rowCount: 120,
      restRowCount: count - 120,
    });
    expect(worst.findings[0]?.loss).toBeCloseTo(0.5, 1);
  });
});

describe("a baseline whose rows carry no tags", () => {
  beforeAll(async () => finish(await insertBaseline(() => ({}))));

  test("is compared with all rows, and of a segment cannot say, because", async () => {
    const [whole, inEu] = await Promise.all([drift(), drift(eu)]);
    expect(whole.reference?.rowCount).toBe(count);
    expect(inEu).toMatchObject({
      reference: null,
      referenceLack: "the baseline training carries no tag region",
      features: [],
      windowRowCount: count / 2,
    });
    const list = await listSegments.call(call, { model: model.name, ...window });
    expect(list).toMatchObject({
      reference: null,
      referenceLack: "the baseline training carries no tag region",
    });
    expect(list.values[0]).toMatchObject({ value: "eu", mix: null, drift: null });
  });
});

describe("half a segment, or one of a tag that nobody declared, is refused:", () => {
  test.each([
    ["a key alone", { segmentKey: "region" }, "`segmentValue` is needed beside segmentKey"],
    ["a value alone", { segmentValue: "eu" }, "`segmentKey` is needed beside segmentValue"],
    ["an undeclared key", { segmentKey: "hub", segmentValue: "x" }, 'has no segment key "hub"'],
  ])("%s", async (_, query, words) => {
    await expect(drift(query)).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });
});
