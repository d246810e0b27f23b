import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { allEdges } from "../fragments/all-edges.ts";
import { profileWindowConditions, profileWindowParams } from "../fragments/profile-window.ts";
import { edgeOf, keyOf, maskOf } from "../statements/float-bits.ts";

/** The least value whose bin may hold the bound: what lies below it lies below the bound. */
const flooredBound = (bound: string) =>
  edgeOf(`bitAnd(${keyOf(`reinterpretAsUInt64(${bound} + 0)`)}, ${maskOf("resolution")})`);

/** How many values of each feature lie outside the bounds given for it, or have a name that is not among those given, bucket
 *  by bucket; one row per bucket and feature with values. The lists of features and their bounds stand side by side. */
export const outsideShares = defineQuery({
  name: "outsideShares",
  params: profileWindowParams.extend({
    features: z.array(z.string()).min(1),
    minima: z.array(z.number()).min(1),
    maxima: z.array(z.number()).min(1),
    names: z.array(z.array(z.string())).min(1),
  }),
  row: z.object({
    bucketSeconds: z.int(),
    feature: z.string(),
    outsideCount: z.int(),
    valueCount: z.int(),
  }),
  rowsMax: 500_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT toUnixTimestamp(bucket) AS bucketSeconds, feature,
      toUInt64(arraySum(arrayMap((e, c) -> if(e < low OR e > high, c, 0), bins, counts))
        + if(empty(known), 0, arraySum(arrayMap((v, c) -> if(has(known, v), 0, c), value_names, value_counts)))) AS outsideCount,
      numeric_count + string_count AS valueCount
    FROM (
      SELECT bucket, feature, ${allEdges} AS bins, counts, value_names, value_counts, numeric_count, string_count, resolution,
        indexOf({features: Array(String)}, toString(feature)) AS place,
        arrayElement({minima: Array(Float64)}, place) AS minimum_seen, arrayElement({maxima: Array(Float64)}, place) AS high,
        ${flooredBound("minimum_seen")} AS low, arrayElement({names: Array(Array(String))}, place) AS known
      FROM bucket_profiles FINAL
      WHERE ${profileWindowConditions} AND subject = 'feature' AND feature IN {features: Array(String)} AND row_count > 0)
    WHERE valueCount > 0
    ORDER BY bucketSeconds, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
