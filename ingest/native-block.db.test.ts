import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import { insertRawRows, rawColumns, rawTables } from "#db/clickhouse/inserts/raw-rows.ts";
import { RowWriter } from "#db/clickhouse/row-writer.ts";
import { WorkspaceState } from "./catalogue.ts";
import { FeatureValues } from "./feature-values.ts";
import { NameCache } from "./name-cache.ts";
import { NativeBlock } from "./native-block.ts";
import { encodePrediction } from "./prediction-row.ts";
import { RecordBuilder } from "./record-builder.ts";
import { Sequence } from "./sequence.ts";
import type { TestStores } from "./testing/test-ingest.ts";
import { openStores, selectRows } from "./testing/test-ingest.ts";

let stores: TestStores;

beforeAll(() => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
});

afterAll(async () => {
  await stores?.close();
});

const rowCount = 70_000;

function encodeRows(workspaceId: string): NativeBlock {
  const receivedAtMs = Date.UTC(2026, 10, 20);
  const builder = new RecordBuilder({
    workspaceId,
    receivedAtMs,
    sequence: new Sequence(receivedAtMs),
    writer: new RowWriter(64),
  });
  const context = {
    builder,
    workspace: new WorkspaceState(workspaceId),
    names: new NameCache(),
    features: new FeatureValues(),
    mintId: () => "",
  };
  for (let i = 0; i < rowCount; i++) {
    const features = { a: i, [`k${i % 300}`]: `v${i}`, text: "ü".repeat(i % 100), b: i % 2 === 0 };
    const row = { model: "m", prediction_id: `id${i}`, timestamp: receivedAtMs - i, features };
    expect(encodePrediction(row, context)).toBeNull();
  }
  const block = new NativeBlock("predictions");
  const { index, rows } = builder.build({ body: null, answered: [] });
  let at = 0;
  for (let i = 0; i < index.length; i += 2) {
    block.add(rows, at);
    at += index[i] ?? 0;
  }
  return block;
}

test("a block of more values than 16 bits can count is one part, sent thrice is stored once, and holds what was sent", async () => {
  const workspaceId = randomUUID();
  const insert = {
    table: "predictions" as const,
    token: randomUUID(),
    block: encodeRows(workspaceId).encode(),
    timeoutMs: 60_000,
  };
  for (let attempt = 0; attempt < 3; attempt++) await insertRawRows(stores.clickhouse, insert);
  const stored = await selectRows(
    stores.clickhouse,
    `WITH toUInt32(numeric_features['a']) AS i
     SELECT count() AS n, uniqExact(_part) AS parts, sum(i) AS total,
       countIf(string_features['k' || toString(i % 300)] = 'v' || toString(i)) AS strings,
       countIf(string_features['text'] = repeat('ü', i % 100)) AS texts,
       countIf(boolean_features['b'] = (i % 2 = 0)) AS booleans,
       countIf(prediction_id = 'id' || toString(i) AND timestamp = toDateTime64('2026-11-20 00:00:00', 3, 'UTC') - toIntervalMillisecond(i)) AS ids
     FROM predictions WHERE workspace_id = '${workspaceId}'`,
  );
  const each = { strings: rowCount, texts: rowCount, booleans: rowCount, ids: rowCount };
  expect(stored).toEqual([
    { n: rowCount, parts: 1, total: (rowCount * (rowCount - 1)) / 2, ...each },
  ]);
});

test.each(rawTables)(
  "the columns that ingest writes into %s are those of the table",
  async (table: RawTable) => {
    const columns = await selectRows<{ name: string; type: string }>(
      stores.clickhouse,
      `SELECT name, type FROM system.columns WHERE table = '${table}' AND database = currentDatabase() AND default_kind = ''`,
    );
    expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toEqual(
      rawColumns[table],
    );
  },
);
