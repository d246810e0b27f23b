import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CauseKind } from "#lib/stats/causes/cause.ts";
import { explainMove } from "#lib/stats/causes/explain-move.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { bikesFrom, flightColumns } from "#lib/stats/testing/fault-data.ts";
import type { DataSet, Window } from "#lib/stats/testing/planted-faults.ts";
import {
  explainWindow,
  faultKinds,
  plantFault,
  windowsOf,
} from "#lib/stats/testing/planted-faults.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import { startProfileRig } from "./profile-rig.ts";

const rightGoal = 0.9;
const falseGoal = 0.05;
const plantedShare = 0.15;

export const bench: Bench = {
  name: "causes",
  description:
    "Faults planted in real columns, and months left as they were: which causes are named",
  run,
};

async function run(): Promise<BenchResult> {
  const flights = await readFlights();
  const bikes = readBikes();
  const windows = [
    ...windowsOf(flights, [28, 56, 84], [0, 7, 14, 28, 56]),
    ...(bikes === null
      ? []
      : windowsOf(bikes, [30, 120, 210, 300, 390], [0, 28, 56, 120, 180, 240])),
  ];
  const random = seededRandom(2001);
  const planted = faultKinds.map((kind) => ({ kind, ...measurePlanted(kind, windows, random) }));
  const plantedCount = planted.reduce((sum, one) => sum + one.count, 0);
  const rightCount = planted.reduce((sum, one) => sum + one.right, 0);
  const left = [true, false].map((withHistory) => measureLeft(windows, withHistory));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return {
    name: "causes",
    rows: [
      ...planted.map(({ kind, count, right, unmoved, misses }) => ({
        what: kind,
        windows: count,
        right: percent(right / count),
        "moved too little": unmoved,
        missed: misses.slice(0, 3).join("; "),
      })),
      ...left.map((one) => ({
        what: `unplanted, ${one.withHistory ? "with" : "without"} the time before`,
        windows: one.count,
        right: percent(1 - one.caused / one.count),
        "moved too little": one.count - one.moved,
        missed: `${one.caused} of ${one.moved} that moved got a cause`,
      })),
      ...(bikes === null
        ? [{ what: "skipped: bike-sharing", windows: 0, right: "PLUMBLINE_DATA_DIR is not set" }]
        : []),
    ],
    budgets: [
      {
        what: `the right cause first, of ${plantedCount} planted faults`,
        goal: `>= ${percent(rightGoal)}`,
        value: percent(rightCount / plantedCount),
        met: plantedCount >= 200 && rightCount >= rightGoal * plantedCount,
      },
      ...left.map((one) => ({
        what: `unplanted windows with a cause, ${one.withHistory ? "with" : "without"} the time before`,
        goal: `< ${percent(falseGoal)}`,
        value: percent(one.caused / one.count),
        met: one.caused < falseGoal * one.count,
      })),
    ],
  };
}

function measurePlanted(kind: CauseKind, windows: readonly Window[], random: () => number) {
  const result = { count: 0, right: 0, unmoved: 0, misses: [] as string[] };
  for (const window of windows) {
    if (random() > plantedShare * (kind === "time_zone_shift" || kind === "relabelled" ? 3 : 1))
      continue;
    const planted = plantFault(kind, window, random);
    if (planted === null) continue;
    if (!hasMoved(window, planted.values)) {
      result.unmoved += 1;
      continue;
    }
    const explained = explainWindow(window, planted, { withHistory: true });
    const first = explained.kind === "causes" ? explained.causes[0] : undefined;
    const isRight = first !== undefined && planted.isFound(first.fault);
    result.count += 1;
    result.right += isRight ? 1 : 0;
    if (!isRight)
      result.misses.push(`${window.dataSet.name}.${window.column.name} ${planted.note}`);
  }
  return result;
}

/** Beyond noise and what is negligible, set against the window as it was. */
function hasMoved(window: Window, values: Window["values"]): boolean {
  const moved = explainMove({
    kind: window.column.kind,
    baseline: featureProfileOf(window.values),
    window: featureProfileOf(values),
  });
  return moved.kind !== "no_move" && moved.kind !== "cannot_say";
}

function measureLeft(windows: readonly Window[], withHistory: boolean) {
  const kinds = windows.map((window) => explainWindow(window, null, { withHistory }).kind);
  const caused = kinds.filter((kind) => kind === "causes").length;
  const moved = caused + kinds.filter((kind) => kind === "no_simple_cause").length;
  return { withHistory, count: windows.length, moved, caused };
}

async function readFlights(): Promise<DataSet> {
  const file = fileURLToPath(
    new URL("../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url),
  );
  const rig = await startProfileRig();
  try {
    const { clickhouse } = rig.stores;
    await clickhouse.command({
      query: `CREATE TABLE flights (date DateTime64(3, 'UTC'), delay Int32, distance Int32, origin String, destination String)
              ENGINE = MergeTree ORDER BY date`,
    });
    await clickhouse.insert({
      table: "flights",
      values: createReadStream(file),
      format: "Parquet",
    });
    const result = await clickhouse.query({
      query: `SELECT toUnixTimestamp64Milli(date), delay, distance, origin, destination FROM flights
              WHERE cityHash64(date, delay, distance, origin, destination) % 20 = 0 ORDER BY date, origin, destination, distance, delay`,
      format: "JSONCompactEachRow",
    });
    const rows = await result.json<[number, number, number, string, string]>();
    return {
      name: "flights",
      times: rows.map(([ms]) => Number(ms)),
      columns: flightColumns(rows),
      baselineDays: 28,
      windowDays: 7,
    };
  } finally {
    await rig.stop();
  }
}

function readBikes(): DataSet | null {
  const folder = process.env.PLUMBLINE_DATA_DIR;
  if (folder === undefined || folder === "") return null;
  const file = join(folder, "bike-sharing/hour.csv");
  if (!existsSync(file)) throw new Error(`PLUMBLINE_DATA_DIR has no ${file}`);
  return bikesFrom(readFileSync(file, "utf8"));
}
