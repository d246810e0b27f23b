import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { mergedSkew } from "../fragments/merged-skew.ts";
import { anyCount } from "../fragments/skew-columns.ts";
import { skewWindowConditions, skewWindowParams } from "../fragments/skew-window.ts";

/** Pairs of values that one answer lists. */
const pairsMax = 50;

/** What the skew of one version's features adds up to over a window; one row per feature, that of '' counts the predictions.
 *  Pairs of values and differences only of features that are named. */
export const windowSkew = defineQuery({
  name: "windowSkew",
  params: skewWindowParams.extend({
    /** Null: every feature, and no more than its counts. */
    features: z.array(z.string()).nullable().default(null),
  }),
  row: z.object({
    feature: z.string(),
    predictionCount: z.int(),
    pairCount: z.int(),
    match: z.int(),
    mismatch: z.int(),
    typeMismatch: z.int(),
    offlineOnly: z.int(),
    servedOnly: z.int(),
    firstDifferingMs: z.int(),
    lastDifferingMs: z.int(),
    confusionOffline: z.array(z.string()),
    confusionServed: z.array(z.string()),
    confusionCounts: z.array(z.int()),
    confusionOther: z.int(),
    differenceResolution: z.int(),
    differenceBins: z.array(z.number()),
    differenceCounts: z.array(z.int()),
  }),
  rowsMax: 5_001,
  timeoutMs: 15_000,
  sql: ({ features }) => {
    const parts = `skew_profiles FINAL
      WHERE ${skewWindowConditions} ${features === null ? "" : "AND has({features: Array(String)}, feature)"} AND ${anyCount}`;
    const merged = features === null ? countsOf(parts) : mergedSkew("feature", parts, pairsMax);
    return `
    SELECT feature, prediction_count AS predictionCount, pair_count AS pairCount, match_count AS match, mismatch_count AS mismatch,
      type_mismatch_count AS typeMismatch, offline_only_count AS offlineOnly, served_only_count AS servedOnly,
      toUnixTimestamp64Milli(first_differing_at) AS firstDifferingMs, toUnixTimestamp64Milli(last_differing_at) AS lastDifferingMs,
      confusion_offline AS confusionOffline, confusion_served AS confusionServed, confusion_counts AS confusionCounts,
      confusion_other AS confusionOther, difference_resolution AS differenceResolution, difference_bins AS differenceBins,
      difference_counts AS differenceCounts
    FROM (${merged})
    ORDER BY feature
    LIMIT {rowsMax: UInt32} + 1`;
  },
});

const isDiffering =
  "p.mismatch_count + p.type_mismatch_count + p.offline_only_count + p.served_only_count > 0";

const countsOf = (parts: string) => `
  SELECT feature, sum(p.prediction_count) AS prediction_count, sum(p.pair_count) AS pair_count, sum(p.match_count) AS match_count,
    sum(p.mismatch_count) AS mismatch_count, sum(p.type_mismatch_count) AS type_mismatch_count,
    sum(p.offline_only_count) AS offline_only_count, sum(p.served_only_count) AS served_only_count,
    minIf(p.first_differing_at, ${isDiffering}) AS first_differing_at, maxIf(p.last_differing_at, ${isDiffering}) AS last_differing_at,
    []::Array(String) AS confusion_offline, []::Array(String) AS confusion_served, []::Array(UInt64) AS confusion_counts,
    0 AS confusion_other, 0 AS difference_resolution, []::Array(Float64) AS difference_bins, []::Array(UInt64) AS difference_counts
  FROM (SELECT * FROM ${parts}) AS p
  GROUP BY feature`;
