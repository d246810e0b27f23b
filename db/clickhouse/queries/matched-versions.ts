import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** Versions that one id is looked at in: a champion has a handful of shadows, not hundreds. */
const versionsPerIdMax = 20;

/** Which versions of a model answered the same requests in a window: one row per pair of versions that share ids, most ids first.
 *  A share of 1 / `sampleOf` of all ids is looked at, each with all of its rows. */
export const matchedVersions = defineQuery({
  name: "matchedVersions",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    sampleOf: z.int().min(1),
  }),
  row: z.object({ first: z.string(), second: z.string(), idCount: z.int() }),
  rowsMax: 1_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT tupleElement(pair, 1) AS first, tupleElement(pair, 2) AS second, count() AS idCount
    FROM (
      SELECT arraySlice(arraySort(groupUniqArray(toString(version))), 1, ${versionsPerIdMax}) AS seen,
        arrayFlatten(arrayMap(i -> arrayMap(j -> (seen[i], seen[j]), range(i + 1, length(seen) + 1)), range(1, length(seen) + 1))) AS pairs
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
        AND toStartOfFiveMinutes(timestamp) >= toStartOfFiveMinutes({fromTime: DateTime64(3)})
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
        AND sipHash64(prediction_id) % {sampleOf: UInt32} = 0
      GROUP BY prediction_id
      HAVING length(seen) > 1)
    ARRAY JOIN pairs AS pair
    GROUP BY first, second
    ORDER BY idCount DESC, first, second
    LIMIT {rowsMax: UInt32} + 1`,
});
