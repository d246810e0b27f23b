import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { bucketStartMs } from "#lib/domain/grain.ts";
import type { SkewValue } from "#lib/stats/skew/compare-values.ts";
import { comparePair } from "#lib/stats/skew/compare-values.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import { addOutcome, noPairs } from "#lib/stats/skew/skew-counts.ts";
import type { CrashOffline, CrashPrediction } from "./crash-rows.ts";
import type { Stored } from "./stored-rows.ts";
import { selectRows } from "./test-ingest.ts";

interface SkewRow extends SkewCounts {
  model_id: string;
  version: string;
  bucketMs: number;
  feature: string;
}

/** Holds the stored skew of a grain to a join of the rows that count; answers what differs, in words, and how many agree. */
export async function compareSkew(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  models: ReadonlyMap<string, string>,
  grain: "1h" | "1d",
  sides: {
    predictions: readonly Stored<CrashPrediction>[];
    offline: readonly Stored<CrashOffline>[];
  },
): Promise<{ differences: string[]; agreeing: number }> {
  const rows = await selectRows<SkewRow>(
    clickhouse,
    `SELECT model_id, version, toInt64(toUnixTimestamp(bucket)) * 1000 AS bucketMs, feature, match_count AS match,
       mismatch_count AS mismatch, type_mismatch_count AS typeMismatch, offline_only_count AS offlineOnly,
       served_only_count AS servedOnly
     FROM skew_profiles FINAL
     WHERE workspace_id = '${workspaceId}' AND grain = '${grain}' AND feature != ''
       AND match_count + mismatch_count + type_mismatch_count + offline_only_count + served_only_count > 0`,
  );
  const expected = countPairs(sides, grain);
  const found = new Map(
    rows.map(({ model_id, version, bucketMs, feature, ...counts }) => [
      keyOf(models.get(model_id) ?? model_id, version, bucketMs, feature),
      counts,
    ]),
  );
  const keys = [...new Set([...expected.keys(), ...found.keys()])];
  const differences = keys.flatMap((key) => {
    const [due, is] = [spell(expected.get(key)), spell(found.get(key))];
    return due === is ? [] : [`${grain} ${key}: ${is}, not ${due}`];
  });
  return { differences, agreeing: keys.length - differences.length };
}

const keyOf = (...parts: readonly (string | number)[]) => parts.join(" | ");

function spell(counts: SkewCounts | undefined): string {
  if (counts === undefined) return "missing";
  const { match, mismatch, typeMismatch, offlineOnly, servedOnly } = counts;
  return [match, mismatch, typeMismatch, offlineOnly, servedOnly].join();
}

function countPairs(
  sides: Parameters<typeof compareSkew>[4],
  grain: "1h" | "1d",
): Map<string, SkewCounts> {
  const held = new Map(
    sides.offline.map(({ row }) => [keyOf(row.model, row.prediction_id), row.features]),
  );
  const counted = new Map<string, SkewCounts>();
  for (const { row } of sides.predictions) {
    const offline: Record<string, SkewValue> | undefined = held.get(
      keyOf(row.model, row.prediction_id),
    );
    if (offline === undefined) continue;
    const served: Record<string, SkewValue> = row.features;
    for (const feature of new Set([...Object.keys(served), ...Object.keys(offline)])) {
      const outcome = comparePair(offline[feature], served[feature]);
      if (outcome === "no_value") continue;
      const key = keyOf(row.model, row.version, bucketStartMs(row.timestamp, grain), feature);
      counted.set(key, addOutcome(counted.get(key) ?? noPairs, outcome));
    }
  }
  return counted;
}
