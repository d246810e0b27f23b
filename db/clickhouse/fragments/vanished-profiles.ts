import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { bucketsBetween } from "./profile-period.ts";
import { rowsOrLabels, subjectsOf } from "./rows-or-labels.ts";

/** What a run replaces: all profiles of a stretch, of which those that it did not write again have no raw rows any more. */
export const clearedParams = z.object({
  modelId: z.uuid(),
  grain: grainSchema,
  fromTime: z.date(),
  untilTime: z.date(),
  revision: z.int(),
  of: rowsOrLabels,
});

export const replacedConditions = (of: z.output<typeof clearedParams>["of"]) =>
  `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${bucketsBetween()}
    AND ${subjectsOf(of)}`;
