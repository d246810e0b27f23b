import { afterAll, beforeAll, expect, test } from "vitest";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getDrift } from "./get-drift.ts";

const featureCount = 1_000;
const rowsPerHour = 150;
const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const hourBefore = new Date("2026-11-20T09:00:00Z");
const now = new Date("2026-11-20T12:00:00Z");
const names = Array.from({ length: featureCount }, (_, index) => `feature_${index}`);
const moved = "feature_737";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };

/** Numbers of many digits, as features have them: their cuts are what makes a statement long. */
const numberOf = (row: number, feature: number) =>
  (((row * 7_919 + feature * 104_729) % 10_007) / 10_007) * 3 - 1.5;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, {
    features: Object.fromEntries(names.map((name) => [name, "numeric" as const])),
  });
  const rows = Array.from({ length: 2 * rowsPerHour }, (_, row) => {
    const time = new Date(hourBefore.getTime() + row * (3_600_000 / rowsPerHour));
    const isMoved = time >= fromTime;
    const features = names.map((name, feature) => {
      const value = numberOf(row, feature);
      return [name, isMoved && name === moved ? value + 2 : value] as const;
    });
    return { id: `r${row}`, time, features: Object.fromEntries(features) };
  });
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  const range = { workspaceId, modelId: model.id, fromTime: hourBefore, untilTime };
  await recomputeBuckets(stores, { ...range, grain: "5m" });
  await recomputeBuckets(stores, { ...range, grain: "1h" });
});
afterAll(() => stores.close());

test("a model of a thousand features has its heat map, and the one that moved is found among them", async () => {
  const call = {
    ...stores,
    workspaceId,
    actor: { kind: "job" as const, name: "test" },
    now,
  };
  const drift = await getDrift.call(call, {
    model: model.name,
    from: fromTime.toISOString(),
    until: untilTime.toISOString(),
    reference: "previous",
  });
  const drifting = drift.features.filter(({ verdict }) => verdict === "drift");
  expect(drifting.map(({ feature }) => feature)).toEqual([moved]);
  expect(drift.heat.filter(({ subject }) => subject === "feature")).toHaveLength(featureCount);
  const rowCounts = drift.heat
    .filter(({ subject }) => subject === "feature")
    .map(({ cells }) => cells.reduce((sum, { rowCount }) => sum + rowCount, 0));
  expect(new Set(rowCounts)).toEqual(new Set([rowsPerHour]));
});
