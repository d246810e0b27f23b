import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import type { StoredProfile } from "#db/clickhouse/queries/stored-profile.ts";
import { profileFields } from "#db/clickhouse/queries/stored-profile.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { bucketStartMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { CrashLabel, CrashPrediction } from "./crash-rows.ts";
import type { Stored } from "./stored-rows.ts";
import { selectRows } from "./test-ingest.ts";

interface ProfileRow extends StoredProfile {
  model_id: string;
  version: string;
  bucketMs: number;
  newestEventMs: number;
  newestReceivedMs: number;
}

/** One profile, counted anew from the rows. */
interface Counted {
  rowCount: number;
  numbers: number[];
  names: Map<string, number>;
  stringCount: number;
  booleanCount: number;
  nullCount: number;
  newestEventMs: number;
  newestReceivedMs: number;
}

const toleranceOfSum = 1e-9;
const dayMs = 86_400_000;

/** Holds every stored profile of a grain to the rows that count; answers what differs, in words, and how many agree. */
export async function compareProfiles(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  models: ReadonlyMap<string, string>,
  grain: Grain,
  stored: {
    predictions: readonly Stored<CrashPrediction>[];
    labels: readonly Stored<CrashLabel>[];
  },
): Promise<{ differences: string[]; agreeing: number }> {
  const profiles = await selectRows<ProfileRow>(
    clickhouse,
    `SELECT model_id, version, toInt64(toUnixTimestamp(bucket)) * 1000 AS bucketMs, ${profileFields},
       toUnixTimestamp64Milli(newest_event_at) AS newestEventMs, toUnixTimestamp64Milli(newest_received_at) AS newestReceivedMs
     FROM bucket_profiles FINAL
     WHERE workspace_id = '${workspaceId}' AND grain = '${grain}' AND environment = 'production' AND row_count > 0`,
  );
  const newestMs = stored.predictions.reduce(
    (newest, { row }) => Math.max(newest, row.timestamp),
    0,
  );
  const keptFromMs = grain === "5m" ? newestMs - retentionDefaults.profile5mDays * dayMs : 0;
  const counted = countRows(
    stored.predictions.filter(({ row }) => row.timestamp >= keptFromMs),
    grain,
  );
  if (grain !== "5m")
    for (const [key, labels] of countLabels(stored, grain)) counted.set(key, labels);
  const differences: string[] = [];
  let agreeing = 0;
  for (const profile of profiles) {
    const model = models.get(profile.model_id) ?? profile.model_id;
    const key = keyOf(model, profile.version, profile.bucketMs, profile.subject, profile.feature);
    const expected = counted.get(key);
    counted.delete(key);
    const found = expected === undefined ? ["has no rows"] : differencesOf(profile, expected);
    if (found.length === 0) agreeing++;
    differences.push(...found.map((difference) => `${grain} ${key}: ${difference}`));
  }
  differences.push(...[...counted.keys()].map((key) => `${grain} ${key}: is missing`));
  return { differences, agreeing };
}

const keyOf = (...parts: readonly (string | number)[]) => parts.join(" | ");

function countRows(stored: readonly Stored<CrashPrediction>[], grain: Grain): Map<string, Counted> {
  const counted = new Map<string, Counted>();
  const rowCounts = new Map<string, number>();
  for (const { row, receivedMs } of stored) {
    const group = keyOf(row.model, row.version, bucketStartMs(row.timestamp, grain));
    rowCounts.set(group, (rowCounts.get(group) ?? 0) + 1);
    for (const [subject, feature, value] of observationsOf(row, receivedMs)) {
      const key = keyOf(group, subject, feature);
      const profile = counted.get(key) ?? newCounted();
      counted.set(key, profile);
      observe(profile, value);
      profile.newestReceivedMs = Math.max(profile.newestReceivedMs, receivedMs);
      profile.newestEventMs = Math.max(profile.newestEventMs, row.timestamp);
    }
  }
  for (const [key, profile] of counted)
    profile.rowCount = rowCounts.get(key.split(" | ").slice(0, 3).join(" | ")) ?? 0;
  return counted;
}

/** The label that holds for each prediction, by the prediction's time; only rows that have one count. */
function countLabels(
  stored: {
    predictions: readonly Stored<CrashPrediction>[];
    labels: readonly Stored<CrashLabel>[];
  },
  grain: Grain,
): Map<string, Counted> {
  const held = new Map<string, Stored<CrashLabel>>();
  for (const one of stored.labels) {
    const id = keyOf(one.row.model, one.row.prediction_id);
    const known = held.get(id);
    const isLater =
      known === undefined ||
      one.row.label_timestamp > known.row.label_timestamp ||
      (one.row.label_timestamp === known.row.label_timestamp && one.receivedMs > known.receivedMs);
    if (isLater) held.set(id, one);
  }
  const counted = new Map<string, Counted>();
  for (const { row } of stored.predictions) {
    const label = held.get(keyOf(row.model, row.prediction_id));
    if (label === undefined) continue;
    const bucketMs = bucketStartMs(row.timestamp, grain);
    const key = keyOf(row.model, row.version, bucketMs, "label", "label");
    const profile = counted.get(key) ?? newCounted();
    counted.set(key, profile);
    observe(profile, label.row.label);
    profile.rowCount++;
  }
  return counted;
}

type Value = number | string | boolean | null | undefined;

function observationsOf(row: CrashPrediction, receivedMs: number): [string, string, Value][] {
  const { prediction } = row;
  return [
    ["row", "", undefined],
    ...Object.entries(row.features).map(([name, value]): [string, string, Value] => [
      "feature",
      name,
      value,
    ]),
    ...(typeof prediction === "number"
      ? ([["prediction", "value", prediction]] satisfies [string, string, Value][])
      : ([
          ["prediction", "label", prediction.label],
          ["prediction", "score", prediction.score],
        ] satisfies [string, string, Value][])),
    ["latency", "", row.latency_ms],
    ["event_lag", "", receivedMs - row.timestamp],
  ];
}

function newCounted(): Counted {
  return {
    rowCount: 0,
    numbers: [],
    names: new Map(),
    stringCount: 0,
    booleanCount: 0,
    nullCount: 0,
    newestEventMs: 0,
    newestReceivedMs: 0,
  };
}

function observe(counted: Counted, value: Value): void {
  if (value === undefined) return;
  if (value === null) counted.nullCount++;
  else if (typeof value === "number") counted.numbers.push(value);
  else {
    if (typeof value === "string") counted.stringCount++;
    else counted.booleanCount++;
    counted.names.set(String(value), (counted.names.get(String(value)) ?? 0) + 1);
  }
}

function differencesOf(profile: ProfileRow, expected: Counted): string[] {
  const { numbers, names } = expected;
  const isRow = profile.subject === "row";
  const observed =
    numbers.length + expected.stringCount + expected.booleanCount + expected.nullCount;
  const ranked = [...names].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const exact: Record<string, [found: unknown, wanted: unknown]> = {
    rows: [profile.rowCount, expected.rowCount],
    numbers: [profile.numericCount, numbers.length],
    strings: [profile.stringCount, expected.stringCount],
    booleans: [profile.booleanCount, expected.booleanCount],
    nulls: [profile.nullCount, expected.nullCount],
    absent: [profile.absentCount, isRow ? 0 : expected.rowCount - observed],
    "not a number": [profile.nanCount, 0],
    minimum: [profile.minimum, numbers.length === 0 ? 0 : least(numbers)],
    maximum: [profile.maximum, numbers.length === 0 ? 0 : greatest(numbers)],
    "counts by bin": [profile.counts, countBins(profile.bins, numbers)],
    "values by name": [profile.valueNames, ranked.map(([name]) => name)],
    "counts by name": [profile.valueCounts, ranked.map(([, count]) => count)],
    "rare values": [profile.otherCount, 0],
    ...(isRow
      ? {
          "newest event": [profile.newestEventMs, expected.newestEventMs],
          "newest receipt": [profile.newestReceivedMs, expected.newestReceivedMs],
        }
      : {}),
  };
  const differences = Object.entries(exact)
    .filter(([, [found, wanted]]) => JSON.stringify(found) !== JSON.stringify(wanted))
    .map(([name, [found, wanted]]) => `${name} ${brief(found)}, not ${brief(wanted)}`);
  const sum = numbers.reduce((total, value) => total + value, 0);
  const size = numbers.reduce((total, value) => total + Math.abs(value), 0);
  if (Math.abs(profile.mean * profile.numericCount - sum) > toleranceOfSum * size)
    differences.push(`sum ${profile.mean * profile.numericCount}, not ${sum}`);
  return differences;
}

const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b));
const greatest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b));
const brief = (value: unknown) => JSON.stringify(value).slice(0, 80);

/** How many numbers lie in each bin; a bin begins at its edge and ends where the next one begins. */
function countBins(edges: readonly number[], numbers: readonly number[]): number[] {
  const counts = new Array<number>(edges.length).fill(0);
  for (const value of numbers) {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) counts[low - 1] = (counts[low - 1] ?? 0) + 1;
  }
  return counts;
}
