import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { predictionScope, scopeConditions } from "../fragments/prediction-scope.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";

/** In which buckets the newest rows of a window lie, newest first; one row per raw row, up to the sample. The order is that
 *  of the sort key read backwards, so the engine stops after a few granules however much is stored. */
export const newestPredictionBucket = defineQuery({
  name: "newestPredictionBucket",
  params: predictionScope.extend({
    ...rawSegmentParams,
    fromTime: z.date(),
    untilTime: z.date(),
    sampleCount: z.int().min(1).max(20_000),
  }),
  row: z.object({ bucketMs: z.int() }),
  rowsMax: 1,
  timeoutMs: 5_000,
  sql: (params) => `
    SELECT toInt64(toUnixTimestamp(min(bucket))) * 1000 AS bucketMs
    FROM (
      SELECT toStartOfFiveMinutes(timestamp) AS bucket
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
        ${scopeConditions(params)} ${rawSegmentCondition(params)}
      ORDER BY workspace_id DESC, model_id DESC, toStartOfFiveMinutes(timestamp) DESC
      LIMIT {sampleCount: UInt32}
    )
    HAVING count() > 0
    LIMIT {rowsMax: UInt32} + 1`,
});
