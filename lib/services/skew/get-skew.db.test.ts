import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { segmentKeys } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestOffline, TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertOffline, insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
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

/** Twelve hours from midnight: from nine on every third distance is served in kilometres; the offline store has the city in
 *  capitals all day; tenths of a percent of the ages are off by one. */
function sides(): { predictions: TestPrediction[]; offline: TestOffline[] } {
  const predictions: TestPrediction[] = [];
  const offline: TestOffline[] = [];
  for (let i = 0; i < 12 * perHour; i++) {
    const hour = Math.floor(i / perHour);
    const time = new Date(midnight + hour * hourMs + (i % perHour) * 17_000);
    const distance = 100 + ((i * 7919) % 5_000);
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
