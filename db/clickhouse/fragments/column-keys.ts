import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { bucketsBetween } from "./profile-period.ts";
import { segmentConditions, segmentParams } from "./segment-scope.ts";

/** Named keys of one version and segment, column by column of a chart, from buckets of one grain. */
export const columnParams = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  ...segmentParams,
  grain: grainSchema,
  fromTime: z.date(),
  untilTime: z.date(),
  columnSeconds: z.int().min(1),
  /** Subject and feature side by side; a row of the answer names its position, from 1. */
  subjects: z.array(z.string()).min(1),
  features: z.array(z.string()).min(1),
});

export const columnConditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND ${segmentConditions}
        AND environment = {environment: String} AND version = {version: String}
        AND subject IN {subjects: Array(String)} AND feature IN {features: Array(String)}
        AND ${bucketsBetween()}`;

/** Looked up at once: to compare every row with every key takes their square, and as many copies of the keys as a block has rows. */
export const columnPlace = `transform(concat(toString(subject), ':', toString(feature)),
            arrayMap((s, f) -> concat(s, ':', f), {subjects: Array(String)}, {features: Array(String)}),
            arrayEnumerate({features: Array(String)}), 0) AS position,
          intDiv(toUInt32(bucket) - toUInt32(toUnixTimestamp({fromTime: DateTime64(3)})), {columnSeconds: UInt32}) AS columnIndex`;
