import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordArrivals } from "#db/postgres/queries/arrival.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { models } from "#db/postgres/schema/models.ts";
import { buildBaseline, buildUser } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertOffline, insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { QueryResult } from "#lib/domain/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import type { CallContext } from "../context.ts";
import { createIncident } from "../incident/create-incident.ts";
import { getIncident } from "../incident/get-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { setUpBench } from "../incident/testing/alerting-bench.ts";
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { rebuildSkewOfDays, recomputeSkewHours } from "../skew/recompute-skew.ts";
import { addReadyRunbooks } from "./add-ready-runbooks.ts";
import { askStep } from "./ask-step.ts";
import { attachRunbook } from "./attach-runbook.ts";
import { listRunbooks } from "./list-runbooks.ts";
import { readyRunbooks } from "./ready-runbooks.ts";

/** Every question of the ready runbooks, asked of real flights in which five things go wrong at four: a unit changes, a city goes
 *  missing, half of the rows stay away, answers take twice as long, and labels of long flights flip. What each says is held
 *  against the rows themselves. */
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const weekMs = 168 * hourMs;
const recordMidday = Date.parse("2001-01-17T12:00:00Z");
const start = Date.parse("2034-03-08T12:00:00Z");
const shiftMs = start - recordMidday;
const faultMs = start + 4 * hourMs;
const now = new Date(start + 8 * hourMs);
/** When all of it came: long enough ago to be profiled by now. */
const cameAt = new Date(now.getTime() - 30 * minuteMs);
const evidence = { from: start + 6 * hourMs, until: start + 7 * hourMs };
const kilometres = 1.609344;

interface Row {
  id: string;
  timeMs: number;
  miles: number;
  distance: number;
  origin: string | null;
  isLate: boolean;
  latencyMs: number;
  isRight: boolean;
}

let stores: TestStores;
let bench: Bench;
let rows: Row[];
let number: number;
let userId: string;
const call = (): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  actor: { kind: "user", userId, role: "editor" },
  now,
});

beforeAll(async () => {
  stores = openStores();
  bench = await setUpBench(stores);
  userId = (await buildUser(stores.postgres, { workspaceId: bench.workspaceId, name: "Ada" })).id;
  rows = await readRows();
  await stores.postgres.db
    .update(models)
    .set({ task: "binary" })
    .where(eq(models.id, bench.model.id));
  await store();
  await insertBaseline();
  number = await openIncident();
  await addReadyRunbooks.call(call(), {});
}, 240_000);
afterAll(() => stores.close());

async function readRows(): Promise<Row[]> {
  const { clickhouse } = stores;
  const table = `flights_${randomUUID().replaceAll("-", "")}`;
  await clickhouse.command({
    query: `CREATE TABLE ${table} (date DateTime64(3, 'UTC'), delay Int32, distance Int32, origin String, destination String)
      ENGINE = MergeTree ORDER BY date`,
  });
  try {
    await clickhouse.insert({
      table,
      values: createReadStream("node_modules/vega-datasets/data/flights-3m.parquet"),
      format: "Parquet",
    });
    const answer = await clickhouse.query({
      query: `SELECT toUnixTimestamp64Milli(date) AS timeMs, delay, distance, origin FROM ${table}
        WHERE toHour(date) BETWEEN 12 AND 19 AND toDate(date) IN ('2001-01-10', '2001-01-17')
        ORDER BY date, origin, destination, distance, delay`,
      format: "JSONEachRow",
    });
    const flights = await answer.json<{
      timeMs: string;
      delay: number;
      distance: number;
      origin: string;
    }>();
    return flights.flatMap(({ delay, distance, origin, ...flight }, i) => {
      const timeMs = Number(flight.timeMs) + shiftMs;
      const isBroken = timeMs >= faultMs;
      if (isBroken && i % 2 === 0) return [];
      const isFlipped = isBroken && distance >= 750;
      return [
        {
          id: `flight-${i}`,
          timeMs,
          miles: distance,
          distance: isBroken ? distance * kilometres : distance,
          origin: isBroken && i % 3 === 0 ? null : origin,
          isLate: delay >= 15,
          latencyMs: (50 + (i % 100)) * (isBroken ? 2 : 1),
          isRight: isFlipped === (i % 10 === 0),
        },
      ];
    });
  } finally {
    await clickhouse.command({ query: `DROP TABLE ${table}` });
  }
}

const className = (isLate: boolean) => (isLate ? "late" : "on_time");

async function store(): Promise<void> {
  const scope = { workspaceId: bench.workspaceId, modelId: bench.model.id };
  await insertPredictions(
    stores,
    scope,
    rows.map((row) => ({
      id: row.id,
      time: new Date(row.timeMs),
      features: { distance: row.distance, origin: row.origin },
      label: className(row.isLate),
      score: row.isLate ? 0.9 : 0.1,
      latencyMs: row.latencyMs,
    })),
  );
  await insertOffline(
    stores,
    scope,
    rows.map(({ id, timeMs, miles }) => ({
      id,
      time: new Date(timeMs),
      features: { distance: miles },
    })),
  );
  const places = await insertLabels(
    stores,
    scope,
    rows.map(({ id, timeMs, isLate, isRight }) => ({
      id,
      label: className(isLate === isRight),
      time: new Date(timeMs + minuteMs),
      receivedAt: cameAt,
    })),
  );
  const times = rows.map(({ timeMs }) => timeMs);
  const buckets = [...new Set(times.map((time) => Math.floor(time / (5 * minuteMs)) * 300))];
  await markDirtyBuckets(
    stores.postgres.db,
    buckets.map((bucket) => ({ ...scope, bucket })),
    cameAt,
  );
  const reach = { rowFromMs: Math.min(...times), rowUntilMs: Math.max(...times) };
  const arrival = { aspect: "performance" as const, ...scope, ...places, ...reach };
  await recordArrivals(stores.postgres.db, [{ ...arrival, rowCount: rows.length }], cameAt);
  await profile(scope);
}

async function profile(scope: { workspaceId: string; modelId: string }): Promise<void> {
  const onFailure = (failure: unknown) => {
    throw failure;
  };
  // What finer buckets touch is coarser buckets' work some minutes later.
  let clockMs = cameAt.getTime();
  const clock = () => new Date(clockMs);
  const lane = { stores, modelId: scope.modelId, now: clock, newId: randomUUID, onFailure };
  clockMs += minuteMs;
  await markArrivedHours({ ...lane, aspect: "performance" });
  for (const aspect of ["profile", "performance"] as const)
    for (const grain of ["5m", "1h", "1d"] as const) {
      if (aspect === "performance" && grain === "5m") continue;
      clockMs += 5 * minuteMs;
      while ((await recomputeClaim({ ...lane, aspect, grain })) !== null);
    }
  for (const dayMs of [start - weekMs - 12 * hourMs, start - 12 * hourMs]) {
    const day = { fromTime: new Date(dayMs), untilTime: new Date(dayMs + 24 * hourMs) };
    await recomputeSkewHours(stores, { ...scope, ...day });
    await rebuildSkewOfDays(stores, { ...scope, ...day });
  }
}

/** The week before is what the model was made from. */
async function insertBaseline(): Promise<void> {
  const baselineId = randomUUID();
  const key = { workspaceId: bench.workspaceId, modelId: bench.model.id, baselineId };
  const values = rows
    .filter(({ timeMs }) => timeMs < start)
    .map((row, i) => ({
      workspace_id: key.workspaceId,
      model_id: key.modelId,
      baseline_id: baselineId,
      row_number: i,
      prediction_kind: "object",
      prediction_label: className(row.isLate),
      prediction_score: row.isLate ? 0.9 : 0.1,
      label_kind: "class",
      label_class: className(row.isLate === row.isRight),
      numeric_features: { distance: row.miles },
      string_features: { origin: row.origin },
    }));
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values,
    columns: Object.keys(values[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, key);
  await buildBaseline(stores.postgres, {
    id: baselineId,
    workspaceId: key.workspaceId,
    modelId: key.modelId,
  });
}

/** An incident of the feature that changed its unit, with an alert that says when. */
async function openIncident(): Promise<number> {
  const monitor = bench.monitor({ causeClass: "data_drift" });
  await bench.apply(
    monitor,
    [
      {
        series: {
          environment: "production",
          version: "1",
          subject: "feature",
          column: "distance",
          segmentKey: "",
          segmentValue: "",
        },
        windowFrom: new Date(evidence.from),
        windowUntil: new Date(evidence.until),
        result: {
          kind: "value",
          value: 3,
          lower: null,
          upper: null,
          sampleCount: 500,
          judged: "fire",
          fireThreshold: 1,
          clearThreshold: 1,
          sentence: "drift",
        },
      },
    ],
    now,
  );
  await stores.postgres.db
    .update(incidents)
    .set({ impactStartedAt: new Date(faultMs) })
    .where(eq(incidents.workspaceId, bench.workspaceId));
  return 1;
}

async function ask(incident: number, key: string, stepId: string): Promise<QueryResult> {
  const title = readyRunbooks.find((one) => one.key === key)?.title;
  const { runbooks } = await listRunbooks.call(call(), {});
  const runbookId = runbooks.find((one) => one.title === title)?.id ?? "";
  await attachRunbook.call(call(), { incident, runbookId });
  const answer = await askStep.call(call(), { incident, runbookId, stepId });
  const own = answer.runbooks.find((one) => one.runbookId === runbookId);
  const result = own?.records.findLast((record) => record.stepId === stepId)?.result;
  if (!result) throw new Error(`${key} ${stepId} left no result.`);
  return result;
}

const between = (fromMs: number, untilMs: number) =>
  rows.filter(({ timeMs }) => timeMs >= fromMs && timeMs < untilMs);
const windowOf = ({ asked }: QueryResult, backMs = 0) =>
  between(Date.parse(asked.from) - backMs, Date.parse(asked.until) - backMs);
const shareOf = (all: readonly Row[], isCounted: (row: Row) => boolean) =>
  all.filter(isCounted).length / all.length;
const isWrongPair = ({ distance, miles }: Row) => distance !== miles;
const quantileOf = (all: readonly Row[], share: number) => {
  const sorted = all.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
};
const spanMs = ({ asked }: QueryResult) => Date.parse(asked.until) - Date.parse(asked.from);

/** What the rows say of a question's value, and of the reference's; a tolerance as a share where one side is a histogram. */
function truthOf(
  result: QueryResult,
): { value: number; of: number | null; tolerance: number } | null {
  const backMs = result.asked.reference?.includes("week") === true ? weekMs : spanMs(result);
  const [here, there] = [windowOf(result), windowOf(result, backMs)];
  const of = result.referenceValue === null ? null : there;
  const both = (measure: (all: readonly Row[]) => number, tolerance = 1e-9) => ({
    value: measure(here),
    of: of === null ? null : measure(of),
    tolerance,
  });
  switch (result.statistic) {
    case "rows":
      return both((all) => all.length);
    case "missing values":
      return both((all) =>
        result.asked.target === "feature distance"
          ? 0
          : shareOf(all, ({ origin }) => origin === null),
      );
    case "values of the wrong type":
      return both(() => 0);
    case "accuracy":
      return both((all) => shareOf(all, ({ isRight }) => isRight));
    case "Brier score":
      return both((all) => {
        const wrong = shareOf(all, ({ isRight }) => !isRight);
        return wrong * 0.81 + (1 - wrong) * 0.01;
      });
    case "latency, 95th percentile":
      return both((all) => quantileOf(all, 0.95), 0.02);
    case "latency, median":
      return both((all) => quantileOf(all, 0.5), 0.02);
    case "event lag, 95th percentile":
      return both(() => 1_000, 0.02);
    case "age of the newest event": {
      const untilMs = Date.parse(result.asked.until);
      const newest = Math.max(...between(0, untilMs).map(({ timeMs }) => timeMs));
      return { value: untilMs - newest, of: null, tolerance: 1e-9 };
    }
    case "mismatch rate":
    case "differing pairs":
      return both((all) => shareOf(all, isWrongPair));
    default:
      return null;
  }
}

const isNear = (value: number | null, truth: number, tolerance: number) =>
  expect(Math.abs((value ?? Number.NaN) - truth)).toBeLessThanOrEqual(
    tolerance * Math.max(1, Math.abs(truth)),
  );

const questions = readyRunbooks.flatMap(({ key, body }) =>
  parseRunbook(body).steps.flatMap((step) => (step.kind === "query" ? [{ key, step }] : [])),
);

test("flights are real, and what was planted is in them", () => {
  expect(rows.length).toBeGreaterThan(8_000);
  expect(between(faultMs, now.getTime()).length).toBeGreaterThan(1_000);
  expect(shareOf(between(faultMs, now.getTime()), ({ isRight }) => !isRight)).toBeGreaterThan(0.3);
});

describe.each(questions)("$key, $step.id", ({ key, step }) => {
  test("runs, and says what the rows say", async () => {
    const { query } = step;
    const result = await ask(number, key, step.id);
    expect(result.sentence).not.toMatch(/NaN|undefined/);
    expect(result.asked).toMatchObject({ model: bench.model.name, environment: "production" });
    // Nobody sends the time of a feature's value here, and that is what it says.
    if (query.statistic === "feature_age_p95") {
      expect(result).toMatchObject({ outcome: "cannot_say", value: null });
      expect(result.reason).toContain("no row carries it");
      return;
    }
    expect(result.value).not.toBeNull();
    expect(result.points.filter(({ value }) => value !== null).length).toBeGreaterThan(0);
    const truth = truthOf(result);
    if (truth !== null) {
      isNear(result.value, truth.value, truth.tolerance);
      if (truth.of !== null) {
        isNear(result.referenceValue, truth.of, truth.tolerance);
        isNear(result.ratio?.value ?? null, truth.value / truth.of, 2 * truth.tolerance);
      }
      expect(result.outcome).toBe(judge(result));
      return;
    }
    // All of its windows lie behind the fault, or are measured from before it.
    const isOfDistance =
      result.asked.target === "feature distance" || /^all features/.test(result.asked.target);
    if (query.kind === "drift" && isOfDistance) expect(result.outcome).toBe("out_of_range");
    if (query.kind === "skew") expect(result.outcome).toBe("out_of_range");
    if (query.kind === "quality" && query.target === "everything") {
      expect(result.rows.map(({ outcome }) => outcome)).toEqual([
        "out_of_range",
        ...result.rows.slice(1).map(() => "in_range"),
      ]);
      expect(result.rows[0]?.name).toBe("origin");
      isNear(
        result.value,
        shareOf(windowOf(result), ({ origin }) => origin === null),
        1e-9,
      );
    }
  });
});

/** The outcome by the figures that were answered and the words of the step. */
function judge({ expected, value, lower, upper, ratio }: QueryResult): string {
  const words = expected ?? "";
  const figure = words.includes("of reference") ? ratio : { value: value ?? 0, lower, upper };
  const numbers = [...words.matchAll(/[\d.]+/g)].map(([number]) => Number(number) * unitIn(words));
  const least = words.startsWith("<") ? Number.NEGATIVE_INFINITY : (numbers[0] ?? Number.NaN);
  const most = words.startsWith(">") ? Number.POSITIVE_INFINITY : (numbers.at(-1) ?? Number.NaN);
  const low = figure?.lower ?? figure?.value ?? Number.NaN;
  const high = figure?.upper ?? figure?.value ?? Number.NaN;
  if (high < least || low > most) return "out_of_range";
  return low >= least && high <= most ? "in_range" : "cannot_say";
}

function unitIn(words: string): number {
  if (words.includes("%")) return 0.01;
  if (words.includes("min")) return minuteMs;
  if (/\d h/.test(words)) return hourMs;
  return /\d d/.test(words) ? 24 * hourMs : 1;
}

test("every answer stays on the timeline, with its points to draw", async () => {
  const { timeline } = await getIncident.call(call(), { incident: number });
  const pinned = timeline.filter(({ kind }) => kind === "query_result");
  expect(pinned).toHaveLength(questions.length);
  for (const { detail } of pinned) expect(detail).toMatchObject({ kind: "query_result" });
});

test("of an incident that names no feature, no window and no version all are asked, and it says so", async () => {
  const { number: declared } = await createIncident.call(call(), {
    title: "Somebody called",
    reason: "a call",
    severity: "sev3",
    model: bench.model.name,
  });
  const result = await ask(declared, "feature-drift", "how-far");
  expect(result.notes).toEqual([
    "the incident names no version: 1 was asked, which serves the most rows",
    "the incident names no feature: all of them were asked",
    "when its impact began is not known: the last 24 h were asked",
  ]);
  expect(result.rowCount).toBeGreaterThan(1);
});

test("of an incident of no model nothing can be asked, and it says why", async () => {
  const { number: declared } = await createIncident.call(call(), {
    title: "Somebody called again",
    reason: "a call",
    severity: "sev3",
  });
  await expect(ask(declared, "volume-drop", "week")).rejects.toMatchObject({
    code: "invalid_request",
  });
});
