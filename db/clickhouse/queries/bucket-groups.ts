import { z } from "zod";
import { grainMs, grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";
import { hasValue, sparseColumns } from "./counted-rows.ts";

/** Which versions and environments have rows in which buckets, how many, and which of the columns in `looked` some of them
 *  have; one row per bucket, environment and version.
 *  Rows lie by five minutes, environment and version: counted by just these, none of them is searched for.
 *  Repeats that are not merged yet are counted: it sizes work, it is no figure. */
export const bucketGroups = defineQuery({
  name: "bucketGroups",
  params: z.object({
    modelId: z.uuid(),
    grain: grainSchema,
    fromTime: z.date(),
    untilTime: z.date(),
    looked: z.array(z.enum(sparseColumns)),
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
  sql: ({ grain, looked }) => `
    SELECT toUInt32(intDiv(toUnixTimestamp(fine), ${grainMs[grain] / 1000}) * ${grainMs[grain] / 1000}) AS bucketSeconds,
      environment, version, sum(fineCount) AS rowCount,
      arrayFilter(name -> name != '', CAST([${looked.map((name, i) => `if(max(has${i}), '${name}', '')`).join(", ")}], 'Array(String)')) AS present
    FROM (
      SELECT toStartOfFiveMinutes(timestamp) AS fine, environment, version,
        count() AS fineCount${looked.map((name, i) => `, max(${hasValue(name)}) AS has${i}`).join("")}
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
      GROUP BY fine, environment, version)
    GROUP BY bucketSeconds, environment, version
    ORDER BY bucketSeconds, environment, version
    LIMIT {rowsMax: UInt32} + 1
    SETTINGS optimize_aggregation_in_order = 1`,
});
