import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { segmentKeys } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestOffline, TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertOffline, insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { comparePair } from "#lib/stats/skew/compare-values.ts";
import type { CallContext } from "../context.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { getExpectation } from "../quality/get-expectation.ts";
import { previewExpectation } from "../quality/preview-expectation.ts";
import { updateExpectation } from "../quality/update-expectation.ts";
import { getFeatureSkew } from "./get-feature-skew.ts";
import { getSkew } from "./get-skew.ts";
import { rebuildSkewOfDays, recomputeSkewHours } from "./recompute-skew.ts";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let call: CallContext;

const midnight = Date.UTC(2026, 10, 20);
const hourMs = 3_600_000;
const now = new Date(midnight + 14 * hourMs);
const perHour = 200;
const cities = ["Atlanta", "Boston", "El Paso"];

const distanceOf = (i: number) => 100 + ((i * 7919) % 5_000);

/** Twelve hours from midnight: from nine on every third distance is served in kilometres; the offline store has the city in
 *  capitals all day; tenths of a percent of the ages are off by one. */
function sides(): { predictions: TestPrediction[]; offline: TestOffline[] } {
  const predictions: TestPrediction[] = [];
  const offline: TestOffline[] = [];
  for (let i = 0; i < 12 * perHour; i++) {
    const hour = Math.floor(i / perHour);
    const time = new Date(midnight + hour * hourMs + (i % perHour) * 17_000);
    const distance = distanceOf(i);
    const isKilometres = hour >= 9 && i % 3 === 0;
    const city = cities[i % 3] ?? "";
    const served = {
      distance: isKilometres ? distance * 1.609344 : distance,
      city,
      age: i % 90,
      late: 1,
    };
    const tags = { region: i % 4 === 0 ? "eu" : "us" };
    predictions.push({ id: `p${i}`, time, features: served, tags });
    if (i % 10 === 9) continue;
    const age = i === 500 ? 1_000 : i % 90;
    offline.push({
      id: `p${i}`,
      time,
      features: { distance, city: city.toUpperCase(), age, tax: 3 },
      source: "trips",
    });
  }
  return { predictions, offline };
}

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, {
    features: { distance: "numeric", city: "categorical", age: "numeric", late: "numeric" },
  });
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  const key = { workspaceId, modelId: model.id };
  await stores.postgres.db
    .insert(segmentKeys)
    .values({ modelId: model.id, key: "region", createdAt: now });
  const { predictions, offline } = sides();
  await insertPredictions(stores, key, predictions);
  await insertOffline(stores, key, offline);
  const day = { fromTime: new Date(midnight), untilTime: new Date(midnight + 24 * hourMs) };
  await recomputeSkewHours(stores, { ...key, ...day });
  await rebuildSkewOfDays(stores, { ...key, ...day });
});
afterAll(() => stores.close());

const ask = (over: Record<string, unknown> = {}) =>
  getSkew.call(call, { model: model.name, range: "24h", ...over });
const served = (i: number) => 1.609344 * distanceOf(i);
/** Where the distance was served in kilometres, and is known to the offline store. */
const isOff = (i: number) => i >= 9 * perHour && i % 3 === 0 && i % 10 !== 9;
const offRows = Array.from({ length: 12 * perHour }, (_, i) => i).filter(isOff);

const askFeature = (feature: string, over: Record<string, unknown> = {}) =>
  getFeatureSkew.call(call, { model: model.name, range: "24h", feature, ...over });

describe("the skew of a model", () => {
  test("counts what both sides know, and judges every feature, the worst first", async () => {
    const skew = await ask();
    expect(skew).toMatchObject({
      hasOffline: true,
      predictionCount: 2_400,
      pairCount: 2_160,
      baselineLabel: null,
      family: { size: 5, skewCount: 2, noSkewCount: 1, cannotSayCount: 2 },
    });
    // Every third of 600 rows, less every tenth: 180.
    const found = skew.features.map(({ feature, verdict, differingCount, comparedCount }) => [
      feature,
      verdict,
      differingCount,
      comparedCount,
    ]);
    expect(found).toEqual([
      ["city", "skew", 2_160, 2_160],
      ["distance", "skew", 180, 2_160],
      ["age", "no_skew", 1, 2_160],
      ["late", "cannot_say", 2_160, 2_160],
      ["tax", "cannot_say", 2_160, 2_160],
    ]);
    expect(skew.features.map(({ reason }) => reason)).toEqual([
      "2,160 another value of 2,160 pairs",
      "180 another value of 2,160 pairs",
      "1 of 2,160 pairs differ, no more than 0.1 % allows",
      "the offline rows do not have it",
      "it is offline and was never served",
    ]);
    // scipy: binomtest(180, 2160).proportion_ci(method="wilson").
    expect(skew.features[1]?.rate?.value).toBeCloseTo(180 / 2_160, 12);
    expect(skew.features[1]?.rate?.lower).toBeCloseTo(0.07240427628753071, 12);
    expect(skew.features[1]?.rate?.upper).toBeCloseTo(0.09574180361011103, 12);
  });

  test("says since when: the first differing prediction after the rate rose, and nothing where it was so all day", async () => {
    const [city, distance] = (await ask()).features;
    // The first of every third row from nine on, less every tenth: row 1,800.
    expect(distance?.since).toBe(new Date(midnight + 9 * hourMs).toISOString());
    expect(city?.since).toBeNull();
    expect(city?.firstDifferingAt).toBe(new Date(midnight).toISOString());
  });

  test("of a narrower window is of its hours alone", async () => {
    const from = new Date(midnight + 9 * hourMs).toISOString();
    const until = new Date(midnight + 12 * hourMs).toISOString();
    const skew = await ask({ range: undefined, from, until });
    expect([skew.predictionCount, skew.pairCount]).toEqual([600, 540]);
    const distance = skew.features.find(({ feature }) => feature === "distance");
    expect([distance?.differingCount, distance?.comparedCount]).toEqual([180, 540]);
  });

  test("of another version, and of a model without offline rows, is empty and says so", async () => {
    expect(await ask({ version: "none" })).toMatchObject({
      hasOffline: true,
      pairCount: 0,
      features: [],
    });
    const other = await buildModel(stores.postgres, workspaceId);
    expect(await ask({ model: other.name })).toMatchObject({ hasOffline: false, features: [] });
  });
});

describe("the skew of a segment", () => {
  const eu = { segmentKey: "region", segmentValue: "eu" };

  test("is that of its pairs alone, over time and in the predictions shown too", async () => {
    const [skew, distance, city] = await Promise.all([
      ask(eu),
      askFeature("distance", eu),
      askFeature("city", eu),
    ]);
    // Every fourth row, none of which is a tenth one; of the 600 from nine on every twelfth is in kilometres: 50.
    expect(skew).toMatchObject({
      segment: { key: "region", value: "eu" },
      predictionCount: 600,
      pairCount: 600,
    });
    const found = skew.features.map(({ feature, differingCount, comparedCount }) => [
      feature,
      differingCount,
      comparedCount,
    ]);
    expect(found.slice(0, 3)).toEqual([
      ["city", 600, 600],
      ["distance", 50, 600],
      ["age", 1, 600],
    ]);
    expect(distance.series.reduce((sum, { comparedCount }) => sum + comparedCount, 0)).toBe(600);
    expect(distance.series.reduce((sum, { differingCount }) => sum + differingCount, 0)).toBe(50);
    expect(distance.sampleCount).toBe(50);
    expect(
      distance.samples.filter(({ predictionId }) => Number(predictionId.slice(1)) % 12 !== 0),
    ).toEqual([]);
    expect(city.confusion.map(({ count }) => count)).toEqual([200, 200, 200]);
  });

  test("of the rows without the tag is empty, and of an undeclared key is refused", async () => {
    expect(await ask({ segmentKey: "region", segmentValue: "" })).toMatchObject({
      predictionCount: 0,
      features: [],
    });
    await expect(ask({ segmentKey: "hub", segmentValue: "x" })).rejects.toThrow(
      'has no segment key "hub"',
    );
  });
});

describe("the skew of one feature", () => {
  test("names what turns offline into served", async () => {
    const distance = await askFeature("distance");
    expect(distance.explanations[0]).toEqual({
      kind: "scale",
      text: "offline × 1.609 (miles to kilometres)",
      share: 1,
      explainedCount: distance.sampleCount,
      pairCount: distance.sampleCount,
    });
    expect(distance.sampleCount).toBe(180);
    const city = await askFeature("city");
    expect(city.explanations[0]).toMatchObject({ kind: "case", share: 1 });
  });

  test("has its hours, the onset, the differences and the pairs of values", async () => {
    const distance = await askFeature("distance");
    const differing = distance.series.filter((each) => each.differingCount > 0);
    expect(
      differing.map(({ from, differingCount, comparedCount }) => [
        from,
        differingCount,
        comparedCount,
      ]),
    ).toEqual(
      [9, 10, 11].map((hour) => [new Date(midnight + hour * hourMs).toISOString(), 60, 180]),
    );
    expect(distance.onset).toMatchObject({
      from: differing[0]?.from,
      rateBefore: 0,
      rateAfter: 1 / 3,
    });
    expect(distance.differences.reduce((sum, { count }) => sum + count, 0)).toBe(180);
    expect(distance.differences.every(({ from, until }) => from > 0 && until > from)).toBe(true);
    const city = await askFeature("city");
    expect(city.confusion).toEqual([
      { offline: '"ATLANTA"', served: '"Atlanta"', count: 720 },
      { offline: '"BOSTON"', served: '"Boston"', count: 720 },
      { offline: '"EL PASO"', served: '"El Paso"', count: 720 },
    ]);
  });

  test("shows the newest differing predictions with both values and where the offline one is from", async () => {
    const { samples } = await askFeature("distance");
    const [first] = samples;
    expect(samples).toHaveLength(50);
    expect(first).toMatchObject({
      predictionId: "p2397",
      version: "1",
      outcome: "mismatch",
      source: "trips",
    });
    expect(Number(first?.served) / Number(first?.offline)).toBeCloseTo(1.609344, 9);
    const { samples: unserved } = await askFeature("tax");
    expect(unserved[0]).toMatchObject({ outcome: "offline_only", offline: 3, served: null });
  });

  test("that nobody knows has no figures, and is not an error", async () => {
    expect(await askFeature("nothing")).toMatchObject({
      skew: null,
      samples: [],
      explanations: [],
    });
  });
});

describe("a tolerance of one feature", () => {
  const tolerance = { absolute: 500, relative: 0.1 };
  const beyond = offRows.filter(
    (i) =>
      comparePair(distanceOf(i), served(i), tolerance) === "mismatch" &&
      served(i) - distanceOf(i) > 500,
  );
  let secondsOn = 0;
  const declare = (declared: unknown) => {
    secondsOn += 1;
    const later = { ...call, now: new Date(now.getTime() + secondsOn * 1_000) };
    return updateExpectation.call(later, { model: model.name, feature: "distance", declared });
  };
  const dirtyHours = async () =>
    (
      await stores.postgres.db
        .select()
        .from(dirtyBuckets)
        .where(and(eq(dirtyBuckets.modelId, model.id), eq(dirtyBuckets.aspect, "skew")))
    ).length;
  const recompute = async () => {
    for (const [i, grain] of (["1h", "1d"] as const).entries()) {
      const work = {
        stores,
        aspect: "skew" as const,
        grain,
        modelId: model.id,
        newId: randomUUID,
        now: () => new Date(now.getTime() + (i + 1) * 600_000),
        onFailure: (failure: unknown) => {
          throw new Error("not recomputed", { cause: failure });
        },
      };
      while ((await recomputeClaim(work)) !== null);
    }
  };
  const distance = async () => (await ask()).features.find((one) => one.feature === "distance");

  test("is tried before it is saved, on the pairs of the window", async () => {
    expect(beyond.length).toBeGreaterThan(0);
    expect(beyond.length).toBeLessThan(offRows.length);
    const preview = (feature: string, declared: object) =>
      previewExpectation.call(call, { model: model.name, feature, declared });
    expect((await preview("distance", { skewTolerance: tolerance })).skew).toEqual({
      comparedCount: 2_160,
      differingCount: 180,
      wouldDifferCount: beyond.length,
      sampledShare: 1,
    });
    expect((await preview("distance", { skewTolerance: { relative: 0.38 } })).skew).toMatchObject({
      wouldDifferCount: 0,
    });
    expect((await preview("city", { isRequired: true })).skew).toBeNull();
  });

  test("has every stored pair compared again, and goes with what was declared", async () => {
    expect(await dirtyHours()).toBe(0);
    await declare({ skewTolerance: tolerance });
    expect(await dirtyHours()).toBe(12);
    await recompute();
    expect(await distance()).toMatchObject({
      differingCount: beyond.length,
      comparedCount: 2_160,
      tolerance,
    });
    const eu = { segmentKey: "region", segmentValue: "eu" };
    const { samples, skew } = await askFeature("distance", eu);
    expect(skew?.differingCount).toBe(beyond.filter((i) => i % 4 === 0).length);
    expect(samples.map(({ predictionId }) => predictionId).toSorted()).toEqual(
      beyond
        .filter((i) => i % 4 === 0)
        .map((i) => `p${i}`)
        .toSorted(),
    );
    // The others keep the default.
    expect((await ask()).features.find((one) => one.feature === "age")).toMatchObject({
      differingCount: 1,
      tolerance: null,
    });
    await declare({ maximum: 9_000, skewTolerance: tolerance });
    expect(await dirtyHours()).toBe(0);
    await declare(null);
    expect(await dirtyHours()).toBe(12);
    await recompute();
    expect(await distance()).toMatchObject({ differingCount: 180, tolerance: null });
    const { history } = await getExpectation.call(call, {
      model: model.name,
      feature: "distance",
    });
    expect(history.map(({ after }) => after?.skewTolerance ?? null)).toEqual([
      null,
      tolerance,
      tolerance,
    ]);
  });

  test("is refused of what is no number, and where it says nothing", async () => {
    const of = (feature: string, skewTolerance: unknown) =>
      updateExpectation.call(call, { model: model.name, feature, declared: { skewTolerance } });
    await expect(of("city", { absolute: 1 })).rejects.toThrow("needs a numeric feature");
    await expect(of("distance", {})).rejects.toThrow("must have `absolute`, `relative` or both");
    await expect(of("distance", { relative: 1.5 })).rejects.toThrow();
    await expect(of("distance", { absolute: -1 })).rejects.toThrow();
  });
});
