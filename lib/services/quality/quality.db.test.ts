import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getExpectation } from "./get-expectation.ts";
import { getFeatureQuality } from "./get-feature-quality.ts";
import { getQuality } from "./get-quality.ts";
import { getRepeats } from "./get-repeats.ts";
import { listBadRows } from "./list-bad-rows.ts";
import { listExpectations } from "./list-expectations.ts";
import { previewExpectation } from "./preview-expectation.ts";
import { updateExpectation } from "./update-expectation.ts";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let call: CallContext;

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const now = new Date("2026-11-20T12:00:00Z");
const secondMs = 1_000;
const rowCount = 1_800;
const firstBad = 900;

const airportOf = (i: number) => (i % 3 === 0 ? "ATL" : "JFK");

/** From half past ten on: 90 rows of `distance` null, 45 of `age` above, every 10th `origin` unseen, `flag` stuck, `gone` no more. */
function featuresOf(i: number): TestPrediction["features"] {
  const isLate = i >= firstBad;
  const at = i - firstBad;
  return {
    good: i % 50,
    distance: isLate && at % 10 === 0 ? null : i % 100,
    age: isLate && at % 20 === 0 ? 250 : i % 90,
    origin: isLate && at % 10 === 3 ? "XXX" : airportOf(i),
    temperature: isLate ? 21 : 10 + (i % 30),
    amount: isLate ? "12,50" : i % 40,
    fresh: i % 7,
    ...(isLate ? {} : { gone: i % 5 }),
  };
}

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, {
    features: {
      good: "numeric",
      distance: "numeric",
      age: "numeric",
      origin: "categorical",
      temperature: "numeric",
      amount: "numeric",
      gone: "numeric",
      fresh: "numeric",
      offline: "numeric",
    },
  });
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  const rows = Array.from(
    { length: rowCount },
    (_, i): TestPrediction => ({
      id: `r${i}`,
      time: new Date(fromTime.getTime() + i * 2 * secondMs),
      value: i % 25,
      features: featuresOf(i),
    }),
  );
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  for (const grain of ["5m", "1h"] as const)
    await recomputeBuckets(stores, { workspaceId, modelId: model.id, grain, fromTime, untilTime });
  await insertBaseline();
});
afterAll(() => stores.close());

async function insertBaseline() {
  const baselineId = randomUUID();
  const values = Array.from({ length: 2_000 }, (_, i) => ({
    workspace_id: workspaceId,
    model_id: model.id,
    baseline_id: baselineId,
    row_number: i,
    prediction_kind: "number",
    prediction_value: i % 25,
    numeric_features: {
      good: i % 50,
      distance: i % 100,
      age: i % 90,
      temperature: 10 + (i % 30),
      amount: i % 40,
      gone: i % 5,
      offline: i % 3,
    },
    string_features: { origin: airportOf(i) },
  }));
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values,
    columns: Object.keys(values[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, { workspaceId, modelId: model.id, baselineId });
  await buildBaseline(stores.postgres, { id: baselineId, workspaceId, modelId: model.id });
}

const scope = () => ({
  model: model.name,
  from: fromTime.toISOString(),
  until: untilTime.toISOString(),
});
const ask = (overrides: Record<string, unknown> = {}) =>
  getQuality.call(call, { ...scope(), ...overrides });
const halfPast = "2026-11-20T10:30:00.000Z";

describe("the quality of a window", () => {
  test("names every feature with a problem, its figures and since when", async () => {
    const quality = await ask();
    const found = Object.fromEntries(
      quality.features.map((one) => [
        `${one.subject}.${one.feature}`,
        [one.verdict, one.checks[0]?.outcome === "problem" ? one.checks[0].check : null, one.since],
      ]),
    );
    expect(found).toEqual({
      "feature.amount": ["problem", "wrong_kind", halfPast],
      "feature.gone": ["problem", "absent", halfPast],
      "feature.distance": ["problem", "null", halfPast],
      "feature.origin": ["problem", "unseen_category", halfPast],
      "feature.age": ["problem", "above_range", halfPast],
      // Half the window is one value: too little for the whole, and still a problem of now.
      "feature.temperature": ["problem", null, halfPast],
      "feature.good": ["ok", null, null],
      "feature.fresh": ["cannot_say", null, null],
      "feature.offline": ["cannot_say", null, null],
      "prediction.value": ["ok", null, null],
    });
    expect(quality.family).toMatchObject({
      size: 10,
      problemCount: 6,
      okCount: 2,
      cannotSayCount: 2,
      failedCount: 0,
    });
    const checkOf = (feature: string) =>
      quality.features.find((one) => one.feature === feature)?.checks[0];
    expect(checkOf("distance")).toMatchObject({
      windowCount: 90,
      windowTotal: 1_800,
      baselineCount: 0,
    });
    expect(checkOf("age")).toMatchObject({
      windowCount: 45,
      windowTotal: 1_800,
      measure: "baseline",
    });
    expect(checkOf("gone")).toMatchObject({
      windowCount: 900,
      baselineCount: 0,
      baselineTotal: 2_000,
    });
    expect(quality.features.find((one) => one.feature === "temperature")).toMatchObject({
      recent: { check: "constant", share: 1, columnCount: 6 },
      reason: 'now stuck at "21", which the baseline has in 3.35 %; the whole window hides it',
    });
    const origin = quality.features.find((one) => one.feature === "origin");
    expect(origin?.unseen).toEqual([{ name: "XXX", count: 90 }]);
    expect(origin?.reason).toBe('5 % unseen values ("XXX") where the baseline would meet 0 %');
  });

  test("tells the stuck feature once the window is its own", async () => {
    const { features } = await ask({ from: halfPast });
    const stuck = features.find((one) => one.feature === "temperature");
    expect(stuck).toMatchObject({
      verdict: "problem",
      since: halfPast,
      reason: 'stuck at "21", which the baseline has in 3.35 %',
    });
  });

  test("lists what the schema is no longer", async () => {
    const { changes } = await ask({ from: halfPast });
    expect(changes.map((change) => [change.kind, change.feature])).toEqual(
      expect.arrayContaining([
        ["new", "fresh"],
        ["vanished", "gone"],
        ["type_changed", "amount"],
      ]),
    );
    expect(changes).toHaveLength(3);
    // The last row that had it was made two seconds before half past.
    expect(changes.find((change) => change.kind === "vanished")?.since).toBe(
      "2026-11-20T10:29:58.000Z",
    );
  });

  test("has a cell for every column, whose rows are those of its five minutes", async () => {
    const quality = await ask();
    expect(quality.bucketMs).toBe(5 * 60_000);
    expect(quality.buckets).toHaveLength(12);
    expect(quality.bucketRowCounts).toEqual(new Array(12).fill(150));
    const cells = quality.heat.find((row) => row.feature === "distance")?.cells ?? [];
    // Of a column in which every row is good no cell is sent.
    expect(cells.some(({ column }) => column === 0)).toBe(false);
    expect(cells.find(({ column }) => column === 6)).toEqual({
      column: 6,
      verdict: "problem",
      check: "null",
      share: 0.1,
    });
  });

  test("cannot say anything of a window without rows, nor of another workspace's model", async () => {
    const empty = await ask({ from: "2026-11-19T10:00:00Z", until: "2026-11-19T11:00:00Z" });
    expect(empty.windowRowCount).toBe(0);
    expect(new Set(empty.features.map((one) => one.verdict))).toEqual(new Set(["cannot_say"]));
    const { id } = await buildWorkspace(stores.postgres);
    await expect(getQuality.call({ ...call, workspaceId: id }, scope())).rejects.toThrow(
      "no model",
    );
  });

  test("shows one feature's check over time, with its interval", async () => {
    const detail = await getFeatureQuality.call(call, { ...scope(), feature: "age" });
    const [series] = detail.series;
    expect(series).toMatchObject({ check: "above_range", baselineShare: 0 });
    expect(series?.points.map((point) => point.count)).toEqual([
      0, 0, 0, 0, 0, 0, 8, 7, 8, 7, 8, 7,
    ]);
    expect(series?.points[6]).toMatchObject({ rowCount: 150, outcome: "problem" });
    await expect(
      getFeatureQuality.call(call, { ...scope(), feature: "nope" }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test.each([
    ["distance", "null", "null", 30],
    ["age", "above_range", "250", 20],
    ["origin", "unseen_category", "XXX", 20],
    ["amount", "wrong_kind", "12,50", 20],
    ["gone", "absent", "", 20],
  ])("shows rows of %s that are bad: %s", async (feature, check, value) => {
    const bad = await listBadRows.call(call, { ...scope(), feature, check });
    expect(bad.until).toBe(untilTime.toISOString());
    expect(bad.rows.length).toBeGreaterThan(5);
    expect(new Set(bad.rows.map((row) => row.value))).toEqual(new Set([value]));
  });
});

describe("what a feature is expected to be", () => {
  test("is learned from the baseline, declared by an editor, and can be learned again", async () => {
    const of = async (feature: string) =>
      (await listExpectations.call(call, { model: model.name })).features.find(
        (one) => one.feature === feature,
      );
    expect(await of("age")).toMatchObject({
      provenance: "learned",
      declared: null,
      expected: { minimum: 0, maximum: 89, allowedValues: null, isRequired: false },
    });
    expect((await of("origin"))?.learned).toMatchObject({
      allowedValues: ["JFK", "ATL"],
      allowedCount: 2,
    });

    const declared = { maximum: 300 };
    const preview = await previewExpectation.call(call, {
      ...scope(),
      feature: "age",
      declared: { minimum: 10, maximum: 200, isRequired: true },
    });
    // 45 rows are 250; below 10 are 200 of the rows that count modulo 90, but for those that are 250.
    const below = Array.from({ length: rowCount }, (_, i) => featuresOf(i)?.age as number).filter(
      (x) => x < 10,
    );
    expect(preview).toMatchObject({
      rowCount,
      violations: [
        { check: "null", least: 0, most: 0 },
        { check: "absent", least: 0, most: 0 },
        { check: "below_range", least: below.length, most: below.length },
        { check: "above_range", least: 45, most: 45 },
      ],
    });

    await updateExpectation.call(call, { model: model.name, feature: "age", declared });
    expect(await of("age")).toMatchObject({
      provenance: "declared",
      expected: { minimum: 0, maximum: 300 },
    });
    expect((await ask()).features.find((one) => one.feature === "age")?.verdict).toBe("ok");
    const later = { ...call, now: new Date(now.getTime() + secondMs) };
    await updateExpectation.call(later, { model: model.name, feature: "age", declared: null });
    expect((await of("age"))?.provenance).toBe("learned");
    const { history } = await getExpectation.call(call, { model: model.name, feature: "age" });
    expect(history.map(({ before, after }) => [before, after])).toEqual([
      [declared, null],
      [null, declared],
    ]);
  });

  test("is refused where it could never be asked, naming the field", async () => {
    const update = (feature: string, declared: unknown) =>
      updateExpectation.call(call, { model: model.name, feature, declared });
    await expect(update("origin", { minimum: 1 })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("needs a numeric feature, and this one is categorical"),
    });
    await expect(update("age", { allowedValues: ["1"] })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(update("age", { minimum: 5, maximum: 1 })).rejects.toThrow(
      "must not be below the minimum",
    );
    await expect(update("nope", { isRequired: true })).rejects.toMatchObject({ code: "not_found" });
  });
});

test("what was sent twice is counted: the same, changed, and with another time", async () => {
  const own = await buildModel(stores.postgres, workspaceId, { features: { a: "numeric" } });
  const target = { workspaceId, modelId: own.id };
  const row = (id: string, minute: number, a: number): TestPrediction => ({
    id,
    time: new Date(fromTime.getTime() + minute * 60_000),
    features: { a },
  });
  await insertPredictions(stores, target, [
    row("once", 0, 1),
    row("moved", 0, 1),
    row("moved-late", 1, 2),
  ]);
  // In other five minutes: no merge joins them.
  await insertPredictions(stores, target, [row("moved", 20, 1), row("moved-late", 40, 3)]);
  for (const grain of ["5m", "1h"] as const)
    await recomputeBuckets(stores, { ...target, grain, fromTime, untilTime });
  const repeats = await getRepeats.call(call, { ...scope(), model: own.name });
  expect(repeats).toMatchObject({
    sampledShare: 1,
    idCount: 3,
    repeatedCount: 2,
    conflictCount: 2,
    examined: { identicalCount: 0, changedCount: 0, conflictCount: 2 },
  });
  expect(
    repeats.samples.map((sample) => [sample.predictionId, sample.kind, sample.rowCount]),
  ).toEqual([
    ["moved-late", "conflict", 2],
    ["moved", "conflict", 2],
  ]);
});
