import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { baselineLimits } from "#lib/domain/limits.ts";
import type { CallContext } from "../context.ts";
import { finishBaseline } from "./finish-baseline.ts";
import { importBaseline } from "./import-baseline.ts";

let stores: TestStores;
let call: CallContext;
const now = new Date("2026-11-20T12:00:00Z");

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = {
    ...stores,
    workspaceId,
    actor: { kind: "key", keyId: randomUUID(), scopes: ["ingest"] },
    now,
  };
});
afterAll(() => stores.close());

const namesOf = (count: number) => Array.from({ length: count }, (_, i) => `f${i}`);
const names = namesOf(baselineLimits.columnsMax);
const rows = [1, 2, 3];
/** Every third column holds numbers, words, or true and false. */
const cellOf = (i: number, row: number) => [i + row, `w${row}`, row === 1][i % 3] ?? "";

const toNdjson = (columns: number) =>
  rows
    .map((row) =>
      JSON.stringify(Object.fromEntries(namesOf(columns).map((name, i) => [name, cellOf(i, row)]))),
    )
    .join("\n");

const files = {
  csv: () =>
    [names, ...rows.map((row) => names.map((_, i) => String(cellOf(i, row))))]
      .map((cells) => `${cells.join(",")}\n`)
      .join(""),
  ndjson: () => toNdjson(baselineLimits.ndjsonColumnsMax),
  parquet: async () => {
    const cells = names.map((name, i) => {
      const sql = ["number + 1", "concat('w', toString(number + 1))", "CAST(number = 0, 'Bool')"][
        i % 3
      ];
      return `${sql} AS ${name}`;
    });
    const { stream } = await stores.clickhouse.exec({
      query: `SELECT ${cells.join(", ")} FROM numbers(3) FORMAT Parquet`,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  },
};

test.each(["csv", "ndjson", "parquet"] as const)(
  "a %s file with as many columns as are taken is stored and profiled",
  async (format) => {
    const content = await files[format]();
    const { baselineId, rowCount } = await importBaseline(
      call,
      { model: `m-${randomUUID()}`, format },
      Readable.from([Buffer.from(content)]),
    );
    expect(rowCount).toBe(3);
    const { workspaceId } = call;
    await finishBaseline(stores, { workspaceId, baselineId, now: () => now, newId: randomUUID });
    const width = format === "ndjson" ? baselineLimits.ndjsonColumnsMax : baselineLimits.columnsMax;
    const [counted] = await count(baselineId);
    expect(counted).toEqual({ rows: 3, values: 3 * width, profiled: width });
  },
);

test("NDJSON with more keys than are taken is refused, and told what takes them", async () => {
  const content = toNdjson(baselineLimits.ndjsonColumnsMax + 1);
  await expect(
    importBaseline(
      call,
      { model: `m-${randomUUID()}`, format: "ndjson" },
      Readable.from([Buffer.from(content)]),
    ),
  ).rejects.toMatchObject({ code: "limit_exceeded", message: expect.stringContaining("Parquet") });
});

async function count(baselineId: string) {
  const result = await stores.clickhouse.query({
    query: `SELECT count() AS rows,
      sum(length(numeric_features) + length(string_features) + length(boolean_features)) AS values,
      (SELECT uniqExact(feature) FROM baseline_profiles WHERE baseline_id = {baselineId: UUID} AND subject = 'feature') AS profiled
      FROM baseline_rows WHERE baseline_id = {baselineId: UUID}`,
    query_params: { baselineId },
    format: "JSONEachRow",
  });
  return result.json<Record<string, number>>();
}
