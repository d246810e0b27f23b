import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";

/** Which keys of one revision have profiles that are coarser than single values, and the finest of those; one row per environment,
 *  version and key. */
export const coarseProfiles = defineQuery({
  name: "coarseProfiles",
  params: z.object({
    modelId: z.uuid(),
    grain: grainSchema,
    segmentKey: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    revision: z.int(),
  }),
  row: z.object({
    environment: z.string(),
    version: z.string(),
    subject: z.string(),
    feature: z.string(),
    resolutionMax: z.int(),
  }),
  rowsMax: 100_000,
  timeoutMs: 300_000,
  sql: () => `
    SELECT environment, version, subject, feature, max(resolution) AS resolutionMax
    FROM profiles
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = {grain: String} AND segment_key = {segmentKey: String}
      AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)} AND revision = {revision: UInt64} AND resolution < 52
    GROUP BY environment, version, subject, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
