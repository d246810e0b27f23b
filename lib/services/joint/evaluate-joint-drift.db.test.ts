import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { evaluateJointDrift } from "./evaluate-joint-drift.ts";
import { getJoint } from "./get-joint.ts";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let call: CallContext;

const fromTime = new Date("2026-11-19T00:00:00Z");
const untilTime = new Date("2026-11-20T00:00:00Z");
const now = new Date("2026-11-20T03:00:00Z");

/** `right` follows `left` in the baseline and not in the window; each alone stays as it was. */
const pairAt = (random: () => number, isTied: boolean) => {
  const left = random();
  return { left, right: isTied ? left : random(), city: random() < 0.5 ? "ATL" : "JFK" };
};

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, {
    features: { left: "numeric", right: "numeric", city: "categorical" },
  });
  await stores.postgres.db
    .update(modelVersions)
    .set({ lastSeenAt: now })
    .where(eq(modelVersions.modelId, model.id));
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  const random = seededRandom(4);
  const rows = Array.from(
    { length: 400 },
    (_, i): TestPrediction => ({
      id: `r${i}`,
      time: new Date(fromTime.getTime() + i * 200_000),
      value: 1,
      features: pairAt(random, false),
    }),
  );
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  const range = { workspaceId, modelId: model.id, fromTime, untilTime };
  await recomputeBuckets(stores, { ...range, grain: "1h" });
  await rebuildDays(stores, range);
  await insertVectors(random);
  const baselineId = randomUUID();
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values: Array.from({ length: 500 }, (_, i) => {
      const { left, right, city } = pairAt(random, true);
      return {
        workspace_id: workspaceId,
        model_id: model.id,
        baseline_id: baselineId,
        row_number: i,
        prediction_kind: "number",
        prediction_value: 1,
        numeric_features: { left, right },
        string_features: { city },
      };
    }),
    columns: [
      "workspace_id",
      "model_id",
      "baseline_id",
      "row_number",
      "prediction_kind",
      "prediction_value",
      "numeric_features",
      "string_features",
    ],
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, { workspaceId, modelId: model.id, baselineId });
  await buildBaseline(
    stores.postgres,
    { id: baselineId, workspaceId, modelId: model.id },
    { rowCount: 500 },
  );
});
afterAll(() => stores.close());

/** Two embeddings over a week and a day: on the last day one of them has moved. */
async function insertVectors(random: () => number) {
  const dayMs = 86_400_000;
  const values = Array.from({ length: 8 * 120 }, (_, i) => {
    const timeMs = untilTime.getTime() - 1 - Math.floor((i / (8 * 120)) * 8 * dayMs);
    const shift = timeMs >= fromTime.getTime() ? 0.5 : 0;
    const row = {
      workspace_id: workspaceId,
      model_id: model.id,
      environment: "production",
      version: "1",
      prediction_id: `v${i}`,
      timestamp: new Date(timeMs).toISOString().replace("T", " ").replace("Z", ""),
      sequence: String(i),
    };
    return [
      { ...row, name: "moved", vector: [random() + shift, random(), random()] },
      { ...row, name: "steady", vector: [random(), random()] },
    ];
  }).flat();
  await stores.clickhouse.insert({ table: "embeddings", values, format: "JSONEachRow" });
}

test("before the first evaluation there is none", async () => {
  expect(await getJoint.call(call, { model: model.name })).toMatchObject({ newest: null });
});

test("a tie between two features that broke is found, with the two, and kept once", async () => {
  await evaluateJointDrift(stores, { workspaceId, modelId: model.id, now });
  const { newest } = await getJoint.call(call, { model: model.name });
  expect(newest).toMatchObject({
    from: fromTime.toISOString(),
    until: untilTime.toISOString(),
    result: {
      verdict: "drift",
      baselineRowCount: 500,
      windowRowCount: 400,
      columnCount: 3,
      domain: { pValue: 0.01, permutationCount: 99, rowCount: 900 },
    },
  });
  const by = newest?.result.domain?.contributions.slice(0, 2).map(({ feature }) => feature);
  expect(by?.sort()).toEqual(["left", "right"]);
  expect(newest?.result.embeddings).toMatchObject([
    { name: "moved", verdict: "drift", pValue: 0.01, windowCount: 120, referenceCount: 500 },
    { name: "steady", verdict: "no_drift" },
  ]);
  const error = newest?.result.reconstruction;
  expect(error?.value).toBeGreaterThan(error?.upper ?? Number.POSITIVE_INFINITY);
  await evaluateJointDrift(stores, {
    workspaceId,
    modelId: model.id,
    now: new Date(now.getTime() + 3_600_000),
  });
  const again = await getJoint.call(call, { model: model.name });
  expect(again.newest?.computedAt).toBe(now.toISOString());
});

test("a model of another workspace is not there", async () => {
  const other = await buildWorkspace(stores.postgres);
  const foreign = { ...call, workspaceId: other.id };
  await expect(getJoint.call(foreign, { model: model.name })).rejects.toMatchObject({
    code: "not_found",
  });
});
