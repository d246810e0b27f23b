import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { defineScan, scopeClickHouse } from "./define-query.ts";

let stores: TestStores;

beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());

const scan = defineScan({
  name: "scanOfNumbers",
  params: z.object({ count: z.int(), failsAt: z.int().default(-1) }),
  columns: {
    n: "UInt64",
    name: "String",
    half: "Float64",
    before: "Array(UInt16)",
    names: "Array(String)",
  },
  rowReader: () => (read, row) => ({
    n: read.n(row),
    name: read.name(row),
    half: read.half(row),
    before: [...read.before(row)],
    names: read.names(row),
  }),
  rowsMax: 10_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT number AS n, concat('ä', toString(n)) AS name, n / 2 AS half, arrayMap(i -> toUInt16(i), range(n % 3)) AS before,
      arrayMap(i -> toString(i), before) AS names
    FROM numbers({count: UInt64})
    WHERE throwIf(number = {failsAt: Int64}, 'planted') = 0
    LIMIT {rowsMax: UInt32} + 1`,
});

const workspaceId = "00000000-0000-4000-8000-000000000001";

async function readBlocks(params: z.input<typeof scan.params>, signal?: AbortSignal) {
  const blocks: number[] = [];
  const rows: Record<string, unknown>[] = [];
  for await (const block of scopeClickHouse(stores.clickhouse, workspaceId).scan(
    scan,
    params,
    signal,
  )) {
    const before = rows.length;
    rows.push(...block);
    blocks.push(rows.length - before);
  }
  return { blocks, rows };
}

test("a scan answers every row, in blocks", async () => {
  const { blocks, rows } = await readBlocks({ count: 5_000 });
  expect(blocks.length).toBeGreaterThan(5);
  const ordered = rows.toSorted((a, b) => Number(a.n) - Number(b.n));
  expect(ordered).toEqual(
    Array.from({ length: 5_000 }, (_, n) => ({
      n,
      name: `ä${n}`,
      half: n / 2,
      before: [0, 1].slice(0, n % 3),
      names: ["0", "1"].slice(0, n % 3),
    })),
  );
});

test("a scan reads a row when it is asked for, so that rows may share memory", async () => {
  const shared = { n: -1 };
  const sharing = defineScan({
    ...scan,
    rowReader: () => (read, row) => {
      shared.n = read.n(row);
      return shared;
    },
  });
  const found: number[] = [];
  for await (const block of scopeClickHouse(stores.clickhouse, workspaceId).scan(sharing, {
    count: 300,
  }))
    for (const { n } of block) found.push(n);
  expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
});

test("of nothing answers nothing", async () => {
  expect((await readBlocks({ count: 0 })).rows).toEqual([]);
});

test("of more rows than it may have is refused, never cut", async () => {
  await expect(readBlocks({ count: 10_001 })).rejects.toMatchObject({ code: "limit_exceeded" });
  expect((await readBlocks({ count: 10_000 })).rows).toHaveLength(10_000);
});

test("that fails on its way is an error, not a part of the answer", async () => {
  await expect(readBlocks({ count: 9_000, failsAt: 8_000 })).rejects.toThrow("planted");
  await expect(readBlocks({ count: 9_000, failsAt: 0 })).rejects.toThrow("planted");
});

test("that is given up is an error", async () => {
  await expect(readBlocks({ count: 10_000 }, AbortSignal.abort())).rejects.toThrow();
});
