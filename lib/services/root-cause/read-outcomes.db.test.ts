import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { readBaselineOutcomes, readWindowOutcomes } from "./read-outcomes.ts";

let stores: TestStores;
let key: { workspaceId: string; modelId: string };
const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  key = { workspaceId, modelId };
});
afterAll(() => stores.close());

const context = () => ({ ch: scopeClickHouse(stores.clickhouse, key.workspaceId) });

const questionOf = (types: ReadonlyMap<string, FeatureType>) => ({
  modelId: key.modelId,
  types,
  features: [...types.keys()],
  segment: null,
  segmentKeys: [],
  isLabelled: false,
});

describe("the rows that a change is explained from", () => {
  test("have each value at its feature, whatever others lack and whichever kind it came as", async () => {
    const rows: TestPrediction[] = [
      { id: "a", time: fromTime, value: 1, features: { z: 9, x: 1, city: "ATL", flag: true } },
      { id: "b", time: fromTime, value: 2, features: { y: 2, city: "", other: "no" } },
      { id: "c", time: fromTime, value: 3, features: { x: null, city: 7, flag: false } },
      { id: "d", time: fromTime, value: 4, features: {} },
    ];
    await insertPredictions(stores, key, rows);
    await recomputeBuckets(stores, { ...key, grain: "1h", fromTime, untilTime });
    const types = new Map<string, FeatureType>([
      ["x", "numeric"],
      ["y", "numeric"],
      ["city", "categorical"],
      ["flag", "boolean"],
    ]);
    const found = await readWindowOutcomes(
      context(),
      questionOf(types),
      { environment: "production", version: "1" },
      coverWindow(fromTime, untilTime, untilTime),
    );
    const table = found.rows.map(({ value }, i) => [
      value,
      ...found.columns.map(({ values }) => values[i]),
    ]);
    expect(table.toSorted()).toEqual([
      [1, 1, null, "ATL", "true"],
      [2, null, 2, "", null],
      [3, null, null, "7", "false"],
      [4, null, null, null, null],
    ]);
  });

  test("are read of a thousand features within what a query may hold", async () => {
    const baselineId = randomUUID();
    const rowCount = 2_000;
    await stores.clickhouse.command({
      query: `INSERT INTO baseline_rows (workspace_id, model_id, baseline_id, row_number, prediction_value, numeric_features, string_features)
        SELECT {workspaceId: UUID}, {modelId: UUID}, {baselineId: UUID}, number, number,
          mapFromArrays(arrayMap(i -> concat('number_', toString(i)), range(700)), arrayMap(i -> toFloat64(number + i), range(700))),
          mapFromArrays(arrayMap(i -> concat('name_', toString(i)), range(300)), arrayMap(i -> toString(number % (i + 1)), range(300)))
        FROM numbers({rowCount: UInt32})`,
      query_params: { ...key, baselineId, rowCount },
    });
    const types = new Map<string, FeatureType>([
      ...Array.from({ length: 700 }, (_, i) => [`number_${i}`, "numeric"] as const),
      ...Array.from({ length: 300 }, (_, i) => [`name_${i}`, "categorical"] as const),
    ]);
    const found = await readBaselineOutcomes(context(), questionOf(types), {
      id: baselineId,
      rowCount,
    });
    expect([found.rows.length, found.columns.length]).toEqual([rowCount, 1_000]);
    const [first] = found.rows;
    const at = first?.value ?? 0;
    expect(found.columns[699]?.values[0]).toBe(at + 699);
    expect(found.columns[999]?.values[0]).toBe(String(at % 300));
  });
});
