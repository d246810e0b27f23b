import { z } from "zod";
import { grainMs, grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";
import { hasValue, sparseColumns } from "./counted-rows.ts";

/** Which versions and environments have rows in which buckets, how many, and what some of them have; one row per bucket,
 *  environment and version.
 *  Repeats that are not merged yet are counted: it sizes work, it is no figure. */
export const bucketGroups = defineQuery({
  name: "bucketGroups",
  params: z.object({
    modelId: z.uuid(),
    grain: grainSchema,
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({
    bucketSeconds: z.int(),
    environment: z.string(),
    version: z.string(),
    rowCount: z.int(),
    present: z.array(z.enum(sparseColumns)),
  }),
  rowsMax: 200_000,
  timeoutMs: 300_000,
  sql: ({ grain }) => `
    SELECT toUInt32(intDiv(toUnixTimestamp(timestamp), ${grainMs[grain] / 1000}) * ${grainMs[grain] / 1000}) AS bucketSeconds,
      environment, version, count() AS rowCount,
      arrayFilter(name -> name != '', [${sparseColumns.map((name) => `if(max(${hasValue(name)}), '${name}', '')`).join(", ")}]) AS present
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
    GROUP BY bucketSeconds, environment, version
    ORDER BY bucketSeconds, environment, version
    LIMIT {rowsMax: UInt32} + 1`,
});
