import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { models, modelVersions, segmentKeys } from "#db/postgres/schema/models.ts";
import { finishBaseline } from "#lib/services/baseline/finish-baseline.ts";
import type { CallContext } from "#lib/services/context.ts";
import { rebuildPerformanceDays } from "#lib/services/performance/rebuild-performance-days.ts";
import { recomputePerformance } from "#lib/services/performance/recompute-performance.ts";
import { rebuildDays } from "#lib/services/profile/rebuild-days.ts";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import { getRootCause } from "#lib/services/root-cause/get-root-cause.ts";
import { learnSurrogates } from "#lib/services/root-cause/learn-surrogates.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import type { TestIngest, TestStores } from "./testing/test-ingest.ts";
import { buildTenant, openStores, startTestIngest } from "./testing/test-ingest.ts";

let stores: TestStores;
let ingest: TestIngest;
let call: CallContext;
let modelId: string;

const model = "lateness";
const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 21, 1);
const quietDay = Date.UTC(2026, 10, 18);
/** The distance arrives in kilometres instead of miles. */
const faultyDay = Date.UTC(2026, 10, 19);
/** In one region flights are late for another reason. */
const regionalDay = Date.UTC(2026, 10, 20);
const rowsPerDay = 2_000;

const random = seededRandom(7);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

interface Flight {
  distance: number;
  inbound_delay: number;
  departure_hour: number;
  origin: string;
}

const drawFlight = (): Flight => ({
  distance: Math.round(200 + 2_300 * random() ** 2),
  inbound_delay: Math.round(-20 * Math.log(1 - random())),
  departure_hour: Math.floor(5 + 18 * random()),
  origin: ["ATL", "JFK", "SFO", "LAX", "ORD"][Math.floor(5 * random())] ?? "ATL",
});

const riskOf = ({ distance, inbound_delay, departure_hour, origin }: Flight) =>
  sigmoid(
    2.5 * (distance / 1_000 - 1) +
      (inbound_delay - 20) / 12 +
      0.08 * (departure_hour - 14) +
      (origin === "ORD" ? 0.6 : 0),
  );

const answer = (flight: Flight) => {
  const score = Math.round(1e4 * riskOf(flight)) / 1e4;
  return { score, label: score >= 0.5 ? "late" : "on_time" };
};
const outcomeOf = (flight: Flight) => (random() < riskOf(flight) ? "late" : "on_time");

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  const tenant = await buildTenant(stores);
  const { workspaceId } = tenant;
  ingest = await startTestIngest(stores, { key: tenant.key, now: () => nowMs });
  call = {
    ...stores,
    workspaceId,
    actor: { kind: "job", name: "test" },
    now: new Date(nowMs),
  };
  await uploadBaseline(workspaceId);
  for (const day of [quietDay, faultyDay, regionalDay]) await sendDay(day);
  const [found] = await stores.postgres.db
    .select({ id: models.id })
    .from(models)
    .where(eq(models.workspaceId, workspaceId));
  modelId = found?.id ?? "";
  await stores.postgres.db
    .update(modelVersions)
    .set({ lastSeenAt: new Date(nowMs) })
    .where(eq(modelVersions.modelId, modelId));
  await stores.postgres.db
    .insert(segmentKeys)
    .values({ modelId, key: "region", createdAt: new Date(nowMs) });
  const range = {
    workspaceId,
    modelId,
    fromTime: new Date(quietDay),
    untilTime: new Date(regionalDay + dayMs),
  };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await rebuildDays(stores, range);
  await recomputePerformance(stores, range);
  await rebuildPerformanceDays(stores, range);
});
afterAll(async () => {
  await ingest?.stop();
  await ingest?.removeFolder();
  await stores?.close();
});

async function uploadBaseline(workspaceId: string) {
  const lines = Array.from({ length: 4_000 }, () => {
    const flight = drawFlight();
    const { score, label } = answer(flight);
    return [...Object.values(flight), score, label, outcomeOf(flight)].join(",");
  });
  const mapping = JSON.stringify({ prediction: "said", score: "score", label: "was" });
  const query = new URLSearchParams({ model, version: "1", format: "csv", mapping });
  const file = `distance,inbound_delay,departure_hour,origin,score,said,was\n${lines.join("\n")}\n`;
  const sent = await ingest.post(`/v1/baselines?${query}`, file, {
    headers: { "content-type": "text/csv" },
  });
  expect(sent.status).toBe(202);
  await finishBaseline(stores, {
    workspaceId,
    baselineId: sent.body.baseline_id,
    now: () => new Date(nowMs),
    newId: randomUUID,
  });
}

async function sendDay(day: number) {
  const predictions: string[] = [];
  const labels: string[] = [];
  for (let i = 0; i < rowsPerDay; i += 1) {
    const flight = drawFlight();
    const region = random() < 0.3 ? "eu" : "us";
    const served =
      day === faultyDay ? { ...flight, distance: Math.round(1.609 * flight.distance) } : flight;
    const said = answer(served);
    const known = outcomeOf(flight);
    const turned = known === "late" ? "on_time" : "late";
    const isOdd = day === regionalDay && region === "eu" && random() < 0.5;
    const timestamp = new Date(day + Math.floor((i * dayMs) / rowsPerDay)).toISOString();
    const row = { model, version: "1", prediction_id: `${day}-${i}`, timestamp };
    const explanations = day === regionalDay ? { origin: -0.3, distance: 0.1 } : undefined;
    predictions.push(
      JSON.stringify({
        ...row,
        features: served,
        prediction: said,
        tags: { region },
        explanations,
      }),
    );
    labels.push(
      JSON.stringify({ model, prediction_id: row.prediction_id, label: isOdd ? turned : known }),
    );
  }
  const headers = { "content-type": "application/x-ndjson" };
  for (const [path, lines] of [
    ["predictions", predictions],
    ["labels", labels],
  ] as const) {
    const sent = await ingest.post(`/v1/${path}?ack=stored`, lines.join("\n"), { headers });
    expect(sent.body).toMatchObject({ accepted: rowsPerDay, rejected: [] });
  }
}

const ask = (of: "prediction" | "performance", day: number, more: object = {}) =>
  getRootCause.call(call, {
    model,
    of,
    from: new Date(day).toISOString(),
    until: new Date(day + dayMs).toISOString(),
    ...more,
  });

/** The parts by feature, and those by segment, are the whole change. */
const expectToAddUp = ({
  change,
  features,
  interaction,
  remainder,
  segments,
}: Awaited<ReturnType<typeof ask>>) => {
  const whole = change?.value ?? Number.NaN;
  if (remainder !== null) {
    const parts = features.reduce((sum, { value }) => sum + value, 0);
    expect(parts + (interaction?.value ?? 0) + remainder.value).toBeCloseTo(whole, 9);
  }
  for (const { mix, behaviour } of segments)
    expect(mix.value + behaviour.value).toBeCloseTo(whole, 9);
};

describe("before anything was learned", () => {
  test("the change is said, and that its features wait", async () => {
    const found = await ask("prediction", faultyDay);
    expect(found).toMatchObject({
      verdict: "explained",
      surrogate: { state: "pending" },
      features: [],
      remainder: null,
    });
    expect(found.change?.value).toBeGreaterThan(0.1);
  });
});

describe("once it was learned", () => {
  beforeAll(async () => {
    await learnSurrogates(stores, { workspaceId: call.workspaceId, modelId, now: new Date(nowMs) });
  });

  test("a quiet day has nothing to explain, and shows no ranking", async () => {
    for (const of of ["prediction", "performance"] as const) {
      const found = await ask(of, quietDay);
      expect(found).toMatchObject({ verdict: "no_move", features: [], segments: [] });
      expect(found.sentence).toContain("Nothing moved beyond noise");
    }
  });

  test("a fault in one feature is ranked first, for what the model says", async () => {
    const found = await ask("prediction", faultyDay);
    expect(found).toMatchObject({ verdict: "explained", measure: "score", className: "late" });
    expect(found.surrogate).toMatchObject({
      state: "used",
      learnedFrom: "baseline",
      rowCount: 4_000,
    });
    expect(found.surrogate.r2).toBeGreaterThan(0.95);
    expect(found.features[0]).toMatchObject({
      feature: "distance",
      kind: "moved",
      drift: "drift",
      isBeyondNoise: true,
    });
    const [first, ...others] = found.features;
    const whole = found.change?.value ?? 0;
    expect((first?.value ?? 0) / whole).toBeGreaterThan(0.7);
    for (const { value } of others) expect(Math.abs(value)).toBeLessThan(0.1 * whole);
    expect(found.sentence).toContain("come from distance (drifted, importance");
    expectToAddUp(found);
  });

  test("and for how right it is: putting its values back wins back what was lost", async () => {
    const found = await ask("performance", faultyDay);
    expect(found).toMatchObject({ verdict: "explained", measure: "accuracy" });
    expect(found.change?.value).toBeLessThan(-0.03);
    expect(found.features[0]).toMatchObject({
      feature: "distance",
      kind: "restored",
      isBeyondNoise: true,
    });
    expect((found.features[0]?.value ?? 0) / (found.change?.value ?? 1)).toBeGreaterThan(0.5);
    expectToAddUp(found);
  });

  test("what one segment does otherwise is found in it, and not in a feature", async () => {
    const found = await ask("performance", regionalDay, {
      reference: "window",
      referenceFrom: new Date(quietDay).toISOString(),
      referenceUntil: new Date(quietDay + dayMs).toISOString(),
    });
    expect(found.segments[0]).toMatchObject({
      key: "region",
      behaviour: { isBeyondNoise: true },
      mix: { isBeyondNoise: false },
    });
    expect(found.segments[0]?.values[0]).toMatchObject({
      value: "eu",
      behaviour: { isBeyondNoise: true },
    });
    expect(found.features.filter(({ isBeyondNoise }) => isBeyondNoise)).toEqual([]);
    expectToAddUp(found);
    // That day's predictions came with explanations.
    expect(found.importance).toEqual({ source: "explanations", featureCount: 2 });
    const rankOf = (name: string) =>
      found.features.find(({ feature }) => feature === name)?.importanceRank;
    expect([rankOf("origin"), rankOf("distance"), rankOf("inbound_delay")]).toEqual([1, 2, null]);
  });

  test("of one segment it speaks of that segment's rows alone, on both sides", async () => {
    const quiet = {
      reference: "window",
      referenceFrom: new Date(quietDay).toISOString(),
      referenceUntil: new Date(quietDay + dayMs).toISOString(),
    };
    const inRegion = (segmentValue: string) =>
      ask("performance", regionalDay, { ...quiet, segmentKey: "region", segmentValue });
    const [eu, us] = await Promise.all([inRegion("eu"), inRegion("us")]);
    expect(eu).toMatchObject({
      segment: { key: "region", value: "eu" },
      verdict: "explained",
      // Its own key has one value: there is nothing to tell apart by it.
      segments: [],
      untagged: [],
    });
    // Half of its labels were turned.
    expect(eu.change?.value).toBeLessThan(-0.2);
    expect(us.verdict).toBe("no_move");
    const rowCounts = (["referenceRowCount", "windowRowCount"] as const).map(
      (side) => eu[side] + us[side],
    );
    expect(rowCounts).toEqual([rowsPerDay, rowsPerDay]);
    expect(eu.windowRowCount).toBe(eu.change?.windowCount);
  });

  test("of a segment that the baseline does not know it cannot say, because", async () => {
    const segment = { segmentKey: "region", segmentValue: "eu" };
    expect(await ask("prediction", regionalDay, segment)).toMatchObject({
      verdict: "cannot_say",
      reason: expect.stringContaining("region"),
    });
  });

  test("a baseline that lacks the tag says nothing by it", async () => {
    const found = await ask("performance", regionalDay);
    expect(found.untagged).toEqual([{ key: "region", side: "reference" }]);
    expect(found.segments).toEqual([]);
  });

  test("a second run learns nothing anew", async () => {
    const before = await ask("prediction", faultyDay);
    const later = new Date(nowMs + 3_600_000);
    await learnSurrogates(stores, { workspaceId: call.workspaceId, modelId, now: later });
    const after = await ask("prediction", faultyDay);
    expect(after.surrogate.computedAt).toBe(before.surrogate.computedAt);
  });

  test("too few rows, and no reference, are said", async () => {
    const empty = await ask("prediction", quietDay - 3 * dayMs);
    expect(empty).toMatchObject({ verdict: "cannot_say", change: null });
    expect(empty.reason).toContain("0 rows with a prediction in the window, 100 needed");
    const none = await ask("prediction", quietDay, { reference: "last_week" });
    expect(none).toMatchObject({
      verdict: "cannot_say",
      reason: "no rows came in the same hours a week earlier",
    });
  });

  test("a model of another workspace is not there", async () => {
    const other = await buildTenant(stores);
    const foreign = { ...call, workspaceId: other.workspaceId };
    await expect(getRootCause.call(foreign, { model })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
