import { measureRawInsert } from "#db/testing/raw-insert.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import type { Measured } from "./ingest-rig.ts";
import { startRig } from "./ingest-rig.ts";
import {
  engineJson,
  findIdDigits,
  numberedId,
  renumber,
  sampleRow,
  seededRandom,
} from "./prediction-rows.ts";

const ratioGoal = 0.6;
const ackMsGoal = 25;

const referenceDdl = `CREATE TABLE reference (model LowCardinality(String), version LowCardinality(String),
  prediction_id String, timestamp DateTime64(3, 'UTC'), numeric_features Map(LowCardinality(String), Float64),
  string_features Map(LowCardinality(String), LowCardinality(String)), prediction Float64)
  ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (model, toStartOfFiveMinutes(timestamp), version, prediction_id)`;

export const bench: Bench = {
  name: "ingest",
  description:
    "Durable JSON ingest against the engine's own insert of the same rows; acknowledgement at half load",
  run,
};

async function run(): Promise<BenchResult> {
  const engineBefore = await measureEngine();
  const rig = await startRig();
  try {
    const rows: BenchResult["rows"] = [];
    // The first run warms the compiler; its figures are not kept.
    await rig.measure({ bodies: 200 });
    const full = await rig.measure({});
    // The engine by itself is measured before and after, since the machine may not be ours alone.
    const engineAfter = await measureEngine();
    const engine = meanOf(engineBefore, engineAfter);
    rows.push(rowOf("JSON, as fast as it goes", full, engine));
    const half = await rig.measure({
      rowsPerBody: 500,
      bodies: 800,
      rowsPerSecond: full.rowsPerSecond / 2,
    });
    rows.push(rowOf("JSON, half of that", half, engine));
    const lines = await rig.measure({ type: "ndjson" });
    rows.push(rowOf("NDJSON", lines, engine));
    const packed = await rig.measure({ encoding: "gzip", bodies: 300 });
    rows.push(rowOf("JSON, gzip", packed, engine));
    const small = await rig.measure({ rowsPerBody: 1, bodies: 20_000, connections: 32 });
    rows.push(rowOf("one row a body", small, engine));
    rows.push({
      load: "the engine's own JSONEachRow insert",
      "rows/s": Math.round(engine.rowsPerSecond),
      "CPU us/row, all": engine.cpuMicrosecondsPerRow.toFixed(1),
    });
    const ratio = full.rowsPerSecond / engine.rowsPerSecond;
    const ackMs = quantile(half.load.latenciesMs, 0.99);
    return {
      name: "ingest",
      rows,
      budgets: [
        {
          what: "durable JSON ingest against the engine's own insert",
          goal: `>= ${ratioGoal}`,
          value: ratio.toFixed(2),
          met: ratio >= ratioGoal,
        },
        {
          what: "acknowledgement p99 at half load",
          goal: `<= ${ackMsGoal} ms`,
          value: `${ackMs.toFixed(1)} ms`,
          met: ackMs <= ackMsGoal,
        },
      ],
    };
  } finally {
    await rig.stop();
  }
}

interface EngineCost {
  rowsPerSecond: number;
  cpuMicrosecondsPerRow: number;
}

async function measureEngine(): Promise<EngineCost> {
  const random = seededRandom(7);
  const newestMs = Date.now();
  const rowsPerInsert = 50_000;
  const inserts = 8;
  const rows = Array.from({ length: rowsPerInsert }, (_, i) =>
    engineJson(
      sampleRow(random, numberedId(i), newestMs - Math.floor(random() * 600_000)),
      "bench",
    ),
  );
  const body = Buffer.from(rows.join("\n"));
  const digits = findIdDigits(body);
  function* bodies() {
    for (let i = 0; i < inserts; i++) {
      renumber(body, digits, i * rowsPerInsert);
      yield body;
    }
  }
  const rowCount = rowsPerInsert * inserts;
  const { seconds, cpuSeconds } = await measureRawInsert({ ddl: referenceDdl, bodies: bodies() });
  return {
    rowsPerSecond: rowCount / seconds,
    cpuMicrosecondsPerRow: (1e6 * cpuSeconds) / rowCount,
  };
}

function meanOf(a: EngineCost, b: EngineCost): EngineCost {
  return {
    rowsPerSecond: (a.rowsPerSecond + b.rowsPerSecond) / 2,
    cpuMicrosecondsPerRow: (a.cpuMicrosecondsPerRow + b.cpuMicrosecondsPerRow) / 2,
  };
}

function rowOf(load: string, measured: Measured, reference: EngineCost) {
  const { latenciesMs, cpuSeconds: loadCpu, statuses, rows } = measured.load;
  const { ingest, engine } = measured.cpu;
  return {
    load,
    "rows/s": Math.round(measured.rowsPerSecond),
    "of the engine's": (measured.rowsPerSecond / reference.rowsPerSecond).toFixed(2),
    "ack p50 ms": quantile(latenciesMs, 0.5).toFixed(1),
    "ack p99 ms": quantile(latenciesMs, 0.99).toFixed(1),
    "CPU us/row, ingest": ((1e6 * ingest) / rows).toFixed(1),
    "CPU us/row, engine": ((1e6 * engine) / rows).toFixed(1),
    "CPU us/row, all": ((1e6 * (ingest + engine + loadCpu)) / rows).toFixed(1),
    "CPU share of the load": (loadCpu / (ingest + engine + loadCpu)).toFixed(2),
    statuses: JSON.stringify(statuses),
  };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
