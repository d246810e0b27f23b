import { randomBytes, randomUUID } from "node:crypto";
import { createClickHouse } from "#db/clickhouse/client.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import { startRig } from "./ingest-rig.ts";
import { sampleRow, seededRandom, wireJson } from "./prediction-rows.ts";

const rowCount = 400_000;
const rowsPerBody = 10_000;
const spanMs = 6 * 3_600_000;

const kinds = [
  { ids: "UUID (v7)", goal: 120, model: "uuid", mint: uuidV7 },
  {
    ids: "random strings",
    goal: 140,
    model: "random",
    mint: () => randomBytes(16).toString("base64url"),
  },
];

export const bench: Bench = {
  name: "storage",
  description: "Bytes on the disk per prediction of 25 features, merged, by kind of id",
  run,
};

async function run(): Promise<BenchResult> {
  const rig = await startRig();
  const clickhouse = createClickHouse({
    url: rig.clickhouseUrl,
    application: "bench",
    requestTimeoutMs: 600_000,
  });
  try {
    const result: BenchResult = { name: "storage", rows: [], budgets: [] };
    let before = 0;
    for (const { ids, goal, model, mint } of kinds) {
      await send(rig, model, mint);
      await clickhouse.command({ query: "OPTIMIZE TABLE predictions FINAL" });
      const total = await bytesOf(clickhouse);
      const perRow = (total - before) / rowCount;
      before = total;
      result.rows.push({ ids, predictions: rowCount, "bytes each": perRow.toFixed(1) });
      result.budgets.push({
        what: `bytes a prediction of 25 features, ${ids}`,
        goal: `<= ${goal}`,
        value: perRow.toFixed(1),
        met: perRow <= goal,
      });
    }
    const columns = await clickhouse.query({
      query: `SELECT column, sum(column_data_compressed_bytes + column_marks_bytes) / sum(rows) AS bytes FROM system.parts_columns
              WHERE active AND table = 'predictions' GROUP BY column HAVING bytes >= 0.5 ORDER BY bytes DESC`,
      format: "JSONEachRow",
    });
    for (const { column, bytes } of await columns.json<{ column: string; bytes: number }>()) {
      result.rows.push({ ids: `of that: ${column}`, "bytes each": bytes.toFixed(1) });
    }
    return result;
  } finally {
    await clickhouse.close();
    await rig.stop();
  }
}

async function send(
  rig: Awaited<ReturnType<typeof startRig>>,
  model: string,
  mint: (timeMs: number) => string,
) {
  const random = seededRandom(11);
  const startMs = Date.now() - spanMs;
  for (let from = 0; from < rowCount; from += rowsPerBody) {
    const rows = Array.from({ length: rowsPerBody }, (_, i) => {
      const timeMs = Math.round(startMs + ((from + i) / rowCount) * spanMs);
      return wireJson(sampleRow(random, mint(timeMs), timeMs), model);
    });
    const response = await fetch(
      `${rig.url}/v1/predictions${from + rowsPerBody >= rowCount ? "?ack=stored" : ""}`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${rig.key}`, "content-type": "application/x-ndjson" },
        body: rows.join("\n"),
      },
    );
    if (response.status !== 202) throw new Error(await response.text());
  }
}

async function bytesOf(clickhouse: ReturnType<typeof createClickHouse>): Promise<number> {
  const result = await clickhouse.query({
    query:
      "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND table = 'predictions'",
    format: "JSONEachRow",
  });
  return (await result.json<{ bytes: number }>())[0]?.bytes ?? 0;
}

function uuidV7(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
