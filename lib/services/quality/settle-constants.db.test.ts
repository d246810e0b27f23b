import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { createSegmentKey } from "../segment/create-segment-key.ts";
import { listSegments } from "../segment/list-segments.ts";
import { getQuality } from "./get-quality.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Monday, and a Friday two weeks later. */
const monday = Date.parse("2026-11-09T00:00:00Z");
const friday = monday + 18 * dayMs;
const now = new Date(friday + dayMs);

let stores: TestStores;
let call: CallContext;
let model: { id: string; name: string };

/** Every minute and a half for nineteen days; `amount` is stuck on the last. */
function rowAt(i: number): TestPrediction {
  const time = new Date(monday + i * 90_000);
  const isLast = time.getTime() >= friday;
  return {
    id: `r${i}`,
    time,
    value: i % 25,
    tags: { region: i % 2 === 0 ? "eu" : "us" },
    features: {
      hour: time.getUTCHours(),
      isWeekend: [0, 6].includes(time.getUTCDay()),
      amount: isLast ? 7 : (i * 7_919) % 100,
    },
  };
}

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  model = await buildModel(stores.postgres, workspaceId, {
    features: { hour: "numeric", isWeekend: "boolean", amount: "numeric" },
  });
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  const rows = Array.from({ length: (19 * dayMs) / 90_000 }, (_, i) => rowAt(i));
  await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  const range = { workspaceId, modelId: model.id, fromTime: new Date(monday), untilTime: now };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await rebuildDays(stores, range);
});
afterAll(() => stores.close());

/** Of a window that ends at this time, compared with the week before: the verdict of each feature. */
async function ask(untilMs: number, lengthMs: number) {
  const { features } = await getQuality.call(call, {
    model: model.name,
    from: new Date(untilMs - lengthMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    reference: "trailing",
  });
  return Object.fromEntries(
    features
      .filter(({ subject }) => subject === "feature")
      .map(({ feature, verdict }) => [feature, verdict]),
  );
}

const noon = friday + 12 * hourMs;

describe("what is one value in a window", () => {
  test("is no problem in a range of hours where the calendar explains it, and is one where the past varies", async () => {
    // A hundred values at least: two and a half hours.
    expect(await ask(noon, 3 * hourMs)).toEqual({ hour: "ok", isWeekend: "ok", amount: "problem" });
    expect(await ask(noon - dayMs, 3 * hourMs)).toMatchObject({ amount: "ok", isWeekend: "ok" });
  });

  test("nor in a range of a day", async () =>
    expect(await ask(noon + 12 * hourMs, dayMs)).toEqual({
      hour: "ok",
      isWeekend: "ok",
      amount: "problem",
    }));

  test("nor in a segment", async () => {
    const { values } = await listSegments.call(call, {
      model: model.name,
      from: new Date(friday).toISOString(),
      until: now.toISOString(),
      reference: "trailing",
      segmentKey: "region",
    });
    // The stuck amount alone.
    expect(values.map(({ value, quality }) => [value, quality?.foundCount])).toEqual([
      ["eu", 1],
      ["us", 1],
    ]);
  });

  test("nor by the last columns of a longer range, in which it varies", async () => {
    const week = await ask(noon + 12 * hourMs, 7 * dayMs);
    expect(week).toEqual({ hour: "ok", isWeekend: "ok", amount: "problem" });
  });

  test("cannot be told in the first days of a model", async () =>
    expect(await ask(monday + 2 * dayMs, 2 * dayMs)).toMatchObject({ isWeekend: "cannot_say" }));
});
