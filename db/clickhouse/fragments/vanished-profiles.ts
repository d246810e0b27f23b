import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { bucketsBetween } from "./profile-period.ts";

/** What a run replaces: all profiles of a stretch, of which those that it did not write again have no raw rows any more. */
export const clearedParams = z.object({
  modelId: z.uuid(),
  grain: grainSchema,
  fromTime: z.date(),
  untilTime: z.date(),
  revision: z.int(),
  /** Labels are profiled apart from the rows that they came for. */
  of: z.enum(["rows", "labels"]).default("rows"),
});

export const replacedConditions = (of: z.output<typeof clearedParams>["of"]) =>
  `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${bucketsBetween()}
    AND subject ${of === "labels" ? "=" : "!="} 'label'`;
