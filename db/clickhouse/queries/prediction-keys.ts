import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { predictionScope, scopeConditions } from "../fragments/prediction-scope.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";

/** Which predictions answer to an id or an entity, or fell in a window; newest first, one row per prediction. Sent twice, the last
 *  received is the one that counts, also where the second came with another timestamp and no merge will ever join them. */
export const predictionKeys = defineQuery({
  name: "predictionKeys",
  params: predictionScope.extend({
    ...rawSegmentParams,
    predictionId: z.string().nullable(),
    entityId: z.string().nullable(),
    fromTime: z.date().nullable(),
    untilTime: z.date().nullable(),
    limit: z.int().min(1).max(201),
  }),
  row: z.object({
    predictionId: z.string(),
    environment: z.string(),
    version: z.string(),
    timestampMs: z.int(),
  }),
  rowsMax: 201,
  timeoutMs: 10_000,
  sql: (params) => `
    SELECT predictionId, environmentName AS environment, versionName AS version, timestampMs
    FROM (
      SELECT prediction_id AS predictionId, environment AS environmentName, version AS versionName,
        argMax(toUnixTimestamp64Milli(timestamp), sequence) AS timestampMs
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        ${scopeConditions(params)} ${rawSegmentCondition(params)}
        ${params.predictionId === null ? "" : "AND prediction_id = {predictionId: String}"}
        ${params.entityId === null ? "" : "AND entity_id = {entityId: String}"}
        ${params.fromTime === null ? "" : "AND timestamp >= {fromTime: DateTime64(3)}"}
        ${params.untilTime === null ? "" : "AND timestamp < {untilTime: DateTime64(3)}"}
      GROUP BY prediction_id, environment, version
      ORDER BY timestampMs DESC, predictionId, environmentName, versionName
      LIMIT {limit: UInt32}
    )
    ORDER BY timestampMs DESC, predictionId, environment, version
    LIMIT {rowsMax: UInt32} + 1`,
});
