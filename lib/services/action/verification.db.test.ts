import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { upsertMonitorSeries } from "#db/postgres/queries/monitor-window.ts";
import { monitors, monitorWindows } from "#db/postgres/schema/monitors.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import type { CallContext } from "../context.ts";
import { testSealer, testWebhookSecret } from "../destination/testing/build-destination.ts";
import { getIncident } from "../incident/get-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { at, outcomeOf, setUpBench } from "../incident/testing/alerting-bench.ts";
import type { ActionWorker } from "./advance-runs.ts";
import { advanceRuns } from "./advance-runs.ts";
import { getRun } from "./get-run.ts";
import { requestRun } from "./request-run.ts";
import { buildAction } from "./testing/build-action.ts";
import type { FakePipeline } from "./testing/fake-pipeline.ts";
import { startFakePipeline } from "./testing/fake-pipeline.ts";

const hourMs = 3_600_000;
const incident = 1;

let nowMs = 0;
const now = () => new Date(nowMs);
let stores: TestStores;
let bench: Bench;
let pipeline: FakePipeline;
let worker: ActionWorker;
let userId: string;
let monitorId: string;
let runId: string;

beforeAll(async () => {
  stores = openStores();
  pipeline = await startFakePipeline({ secret: () => testWebhookSecret, now });
});
/** An incident whose monitor fired at 1 h, and a run that succeeded at 2 h, to be verified half an hour later. */
beforeEach(async () => {
  bench = await setUpBench(stores);
  const { workspaceId, model } = bench;
  userId = (await buildUser(stores.postgres, { workspaceId, role: "editor", name: "Ada" })).id;
  const monitor = bench.monitor();
  const usual = defaultQuestion("volume");
  const definition = { ...usual.definition, window: "1h", cadence: "1h" } as const;
  const question = { ...usual, definition };
  monitorId = monitor.id;
  await stores.postgres.db.insert(monitors).values({
    id: monitorId,
    workspaceId,
    modelId: model.id,
    name: monitor.name,
    ...question,
    causeClass: "data_drift",
    nextWindowUntil: at(3),
    dueAt: at(3),
    createdAt: at(0),
    updatedAt: at(0),
  });
  nowMs = at(1).getTime();
  await bench.apply(monitor, [outcomeOf("F", 0)], now());
  worker = {
    postgres: stores.postgres,
    clickhouse: stores.clickhouse,
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"] },
    now,
    newId: randomUUID,
    workspaceId,
  };
  nowMs = at(2).getTime();
  const { slug } = await buildAction(stores.postgres, workspaceId, `${pipeline.url}/retrain`, {
    verifyAfterMinutes: 30,
  });
  runId = (await requestRun.call(call(), { action: slug, incident })).run.id;
  await advance();
  pipeline.take();
  expect(await stateOf()).toBe("verifying");
});
afterAll(async () => {
  await Promise.all([pipeline.close(), stores.close()]);
});

const call = (): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  actor: { kind: "user", userId, role: "editor" },
  now: now(),
});
async function advance(): Promise<void> {
  while (await advanceRuns(worker));
}
const stateOf = async () => (await getRun.call(call(), { runId })).run.state;
const incidentState = async () => (await getIncident.call(call(), { incident })).state;
/** What the monitor says at that hour of the window that ended then. */
async function say(letter: string, hour: number): Promise<void> {
  nowMs = at(hour).getTime();
  const outcome: SeriesOutcome = outcomeOf(letter, hour - 1);
  await stores.postgres.transaction((tx) =>
    upsertMonitorSeries(tx, { workspaceId: bench.workspaceId, monitorId, now: now() }, [
      {
        seriesKey: seriesKeyOf(outcome.series),
        series: outcome.series,
        windowFrom: outcome.windowFrom,
        windowUntil: outcome.windowUntil,
        result: outcome.result,
      },
    ]),
  );
  nowMs += 60_000;
  await advance();
}
const pass = async (hour: number) => {
  nowMs = at(hour).getTime();
  await advance();
};

describe("a run that succeeded", () => {
  test("asks the monitor again after its time, and not before", async () => {
    const windows = () =>
      stores.postgres.db
        .select({ until: monitorWindows.windowUntil })
        .from(monitorWindows)
        .where(and(eq(monitorWindows.monitorId, monitorId)));
    await pass(2.4);
    expect(await windows()).toEqual([]);
    await pass(2.6);
    expect(await windows()).toEqual([{ until: at(2) }]);
    expect(await stateOf()).toBe("verifying");
  });

  test("is verified once the monitor is calm, and only then the incident is mitigated", async () => {
    await pass(2.6);
    expect(await incidentState()).toBe("triggered");
    await say("C", 3);
    expect(await stateOf()).toBe("verified");
    expect(await incidentState()).toBe("mitigated");
    const { timeline } = await getIncident.call(call(), { incident });
    expect(
      timeline.some(({ kind, text }) => kind === "mitigated" && text.includes("Retrain")),
    ).toBe(true);
  });

  test("is not verified by a window from before it, whatever that said", async () => {
    await pass(2.6);
    await say("C", 2);
    expect(await stateOf()).toBe("verifying");
  });

  test("is not verified where the monitor fires on in a window that lies after it", async () => {
    await pass(2.6);
    await say("F", 3);
    expect(await stateOf()).toBe("not_verified");
    expect(await incidentState()).toBe("triggered");
  });

  test("waits while a firing window still holds rows from before it", async () => {
    await pass(2.6);
    nowMs = at(2.75).getTime();
    const early: SeriesOutcome = {
      ...outcomeOf("F", 2),
      windowFrom: at(1.75),
      windowUntil: at(2.75),
    };
    await stores.postgres.transaction((tx) =>
      upsertMonitorSeries(tx, { workspaceId: bench.workspaceId, monitorId, now: now() }, [
        { seriesKey: seriesKeyOf(early.series), ...early },
      ]),
    );
    await pass(2.8);
    expect(await stateOf()).toBe("verifying");
    await say("C", 3);
    expect(await stateOf()).toBe("verified");
  });

  test("can't be verified where no data come, and says so after a while", async () => {
    await pass(2.6);
    await say("u", 3);
    expect(await stateOf()).toBe("verifying");
    nowMs += 3 * hourMs;
    await advance();
    expect(await stateOf()).toBe("verification_impossible");
    expect(await incidentState()).toBe("triggered");
  });

  test("can't be verified where the monitor is off", async () => {
    await stores.postgres.db
      .update(monitors)
      .set({ isEnabled: false })
      .where(eq(monitors.id, monitorId));
    await pass(2.6);
    const { run } = await getRun.call(call(), { runId });
    expect(run).toMatchObject({
      state: "verification_impossible",
      sentence: expect.stringContaining("switched off"),
    });
  });
});
