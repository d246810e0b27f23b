import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import { performanceArrays, performanceKey } from "./performance-columns.ts";

/** Writes zero rows over the performance of [fromTime, untilTime) that the run of this revision did not write again: its
 *  keys have no raw rows any more. A row of a later revision is left alone. */
export const clearVanishedPerformance = defineStatement({
  name: "clearVanishedPerformance",
  params: z.object({
    modelId: z.uuid(),
    grain: z.enum(["1h", "1d"]),
    fromTime: z.date(),
    untilTime: z.date(),
    revision: z.int(),
  }),
  timeoutMs: 60_000,
  sql: () => `
INSERT INTO performance_profiles (${performanceKey.join(", ")}, task, row_count, labelled_count, ${performanceArrays.join(", ")},
  pair_other_count, resolution, newest_prediction_at, newest_label_at, revision)
SELECT ${performanceKey.join(", ")}, '' AS task, 0 AS row_count, 0 AS labelled_count,
  ${performanceArrays.map((name) => `[] AS ${name}`).join(", ")}, 0 AS pair_other_count, 52 AS resolution,
  0 AS newest_prediction_at, 0 AS newest_label_at, {revision: UInt64} AS revision
FROM (SELECT * FROM performance_profiles FINAL
  WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = {grain: String}
    AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)}) AS held
WHERE held.revision < {revision: UInt64} AND held.row_count > 0`,
});
