import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { insertRawRows } from "#db/clickhouse/inserts/raw-rows.ts";
import { RowWriter, uuidBytes } from "#db/clickhouse/row-writer.ts";
import type { OnceInsert } from "./insert-once.ts";
import { insertAgain } from "./insert-once.ts";
import { NativeBlock } from "./native-block.ts";
import type { TestStores } from "./testing/test-ingest.ts";
import { openStores, selectRows } from "./testing/test-ingest.ts";
import { readWitness } from "./witness.ts";

let stores: TestStores;
const workspaceId = randomUUID();
const modelId = randomUUID();
const madeMs = Date.UTC(2026, 10, 20, 10);

beforeAll(() => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
});
afterAll(() => stores?.close());

/** Labels of these predictions as one insert, as the shipper makes it. */
function insertOf(
  ids: readonly string[],
  token: string,
  { model = modelId, environment = "production" } = {},
): OnceInsert {
  const block = new NativeBlock("labels");
  const witnesses = ids.map((id, i) => {
    const writer = new RowWriter(1_024);
    writer.raw(uuidBytes(workspaceId));
    writer.raw(uuidBytes(model));
    writer.uint64(madeMs + i);
    writer.sequence(madeMs, i);
    writer.string(environment);
    writer.string(id);
    writer.byte(1);
    writer.nullableFloat64(i);
    writer.string("");
    block.add(writer.buffer, 0);
    return readWitness("labels", { rows: writer.buffer, at: 0 });
  });
  return { table: "labels", token, block: block.encode(), witnesses, timeoutMs: 10_000 };
}

async function storedCount(id: string): Promise<number> {
  const [counted] = await selectRows<{ rows: number }>(
    stores.clickhouse,
    `SELECT count() AS rows FROM labels WHERE workspace_id = '${workspaceId}' AND prediction_id LIKE '${id}%'`,
  );
  return counted?.rows ?? 0;
}

test("a row's place in the log says which row it is in the store", () => {
  const [witness] = insertOf(["naïve-✓"], "none").witnesses;
  expect(witness).toEqual({
    workspaceId,
    modelId,
    names: ["production"],
    predictionId: "naïve-✓",
    sequence: BigInt(madeMs) << 22n,
    timeMs: madeMs,
  });
});

test("rows whose token the store remembers and whose part it lost are stored all the same", async () => {
  const token = randomUUID();
  // A kill between the engine's note of the token and the part's name leaves the same: the token used, the rows missing.
  await insertRawRows(stores.clickhouse, insertOf(["in-the-way"], token));
  const insert = insertOf(["lost-1", "lost-2"], token);
  await insertRawRows(stores.clickhouse, insert);
  expect(await storedCount("lost-")).toBe(0);
  await insertAgain(stores.clickhouse, insert);
  expect(await storedCount("lost-")).toBe(2);
});

test("rows that the store has are not stored again, though it forgot their token", async () => {
  const ids = ["there-1", "there-2"];
  await insertRawRows(stores.clickhouse, insertOf(ids, randomUUID()));
  await insertAgain(stores.clickhouse, insertOf(ids, randomUUID()));
  expect(await storedCount("there-")).toBe(2);
});

test("rows of another model or environment are not taken for them, though another process gave them the same place", async () => {
  const ids = ["shared-1"];
  await insertAgain(stores.clickhouse, insertOf(ids, randomUUID()));
  await insertAgain(stores.clickhouse, insertOf(ids, randomUUID(), { model: randomUUID() }));
  await insertAgain(stores.clickhouse, insertOf(ids, randomUUID(), { environment: "staging" }));
  expect(await storedCount("shared-")).toBe(3);
});

test("rows that were never sent are stored once", async () => {
  const insert = insertOf(["new-1", "new-2"], randomUUID());
  await insertAgain(stores.clickhouse, insert);
  await insertAgain(stores.clickhouse, insert);
  expect(await storedCount("new-")).toBe(2);
});
