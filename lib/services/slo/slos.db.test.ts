import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAlertsSince } from "#db/postgres/queries/alert.ts";
import { updateSloRow } from "#db/postgres/queries/slo.ts";
import { listAlertStates } from "#db/postgres/queries/slo-slice.ts";
import { models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { SloIndicator } from "#lib/domain/slo.ts";
import type { CallContext } from "../context.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { createSilence } from "../silence/create-silence.ts";
import { expireSilence } from "../silence/expire-silence.ts";
import { findSilencedAlerts } from "../silence/find-silenced-alerts.ts";
import { getSilence } from "../silence/get-silence.ts";
import { previewSilence } from "../silence/preview-silence.ts";
import { createSlo } from "./create-slo.ts";
import { deleteSlo } from "./delete-slo.ts";
import { evaluateDueSlo } from "./evaluate-slo.ts";
import { exportSlo } from "./export-slo.ts";
import { getSlo } from "./get-slo.ts";
import { importSlos } from "./import-slos.ts";
import { listSlos } from "./list-slos.ts";
import { updateSlo } from "./update-slo.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const at = (clock: string) => new Date(`2026-11-04T${clock}Z`);
let stores: TestStores;
let call: CallContext;

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now: at("13:01:30") };
});
afterAll(() => stores.close());

async function build(): Promise<{ id: string; name: string }> {
  const model = await buildModel(stores.postgres, call.workspaceId);
  await stores.postgres.db.update(models).set({ task: "binary" }).where(eq(models.id, model.id));
  return model;
}

/** A row a minute, a second late, with the latency that is said. */
function rows(from: Date, until: Date, latencyOf: (i: number) => number = () => 5) {
  const count = (until.getTime() - from.getTime()) / minuteMs;
  return Array.from(
    { length: count },
    (_, i): TestPrediction => ({
      id: `${from.getTime()}-${i}`,
      time: new Date(from.getTime() + i * minuteMs),
      label: i % 2 === 0 ? "late" : "on_time",
      score: i % 2 === 0 ? 0.75 : 0.25,
      latencyMs: latencyOf(i),
    }),
  );
}

async function arrive(modelId: string, predictions: TestPrediction[], from: Date, until: Date) {
  const key = { workspaceId: call.workspaceId, modelId };
  await insertPredictions(stores, key, predictions);
  for (const grain of ["5m", "1h"] as const)
    await recomputeBuckets(stores, { ...key, grain, fromTime: from, untilTime: until });
  const day = (ms: number) => new Date(Math.floor(ms / dayMs) * dayMs);
  await rebuildDays(stores, {
    ...key,
    fromTime: day(from.getTime()),
    untilTime: day(until.getTime() + dayMs - 1),
  });
}

/** What the worker's loop does at a time, for one objective. */
async function evaluate(sloId: string, now: Date): Promise<void> {
  await updateSloRow({ pg: stores.postgres.db, workspaceId: call.workspaceId }, sloId, {
    dueAt: new Date(0),
  });
  expect(await evaluateDueSlo(stores, { now, newId: randomUUID })).toBe(true);
}

const create = (model: string, indicator: SloIndicator, changes: object = {}) =>
  createSlo.call(call, {
    name: `${model} ${indicator.kind}`,
    model,
    indicator,
    objective: 0.99,
    period: { kind: "rolling", days: 28 },
    ...changes,
  });
const read = (sloId: string, now: Date) => getSlo.call({ ...call, now }, { sloId });

describe("an objective of freshness", () => {
  let sloId: string;
  let model: { id: string; name: string };
  beforeAll(async () => {
    model = await build();
    const from = new Date("2026-11-03T10:00:00Z");
    // Silent from noon.
    await arrive(model.id, rows(from, at("12:00:00")), from, at("13:00:00"));
    sloId = (await create(model.name, { kind: "freshness", ageMs: 15 * minuteMs })).id;
  });

  test("measures its history at once: slices that ended a quarter of an hour after the last row are bad", async () => {
    await evaluate(sloId, at("13:01:30"));
    const slo = await read(sloId, at("13:01:30"));
    // Ends 12:15 to 13:00; the first row came at ten the day before.
    expect(slo.budget).toMatchObject({
      totalCount: 8_064,
      allowedCount: 80.64,
      settledGood: 27 * 12 - 10,
      settledBad: 10,
      provisionalBad: 0,
      unmeasured: 0,
      health: "healthy",
    });
    expect(slo.budget.remaining).toBeCloseTo(1 - 10 / 80.64, 12);
    expect(slo.slices.map(({ from }) => from.slice(11, 16)).toSorted()).toEqual([
      "12:10",
      "12:15",
      "12:20",
      "12:25",
      "12:30",
      "12:35",
      "12:40",
      "12:45",
      "12:50",
      "12:55",
    ]);
    expect(slo.measuredUntil).toBe("2026-11-04T13:00:00.000Z");
  });

  test("burns: ten of 36 slices in the long window, all in the short, and one tier speaks", async () => {
    const slo = await read(sloId, at("13:01:30"));
    const [fast, ...slower] = slo.tiers;
    expect(fast).toMatchObject({
      longMs: 3 * hourMs,
      shortMs: 15 * minuteMs,
      verdict: "fire",
      inhibitedBy: null,
    });
    expect(fast?.long?.least).toBeCloseTo(10 / 36 / 0.01, 9);
    expect(fast?.short?.least).toBeCloseTo(100, 9);
    expect(
      slower.filter(({ verdict }) => verdict === "fire").map(({ inhibitedBy }) => inhibitedBy),
    ).toEqual(["page_fast", "page_fast"]);
    expect(slo.burning).toBe("page");
    expect(slo.sentence).toContain("at this pace the 28\u202fd budget is gone in");
  });

  test("opens one incident, with its evidence, whose page a silence holds back and lists", async () => {
    const scope = { pg: stores.postgres.db, workspaceId: call.workspaceId };
    const alerts = await listAlertsSince(scope, new Date(0));
    expect(alerts).toMatchObject([
      {
        monitorId: sloId,
        monitorKind: "slo",
        causeClass: "slo",
        state: "firing",
        column: "page",
        windowUntil: at("13:00:00"),
        evidenceHash: expect.any(String),
      },
    ]);
    const matchers = [
      { label: "cause_class" as const, comparison: "is" as const, values: ["slo"] },
    ];
    const preview = await previewSilence.call(call, { matchers });
    expect(preview).toMatchObject({ alertCount: 1, weekAlertCount: 1 });
    const { silence } = await createSilence.call(call, {
      matchers,
      endsAt: at("15:00:00").toISOString(),
      reason: "test",
    });
    expect(await findSilencedAlerts(scope, alerts, at("13:02:00"))).toEqual(
      new Set([alerts[0]?.id]),
    );
    const { hidden } = await getSilence.call(call, { silenceId: silence.id });
    expect(hidden).toMatchObject([{ alertId: alerts[0]?.id }]);
    await expireSilence.call(call, { silenceId: silence.id });
  });

  test("goes on while the short windows are bad, as a ticket when those of the pages are clean", async () => {
    await arrive(model.id, rows(at("13:00:00"), at("14:30:00")), at("13:00:00"), at("15:00:00"));
    await evaluate(sloId, at("13:06:30"));
    const during = await read(sloId, at("13:06:30"));
    expect(during.tiers[0]).toMatchObject({ verdict: "fire", inhibitedBy: null });
    await evaluate(sloId, at("13:31:30"));
    const after = await read(sloId, at("13:31:30"));
    expect(after.tiers.map(({ verdict }) => verdict).slice(0, 3)).toEqual([
      "clear",
      "clear",
      "fire",
    ]);
    expect(after.tiers[0]?.short).toEqual({ least: 0, most: 0 });
    expect(after.burning).toBe("ticket");
    const scope = { pg: stores.postgres.db, workspaceId: call.workspaceId };
    const alerts = await listAlertsSince(scope, new Date(0));
    expect(alerts.map(({ column, state }) => [column, state]).toSorted()).toEqual([
      ["page", "resolved"],
      ["ticket", "firing"],
    ]);
    expect(after.budget.settledBad).toBe(10);
  });

  test("run again changes nothing, and nothing is due until the next slice has settled", async () => {
    await evaluate(sloId, at("14:26:30"));
    const before = await read(sloId, at("14:26:30"));
    await evaluate(sloId, at("14:26:30"));
    expect(await read(sloId, at("14:26:30"))).toEqual(before);
    const { postgres } = stores;
    const due = await postgres.db.execute<{ due_at: Date }>(
      `SELECT due_at FROM slos WHERE id = '${sloId}'`,
    );
    expect(new Date(due.rows[0]?.due_at ?? 0).toISOString()).toBe("2026-11-04T14:31:01.000Z");
  });

  test("freezes while it cannot be measured: its alert is neither fired nor cleared", async () => {
    const other = await create(
      model.name,
      { kind: "performance", metric: "no_such", operator: "at_least", threshold: 1 },
      { name: "unknown" },
    );
    await evaluate(other.id, at("14:26:30"));
    const slo = await read(other.id, at("14:26:30"));
    expect(slo.budget).toMatchObject({ attained: null, health: "unknown" });
    const states = await listAlertStates(
      { pg: stores.postgres.db, workspaceId: call.workspaceId },
      other.id,
    );
    expect(states.every(({ firingSince }) => firingSince === null)).toBe(true);
    await deleteSlo.call(call, { sloId: other.id });
  });

  test("an edit of what was changed since is refused; what it allows follows the edit", async () => {
    const edit = (revision: number) => updateSlo.call(call, { sloId, revision, objective: 0.999 });
    await edit(1);
    await expect(edit(1)).rejects.toMatchObject({ code: "stale" });
    const slo = await read(sloId, at("14:26:30"));
    expect(slo.budget).toMatchObject({ allowedCount: 8.064, health: "breach" });
    const { slos } = await listSlos.call({ ...call, now: at("14:26:30") }, {});
    expect(slos[0]?.id).toBe(sloId);
  });

  test("goes out as OpenSLO and comes in again, all of a file or nothing", async () => {
    const { yaml } = await exportSlo.call(call, { sloId });
    await expect(importSlos.call(call, { yaml })).rejects.toMatchObject({ code: "conflict" });
    const renamed = yaml.replace(/displayName: .*/, "displayName: copied");
    const dry = await importSlos.call(call, { yaml: renamed, isDryRun: true });
    expect(dry.slos).toEqual([{ id: null, name: "copied", model: model.name }]);
    const twice = `${renamed}---\n${renamed}`;
    await expect(importSlos.call(call, { yaml: twice })).rejects.toMatchObject({
      code: "conflict",
    });
    const { slos } = await importSlos.call(call, { yaml: renamed });
    const copy = await read(slos[0]?.id ?? "", call.now);
    expect(copy).toMatchObject({
      indicator: { kind: "freshness", ageMs: 15 * minuteMs },
      objective: 0.999,
    });
    await expect(importSlos.call(call, { yaml: "a: [" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});

test("an objective of latency counts predictions, those in the bin of the limit as unmeasured", async () => {
  const model = await build();
  const from = at("10:00:00");
  // Every tenth takes 500 ms.
  await arrive(
    model.id,
    rows(from, at("12:00:00"), (i) => (i % 10 === 0 ? 500 : 5)),
    from,
    at("13:00:00"),
  );
  const { id } = await create(model.name, { kind: "latency", latencyMs: 200 }, { objective: 0.95 });
  await evaluate(id, at("13:01:30"));
  const slo = await read(id, at("13:01:30"));
  expect(slo.budget).toMatchObject({
    totalCount: 120,
    settledGood: 108,
    settledBad: 12,
    unmeasured: 0,
    allowedCount: 6,
    health: "breach",
  });
  expect(slo.budget.remaining).toBeCloseTo(-1, 12);
});

describe("an objective of performance", () => {
  test("is unmeasured without labels, provisional while they come, settled after, and judged anew by one that is late", async () => {
    const model = await build();
    const key = { workspaceId: call.workspaceId, modelId: model.id };
    const from = new Date("2026-11-02T00:00:00Z");
    const hours = Array.from({ length: 60 }, (_, h) => new Date(from.getTime() + h * hourMs));
    const all = hours.flatMap((hour, h) =>
      rows(hour, new Date(hour.getTime() + 10 * minuteMs)).map((row, i) => ({
        ...row,
        id: `${h}-${i}`,
      })),
    );
    await arrive(model.id, all, from, new Date(from.getTime() + 60 * hourMs));
    const truth = (i: number) => (i % 2 === 0 ? "late" : "on_time");
    const labelsOf = (h: number, isRight: boolean, time: Date) =>
      Array.from({ length: 10 }, (_, i) => ({
        id: `${h}-${i}`,
        label: isRight ? truth(i) : truth(i + 1),
        time,
      }));
    const label = async (h: number, isRight: boolean, time: Date) => {
      const hour = hours[h] ?? from;
      await insertLabels(stores, key, labelsOf(h, isRight, time));
      await recomputePerformance(stores, {
        ...key,
        fromTime: hour,
        untilTime: new Date(hour.getTime() + hourMs),
      });
    };
    // Two hours after the last row of an hour, of the first 48 hours.
    const labels = hours
      .slice(0, 48)
      .flatMap((hour, h) =>
        labelsOf(h, h !== 5 && h !== 47, new Date(hour.getTime() + 2 * hourMs)),
      );
    await insertLabels(stores, key, labels);
    await recomputePerformance(stores, {
      ...key,
      fromTime: from,
      untilTime: new Date(from.getTime() + 60 * hourMs),
    });
    const { id } = await create(
      model.name,
      { kind: "performance", metric: "accuracy", operator: "at_least", threshold: 0.9 },
      { objective: 0.9 },
    );
    const now = new Date(from.getTime() + 49 * hourMs + 30 * minuteMs);
    await evaluate(id, now);
    const { budget, slices, judgedUntil } = await read(id, now);
    // Burns are judged by what is settled: the labels of hour 47 have not had their time.
    expect(judgedUntil).toBe("2026-11-03T23:00:00.000Z");
    // Hour 5 is bad for certain; 47 is, unless its labels change; 48 has none yet.
    expect(budget).toMatchObject({ settledBad: 1, provisionalBad: 1, unmeasured: 1 });
    expect(budget.remainingMost).toBeGreaterThan(budget.remaining);
    expect(budget.remaining).toBeGreaterThan(budget.remainingLeast);
    expect(slices.map(({ state, value }) => [state, value])).toEqual([
      ["unmeasured", null],
      ["provisional", 0],
      ["settled", 0],
    ]);
    // A correction of the fifth hour, two days late: found by the next sweep.
    await label(5, true, now);
    await evaluate(id, new Date(now.getTime() + 2 * hourMs));
    const after = await read(id, new Date(now.getTime() + 2 * hourMs));
    expect(after.budget).toMatchObject({ settledBad: 1, provisionalBad: 0 });
    expect(
      after.slices.find(({ from: start }) => start === "2026-11-02T05:00:00.000Z"),
    ).toBeUndefined();
  });
});
