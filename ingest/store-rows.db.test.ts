import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { TestIngest, TestStores, TestWorkspace } from "./testing/test-ingest.ts";
import {
  buildTenant,
  openStores,
  selectRows,
  startTestIngest,
  testNowMs,
} from "./testing/test-ingest.ts";

let stores: TestStores;
let tenant: TestWorkspace;
let ingest: TestIngest;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  tenant = await buildTenant(stores);
  ingest = await startTestIngest(stores, { key: tenant.key });
});

afterAll(async () => {
  await ingest?.stop();
  await ingest?.removeFolder();
  await stores?.close();
});

test("every field of the wire is stored as it was sent", async () => {
  const timestamp = new Date(testNowMs - 60_000).toISOString();
  const row = {
    model: "eta",
    version: "2026.11.1",
    environment: "staging",
    prediction_id: "naïve-✓",
    timestamp,
    features: {
      distance: 728,
      zip: "00728",
      is_weekend: false,
      note: null,
      ratio: "NaN",
      top: "-Infinity",
      ünï: -0.5,
    },
    prediction: {
      label: "late",
      score: 0.81,
      value: 3.5,
      probabilities: { late: 0.81, on_time: 0.19 },
    },
    latency_ms: 12.5,
    tags: { region: "eu" },
    entity_id: "customer-42",
    feature_timestamps: { zip: "2026-11-21T03:20:00+01:00" },
    explanations: { distance: 0.21 },
    embeddings: { text: [0.5, -0.25] },
    group_id: "query-7",
    rank: 3,
    weight: 1.5,
    trace_id: "trace",
  };
  const answer = await ingest.post("/v1/predictions?ack=stored", row);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 1, rejected: [], stored: true } });
  const where = `workspace_id = '${tenant.workspaceId}' AND prediction_id = 'naïve-✓'`;
  const [stored] = await selectRows<Record<string, unknown>>(
    stores.clickhouse,
    `SELECT * EXCEPT (workspace_id, model_id, sequence, timestamp), toUnixTimestamp64Milli(timestamp) AS ms,
       toString(feature_timestamps['zip']) AS zip_at FROM predictions WHERE ${where}`,
  );
  expect(stored).toEqual({
    environment: "staging",
    version: "2026.11.1",
    prediction_id: "naïve-✓",
    ms: Date.parse(timestamp),
    prediction_kind: "object",
    prediction_value: 3.5,
    prediction_label: "late",
    prediction_score: 0.81,
    probabilities: { late: 0.81, on_time: 0.19 },
    numeric_features: { distance: 728, ratio: "nan", top: "-inf", ünï: -0.5 },
    string_features: { zip: "00728" },
    boolean_features: { is_weekend: false },
    null_features: ["note"],
    latency_ms: 12.5,
    tags: { region: "eu" },
    entity_id: "customer-42",
    feature_timestamps: { zip: "2026-11-21 02:20:00.000" },
    zip_at: "2026-11-21 02:20:00.000",
    explanations: { distance: 0.21 },
    group_id: "query-7",
    rank: 3,
    weight: 1.5,
    trace_id: "trace",
  });
  const vectors = await selectRows(
    stores.clickhouse,
    `SELECT name, vector FROM embeddings WHERE ${where}`,
  );
  expect(vectors).toEqual([{ name: "text", vector: [0.5, -0.25] }]);
});

test("a model, its versions, features and task register themselves, and its buckets are marked", async () => {
  const at = testNowMs - 3_600_000;
  const rows = ["a", "b", "c"].map((label, i) => ({
    model: "self-registered",
    prediction_id: `p${i}`,
    timestamp: at,
    features: { n: i, s: label, b: true },
    prediction: label,
  }));
  await ingest.post("/v1/predictions?ack=stored", rows);
  const found = await stores.postgres.db.execute(sql`
    SELECT m.task, m.task_provenance, v.environment, v.version,
      (SELECT jsonb_object_agg(f.name, f.type) FROM features f WHERE f.model_id = m.id) AS features,
      (SELECT jsonb_agg(extract(epoch FROM d.bucket)) FROM dirty_buckets d WHERE d.model_id = m.id AND d.grain = '5m') AS buckets
    FROM models m JOIN model_versions v ON v.model_id = m.id
    WHERE m.workspace_id = ${tenant.workspaceId} AND m.name = 'self-registered'`);
  expect(found.rows).toEqual([
    {
      task: "multiclass",
      task_provenance: "inferred",
      environment: "production",
      version: "unversioned",
      features: { n: "numeric", s: "categorical", b: "boolean" },
      buckets: [Math.floor(at / 300_000) * 300],
    },
  ]);
});

test("labels leave word of their coming, and predictions mark the performance of their hour", async () => {
  const at = testNowMs - 3_600_000;
  const labels = ["a", "b"].map((id, i) => ({
    model: "labelled",
    prediction_id: id,
    label: true,
    label_timestamp: at + i,
  }));
  await ingest.post("/v1/predictions?ack=stored", [
    { model: "labelled", prediction_id: "a", timestamp: at, prediction: true },
  ]);
  await ingest.post("/v1/labels?ack=stored", labels);
  const found = await stores.postgres.db.execute(sql`
    SELECT a.row_count, a.sequence_until - a.sequence_from AS span,
      (extract(epoch FROM a.row_until) * 1000)::bigint::text AS until,
      (SELECT jsonb_agg(extract(epoch FROM d.bucket)) FROM dirty_buckets d
        WHERE d.model_id = m.id AND d.aspect = 'performance' AND d.grain = '1h') AS hours
    FROM models m JOIN arrivals a ON a.model_id = m.id AND a.aspect = 'performance'
    WHERE m.workspace_id = ${tenant.workspaceId} AND m.name = 'labelled'`);
  expect(found.rows).toEqual([
    {
      row_count: 2,
      span: "1",
      until: String(at + 1),
      hours: [Math.floor(at / 3_600_000) * 3_600],
    },
  ]);
});

test("a row without an id is answered its own, which is what is stored", async () => {
  const answer = await ingest.post("/v1/predictions?ack=stored", [
    { model: "minted", prediction: 1 },
  ]);
  const [{ index, prediction_id: id, timestamp }] = answer.body.ids;
  expect(index).toBe(0);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const stored = await selectRows(
    stores.clickhouse,
    `SELECT toUnixTimestamp64Milli(timestamp) AS ms, received_at = timestamp AS is_receipt FROM predictions WHERE prediction_id = '${id}'`,
  );
  expect(stored).toEqual([{ ms: Date.parse(timestamp), is_receipt: 1 }]);
});

test("of an id that is sent twice the last received wins; labels keep every correction", async () => {
  const id = randomUUID();
  const timestamp = testNowMs - 1000;
  const row = { model: "twice", prediction_id: id, timestamp };
  await ingest.post("/v1/predictions", [
    { ...row, prediction: 1 },
    { ...row, prediction: 2 },
  ]);
  await ingest.post("/v1/predictions?ack=stored", { ...row, prediction: 3 });
  const where = `workspace_id = '${tenant.workspaceId}' AND prediction_id = '${id}'`;
  expect(
    await selectRows(
      stores.clickhouse,
      `SELECT prediction_value FROM predictions FINAL WHERE ${where}`,
    ),
  ).toEqual([{ prediction_value: 3 }]);
  const labels = [true, "late", 7].map((label, i) => ({
    model: "twice",
    prediction_id: id,
    label,
    label_timestamp: timestamp + i,
  }));
  expect((await ingest.post("/v1/labels?ack=stored", labels)).body).toEqual({
    accepted: 3,
    rejected: [],
    stored: true,
  });
  expect(
    await selectRows(
      stores.clickhouse,
      `SELECT label_kind, label_value, label_class, environment FROM labels WHERE ${where} ORDER BY label_timestamp`,
    ),
  ).toEqual([
    { label_kind: "class", label_value: null, label_class: "true", environment: "production" },
    { label_kind: "class", label_value: null, label_class: "late", environment: "production" },
    { label_kind: "number", label_value: 7, label_class: "", environment: "production" },
  ]);
});

test("offline features are stored as they were sent, the last received holds, and they register no feature", async () => {
  const row = {
    model: "offline",
    prediction_id: "o1",
    timestamp: testNowMs - 1_000,
    source: "trips",
  };
  const features = { distance: 728, zip: "00728", is_weekend: true, note: null, ratio: "NaN" };
  const rows = [
    { ...row, features: { distance: 1 } },
    { ...row, features },
    { ...row, version: "2", features: { distance: 2 } },
  ];
  const answer = await ingest.post("/v1/features?ack=stored", rows);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 3, rejected: [], stored: true } });
  expect(
    await selectRows(
      stores.clickhouse,
      `SELECT environment, prediction_id, version, source, toUnixTimestamp64Milli(timestamp) AS ms, numeric_features,
         string_features, boolean_features, null_features
       FROM offline_features FINAL WHERE workspace_id = '${tenant.workspaceId}' ORDER BY version`,
    ),
  ).toEqual([
    {
      environment: "production",
      prediction_id: "o1",
      version: "",
      source: "trips",
      ms: testNowMs - 1_000,
      numeric_features: { distance: 728, ratio: "nan" },
      string_features: { zip: "00728" },
      boolean_features: { is_weekend: true },
      null_features: ["note"],
    },
    expect.objectContaining({ version: "2", numeric_features: { distance: 2 } }),
  ]);
  const registered = await stores.postgres.db.execute(sql`
    SELECT m.name, (SELECT count(*)::int FROM features f WHERE f.model_id = m.id) AS features,
      (SELECT count(*)::int FROM model_versions v WHERE v.model_id = m.id) AS versions
    FROM models m WHERE m.workspace_id = ${tenant.workspaceId} AND m.name = 'offline'`);
  expect(registered.rows).toEqual([{ name: "offline", features: 0, versions: 0 }]);
});

test("refused rows are kept where a person can look at them, good ones are not held up", async () => {
  const good = { model: "half", prediction: 1 };
  const bad = {
    model: "half",
    prediction_id: "bad-1",
    timestamp: testNowMs,
    features: { x: [1] },
  };
  const answer = await ingest.post("/v1/predictions?ack=stored", [good, bad]);
  expect(answer.status).toBe(202);
  expect(answer.body.rejected).toEqual([
    {
      index: 1,
      prediction_id: "bad-1",
      code: "wrong_type",
      path: "features.x",
      message: "features.x must be a number, a string, true, false or null, got an array",
    },
  ]);
  const kept = await selectRows(
    stores.clickhouse,
    `SELECT endpoint, model, prediction_id, code, path, row, toString(api_key_id) AS key FROM rejections
     WHERE workspace_id = '${tenant.workspaceId}' AND prediction_id = 'bad-1'`,
  );
  expect(kept).toEqual([
    {
      endpoint: "predictions",
      model: "half",
      prediction_id: "bad-1",
      code: "wrong_type",
      path: "features.x",
      row: JSON.stringify(bad),
      key: tenant.keyId,
    },
  ]);
});

test("a body whose rows lie in 200 months is stored whole", async () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    model: "months",
    prediction_id: `m${i}`,
    timestamp: new Date(Date.UTC(2009, i, 15)).toISOString(),
    prediction: i,
  }));
  const answer = await ingest.post("/v1/predictions?ack=stored", rows);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 200, stored: true } });
  const [stored] = await selectRows<Record<string, number>>(
    stores.clickhouse,
    `SELECT count() AS rows, uniqExact(toYYYYMM(timestamp)) AS months FROM predictions
     WHERE workspace_id = '${tenant.workspaceId}' AND prediction_id LIKE 'm%'`,
  );
  expect(stored).toEqual({ rows: 200, months: 200 });
});
