import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alerts } from "#db/postgres/schema/incidents.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { monitors } from "#db/postgres/schema/monitors.ts";
import { buildModel, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { PreviewAsk } from "#lib/api/monitor.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { applyOutcomes } from "../alert/apply-outcomes.ts";
import type { CallContext } from "../context.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { createMonitor } from "./create-monitor.ts";
import { deleteMonitor } from "./delete-monitor.ts";
import { enableMonitor } from "./enable-monitor.ts";
import { evaluateDueMonitors } from "./evaluate-due-monitors.ts";
import { getMonitor } from "./get-monitor.ts";
import { getMonitorCoverage } from "./get-monitor-coverage.ts";
import { getMonitorHistory } from "./get-monitor-history.ts";
import { listMonitors } from "./list-monitors.ts";
import { previewMonitor } from "./preview-monitor.ts";
import { runMonitor } from "./run-monitor.ts";
import { updateMonitor } from "./update-monitor.ts";
import { watchModel } from "./watch-model.ts";

const hourMs = grainMs["1h"];
/** Far from the clock of any worker that runs beside this suite. */
const start = Date.parse("2032-03-01T00:00:00Z");
const at = (hour: number) => new Date(start + hour * hourMs);
const days = 60;
/** From here to there every tenth value is 90 % missing. */
const [badFrom, badUntil] = [56 * 24, 57 * 24];

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let clockMs = at(days * 24).getTime() + 61_000;
const call = (): CallContext => ({
  ...stores,
  workspaceId,
  actor: { kind: "job", name: "test" },
  now: new Date(clockMs),
});

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, { features: { x: "numeric" } });
  await stores.postgres.db
    .update(modelVersions)
    .set({ firstSeenAt: at(0), lastSeenAt: at(days * 24) })
    .where(eq(modelVersions.modelId, model.id));
  const rows = Array.from({ length: days * 24 }, (_, hour) =>
    Array.from({ length: 12 }, (_, i): TestPrediction => {
      const isMissing = hour >= badFrom && hour < badUntil && i % 10 !== 0;
      return {
        id: `r-${hour}-${i}`,
        time: new Date(start + hour * hourMs + i * 300_000),
        features: isMissing ? {} : { x: i },
        value: i,
      };
    }),
  );
  for (let i = 0; i < rows.length; i += 240)
    await insertPredictions(
      stores,
      { workspaceId, modelId: model.id },
      rows.slice(i, i + 240).flat(),
    );
  const range = { workspaceId, modelId: model.id, fromTime: at(0), untilTime: at(days * 24) };
  await recomputeBuckets(stores, { ...range, grain: "1h" });
  // By which the newest hour is read until it must have been built of them.
  await recomputeBuckets(stores, { ...range, fromTime: at(days * 24 - 1), grain: "5m" });
  await rebuildDays(stores, range);
}, 240_000);
afterAll(() => stores.close());

const missing = (change: Partial<MonitorQuestion["definition"]> = {}): MonitorQuestion => {
  const question = defaultQuestion("quality");
  return {
    ...question,
    definition: {
      ...question.definition,
      window: "6h",
      cadence: "6h",
      statistic: "missing_share",
      target: { kind: "feature", feature: "x" },
      threshold: { kind: "fixed", direction: "above", fire: 0.3, clear: 0.2 },
      sampleMin: 20,
      ...change,
    },
  };
};
const preview = (question: MonitorQuestion, ask: Omit<PreviewAsk, "question"> = {}) =>
  previewMonitor.call(call(), { model: model.name, question, ...ask });
const hoursOf = (iso: string | null) => (iso === null ? null : (Date.parse(iso) - start) / hourMs);

describe("a monitor that is not saved", () => {
  test("is replayed over history: when it would have fired, and how long", async () => {
    const found = await preview(missing());
    expect(found.windowCount).toBe(30 * 4);
    expect(found.firings.map(({ from, until }) => [hoursOf(from), hoursOf(until)])).toEqual([
      // Two of three windows of six hours to fire, two to clear.
      [badFrom + 12, badUntil + 12],
    ]);
    expect([found.firingCount, found.firingMs]).toEqual([1, 24 * hourMs]);
    expect(found.sentence).toContain("would have fired once");
    expect([found.valueCount, found.noDataCount, found.failedCount]).toEqual([120, 0, 0]);
    expect(found.lines[0]?.points).toHaveLength(120);
    expect(found.falseAlertsPerDay).toBeNull();
  });

  test("says what its settings promise of noise", async () => {
    const found = await preview(defaultQuestion("drift"), { days: 7 });
    expect(found.falseAlertsPerDay).toBeCloseTo(0.01, 6);
    expect(found.noDataCount).toBeGreaterThan(0);
    expect(found.sentence).toContain("could not say anything");
  });

  test("fires at exactly the windows at which it fires when it is live, and clears as it does", async () => {
    const question = missing();
    const { id } = await createMonitor.call(call(), {
      model: model.name,
      monitor: { ...question, name: "live" },
    });
    const from = at((days - 6) * 24);
    await stores.postgres.db
      .update(monitors)
      .set({ nextWindowUntil: from, dueAt: from })
      .where(eq(monitors.id, id));
    const options = {
      stores,
      now: () => new Date(clockMs),
      newId: randomUUID,
      applyOutcomes,
      modelId: model.id,
      onFailure: ({ error }: { error: unknown }) => {
        throw new Error("not evaluated", { cause: error });
      },
    };
    while (await evaluateDueMonitors(options));
    const live = await stores.postgres.db.select().from(alerts).where(eq(alerts.monitorId, id));
    const replayed = await preview(question);
    // It began with the first of the two windows that decided, and its newest is the one before it cleared.
    expect(
      live.map(({ beganAt, windowUntil, state }) => [
        (beganAt.getTime() - start) / hourMs,
        (windowUntil.getTime() - start) / hourMs,
        state,
      ]),
    ).toEqual([[badFrom, badUntil + 6, "resolved"]]);
    expect(replayed.firings).toHaveLength(live.length);
    const history = await getMonitorHistory.call(call(), { monitorId: id, days: 6 });
    const asked = replayed.lines[0]?.points.slice(-history.points.length);
    expect(history.points.length).toBe(24);
    expect(history.points).toEqual(asked);
    await deleteMonitor.call(call(), { monitorId: id });
  }, 120_000);

  test("learns from the weeks before", async () => {
    const threshold = { kind: "learned", direction: "below", coverage: 0.999 } as const;
    const question = defaultQuestion("volume");
    const learned = { ...question, definition: { ...question.definition, threshold } };
    const found = await preview(learned, { days: 3 });
    expect([found.windowCount, found.valueCount]).toEqual([72, 72]);
    expect(found.firingCount).toBe(0);
    expect(found.lines[0]?.points.at(-1)).toMatchObject({ value: 12, judged: "clear" });
    const band = found.lines[0]?.points.at(-1)?.fireThreshold ?? 99;
    expect(band).toBeLessThan(12);
  }, 120_000);

  test.each<[string, MonitorQuestion, RegExp]>([
    [
      "a feature that nobody sent",
      missing({ target: { kind: "feature", feature: "nope" } }),
      /no feature "nope"/,
    ],
    [
      "a segment key that nobody declared",
      missing({ segment: { key: "region", value: null } }),
      /no segment key "region"/,
    ],
    ["a version that was never seen", { ...missing(), version: "9" }, /no version "9"/],
    ["a window shorter than its cadence", missing({ window: "1h" }), /definition.window/],
  ])("is refused for %s, and says where", async (_name, question, message) => {
    await expect(preview(question)).rejects.toThrow(message);
  });
});

describe("monitors of a workspace", () => {
  let id: string;

  test("the default set watches what can be watched, once", async () => {
    const before = await getMonitorCoverage.call(call(), {});
    expect([before.modelCount, before.unwatchedModelCount]).toEqual([1, 1]);
    const { created } = await watchModel.call(call(), { model: model.name });
    // Without a task there is no metric of performance.
    expect(created.map(({ name }) => name)).toEqual(
      ["drift", "freshness", "volume", "data quality"].map((kind) => `${model.name}: ${kind}`),
    );
    expect((await watchModel.call(call(), { model: model.name })).created).toEqual([]);
    const after = await getMonitorCoverage.call(call(), {});
    expect(after.models[0]).toMatchObject({ monitorCount: 4, unwatchedFeatureCount: 0 });
    const { monitors: listed } = await listMonitors.call(call(), { model: model.name });
    expect(listed.map(({ state, worst }) => [state, worst])).toEqual(
      Array.from({ length: 4 }, () => ["unknown", null]),
    );
    // Without a baseline they compare with the days before.
    expect(listed.find(({ kind }) => kind === "drift")?.definition.reference).toBe("trailing");
  });

  test("one is made, asked at once, listed with its newest value, and shown with its series", async () => {
    ({ id } = await createMonitor.call(call(), {
      model: model.name,
      monitor: { ...missing(), name: "  x missing ", runbookUrl: "https://example.com/x" },
    }));
    const options = {
      stores,
      now: () => new Date(clockMs),
      newId: randomUUID,
      applyOutcomes,
      modelId: model.id,
      onFailure: () => {},
    };
    while (await evaluateDueMonitors(options));
    const { monitors: listed } = await listMonitors.call(call(), {});
    const mine = listed.find((one) => one.id === id);
    expect(mine).toMatchObject({
      name: "x missing",
      state: "healthy",
      seriesCount: 1,
      unit: "share",
    });
    expect(mine?.worst?.result).toMatchObject({ kind: "value", value: 0, judged: "clear" });
    expect(mine?.spark.map(({ value }) => value)).toEqual([0, 0, 0]);
    const shown = await getMonitor.call(call(), { monitorId: id });
    expect(shown.series.map(({ series }) => series.column)).toEqual(["x"]);
    expect(shown.windowUntil).toBe(at(days * 24).toISOString());
    await expect(runMonitor.call(call(), { monitorId: id })).resolves.toEqual({
      windowUntil: at(days * 24).toISOString(),
    });
  });

  test("an edit counts from the revision that was read, and begins anew", async () => {
    const body = { ...missing({ sampleMin: 30 }), name: "x missing" };
    await expect(
      updateMonitor.call(call(), { monitorId: id, revision: 1, monitor: body }),
    ).resolves.toEqual({ revision: 2 });
    await expect(
      updateMonitor.call(call(), { monitorId: id, revision: 1, monitor: body }),
    ).rejects.toMatchObject({ code: "stale" });
    expect((await getMonitor.call(call(), { monitorId: id })).series).toEqual([]);
  });

  test("an owner, a team and destinations must be of this workspace", async () => {
    const stranger = (await buildUser(stores.postgres)).id;
    for (const told of [
      { ownerUserId: stranger },
      { ownerTeamId: stranger },
      { destinationIds: [stranger] },
    ]) {
      const monitor = { ...missing(), name: "x", ...told };
      await expect(createMonitor.call(call(), { model: model.name, monitor })).rejects.toThrow(
        Object.keys(told)[0],
      );
    }
  });

  test("one that is off is not asked, and begins with the newest window when it is on again", async () => {
    await enableMonitor.call(call(), { monitorId: id, isEnabled: false });
    expect((await getMonitor.call(call(), { monitorId: id })).state).toBe("off");
    await expect(runMonitor.call(call(), { monitorId: id })).rejects.toMatchObject({
      code: "conflict",
    });
    clockMs += 24 * hourMs;
    await enableMonitor.call(call(), { monitorId: id, isEnabled: true });
    const { nextAt } = await getMonitor.call(call(), { monitorId: id });
    expect(nextAt).toBe(new Date(at((days + 1) * 24).getTime() + 60_000).toISOString());
    clockMs -= 24 * hourMs;
  });

  test("one that is deleted is gone", async () => {
    await deleteMonitor.call(call(), { monitorId: id });
    await expect(getMonitor.call(call(), { monitorId: id })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
