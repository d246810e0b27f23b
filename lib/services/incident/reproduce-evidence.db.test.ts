import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { findMonitorForAlerting } from "#db/postgres/queries/monitor.ts";
import { monitors } from "#db/postgres/schema/monitors.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { applyOutcomes } from "../alert/apply-outcomes.ts";
import type { CallContext } from "../context.ts";
import { freezeMonitor } from "../monitor/freeze-monitor.ts";
import { readMonitorWindow } from "../monitor/read-monitor-windows.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getEvidence } from "./get-evidence.ts";
import { getIncident } from "./get-incident.ts";
import { listSimilarIncidents } from "./list-similar-incidents.ts";
import { reproduceEvidence } from "./reproduce-evidence.ts";

const hourMs = grainMs["1h"];
/** Far from the clock of any worker that runs beside this suite. */
const start = Date.parse("2032-03-03T00:00:00Z");
const at = (hour: number) => new Date(start + hour * hourMs);
const now = at(20);

let stores: TestStores;
let workspaceId: string;
let modelId: string;
const call = (): CallContext => ({
  ...stores,
  workspaceId,
  actor: { kind: "user", userId: randomUUID(), role: "viewer" },
  now,
});

const rowsOf = (hour: number, name: string, value: (i: number) => number, count = 60) =>
  Array.from(
    { length: count },
    (_, i): TestPrediction => ({
      id: `${name}-${hour}-${i}`,
      time: new Date(start + hour * hourMs + i * 50_000),
      features: { x: value(i) },
      value: i,
    }),
  );

async function predict(rows: TestPrediction[]): Promise<void> {
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  const range = { workspaceId, modelId, fromTime: at(0), untilTime: at(24) };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
}

/** The monitor asks about the six hours that end with this one, and what it finds becomes an alert; answers its id. */
async function fire(
  question: MonitorQuestion,
  change: (evidence: FrozenEvidence) => FrozenEvidence = (evidence) => evidence,
): Promise<{ incident: number; alertId: string }> {
  const id = randomUUID();
  await stores.postgres.db.insert(monitors).values({
    id,
    workspaceId,
    modelId,
    name: id,
    causeClass: "data_drift",
    ...question,
    nextWindowUntil: at(1_000),
    dueAt: at(1_000),
    createdAt: now,
    updatedAt: now,
  });
  const monitor = await findMonitorForAlerting(stores.postgres.db, workspaceId, id);
  if (monitor === null) throw new Error("no monitor");
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const reading = { pg: stores.postgres.db, ch, workspaceId };
  const window = { fromTime: at(12), untilTime: at(18) };
  const outcomes = await readMonitorWindow(reading, { modelId, question, now }, window);
  const { firedAlertIds } = await stores.postgres.transaction((tx) =>
    applyOutcomes(
      tx,
      {
        workspaceId,
        monitorId: id,
        now,
        newId: randomUUID,
        freeze: async (outcome) => change(await freezeMonitor(reading, monitor, outcome, now)),
      },
      outcomes,
    ),
  );
  const [alertId = ""] = firedAlertIds;
  return { incident: 1, alertId };
}

const question = (
  kind: "drift" | "volume",
  change: Partial<MonitorQuestion["definition"]>,
): MonitorQuestion => {
  const asked = defaultQuestion(kind);
  const definition = { ...asked.definition, window: "6h", sampleMin: 20, ...change } as const;
  return { ...asked, definition, fireCount: 1, windowCount: 1, clearCount: 1 };
};
const drift = question("drift", {
  cadence: "6h",
  reference: "previous",
  statistic: "kolmogorov_smirnov",
  target: { kind: "feature", feature: "x" },
  threshold: { kind: "fixed", direction: "above", fire: 0.3, clear: 0.2 },
});

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  ({ id: modelId } = await buildModel(stores.postgres, workspaceId, {
    features: { x: "numeric" },
  }));
  const hours = Array.from({ length: 18 }, (_, hour) => hour);
  await predict(hours.flatMap((hour) => rowsOf(hour, "first", (i) => (hour < 12 ? i : i * 1_000))));
});
afterAll(() => stores.close());

test("what nobody touched is found again to the digit, and its shape names the fault", async () => {
  const asked = await fire(drift);
  const { evidence } = await getEvidence.call(call(), asked);
  expect(evidence.shape?.causes[0]).toBe("unit_change");
  expect(await reproduceEvidence.call(call(), asked)).toMatchObject({
    verdict: "same",
    value: evidence.value,
    difference: 0,
    sampleCount: evidence.window.sampleCount,
    reason: null,
  });
  expect(await listSimilarIncidents.call(call(), { incident: 1 })).toMatchObject({
    hasSignature: true,
    comparedCount: 0,
  });
});

test("how many rows came is said by one query, which is kept", async () => {
  const volume = question("volume", {
    cadence: "1h",
    threshold: { kind: "fixed", direction: "above", fire: 1, clear: 1 },
  });
  const asked = await fire(volume);
  const { incident } = await incidentOf(asked.alertId);
  const { evidence } = await getEvidence.call(call(), { ...asked, incident });
  expect(evidence.query?.sql).toContain("row_count");
  const result = await stores.clickhouse.query({
    query: evidence.query?.sql ?? "",
    query_params: { ...evidence.query?.parameters, rowsMax: 10 },
    format: "JSONEachRow",
  });
  expect(await result.json()).toMatchObject([{ rowCount: evidence.value }]);
});

test("what can't be asked any more is said, each with its reason", async () => {
  const reasonOf = async (change: (evidence: FrozenEvidence) => FrozenEvidence) => {
    const asked = await fire(drift, change);
    const { incident } = await incidentOf(asked.alertId);
    const answer = await reproduceEvidence.call(call(), { ...asked, incident });
    return [answer.verdict, answer.reason];
  };
  const settings = (evidence: FrozenEvidence, more: object) => ({
    ...evidence,
    monitor: { ...evidence.monitor, settings: { ...evidence.monitor.settings, ...more } },
  });
  expect(
    await reasonOf((evidence) => ({
      ...settings(evidence, { reference: "baseline" }),
      reference: { ...(evidence.reference ?? fail()), baselineId: randomUUID(), label: "training" },
    })),
  ).toEqual(["cannot", "it was compared with training, which is deleted"]);
  expect(
    await reasonOf((evidence) => ({
      ...evidence,
      model: { ...evidence.model, id: randomUUID() },
    })),
  ).toEqual(["cannot", "the model is gone"]);
  expect(await reasonOf((evidence) => settings(evidence, { statistic: 3 }))).toEqual([
    "cannot",
    "its question is one that can't be asked any more",
  ]);
  expect(
    await reasonOf((evidence) => ({
      ...evidence,
      window: {
        ...evidence.window,
        from: at(-2_000).toISOString(),
        until: at(-1_994).toISOString(),
      },
    })),
  ).toMatchObject(["cannot", expect.any(String)]);
});

test("rows that came late make it differ, and it is said by how much", async () => {
  const asked = await fire(drift);
  const { incident } = await incidentOf(asked.alertId);
  await predict(rowsOf(13, "late", (i) => i));
  const answer = await reproduceEvidence.call(call(), { ...asked, incident });
  expect(answer).toMatchObject({
    verdict: "differs",
    reason: "60 values more than then: late rows came",
  });
  expect(answer.difference).toBeLessThan(0);
  expect(answer.value).toBeCloseTo(answer.frozenValue + (answer.difference ?? 0), 12);
});

/** The incident that has an alert. */
async function incidentOf(alertId: string): Promise<{ incident: number }> {
  for (const incident of [1, 2]) {
    const { alerts } = await getIncident.call(call(), { incident });
    if (alerts.some(({ id }) => id === alertId)) return { incident };
  }
  throw new Error("No incident has the alert.");
}

function fail(): never {
  throw new Error("It has no reference.");
}
