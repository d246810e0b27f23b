import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getCauses } from "./get-causes.ts";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let call: CallContext;

const minuteMs = 60_000;
const fromTime = new Date("2026-11-16T00:00:00Z");
const faultTime = new Date("2026-11-20T14:05:00Z");
const untilTime = new Date("2026-11-20T20:00:00Z");

/** A heavy-tailed amount with cents, a city, and hours of the day that thin out at night. */
const amount = (i: number) => Math.round(100 * Math.exp(((i * 7919) % 1_009) / 250)) / 100;
const city = (i: number) =>
  ["ATL", "JFK", "SFO", "LAX"][[0, 0, 0, 0, 1, 1, 2, 3][i % 8] ?? 0] ?? "";

const rowAt = (i: number, time: Date): TestPrediction => {
  const isFaulty = time >= faultTime;
  return {
    id: `r${i}`,
    time,
    value: 1,
    features: {
      amount: amount(i) * (isFaulty ? 100 : 1),
      city: isFaulty ? city(i).toLowerCase() : city(i),
      note: isFaulty && i % 3 === 0 ? null : amount(i + 5),
      steady: amount(i + 9),
    },
  };
};

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, {
    features: { amount: "numeric", city: "categorical", note: "numeric", steady: "numeric" },
  });
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now: untilTime };
  const count = (untilTime.getTime() - fromTime.getTime()) / minuteMs;
  const rows = Array.from({ length: count }, (_, i) =>
    rowAt(i, new Date(fromTime.getTime() + i * minuteMs)),
  );
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  for (const grain of ["5m", "1h"] as const)
    await recomputeBuckets(stores, { workspaceId, modelId: model.id, grain, fromTime, untilTime });
  await insertBaseline();
});
afterAll(() => stores.close());

async function insertBaseline() {
  const baselineId = randomUUID();
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values: Array.from({ length: 3_000 }, (_, i) => ({
      workspace_id: workspaceId,
      model_id: model.id,
      baseline_id: baselineId,
      row_number: i,
      prediction_kind: "number",
      prediction_value: 1,
      numeric_features: { amount: amount(i), note: amount(i + 5), steady: amount(i + 9) },
      string_features: { city: city(i) },
    })),
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
  await buildBaseline(stores.postgres, { id: baselineId, workspaceId, modelId: model.id });
}

const ask = (feature: string, from: Date) =>
  getCauses.call(call, {
    model: model.name,
    feature,
    from: from.toISOString(),
    until: untilTime.toISOString(),
  });

const hoursBefore = (hours: number) => new Date(untilTime.getTime() - hours * 60 * minuteMs);

describe("a fault that began within the window", () => {
  test("is named with its factor, to five minutes, and how much of the distance it removes", async () => {
    const answer = await ask("amount", hoursBefore(24));
    expect(answer.verdict).toBe("causes");
    expect(answer.causes[0]).toMatchObject({
      kind: "unit_change",
      parameters: { factor: "100", offset: "0" },
    });
    expect(answer.causes[0]?.quality).toBeGreaterThan(0.97);
    expect(answer.since).toMatchObject({ at: faultTime.toISOString() });
    expect(answer.sentence).toMatch(
      /^amount looks multiplied by 100 since 2026-11-20 14:05 UTC; undoing it removes .+ of the distance\.$/,
    );
  });

  test("of names is found by their spelling", async () => {
    const answer = await ask("city", hoursBefore(24));
    expect(answer.causes[0]).toMatchObject({
      kind: "relabelled",
      parameters: { rule: "lower_case" },
    });
    expect(answer.causes[0]?.pairs).toContainEqual({ from: "ATL", to: "atl" });
    expect(answer.since?.at).toBe(faultTime.toISOString());
  });

  test("of missing values is said as what it is", async () => {
    const answer = await ask("note", hoursBefore(24));
    expect(answer.causes[0]).toMatchObject({ kind: "null_flood" });
    expect(answer.since?.at).toBe(faultTime.toISOString());
  });
});

test("a fault older than the window is dated before it", async () => {
  const answer = await ask("amount", hoursBefore(3));
  expect(answer.causes[0]?.kind).toBe("unit_change");
  expect(answer.since?.at).toBe(faultTime.toISOString());
});

test("a window that begins and ends within an hour is answered by all of its rows", async () => {
  const answer = await getCauses.call(call, {
    model: model.name,
    feature: "city",
    from: new Date(untilTime.getTime() - 130 * minuteMs).toISOString(),
    until: new Date(untilTime.getTime() - 20 * minuteMs).toISOString(),
  });
  expect(answer).toMatchObject({ rowCount: 110, causes: [{ kind: "relabelled" }] });
});

test("a feature that did not move has no cause and no date", async () => {
  const answer = await ask("steady", hoursBefore(24));
  expect(answer).toMatchObject({ verdict: "no_move", causes: [], since: null });
});

test("a feature that nobody knows has nothing to be compared with", async () => {
  expect(await ask("nothing", hoursBefore(24))).toMatchObject({
    verdict: "cannot_say",
    causes: [],
  });
});

test("rows that were sent again under new ids are counted as such", async () => {
  const again = Array.from({ length: 600 }, (_, i) => ({
    ...rowAt(i % 60, new Date(untilTime.getTime() - 180 * minuteMs + i * 18_000)),
    id: `again${i}`,
  }));
  const replayed = again.map((row) => ({
    ...row,
    features: { ...row.features, steady: 1 + (Number(row.id.slice(5)) % 60) / 100 },
  }));
  await insertPredictions(stores, { workspaceId, modelId: model.id }, replayed);
  const range = { fromTime: hoursBefore(3), untilTime };
  for (const grain of ["5m", "1h"] as const)
    await recomputeBuckets(stores, { workspaceId, modelId: model.id, grain, ...range });
  const answer = await ask("steady", hoursBefore(3));
  expect(answer.causes.map((cause) => cause.kind)).toContain("duplicate_replay");
});
