import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { createClient } from "@clickhouse/client";
import type { ConformanceCase, ConformanceContext } from "./conformance-case.ts";
import { expectFault } from "./expect-fault.ts";
import { readAll } from "./read-all.ts";

const endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";

async function statusOf(
  { url }: ConformanceContext,
  params: Record<string, string>,
): Promise<number> {
  const target = new URL(url);
  const response = await fetch(`${target.origin}/?${new URLSearchParams(params)}`, {
    headers: {
      "X-ClickHouse-User": decodeURIComponent(target.username) || "default",
      "X-ClickHouse-Key": decodeURIComponent(target.password),
    },
  });
  await response.arrayBuffer();
  return response.status;
}

export const behaviourCases: ConformanceCase[] = [
  {
    name: "an unknown table is code 60, an unknown column 47, an unknown setting 115, bad syntax 62",
    async run({ client }) {
      await expectFault(client.query({ query: "SELECT * FROM no_such_table" }), "60");
      await expectFault(client.query({ query: "SELECT no_such_column" }), "47");
      await expectFault(
        client.query({
          query: "SELECT 1",
          clickhouse_settings: JSON.parse(`{ "no_such_setting": 1 }`),
        }),
        "115",
      );
      await expectFault(client.query({ query: "SELEC 1" }), "62");
      await expectFault(client.command({ query: "SELECT 1; SELECT 2" }), "62");
    },
  },
  {
    name: "an error names its code in the header, its type and the version in the text",
    async run(context) {
      const target = new URL(context.url);
      const response = await fetch(
        `${target.origin}/?query=${encodeURIComponent("SELECT * FROM no_such_table")}`,
        {
          headers: {
            Authorization: `Basic ${btoa(`${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`)}`,
          },
        },
      );
      equal(response.status, 404);
      equal(response.headers.get("x-clickhouse-exception-code"), "60");
      ok(
        /^Code: 60\. DB::Exception: [\s\S]*\(UNKNOWN_TABLE\) \(version \d+/.test(
          await response.text(),
        ),
      );
    },
  },
  {
    name: "a query past its memory is code 241, and the engine goes on",
    async run({ client, rows }) {
      await expectFault(
        client.query({
          query: "SELECT length(groupArray(toString(number))) FROM numbers(50000000)",
          clickhouse_settings: { max_memory_usage: "100000000" },
        }),
        "241",
      );
      deepEqual(await rows("SELECT 1"), [[1]]);
    },
  },
  {
    name: "a query past its time is code 159",
    async run({ client }) {
      await expectFault(
        client.query({ query: endless, clickhouse_settings: { max_execution_time: 1 } }),
        "159",
      );
    },
  },
  {
    name: "an error in the middle of a streamed answer reaches the reader",
    async run({ client }) {
      const result = await client.query({
        query:
          "SELECT throwIf(number = 3000000, 'planted') AS x, toString(number) AS s FROM numbers(4000000)",
        format: "JSONEachRow",
        clickhouse_settings: { max_threads: 1 },
      });
      await rejects(async () => {
        for await (const _ of result.stream());
      });
    },
  },
  {
    name: "an error in the middle of an answer in columns follows the blocks as text",
    async run({ client }) {
      const result = await client.exec({
        query:
          "SELECT throwIf(number = 3000000, 'planted') AS x, number AS n FROM numbers(4000000) FORMAT Native",
        clickhouse_settings: { max_threads: 1 },
      });
      const text = (await readAll(result.stream)).subarray(-2_000).toString("latin1");
      ok(/Code: 395\. DB::Exception: .*planted/.test(text), text);
    },
  },
  {
    name: "a wrong password is code 516 and status 401 or 403",
    async run(context) {
      const wrong = new URL(context.url);
      wrong.password = "wrong";
      const client = createClient({ url: wrong.href, log: { level: 127 } });
      try {
        await expectFault(client.query({ query: "SELECT 1" }), "516");
      } finally {
        await client.close();
      }
      const status = await statusOf({ ...context, url: wrong.href }, { query: "SELECT 1" });
      ok(status === 401 || status === 403, String(status));
    },
  },
  {
    name: "an aborted query is stopped and gives its place back",
    async run({ client, rows }) {
      for (let round = 0; round < 3; round++) {
        const controllers = Array.from({ length: 8 }, () => new AbortController());
        const running = controllers.map((controller) =>
          client
            .query({
              query: endless,
              abort_signal: controller.signal,
              clickhouse_settings: { max_execution_time: 30, max_threads: 1 },
            })
            .then((result) => result.text()),
        );
        const settled = Promise.allSettled(running);
        await rows("SELECT 1");
        for (const controller of controllers) controller.abort();
        for (const result of await settled) equal(result.status, "rejected");
      }
      await until(async () => {
        const [[count] = []] = await rows(
          "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number) = 1%' AND query NOT LIKE '%processes%'",
        );
        return count === 0;
      });
    },
  },
  {
    name: "a streamed answer that nobody reads to its end is stopped",
    async run({ client, rows }) {
      const controller = new AbortController();
      const result = await client.query({
        query: "SELECT number AS endless_stream FROM numbers(1000000000000)",
        format: "JSONEachRow",
        abort_signal: controller.signal,
      });
      const stream = result.stream();
      await stream[Symbol.asyncIterator]().next();
      stream.destroy();
      controller.abort();
      await until(async () => {
        const [[count] = []] = await rows(
          "SELECT count() FROM system.processes WHERE query LIKE '%endless_stream%' AND query NOT LIKE '%processes%'",
        );
        return count === 0;
      });
    },
  },
  {
    name: "a short query answers while long ones run",
    async run({ client, rows }) {
      const controller = new AbortController();
      const long = Array.from({ length: 4 }, () =>
        client
          .query({
            query: endless,
            abort_signal: controller.signal,
            clickhouse_settings: { max_execution_time: 30, max_threads: 1 },
          })
          .then((result) => result.text()),
      );
      const settled = Promise.allSettled(long);
      const startedAt = performance.now();
      for (let i = 0; i < 10; i++) deepEqual(await rows("SELECT 1"), [[1]]);
      ok(performance.now() - startedAt < 5_000, "ten small queries took more than five seconds");
      controller.abort();
      await settled;
    },
  },
  {
    name: "KILL QUERY stops the query of that id",
    async run({ client }) {
      const queryId = crypto.randomUUID();
      const running = client
        .query({
          query: endless,
          query_id: queryId,
          clickhouse_settings: { max_execution_time: 30 },
        })
        .then((result) => result.text());
      const settled = Promise.allSettled([running]);
      let isOver = false;
      void settled.then(() => {
        isOver = true;
      });
      await until(async () => {
        await client.command({ query: `KILL QUERY WHERE query_id = '${queryId}'` });
        return isOver;
      });
      equal((await settled)[0]?.status, "rejected");
    },
  },
  {
    name: "DDL, mutations and lightweight deletes work, and can be repeated where they say IF",
    async run({ client, createTable, rows }) {
      const table = await createTable("a UInt32, b String", "a");
      await client.command({ query: `INSERT INTO ${table} SELECT number, 'x' FROM numbers(10)` });
      for (let i = 0; i < 2; i++) {
        await client.command({
          query: `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS c UInt8 DEFAULT 7`,
        });
        await client.command({ query: `DELETE FROM ${table} WHERE a < 3` });
      }
      await client.command({
        query: `ALTER TABLE ${table} DELETE WHERE a = 3`,
        clickhouse_settings: { mutations_sync: "2" },
      });
      deepEqual(await rows(`SELECT count(), sum(c) FROM ${table}`), [[6, 42]]);
      await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
      await client.command({ query: `TRUNCATE TABLE ${table}` });
      await client.command({ query: `DROP TABLE IF EXISTS ${table}` });
      await client.command({ query: `DROP TABLE IF EXISTS ${table}` });
    },
  },
  {
    name: "exec answers with the bytes of the asked format",
    async run({ client }) {
      const parquet = await readAll(
        (await client.exec({ query: "SELECT number FROM numbers(10) FORMAT Parquet" })).stream,
      );
      equal(parquet.subarray(0, 4).toString(), "PAR1");
      equal(parquet.subarray(-4).toString(), "PAR1");
      const arrow = await readAll(
        (await client.exec({ query: "SELECT number FROM numbers(10) FORMAT Arrow" })).stream,
      );
      equal(arrow.subarray(0, 6).toString(), "ARROW1");
    },
  },
];

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    ok(performance.now() < deadline, "the condition was not met within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
