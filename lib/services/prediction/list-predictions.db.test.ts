import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { CallContext, Stores } from "../context.ts";
import { createSegmentKey } from "../segment/create-segment-key.ts";
import { listPredictions } from "./list-predictions.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
let stores: Stores;

beforeAll(() => {
  stores = {
    postgres: createPostgres({ url: inject("databaseUrl"), application: "test" }),
    clickhouse: createClickHouse({ url: inject("clickhouseUrl"), application: "test" }),
  };
});
afterAll(() => Promise.all([stores.postgres.close(), stores.clickhouse.close()]));

type Values = Record<string, unknown> & { prediction_id: string; timestamp: string };

async function build() {
  const workspace = await buildWorkspace(stores.postgres);
  const model = await buildModel(stores.postgres, workspace.id, { name: "eta" });
  const call: CallContext = {
    ...stores,
    workspaceId: workspace.id,
    actor: { kind: "job", name: "test" },
    now,
  };
  const scope = { workspace_id: workspace.id, model_id: model.id, environment: "production" };
  let counter = 0;
  const sequenceOf = () => String((BigInt(now.getTime()) << 22n) + BigInt(counter++));
  const insert = (table: string, rows: Record<string, unknown>[]) =>
    stores.clickhouse.insert({
      table,
      values: rows.map((row) => ({ ...scope, sequence: sequenceOf(), ...row })),
      format: "JSONEachRow",
      clickhouse_settings: { async_insert: 0 },
    });
  return {
    ask: (input: Record<string, unknown> = {}) =>
      listPredictions.call(call, { model: "eta", ...input }),
    /** Each call is a block of its own. */
    predict: (...rows: Values[]) =>
      insert(
        "predictions",
        rows.map((row) => ({ version: "1", ...row })),
      ),
    label: (...rows: Record<string, unknown>[]) => insert("labels", rows),
    call,
  };
}

const at = (minute: number) => `2026-03-01T11:${String(minute).padStart(2, "0")}:00.000Z`;
const ids = (answer: { predictions: { predictionId: string }[] }) =>
  answer.predictions.map((row) => row.predictionId);

test("a row comes back as it was sent: numbers, strings, booleans, null and what JSON has no word for", async () => {
  const { ask, predict } = await build();
  await predict({
    prediction_id: "a",
    timestamp: at(1),
    prediction_kind: "object",
    prediction_label: "late",
    prediction_score: 0.81,
    probabilities: { late: 0.81, on_time: 0.19 },
    numeric_features: { distance: 728, ratio: "nan", up: "inf", down: "-inf", big: 1e300 },
    string_features: { origin: "ATL", zip: "00728" },
    boolean_features: { weekend: false },
    null_features: ["note"],
    latency_ms: 12.5,
    tags: { region: "eu" },
    entity_id: "customer-42",
    feature_timestamps: { origin: "2026-03-01 03:20:00.000" },
    explanations: { distance: 0.21 },
    group_id: "q7",
    rank: 3,
    weight: 1,
    trace_id: "t",
  });
  const { predictions, hasMore } = await ask({ predictionId: "a" });
  expect(hasMore).toBe(false);
  expect(predictions).toEqual([
    {
      predictionId: "a",
      timestamp: at(1),
      receivedAt: now.toISOString(),
      environment: "production",
      version: "1",
      entityId: "customer-42",
      prediction: {
        kind: "object",
        value: null,
        label: "late",
        score: 0.81,
        probabilities: { late: 0.81, on_time: 0.19 },
      },
      features: {
        distance: 728,
        ratio: "NaN",
        up: "Infinity",
        down: "-Infinity",
        big: 1e300,
        origin: "ATL",
        zip: "00728",
        weekend: false,
        note: null,
      },
      featureTimestamps: { origin: "2026-03-01T03:20:00.000Z" },
      explanations: { distance: 0.21 },
      tags: { region: "eu" },
      latencyMs: 12.5,
      groupId: "q7",
      rank: 3,
      weight: 1,
      traceId: "t",
      label: null,
    },
  ]);
});

describe("sent twice", () => {
  test("the last received is shown, before any merge", async () => {
    const { ask, predict } = await build();
    await predict({ prediction_id: "a", timestamp: at(1), latency_ms: 1 });
    await predict({ prediction_id: "a", timestamp: at(1), latency_ms: 2 });
    for (const input of [{ predictionId: "a" }, {}]) {
      const { predictions } = await ask(input);
      expect(predictions.map((row) => row.latencyMs)).toEqual([2]);
    }
  });

  test("with another time, in another bucket: still one prediction, at its last time", async () => {
    const { ask, predict } = await build();
    await predict({ prediction_id: "a", timestamp: at(50), latency_ms: 1 });
    await predict({ prediction_id: "a", timestamp: at(10), latency_ms: 2 });
    const { predictions } = await ask({ predictionId: "a" });
    expect(predictions).toMatchObject([{ timestamp: at(10), latencyMs: 2 }]);
  });

  test("a champion and its shadow share an id and are two rows", async () => {
    const { ask, predict } = await build();
    await predict(
      { prediction_id: "a", timestamp: at(1), version: "1" },
      { prediction_id: "a", timestamp: at(1), version: "2" },
    );
    const { predictions } = await ask({ predictionId: "a" });
    expect(predictions.map((row) => row.version)).toEqual(["1", "2"]);
    const { predictions: one } = await ask({ predictionId: "a", version: "2" });
    expect(one).toHaveLength(1);
  });
});

test("the label that holds is the one with the greatest time, then the last received", async () => {
  const { ask, predict, label } = await build();
  await predict(
    { prediction_id: "a", timestamp: at(1), version: "1" },
    { prediction_id: "a", timestamp: at(1), version: "2" },
    { prediction_id: "b", timestamp: at(2) },
  );
  await label({
    prediction_id: "a",
    label_timestamp: at(9),
    label_kind: "class",
    label_class: "late",
  });
  await label(
    { prediction_id: "a", label_timestamp: at(5), label_kind: "class", label_class: "on_time" },
    { prediction_id: "b", label_timestamp: at(3), label_kind: "number", label_value: 1.5 },
  );
  await label({
    prediction_id: "b",
    label_timestamp: at(3),
    label_kind: "number",
    label_value: 2.5,
  });
  const { predictions } = await ask();
  expect(predictions.map((row) => row.label)).toEqual([
    { value: 2.5, labelTimestamp: at(3), count: 1 },
    { value: "late", labelTimestamp: at(9), count: 2 },
    { value: "late", labelTimestamp: at(9), count: 2 },
  ]);
});

test("an entity has its predictions, newest first, and none that were sent again for another", async () => {
  const { ask, predict } = await build();
  await predict(
    { prediction_id: "a", timestamp: at(1), entity_id: "c1" },
    { prediction_id: "b", timestamp: at(2), entity_id: "c1" },
    { prediction_id: "c", timestamp: at(3), entity_id: "c2" },
    { prediction_id: "d", timestamp: at(4), entity_id: "c1" },
  );
  await predict({ prediction_id: "d", timestamp: at(4), entity_id: "c2" });
  expect(ids(await ask({ entityId: "c1" }))).toEqual(["b", "a"]);
});

describe("the newest of a window", () => {
  test("are in order across buckets and blocks, cut at the limit, and it says that there are more", async () => {
    const { ask, predict } = await build();
    await predict(
      { prediction_id: "a", timestamp: at(1) },
      { prediction_id: "d", timestamp: at(33) },
    );
    await predict(
      { prediction_id: "c", timestamp: at(22) },
      { prediction_id: "b", timestamp: at(21) },
    );
    const answer = await ask({ limit: 3 });
    expect(ids(answer)).toEqual(["d", "c", "b"]);
    expect(answer.hasMore).toBe(true);
    expect((await ask({ limit: 4 })).hasMore).toBe(false);
  });

  test("are found behind many copies of one row that no merge has joined yet", async () => {
    const { ask, predict } = await build();
    await predict({ prediction_id: "old", timestamp: at(1) });
    const copies = Array.from({ length: 20 }, () =>
      predict({ prediction_id: "hot", timestamp: at(40) }),
    );
    await Promise.all(copies);
    expect(ids(await ask({ limit: 2 }))).toEqual(["hot", "old"]);
  });

  test("leave out what lies outside of the window, and other environments", async () => {
    const { ask, predict } = await build();
    await predict(
      { prediction_id: "before", timestamp: at(9) },
      { prediction_id: "first", timestamp: at(10) },
      { prediction_id: "until", timestamp: at(20) },
      { prediction_id: "staged", timestamp: at(12), environment: "staging" },
    );
    const window = { from: at(10), until: at(20) };
    expect(ids(await ask({ ...window, environment: "production" }))).toEqual(["first"]);
    expect(ids(await ask(window))).toEqual(["staged", "first"]);
  });
});

describe("of one segment", () => {
  const eu = { segmentKey: "region", segmentValue: "eu" };
  const buildTagged = async () => {
    const built = await build();
    await createSegmentKey.call(built.call, { model: "eta", segmentKey: "region" });
    return built;
  };

  test("the newest, and those by entity and id, are its rows alone", async () => {
    const { ask, predict } = await buildTagged();
    await predict(
      { prediction_id: "a", timestamp: at(1), tags: { region: "eu" }, entity_id: "c1" },
      { prediction_id: "b", timestamp: at(2), tags: { region: "us" }, entity_id: "c1" },
      { prediction_id: "c", timestamp: at(3), tags: {}, entity_id: "c1" },
      { prediction_id: "d", timestamp: at(4), tags: { region: "eu", tier: "gold" } },
    );
    expect(ids(await ask(eu))).toEqual(["d", "a"]);
    expect(ids(await ask({ ...eu, entityId: "c1" }))).toEqual(["a"]);
    expect(ids(await ask({ ...eu, predictionId: "b" }))).toEqual([]);
    expect(ids(await ask({ segmentKey: "region", segmentValue: "" }))).toEqual(["c"]);
  });

  test("a row that was sent again with another tag is of the segment that it had last", async () => {
    const { ask, predict } = await buildTagged();
    await predict({ prediction_id: "a", timestamp: at(1), tags: { region: "eu" } });
    await predict({ prediction_id: "a", timestamp: at(1), tags: { region: "us" } });
    expect(ids(await ask(eu))).toEqual([]);
    expect(ids(await ask({ ...eu, segmentValue: "us" }))).toEqual(["a"]);
  });

  test("an undeclared key, and half a segment, are refused", async () => {
    const { ask } = await buildTagged();
    await expect(ask({ segmentKey: "hub", segmentValue: "x" })).rejects.toThrow("no segment key");
    await expect(ask({ segmentKey: "region" })).rejects.toThrow("segmentValue");
  });
});

test("what looks like SQL is looked for like any other id", async () => {
  const { ask, predict } = await build();
  const nasty = `' OR 1=1 --\t\\"ü`;
  await predict(
    { prediction_id: nasty, timestamp: at(1) },
    { prediction_id: "b", timestamp: at(2) },
  );
  expect(ids(await ask({ predictionId: nasty }))).toEqual([nasty]);
  expect(ids(await ask({ entityId: nasty }))).toEqual([]);
});

test("another workspace's rows are never found, though it knows their ids", async () => {
  const theirs = await build();
  await theirs.predict({ prediction_id: "a", timestamp: at(1), entity_id: "c1" });
  const { ask } = await build();
  for (const input of [{}, { predictionId: "a" }, { entityId: "c1" }]) {
    expect(ids(await ask(input))).toEqual([]);
  }
});

test("a model that is not there is not found", async () => {
  const { call } = await build();
  await expect(listPredictions.call(call, { model: "nope" })).rejects.toMatchObject({
    code: "not_found",
  });
});
